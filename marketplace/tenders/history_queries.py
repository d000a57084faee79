"""What can be seen of how a tender came to be what it is."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import col, select

from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

ENTRIES = 50  # of a history on a page


def history(
    ctx: Context, tender: Tender, after: UUID | None = None, size: int = ENTRIES
) -> tuple[Sequence[Event], UUID | None]:
    """The steps that the reader may see, newest first, without what was only saved by itself."""
    steps = (
        select(Event)
        .where(
            Event.about_id == tender.id,
            or_(
                col(Event.verb) != Verb.TENDER_EDIT,
                col(Event.facts)["part"].as_string().is_not(None),
            ),
            visible_to(ctx.actor, Event),
        )
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
        .limit(size + 1)
    )
    if after:
        last = ctx.session.exec(
            select(Event).where(
                Event.id == after, Event.about_id == tender.id, visible_to(ctx.actor, Event)
            )
        ).one_or_none()
        if last is None:
            raise NotFound("There is no such part of the history.")
        steps = steps.where(
            tuple_(col(Event.created_at), col(Event.id)) < (last.created_at, last.id)
        )
    found = ctx.session.exec(steps).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def last_edit(ctx: Context, tender: Tender, section: str) -> Event | None:
    """The last time that somebody saved a section."""
    saved = (
        select(Event)
        .where(
            Event.about_id == tender.id,
            Event.verb == Verb.TENDER_EDIT,
            col(Event.facts)["section"].as_string() == section,
            visible_to(ctx.actor, Event),
        )
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
    )
    return ctx.session.exec(saved.limit(1)).one_or_none()
