"""What the record of a tender is made from, read as whoever asks may see it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, union_all
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.audit.models import Block
from marketplace.awards.models import Award, Consent, Proceedings, Summary
from marketplace.bids.models import Bid, Bidder, BidFile, Opening
from marketplace.clarifications.models import Clarification
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.models import (
    CallOff,
    Contract,
    ContractChange,
    ContractDocument,
    ContractNotice,
    ContractParty,
    ContractStandard,
    Milestone,
    Permitted,
    Review,
)
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.evaluation.finding_models import Disregard, Exchange, Judgement
from marketplace.evaluation.models import (
    Agreed,
    Declaration,
    Evaluation,
    Opinion,
    Question,
    Ranked,
    Score,
    Seat,
)
from marketplace.organisations.models import Organisation, Person
from marketplace.policy import visible_to
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Approval,
    Criterion,
    Demand,
    PartVersion,
    Party,
    Publication,
    Tender,
    TenderCheck,
    TenderDocument,
)

MOST = 20_000  # steps of one record
# Every table that belongs to a tender, by its own name. The bids' scores and reasons come with it
# as far as the reader may see them.
OF_TENDERS: tuple[type[Any], ...] = (
    Party,
    Lot,
    Criterion,
    Demand,
    TenderCheck,
    PartVersion,
    Approval,
    Publication,
    TenderDocument,
    Clarification,
    Opening,
    Bid,
    Seat,
    Declaration,
    Score,
    Agreed,
    Opinion,
    Judgement,
    Exchange,
    Disregard,
    Ranked,
    Award,
    Consent,
    Summary,
    Proceedings,
    Contract,
)
OF_CONTRACTS: tuple[type[Any], ...] = (
    ContractParty,
    Permitted,
    CallOff,
    ContractChange,
    ContractDocument,
    ContractNotice,
    ContractStandard,
    Milestone,
    Review,
    Breach,
)


def rows(ctx: Context, kind: type[Any], key: Any, ids: Collection[UUID]) -> Sequence[Any]:
    """The rows of a table that belong to something, as they were made."""
    its = select(kind).where(key.in_(ids), visible_to(ctx.actor, kind))
    return ctx.session.exec(its.order_by(kind.created_at, kind.id)).all()


def names(ctx: Context, tender: Tender) -> Mapping[UUID, str]:
    """What the things of a tender are called that its steps were done to, as far as the reader may
    know: seats by who holds them, questions by their criteria, and bids by their suppliers.
    """
    seats: Any = select(Seat.id, func.coalesce(Person.name, Seat.email))
    seats = seats.outerjoin(Person, col(Person.id) == Seat.person_id).where(
        Seat.tender_id == tender.id, visible_to(ctx.actor, Seat)
    )
    questions: Any = select(Question.id, Criterion.title)
    questions = questions.join(Criterion, col(Criterion.id) == Question.criterion_id).where(
        Question.tender_id == tender.id,
        visible_to(ctx.actor, Question),
        visible_to(ctx.actor, Criterion),
    )
    bids: Any = select(Bid.id, Organisation.name)
    bids = bids.join(Organisation, col(Organisation.id) == Bid.organisation_id).where(
        Bid.tender_id == tender.id,
        visible_to(ctx.actor, Bid),
        visible_to(ctx.actor, Organisation),
    )
    every: Any = union_all(seats, questions, bids)
    return {id: name for id, name in ctx.session.exec(every) if name}


def evaluation_ids(ctx: Context, tender: Tender) -> Sequence[UUID]:
    its = select(Evaluation.id).where(
        Evaluation.tender_id == tender.id, visible_to(ctx.actor, Evaluation)
    )
    return ctx.session.exec(its).all()


def steps(ctx: Context, tender: Tender, others: Sequence[UUID], most: int) -> Sequence[Event]:
    """Everything that was done about a tender and these things of it, in the order of time."""
    seen = select(Event).where(
        col(Event.about_id).in_([tender.id, *others]), visible_to(ctx.actor, Event)
    )
    in_time = seen.order_by(col(Event.created_at), col(Event.id)).limit(most)
    return ctx.session.exec(in_time).all()


def bids(ctx: Context, tender: Tender) -> Sequence[Bid]:
    its = select(Bid).where(Bid.tender_id == tender.id, visible_to(ctx.actor, Bid))
    whose: Any = Bid.organisation
    return ctx.session.exec(its.order_by(col(Bid.submitted_at)).options(joinedload(whose))).all()


def bid_files(ctx: Context, tender: Tender) -> Sequence[tuple[BidFile, int]]:
    """The files of the bids that were opened, each with the number of its bidder, as far as the
    reader may have them. 0 is a bid for an earlier stage, which has no number.
    """
    its: Any = (
        select(BidFile, Bidder.number)
        .join(Bid, col(Bid.id) == BidFile.bid_id)
        .outerjoin(Bidder, col(Bidder.bid_id) == BidFile.bid_id)
        .where(Bid.tender_id == tender.id, visible_to(ctx.actor, BidFile))
    )
    found = ctx.session.exec(its.order_by(BidFile.bid_id, BidFile.name, BidFile.id))
    return [(file, number or 0) for file, number in found]


def last_block(ctx: Context) -> Block | None:
    """The newest block of the sealed journal, which everything before it stands in."""
    newest = select(Block).where(visible_to(ctx.actor, Block))
    return ctx.session.exec(newest.order_by(col(Block.number).desc()).limit(1)).first()
