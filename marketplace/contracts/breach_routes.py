"""How an authority records a breach of its contract, or poor performance, in a browser."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.contracts import breach_actions as actions
from marketplace.contracts import breach_queries as queries
from marketplace.contracts import wording
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.forms import Correcting, Reporting
from marketplace.contracts.models import Contract
from marketplace.contracts.working import asking, worked
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/contracts/{id}/breaches", route_class=Opening)


@router.get("/new", name=Verb.CONTRACT_REPORT)
def ask_to_report(request: Request, ctx: Context, id: UUID) -> Response:
    return _reporting(request, ctx, worked(ctx, id), BoundForm(Reporting))


@router.post("/new", name=Verb.CONTRACT_REPORT)
def report(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Reporting], Depends(reads(Reporting))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.report(ctx, contract, form)
    if form.errors:
        return _reporting(request, ctx, contract, form)
    flash(request, "It is recorded, and the supplier is told.")
    return go(request, "contract.show", id=id)


def _reporting(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Reporting]
) -> Response:
    require(ctx, Verb.CONTRACT_REPORT, contract)
    action = str(request.app.url_path_for(Verb.CONTRACT_REPORT, id=contract.id))
    return asking(request, contract, wording.REPORT, action, form)


@router.get("/{breach_id}/correct", name=Verb.CONTRACT_CORRECT)
def ask_to_correct(request: Request, ctx: Context, id: UUID, breach_id: UUID) -> Response:
    contract = worked(ctx, id)
    breach = queries.one(ctx, contract, breach_id)
    known: dict[str, Any] = {name: getattr(breach, name) for name in Reporting.model_fields}
    return _correcting(request, ctx, contract, breach, show(Correcting, {**known, "stands": True}))


@router.post("/{breach_id}/correct", name=Verb.CONTRACT_CORRECT)
def correct(
    request: Request,
    ctx: Context,
    id: UUID,
    breach_id: UUID,
    form: Annotated[BoundForm[Correcting], Depends(reads(Correcting))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.correct(ctx, contract, breach_id, form)
    if form.errors:
        breach = queries.one(ctx, contract, breach_id)
        return _correcting(request, ctx, contract, breach, form)
    flash(request, "It is corrected, and the supplier is told.")
    return go(request, "contract.show", id=id)


def _correcting(
    request: Request, ctx: Context, contract: Contract, breach: Breach, form: BoundForm[Correcting]
) -> Response:
    require(ctx, Verb.CONTRACT_CORRECT, contract)
    actions.must_count(breach)
    url = request.app.url_path_for(Verb.CONTRACT_CORRECT, id=contract.id, breach_id=breach.id)
    return asking(request, contract, wording.CORRECT, str(url), form, about=breach.failing.label)
