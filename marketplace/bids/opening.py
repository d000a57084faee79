"""How the authorities of a tender open its bids, and read them then."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.bids import choice_queries, choosing, queries
from marketplace.bids import opening_actions as actions
from marketplace.bids.asking import asked
from marketplace.bids.counting import counting
from marketplace.bids.forms import Excusing
from marketplace.bids.models import Opening as BidOpening
from marketplace.bids.models import OpeningStage, before_the_deadline
from marketplace.bids.working import handed_out
from marketplace.clarifications import queries as clarifications
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, reads
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)
router.routes.extend(choosing.router.routes)


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
    choices = choice_queries.choices(ctx, tender, round) if goes_on else {}
    told = [one.told_at for one in choices.values() if one.told_at]
    return {
        "opening": opening,
        "stage": rounds.one(tender, round),
        "bids": bids,
        "number": queries.how_many(ctx, tender, round),
        "goes_on": goes_on,
        "choices": choices,
        "told_at": told[0] if told else None,
        "next": actions.prospect(ctx, bids[0]) if goes_on and bids else None,
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


@router.get("/{id}/workspace/bids/{bid_id}/files/{file_id}", name="bid.download")
def download(request: Request, ctx: Context, id: UUID, bid_id: UUID, file_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    found = queries.file(ctx, queries.one(ctx, tender, bid_id), file_id)
    return handed_out(request, ctx, found.stored)
