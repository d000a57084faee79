"""How a browser asks about a tender, and how its authorities answer."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.clarifications import actions, queries
from marketplace.clarifications.forms import Answering, Asking, Declining, Merging
from marketplace.clarifications.models import Clarification, ClarificationStage
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, Form, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.tenders.showing import public_frame
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


# ---- For everybody


@router.get("/{id}/questions", name="clarification.list")
def listed(request: Request, ctx: Context, id: UUID, q: str = "") -> Response:
    return _listed(request, ctx, tenders.one(ctx, id), BoundForm(Asking), q[:200])


def _listed(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Asking], words: str = ""
) -> Response:
    return page(
        request,
        "clarifications/list.html",
        **public_frame(ctx, tender, "questions"),
        questions=queries.of_tender(ctx, tender, published=True, words=words),
        earlier=queries.earlier(ctx, tender),
        own=queries.own(ctx, tender),
        lots=[(one.id, one.title) for one in tenders.lots(ctx, tender) if not one.ended],
        words=words,
        prospect=Clarification(asked="", tender_id=tender.id, tender=tender),
        form=form,
    )


@router.get("/{id}/questions/all", name="clarification.all")
def all_(request: Request, ctx: Context, id: UUID) -> Response:
    """Every question and answer on one page, in the order in which they were published."""
    tender = tenders.one(ctx, id)
    found = queries.of_tender(ctx, tender, published=True)
    return page(
        request,
        "clarifications/all.html",
        **public_frame(ctx, tender, "questions"),
        questions=sorted(found, key=lambda one: (str(one.published_at), one.id)),
        earlier=queries.earlier(ctx, tender),
    )


@router.post("/{id}/questions", name=Verb.CLARIFICATION_ASK)
def ask(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Asking], Depends(reads(Asking))],
) -> Response:
    tender = tenders.one(ctx, id)
    lot = None
    if form.value and form.value.lot_id:
        known = {one.id: one for one in tenders.lots(ctx, tender)}
        lot = known.get(form.value.lot_id)
        if lot is None:
            form = form.refused("lot_id", "Choose a lot of this tender")
    if form.value is None:
        about = Clarification(asked="", tender_id=tender.id, tender=tender)
        require(ctx, Verb.CLARIFICATION_ASK, about)
        return _listed(request, ctx, tender, form)
    actions.ask(ctx, tender, form.value.asked, lot)
    flash(request, "Your question is with the authorities. Nobody is told who asked it.")
    return go(request, "clarification.list", id=id)


# ---- For the authorities


@router.get("/{id}/workspace/questions", name="clarification.work")
def waiting(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    return page(
        request,
        "clarifications/workspace.html",
        **frame(ctx, tender, "questions"),
        questions=queries.of_tender(ctx, tender),
        earlier=queries.earlier(ctx, tender),
    )


@router.get("/{id}/workspace/questions/{question_id}", name=Verb.CLARIFICATION_ANSWER)
def one(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    question = queries.one(ctx, tender, question_id)
    known = question.model_dump(include={"answer", "changes_documents"})
    known["wording"] = question.wording or question.asked
    return _answering(request, ctx, question, show(Answering, known))


@router.post("/{id}/workspace/questions/{question_id}", name=Verb.CLARIFICATION_ANSWER)
def answer(
    request: Request,
    ctx: Context,
    id: UUID,
    question_id: UUID,
    form: Annotated[BoundForm[Answering], Depends(reads(Answering))],
) -> Response:
    question = queries.one(ctx, tenders.working(ctx, id), question_id)
    if form.value is None:
        require(ctx, Verb.CLARIFICATION_ANSWER, question)
        return _answering(request, ctx, question, form)
    actions.answer(ctx, question, form.value)
    flash(request, "The answer is kept. The authority that leads publishes it.")
    return go(request, "clarification.work", id=id)


def _answering(
    request: Request, ctx: Context, question: Clarification, form: BoundForm[Answering]
) -> Response:
    return page(
        request,
        "clarifications/answer.html",
        **frame(ctx, question.tender, "questions"),
        question=question,
        form=form,
    )


@router.post("/{id}/workspace/questions/{question_id}/publish", name=Verb.CLARIFICATION_PUBLISH)
def publish(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
    actions.publish(ctx, queries.one(ctx, tenders.working(ctx, id), question_id))
    flash(request, "Published to everybody.")
    return go(request, "clarification.work", id=id)


def _mount(
    verb: Verb, form: type[Form], title: str, act: Callable[[Context, Clarification, Any], None]
) -> None:
    path = f"/{{id}}/workspace/questions/{{question_id}}/{verb.partition('.')[2]}"
    filled = Depends(reads(form))

    @router.get(path, name=verb)
    def ask(request: Request, ctx: Context, id: UUID, question_id: UUID) -> Response:
        return asked(request, ctx, id, question_id, BoundForm(form))

    @router.post(path, name=verb)
    def decide(
        request: Request,
        ctx: Context,
        id: UUID,
        question_id: UUID,
        given: Annotated[BoundForm[Any], filled],
    ) -> Response:
        if given.value is None:
            return asked(request, ctx, id, question_id, given)
        act(ctx, queries.one(ctx, tenders.working(ctx, id), question_id), given.value)
        flash(request, f"Done: {title}")
        return go(request, "clarification.work", id=id)

    def asked(
        request: Request, ctx: Context, id: UUID, question_id: UUID, given: BoundForm[Any]
    ) -> Response:
        tender = tenders.working(ctx, id)
        question = queries.one(ctx, tender, question_id)
        require(ctx, verb, question)
        ended = (ClarificationStage.DECLINED, ClarificationStage.MERGED)
        others = [
            one
            for one in queries.of_tender(ctx, tender)
            if one.id != question.id and one.stage not in ended
        ]
        return page(
            request,
            "clarifications/decide.html",
            **frame(ctx, tender, "questions"),
            question=question,
            verb=verb,
            title=title,
            others=[(one.id, (one.wording or one.asked)[:120]) for one in others],
            form=given,
        )


def _merge(ctx: Context, question: Clarification, form: Merging) -> None:
    actions.merge(ctx, question, queries.one(ctx, question.tender, form.into))


_mount(
    Verb.CLARIFICATION_DECLINE,
    Declining,
    "Decline the question",
    lambda ctx, question, form: actions.decline(ctx, question, form.because),
)
_mount(Verb.CLARIFICATION_MERGE, Merging, "Merge the question with another", _merge)
