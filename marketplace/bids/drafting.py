"""How a browser writes a bid: the answers of each task, and files."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from marketplace.bids import actions, drafts, eligibility, queries
from marketplace.bids import consortium_queries as consortium
from marketplace.bids.actions import Work, work
from marketplace.bids.boxes import Box, Saved
from marketplace.bids.drafts import Task
from marketplace.bids.forms import MOST_LINES, Attaching
from marketplace.bids.working import chosen, frame, handed_out, within
from marketplace.core import scanning
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.files import Stored
from marketplace.core.forms import BoundForm, bind, clean
from marketplace.core.middleware import SEALED
from marketplace.core.pages import flash, page, piece
from marketplace.core.times import clock
from marketplace.law import exclusion
from marketplace.perform import require
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening, tags=[SEALED])
MOST_TYPED = 200_000  # characters of one answer that are looked at

# ---- Tasks


async def _sent(request: Request) -> tuple[dict[str, Any], Opened]:
    """What was typed, whichever task it is for, and the page that it was typed on."""
    data: FormData = await request.form()
    opened = Opened.of(data)
    return {
        name: [clean(one)[:MOST_TYPED] for one in data.getlist(name) if isinstance(one, str)]
        for name in data
    }, opened


Sent = Annotated[tuple[dict[str, Any], Opened], Depends(_sent)]
MANY, LINES = ("lots",), ("members",)  # answers with several values: ticked, or a line each


def _typed(task: Task, sent: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in task.form.model_fields:
        given = sent.get(name, [])
        if name in MANY:
            found[name] = given
        elif name in LINES:
            found[name] = [one.strip() for text in given for one in text.split("\n") if one.strip()]
        elif given or name.startswith(("mandatory", "discretionary", "debarred", "true")):
            found[name] = given[0] if given else ""
    return found


@router.get("/tenders/{id}/bid/tasks/{section}", name="bid.section")
def section(request: Request, ctx: Context, id: UUID, section: str, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    found = work(ctx, box)
    task = _task(found, section)
    return _asked(request, ctx, tender, found, task, task.unjudged(box.typed))


def _task(work: Work, slug: str) -> Task:
    if task := work.tasks.get(slug):
        return task
    raise NotFound("There is no such task.")


@router.post("/tenders/{id}/bid/tasks/{section}", name=Verb.BID_EDIT)
def edit(
    request: Request,
    ctx: Context,
    id: UUID,
    section: str,
    sent: Sent,
    autosave: bool = False,
    stage: str = "",
) -> Response:
    tender = tenders.one(ctx, id)
    round = chosen(ctx, tender, stage)
    before = work(ctx, queries.one_own(ctx, tender, round))
    task = _task(before, section)
    typed, opened = _typed(task, sent[0]), sent[1]
    require_manager(ctx, before.box)
    words = "".join(sent[0].get("words", ()))
    if sent[0].get("find"):  # a supplier is looked for, and nothing is saved yet
        mine = BoundForm(task.form, typed)
        return _asked(request, ctx, tender, before, task, mine, page_name=opened.page, find=words)
    try:
        form, after = actions.edit(
            ctx, tender, section, typed, opened, automatic=autosave, round=round
        )
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save” to see both.")
        fresh = work(ctx, queries.one_own(ctx, tender, round))
        mine = BoundForm(task.form, typed)
        return _asked(request, ctx, tender, fresh, task, mine, overtaken=why, find=words)
    except Conflict as why:  # too late: nothing was saved, and what was typed is shown
        if autosave:
            return piece("saved", f"Not saved. {why}")
        mine = BoundForm(task.form, typed)
        return _asked(request, ctx, tender, before, task, mine, late=str(why), find=words)
    if autosave:
        told = [f"Kept automatically at {clock(ctx.now)}."]
        told += drafts.typed_so_far(task, after.box.typed, after.asked)
        told += ["Choose “Save” to let it count."] if after.submitted else []
        return piece("saved", " ".join(told))
    if form.errors:
        return _asked(request, ctx, tender, after, task, form, page_name=opened.page, find=words)
    flash(request, _saved(after))
    if section == "prices" and sent[0].get("more"):
        return _back(request, "bid.section", id, stage, section=section)
    return _back(request, "bid.show", id, stage)


def _back(request: Request, route: str, id: UUID, stage: str, **more: str) -> Response:
    """To a page of the same bid."""
    to = request.app.url_path_for(route, id=id, **more)
    return RedirectResponse(f"{to}{within(stage)}", status_code=303)


def require_manager(ctx: Context, box: Box) -> None:
    """Refuses whoever only looks; whether it is too late is for the action, under lock."""
    if why := eligibility.not_permitted(ctx, box.bid):
        raise why


def _saved(after: Work) -> str:
    if not after.submitted:
        return "Saved."
    if after.counts_as_it_is and not after.confirm_again:
        return "Saved. Your bid counts as it is now."
    return "Saved. It does not count yet: see what is left to do."


def _asked(
    request: Request,
    ctx: Context,
    tender: Tender,
    found: Work,
    task: Task,
    form: BoundForm[Any],
    *,
    overtaken: Overtaken | None = None,
    late: str = "",
    page_name: str = "",
    find: str = "",
) -> Response:
    members = found.members
    if task.slug == "consortium" and (overtaken or late or find or form.errors):
        members = consortium.members(ctx, form.submitted.get("members", ()))
    saved = overtaken.saved if overtaken else found.box.saves.get(task.slug)
    question = next((one for one in found.asked.questions if one.slug == task.slug), None)
    return page(
        request,
        "bids/section.html",
        status=409 if overtaken or late else 200,
        **frame(ctx, tender, found.box),
        task=task,
        form=form,
        asked=found.asked,
        question=question,
        lines=sum(name.endswith("_item") for name in form.kind.model_fields),
        most_lines=MOST_LINES,
        sums=drafts.prices(found.asked, form.submitted) if task.slug == "prices" else {},
        rates=found.card.now,
        used=drafts.typed_so_far(task, form.submitted, found.asked),
        grounds=(exclusion.MANDATORY, exclusion.DISCRETIONARY),
        members=members,
        words=find,
        candidates=[(consortium.line(one), one) for one in consortium.search(ctx, find, members)],
        called=actions.called,
        page_name=page_name or uuid4().hex,
        since=saved.id if isinstance(saved, Saved) else "",
        overtaken=overtaken,
        late=late,
        theirs=_read(found, task) if overtaken else [],
    )


def _read(found: Work, task: Task) -> Sequence[tuple[str, str]]:
    """What stands in a task now, as it was typed."""
    given = task.unjudged(found.box.typed).submitted
    return [
        (
            task.form.model_fields[name].title or name,
            "\n".join(value) if isinstance(value, list) else str(value),
        )
        for name, value in given.items()
        if value
    ]


# ---- Files


@router.get("/tenders/{id}/bid/files", name="bid.files")
def listed(request: Request, ctx: Context, id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    return _files(request, ctx, tender, box, BoundForm(Attaching))


@router.post("/tenders/{id}/bid/files", name=Verb.BID_ATTACH)
def attach(
    request: Request, ctx: Context, id: UUID, file: UploadFile | None = None, stage: str = ""
) -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    require(ctx, Verb.BID_ATTACH, box.bid)
    if file is None or not file.filename:
        return _files(request, ctx, tender, box, bind(Attaching, {}))
    try:
        store = request.app.state.files
        actions.attach(ctx, tender, store, file.file, file.filename, box.bid.round)
    except Refused as why:
        form = BoundForm(Attaching).refused("file", str(why))
        return _files(request, ctx, tender, box, form)
    return _back(request, "bid.files", id, stage)


def _files(
    request: Request, ctx: Context, tender: Tender, box: Box, form: BoundForm[Attaching]
) -> Response:
    held = scanning.held(ctx, [one.key for one in box.files])
    return page(request, "bids/files.html", **frame(ctx, tender, box), form=form, held=held)


@router.get("/tenders/{id}/bid/files/{file_id}", name="bid.file")
def download(request: Request, ctx: Context, id: UUID, file_id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    box = queries.one_own(ctx, tender, chosen(ctx, tender, stage))
    found = box.file(str(file_id))
    if found is None:
        raise NotFound("There is no such file.")
    about = Stored(found.key, found.name, found.size, found.media_type, found.sha256)
    return handed_out(request, ctx, about)


@router.post("/tenders/{id}/bid/files/{file_id}/remove", name=Verb.BID_DETACH)
def detach(request: Request, ctx: Context, id: UUID, file_id: UUID, stage: str = "") -> Response:
    tender = tenders.one(ctx, id)
    store = request.app.state.files
    actions.detach(ctx, tender, store, str(file_id), chosen(ctx, tender, stage))
    return _back(request, "bid.files", id, stage)
