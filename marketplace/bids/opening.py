"""How the authorities of a tender open its bids, and read them then."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.bids import opening_actions as actions
from marketplace.bids import queries
from marketplace.bids.asking import asked
from marketplace.bids.counting import counting
from marketplace.bids.forms import Choosing, Excusing
from marketplace.bids.models import Bid, OpeningStage, before_the_deadline
from marketplace.bids.models import Opening as BidOpening
from marketplace.bids.working import handed_out
from marketplace.clarifications import queries as clarifications
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)


@router.get("/{id}/workspace/bids", name="bid.list")
def listed(request: Request, ctx: Context, id: UUID) -> Response:
    """Before the opening it says the same whether there are bids or not."""
    tender = tenders.working(ctx, id)
    openings = queries.openings(ctx, tender)
    opening = queries.in_turn(openings)
    done = [one for one in openings if one.stage is OpeningStage.DONE]
    return page(
        request,
        "bids/list.html",
        **frame(ctx, tender, "bids"),
        opening=opening,
        its_stage=rounds.one(tender, opening.round),
        can_open=before_the_deadline(opening, ctx.now) is None,
        opened=[_opened(ctx, tender, one) for one in done],
        unanswered=0 if len(done) == len(openings) else clarifications.unanswered(ctx, tender),
    )


def _opened(ctx: Context, tender: Tender, opening: BidOpening) -> dict[str, Any]:
    """A stage whose bids are open, or the whole tender, and who of it goes on."""
    round = opening.round
    goes_on = bool(round) and round != rounds.last(tender)
    bids = queries.bids(ctx, tender, round)
    choices = queries.choices(ctx, tender, round) if goes_on else {}
    told = [one.told_at for one in choices.values() if one.told_at]
    return {
        "opening": opening,
        "stage": rounds.one(tender, round),
        "bids": bids,
        "number": queries.how_many(ctx, tender, round),
        "goes_on": goes_on,
        "choices": choices,
        "told_at": told[0] if told else None,
        "left": sum(bid.id not in choices for bid in bids),
    }


@router.get("/{id}/workspace/bids/excuse", name=Verb.OPENING_EXCUSE)
def ask_to_excuse(request: Request, ctx: Context, id: UUID) -> Response:
    return _excusing(request, ctx, tenders.working(ctx, id), BoundForm(Excusing))


@router.post("/{id}/workspace/bids/excuse", name=Verb.OPENING_EXCUSE)
def excuse(
    request: Request,
    ctx: Context,
    id: UUID,
    form: Annotated[BoundForm[Excusing], Depends(reads(Excusing))],
) -> Response:
    tender = tenders.working(ctx, id)
    if form.value is None:
        return _excusing(request, ctx, tender, form)
    actions.excuse(ctx, tender, form.value.because)
    flash(request, "Recorded. The bids can be opened.")
    return go(request, "bid.list", id=id)


def _excusing(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Excusing]
) -> Response:
    require(ctx, Verb.OPENING_EXCUSE, queries.in_turn(queries.openings(ctx, tender)))
    unanswered = clarifications.unanswered(ctx, tender)
    return page(
        request,
        "bids/excuse.html",
        **frame(ctx, tender, "bids"),
        form=form,
        unanswered=unanswered,
    )


@router.post("/{id}/workspace/bids/begin", name=Verb.OPENING_BEGIN)
def begin(request: Request, ctx: Context, id: UUID) -> Response:
    actions.begin(ctx, tenders.working(ctx, id))
    flash(request, "You have begun. Somebody of another authority finishes the opening.")
    return go(request, "bid.list", id=id)


@router.get("/{id}/workspace/bids/open", name=Verb.OPENING_FINISH)
def ask_to_open(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    opening = queries.in_turn(queries.openings(ctx, tender))
    require(ctx, Verb.OPENING_FINISH, opening)
    return page(
        request,
        "bids/open.html",
        **frame(ctx, tender, "bids"),
        opening=opening,
        its_stage=rounds.one(tender, opening.round),
    )


@router.post("/{id}/workspace/bids/open", name=Verb.OPENING_FINISH)
def finish(request: Request, ctx: Context, id: UUID) -> Response:
    actions.finish(ctx, tenders.working(ctx, id))
    flash(request, "The bids are open.")
    return go(request, "bid.list", id=id)


@router.get("/{id}/workspace/bids/{bid_id}", name="bid.read")
def read(request: Request, ctx: Context, id: UUID, bid_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    bid = queries.one(ctx, tender, bid_id)
    return page(
        request,
        "bids/opened.html",
        tender=tender,
        bid=bid,
        content=counting(bid.content, asked(tenders.publications(ctx, tender)).ended),
        files=queries.files(ctx, bid),
        own=False,
        prices_hidden="prices" in bid.content and not queries.offers(ctx, bid) and not bid.earlier,
        its_stage=rounds.one(tender, bid.round),
        choice=None,
    )


# ---- Who goes on to the next stage


@router.get("/{id}/workspace/bids/{bid_id}/choice", name=Verb.CHOICE_RECORD)
def ask_to_choose(request: Request, ctx: Context, id: UUID, bid_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    bid = queries.one(ctx, tender, bid_id)
    known = queries.choices(ctx, tender, bid.round).get(bid.id)
    given = known.model_dump(include={"goes_on", "because"}) if known else {}
    return _choosing(request, ctx, tender, bid, show(Choosing, given))


@router.post("/{id}/workspace/bids/{bid_id}/choice", name=Verb.CHOICE_RECORD)
def choose(
    request: Request,
    ctx: Context,
    id: UUID,
    bid_id: UUID,
    form: Annotated[BoundForm[Choosing], Depends(reads(Choosing))],
) -> Response:
    tender = tenders.working(ctx, id)
    bid = queries.one(ctx, tender, bid_id)
    if form.value is None:
        return _choosing(request, ctx, tender, bid, form)
    said = form.value
    actions.choose(ctx, tender, bid, goes_on=said.goes_on, because=said.because)
    return go(request, "bid.list", id=id)


def _choosing(
    request: Request, ctx: Context, tender: Tender, bid: Bid, form: BoundForm[Choosing]
) -> Response:
    known = queries.choices(ctx, tender, bid.round).get(bid.id)
    require(ctx, Verb.CHOICE_RECORD, known or actions.prospect(ctx, bid))
    frame_ = frame(ctx, tender, "bids")
    return page(request, "bids/choose.html", **frame_, bid=bid, form=form)


@router.get("/{id}/workspace/stages/{stage_id}/tell", name=Verb.CHOICE_TELL)
def ask_to_tell(request: Request, ctx: Context, id: UUID, stage_id: str) -> Response:
    tender = tenders.working(ctx, id)
    its = _stage(tender, stage_id)
    choices = queries.choices(ctx, tender, its.id)
    bids = queries.bids(ctx, tender, its.id)
    for bid in bids[:1]:
        require(ctx, Verb.CHOICE_TELL, choices.get(bid.id) or actions.prospect(ctx, bid))
    return page(
        request,
        "bids/tell.html",
        **frame(ctx, tender, "bids"),
        its_stage=its,
        bids=bids,
        choices=choices,
    )


@router.post("/{id}/workspace/stages/{stage_id}/tell", name=Verb.CHOICE_TELL)
def tell(request: Request, ctx: Context, id: UUID, stage_id: str) -> Response:
    tender = tenders.working(ctx, id)
    number = actions.tell(ctx, tender, _stage(tender, stage_id).id)
    flash(request, f"{number} {'bidder is' if number == 1 else 'bidders are'} told.")
    return go(request, "bid.list", id=id)


def _stage(tender: Tender, stage_id: str) -> Round:
    if found := rounds.one(tender, stage_id):
        return found
    raise NotFound("There is no such stage.")


@router.get("/{id}/workspace/bids/{bid_id}/files/{file_id}", name="bid.download")
def download(request: Request, ctx: Context, id: UUID, bid_id: UUID, file_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    found = queries.file(ctx, queries.one(ctx, tender, bid_id), file_id)
    return handed_out(request, ctx, found.stored)
