"""What can be found of evaluations, by those who sit and, at the end, by whom it concerns."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.bids.models import Bid, Bidder
from marketplace.core.context import Context
from marketplace.evaluation.models import Agreed, Ranked
from marketplace.policy import visible_to
from marketplace.tenders.models import Lot, Tender


def _with(relationship: Any) -> Any:
    return joinedload(relationship)


def bidders(ctx: Context, tender: Tender) -> Sequence[Bidder]:
    """The opened bids without whose they are, by number."""
    its = select(Bidder).where(Bidder.tender_id == tender.id, visible_to(ctx.actor, Bidder))
    return ctx.session.exec(its.order_by(col(Bidder.number))).all()


def numbers(ctx: Context, tender: Tender) -> Mapping[UUID, int]:
    """The number of each bid, by its id: "Bidder 1"."""
    return {one.bid_id: one.number for one in bidders(ctx, tender)}


def agreed(ctx: Context, tender: Tender) -> Sequence[Agreed]:
    """What the panel agreed on, a row a criterion and bid."""
    its = select(Agreed).where(Agreed.tender_id == tender.id, visible_to(ctx.actor, Agreed))
    return ctx.session.exec(its.order_by(col(Agreed.criterion_id), col(Agreed.bid_id))).all()


def ranking(ctx: Context, tender: Tender) -> Sequence[Ranked]:
    """The final ranking, lot by lot, the first first and what has no position last; nothing before
    the evaluation is final.
    """
    its = (
        select(Ranked)
        .outerjoin(Lot, col(Lot.id) == Ranked.lot_id)
        .where(Ranked.tender_id == tender.id, visible_to(ctx.actor, Ranked))
        .order_by(
            col(Lot.position),
            col(Lot.id),
            col(Ranked.position).is_(None),
            col(Ranked.position),
            col(Ranked.bid_id),
        )
    )
    whole = joinedload(Ranked.bid).joinedload(Bid.organisation)  # type: ignore[arg-type]
    return ctx.session.exec(its.options(whole)).all()
