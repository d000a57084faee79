"""How LOTI keeps the list of the domains that authorities have their mail at."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from auth.actor import NOBODY
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, clean, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.people import domain_actions as actions
from marketplace.people import domain_queries as queries
from marketplace.people.domain_names import SHARED
from marketplace.people.models import MailDomain
from marketplace.people.overseeing_forms import AddingDomain
from marketplace.people.overseeing_queries import for_loti
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/admin/domains", route_class=Opening)

Added = Annotated[BoundForm[AddingDomain], Depends(reads(AddingDomain))]
NEW = MailDomain(domain="", organisation_id=NOBODY)
LONGEST = 200  # characters of what is looked for


@router.get("", name="overseeing.domains")
def listed(request: Request, ctx: Context, q: str = "", after: UUID | None = None) -> Response:
    for_loti(ctx)
    words = "".join(clean(q).split())[:LONGEST].lower()
    found, more = queries.listed(ctx, words, after)
    here = "?" + urlencode({"q": q} if q else {})
    return page(
        request,
        "admin/domains.html",
        domains=found,
        q=q,
        later=f"{here}&after={more}" if more else "",
        first=here if after else "",
    )


@router.get("/add", name=Verb.DOMAIN_ADD)
def new(request: Request, ctx: Context, authority: str = "") -> Response:
    """`authority` is the id of the one whose page led here."""
    return _adding(request, ctx, show(AddingDomain, {"authority": authority}))


@router.post("/add", name=Verb.DOMAIN_ADD)
def add(request: Request, ctx: Context, form: Added) -> Response:
    for_loti(ctx)
    known = {str(one.id): one for one in organisations.authorities(ctx)}
    chosen = known.get(str(form.submitted.get("authority", "")))
    if not chosen:
        form = form.refused("authority", "Select the authority")
    elif form.value:
        form = _judged(ctx, form, form.value, chosen.id)
    if form.value is None or chosen is None:
        return _adding(request, ctx, form)
    authority = organisations.one(ctx, chosen.id)
    actions.add(ctx, authority, form.value.domain)
    flash(request, f"Whoever receives mail at {form.value.domain} can ask to join {chosen.called}.")
    return go(request, "organisation.show", id=authority.id)


def _judged(
    ctx: Context, form: BoundForm[AddingDomain], given: AddingDomain, authority: UUID
) -> BoundForm[AddingDomain]:
    """The form with a sentence when the domain is not the authority's alone."""
    whose = [organisation for _, organisation in queries.owners(ctx, [given.domain])]
    for one in whose:
        if one.id == authority:
            return form.refused("domain", f"{given.domain} is on the list of {one.called} already")
    if given.on_purpose:
        return form
    if whose:
        others = " and ".join(one.called for one in whose)
        return form.refused(
            "on_purpose",
            f"{given.domain} is on the list of {others}. Tick this if they share it on purpose",
        )
    if why := SHARED.get(given.domain):
        return form.refused(
            "on_purpose",
            f"An address at {given.domain} does not say for whom somebody works, because {why}. "
            "Tick this if you want it all the same",
        )
    return form


def _adding(request: Request, ctx: Context, form: BoundForm[AddingDomain]) -> Response:
    for_loti(ctx)
    require(ctx, Verb.DOMAIN_ADD, NEW)
    return page(
        request,
        "admin/domain.html",
        form=form,
        authorities=[(one.id, one.called) for one in organisations.authorities(ctx)],
        ask_purpose=bool(form.submitted.get("on_purpose")) or "on_purpose" in form.errors,
    )


@router.get("/{id}/remove", name=Verb.DOMAIN_REMOVE)
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    domain, authority = _one(ctx, id)
    require(ctx, Verb.DOMAIN_REMOVE, domain)
    back = str(request.app.url_path_for("organisation.show", id=authority.id))
    return page(
        request,
        "admin/confirm.html",
        title=f"Remove {domain.domain}",
        trail=[
            ("Organisations", request.app.url_path_for("overseeing.organisations")),
            (authority.called, back),
        ],
        consequences=[
            f"Nobody can ask to join {authority.called} because of an address there any more.",
            "Whoever is a member stays one, and requests that wait go on waiting.",
            "You can add it again.",
        ],
        button=f"Remove {domain.domain}",
        action=request.app.url_path_for(Verb.DOMAIN_REMOVE, id=id),
        back=back,
        warning=True,
    )


@router.post("/{id}/remove", name=Verb.DOMAIN_REMOVE)
def remove(request: Request, ctx: Context, id: UUID) -> Response:
    domain, authority = _one(ctx, id)
    actions.remove(ctx, domain)
    flash(request, f"{domain.domain} is no longer a domain of {authority.called}.")
    return go(request, "organisation.show", id=authority.id)


def _one(ctx: Context, id: UUID) -> tuple[MailDomain, Organisation]:
    for_loti(ctx)
    domain = queries.one(ctx, id)
    return domain, domain.organisation
