"""What a panel does together: goes on without somebody, agrees on scores, assents and dissents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.bids.models import Bidder
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.evaluation import queries
from marketplace.evaluation.forms import Opining
from marketplace.evaluation.models import (
    Agreed,
    Evaluation,
    Opinion,
    Question,
    QuestionStage,
    Score,
    Seat,
    SeatStage,
)
from marketplace.evaluation.panel_actions import settle
from marketplace.evaluation.progress import counted
from marketplace.evaluation.reckoning import Spread
from marketplace.perform import lock, perform, permit
from marketplace.tenders.content import digest
from marketplace.verbs import Verb

OF_ONE_MIND = "Everybody who scored it gave this score."


def close(ctx: Context, question: Question, because: str) -> None:
    """The chair goes on although somebody's scores are missing, and says why."""
    evaluation = question.evaluation
    lock(ctx, evaluation)
    _, sent = queries.questions_and_sent(ctx, evaluation)
    if not counted(question, queries.seats(ctx, evaluation), sent):
        raise Conflict("No scores were sent for this question that count, so it cannot be closed.")
    perform(ctx, Verb.QUESTION_CLOSE, question, about=evaluation.tender, because=because)
    question.because = because


def agree(
    ctx: Context,
    question: Question,
    bidder: Bidder,
    points: str,
    reason: str,
    present: Sequence[str],
) -> Agreed:
    """Writes down the score that the panel agreed on; once more, when it agrees anew."""
    lock(ctx, question.evaluation)
    made = _agree(ctx, question, bidder, points, reason, _names(ctx, question, present))
    settle(ctx, question.evaluation)
    return made


def agree_at_once(ctx: Context, evaluation: Evaluation, present: Sequence[str]) -> int:
    """Agrees on every score on which all who gave one were of one mind; how many there were."""
    lock(ctx, evaluation)
    tender = evaluation.tender
    every, known = queries.scores(ctx, evaluation), queries.agreed(ctx, tender)
    there = {(one.criterion_id, one.bid_id) for one in known}
    bidders = queries.considered(ctx, tender)
    number = 0
    for question in queries.questions_and_sent(ctx, evaluation)[0].values():
        question.evaluation = evaluation
        for bidder in bidders if question.stage is QuestionStage.OPEN else ():
            key = (question.criterion_id, bidder.bid_id)
            given = counting(every.get(key, ()))
            spread = Spread.of(one.points for one in given)
            if key in there or not spread.unanimous:
                continue
            names = _names(ctx, question, present)
            _agree(ctx, question, bidder, str(spread.scores[0]), _reasons(given), names)
            number += 1
    if number:
        settle(ctx, evaluation)
    else:
        permit(ctx, Verb.SCORE_AGREE, prospect(evaluation))
    return number


def _reasons(given: Sequence[Score]) -> str:
    """What all said who are of one mind: the bidder reads it, and cannot read their sheets."""
    as_sent = sorted(given, key=lambda one: (one.created_at, str(one.id)))
    return " ".join((OF_ONE_MIND, *dict.fromkeys(one.comment for one in as_sent)))


def prospect(evaluation: Evaluation) -> Question:
    """A question as one may be agreed on, to ask whether somebody may."""
    return Question(
        stage=QuestionStage.OPEN,
        criterion_id=evaluation.id,
        evaluation=evaluation,
        evaluation_id=evaluation.id,
        tender_id=evaluation.tender_id,
    )


def counting(scores: Sequence[Score]) -> list[Score]:
    """Without those of somebody who stands aside now."""
    return [one for one in scores if one.seat.stage is not SeatStage.ASIDE]


def _names(ctx: Context, question: Question, present: Sequence[str]) -> str:
    known = {str(one.id): one for one in queries.seats(ctx, question.evaluation)}
    there = [known[id] for id in present if id in known]
    return "; ".join(
        f"{one.holder} ({one.role.label.lower()}, {one.organisation.called})" for one in there
    )


def _agree(
    ctx: Context,
    question: Question,
    bidder: Bidder,
    points: str,
    reason: str,
    names: str,
) -> Agreed:
    facts: dict[str, Any] = {"bidder": bidder.number, "criterion": str(question.criterion_id)}
    permit(ctx, Verb.SCORE_AGREE, question)
    made = queries.agreement(ctx, question, bidder.bid_id)
    if made:
        facts["before"] = str(made.points)
        for opinion in queries.opinions(ctx, made):
            ctx.session.delete(opinion)  # they were about what was agreed before
    perform(ctx, Verb.SCORE_AGREE, question, about=question.evaluation, points=points, **facts)
    if made is None:
        made = Agreed(
            points=Decimal(points),
            reason=reason,
            person_name=ctx.actor.name,
            criterion_id=question.criterion_id,
            bid_id=bidder.bid_id,
            tender_id=question.tender_id,
            created_at=ctx.now,
        )
        ctx.session.add(made)
    made.points, made.reason, made.present = Decimal(points), reason, names
    made.person_name = ctx.actor.name
    return made


def fingerprint(of: Agreed) -> str:
    """Of what others assent to, or not."""
    return digest({"points": f"{of.points:.2f}", "reason": of.reason})


def opine(
    ctx: Context, question: Question, of: Agreed, seat: Seat, form: BoundForm[Opining]
) -> BoundForm[Opining]:
    """Somebody who sits assents to the agreed score that they read, or says why not; the last word
    counts.
    """
    lock(ctx, question.evaluation)
    lock(ctx, of)
    permit(ctx, Verb.SCORE_OPINE, question)
    typed = form.value
    if typed is None:
        return form
    if typed.read != fingerprint(of):
        why = "It was agreed anew after you opened this page. Read it above, and say it again"
        return form.refused("assents", why)
    perform(ctx, Verb.SCORE_OPINE, question, about=question.evaluation, assents=typed.assents)
    known: dict[UUID, Opinion] = {one.seat_id: one for one in queries.opinions(ctx, of)}
    said = known.get(seat.id) or Opinion(
        agreed_id=of.id,
        seat_id=seat.id,
        assents=typed.assents,
        person_id=ctx.actor.person_id,
        tender_id=question.tender_id,
        created_at=ctx.now,
    )
    said.assents, said.words = typed.assents, typed.words
    ctx.session.add(said)
    return form
