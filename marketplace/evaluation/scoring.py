"""How a browser reads bids without their bidders, and scores them: one question across all bids."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response

from marketplace.bids.asking import Asked
from marketplace.bids.asking import Question as Criterion
from marketplace.bids.models import Bidder
from marketplace.bids.working import handed_out
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.files import Stored
from marketplace.core.forms import BoundForm, clean
from marketplace.core.pages import flash, go, page, piece
from marketplace.core.times import clock
from marketplace.evaluation import finding_queries, forms, queries, scoring_actions
from marketplace.evaluation.models import Evaluation, Question, Seat, Sheet
from marketplace.evaluation.scoring_actions import PARTS, Incomplete, last_save, typed_for
from marketplace.evaluation.working import frame, panel
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders/{id}/workspace/evaluation", route_class=Opening)


# ---- Bids, under their numbers


@router.get("/bidders/{bidder_id}", name="bidder.show")
def bidder(request: Request, ctx: Context, id: UUID, bidder_id: UUID) -> Response:
    """All answers of one bid."""
    evaluation, seat = panel(ctx, id)
    every, over = queries.bidders_with(ctx, evaluation.tender)
    one = queries.bidder([one for one, _ in every], bidder_id)
    asked = queries.what_was_asked(ctx, evaluation.tender)
    return page(
        request,
        "evaluation/bidder.html",
        **frame(ctx, evaluation, one.called),
        seat=seat,
        bidder=one,
        asked=asked,
        files=queries.files(ctx, one),
        judgements=finding_queries.judgements(ctx, evaluation.tender),
        gone=next(why for who, why in every if who is one),
        over=one.bid_id in over,
    )


@router.get("/bidders/{bidder_id}/files/{number}", name="bidder.file")
def download(request: Request, ctx: Context, id: UUID, bidder_id: UUID, number: int) -> Response:
    """A file of a bid, under a name that does not tell whose it is."""
    evaluation, _ = panel(ctx, id)
    one = queries.bidder(queries.bidders(ctx, evaluation.tender), bidder_id)
    found = queries.files(ctx, one)
    if not 1 <= number <= len(found):
        raise NotFound("There is no such file.")
    its = found[number - 1]
    called = nameless(one, number, its.name)
    stored = Stored(its.key, called, its.size, its.media_type, its.sha256)
    return handed_out(request, ctx, stored)


def nameless(bidder: Bidder, number: int, name: str) -> str:
    """Such as "bidder-3-file-1.pdf"."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return f"bidder-{bidder.number}-file-{number}" + (f".{ending}" if ending else "")


# ---- One's own scores


def _own(ctx: Context, id: UUID, question_id: UUID) -> tuple[Evaluation, Seat, Question, Sheet]:
    evaluation, seat = panel(ctx, id)
    question = queries.question(ctx, evaluation, question_id)
    sheet = scoring_actions.sheet(ctx, seat, question)
    require_scorer(ctx, sheet)
    return evaluation, seat, question, sheet


def require_scorer(ctx: Context, sheet: Sheet) -> None:
    """Refuses whoever does not score this question, whatever its stage."""
    blank = Sheet(
        seat=sheet.seat,
        question=Question(
            criterion_id=sheet.question.criterion_id,
            organisation_id=sheet.question.organisation_id,
            evaluation_id=sheet.question.evaluation_id,
            tender_id=sheet.tender_id,
        ),
        person_id=sheet.person_id,
        seat_id=sheet.seat_id,
        question_id=sheet.question_id,
        tender_id=sheet.tender_id,
    )
    require(ctx, Verb.SCORE_DRAFT, blank)


def criterion_of(asked: Asked, question: Question) -> Criterion:
    its = str(question.criterion_id)
    if found := next((one for one in asked.questions if one.id == its), None):
        return found
    raise NotFound("There is no such question.")


@router.get("/questions/{question_id}", name="question.sheet")
def sheet(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    evaluation, _, question, own = _own(ctx, id, question_id)
    asked = queries.what_was_asked(ctx, evaluation.tender)
    bidders = queries.considered(ctx, evaluation.tender)
    criterion = criterion_of(asked, question)
    return page(
        request,
        "evaluation/sheet.html",
        **frame(ctx, evaluation, criterion.title),
        question=question,
        criterion=criterion,
        sheet=own,
        bidders=bidders,
        judged=scoring_actions.judged(asked.scale, own, bidders),
    )


async def _sent(request: Request) -> tuple[dict[str, str], Opened]:
    """What was typed, and the page it was typed on."""
    data = await request.form()
    typed = {}
    for name in PARTS:
        value = data.get(name)
        typed[name] = clean(value) if isinstance(value, str) else ""
    return typed, Opened.of(data)


Sent = Annotated[tuple[dict[str, str], Opened], Depends(_sent)]
SCORE = "/questions/{question_id}/bidders/{bidder_id}"


@router.get(SCORE, name=Verb.SCORE_DRAFT)
def score(request: Request, ctx: Context, id: UUID, question_id: UUID, bidder_id: UUID) -> Response:
    evaluation, _, question, own = _own(ctx, id, question_id)
    bidders = queries.considered(ctx, evaluation.tender)
    one = queries.bidder(bidders, bidder_id)
    return _asked(request, ctx, evaluation, question, own, bidders, one, typed_for(own, one))


@router.post(SCORE, name=Verb.SCORE_DRAFT)
def draft(
    request: Request,
    ctx: Context,
    id: UUID,
    question_id: UUID,
    bidder_id: UUID,
    sent: Sent,
    autosave: bool = False,
) -> Response:
    evaluation, seat, question, own = _own(ctx, id, question_id)
    bidders = queries.considered(ctx, evaluation.tender)
    one = queries.bidder(bidders, bidder_id)
    typed, opened = sent
    about = (request, ctx, evaluation, question, own, bidders, one)
    try:
        form = scoring_actions.draft(ctx, seat, question, one, typed, opened)
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save” to see both.")
        return _asked(*about, typed, overtaken=why)
    except Conflict as why:  # it is not scored any more: what was typed is shown, to copy
        if autosave:
            return piece("saved", f"Not saved. {why}")
        return _asked(*about, typed, late=str(why))
    if autosave:
        said = f"Saved automatically at {clock(ctx.now)}. Not sent yet."
        return piece("saved", said)
    if form.errors:
        return _asked(*about, typed, form=form, page_name=opened.page)
    after = [other for other in bidders if other.number > one.number]
    if after:
        place = {"id": id, "question_id": question_id, "bidder_id": after[0].id}
        return go(request, Verb.SCORE_DRAFT, **place)
    return go(request, "question.sheet", id=id, question_id=question_id)


def _asked(
    request: Request,
    ctx: Context,
    evaluation: Evaluation,
    question: Question,
    own: Sheet,
    bidders: Sequence[Bidder],
    bidder: Bidder,
    typed: Mapping[str, Any],
    *,
    form: BoundForm[Any] | None = None,
    overtaken: Overtaken | None = None,
    late: str = "",
    page_name: str = "",
) -> Response:
    asked = queries.what_was_asked(ctx, evaluation.tender)
    criterion = criterion_of(asked, question)
    saved = overtaken.saved if overtaken else last_save(own, bidder, ctx.actor.name)
    answer = next((one for one in bidder.answers if one["id"] == criterion.id), None)
    theirs = typed_for(own, bidder)
    return page(
        request,
        "evaluation/score.html",
        status=409 if overtaken or late else 200,
        **frame(ctx, evaluation, f"{criterion.title}: {bidder.called}"),
        question=question,
        criterion=criterion,
        sheet=own,
        bidder=bidder,
        bidders=bidders,
        answer=answer,
        files=[
            (number, nameless(bidder, number, one.name), one.weight)
            for number, one in enumerate(queries.files(ctx, bidder), 1)
        ],
        form=form or BoundForm(forms.scoring(asked.scale), typed),
        judged=scoring_actions.judged(asked.scale, own, bidders),
        page_name=page_name or uuid4().hex,
        since=saved.id if saved else "",
        overtaken=overtaken,
        late=late,
        theirs=[(name.capitalize(), theirs.get(name, "")) for name in PARTS] if overtaken else [],
    )


@router.get("/questions/{question_id}/send", name=Verb.SCORE_SEND)
def ask_to_send(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    evaluation, _, question, own = _own(ctx, id, question_id)
    require(ctx, Verb.SCORE_SEND, own)
    return _sending(request, ctx, evaluation, question, own)


@router.post("/questions/{question_id}/send", name=Verb.SCORE_SEND)
def send(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    evaluation, seat, question, own = _own(ctx, id, question_id)
    try:
        scoring_actions.send(ctx, seat, question)
    except Incomplete:
        return _sending(request, ctx, evaluation, question, own, status=409)
    flash(request, "Sent. Nobody sees them before everybody has sent theirs.")
    return go(request, "evaluation.show", id=id)


def _sending(
    request: Request,
    ctx: Context,
    evaluation: Evaluation,
    question: Question,
    own: Sheet,
    status: int = 200,
) -> Response:
    asked = queries.what_was_asked(ctx, evaluation.tender)
    bidders = queries.considered(ctx, evaluation.tender)
    judged = scoring_actions.judged(asked.scale, own, bidders)
    return page(
        request,
        "evaluation/send.html",
        status=status,
        **frame(ctx, evaluation, "Send your scores"),
        question=question,
        criterion=criterion_of(asked, question),
        bidders=bidders,
        judged=judged,
        ready=all(form.value is not None for form in judged.values()),
    )
