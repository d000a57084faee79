"""How a browser sees what is done about single bids: standards, questions to bidders and their
answers, and what is not considered any more.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from auth.actor import Kind
from marketplace.bids.asking import Wanted
from marketplace.bids.models import Bidder
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads
from marketplace.core.pages import flash, go, page
from marketplace.evaluation import finding_actions, finding_queries, progress, queries
from marketplace.evaluation.finding_models import About, Exchange
from marketplace.evaluation.forms import Answering, Asking, Disregarding, Judging, Reconsidering
from marketplace.evaluation.models import Evaluation
from marketplace.evaluation.working import frame, panel
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
WORK = "/tenders/{id}/workspace/evaluation"
BIDDER = f"{WORK}/bidders/{{bidder_id}}"


def _bidder(ctx: Context, evaluation: Evaluation, id: UUID) -> Bidder:
    return queries.bidder(queries.bidders(ctx, evaluation.tender), id)


# ---- Standards


@router.get(f"{WORK}/standards", name="evaluation.standards")
def standards(request: Request, ctx: Context, id: UUID) -> Response:
    """Which bid meets what, by which assessment or by which judgement."""
    evaluation, seat = panel(ctx, id)
    tender = evaluation.tender
    return page(
        request,
        "evaluation/standards.html",
        **frame(ctx, evaluation, "Standards"),
        seat=seat,
        asked=queries.what_was_asked(ctx, tender),
        bidders=queries.considered(ctx, tender),
        judgements=finding_queries.judgements(ctx, tender),
        assessed=progress.assessed,
        said=_said,
    )


def _said(bidder: Bidder, version_id: str) -> dict[str, object]:
    """How a bid says that it meets a standard."""
    its = (one for one in bidder.standards if one["version_id"] == version_id)
    return next(its, {"how": "", "claim": None})


JUDGE = f"{BIDDER}/standards/{{version_id}}"


@router.get(JUDGE, name=Verb.JUDGEMENT_MAKE)
def ask_to_judge(
    request: Request, ctx: Context, id: UUID, bidder_id: UUID, version_id: UUID
) -> Response:
    return _judging(request, ctx, id, bidder_id, version_id, BoundForm(Judging))


@router.post(JUDGE, name=Verb.JUDGEMENT_MAKE)
def judge(
    request: Request,
    ctx: Context,
    id: UUID,
    bidder_id: UUID,
    version_id: UUID,
    form: Annotated[BoundForm[Judging], Depends(reads(Judging))],
) -> Response:
    if form.value is None:
        return _judging(request, ctx, id, bidder_id, version_id, form)
    evaluation, _ = panel(ctx, id)
    wanted, one = _wanted(ctx, evaluation, version_id), _bidder(ctx, evaluation, bidder_id)
    finding_actions.judge(ctx, evaluation, one, wanted, form.value)
    flash(request, "Written down.")
    return go(request, "evaluation.standards", id=id)


def _wanted(ctx: Context, evaluation: Evaluation, version_id: UUID) -> Wanted:
    asked = queries.what_was_asked(ctx, evaluation.tender)
    if found := next((one for one in asked.standards if one.version_id == str(version_id)), None):
        return found
    raise NotFound("This tender does not ask for such a standard.")


def _judging(
    request: Request,
    ctx: Context,
    id: UUID,
    bidder_id: UUID,
    version_id: UUID,
    form: BoundForm[Judging],
) -> Response:
    evaluation, _ = panel(ctx, id)
    require(ctx, Verb.JUDGEMENT_MAKE, evaluation)
    one = _bidder(ctx, evaluation, bidder_id)
    wanted = _wanted(ctx, evaluation, version_id)
    return page(
        request,
        "evaluation/judge.html",
        **frame(ctx, evaluation, f"{wanted.name}: {one.called}"),
        bidder=one,
        wanted=wanted,
        said=_said(one, str(version_id)),
        form=form,
    )


# ---- Questions to bidders, for the panel


@router.get(f"{WORK}/exchanges", name="evaluation.exchanges")
def exchanges(request: Request, ctx: Context, id: UUID) -> Response:
    evaluation, seat = panel(ctx, id)
    bidders = queries.bidders(ctx, evaluation.tender)
    return page(
        request,
        "evaluation/exchanges.html",
        **frame(ctx, evaluation, "Questions to bidders"),
        seat=seat,
        bidders=bidders,
        called={one.bid_id: one.called for one in bidders},
        exchanges=finding_queries.exchanges(ctx, evaluation.tender),
        prospect=_prospect(evaluation, bidders[0]) if bidders else None,
    )


def _prospect(evaluation: Evaluation, bidder: Bidder) -> Exchange:
    """A question as one may be asked, to ask whether somebody may."""
    return Exchange(
        evaluation=evaluation,
        evaluation_id=evaluation.id,
        bid_id=bidder.bid_id,
        tender_id=evaluation.tender_id,
        about=About.CLARIFICATION,
        question="",
        answer_by=evaluation.created_at,
    )


@router.get(f"{BIDDER}/ask", name=Verb.EXCHANGE_ASK)
def ask_what(request: Request, ctx: Context, id: UUID, bidder_id: UUID) -> Response:
    return _asking(request, ctx, id, bidder_id, BoundForm(Asking))


@router.post(f"{BIDDER}/ask", name=Verb.EXCHANGE_ASK)
def ask(
    request: Request,
    ctx: Context,
    id: UUID,
    bidder_id: UUID,
    form: Annotated[BoundForm[Asking], Depends(reads(Asking))],
) -> Response:
    if form.value and form.value.answer_by <= ctx.today:
        form = form.refused("answer_by", "The last day to answer must be after today")
    if form.value and form.value.answer_by > ctx.today + finding_actions.LONGEST_TIME:
        form = form.refused("answer_by", "The last day to answer must be within 90 days")
    if form.value is None:
        return _asking(request, ctx, id, bidder_id, form)
    evaluation, _ = panel(ctx, id)
    one = _bidder(ctx, evaluation, bidder_id)
    finding_actions.ask(ctx, evaluation, one, form.value)
    flash(request, f"Asked. {one.called} is told, and reads no name of yours.")
    return go(request, "evaluation.exchanges", id=id)


def _asking(
    request: Request, ctx: Context, id: UUID, bidder_id: UUID, form: BoundForm[Asking]
) -> Response:
    evaluation, _ = panel(ctx, id)
    one = _bidder(ctx, evaluation, bidder_id)
    require(ctx, Verb.EXCHANGE_ASK, _prospect(evaluation, one))
    return page(
        request,
        "evaluation/ask.html",
        **frame(ctx, evaluation, f"Ask {one.called}"),
        bidder=one,
        form=form,
    )


# ---- The same for the bidder


@router.get("/tenders/{id}/bid/exchanges", name="exchange.list")
def own(request: Request, ctx: Context, id: UUID) -> Response:
    """What the bidder was asked about its own bid."""
    tender = _bid_for(ctx, id)
    return page(
        request,
        "evaluation/own_exchanges.html",
        tender=tender,
        exchanges=finding_queries.exchanges(ctx, tender),
    )


def _bid_for(ctx: Context, id: UUID) -> Tender:
    tender = tenders.one(ctx, id)
    if ctx.actor.kind is not Kind.SUPPLIER:
        raise NotFound("Only a supplier that bid was asked about its bid.")
    return tender


ANSWER = "/tenders/{id}/bid/exchanges/{exchange_id}"


@router.get(ANSWER, name=Verb.EXCHANGE_ANSWER)
def ask_to_answer(request: Request, ctx: Context, id: UUID, exchange_id: UUID) -> Response:
    return _answering(request, ctx, id, exchange_id, BoundForm(Answering))


@router.post(ANSWER, name=Verb.EXCHANGE_ANSWER)
def answer(
    request: Request,
    ctx: Context,
    id: UUID,
    exchange_id: UUID,
    form: Annotated[BoundForm[Answering], Depends(reads(Answering))],
) -> Response:
    if form.value is None:
        return _answering(request, ctx, id, exchange_id, form)
    exchange = finding_queries.exchange(ctx, _bid_for(ctx, id), exchange_id)
    finding_actions.answer(ctx, exchange, form.value)
    flash(request, "Sent. The panel reads your answer.")
    return go(request, "exchange.list", id=id)


def _answering(
    request: Request, ctx: Context, id: UUID, exchange_id: UUID, form: BoundForm[Answering]
) -> Response:
    tender = _bid_for(ctx, id)
    exchange = finding_queries.exchange(ctx, tender, exchange_id)
    require(ctx, Verb.EXCHANGE_ANSWER, exchange)
    last = exchange.answer_by - timedelta(seconds=1)
    return page(
        request,
        "evaluation/answer.html",
        tender=tender,
        exchange=exchange,
        last=last,
        form=form,
    )


# ---- Not considered any more


@router.get(f"{BIDDER}/disregard", name=Verb.DISREGARD_MAKE)
def ask_to_disregard(request: Request, ctx: Context, id: UUID, bidder_id: UUID) -> Response:
    return _disregarding(request, ctx, id, bidder_id, BoundForm(Disregarding))


@router.post(f"{BIDDER}/disregard", name=Verb.DISREGARD_MAKE)
def disregard(
    request: Request,
    ctx: Context,
    id: UUID,
    bidder_id: UUID,
    form: Annotated[BoundForm[Disregarding], Depends(reads(Disregarding))],
) -> Response:
    if form.value is None:
        return _disregarding(request, ctx, id, bidder_id, form)
    evaluation, _ = panel(ctx, id)
    one = _bidder(ctx, evaluation, bidder_id)
    finding_actions.disregard(ctx, evaluation, one, form.value)
    flash(request, f"{one.called} is not considered any more.")
    return go(request, "bidder.show", id=id, bidder_id=bidder_id)


def _disregarding(
    request: Request, ctx: Context, id: UUID, bidder_id: UUID, form: BoundForm[Disregarding]
) -> Response:
    evaluation, _ = panel(ctx, id)
    require(ctx, Verb.DISREGARD_MAKE, evaluation)
    one = _bidder(ctx, evaluation, bidder_id)
    return page(
        request,
        "evaluation/disregard.html",
        **frame(ctx, evaluation, f"No longer consider {one.called}"),
        bidder=one,
        form=form,
    )


@router.get(f"{BIDDER}/reconsider", name=Verb.DISREGARD_DROP)
def ask_to_reconsider(request: Request, ctx: Context, id: UUID, bidder_id: UUID) -> Response:
    return _reconsidering(request, ctx, id, bidder_id, BoundForm(Reconsidering))


@router.post(f"{BIDDER}/reconsider", name=Verb.DISREGARD_DROP)
def reconsider(
    request: Request,
    ctx: Context,
    id: UUID,
    bidder_id: UUID,
    form: Annotated[BoundForm[Reconsidering], Depends(reads(Reconsidering))],
) -> Response:
    if form.value is None:
        return _reconsidering(request, ctx, id, bidder_id, form)
    evaluation, _ = panel(ctx, id)
    one = _bidder(ctx, evaluation, bidder_id)
    finding_actions.reconsider(ctx, evaluation, one, form.value.because)
    flash(request, f"{one.called} is considered again.")
    return go(request, "bidder.show", id=id, bidder_id=bidder_id)


def _reconsidering(
    request: Request, ctx: Context, id: UUID, bidder_id: UUID, form: BoundForm[Reconsidering]
) -> Response:
    evaluation, _ = panel(ctx, id)
    require(ctx, Verb.DISREGARD_DROP, evaluation)
    one = _bidder(ctx, evaluation, bidder_id)
    return page(
        request,
        "evaluation/reconsider.html",
        **frame(ctx, evaluation, f"Consider {one.called} again"),
        bidder=one,
        form=form,
        without=len({sheet.seat_id for sheet in queries.sent_without(ctx, evaluation, one)}),
    )
