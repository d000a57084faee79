"""How a browser bids: the tasks, each with its answers, files, and what is submitted.

None of it stands in the request log: a line would say that there is a bid.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.bids import actions, drafting, eligibility, queries
from marketplace.bids.actions import Incomplete, Work, work
from marketplace.bids.boxes import Box
from marketplace.bids.models import BidStage
from marketplace.bids.working import frame
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.middleware import SEALED
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening, tags=[SEALED])
router.routes.extend(drafting.router.routes)


@router.get("/bids", name="bid.mine")
def mine(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind != "supplier":
        raise NotFound("There is no such page.")
    return page(
        request,
        "bids/mine.html",
        boxes=queries.own_open(ctx),
        opened=queries.own_opened(ctx),
    )


@router.get("/tenders/{id}/bid", name="bid.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    """One's own bid or, for whoever has none, how to begin one and what stands in the way."""
    tender = tenders.one(ctx, id)
    box = queries.own(ctx, tender)
    if box is None and (bid := queries.own_of(ctx, tender)):
        opening = queries.files(ctx, bid)
        return page(request, "bids/opened.html", tender=tender, bid=bid, files=opening, own=True)
    if box is None:
        found = eligibility.obstacle(ctx, tender)
        return page(request, "bids/begin.html", tender=tender, obstacle=found)
    return _shown(request, ctx, tender, box)


def _shown(request: Request, ctx: Context, tender: Tender, box: Box) -> Response:
    found = work(ctx, box)
    statuses = {slug: task.status(box.typed) for slug, task in found.tasks.items()}
    return page(
        request,
        "bids/show.html",
        **frame(ctx, tender, box),
        work=found,
        groups=_groups(request, found, statuses),
        left=sum(status not in ("Completed", "Optional") for status in statuses.values()),
    )


def _groups(request: Request, work: Work, statuses: Any) -> list[dict[str, Any]]:
    """The tasks as the list shows them, with who saved each last."""
    weights = {one.slug: f"{one.weight}% of the marks. " for one in work.asked.questions}
    groups: dict[str, list[dict[str, Any]]] = {}
    id = work.box.bid.tender_id
    for slug, task in work.tasks.items():
        saved = work.box.saves.get(slug)
        hint = weights.get(slug, "") + (f"Last saved by {saved.person_name}." if saved else "")
        to = request.app.url_path_for("bid.section", id=id, section=slug)
        about = {"text": task.task, "href": str(to), "status": statuses[slug].value, "hint": hint}
        groups.setdefault(task.group, []).append(about)
    to = request.app.url_path_for("bid.files", id=id)
    count = len(work.box.files)
    said = "Completed" if count else "Optional"
    about = {"text": "Add files", "href": str(to), "status": said, "hint": _counted(count)}
    groups["Your answers"].append(about)
    return [{"title": title, "tasks": those} for title, those in groups.items()]


def _counted(files: int) -> str:
    return f"{files} {'file' if files == 1 else 'files'}" if files else ""


@router.post("/tenders/{id}/bid", name=Verb.BID_START)
def start(request: Request, ctx: Context, id: UUID) -> Response:
    actions.start(ctx, tenders.one(ctx, id))
    return go(request, "bid.show", id=id)


# ---- Submitted, confirmed, withdrawn


@router.get("/tenders/{id}/bid/submit", name=Verb.BID_SUBMIT)
def check(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    return _checked(request, ctx, tender, queries.one_own(ctx, tender))


def _checked(
    request: Request, ctx: Context, tender: Tender, box: Box, status: int = 200
) -> Response:
    require(ctx, Verb.BID_SUBMIT, box.bid)
    found = work(ctx, box)
    undone = [task for task in found.tasks.values() if not task.done(box.typed)]
    return page(
        request,
        "bids/check.html",
        status=status,
        **frame(ctx, tender, box),
        work=found,
        undone=undone,
        content=found.offered,
    )


@router.post("/tenders/{id}/bid/submit", name=Verb.BID_SUBMIT)
def submit(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    try:
        actions.submit(ctx, tender)
    except Incomplete:
        return _checked(request, ctx, tender, queries.one_own(ctx, tender), status=409)
    return go(request, "bid.receipt", id=id)


@router.post("/tenders/{id}/bid/confirm", name=Verb.BID_CONFIRM)
def confirm(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    try:
        actions.confirm(ctx, tender)
    except Incomplete:
        return _checked(request, ctx, tender, queries.one_own(ctx, tender), status=409)
    return go(request, "bid.receipt", id=id)


@router.get("/tenders/{id}/bid/receipt", name="bid.receipt")
def receipt(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender)
    if box.bid.stage is not BidStage.SUBMITTED:
        raise NotFound("This bid is not submitted.")
    return page(request, "bids/receipt.html", **frame(ctx, tender, box), content=box.bid.content)


@router.get("/tenders/{id}/bid/withdraw", name=Verb.BID_WITHDRAW)
def ask_to_withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender)
    require(ctx, Verb.BID_WITHDRAW, box.bid)
    return page(request, "bids/withdraw.html", **frame(ctx, tender, box))


@router.post("/tenders/{id}/bid/withdraw", name=Verb.BID_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    actions.withdraw(ctx, tenders.one(ctx, id))
    flash(request, "Your bid is withdrawn. What you wrote is kept as a draft.")
    return go(request, "bid.show", id=id)
