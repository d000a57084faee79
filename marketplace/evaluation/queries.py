"""What can be found of evaluations: the panel by who works on the tender, bids and scores by those
who sit, and the ranking at the end by whom it concerns.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from auth.actor import CLOCK, Kind
from marketplace.bids.asking import Asked, asked
from marketplace.bids.models import Bid, Bidder, BidFile
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.evaluation.finding_models import Disregard
from marketplace.evaluation.models import (
    Agreed,
    Declaration,
    Evaluation,
    Opinion,
    Question,
    Ranked,
    Score,
    Seat,
    SeatStage,
    Sheet,
    Stage,
)
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.tenders import queries as tenders
from marketplace.tenders.lot_models import Lot, LotStage
from marketplace.tenders.models import Tender

# ---- The evaluation and its panel


def evaluation(ctx: Context, id: UUID) -> Evaluation | None:
    """The evaluation of a tender, if anybody has offered a seat."""
    its = select(Evaluation).where(Evaluation.tender_id == id, visible_to(ctx.actor, Evaluation))
    whole = eager(Evaluation.tender).joinedload(Tender.organisation)
    return ctx.session.exec(its.options(whole)).one_or_none()


def of(ctx: Context, id: UUID) -> tuple[Evaluation, Seat | None]:
    """The evaluation of a tender for whoever works on it or has a seat, and the seat of the reader;
    a new one before anybody has offered one. For everybody else, for who stands aside, and for an
    expert once it is final, there is no such place.
    """
    found = evaluation(ctx, id) or Evaluation(tender=tenders.working(ctx, id), tender_id=id)
    seat = mine(ctx, found)
    over = seat is not None and seat.expert and found.stage is Stage.FINAL
    if over or (seat and seat.stage is SeatStage.ASIDE):
        raise NotFound("There is no such tender.")
    return found, seat


def mine(ctx: Context, of: Evaluation) -> Seat | None:
    """The seat of the reader, whatever they have declared."""
    theirs = select(Seat).where(
        Seat.tender_id == of.tender_id,
        Seat.person_id == ctx.actor.person_id,
        Seat.stage != SeatStage.ENDED,
        or_(col(Seat.expert).is_(True), col(Seat.organisation_id) == ctx.actor.organisation_id),
        visible_to(ctx.actor, Seat),
    )
    if not ctx.actor.known or ctx.actor.seen_through:
        return None
    return ctx.session.exec(theirs).one_or_none()


def seats(ctx: Context, of: Evaluation) -> Sequence[Seat]:
    """Every seat, by organisation; those that ended last."""
    its = (
        select(Seat)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .where(Seat.tender_id == of.tender_id, visible_to(ctx.actor, Seat))
        .order_by(
            col(Seat.stage) == SeatStage.ENDED, col(Organisation.name), col(Seat.role), col(Seat.id)
        )
    )
    whole = (eager(Seat.organisation), eager(Seat.person))
    return ctx.session.exec(its.options(*whole)).all()


def seat(ctx: Context, tender_id: UUID, id: UUID) -> Seat:
    its = select(Seat).where(
        Seat.id == id, Seat.tender_id == tender_id, visible_to(ctx.actor, Seat)
    )
    whole = (eager(Seat.organisation), eager(Seat.person), eager(Seat.evaluation))
    if found := ctx.session.exec(its.options(*whole)).one_or_none():
        return found
    raise NotFound("There is no such seat.")


def declarations(ctx: Context, of: Evaluation) -> Mapping[UUID, Sequence[Declaration]]:
    """What was declared, by seat, the newest first."""
    its = select(Declaration).where(
        Declaration.tender_id == of.tender_id, visible_to(ctx.actor, Declaration)
    )
    found: dict[UUID, list[Declaration]] = {}
    newest = its.order_by(col(Declaration.created_at).desc(), col(Declaration.id).desc())
    for one in ctx.session.exec(newest):
        found.setdefault(one.seat_id, []).append(one)
    return found


def declarations_of(ctx: Context, seat: Seat) -> Sequence[Declaration]:
    its = select(Declaration).where(
        Declaration.seat_id == seat.id, visible_to(ctx.actor, Declaration)
    )
    newest = its.order_by(col(Declaration.created_at).desc(), col(Declaration.id).desc())
    return ctx.session.exec(newest).all()


def loti(ctx: Context) -> Organisation | None:
    its = select(Organisation).where(
        Organisation.kind == Kind.LOTI, visible_to(ctx.actor, Organisation)
    )
    return ctx.session.exec(its.limit(1)).first()


# ---- What is judged


def what_was_asked(ctx: Context, tender: Tender) -> Asked:
    return asked(tenders.publications(ctx, tender))


def question(ctx: Context, of: Evaluation, id: UUID) -> Question:
    its = select(Question).where(
        Question.id == id, Question.tender_id == of.tender_id, visible_to(ctx.actor, Question)
    )
    if found := ctx.session.exec(its.options(eager(Question.evaluation))).one_or_none():
        return found
    raise NotFound("There is no such question.")


def bidders(ctx: Context, tender: Tender) -> Sequence[Bidder]:
    """The opened bids without whose they are, by number."""
    its = select(Bidder).where(Bidder.tender_id == tender.id, visible_to(ctx.actor, Bidder))
    return ctx.session.exec(its.order_by(col(Bidder.number))).all()


def bidders_with(
    ctx: Context, tender: Tender
) -> tuple[Sequence[tuple[Bidder, Disregard | None]], Set[UUID]]:
    """The same with why a bid is not considered any more; and the ids of the bids of which every
    lot that they are for has ended: they are in no ranking, so nobody scores them.
    """
    gone = and_(col(Disregard.bid_id) == Bidder.bid_id, visible_to(ctx.actor, Disregard))
    whole = and_(col(Bid.id) == Bidder.bid_id, visible_to(CLOCK, Bid))
    ended = and_(
        col(Lot.tender_id) == Bidder.tender_id,
        col(Lot.stage) == LotStage.ENDED,
        visible_to(CLOCK, Lot),
    )
    columns: list[Any] = [Bidder, Disregard, col(Bid.content)["lots"], Lot.id]
    its: Any = select(*columns).select_from(Bidder)
    its = its.outerjoin(Disregard, gone).outerjoin(Bid, whole)
    its = its.outerjoin(Lot, ended).order_by(col(Bidder.number))
    its = its.where(Bidder.tender_id == tender.id, visible_to(ctx.actor, Bidder))
    found: dict[UUID, tuple[Bidder, Disregard | None]] = {}
    left: dict[UUID, set[str]] = {}
    for one, why, lots, over in ctx.session.exec(its):
        found[one.bid_id] = (one, why)
        if lots:
            left.setdefault(one.bid_id, {lot["id"] for lot in lots}).discard(str(over))
    return list(found.values()), {bid_id for bid_id, going in left.items() if not going}


def considered(ctx: Context, tender: Tender) -> Sequence[Bidder]:
    """The same without those that are not considered any more, and those for ended lots alone."""
    every, over = bidders_with(ctx, tender)
    return [one for one, gone in every if gone is None and one.bid_id not in over]


def bidder(among: Sequence[Bidder], id: UUID) -> Bidder:
    if found := next((one for one in among if one.id == id), None):
        return found
    raise NotFound("There is no such bidder.")


def numbers(ctx: Context, tender: Tender) -> Mapping[UUID, int]:
    """The number of each bid, by its id: "Bidder 1"."""
    return {one.bid_id: one.number for one in bidders(ctx, tender)}


def files(ctx: Context, of: Bidder) -> Sequence[BidFile]:
    """Its files, in an order that stays."""
    its = select(BidFile).where(BidFile.bid_id == of.bid_id, visible_to(ctx.actor, BidFile))
    return ctx.session.exec(its.order_by(col(BidFile.name), col(BidFile.id))).all()


# ---- Scores


def sheets(ctx: Context, of: Seat) -> Mapping[UUID, Sheet]:
    """The reader's own, by question."""
    its = select(Sheet).where(Sheet.seat_id == of.id, visible_to(ctx.actor, Sheet))
    return {one.question_id: one for one in ctx.session.exec(its)}


def sheet(ctx: Context, of: Seat, question: Question) -> Sheet | None:
    its = select(Sheet).where(
        Sheet.seat_id == of.id, Sheet.question_id == question.id, visible_to(ctx.actor, Sheet)
    )
    whole = its.options(eager(Sheet.seat), eager(Sheet.question))
    return ctx.session.exec(whole).one_or_none()


Sent = frozenset[tuple[UUID, UUID]]  # who sent scores for what, by seat and question


def questions_and_sent(ctx: Context, of: Evaluation) -> tuple[Mapping[str, Question], Sent]:
    """The criteria that the panel scores, by id, and who has sent theirs: no more is told of it."""
    its = (
        select(Question, Sheet.seat_id)
        .outerjoin(
            Sheet,
            and_(
                col(Sheet.question_id) == Question.id,
                col(Sheet.sent_at).is_not(None),
                visible_to(CLOCK, Sheet),
            ),
        )
        .where(Question.tender_id == of.tender_id, visible_to(ctx.actor, Question))
    )
    rows = ctx.session.exec(its).all()
    return (
        {str(one.criterion_id): one for one, _ in rows},
        frozenset((seat, one.id) for one, seat in rows if seat),
    )


def scores(
    ctx: Context, of: Evaluation, question: Question | None = None
) -> Mapping[tuple[UUID, UUID], Sequence[Score]]:
    """What each gave whom, as far as the reader may see it, by criterion and bid."""
    its = select(Score).where(Score.tender_id == of.tender_id, visible_to(ctx.actor, Score))
    if question:
        its = its.where(Score.criterion_id == question.criterion_id)
    whole = eager(Score.seat).options(eager(Seat.person), eager(Seat.organisation))
    found: dict[tuple[UUID, UUID], list[Score]] = {}
    for one in ctx.session.exec(its.options(whole).order_by(col(Score.id))):
        found.setdefault((one.criterion_id, one.bid_id), []).append(one)
    return found


def scored_by(ctx: Context, seat: Seat) -> Sequence[UUID]:
    """The criteria that a seat has sent scores for."""
    its = (
        select(Question.criterion_id)
        .join(Sheet, col(Sheet.question_id) == Question.id)
        .where(Sheet.seat_id == seat.id, col(Sheet.sent_at).is_not(None), visible_to(CLOCK, Sheet))
    )
    return ctx.session.exec(its).all()


def sent_without(ctx: Context, of: Evaluation, bidder: Bidder) -> Sequence[Sheet]:
    """The scores that were sent without any for this bid, of those who may still score."""
    its = (
        select(Sheet)
        .join(Seat, col(Seat.id) == Sheet.seat_id)
        .join(Question, col(Question.id) == Sheet.question_id)
        .outerjoin(
            Score,
            and_(
                col(Score.seat_id) == Sheet.seat_id,
                col(Score.criterion_id) == Question.criterion_id,
                col(Score.bid_id) == bidder.bid_id,
            ),
        )
        .where(
            Sheet.tender_id == of.tender_id,
            col(Sheet.sent_at).is_not(None),
            col(Score.id).is_(None),
            col(Seat.stage).in_((SeatStage.NAMED, SeatStage.WAITING, SeatStage.SITTING)),
            visible_to(CLOCK, Sheet),
        )
        .order_by(col(Sheet.id))
    )
    return ctx.session.exec(its).all()


def given(ctx: Context, seat: Seat, question: Question) -> frozenset[UUID]:
    """The bids that a seat has sent scores of for a question: those stay as they were."""
    its = select(Score.bid_id).where(
        Score.seat_id == seat.id,
        Score.criterion_id == question.criterion_id,
        visible_to(CLOCK, Score),
    )
    return frozenset(ctx.session.exec(its))


def agreed(ctx: Context, tender: Tender) -> Sequence[Agreed]:
    """What the panel agreed on, a row a criterion and bid."""
    its = select(Agreed).where(Agreed.tender_id == tender.id, visible_to(ctx.actor, Agreed))
    return ctx.session.exec(its.order_by(col(Agreed.criterion_id), col(Agreed.bid_id))).all()


def agreement(ctx: Context, question: Question, bid_id: UUID) -> Agreed | None:
    its = select(Agreed).where(
        Agreed.criterion_id == question.criterion_id,
        Agreed.bid_id == bid_id,
        Agreed.tender_id == question.tender_id,
        visible_to(ctx.actor, Agreed),
    )
    return ctx.session.exec(its).one_or_none()


def opinions(ctx: Context, of: Agreed) -> Sequence[Opinion]:
    its = select(Opinion).where(Opinion.agreed_id == of.id, visible_to(ctx.actor, Opinion))
    return ctx.session.exec(its.order_by(col(Opinion.id))).all()


def opinions_about(ctx: Context, these: Iterable[Agreed]) -> Sequence[Opinion]:
    """What was said of any of these."""
    its = select(Opinion).where(
        col(Opinion.agreed_id).in_([one.id for one in these]), visible_to(ctx.actor, Opinion)
    )
    return ctx.session.exec(its).all()


def agreement_with_opinions(
    ctx: Context, question: Question, bid_id: UUID
) -> tuple[Agreed | None, list[Opinion]]:
    """What was agreed on, and who assents to it or dissents."""
    said = and_(col(Opinion.agreed_id) == Agreed.id, visible_to(ctx.actor, Opinion))
    its = (
        select(Agreed, Opinion)
        .outerjoin(Opinion, said)
        .where(
            Agreed.criterion_id == question.criterion_id,
            Agreed.bid_id == bid_id,
            visible_to(ctx.actor, Agreed),
        )
        .order_by(col(Opinion.id))
    )
    whole = eager(Opinion.seat).options(eager(Seat.person), eager(Seat.organisation))
    rows = ctx.session.exec(its.options(whole)).all()
    return (rows[0][0] if rows else None), [opinion for _, opinion in rows if opinion]


# ---- The end


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
    whole = eager(Ranked.bid).joinedload(Bid.organisation)
    return ctx.session.exec(its.options(whole)).all()
