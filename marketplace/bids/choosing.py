"""How the lead of a tender says who goes on from a stage, tells all, and takes it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.bids import choice_queries, queries
from marketplace.bids import opening_actions as actions
from marketplace.bids.forms import Revoking, about, choosing
from marketplace.bids.models import Bid
from marketplace.bids.selecting import First, Said, first
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.forms import BoundForm, bind, clean, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round
from marketplace.tenders.working import frame
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)
AMONG, NOT_AMONG = "It is among the first {} by score.", "It is not among the first {} by score."


def _stage(ctx: Context, tender: Tender, stage_id: str) -> tuple[Round, Sequence[Bid]]:
    """A stage with its opened bids."""
    found = rounds.one(tender, stage_id)
    bids = queries.bids(ctx, tender, stage_id) if found else ()
    if found is None or not bids:
        raise NotFound("There is no such stage with bids that were opened.")
    return found, bids


# ---- Who goes on


async def _typed(request: Request) -> dict[str, str]:
    data = await request.form()
    return {name: clean(value) for name, value in data.items() if isinstance(value, str)}


@router.get("/{id}/workspace/stages/{stage_id}/choose", name=Verb.CHOICE_RECORD)
def ask_to_choose(request: Request, ctx: Context, id: UUID, stage_id: str) -> Response:
    tender = tenders.working(ctx, id)
    its, bids = _stage(ctx, tender, stage_id)
    known: dict[str, Any] = {}
    for bid_id, one in choice_queries.choices(ctx, tender, its.id).items():
        known[about("score", bid_id)] = one.score
        known[about("goes_on", bid_id)] = one.goes_on
        known[about("because", bid_id)] = one.because
    return _choosing(request, ctx, tender, its, bids, show(choosing(bids), known))


@router.post("/{id}/workspace/stages/{stage_id}/choose", name=Verb.CHOICE_RECORD)
def choose(
    request: Request,
    ctx: Context,
    id: UUID,
    stage_id: str,
    typed: Annotated[dict[str, str], Depends(_typed)],
) -> Response:
    """Records what is typed; asked for the first by score, it only fills the form for that."""
    tender = tenders.working(ctx, id)
    its, bids = _stage(ctx, tender, stage_id)
    form = bind(choosing(bids), typed)
    if typed.get("first") and its.most:
        form, found = _filled(form, bids, its.most)
        return _choosing(request, ctx, tender, its, bids, form, found, typed.get("since", ""))
    said, form = _said(form, bids)
    if form.value is None:
        return _choosing(request, ctx, tender, its, bids, form, since=typed.get("since", ""))
    try:
        actions.choose(ctx, tender, its, said, typed.get("since", ""))
    except Conflict as why:
        return _choosing(request, ctx, tender, its, bids, form, refused=str(why))
    flash(request, "Recorded. Nobody is told yet." if said else "Nothing was typed to record.")
    return go(request, "bid.list", id=id)


def _said(form: BoundForm[Any], bids: Sequence[Bid]) -> tuple[Mapping[UUID, Said], BoundForm[Any]]:
    """What is said of each bid of which anything is."""
    given: dict[str, Any] = form.value.model_dump() if form.value else {}
    found: dict[UUID, Said] = {}
    for bid in bids if given else ():
        parts = {part: given[about(part, bid.id)] for part in ("goes_on", "because", "score")}
        if parts["goes_on"] is None and (parts["because"] or parts["score"] is not None):
            why = f"Say whether {bid.organisation.name} goes on"
            form = form.refused(about("goes_on", bid.id), why)
        elif parts["goes_on"] is not None and not parts["because"]:
            why = f"Enter the reason for {bid.organisation.name}"
            form = form.refused(about("because", bid.id), why)
        elif parts["goes_on"] is not None:
            found[bid.id] = Said(**parts)
    return found, form


def _filled(
    form: BoundForm[Any], bids: Sequence[Bid], most: int
) -> tuple[BoundForm[Any], First | None]:
    """The form with the first by score chosen, for somebody to check; those that are tied for the
    last places stay open. A reason that somebody wrote stays.
    """
    given = form.value and form.value.model_dump()
    if given is None:
        return form, None
    scores: dict[UUID, Decimal] = {}
    for bid in bids:
        score = given[about("score", bid.id)]
        if score is None:
            why = f"Enter the score of {bid.organisation.name} first"
            form = form.refused(about("score", bid.id), why)
        else:
            scores[bid.id] = score
    if form.errors:
        return form, None
    found, typed = first(scores, most), dict(form.submitted)
    ours = ("", AMONG.format(most), NOT_AMONG.format(most))
    for bid in bids:
        on, open_ = bid.id in found.on, bid.id in found.tied
        typed[about("goes_on", bid.id)] = "" if open_ else "true" if on else "false"
        if str(typed.get(about("because", bid.id), "")).strip() in ours:
            typed[about("because", bid.id)] = "" if open_ else ours[1] if on else ours[2]
    return replace(form, submitted=typed), found


def _choosing(
    request: Request,
    ctx: Context,
    tender: Tender,
    its: Round,
    bids: Sequence[Bid],
    form: BoundForm[Any],
    found: First | None = None,
    since: str = "",
    refused: str = "",
) -> Response:
    known = choice_queries.choices(ctx, tender, its.id)
    require(ctx, Verb.CHOICE_RECORD, known.get(bids[0].id) or actions.prospect(ctx, bids[0]))
    return page(
        request,
        "bids/choose.html",
        status=409 if refused else 200,
        **frame(ctx, tender, "bids"),
        its_stage=its,
        bids=bids,
        known=known,
        form=form,
        first=found,
        chosen=_names(bids, found.on if found else ()),
        tied=_names(bids, found.tied if found else ()),
        since=since or actions.stamp(known),
        refused=refused,
        about=about,
    )


def _names(bids: Sequence[Bid], ids: Collection[UUID]) -> Sequence[str]:
    return [one.organisation.name for one in bids if one.id in ids]


# ---- All are told


@router.get("/{id}/workspace/stages/{stage_id}/tell", name=Verb.CHOICE_TELL)
def ask_to_tell(request: Request, ctx: Context, id: UUID, stage_id: str) -> Response:
    tender = tenders.working(ctx, id)
    its, bids = _stage(ctx, tender, stage_id)
    choices = choice_queries.choices(ctx, tender, its.id)
    require(ctx, Verb.CHOICE_TELL, choices.get(bids[0].id) or actions.prospect(ctx, bids[0]))
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
    number = actions.tell(ctx, tender, _stage(ctx, tender, stage_id)[0].id)
    flash(request, f"{number} {'bidder is' if number == 1 else 'bidders are'} told.")
    return go(request, "bid.list", id=id)


# ---- Taken back


@router.get("/{id}/workspace/bids/{bid_id}/take-back", name=Verb.CHOICE_REVOKE)
def ask_to_revoke(request: Request, ctx: Context, id: UUID, bid_id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    return _revoking(request, ctx, tender, queries.one(ctx, tender, bid_id), BoundForm(Revoking))


@router.post("/{id}/workspace/bids/{bid_id}/take-back", name=Verb.CHOICE_REVOKE)
def revoke(
    request: Request,
    ctx: Context,
    id: UUID,
    bid_id: UUID,
    form: Annotated[BoundForm[Revoking], Depends(reads(Revoking))],
) -> Response:
    tender = tenders.working(ctx, id)
    bid = queries.one(ctx, tender, bid_id)
    if form.value is None:
        return _revoking(request, ctx, tender, bid, form)
    actions.revoke(ctx, tender, bid, form.value.because)
    flash(request, f"Taken back. {bid.organisation.name} is told.")
    return go(request, "bid.list", id=id)


def _revoking(
    request: Request, ctx: Context, tender: Tender, bid: Bid, form: BoundForm[Revoking]
) -> Response:
    known = choice_queries.choices(ctx, tender, bid.round).get(bid.id)
    require(ctx, Verb.CHOICE_REVOKE, known or actions.prospect(ctx, bid))
    return page(request, "bids/revoke.html", **frame(ctx, tender, "bids"), bid=bid, form=form)
