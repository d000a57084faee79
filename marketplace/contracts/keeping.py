"""How an authority keeps its contract in a browser: writes, signs, records, changes and ends it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from marketplace.contracts import (
    actions,
    breach_queries,
    delivery_actions,
    duties,
    notice_content,
    queries,
    wording,
)
from marketplace.contracts.forms import (
    Attaching,
    Changing,
    Editing,
    Ending,
    Extending,
    Meeting,
    Noting,
    Planning,
    Relying,
    Signing,
)
from marketplace.contracts.models import Contract
from marketplace.contracts.working import Options, asking, frame, worked
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.forms import BoundForm, bind, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.organisations import queries as organisations
from marketplace.perform import require
from marketplace.tenders.notice_content import Lines
from marketplace.verbs import Verb

router = APIRouter(prefix="/contracts", route_class=Opening)


def _asking(
    request: Request,
    ctx: Context,
    contract: Contract,
    doing: wording.Doing,
    form: BoundForm[Any],
    options: Options | None = None,
) -> Response:
    require(ctx, doing.verb, contract)
    action = str(request.app.url_path_for(doing.verb, id=contract.id))
    return asking(request, contract, doing, action, form, options)


# ---- While it is prepared


@router.get("/{id}/edit", name=Verb.CONTRACT_EDIT)
def ask_to_edit(request: Request, ctx: Context, id: UUID) -> Response:
    contract = worked(ctx, id)
    known = {name: getattr(contract, name, None) for name in Editing.model_fields}
    known["permitted"] = [one.organisation_id for one in queries.permitted(ctx, contract)]
    return _editing(request, ctx, contract, show(Editing, known))


@router.post("/{id}/edit", name=Verb.CONTRACT_EDIT)
def edit(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Editing], Depends(reads(Editing))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.edit(ctx, contract, form)
    if form.errors:
        return _editing(request, ctx, contract, form)
    return go(request, "contract.show", id=id)


def _editing(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Editing]
) -> Response:
    others = [
        (one.id, one.called)
        for one in organisations.authorities(ctx)
        if str(one.id) not in contract.parties
    ]
    options: Options = {"permitted": list(others)}
    return _asking(request, ctx, contract, wording.EDIT, form, options)


@router.get("/{id}/documents", name="contract.documents")
def documents(request: Request, ctx: Context, id: UUID) -> Response:
    """For those who see all of it, and for its supplier."""
    contract = queries.one(ctx, id)
    if not frame(ctx, contract, "documents")["its"]:
        raise NotFound("There is no such contract.")
    return _documents(request, ctx, contract, BoundForm(Attaching))


@router.post("/{id}/documents", name=Verb.CONTRACT_ATTACH)
def attach(request: Request, ctx: Context, id: UUID, file: UploadFile | None = None) -> Response:
    contract = worked(ctx, id)
    require(ctx, Verb.CONTRACT_ATTACH, contract)
    if file is None or not file.filename:
        return _documents(request, ctx, contract, bind(Attaching, {}))
    try:
        actions.attach(ctx, contract, request.app.state.files, file.file, file.filename)
    except Refused as why:
        form = BoundForm(Attaching).refused("file", str(why))
        return _documents(request, ctx, contract, form)
    return go(request, "contract.documents", id=id)


@router.post("/{id}/documents/{document_id}/remove", name=Verb.CONTRACT_DETACH)
def detach(request: Request, ctx: Context, id: UUID, document_id: UUID) -> Response:
    contract = worked(ctx, id)
    document = queries.document(ctx, contract, document_id)
    actions.detach(ctx, contract, request.app.state.files, document)
    return go(request, "contract.documents", id=id)


def _documents(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Attaching]
) -> Response:
    framed = frame(ctx, contract, "documents")
    found = queries.documents(ctx, contract)
    return page(request, "contracts/documents.html", **framed, documents=found, form=form)


@router.get("/{id}/rely", name=Verb.CONTRACT_RELY)
def ask_to_rely(request: Request, ctx: Context, id: UUID) -> Response:
    return _relying(request, ctx, worked(ctx, id), BoundForm(Relying))


@router.post("/{id}/rely", name=Verb.CONTRACT_RELY)
def rely(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Relying], Depends(reads(Relying))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.rely(ctx, contract, form)
    if form.errors:
        return _relying(request, ctx, contract, form)
    return go(request, "contract.show", id=id)


def _relying(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Relying]
) -> Response:
    offered = queries.claims_on_offer(ctx, contract)
    options: Options = {
        "claim_id": [(one.id, f"{one.standard}, for {one.subject}") for one in offered]
    }
    doing = wording.RELY if offered else wording.NOTHING_TO_RELY_ON
    return _asking(request, ctx, contract, doing, form, options)


# ---- Signed


@router.get("/{id}/sign", name=Verb.CONTRACT_SIGN)
def ask_to_sign(request: Request, ctx: Context, id: UUID) -> Response:
    return _asking(request, ctx, worked(ctx, id), wording.SIGN, BoundForm(Signing))


@router.post("/{id}/sign", name=Verb.CONTRACT_SIGN)
def sign(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Signing], Depends(reads(Signing))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.sign(ctx, contract, form)
    if form.errors:
        return _asking(request, ctx, contract, wording.SIGN, form)
    flash(request, "The signature is recorded.")
    return go(request, "contract.show", id=id)


@router.get("/{id}/due/{key}", name=Verb.CONTRACT_CITE)
def ask_to_cite(request: Request, ctx: Context, id: UUID, key: str) -> Response:
    return _citing(request, ctx, worked(ctx, id), key, BoundForm(Noting))


@router.post("/{id}/due/{key}", name=Verb.CONTRACT_CITE)
def cite(
    request: Request,
    ctx: Context,
    id: UUID,
    key: str,
    form: Annotated[BoundForm[Noting], Depends(reads(Noting))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.cite(ctx, contract, key, form)
    if form.errors:
        return _citing(request, ctx, contract, key, form)
    return go(request, "contract.show", id=id)


def _citing(
    request: Request, ctx: Context, contract: Contract, key: str, form: BoundForm[Noting]
) -> Response:
    require(ctx, Verb.CONTRACT_CITE, contract)
    for one in breach_queries.due(ctx, contract):
        if one.due.key == key:
            return page(
                request,
                "contracts/due.html",
                contract=contract,
                duty=one,
                form=form,
                lines=_content(ctx, contract, one),
            )
    raise NotFound("Nothing of this kind is due of the contract.")


def _content(ctx: Context, contract: Contract, duty: duties.Duty) -> Lines:
    ocid = f"{ctx.settings.ocds_prefix}-{contract.tender_id}"
    return notice_content.lines(duty, contract, queries.parties(ctx, contract), ocid)


@router.get("/{id}/change", name=Verb.CONTRACT_CHANGE)
def ask_to_change(request: Request, ctx: Context, id: UUID) -> Response:
    contract = worked(ctx, id)
    known = {"value": contract.value, "ends_on": contract.ends_on}
    return _asking(request, ctx, contract, wording.CHANGE, show(Changing, known))


@router.post("/{id}/change", name=Verb.CONTRACT_CHANGE)
def change(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Changing], Depends(reads(Changing))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.change(ctx, contract, form)
    if form.errors:
        return _asking(request, ctx, contract, wording.CHANGE, form)
    return go(request, "contract.show", id=id)


@router.get("/{id}/extend", name=Verb.CONTRACT_EXTEND)
def ask_to_extend(request: Request, ctx: Context, id: UUID) -> Response:
    contract = worked(ctx, id)
    known = {"ends_on": contract.extends_to}
    return _asking(request, ctx, contract, wording.EXTEND, show(Extending, known))


@router.post("/{id}/extend", name=Verb.CONTRACT_EXTEND)
def extend(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Extending], Depends(reads(Extending))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.extend(ctx, contract, form)
    if form.errors:
        return _asking(request, ctx, contract, wording.EXTEND, form)
    return go(request, "contract.show", id=id)


@router.get("/{id}/end", name=Verb.CONTRACT_END)
def ask_to_end(request: Request, ctx: Context, id: UUID) -> Response:
    return _asking(request, ctx, worked(ctx, id), wording.END, BoundForm(Ending))


@router.post("/{id}/end", name=Verb.CONTRACT_END)
def end(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Ending], Depends(reads(Ending))],
) -> Response:
    contract = worked(ctx, id)
    form = actions.end(ctx, contract, form)
    if form.errors:
        return _asking(request, ctx, contract, wording.END, form)
    return go(request, "contract.show", id=id)


# ---- Milestones


@router.get("/{id}/milestones/new", name=Verb.MILESTONE_ADD)
def ask_to_plan(request: Request, ctx: Context, id: UUID) -> Response:
    return _planning(request, ctx, worked(ctx, id), BoundForm(Planning))


@router.post("/{id}/milestones/new", name=Verb.MILESTONE_ADD)
def plan(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Planning], Depends(reads(Planning))],
) -> Response:
    contract = worked(ctx, id)
    if form.value is None:
        return _planning(request, ctx, contract, form)
    delivery_actions.plan(ctx, contract, form.value)
    return go(request, "contract.show", id=id)


def _planning(
    request: Request, ctx: Context, contract: Contract, form: BoundForm[Planning]
) -> Response:
    require(ctx, Verb.MILESTONE_ADD, delivery_actions.planning(ctx, contract))
    action = str(request.app.url_path_for(Verb.MILESTONE_ADD, id=contract.id))
    return asking(request, contract, wording.PLAN, action, form)


@router.get("/{id}/milestones/{milestone_id}/met", name=Verb.MILESTONE_MEET)
def ask_to_meet(request: Request, ctx: Context, id: UUID, milestone_id: UUID) -> Response:
    return _meeting(request, ctx, id, milestone_id, show(Meeting, {"met_on": ctx.today}))


@router.post("/{id}/milestones/{milestone_id}/met", name=Verb.MILESTONE_MEET)
def meet(
    request: Request,
    ctx: Context,
    id: UUID,
    milestone_id: UUID,
    form: Annotated[BoundForm[Meeting], Depends(reads(Meeting))],
) -> Response:
    if form.value is None:
        return _meeting(request, ctx, id, milestone_id, form)
    delivery_actions.meet(ctx, queries.milestone(ctx, worked(ctx, id), milestone_id), form.value)
    return go(request, "contract.show", id=id)


def _meeting(
    request: Request, ctx: Context, id: UUID, milestone_id: UUID, form: BoundForm[Meeting]
) -> Response:
    contract = worked(ctx, id)
    milestone = queries.milestone(ctx, contract, milestone_id)
    require(ctx, Verb.MILESTONE_MEET, milestone)
    url = request.app.url_path_for(Verb.MILESTONE_MEET, id=id, milestone_id=milestone_id)
    return asking(request, contract, wording.MEET, str(url), form, about=milestone.title)
