"""How a browser reaches an organisation's own pages: its people, history, roles and profile."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, page
from marketplace.organisations.models import Organisation
from marketplace.people import (
    abilities,
    actions,
    domains,
    inviting,
    joining,
    members,
    overseeing,
    queries,
    support,
)
from marketplace.people.forms import Described, Describing
from marketplace.people.models import Invitation
from marketplace.people.own import elsewhere, organisation
from marketplace.people.telling import told
from marketplace.perform import require
from marketplace.reference.regions import Region
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
PUBLIC_PAGE = {Kind.AUTHORITY: "authority.show", Kind.SUPPLIER: "supplier.show"}


@router.get("/organisation", name="organisation.people")
def people(request: Request, ctx: Context, after: UUID | None = None) -> Response:
    if away := elsewhere(request, ctx):
        return away
    ours = organisation(ctx)
    found, more = queries.people(ctx, ours, after)
    return page(
        request,
        "people/organisation.html",
        organisation=ours,
        here="people",
        people=found,
        administrators=queries.how_many_administer(ctx, ours),
        invitations=queries.invitations(ctx, ours),
        asked=queries.asked(ctx, ours),
        prospect=Invitation(
            email="", organisation_id=ours.id, organisation=ours, expires_at=ctx.now
        ),
        profile="facts" if ours.kind is Kind.SUPPLIER else Verb.ORGANISATION_DESCRIBE,
        public_page=PUBLIC_PAGE.get(ours.kind, ""),
        in_words=abilities.in_words,
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
    )


@router.get("/organisation/history", name="organisation.history")
def history(request: Request, ctx: Context, after: UUID | None = None) -> Response:
    if away := elsewhere(request, ctx):
        return away
    ours = organisation(ctx)
    events, more = queries.history(ctx, ours, after)
    whom = queries.whom(ctx, events)
    return page(
        request,
        "people/history.html",
        organisation=ours,
        here="history",
        entries=[told(event, whom, ours.id) for event in events],
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


@router.get("/organisation/roles", name="organisation.roles")
def roles(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    ours = organisation(ctx)
    columns, rows = abilities.table(ours.kind)
    return page(
        request,
        "people/roles.html",
        organisation=ours,
        here="roles",
        columns=columns,
        rows=rows,
        choices=abilities.choices(ours.kind),
    )


# ---- The profile


@router.get("/organisation/profile", name=Verb.ORGANISATION_DESCRIBE)
def profile(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    ours = organisation(ctx)
    if ours.kind is Kind.SUPPLIER:  # which says more of itself
        return go(request, "facts")
    known = {
        "description": ours.description,
        "site": ours.site,
        "regions": [one.value for one in Region if one.label in ours.regions],
        **ours.address.kept(),
    }
    return _profile(request, ctx, ours, show(Describing, known))


@router.post("/organisation/profile", name=Verb.ORGANISATION_DESCRIBE)
def describe(request: Request, ctx: Context, form: Described) -> Response:
    ours = organisation(ctx)
    if ours.kind is Kind.SUPPLIER:
        raise NotFound("What a supplier says of itself stands with its facts.")
    if form.value is None:
        return _profile(request, ctx, ours, form)
    actions.describe(ctx, ours, form.value)
    flash(request, "The profile is changed.")
    return go(request, "organisation.people")


def _profile(
    request: Request, ctx: Context, ours: Organisation, form: BoundForm[Describing]
) -> Response:
    require(ctx, Verb.ORGANISATION_DESCRIBE, ours)
    return page(request, "people/profile.html", organisation=ours, form=form)


router.routes.extend(inviting.router.routes)
router.routes.extend(members.router.routes)
router.routes.extend(joining.router.routes)
for loti in (overseeing, domains, support):
    router.routes.extend(loti.router.routes)
