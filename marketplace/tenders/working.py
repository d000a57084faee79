"""How a browser sees the work on a tender: where it stands, what is missing, and what happened."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from marketplace.core import scanning
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.forms import BoundForm, bind, reads
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.tenders import actions, comparing, history_queries, queries, readiness
from marketplace.tenders.approval_actions import work
from marketplace.tenders.deciding_forms import Recording
from marketplace.tenders.forms import Attaching
from marketplace.tenders.models import Part, Party, Tender
from marketplace.tenders.readiness import Blocker, Work
from marketplace.tenders.telling import told
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders", route_class=Opening)

LATEST = 5  # steps of the history on the overview


def frame(ctx: Context, tender: Tender, here: str) -> dict[str, Any]:
    """What every page of the workspace shows above its own part."""
    return {"tender": tender, "stage": tender.standing(ctx.now), "here": here}


def own_of(ctx: Context, found: Work) -> Party | None:
    """The party of the reader's authority."""
    theirs = (one for one in found.parties if one.organisation_id == ctx.actor.organisation_id)
    return next(theirs, None)


def ordered(ctx: Context, missing: list[Blocker]) -> list[tuple[Blocker, bool]]:
    """What is missing with whether it is the reader's; theirs first."""
    ours = [(one, one.organisation_id == ctx.actor.organisation_id) for one in missing]
    return sorted(ours, key=lambda pair: not pair[1])


@router.get("/{id}/workspace", name="tender.work")
def overview(request: Request, ctx: Context, id: UUID) -> Response:
    return overviewed(request, ctx, queries.working(ctx, id))


def overviewed(request: Request, ctx: Context, tender: Tender, status: int = 200) -> Response:
    found = work(ctx, tender)
    events, _ = history_queries.history(ctx, tender, size=LATEST)
    missing = readiness.blockers(found)
    names = {one.organisation_id: one.organisation.called for one in found.parties}
    return page(
        request,
        "tenders/workspace.html",
        status=status,
        **frame(ctx, tender, "work"),
        missing=ordered(ctx, missing),
        names=names,
        found=found,
        ours=own_of(ctx, found),
        linked=queries.before_and_after(ctx, tender),
        prospect=Tender(organisation_id=ctx.actor.organisation_id),
        law=readiness.assessed(found),
        entries=[told(event, ctx.actor) for event in events],
    )


@router.get("/{id}/workspace/history", name="tender.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    tender = queries.working(ctx, id)
    events, more = history_queries.history(ctx, tender, after)
    return page(
        request,
        "tenders/history.html",
        **frame(ctx, tender, "history"),
        linked=queries.before_and_after(ctx, tender),
        entries=[told(event, ctx.actor) for event in events],
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


@router.get("/{id}/workspace/versions/{part}/{of_id}", name="tender.versions")
def versions(request: Request, ctx: Context, id: UUID, part: Part, of_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    found = history_queries.versions_of(ctx, tender, part, of_id)
    if not found:
        raise NotFound("There is no version of this part yet.")
    before = [*found[1:], None]
    steps = [
        (one, comparing.changes(earlier.content, one.content) if earlier else None)
        for one, earlier in zip(found, before, strict=True)
    ]
    return page(
        request, "tenders/versions.html", **frame(ctx, tender, "history"), part=part, steps=steps
    )


# ---- The law's checklist


@router.get("/{id}/workspace/checklist", name="tender.checklist")
def checklist(request: Request, ctx: Context, id: UUID) -> Response:
    return _checklist(request, ctx, queries.working(ctx, id), BoundForm(Recording))


def _checklist(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Recording], asked: str = ""
) -> Response:
    found = work(ctx, tender)
    return page(
        request,
        "tenders/checklist.html",
        **frame(ctx, tender, "work"),
        duties=readiness.duties(found),
        law=readiness.assessed(found),
        asked=asked,
        form=form,
    )


@router.get("/{id}/workspace/checklist/{key}/{of_id}", name=Verb.TENDER_RECORD)
def ask_to_record(request: Request, ctx: Context, id: UUID, key: str, of_id: UUID) -> Response:
    return _recording(request, ctx, id, key, of_id, None)


@router.post("/{id}/workspace/checklist/{key}/{of_id}", name=Verb.TENDER_RECORD)
def record(
    request: Request,
    ctx: Context,
    id: UUID,
    key: str,
    of_id: UUID,
    form: Annotated[BoundForm[Recording], Depends(reads(Recording))],
) -> Response:
    return _recording(request, ctx, id, key, of_id, form)


def _recording(
    request: Request,
    ctx: Context,
    id: UUID,
    key: str,
    of_id: UUID,
    form: BoundForm[Recording] | None,
) -> Response:
    tender = queries.working(ctx, id)
    require(ctx, Verb.TENDER_RECORD, tender)
    for item, party, check in readiness.duties(work(ctx, tender)):
        if (item.key, party.id if party else tender.id) != (key, of_id):
            continue
        if form and form.value:
            actions.record(ctx, tender, key, form.value.note, party)
            flash(request, "Recorded.")
            return go(request, "tender.checklist", id=id)
        known = {"note": check.note} if check else {}
        return page(
            request,
            "tenders/record.html",
            **frame(ctx, tender, "work"),
            item=item,
            party=party,
            of_id=of_id,
            form=form or BoundForm(Recording, known),
        )
    raise NotFound("The checklist of this tender has no such line.")


# ---- Documents


@router.get("/{id}/workspace/documents", name="tender.documents")
def documents(request: Request, ctx: Context, id: UUID) -> Response:
    return _documents(request, ctx, queries.working(ctx, id), BoundForm(Attaching))


@router.post("/{id}/workspace/documents", name=Verb.TENDER_ATTACH)
def attach(request: Request, ctx: Context, id: UUID, file: UploadFile | None = None) -> Response:
    tender = queries.working(ctx, id)
    require(ctx, Verb.TENDER_ATTACH, tender)
    if file is None or not file.filename:
        return _documents(request, ctx, tender, bind(Attaching, {}))
    try:
        actions.attach(ctx, tender, request.app.state.files, file.file, file.filename)
    except Refused as why:
        return _documents(request, ctx, tender, BoundForm(Attaching).refused("file", str(why)))
    return go(request, "tender.documents", id=id)


@router.post("/{id}/workspace/documents/{document_id}/remove", name=Verb.TENDER_DETACH)
def detach(request: Request, ctx: Context, id: UUID, document_id: UUID) -> Response:
    tender = queries.working(ctx, id)
    actions.detach(ctx, tender, request.app.state.files, queries.document(ctx, id, document_id))
    return go(request, "tender.documents", id=id)


def _documents(
    request: Request, ctx: Context, tender: Tender, form: BoundForm[Attaching]
) -> Response:
    found = queries.documents(ctx, tender)
    return page(
        request,
        "tenders/documents.html",
        **frame(ctx, tender, "content"),
        form=form,
        documents=found,
        held=scanning.held(ctx, [one.key for one in found]),
    )
