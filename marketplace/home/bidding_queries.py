"""What a supplier's home asks of tenders, by a few questions: its bids that can still be changed
or have to be confirmed again, what panels ask about those that were opened, and whether it has
signed the agreement.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import and_, col, or_, select

from marketplace.bids import queries as bids
from marketplace.bids.boxes import Box
from marketplace.bids.models import too_late
from marketplace.core.context import Context
from marketplace.evaluation.finding_models import Exchange, ExchangeStage
from marketplace.onboarding import agreement
from marketplace.onboarding.models import Signature
from marketplace.policy import visible_to
from marketplace.tenders.models import Publication, Stage, Tender

MOST = 200  # tenders that are looked through


@dataclass(frozen=True, slots=True)
class Bidding:
    boxes: Sequence[Box]
    to_confirm: Collection[UUID]  # of their bids, because the tender changed
    exchanges: Sequence[Exchange]  # the first to answer first
    signed: bool  # as far as it is known: without it there are no boxes


def bidding(ctx: Context) -> Bidding:
    signed = select(Signature.id).where(
        Signature.organisation_id == ctx.actor.organisation_id,
        Signature.version == agreement.IN_FORCE,
        visible_to(ctx.actor, Signature),
    )
    open_ = and_(Tender.stage == Stage.OPEN, col(Tender.closes_at) > ctx.now)
    asks = and_(
        col(Exchange.tender_id) == Tender.id,
        Exchange.stage == ExchangeStage.ASKED,
        col(Exchange.answer_by) > ctx.now,
        visible_to(ctx.actor, Exchange),
    )
    counts = (  # the number of the newest publication that bids could depend on
        select(func.max(Publication.number))
        .where(
            Publication.tender_id == Tender.id,
            col(Publication.material).is_(True),
            visible_to(ctx.actor, Publication),
        )
        .correlate(Tender)
        .scalar_subquery()
    )
    columns: list[Any] = [Tender, Exchange, signed.exists(), open_, counts]
    its = (
        select(*columns)
        .outerjoin(Exchange, asks)
        .where(visible_to(ctx.actor, Tender), or_(open_, col(Exchange.id).is_not(None)))
        .order_by(col(Tender.closes_at).desc(), col(Tender.id))
        .limit(MOST)
    )
    found = ctx.session.exec(its).all()
    for tender, one, _, _, _ in found:
        if one:  # or the tender, which nothing else holds, would be read again for each
            set_committed_value(one, "tender", tender)
    exchanges = [one for _, one, _, _, _ in found if one]
    if not any(has for _, _, has, _, _ in found):
        return Bidding((), (), exchanges, False)
    tenders = list({tender.id: tender for tender, _, _, is_open, _ in found if is_open}.values())
    newest = {tender.id: number or 0 for tender, _, _, _, number in found}
    boxes = bids.own_boxes(ctx, tenders) if tenders else ()
    boxes = [one for one in boxes if too_late(one.bid, ctx.now) is None and not one.out]
    return Bidding(
        boxes,
        {one.bid.id for one in boxes if one.bid.to_confirm(newest[one.bid.tender_id])},
        sorted(exchanges, key=lambda one: (one.answer_by, one.id)),
        True,
    )
