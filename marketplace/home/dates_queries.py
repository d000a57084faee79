"""What an authority's home asks of its own tenders, by one question: whose dates lie ahead, whose
bids wait to be opened, and of whose bidders it is to be said who goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlmodel import and_, col, or_, select

from marketplace.bids.models import Bid, Choice, ChoiceStage, Opening, OpeningStage
from marketplace.core.context import Context
from marketplace.core.times import in_london
from marketplace.policy import visible_to
from marketplace.tenders.models import Party, PartyStage, Stage, Tender

MOST = 200  # tenders that are looked through
UNOPENED = timedelta(days=200)  # how long a home asks for bids to be opened


@dataclass(frozen=True, slots=True)
class Dated:
    tender: Tender
    opened: set[str] = field(default_factory=set)  # its rounds whose bids were opened
    untold: set[str] = field(default_factory=set)  # those of them whose bidders wait to be told


def dated(ctx: Context) -> Sequence[Dated]:
    """The tenders in which the reader's authority takes part, the last deadline first."""
    today = in_london(ctx.now).date()
    told = select(Choice.id).where(Choice.bid_id == Bid.id, Choice.stage == ChoiceStage.TOLD)
    untold = (
        select(Bid.id)
        .where(
            Bid.tender_id == Opening.tender_id,
            Bid.round == Opening.round,
            col(Bid.earlier).is_(True),
            ~told.correlate(Bid).exists(),
            visible_to(ctx.actor, Bid),
        )
        .correlate(Opening)
        .exists()
    )
    its = (
        select(Tender, Opening.round, untold)
        .join(Party, col(Party.tender_id) == Tender.id)
        .outerjoin(
            Opening,
            and_(col(Opening.tender_id) == Tender.id, Opening.stage == OpeningStage.DONE),
        )
        .where(
            Party.organisation_id == ctx.actor.organisation_id,
            Party.stage == PartyStage.ACCEPTED,
            or_(
                and_(Tender.stage == Stage.DRAFT, col(Tender.publish_on) >= today),
                and_(Tender.stage == Stage.OPEN, col(Tender.closes_at) > ctx.now - UNOPENED),
            ),
            visible_to(ctx.actor, Tender),
        )
        .order_by(col(Tender.closes_at).desc(), col(Tender.id))
        .limit(MOST)
    )
    found: dict[UUID, Dated] = {}
    for tender, round, waits in ctx.session.exec(its):
        one = found.setdefault(tender.id, Dated(tender))
        if round is not None:
            one.opened.add(round)
        if waits:
            one.untold.add(round)
    return list(found.values())
