"""What can be found of bids besides their scores: who bid, what they were asked, what was judged,
and all that a ranking is reckoned from.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.bids.models import Bid, Offer, Opening, OpeningStage
from marketplace.claims.models import Claim
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.evaluation.finding_models import Disregard, Exchange, Judgement
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender

MOST = 500  # exchanges of a tender on one page
judged = col(Bid.earlier).is_(False)


def opened(ctx: Context, tender: Tender) -> bool:
    """Whether the bids have been opened."""
    its = select(Opening.id).where(
        Opening.tender_id == tender.id,
        Opening.round == rounds.last(tender),
        Opening.stage == OpeningStage.DONE,
        visible_to(CLOCK, Opening),
    )
    return ctx.session.exec(its).first() is not None


def names(ctx: Context, tender: Tender) -> Sequence[str]:
    """Who has bid, by name and without numbers: whoever declares interests has to know."""
    its = (
        select(Organisation.name)
        .join(Bid, col(Bid.organisation_id) == Organisation.id)
        .where(Bid.tender_id == tender.id, judged, visible_to(CLOCK, Bid))
        .order_by(Organisation.name)
    )
    return ctx.session.exec(its).all()


def assessed_claims_of(ctx: Context, tender: Tender, person_id: UUID) -> bool:
    """Whether somebody assessed, for LOTI, what a bidder claims."""
    its = (
        select(Claim.id)
        .join(Bid, col(Bid.organisation_id) == Claim.organisation_id)
        .where(
            Bid.tender_id == tender.id,
            judged,
            Claim.assessor_id == person_id,
            visible_to(CLOCK, Claim),
            visible_to(CLOCK, Bid),
        )
    )
    return ctx.session.exec(its.limit(1)).first() is not None


def offers(
    ctx: Context, tender: Tender
) -> Mapping[UUID, tuple[Bid, Mapping[UUID | None, Decimal]]]:
    """Every bid as the marketplace itself sees it, to reckon with, and what it asks by lot, once
    the reader may see prices.
    """
    asks = and_(col(Offer.bid_id) == Bid.id, visible_to(ctx.actor, Offer))
    its = (
        select(Bid, Offer)
        .outerjoin(Offer, asks)
        .where(Bid.tender_id == tender.id, judged, visible_to(CLOCK, Bid))
    )
    found: dict[UUID, tuple[Bid, dict[UUID | None, Decimal]]] = {}
    for bid, offer in ctx.session.exec(its):
        _, prices = found.setdefault(bid.id, (bid, {}))
        if offer:
            prices[offer.lot_id] = offer.total
    return found


def judgements(ctx: Context, tender: Tender) -> Mapping[tuple[UUID, str], Judgement]:
    """What the panel found of standards, by bid and standard."""
    its = select(Judgement).where(
        Judgement.tender_id == tender.id, visible_to(ctx.actor, Judgement)
    )
    return {(one.bid_id, str(one.version_id)): one for one in ctx.session.exec(its)}


def disregarded(ctx: Context, tender: Tender) -> Mapping[UUID, Disregard]:
    """The bids that are not considered any more."""
    its = select(Disregard).where(
        Disregard.tender_id == tender.id, visible_to(ctx.actor, Disregard)
    )
    return {one.bid_id: one for one in ctx.session.exec(its)}


# ---- What bidders are asked


def exchanges(ctx: Context, tender: Tender) -> Sequence[Exchange]:
    """The newest first: all for the panel, for a bidder its own."""
    its = select(Exchange).where(Exchange.tender_id == tender.id, visible_to(ctx.actor, Exchange))
    newest = its.order_by(col(Exchange.created_at).desc(), col(Exchange.id).desc())
    return ctx.session.exec(newest.limit(MOST)).all()


def exchange(ctx: Context, tender: Tender, id: UUID) -> Exchange:
    its = select(Exchange).where(
        Exchange.id == id, Exchange.tender_id == tender.id, visible_to(ctx.actor, Exchange)
    )
    whole = (eager(Exchange.bid), eager(Exchange.evaluation))
    if found := ctx.session.exec(its.options(*whole)).one_or_none():
        return found
    raise NotFound("There is no such question.")
