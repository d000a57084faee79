"""How a browser decides about a standard: a page of its own for each step says what happens."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.standards import actions, catching, drafting, drafts, queries
from marketplace.standards.forms import Withdrawing, Withdrawn
from marketplace.standards.models import StandardVersion
from marketplace.verbs import Verb

router = APIRouter(prefix="/standards", route_class=Opening)


@router.get("/{id}/publish", name=Verb.STANDARD_PUBLISH)
def ask_to_publish(request: Request, ctx: Context, id: UUID) -> Response:
    version = queries.draft(ctx, id)
    require(ctx, Verb.STANDARD_PUBLISH, version)
    given = drafts.answers(version, [one.name for one in queries.offers(ctx)])
    if drafts.incomplete(version, given):
        return drafting.check(request, ctx, id)  # it says what is missing
    before = queries.published(ctx, id)
    rules = drafts.values(drafts.sections(version)["rules"], given)["rules"]
    return page(
        request,
        "standards/publish.html",
        version=version,
        before=before,
        catch=catching.of(ctx, rules, before.rules if before else None),
    )


@router.post("/{id}/publish", name=Verb.STANDARD_PUBLISH)
def publish(request: Request, ctx: Context, id: UUID) -> Response:
    """A colleague may have published the draft while this page was open."""
    newest = queries.versions(ctx, id)[0]
    actions.publish(ctx, newest)
    flash(request, f"{newest.standard.title} is published. Everybody can see it now.")
    return go(request, "standard.show", id=id)


@router.get("/{id}/withdraw", name=Verb.STANDARD_WITHDRAW)
def ask_to_withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    return _withdrawing(request, ctx, _in_force(ctx, id), BoundForm(Withdrawing))


@router.post("/{id}/withdraw", name=Verb.STANDARD_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID, form: Withdrawn) -> Response:
    version = _in_force(ctx, id)
    if form.value is None:
        return _withdrawing(request, ctx, version, form)
    actions.withdraw(ctx, version, form.value)
    flash(request, f"{version.standard.title} is withdrawn.")
    return go(request, "standard.show", id=id)


def _in_force(ctx: Context, id: UUID) -> StandardVersion:
    queries.one(ctx, id)
    if version := queries.published(ctx, id):
        return version
    raise Conflict("No version of this standard is published, so there is nothing to withdraw.")


def _withdrawing(
    request: Request, ctx: Context, version: StandardVersion, form: BoundForm[Withdrawing]
) -> Response:
    require(ctx, Verb.STANDARD_WITHDRAW, version)
    return page(
        request,
        "standards/withdraw.html",
        version=version,
        form=form,
        catch=catching.of(ctx, version.rules),
    )


@router.get("/{id}/discard", name=Verb.STANDARD_DISCARD)
def ask_to_discard(request: Request, ctx: Context, id: UUID) -> Response:
    version = queries.draft(ctx, id)
    require(ctx, Verb.STANDARD_DISCARD, version)
    return page(request, "standards/discard.html", version=version)


@router.post("/{id}/discard", name=Verb.STANDARD_DISCARD)
def discard(request: Request, ctx: Context, id: UUID) -> Response:
    version = queries.draft(ctx, id)
    first = version.number == 1
    actions.discard(ctx, version)
    flash(request, f"Deleted: the draft of {version.called}")
    return go(request, "standard.list") if first else go(request, "standard.show", id=id)
