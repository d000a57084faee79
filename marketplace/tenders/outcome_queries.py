"""What came of a tender so far, as far as what may still be done with it depends on that: who goes
on from a stage, and what is awarded.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.awards.models import LIVE, Award
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


def awards(ctx: Context, tender: Tender) -> Sequence[Award]:
    """What counts of its lots now, the newest first; what was set aside does not."""
    its = select(Award).where(
        Award.tender_id == tender.id, col(Award.stage).in_(LIVE), visible_to(ctx.actor, Award)
    )
    lot: Any = Award.lot
    return ctx.session.exec(its.order_by(col(Award.id).desc()).options(joinedload(lot))).all()
