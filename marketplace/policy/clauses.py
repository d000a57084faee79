"""What the lines of `VISIBILITY` are made of: clauses that say which rows are an actor's."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind, Role

Clause = Callable[[Actor], ColumnElement[bool]]
# For each table, which of its rows an actor may see. The package fills it, from one file a
# capability; it stands here for the lines that ask about the row another belongs to.
VISIBILITY: dict[type[Any], Clause] = {}


def own(column: Any, who: Actor) -> ColumnElement[bool]:
    """Rows of the actor's own organisation; visitors and the clock have none."""
    return false() if who.organisation_id == NOBODY else col(column) == who.organisation_id


def their_own(column: Any, who: Actor) -> ColumnElement[bool]:
    """Rows of the person themselves, whatever organisation they act for. Support does not see them
    with a person's eyes.
    """
    return col(column) == who.person_id if who.known and not who.seen_through else false()


def administers(column: Any, who: Actor) -> ColumnElement[bool]:
    return own(column, who) if Role.ADMINISTRATOR in who.roles else false()


def system(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind is Kind.SYSTEM else false()


def loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.LOTI, Kind.SYSTEM) else false()


def authorities_and_loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.AUTHORITY, Kind.LOTI, Kind.SYSTEM) else false()


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """What `in_` says, for values that are always the same: an `in_` is written out anew each time
    it is asked, which takes longer than the asking.
    """
    return or_(*(column == value for value in values))


def of(parent: type[Any], key: Any) -> Clause:
    """A row is seen by whoever sees the row it belongs to."""
    return lambda who: sees(who, parent, key)


def sees(who: Actor, parent: type[Any], key: Any) -> ColumnElement[bool]:
    # EXISTS, because an IN would list every visible parent first, however many there are
    its = select(parent.id).where(parent.id == key, VISIBILITY[parent](who))
    return its.correlate(key.class_).exists()
