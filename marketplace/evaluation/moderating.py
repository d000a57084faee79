"""How a browser sees what a panel gave, where it differs, and what it agrees on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from marketplace.bids.asking import Question as Criterion
from marketplace.bids.models import Bidder
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.forms import BoundForm, bind, reads, typed
from marketplace.core.pages import flash, go, page
from marketplace.evaluation import agreeing_actions, forms, progress, queries
from marketplace.evaluation.agreeing_actions import counting, prospect
from marketplace.evaluation.forms import Closing, Opining
from marketplace.evaluation.models import (
    Agreed,
    Evaluation,
    Question,
    QuestionStage,
    Seat,
    SeatStage,
)
from marketplace.evaluation.reckoning import Spread
from marketplace.evaluation.scoring import criterion_of
from marketplace.evaluation.working import frame, panel
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders/{id}/workspace/evaluation", route_class=Opening)


@dataclass(frozen=True, slots=True)
class Row:
    """A bid in a question: how far apart its scores are, and what was agreed on."""

    criterion: Criterion
    question: Question
    bidder: Bidder
    spread: Spread
    agreed: Agreed | None
    discuss: bool

    @property
    def below_minimum(self) -> bool:
        least, score = self.criterion.minimum, self.score
        return bool(least and score is not None and score < least)

    @property
    def score(self) -> Decimal | None:
        """What was agreed on or, before that, the mean."""
        return self.agreed.points if self.agreed else self.spread.mean


@router.get("/moderation", name="evaluation.moderation")
def moderation(request: Request, ctx: Context, id: UUID) -> Response:
    return _moderation(request, ctx, *panel(ctx, id), None)


def _moderation(
    request: Request,
    ctx: Context,
    evaluation: Evaluation,
    seat: Seat,
    form: BoundForm[Any] | None,
) -> Response:
    """What is not agreed yet first, and of it the widest apart."""
    asked = queries.what_was_asked(ctx, evaluation.tender)
    questions, _ = queries.questions_and_sent(ctx, evaluation)
    bidders = queries.considered(ctx, evaluation.tender)
    given = queries.scores(ctx, evaluation)
    agreed = {(one.criterion_id, one.bid_id): one for one in queries.agreed(ctx, evaluation.tender)}
    rows = []
    for criterion in asked.questions:
        question = questions.get(criterion.id)
        if question is None or question.stage is QuestionStage.SCORING:
            continue
        for bidder in bidders:
            key = (question.criterion_id, bidder.bid_id)
            spread = Spread.of(one.points for one in counting(given.get(key, ())))
            far = spread.width >= evaluation.discuss_from
            rows.append(Row(criterion, question, bidder, spread, agreed.get(key), far))
    rows.sort(key=lambda row: (row.agreed is not None, -row.spread.width))
    chairs = agreeing_actions.prospect(evaluation)
    seats = queries.seats(ctx, evaluation)
    return page(
        request,
        "evaluation/moderation.html",
        **frame(ctx, evaluation, "Moderation"),
        seat=seat,
        rows=rows,
        waiting=[
            (criterion, questions[criterion.id])
            for criterion in asked.questions
            if criterion.id in questions and questions[criterion.id].stage is QuestionStage.SCORING
        ],
        alike=sum(1 for row in rows if row.spread.unanimous and row.agreed is None),
        chairs=chairs,
        form=form or BoundForm(forms.agreeing_at_once(_present(seats))),
    )


def _present(seats: Sequence[Seat]) -> list[tuple[str, str]]:
    """Who can have been there when something was agreed on."""
    return [
        (str(one.id), f"{one.holder} ({one.role.label.lower()}, {one.organisation.called})")
        for one in seats
        if one.stage is SeatStage.SITTING
    ]


async def _data(request: Request) -> FormData:
    return await request.form()


Data = Annotated[FormData, Depends(_data)]


@router.post("/moderation", name=Verb.SCORE_AGREE)
def agree_at_once(request: Request, ctx: Context, id: UUID, data: Data) -> Response:
    evaluation, seat = panel(ctx, id)
    require(ctx, Verb.SCORE_AGREE, prospect(evaluation))
    kind = forms.agreeing_at_once(_present(queries.seats(ctx, evaluation)))
    form: BoundForm[Any] = bind(kind, typed(kind, data))
    if form.value is None:
        return _moderation(request, ctx, evaluation, seat, form)
    number = agreeing_actions.agree_at_once(ctx, evaluation, form.value.present)
    said = "1 score is agreed." if number == 1 else f"{number} scores are agreed."
    flash(request, said if number else "There was no score left on which all are of one mind.")
    return go(request, "evaluation.moderation", id=id)


# ---- One score that is agreed on

ONE = "/questions/{question_id}/bidders/{bidder_id}/agreed"


@router.get(ONE, name=Verb.SCORE_AGREE)
def read(request: Request, ctx: Context, id: UUID, question_id: UUID, bidder_id: UUID) -> Response:
    """Everybody's score and comment, and what was agreed on; the chair writes it down here."""
    evaluation, seat, question, one = _one(ctx, id, question_id, bidder_id)
    return _agreeing(request, ctx, evaluation, seat, question, one)


@router.post(ONE, name=Verb.SCORE_AGREE)
def agree(
    request: Request, ctx: Context, id: UUID, question_id: UUID, bidder_id: UUID, data: Data
) -> Response:
    evaluation, seat, question, one = _one(ctx, id, question_id, bidder_id)
    require(ctx, Verb.SCORE_AGREE, question)
    asked = queries.what_was_asked(ctx, evaluation.tender)
    kind = forms.agreeing(asked.scale, _present(queries.seats(ctx, evaluation)))
    form: BoundForm[Any] = bind(kind, typed(kind, data))
    if form.value is None:
        return _agreeing(request, ctx, evaluation, seat, question, one, form=form)
    said = form.value
    agreeing_actions.agree(ctx, question, one, said.points, said.reason, said.present)
    flash(request, f"Agreed: {said.points} of 10 for {one.called}.")
    return go(request, "evaluation.moderation", id=id)


def _one(
    ctx: Context, id: UUID, question_id: UUID, bidder_id: UUID
) -> tuple[Evaluation, Seat, Question, Bidder]:
    evaluation, seat = panel(ctx, id)
    question = queries.question(ctx, evaluation, question_id)
    if question.stage is QuestionStage.SCORING:
        raise NotFound("Its scores are not open yet.")
    return (
        evaluation,
        seat,
        question,
        queries.bidder(queries.considered(ctx, evaluation.tender), bidder_id),
    )


def _agreeing(
    request: Request,
    ctx: Context,
    evaluation: Evaluation,
    seat: Seat,
    question: Question,
    bidder: Bidder,
    *,
    form: BoundForm[Any] | None = None,
    opining: BoundForm[Opining] | None = None,
) -> Response:
    asked = queries.what_was_asked(ctx, evaluation.tender)
    criterion = criterion_of(asked, question)
    key = (question.criterion_id, bidder.bid_id)
    scores = queries.scores(ctx, evaluation, question).get(key, ())
    agreed, opinions = queries.agreement_with_opinions(ctx, question, bidder.bid_id)
    writes = seat.role == "chair"
    present = _present(queries.seats(ctx, evaluation)) if writes else []
    if form is None and agreed:
        known = {"points": str(int(agreed.points)), "reason": agreed.reason}
        form = BoundForm(forms.agreeing(asked.scale, present), known)
    return page(
        request,
        "evaluation/agreeing.html",
        status=422 if opining and opining.errors else 200,
        **frame(ctx, evaluation, f"{criterion.title}: {bidder.called}"),
        seat=seat,
        question=question,
        criterion=criterion,
        bidder=bidder,
        answer=next((one for one in bidder.answers if one["id"] == criterion.id), None),
        scores=scores,
        spread=Spread.of(one.points for one in counting(scores)),
        agreed=agreed,
        read=agreeing_actions.fingerprint(agreed) if agreed else "",
        opinions=opinions,
        form=form or BoundForm(forms.agreeing(asked.scale, present)),
        opining=opining or BoundForm(Opining),
    )


@router.post("/questions/{question_id}/bidders/{bidder_id}/opinion", name=Verb.SCORE_OPINE)
def opine(
    request: Request,
    ctx: Context,
    id: UUID,
    question_id: UUID,
    bidder_id: UUID,
    form: Annotated[BoundForm[Opining], Depends(reads(Opining))],
) -> Response:
    evaluation, seat, question, one = _one(ctx, id, question_id, bidder_id)
    require(ctx, Verb.SCORE_OPINE, question)
    for field, why in form.value.missing().items() if form.value else ():
        form = form.refused(field, why)
    agreed = queries.agreement(ctx, question, one.bid_id)
    if agreed is None:
        raise Conflict("Nothing was agreed on here yet, so there is nothing to assent to.")
    form = agreeing_actions.opine(ctx, question, agreed, seat, form)
    if form.errors:
        return _agreeing(request, ctx, evaluation, seat, question, one, opining=form)
    flash(request, "Written down.")
    place = {"id": id, "question_id": question_id, "bidder_id": bidder_id}
    return go(request, Verb.SCORE_AGREE, **place)


# ---- Without somebody


@router.get("/questions/{question_id}/close", name=Verb.QUESTION_CLOSE)
def ask_to_close(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    return _closing(request, ctx, id, question_id, BoundForm(Closing))


@router.post("/questions/{question_id}/close", name=Verb.QUESTION_CLOSE)
def close(
    request: Request,
    ctx: Context,
    id: UUID,
    question_id: UUID,
    form: Annotated[BoundForm[Closing], Depends(reads(Closing))],
) -> Response:
    if form.value is None:
        return _closing(request, ctx, id, question_id, form)
    evaluation, _ = panel(ctx, id)
    question = queries.question(ctx, evaluation, question_id)
    agreeing_actions.close(ctx, question, form.value.because)
    flash(request, "Closed. The scores that were sent are open to the panel.")
    return go(request, "evaluation.moderation", id=id)


def _closing(
    request: Request, ctx: Context, id: UUID, question_id: UUID, form: BoundForm[Closing]
) -> Response:
    evaluation, _ = panel(ctx, id)
    question = queries.question(ctx, evaluation, question_id)
    require(ctx, Verb.QUESTION_CLOSE, question)
    asked = queries.what_was_asked(ctx, evaluation.tender)
    seats = queries.seats(ctx, evaluation)
    _, sent = queries.questions_and_sent(ctx, evaluation)
    return page(
        request,
        "evaluation/close.html",
        **frame(ctx, evaluation, "Go on without some scores"),
        question=question,
        criterion=criterion_of(asked, question),
        late=progress.missing(question, seats, sent),
        form=form,
    )
