"""How a browser drafts the content of a tender: sections, lots, criteria, weights and standards."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show, typed
from marketplace.core.pages import flash, go, page, piece
from marketplace.core.times import clock
from marketplace.perform import require
from marketplace.reference.choosing import Looking, Picker, looking, picker
from marketplace.tenders import actions, content, dividing, drafts, history_queries, queries, rounds
from marketplace.tenders.deciding_forms import EndingLot
from marketplace.tenders.drafts import Piece
from marketplace.tenders.forms import Dividend, Measuring
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Criterion, PartyStage, Tender
from marketplace.tenders.standing import taking_part
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


# ---- Sections


@router.get("/{id}/workspace/content", name="tender.content")
def tasks(request: Request, ctx: Context, id: UUID) -> Response:
    tender = queries.working(ctx, id)
    given = drafts.answers(tender)
    sections = [(piece, piece.status(given)) for piece in drafts.SECTIONS.values()]
    parties = queries.parties(ctx, tender)  # the lead first, who reads the whole
    ours = (one for one in parties if one.organisation_id == ctx.actor.organisation_id)
    return page(
        request,
        "tenders/content.html",
        **frame(ctx, tender, "content"),
        sections=sections,
        reader=next(ours, parties[0]),
        lots=queries.lots(ctx, tender),
        criteria=queries.criteria(ctx, tender),
        documents=len(queries.documents(ctx, tender)),
        demands=len(queries.demands(ctx, tender)),
    )


async def _section(request: Request, section: str) -> Piece:
    if section not in drafts.SECTIONS:
        raise NotFound("There is no such part of a tender.")
    return drafts.SECTIONS[section]


OneSection = Annotated[Piece, Depends(_section)]


async def _sent(request: Request, section: OneSection) -> tuple[dict[str, Any], Opened]:
    """What was typed, and the page it was typed on."""
    data = await request.form()
    return typed(section.form, data), Opened.of(data)


Sent = Annotated[tuple[dict[str, Any], Opened], Depends(_sent)]


Look = Annotated[Looking, Depends(looking)]
NOT_LOOKING = Looking()
SAYING = ("title", "summary", "scope", "functional")  # the answers that tell what is bought


@router.get("/{id}/workspace/sections/{section}", name="tender.section")
def section(request: Request, ctx: Context, id: UUID, section: OneSection, look: Look) -> Response:
    tender = queries.working(ctx, id)
    require(ctx, Verb.TENDER_EDIT, tender)
    given = drafts.answers(tender)
    form = section.unjudged({**given, "cpv": look.ticked} if look.asks else given)
    return _asked(request, ctx, tender, section, form, look=look)


@router.post("/{id}/workspace/sections/{section}", name=Verb.TENDER_EDIT)
def edit(
    request: Request,
    ctx: Context,
    id: UUID,
    section: OneSection,
    sent: Sent,
    look: Look,
    autosave: bool = False,
) -> Response:
    tender = queries.working(ctx, id)
    answers, opened = sent
    if look.asks:  # a code is looked for, and nothing is saved yet
        require(ctx, Verb.TENDER_EDIT, tender)
        form = BoundForm(section.form, answers)
        return _asked(request, ctx, tender, section, form, page_name=opened.page, look=look)
    try:
        form = actions.edit(ctx, tender, section, answers, opened, automatic=autosave)
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save” to see both.")
        mine = BoundForm(section.form, answers)
        return _asked(request, ctx, tender, section, mine, overtaken=why, look=look)
    if autosave:
        said = f"Kept automatically at {clock(ctx.now)}. Choose “Save” to show it to the others."
        return piece("saved", said)
    if form.errors:
        return _asked(request, ctx, tender, section, form, page_name=opened.page, look=look)
    return go(request, "tender.content", id=id)


def _asked(
    request: Request,
    ctx: Context,
    tender: Tender,
    section: Piece,
    form: BoundForm[Any],
    *,
    overtaken: Overtaken | None = None,
    page_name: str = "",
    look: Looking = NOT_LOOKING,
) -> Response:
    saved = overtaken.saved if overtaken else history_queries.last_edit(ctx, tender, section.slug)
    return page(
        request,
        "tenders/section.html",
        status=409 if overtaken else 200,
        **frame(ctx, tender, "content"),
        section=section,
        form=form,
        page_name=page_name or uuid4().hex,
        since=saved.id if saved else "",
        overtaken=overtaken,
        theirs=_read(tender, section) if overtaken else [],
        picker=_picker(request, tender, form, look),
        **(_divided(ctx, tender) if section.slug == "lots" else {}),
        criteria=queries.criteria(ctx, tender) if section.slug == "criteria" else [],
        names=queries.names(ctx, tender) if section.slug == "criteria" else {},
        stages=rounds.drafted(tender) if section.slug == "dates" else (),
        weight=content.weight,
    )


def _divided(ctx: Context, tender: Tender) -> dict[str, Any]:
    """The lots, whom they serve, and whether they come to what the authorities would pay."""
    lots, parties = queries.lots(ctx, tender), queries.parties(ctx, tender)
    return {"lots": lots, "parties": parties, "worth": dividing.sums(lots, taking_part(parties))}


def _picker(request: Request, tender: Tender, form: BoundForm[Any], look: Looking) -> Picker | None:
    """The codes of a section that asks for some, with those that the draft's words suggest."""
    if "cpv" not in form.kind.model_fields:
        return None
    given = drafts.answers(tender)
    text = "\n".join(str(given.get(name) or "") for name in SAYING)
    return picker(request.app.state.codes, form.submitted.get("cpv", ()), look, text)


def _read(tender: Tender, section: Piece) -> list[tuple[str, str]]:
    """What stands in a section now, as it was typed."""
    given = section.unjudged(drafts.answers(tender)).submitted
    labels = section.form.model_fields
    return [
        (
            labels[name.partition("-")[0]].title or name,
            "\n".join(value) if isinstance(value, list) else str(value),
        )
        for name, value in given.items()
    ]


# ---- Lots


DividendSent = Annotated[BoundForm[Dividend], Depends(reads(Dividend))]


@router.get("/{id}/workspace/lots/new", name=Verb.LOT_ADD)
def new_lot(request: Request, ctx: Context, id: UUID) -> Response:
    return _lot(request, ctx, queries.working(ctx, id), None, show(Dividend, {"vat_rate": 20}))


@router.post("/{id}/workspace/lots/new", name=Verb.LOT_ADD)
def add_lot(request: Request, ctx: Context, id: UUID, form: DividendSent) -> Response:
    tender = queries.working(ctx, id)
    form = actions.inside(ctx, tender, form)
    if form.value is None:
        return _lot(request, ctx, tender, None, form)
    actions.add_lot(ctx, tender, form.value)
    return go(request, "tender.section", id=id, section="lots")


@router.get("/{id}/workspace/lots/{lot_id}", name=Verb.LOT_CHANGE)
def one_lot(request: Request, ctx: Context, id: UUID, lot_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    lot = queries.lot(ctx, tender, lot_id)
    return _lot(request, ctx, tender, lot, show(Dividend, lot.model_dump()))


@router.post("/{id}/workspace/lots/{lot_id}", name=Verb.LOT_CHANGE)
def change_lot(
    request: Request, ctx: Context, id: UUID, lot_id: UUID, form: DividendSent
) -> Response:
    tender = queries.working(ctx, id)
    lot = queries.lot(ctx, tender, lot_id)
    form = actions.inside(ctx, tender, form)
    if form.value is None:
        return _lot(request, ctx, tender, lot, form)
    actions.change_lot(ctx, tender, lot, form.value)
    return go(request, "tender.section", id=id, section="lots")


@router.post("/{id}/workspace/lots/{lot_id}/remove", name=Verb.LOT_REMOVE)
def remove_lot(request: Request, ctx: Context, id: UUID, lot_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    actions.remove_lot(ctx, tender, queries.lot(ctx, tender, lot_id))
    return go(request, "tender.section", id=id, section="lots")


@router.get("/{id}/workspace/lots/{lot_id}/end", name=Verb.LOT_END)
def ask_to_end_lot(request: Request, ctx: Context, id: UUID, lot_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    lot = queries.lot(ctx, tender, lot_id)
    return _ending_lot(request, ctx, tender, lot, BoundForm(EndingLot))


@router.post("/{id}/workspace/lots/{lot_id}/end", name=Verb.LOT_END)
def end_lot(
    request: Request,
    ctx: Context,
    id: UUID,
    lot_id: UUID,
    form: Annotated[BoundForm[EndingLot], Depends(reads(EndingLot))],
) -> Response:
    tender = queries.working(ctx, id)
    lot = queries.lot(ctx, tender, lot_id)
    if form.value is None:
        return _ending_lot(request, ctx, tender, lot, form)
    actions.end_lot(ctx, tender, lot, form.value.because)
    flash(request, f"The lot “{lot.title}” has ended. The others go on.")
    return go(request, "tender.show", id=id)


def _ending_lot(
    request: Request, ctx: Context, tender: Tender, lot: Lot, form: BoundForm[EndingLot]
) -> Response:
    require(ctx, Verb.LOT_END, lot)
    actions.nothing_decided(ctx, tender, lot)
    frame_ = frame(ctx, tender, "content")
    return page(request, "tenders/end_lot.html", **frame_, lot=lot, form=form)


def _takes_part(ctx: Context, tender: Tender) -> list[Any]:
    return [one for one in queries.parties(ctx, tender) if one.stage is PartyStage.ACCEPTED]


def _lot(
    request: Request, ctx: Context, tender: Tender, lot: Lot | None, form: BoundForm[Dividend]
) -> Response:
    about = lot or Lot(tender_id=tender.id, tender=tender, position=0, title="")
    require(ctx, Verb.LOT_CHANGE if lot else Verb.LOT_ADD, about)
    actions.may_be_changed(ctx, tender)
    options = [(one.organisation_id, one.organisation.name) for one in _takes_part(ctx, tender)]
    return page(
        request,
        "tenders/lot.html",
        **frame(ctx, tender, "content"),
        lot=lot,
        form=form,
        options=options,
        published=lot is not None
        and any(one["id"] == str(lot.id) for one in actions.published_lots(ctx, tender)),
    )


# ---- Criteria


MeasuringSent = Annotated[BoundForm[Measuring], Depends(reads(Measuring))]


@router.get("/{id}/workspace/criteria/new", name=Verb.CRITERION_ADD)
def new_criterion(request: Request, ctx: Context, id: UUID) -> Response:
    return _criterion(request, ctx, queries.working(ctx, id), None, BoundForm(Measuring))


@router.post("/{id}/workspace/criteria/new", name=Verb.CRITERION_ADD)
def add_criterion(request: Request, ctx: Context, id: UUID, form: MeasuringSent) -> Response:
    tender = queries.working(ctx, id)
    form = actions.local(ctx, tender, form)
    if form.value is None:
        return _criterion(request, ctx, tender, None, form)
    actions.add_criterion(ctx, tender, form.value)
    return go(request, "tender.weights", id=id)


@router.get("/{id}/workspace/criteria/{criterion_id}", name=Verb.CRITERION_CHANGE)
def one_criterion(request: Request, ctx: Context, id: UUID, criterion_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    one = queries.criterion(ctx, tender, criterion_id)
    return _criterion(request, ctx, tender, one, show(Measuring, one.model_dump()))


@router.post("/{id}/workspace/criteria/{criterion_id}", name=Verb.CRITERION_CHANGE)
def change_criterion(
    request: Request, ctx: Context, id: UUID, criterion_id: UUID, form: MeasuringSent
) -> Response:
    tender = queries.working(ctx, id)
    one = queries.criterion(ctx, tender, criterion_id)
    form = actions.local(ctx, tender, form)
    if form.value is None:
        return _criterion(request, ctx, tender, one, form)
    actions.change_criterion(ctx, tender, one, form.value)
    return go(request, "tender.section", id=id, section="criteria")


@router.post("/{id}/workspace/criteria/{criterion_id}/remove", name=Verb.CRITERION_REMOVE)
def remove_criterion(request: Request, ctx: Context, id: UUID, criterion_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    actions.remove_criterion(ctx, tender, queries.criterion(ctx, tender, criterion_id))
    return go(request, "tender.section", id=id, section="criteria")


def _criterion(
    request: Request,
    ctx: Context,
    tender: Tender,
    criterion: Criterion | None,
    form: BoundForm[Measuring],
) -> Response:
    about = criterion or Criterion(tender_id=tender.id, tender=tender, position=0, title="")
    require(ctx, Verb.CRITERION_CHANGE if criterion else Verb.CRITERION_ADD, about)
    actions.may_be_changed(ctx, tender)
    return page(
        request,
        "tenders/criterion.html",
        **frame(ctx, tender, "content"),
        criterion=criterion,
        form=form,
        authorities=list(queries.names(ctx, tender).items()),
    )
