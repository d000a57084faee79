"""How authorities call off under a contract in a browser, and say how the delivery was."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.contracts import calling, calling_actions, delivery_actions, queries, wording
from marketplace.contracts.forms import Answering, CallingOff, Reasoning, Reviewing
from marketplace.contracts.models import Contract
from marketplace.contracts.working import asking, worked
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, reads
from marketplace.core.money import pounds
from marketplace.core.pages import flash, go
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/contracts", route_class=Opening)


@router.get("/{id}/call-offs/new", name=Verb.CALLOFF_PROPOSE)
def ask_to_propose(request: Request, ctx: Context, id: UUID) -> Response:
    return _proposing(request, ctx, queries.one(ctx, id), BoundForm(CallingOff))


@router.post("/{id}/call-offs/new", name=Verb.CALLOFF_PROPOSE)
def propose(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[CallingOff], Depends(reads(CallingOff))],
) -> Response:
    contract = queries.one(ctx, id)
    form = calling_actions.propose(ctx, contract, form)
    if form.errors:
        return _proposing(request, ctx, contract, form)
    flash(request, "Proposed. An approver of your authority approves it.")
    return go(request, "contract.show", id=id)


def _proposing(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[CallingOff]
) -> Response:
    """A signed contract is for everybody to see, so who may not call off learns why."""
    require(ctx, Verb.CALLOFF_PROPOSE, calling_actions.prospect(ctx, contract))
    who, named = ctx.actor, queries.permitted(ctx, contract)
    if why := calling.unnamed(contract, named, who.organisation_id, who.organisation_name):
        raise Conflict(why)
    left = calling.in_all(contract, queries.call_offs(ctx, contract)).says
    action = str(request.app.url_path_for(Verb.CALLOFF_PROPOSE, id=contract.id))
    about = f"{left} in all, without VAT"
    return asking(request, contract, wording.CALL_OFF, action, form, about=about)


@router.post("/{id}/call-offs/{calloff_id}/approve", name=Verb.CALLOFF_APPROVE)
def approve(request: Request, ctx: Context, id: UUID, calloff_id: UUID) -> Response:
    contract = worked(ctx, id)
    calling_actions.approve(ctx, queries.call_off(ctx, contract, calloff_id))
    flash(request, "Approved. It counts from now on.")
    return go(request, "contract.show", id=id)


@router.get("/{id}/call-offs/{calloff_id}/decline", name=Verb.CALLOFF_DECLINE)
def ask_to_decline(request: Request, ctx: Context, id: UUID, calloff_id: UUID) -> Response:
    return _reasoning(request, ctx, id, calloff_id, wording.DECLINE, BoundForm(Reasoning))


@router.post("/{id}/call-offs/{calloff_id}/decline", name=Verb.CALLOFF_DECLINE)
def decline(
    request: Request,
    ctx: Context,
    id: UUID,
    calloff_id: UUID,
    form: Annotated[BoundForm[Reasoning], Depends(reads(Reasoning))],
) -> Response:
    if form.value is None:
        return _reasoning(request, ctx, id, calloff_id, wording.DECLINE, form)
    call_off = queries.call_off(ctx, worked(ctx, id), calloff_id)
    calling_actions.decline(ctx, call_off, form.value.because)
    return go(request, "contract.show", id=id)


@router.get("/{id}/call-offs/{calloff_id}/cancel", name=Verb.CALLOFF_CANCEL)
def ask_to_cancel(request: Request, ctx: Context, id: UUID, calloff_id: UUID) -> Response:
    return _reasoning(request, ctx, id, calloff_id, wording.CANCEL, BoundForm(Reasoning))


@router.post("/{id}/call-offs/{calloff_id}/cancel", name=Verb.CALLOFF_CANCEL)
def cancel(
    request: Request,
    ctx: Context,
    id: UUID,
    calloff_id: UUID,
    form: Annotated[BoundForm[Reasoning], Depends(reads(Reasoning))],
) -> Response:
    if form.value is None:
        return _reasoning(request, ctx, id, calloff_id, wording.CANCEL, form)
    call_off = queries.call_off(ctx, worked(ctx, id), calloff_id)
    calling_actions.cancel(ctx, call_off, form.value.because)
    return go(request, "contract.show", id=id)


def _reasoning(
    request: Request,
    ctx: Context,
    id: UUID,
    calloff_id: UUID,
    doing: wording.Doing,
    form: BoundForm[Reasoning],
) -> Response:
    contract = worked(ctx, id)
    call_off = queries.call_off(ctx, contract, calloff_id)
    require(ctx, doing.verb, call_off)
    action = str(request.app.url_path_for(doing.verb, id=id, calloff_id=calloff_id))
    about = f"{call_off.title}, {pounds(call_off.value)} without VAT"
    return asking(request, contract, doing, action, form, about=about)


# ---- Reviews


@router.get("/{id}/reviews/new", name=Verb.REVIEW_WRITE)
def ask_to_review(request: Request, ctx: Context, id: UUID) -> Response:
    return _reviewing(request, ctx, worked(ctx, id), BoundForm(Reviewing))


@router.post("/{id}/reviews/new", name=Verb.REVIEW_WRITE)
def review(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Reviewing], Depends(reads(Reviewing))],
) -> Response:
    contract = worked(ctx, id)
    if form.value is None:
        return _reviewing(request, ctx, contract, form)
    delivery_actions.review(ctx, contract, form.value)
    return go(request, "contract.show", id=id)


def _reviewing(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Reviewing]
) -> Response:
    require(ctx, Verb.REVIEW_WRITE, delivery_actions.reviewing(ctx, contract))
    delivery_actions.must_be_to_review(ctx, contract)
    action = str(request.app.url_path_for(Verb.REVIEW_WRITE, id=contract.id))
    return asking(request, contract, wording.REVIEW, action, form)


@router.get("/{id}/reviews/{review_id}/answer", name=Verb.REVIEW_ANSWER)
def ask_to_answer(request: Request, ctx: Context, id: UUID, review_id: UUID) -> Response:
    return _answering(request, ctx, id, review_id, BoundForm(Answering))


@router.post("/{id}/reviews/{review_id}/answer", name=Verb.REVIEW_ANSWER)
def answer(
    request: Request,
    ctx: Context,
    id: UUID,
    review_id: UUID,
    form: Annotated[BoundForm[Answering], Depends(reads(Answering))],
) -> Response:
    if form.value is None:
        return _answering(request, ctx, id, review_id, form)
    found = queries.review(ctx, queries.one(ctx, id), review_id)
    delivery_actions.answer(ctx, found, form.value.answer)
    return go(request, "contract.show", id=id)


def _answering(
    request: Request, ctx: Context, id: UUID, review_id: UUID, form: BoundForm[Answering]
) -> Response:
    contract = queries.one(ctx, id)
    found = queries.review(ctx, contract, review_id)
    require(ctx, Verb.REVIEW_ANSWER, found)
    action = str(request.app.url_path_for(Verb.REVIEW_ANSWER, id=id, review_id=review_id))
    about = f"{found.organisation.called} wrote: {found.text}"
    return asking(request, contract, wording.ANSWER, action, form, about=about)
