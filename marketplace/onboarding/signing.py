"""How a browser reads the platform agreement and signs it."""

from fastapi import APIRouter, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm
from marketplace.core.pages import go, page
from marketplace.onboarding import actions, agreement, queries
from marketplace.onboarding.forms import Signed, Signing, labels
from marketplace.people.own import elsewhere
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
# Asked of whoever has the authority, so not optional as their types have it.
LABELS = {name: about.title or name for name, about in Signing.model_fields.items()} | labels(
    Signing
)


@router.get("/agreement/{version}", name="agreement.text")
def text(request: Request, ctx: Context, version: str) -> Response:
    """A version of the agreement, for everybody: before one registers, and after it is replaced."""
    if version not in agreement.VERSIONS:
        raise NotFound("There is no such version of the agreement.")
    return page(
        request,
        "onboarding/agreement.html",
        version=version,
        text=agreement.text(version),
        in_force=version == agreement.IN_FORCE,
    )


@router.get("/organisation/agreement", name=Verb.AGREEMENT_SIGN)
def agree(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    return _asked(request, ctx, BoundForm(Signing))


@router.post("/organisation/agreement", name=Verb.AGREEMENT_SIGN)
def sign(request: Request, ctx: Context, form: Signed) -> Response:
    organisation = queries.own_organisation(ctx)
    if form.value is None:
        return _asked(request, ctx, form)
    if not form.value.has_authority.holds:
        return go(request, "agreement.colleague")
    actions.sign(ctx, organisation, form.value.name, form.value.position)
    return go(request, "agreement.signed")


@router.get("/organisation/agreement/signed", name="agreement.signed")
def signed(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    organisation = queries.own_organisation(ctx)
    signatures = queries.signatures(ctx, organisation)
    if not signatures:
        raise NotFound("Nobody has signed the agreement yet.")
    return page(
        request,
        "onboarding/signed.html",
        organisation=organisation,
        signature=signatures[0],
    )


@router.get("/organisation/agreement/colleague", name="agreement.colleague")
def colleague(request: Request, ctx: Context) -> Response:
    """For somebody who may not sign: how somebody who may gets here."""
    if away := elsewhere(request, ctx):
        return away
    organisation = queries.own_organisation(ctx)
    return page(
        request,
        "onboarding/colleague.html",
        organisation=organisation,
        colleagues=queries.who_may_sign(ctx, organisation),
    )


def _asked(request: Request, ctx: Context, form: BoundForm[Signing]) -> Response:
    organisation = queries.own_organisation(ctx)
    unsigned = queries.unsigned(ctx)
    return page(
        request,
        "onboarding/sign.html",
        organisation=organisation,
        form=form,
        labels=LABELS,
        version=agreement.IN_FORCE,
        text=agreement.text(agreement.IN_FORCE),
        unsigned=unsigned,
        signatures=queries.signatures(ctx, organisation),
        colleagues=queries.who_may_sign(ctx, organisation)
        if unsigned and not unsigned.may_sign
        else (),
    )
