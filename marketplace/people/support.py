"""How LOTI helps people: finds them, suspends and restores them, and looks with their eyes."""

from collections import defaultdict
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from auth.actor import NOBODY
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, clean, reads
from marketplace.core.pages import flash, go, here_only, page
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people import support_actions as actions
from marketplace.people import support_queries as queries
from marketplace.people.abilities import in_words
from marketplace.people.overseeing import LONGEST, STANDING
from marketplace.people.overseeing_forms import Looking, SuspendingPerson
from marketplace.people.overseeing_queries import for_loti
from marketplace.people.telling import told
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)

Suspended = Annotated[BoundForm[SuspendingPerson], Depends(reads(SuspendingPerson))]
Looked = Annotated[BoundForm[Looking], Depends(reads(Looking))]
LOOKED_FROM = "looked-from"  # in the page's cookie: where to go back to


class Asked(BaseModel):
    """What the address of the list of people asks for."""

    q: str = ""
    standing: list[Literal[Standing.ACTIVE, Standing.SUSPENDED]] = []

    def query(self, **instead: object) -> str:
        given = self.model_dump(mode="json") | instead
        return "?" + urlencode({name: value for name, value in given.items() if value}, doseq=True)


@router.get("/admin/people", name="overseeing.people")
def listed(
    request: Request, ctx: Context, asked: Annotated[Asked, Query()], after: UUID | None = None
) -> Response:
    for_loti(ctx)
    words = " ".join(clean(asked.q).split())[:LONGEST]
    found, more = queries.listed(ctx, words, frozenset(asked.standing), after)
    by_person: dict[UUID, list[Membership]] = defaultdict(list)
    for one in queries.memberships(ctx, [person.id for person in found]):
        if one.stage != Standing.ENDED:
            by_person[one.person_id].append(one)
    shown = "1 person" if len(found) == 1 else f"{len(found)} people"
    shown += ", and more on the next page" if more else ""
    return page(
        request,
        "admin/people.html",
        announce=shown,
        shown=shown,
        asked=asked,
        people=found,
        memberships=by_person,
        in_words=in_words,
        standing=STANDING,
        later=asked.query(after=more) if more else "",
        first=asked.query() if after else "",
    )


@router.get("/admin/people/{id}", name="overseeing.person")
def one(request: Request, ctx: Context, id: UUID) -> Response:
    person = queries.one(ctx, id)
    events = queries.history(ctx, person)
    return page(
        request,
        "admin/person.html",
        person=person,
        memberships=queries.memberships(ctx, [person.id]),
        unseeing=actions.unseeing,
        in_words=in_words,
        ways_in=queries.ways_in(ctx, person),
        sessions=queries.open_sessions(ctx, person),
        entries=[told(event, {event.subject_id: of or ""}, NOBODY) for event, of in events],
    )


# ---- Suspending a person everywhere


@router.get("/admin/people/{id}/suspend", name=Verb.PERSON_SUSPEND)
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    return _suspending(request, ctx, queries.one(ctx, id), BoundForm(SuspendingPerson))


@router.post("/admin/people/{id}/suspend", name=Verb.PERSON_SUSPEND)
def suspend(request: Request, ctx: Context, id: UUID, form: Suspended) -> Response:
    person = queries.one(ctx, id)
    if form.value is None:
        return _suspending(request, ctx, person, form)
    actions.suspend(ctx, person, form.value.because)
    flash(request, f"{person.name} is suspended and signed out.")
    return go(request, "overseeing.person", id=id)


def _suspending(
    request: Request, ctx: Context, person: Person, form: BoundForm[SuspendingPerson]
) -> Response:
    require(ctx, Verb.PERSON_SUSPEND, person)
    return page(
        request,
        "admin/confirm.html",
        form=form,
        title=f"Suspend {person.name}",
        trail=_trail(request, person),
        consequences=[
            "They are signed out everywhere at once.",
            "They cannot sign in for any organisation until you restore them.",
            "What they did stays, and nothing of it is deleted.",
        ],
        button=f"Suspend {person.name}",
        action=request.app.url_path_for(Verb.PERSON_SUSPEND, id=person.id),
        back=_of(request, person),
        warning=True,
    )


def _of(request: Request, person: Person) -> str:
    return str(request.app.url_path_for("overseeing.person", id=person.id))


def _trail(request: Request, person: Person) -> list[tuple[str, str]]:
    everybody = str(request.app.url_path_for("overseeing.people"))
    return [("People", everybody), (person.name, _of(request, person))]


@router.post("/admin/people/{id}/restore", name=Verb.PERSON_RESTORE)
def restore(request: Request, ctx: Context, id: UUID) -> Response:
    person = queries.one(ctx, id)
    actions.restore(ctx, person)
    flash(request, f"{person.name} is restored and can sign in again.")
    return go(request, "overseeing.person", id=id)


# ---- Looking with a person's eyes


@router.get("/admin/memberships/{id}/look", name=Verb.SUPPORT_LOOK)
def ask_to_look(request: Request, ctx: Context, id: UUID, then: str = "") -> Response:
    """`then` is the page to go back to when the looking is over."""
    membership = queries.membership(ctx, id)
    return _looking(request, ctx, membership, BoundForm(Looking), then)


@router.post("/admin/memberships/{id}/look", name=Verb.SUPPORT_LOOK)
def look(request: Request, ctx: Context, id: UUID, form: Looked, then: str = "") -> Response:
    membership = queries.membership(ctx, id)
    if form.value is None:
        return _looking(request, ctx, membership, form, then)
    actions.look(ctx, membership, form.value.because)
    request.session[LOOKED_FROM] = here_only(then)
    return go(request, "home")


def _looking(
    request: Request, ctx: Context, membership: Membership, form: BoundForm[Looking], then: str
) -> Response:
    require(ctx, Verb.SUPPORT_LOOK, membership)
    if why := actions.unseeing(membership):
        raise Conflict(why)
    person, organisation = membership.person, membership.organisation
    action = str(request.app.url_path_for(Verb.SUPPORT_LOOK, id=membership.id))
    back = here_only(then)
    return page(
        request,
        "admin/confirm.html",
        form=form,
        title=f"Look with the eyes of {person.name}",
        trail=_trail(request, person),
        consequences=[
            f"You see every page as {person.name} of {organisation.called} sees it, with a banner "
            "that says so.",
            "You cannot change anything, and you do not see what is their own: their "
            "notifications, sessions and drafts of a registration.",
            f"{person.name} is told, and everybody at {organisation.called} can read in its "
            "history that you looked, and why.",
            "It ends when you choose Stop or sign out, and after one hour at the latest.",
        ],
        button="Look with their eyes",
        warning=False,
        action=f"{action}?{urlencode({'then': back})}" if back else action,
        back=back or _of(request, person),
    )


@router.post("/support/stop", name=Verb.SUPPORT_STOP)
def stop(request: Request, ctx: Context) -> Response:
    looked = actions.stop(ctx)
    back = here_only(request.session.pop(LOOKED_FROM, ""))
    if looked is None:
        return go(request, "home")
    flash(request, f"You no longer look with the eyes of {looked.person.name}.")
    return (
        RedirectResponse(back, status_code=303)
        if back
        else go(request, "overseeing.person", id=looked.person_id)
    )
