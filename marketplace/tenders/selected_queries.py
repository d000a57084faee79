"""When the suppliers that go on from a stage were told so."""

from datetime import date

from sqlmodel import col, select

from marketplace.bids.models import Choice, ChoiceStage
from marketplace.core.context import Context
from marketplace.core.times import in_london
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender


def told_on(ctx: Context, tender: Tender, round: str) -> date | None:
    """The day in London; None before, and where nobody goes on. All are told at one moment."""
    its = select(Choice.told_at).where(
        Choice.tender_id == tender.id,
        Choice.round == round,
        Choice.stage == ChoiceStage.TOLD,
        col(Choice.goes_on).is_(True),
        visible_to(ctx.actor, Choice),
    )
    told = ctx.session.exec(its.limit(1)).first()
    return in_london(told).date() if told else None
