"""How LOTI oversees organisations: finds, enters, suspends and restores them, and sees who asks to
join them. For everybody else these pages do not exist.
"""

from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, clean, reads
from marketplace.core.journal import Event
from marketplace.core.pages import flash, go, page
from marketplace.core.timeline import Entry
from marketplace.onboarding import queries as onboarding
from marketplace.organisations.models import Organisation, Standing
from marketplace.people import domain_queries, overseeing_actions
from marketplace.people import overseeing_queries as queries
from marketplace.people import queries as people
from marketplace.people.abilities import in_words
from marketplace.people.actions import AtField
from marketplace.people.domain_names import SHARED
from marketplace.people.models import Invitation
from marketplace.people.overseeing_forms import KINDS, Registering, SuspendingOrganisation
from marketplace.people.overseeing_queries import Filters
from marketplace.people.telling import told
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/admin", route_class=Opening)

Registered = Annotated[BoundForm[Registering], Depends(reads(Registering))]
Suspended = Annotated[BoundForm[SuspendingOrganisation], Depends(reads(SuspendingOrganisation))]

NEW = Organisation(name="", slug="", kind=Kind.AUTHORITY)
LONGEST = 200  # characters of what is looked for
LATELY = 10  # events on an organisation's own page
SORTS = {Kind.AUTHORITY: "Authority", Kind.SUPPLIER: "Supplier", Kind.LOTI: "LOTI"}
STANDING = {Standing.ACTIVE: "Active", Standing.SUSPENDED: "Suspended"}


class Asked(BaseModel):
    """What the address of a list of organisations asks for."""

    q: str = ""
    kind: list[Literal[Kind.AUTHORITY, Kind.SUPPLIER, Kind.LOTI]] = []
    standing: list[Literal[Standing.ACTIVE, Standing.SUSPENDED]] = []

    @property
    def filters(self) -> Filters:
        words = " ".join(clean(self.q).split())[:LONGEST]
        return Filters(words, frozenset(self.kind), frozenset(self.standing))

    def query(self, **instead: object) -> str:
        given = self.model_dump(mode="json") | instead
        return "?" + urlencode({name: value for name, value in given.items() if value}, doseq=True)

    @property
    def selected(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The filters in use, each with the query of the list without it."""
        groups = {
            "Kind": [
                (SORTS[one], self.query(kind=[other for other in self.kind if other != one]))
                for one in self.kind
            ],
            "Standing": [
                (
                    STANDING[one],
                    self.query(standing=[other for other in self.standing if other != one]),
                )
                for one in self.standing
            ],
        }
        return [(legend, tags) for legend, tags in groups.items() if tags]


@router.get("/organisations", name="overseeing.organisations")
def listed(
    request: Request, ctx: Context, asked: Annotated[Asked, Query()], after: UUID | None = None
) -> Response:
    queries.for_loti(ctx)
    found, more = queries.listed(ctx, asked.filters, after)
    shown = _some(len(found), "organisation", bool(more))
    return page(
        request,
        "admin/organisations.html",
        announce=shown,
        shown=shown,
        asked=asked,
        rows=found,
        crews=queries.crews(ctx, [organisation.id for organisation, _ in found]),
        no_crew=queries.Crew(),
        sorts=SORTS,
        standing=STANDING,
        later=asked.query(after=more) if more else "",
        first=asked.query() if after else "",
    )


def _some(count: int, thing: str, more: bool) -> str:
    words = f"1 {thing}" if count == 1 else f"{count} {thing}s"
    return f"{words}, and more on the next page" if more else words


# ---- An authority that the register does not have


@router.get("/organisations/register", name=Verb.ORGANISATION_REGISTER)
def new(request: Request, ctx: Context) -> Response:
    return _registering(request, ctx, BoundForm(Registering))


@router.post("/organisations/register", name=Verb.ORGANISATION_REGISTER)
def register(request: Request, ctx: Context, form: Registered) -> Response:
    queries.for_loti(ctx)
    if form.value and (why := _not_its_alone(ctx, form.value.domains)):
        form = form.refused("domains", why)
    if form.value is None:
        return _registering(request, ctx, form)
    try:
        made = overseeing_actions.register(ctx, form.value)
    except AtField as why:
        return _registering(request, ctx, form.refused(why.field, str(why)))
    flash(request, f"{made.name} is in the register.")
    return go(request, "organisation.show", id=made.id)


def _not_its_alone(ctx: Context, domains: list[str]) -> str:
    for domain, whose in domain_queries.owners(ctx, domains):
        return (
            f"{domain} is a domain of {whose.called}. Leave it out here. If they share it, add it "
            "on the authority's page afterwards"
        )
    shared = next((domain for domain in domains if domain in SHARED), "")
    return f"Leave {shared} out, because {SHARED[shared]}" if shared else ""


def _registering(request: Request, ctx: Context, form: BoundForm[Registering]) -> Response:
    queries.for_loti(ctx)
    require(ctx, Verb.ORGANISATION_REGISTER, NEW)
    return page(request, "admin/register.html", form=form, kinds=list(KINDS.items()))


# ---- One organisation


@router.get("/organisations/{id}", name="organisation.show")
def show(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    organisation = queries.one(ctx, id)
    members, more = people.people(ctx, organisation, after)
    supplies = organisation.kind is Kind.SUPPLIER
    events, earlier = queries.history(ctx, organisation, size=LATELY)
    return page(
        request,
        "admin/organisation.html",
        organisation=organisation,
        sort=KINDS[organisation.authority_type]
        if organisation.authority_type
        else SORTS[organisation.kind],
        facts=onboarding.facts(ctx, organisation) if supplies else None,
        identifiers=onboarding.identifiers(ctx, organisation) if supplies else (),
        signatures=onboarding.signatures(ctx, organisation) if supplies else (),
        members=members,
        in_words=in_words,
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
        asking=people.asked(ctx, organisation),
        invitations=people.invitations(ctx, organisation),
        prospect=Invitation(
            email="", organisation_id=id, organisation=organisation, expires_at=ctx.now
        ),
        domains=domain_queries.of(ctx, organisation) if organisation.kind is Kind.AUTHORITY else (),
        entries=_told(organisation, events),
        earlier=earlier,
    )


@router.get("/organisations/{id}/history", name="overseeing.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    organisation = queries.one(ctx, id)
    events, more = queries.history(ctx, organisation, after)
    return page(
        request,
        "admin/history.html",
        organisation=organisation,
        entries=_told(organisation, events),
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


def _told(organisation: Organisation, events: Iterable[tuple[Event, str | None]]) -> list[Entry]:
    return [told(event, {event.subject_id: whom or ""}, organisation.id) for event, whom in events]


@router.get("/organisations/{id}/suspend", name=Verb.ORGANISATION_SUSPEND)
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    return _suspending(request, ctx, queries.one(ctx, id), BoundForm(SuspendingOrganisation))


@router.post("/organisations/{id}/suspend", name=Verb.ORGANISATION_SUSPEND)
def suspend(request: Request, ctx: Context, id: UUID, form: Suspended) -> Response:
    organisation = queries.one(ctx, id)
    if form.value is None:
        return _suspending(request, ctx, organisation, form)
    overseeing_actions.suspend(ctx, organisation, form.value.because)
    flash(request, f"{organisation.called} is suspended. Its people are signed out.")
    return go(request, "organisation.show", id=id)


def _suspending(
    request: Request,
    ctx: Context,
    organisation: Organisation,
    form: BoundForm[SuspendingOrganisation],
) -> Response:
    require(ctx, Verb.ORGANISATION_SUSPEND, organisation)
    consequences = [
        "Its people are signed out at once and cannot act for it until you restore it.",
        "When they next sign in, they read why, and that they can ask LOTI.",
        "Nothing of it is deleted.",
    ]
    if organisation.kind is Kind.SUPPLIER:
        consequences.insert(2, "Its page and its products are no longer found.")
    return page(
        request,
        "admin/confirm.html",
        form=form,
        title=f"Suspend {organisation.called}",
        trail=[
            ("Organisations", request.app.url_path_for("overseeing.organisations")),
            (organisation.called, _of(request, organisation)),
        ],
        consequences=consequences,
        button=f"Suspend {organisation.called}",
        action=request.app.url_path_for(Verb.ORGANISATION_SUSPEND, id=organisation.id),
        back=_of(request, organisation),
        warning=True,
    )


def _of(request: Request, organisation: Organisation) -> str:
    return str(request.app.url_path_for("organisation.show", id=organisation.id))


@router.post("/organisations/{id}/restore", name=Verb.ORGANISATION_RESTORE)
def restore(request: Request, ctx: Context, id: UUID) -> Response:
    organisation = queries.one(ctx, id)
    overseeing_actions.restore(ctx, organisation)
    flash(request, f"{organisation.called} is restored. Its people can sign in again.")
    return go(request, "organisation.show", id=id)


# ---- Requests to join


@router.get("/requests", name="overseeing.requests")
def requests(
    request: Request,
    ctx: Context,
    which: Literal["ours", "all"] = "ours",
    after: UUID | None = None,
) -> Response:
    """Those that nobody but LOTI can decide on; or all that wait."""
    queries.for_loti(ctx)
    found, more = queries.requests(ctx, nobody_elses=which == "ours", after=after)
    here = f"{request.url.path}?which={which}"
    return page(
        request,
        "admin/requests.html",
        requests=found,
        which=which,
        later=f"{here}&after={more}" if more else "",
        first=here if after else "",
    )
