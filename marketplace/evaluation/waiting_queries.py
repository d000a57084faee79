"""What waits for the reader in evaluations: seats to fill and to decide on, interests to declare,
bids to score and scores to agree on, questions to answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, or_
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
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender

MOST = 500  # seats, and questions of one's own, that are looked at
NAMING = frozenset({Role.AUTHOR, Role.APPROVER, Role.CURATOR})
DECIDING = frozenset({Role.AUTHOR, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to do in an evaluation: what, on which page beneath it, and why the reader."""

    does: str
    why: str
    tender: Tender
    seat: Seat


def waiting(ctx: Context) -> Sequence[Waiting]:
    """The newest tender first, by one statement however many there are."""
    seats: dict[UUID, tuple[Seat, Evaluation, Tender]] = {}
    questions: dict[UUID, list[tuple[Question, bool]]] = {}
    for seat, evaluation, tender, question, sent in _rows(ctx):
        seats[seat.id] = seat, evaluation, tender
        if question:
            questions.setdefault(seat.id, []).append((question, sent is not None))
    return [
        Waiting(does, why, tender, seat)
        for seat, evaluation, tender in seats.values()
        for does, why in _said(ctx, seat, evaluation, questions.get(seat.id, ()))
    ]


def _rows(ctx: Context) -> Any:
    """One's own seats, those that wait for a name, and those to decide on; with one's own, while
    bids are scored, the questions of the tender and when one's scores for each were sent.
    """
    who, ours = ctx.actor, ctx.actor.organisation_id
    named = and_(col(Seat.stage) == SeatStage.VACANT, col(Seat.organisation_id) == ours)
    led = and_(col(Seat.stage) == SeatStage.WAITING, col(Tender.organisation_id) == ours)
    own = col(Seat.person_id) == who.person_id
    columns: list[Any] = [Seat, Evaluation, Tender, Question, Sheet.sent_at]
    asked = and_(
        col(Question.tender_id) == Seat.tender_id,
        own,
        col(Seat.stage) == SeatStage.SITTING,
        col(Evaluation.stage) == Stage.SCORING,
        visible_to(who, Question),
    )
    scored = and_(
        col(Sheet.question_id) == Question.id,
        col(Sheet.seat_id) == Seat.id,
        visible_to(who, Sheet),
    )
    rows = (
        select(*columns)
        .join(Evaluation, col(Evaluation.id) == Seat.evaluation_id)
        .join(Tender, col(Tender.id) == Seat.tender_id)
        .outerjoin(Question, asked)
        .outerjoin(Sheet, scored)
        .where(
            col(Evaluation.stage) != Stage.FINAL,
            or_(
                and_(own, col(Seat.stage) != SeatStage.ENDED),
                false() if who.roles.isdisjoint(NAMING) else named,
                false() if who.roles.isdisjoint(DECIDING) else led,
            ),
            visible_to(who, Seat),
            visible_to(who, Tender),
        )
        .order_by(col(Tender.created_at).desc(), col(Seat.id), col(Question.id))
        .limit(MOST)
    )
    holder: Any = Seat.person
    return ctx.session.exec(rows.options(joinedload(holder)))


def _said(
    ctx: Context,
    seat: Seat,
    evaluation: Evaluation,
    questions: Sequence[tuple[Question, bool]],
) -> Iterator[tuple[str, str]]:
    mine = seat.person_id == ctx.actor.person_id
    if seat.stage is SeatStage.VACANT:
        role = seat.role.label.lower()
        yield "Name somebody", f"Your organisation is offered a seat as {role} on the panel"
    if seat.stage is SeatStage.WAITING and not mine:
        yield "Decide on an interest", f"{seat.holder} declared one and waits to sit"
    if not mine:
        return
    if seat.stage is SeatStage.NAMED:
        yield "Declare your interests", "You have a seat on the panel that judges the bids"
    if seat.stage is not SeatStage.SITTING:
        return
    if seat.role is SeatRole.EVALUATOR:
        left = sum(
            1
            for one, sent in questions
            if one.stage is QuestionStage.SCORING
            and not sent
            and one.organisation_id in (None, seat.organisation_id)
        )
        if left:
            word = "question waits" if left == 1 else "questions wait"
            yield "Score the bids", f"{left} {word} for your scores"
    if seat.role is SeatRole.CHAIR:
        stages = [one.stage for one, _ in questions]
        if QuestionStage.OPEN in stages:
            yield "Agree on scores", "Everybody who scores a question has sent theirs"
        elif stages and set(stages) == {QuestionStage.AGREED}:
            yield "Lock quality", "Every score is agreed"
        elif evaluation.stage is Stage.LOCKED:
            yield "Make the ranking final", "The scores are agreed and the prices are open"
