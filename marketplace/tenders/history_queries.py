"""What can be seen of how a tender came to be what it is."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from marketplace import history_queries as histories
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.policy import visible_to
from marketplace.tenders.models import Part, PartVersion, Tender
from marketplace.verbs import Verb


def history(
    ctx: Context, tender: Tender, after: UUID | None = None, size: int = histories.ENTRIES
) -> tuple[Sequence[Event], UUID | None]:
    """The steps that the reader may see, newest first, without what was only saved by itself."""
    saved = col(Event.facts)["part"].as_string().is_not(None)
    told = or_(col(Event.verb) != Verb.TENDER_EDIT, saved)
    return histories.history(ctx, tender.id, told, after=after, size=size)


def last_edit(ctx: Context, tender: Tender, section: str) -> Event | None:
    """The last time that somebody saved a section."""
    edits = (col(Event.about_id) == tender.id, col(Event.verb) == Verb.TENDER_EDIT)
    return histories.last_save(ctx, section, *edits)


def versions_of(ctx: Context, tender: Tender, part: Part, of_id: UUID) -> Sequence[PartVersion]:
    """Every version of one part, newest first."""
    its = select(PartVersion).where(
        PartVersion.tender_id == tender.id,
        PartVersion.part == part,
        PartVersion.of_id == of_id,
        visible_to(ctx.actor, PartVersion),
    )
    return ctx.session.exec(its.order_by(col(PartVersion.number).desc())).all()
