"""What LOTI sees of people: who they are, for whom they act, and what was done about them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.accounts.models import Identity, SignIn
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import JoinRequest
from marketplace.people.overseeing_queries import for_loti
from marketplace.policy import visible_to

SIZE = 25  # on a page
LATELY = 50  # events that are shown


def one(ctx: Context, id: UUID) -> Person:
    for_loti(ctx)
    seen = select(Person).where(Person.id == id, visible_to(ctx.actor, Person))
    if found := ctx.session.exec(seen).one_or_none():
        return found
    raise NotFound("There is no such person.")


def listed(
    ctx: Context,
    words: str = "",
    standing: frozenset[Standing] = frozenset(),
    after: UUID | None = None,
) -> tuple[Sequence[Person], UUID | None]:
    """People by name, found by a part of it or of their address; and where to go on. Who was erased
    is nobody to find.
    """
    rows = select(Person).where(Person.stage != Standing.ENDED, visible_to(ctx.actor, Person))
    if words:
        columns = (Person.name, Person.email)
        rows = rows.where(or_(*(col(one).icontains(words, autoescape=True) for one in columns)))
    if standing:
        rows = rows.where(col(Person.stage).in_(standing))
    place = tuple_(col(Person.name), col(Person.id))
    if after:
        last = one(ctx, after)
        rows = rows.where(place > (last.name, last.id))
    found = ctx.session.exec(rows.order_by(Person.name, col(Person.id)).limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


def memberships(ctx: Context, person_ids: Sequence[UUID]) -> Sequence[Membership]:
    """For whom people act or acted, by the name of the organisation."""
    organisation: Any = Membership.organisation
    theirs = (
        select(Membership)
        .join(Organisation)
        .where(col(Membership.person_id).in_(person_ids), visible_to(ctx.actor, Membership))
        .options(joinedload(organisation))
    )
    return ctx.session.exec(theirs.order_by(Organisation.name)).all()


def membership(ctx: Context, id: UUID) -> Membership:
    """One of anybody, with its person and organisation."""
    for_loti(ctx)
    person: Any = Membership.person
    organisation: Any = Membership.organisation
    seen = select(Membership).where(Membership.id == id, visible_to(ctx.actor, Membership))
    loaded = seen.options(joinedload(person), joinedload(organisation))
    if found := ctx.session.exec(loaded).one_or_none():
        return found
    raise NotFound("There is no such membership.")


def membership_ids(ctx: Context, of: Person | Organisation) -> list[UUID]:
    """All memberships of a person, or of an organisation."""
    column = Membership.person_id if isinstance(of, Person) else Membership.organisation_id
    theirs = select(Membership.id).where(column == of.id, visible_to(ctx.actor, Membership))
    return list(ctx.session.exec(theirs))


def ways_in(ctx: Context, person: Person) -> Sequence[str]:
    """How a person can prove who they are, each kind once; the proof itself is their own."""
    theirs = (
        select(Identity.title)
        .join(Person)
        .where(Identity.person_id == person.id, visible_to(ctx.actor, Person))
    )
    return sorted(set(ctx.session.exec(theirs)))


def open_sessions(ctx: Context, person: Person) -> int:
    """How many a person has; which they are, is their own."""
    counted = (
        select(func.count())
        .select_from(SignIn)
        .join(Person, col(Person.id) == SignIn.person_id)
        .where(
            SignIn.person_id == person.id,
            col(SignIn.ended_at).is_(None),
            col(SignIn.seen_at) > ctx.now - timedelta(hours=ctx.settings.session_idle_hours),
            col(SignIn.created_at) > ctx.now - timedelta(days=ctx.settings.session_days),
            visible_to(ctx.actor, Person),
        )
    )
    return ctx.session.exec(counted).one()


def history(ctx: Context, person: Person) -> Sequence[tuple[Event, str | None]]:
    """What was last done about a person, their memberships and their requests, newest first, each
    with the organisation that it concerns.
    """
    theirs = [
        select(table.id).where(table.person_id == person.id, visible_to(ctx.actor, table))
        for table in (Membership, JoinRequest)
    ]
    about = or_(
        col(Event.subject_id) == person.id, *(col(Event.subject_id).in_(ids) for ids in theirs)
    )
    newest = (
        select(Event, Organisation.name)
        .outerjoin(Organisation, col(Organisation.id) == Event.about_id)
        .where(about, visible_to(ctx.actor, Event))
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
    )
    return ctx.session.exec(newest.limit(LATELY)).all()


def own_session(ctx: Context) -> SignIn:
    """The session in which the actor asks, whosever eyes it looks with."""
    seen = select(SignIn).where(SignIn.id == ctx.actor.session_id)
    if found := ctx.session.exec(seen).one_or_none():
        return found
    raise NotFound("You are not signed in.")
