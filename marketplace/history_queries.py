"""What the journal knows of one thing, as far as the reader may see it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import col, select

from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.policy import visible_to

ENTRIES = 50  # of a history on a page


def history(
    ctx: Context,
    about_id: UUID,
    *which: ColumnElement[bool],
    after: UUID | None = None,
    size: int = ENTRIES,
) -> tuple[Sequence[Event], UUID | None]:
    """The steps about a thing that `which` holds for, newest first, from the one after `after`;
    and where the history goes on.
    """
    seen = select(Event).where(Event.about_id == about_id, *which, visible_to(ctx.actor, Event))
    steps = seen.order_by(col(Event.created_at).desc(), col(Event.id).desc()).limit(size + 1)
    if after:
        last = ctx.session.exec(seen.where(Event.id == after)).one_or_none()
        if last is None:
            raise NotFound("There is no such part of the history.")
        place = tuple_(col(Event.created_at), col(Event.id))
        steps = steps.where(place < (last.created_at, last.id))
    found = ctx.session.exec(steps).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def last_save(ctx: Context, section: str, *which: ColumnElement[bool]) -> Event | None:
    """The last time that a section of a draft was saved; `which` says by which steps."""
    saved = (
        select(Event)
        .where(
            *which,
            col(Event.facts)["section"].as_string() == section,
            visible_to(ctx.actor, Event),
        )
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
    )
    return ctx.session.exec(saved.limit(1)).one_or_none()
