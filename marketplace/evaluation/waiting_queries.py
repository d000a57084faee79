"""What waits for the reader in evaluations: seats to fill and to decide on, interests to declare,
bids to score and scores to agree on.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, null, or_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from auth.actor import Role
from marketplace.core.context import Context
from marketplace.evaluation.models import (
    Evaluation,
    Question,
    QuestionStage,
    Seat,
    SeatRole,
    SeatStage,
    Sheet,
    Stage,
)
from marketplace.organisations.models import Person
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender

MOST = 200  # seats of one person
DECIDING = frozenset({Role.AUTHOR, Role.APPROVER})
NAMING = DECIDING | {Role.CURATOR}  # people for the seats of their own organisation


def statement(ctx: Context) -> Any:
    """A row for each seat of which something is to do: what, the seat, its tender and title, since
    when, and the role. It is read together with what else waits for a buyer.
    """
    who = ctx.actor
    sits = and_(col(Seat.person_id) == who.person_id, col(Seat.stage) == SeatStage.SITTING)
    scoring = and_(sits, col(Evaluation.stage) == Stage.SCORING)
    chairs = and_(scoring, col(Seat.role) == SeatRole.CHAIR)
    ways: list[Any] = [
        (and_(col(Seat.person_id) == who.person_id, col(Seat.stage) == SeatStage.NAMED), "declare"),
        (and_(scoring, col(Seat.role) == SeatRole.EVALUATOR, _unsent(ctx)), "score"),
        (and_(chairs, _question(ctx, col(Question.stage) == QuestionStage.OPEN)), "moderate"),
        (and_(chairs, ~_question(ctx, col(Question.stage) != QuestionStage.AGREED)), "lock"),
        (
            and_(
                sits,
                col(Seat.role) == SeatRole.CHAIR,
                col(Evaluation.stage) == Stage.LOCKED,
            ),
            "finalise",
        ),
    ]
    ours = who.organisation_id
    if not who.roles.isdisjoint(NAMING):
        vacant = and_(col(Seat.stage) == SeatStage.VACANT, col(Seat.organisation_id) == ours)
        ways.append((vacant, "name"))
    if not who.roles.isdisjoint(DECIDING):
        waits = and_(col(Seat.stage) == SeatStage.WAITING, col(Tender.organisation_id) == ours)
        ways.append((waits, "rule"))
    what = case(*((when, literal(said)) for when, said in ways), else_=null())
    columns: list[Any] = [
        what,
        Seat.id,
        Seat.tender_id,
        Tender.public_title,
        Seat.created_at,
        cast(col(Seat.role), String),
    ]
    return (
        select(*columns)
        .join(Evaluation, col(Evaluation.id) == Seat.evaluation_id)
        .join(Tender, col(Tender.id) == Seat.tender_id)
        .where(or_(*(when for when, _ in ways)), visible_to(who, Seat), visible_to(who, Tender))
    )


def _question(ctx: Context, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is such a question in the tender of the seat."""
    its = select(Question.id).where(
        Question.tender_id == Seat.tender_id, *which, visible_to(ctx.actor, Question)
    )
    return its.correlate(Seat).exists()


def _unsent(ctx: Context) -> ColumnElement[bool]:
    """There is a question that waits for the scores of who holds the seat."""
    sent = select(Sheet.id).where(
        Sheet.question_id == Question.id,
        Sheet.seat_id == Seat.id,
        col(Sheet.sent_at).is_not(None),
        visible_to(ctx.actor, Sheet),
    )
    return _question(
        ctx,
        col(Question.stage) == QuestionStage.SCORING,
        or_(
            col(Question.organisation_id).is_(None),
            col(Question.organisation_id) == Seat.organisation_id,
        ),
        ~sent.correlate(Question, Seat).exists(),
    )


# ---- A page of one's own


def mine(ctx: Context) -> Sequence[Seat]:
    """The reader's seats, the newest first."""
    its = _held(ctx, select(Seat)).order_by(col(Seat.created_at).desc(), col(Seat.id).desc())
    evaluation: Any = Seat.evaluation
    tender: Any = Evaluation.tender
    lead: Any = Tender.organisation
    whole = joinedload(evaluation).joinedload(tender).joinedload(lead)
    found: Sequence[Seat] = ctx.session.exec(its.limit(MOST).options(whole)).all()
    return found


def number(ctx: Context) -> Any:
    """What asks how many they are, to be asked together with other numbers."""
    return _held(ctx, select(func.count(col(Seat.id))))


def _held(ctx: Context, seats: Any) -> Any:
    """Narrowed to the reader's own: an expert's only until the ranking is final, and of who stands
    aside none.
    """
    who = ctx.actor
    address = select(Person.email).where(Person.id == who.person_id).scalar_subquery()
    for_me = or_(
        and_(
            col(Seat.person_id) == who.person_id,
            or_(col(Seat.expert).is_(True), col(Seat.organisation_id) == who.organisation_id),
            col(Seat.stage).not_in((SeatStage.ENDED, SeatStage.ASIDE)),
        ),
        and_(col(Seat.stage) == SeatStage.INVITED, col(Seat.email) == address),
    )
    return seats.join(Evaluation, col(Evaluation.id) == Seat.evaluation_id).where(
        for_me,
        or_(col(Seat.expert).is_(False), col(Evaluation.stage) != Stage.FINAL),
        visible_to(who, Seat),
    )
