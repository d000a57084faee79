"""What waits for the reader in evaluations: seats to fill and to decide on, interests to declare,
bids to score and scores to agree on.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, literal, null, or_
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
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender

DECIDING = frozenset({Role.AUTHOR, Role.APPROVER})


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
    if not who.roles.isdisjoint(DECIDING):
        ours = who.organisation_id
        ways += [
            (and_(col(Seat.stage) == SeatStage.VACANT, col(Seat.organisation_id) == ours), "name"),
            (
                and_(col(Seat.stage) == SeatStage.WAITING, col(Tender.organisation_id) == ours),
                "rule",
            ),
        ]
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
