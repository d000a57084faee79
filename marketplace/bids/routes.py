"""How a browser bids: the tasks, each with its answers, files, and what is submitted.

None of it stands in the request log: a line would say that there is a bid.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.bids import actions, choice_queries, drafting, eligibility, queries
from marketplace.bids.actions import Incomplete, Work, work
from marketplace.bids.asking import asked
from marketplace.bids.boxes import Box
from marketplace.bids.counting import counting
from marketplace.bids.models import BidStage, Choice
from marketplace.bids.working import chosen, frame, within
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.middleware import SEALED
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening, tags=[SEALED])
router.routes.extend(drafting.router.routes)


@router.get("/bids", name="bid.mine")
def mine(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind != "supplier":
        raise NotFound("There is no such page.")
    boxes = queries.own_open(ctx)
    return page(
        request,
        "bids/mine.html",
        boxes=boxes,
        to_confirm=queries.to_confirm(ctx, boxes),
        opened=queries.own_opened(ctx),
    )


@router.get("/tenders/{id}/bid", name="bid.show")
def show(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    """One's own bid or, for whoever has none, how to begin one and what stands in the way."""
    tender = tenders.one(ctx, id)
    round = chosen(ctx, tender, stage)
    box = queries.own(ctx, tender, round)
    if box is None and (bid := queries.own_of(ctx, tender, round)):
        return page(
            request,
            "bids/opened.html",
            tender=tender,
            bid=bid,
            content=counting(bid.content, asked(tenders.publications(ctx, tender)).ended),
            files=queries.files(ctx, bid),
            own=True,
            its_stage=rounds.one(tender, round),
            choice=choice_queries.own_choices(ctx, tender).get(round) if round else None,
        )
    if box is None:
        return page(
            request,
            "bids/begin.html",
            tender=tender,
            obstacle=eligibility.obstacle(ctx, tender, round),
            its_stage=rounds.one(tender, round),
            closes_at=rounds.closes_at(tender, round),
            within=within(round),
            told=_told(ctx, tender) if round else [],
        )
    return _shown(request, ctx, tender, box)


def _told(ctx: Context, tender: Tender) -> list[tuple[Round, Choice]]:
    """The stages of which the reader was told whether its bid goes on."""
    known = choice_queries.own_choices(ctx, tender)
    return [(one, known[one.id]) for one in rounds.with_bids(tender) if one.id in known]


def _shown(request: Request, ctx: Context, tender: Tender, box: Box) -> Response:
    found = work(ctx, box)
    statuses = {slug: task.status(box.typed) for slug, task in found.tasks.items()}
    return page(
        request,
        "bids/show.html",
        **frame(ctx, tender, box),
        work=found,
        groups=_groups(request, found, statuses),
        left=sum(status not in ("Completed", "Optional") for status in statuses.values())
        + bool(found.undeclared),
    )


def _groups(request: Request, work: Work, statuses: Any) -> list[dict[str, Any]]:
    """The tasks as the list shows them, with who saved each last."""
    weights = {
        one.slug: f"{one.weight}% of the marks. " for one in work.asked.questions if one.weight
    }
    groups: dict[str, list[dict[str, Any]]] = {}
    id, at = work.box.bid.tender_id, within(work.box.bid.round)
    for slug, task in work.tasks.items():
        saved = work.box.saves.get(slug)
        hint = weights.get(slug, "") + (f"Last saved by {saved.person_name}." if saved else "")
        to = f"{request.app.url_path_for('bid.section', id=id, section=slug)}{at}"
        about = {"text": task.task, "href": to, "status": statuses[slug].value, "hint": hint}
        groups.setdefault(task.group, []).append(about)
    to = f"{request.app.url_path_for('bid.files', id=id)}{at}"
    count = len(work.box.files)
    said = "Completed" if count else "Optional"
    about = {"text": "Add files", "href": to, "status": said, "hint": _counted(count)}
    groups["Your answers"].append(about)
    if work.asked.day_roles:
        groups["Your answers"].append(_card(request, work))
    return [{"title": title, "tasks": those} for title, those in groups.items()]


def _card(request: Request, work: Work) -> dict[str, Any]:
    """That the rate card has a rate for each role whose day is priced."""
    left = ", ".join(one.label for one in work.undeclared)
    return {
        "text": "Declare the most you charge for a day",
        "href": str(request.app.url_path_for(Verb.RATE_DECLARE)),
        "status": "Incomplete" if left else "Completed",
        "hint": f"Your rate card has no rate yet for: {left}" if left else "On your rate card.",
    }


def _counted(files: int) -> str:
    return f"{files} {'file' if files == 1 else 'files'}" if files else ""


@router.post("/tenders/{id}/bid", name=Verb.BID_START)
def start(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    actions.start(ctx, tender, chosen(ctx, tender, stage))
    return go(request, "bid.show", id=id)


# ---- Submitted, confirmed, withdrawn


@router.get("/tenders/{id}/bid/submit", name=Verb.BID_SUBMIT)
def check(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    return _checked(request, ctx, tender, box)


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
def submit(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    round = chosen(ctx, tender, stage)
    try:
        actions.submit(ctx, tender, round)
    except Incomplete:
        return _checked(request, ctx, tender, queries.one_own(ctx, tender, round), status=409)
    return go(request, "bid.receipt", id=id)


@router.post("/tenders/{id}/bid/confirm", name=Verb.BID_CONFIRM)
def confirm(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    round = chosen(ctx, tender, stage)
    try:
        actions.confirm(ctx, tender, round)
    except Incomplete:
        return _checked(request, ctx, tender, queries.one_own(ctx, tender, round), status=409)
    return go(request, "bid.receipt", id=id)


@router.get("/tenders/{id}/bid/receipt", name="bid.receipt")
def receipt(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    if box.bid.stage is not BidStage.SUBMITTED:
        raise NotFound("This bid is not submitted.")
    content = counting(box.bid.content, asked(tenders.publications(ctx, tender)).ended)
    return page(request, "bids/receipt.html", **frame(ctx, tender, box), content=content)


@router.get("/tenders/{id}/bid/withdraw", name=Verb.BID_WITHDRAW)
def ask_to_withdraw(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    require(ctx, Verb.BID_WITHDRAW, box.bid)
    return page(request, "bids/withdraw.html", **frame(ctx, tender, box))


@router.post("/tenders/{id}/bid/withdraw", name=Verb.BID_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    actions.withdraw(ctx, tender, chosen(ctx, tender, stage))
    flash(request, "Your bid is withdrawn. What you wrote is kept as a draft.")
    return go(request, "bid.show", id=id)
