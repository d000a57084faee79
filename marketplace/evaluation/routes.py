"""How a browser sees an evaluation as a whole: its panel, how far it is, and its steps."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.evaluation import (
    asking,
    exporting,
    final_actions,
    finding_queries,
    moderating,
    progress,
    queries,
    ranking,
    scoring,
    seating,
    waiting_queries,
)
from marketplace.evaluation.forms import Beginning, Finalising
from marketplace.evaluation.models import DISCUSS_FROM, Evaluation, Seat, SeatStage, Stage
from marketplace.evaluation.panel_actions import prospect
from marketplace.evaluation.working import frame
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
WORK = "/tenders/{id}/workspace/evaluation"

for _part in (seating, scoring, moderating, asking, ranking, exporting):
    router.routes.extend(_part.router.routes)


@router.get("/evaluations", name="evaluation.mine")
def mine(request: Request, ctx: Context) -> Response:
    """What the reader evaluates: the one way in for an expert, who acts for no organisation."""
    if not ctx.actor.known or ctx.actor.seen_through:
        raise NotFound("There is no such page.")
    return page(request, "evaluation/mine.html", seats=waiting_queries.mine(ctx))


@router.get(WORK, name="evaluation.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    evaluation, mine = queries.of(ctx, id)
    return _shown(request, ctx, evaluation, mine)


def _shown(
    request: Request,
    ctx: Context,
    evaluation: Evaluation,
    mine: Seat | None,
    missing: list[progress.Blocker] | None = None,
) -> Response:
    """The overview; with what is missing, when a step was refused for it."""
    seats = queries.seats(ctx, evaluation)
    refused = missing is not None
    if missing is None and evaluation.stage is Stage.PANEL:
        missing = final_actions.before_scoring(ctx, evaluation, seats)
    return page(
        request,
        "evaluation/show.html",
        status=409 if refused else 200,
        **frame(ctx, evaluation),
        seats=seats,
        mine=mine,
        prospect=prospect(evaluation.tender, evaluation),
        missing=missing or [],
        refused=refused,
        rows=_progress(ctx, evaluation, seats, mine),
    )


def _progress(
    ctx: Context, evaluation: Evaluation, seats: Sequence[Seat], mine: Seat | None
) -> list[dict[str, object]]:
    """How far each question is: who has sent scores, and never what they gave."""
    if evaluation.stage is Stage.PANEL:
        return []
    asked = queries.what_was_asked(ctx, evaluation.tender)
    questions, sent = queries.questions_and_sent(ctx, evaluation)
    found = []
    for one in asked.questions:
        question = questions.get(one.id)
        if question is None:
            continue
        late = progress.missing(question, seats, sent)
        scorers = progress.scorers(question, seats)
        ours = mine is not None and mine.stage is SeatStage.SITTING and mine in scorers
        found.append(
            {
                "asked": one,
                "question": question,
                "all": len(scorers),
                "came": len(scorers) - len(late),
                "late": late,
                "mine": ours,
                "sent": ours and mine not in late,
                "whose": next(
                    (
                        seat.organisation.called
                        for seat in seats
                        if seat.organisation_id == question.organisation_id
                    ),
                    "",
                ),
            }
        )
    return found


# ---- Its steps, each on a page of its own


@router.get(f"{WORK}/begin", name=Verb.EVALUATION_BEGIN)
def ask_to_begin(request: Request, ctx: Context, id: UUID) -> Response:
    form = show(Beginning, {"discuss_from": DISCUSS_FROM})
    return _beginning(request, ctx, id, form)


@router.post(f"{WORK}/begin", name=Verb.EVALUATION_BEGIN)
def begin(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Beginning], Depends(reads(Beginning))],
) -> Response:
    if form.value is None:
        return _beginning(request, ctx, id, form)
    evaluation, mine = queries.of(ctx, id)
    try:
        final_actions.begin(ctx, evaluation, form.value.discuss_from)
    except final_actions.NotReady as why:
        return _shown(request, ctx, evaluation, mine, list(why.blockers))
    flash(request, "Scoring has begun. Everybody who scores is told.")
    return go(request, "evaluation.show", id=id)


def _beginning(request: Request, ctx: Context, id: UUID, form: BoundForm[Beginning]) -> Response:
    evaluation, _ = queries.of(ctx, id)
    require(ctx, Verb.EVALUATION_BEGIN, evaluation)
    asked = queries.what_was_asked(ctx, evaluation.tender)
    return page(
        request,
        "evaluation/begin.html",
        **frame(ctx, evaluation, "Begin scoring"),
        form=form,
        asked=asked,
        missing=final_actions.before_scoring(ctx, evaluation),
    )


@router.get(f"{WORK}/lock", name=Verb.EVALUATION_LOCK)
def ask_to_lock(request: Request, ctx: Context, id: UUID) -> Response:
    evaluation, _ = queries.of(ctx, id)
    require(ctx, Verb.EVALUATION_LOCK, evaluation)
    return page(
        request,
        "evaluation/lock.html",
        **frame(ctx, evaluation, "Lock quality"),
        missing=progress.before_locking(final_actions.found(ctx, evaluation)),
    )


@router.post(f"{WORK}/lock", name=Verb.EVALUATION_LOCK)
def lock(request: Request, ctx: Context, id: UUID) -> Response:
    evaluation, mine = queries.of(ctx, id)
    try:
        final_actions.lock_quality(ctx, evaluation)
    except final_actions.NotReady as why:
        return _shown(request, ctx, evaluation, mine, list(why.blockers))
    flash(request, "Quality is locked, and the prices are open to the panel.")
    return go(request, "evaluation.ranking", id=id)


@router.get(f"{WORK}/finalise", name=Verb.EVALUATION_FINALISE)
def ask_to_finalise(request: Request, ctx: Context, id: UUID, read: str = "") -> Response:
    """For whoever has `read` the ranking with this fingerprint."""
    return _finalising(request, ctx, id, BoundForm(Finalising), read)


@router.post(f"{WORK}/finalise", name=Verb.EVALUATION_FINALISE)
def finalise(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Finalising], Depends(reads(Finalising))],
) -> Response:
    evaluation, mine = queries.of(ctx, id)
    if form.value is None:
        return _finalising(request, ctx, id, form, final_actions.as_it_stands(ctx, evaluation))
    try:
        final_actions.finalise(ctx, evaluation, form.value.note, form.value.read)
    except final_actions.NotReady as why:
        return _shown(request, ctx, evaluation, mine, list(why.blockers))
    except final_actions.Overtaken as why:
        wrong = form.refused("note", str(why))
        return _finalising(request, ctx, id, wrong, final_actions.as_it_stands(ctx, evaluation))
    flash(request, "The ranking is final.")
    return go(request, "evaluation.ranking", id=id)


def _finalising(
    request: Request, ctx: Context, id: UUID, form: BoundForm[Finalising], read: str
) -> Response:
    evaluation, _ = queries.of(ctx, id)
    require(ctx, Verb.EVALUATION_FINALISE, evaluation)
    tender, seats = evaluation.tender, queries.seats(ctx, evaluation)
    _, sent = queries.questions_and_sent(ctx, evaluation)
    exchanges = finding_queries.exchanges(ctx, tender)
    return page(
        request,
        "evaluation/finalise.html",
        **frame(ctx, evaluation, "Make the ranking final"),
        form=form,
        missing=progress.before_final(exchanges, queries.bidders(ctx, tender), ctx.now),
        aside=progress.scored_and_aside(seats, sent),
        read=read,
    )
