"""How a browser finds notices and reads files of them in."""

from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from marketplace.challenges import queries as challenges
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.finding import read
from marketplace.core.forms import BoundForm, bind
from marketplace.core.pages import go, page
from marketplace.core.spreadsheets import as_csv
from marketplace.notices import actions, finding, queries, wording
from marketplace.notices.forms import Uploading
from marketplace.notices.models import Import
from marketplace.notices.queries import Filters
from marketplace.perform import require
from marketplace.reference import cpv
from marketplace.verbs import Verb
from search.port import Unavailable

router = APIRouter(prefix="/notices", route_class=Opening)

SHOWN = 15  # problems on a page; people correct the first and upload again
log = structlog.get_logger()


@router.get("", name="notice.list")
def listed(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    brought_by = finding.brought_by(ctx, asked)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="notices")
        listing, rows = finding.newest(ctx, asked)
    return page(
        request,
        "notices/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
        brought_by=brought_by,
        stages=wording.stages,
    )


# ---- Reading files in. What has an address of its own comes before the address of any notice.


@router.get("/import", name="notice.new")
def new(request: Request, ctx: Context) -> Response:
    return _asked(request, ctx, BoundForm(Uploading))


@router.post("/import", name=Verb.NOTICE_IMPORT)
def import_(request: Request, ctx: Context, file: UploadFile | None = None) -> Response:
    if file is None or not file.filename:
        return _asked(request, ctx, bind(Uploading, {}))
    size = file.size or 0
    made = actions.upload(ctx, request.app.state.files, file.file, file.filename, size)
    return go(request, "notice.progress", id=made.id)


def _asked(request: Request, ctx: Context, form: BoundForm[Uploading]) -> Response:
    require(ctx, Verb.NOTICE_IMPORT, actions.blank(ctx))
    return page(request, "notices/import.html", form=form, imports=queries.imports(ctx))


@router.get("/imports/{id}", name="notice.progress")
def progress(request: Request, ctx: Context, id: UUID) -> Response:
    import_ = queries.one_import(ctx, id)
    new, more = queries.listed(ctx, Filters(brought_by=id), size=queries.NEW)
    return page(
        request,
        "notices/progress.html",
        made=import_,
        problems=import_.problems[:SHOWN],
        new=new,
        more=more,
        announce=_finished(import_),
    )


def _finished(import_: Import) -> str:
    """What is read aloud once it is over; before, that would be every two seconds."""
    if not import_.is_over:
        return ""
    return import_.sentence or f"Finished. {import_.new:,} new, {import_.updated:,} updated."


@router.get("/imports/{id}/problems.csv", name="notice.problems")
def problems(request: Request, ctx: Context, id: UUID) -> Response:
    import_ = queries.one_import(ctx, id)
    rows = [(one["record"], one["field"], one["reason"]) for one in import_.problems]
    named = f"problems-{import_.id}.csv"
    return StreamingResponse(
        as_csv(("Record", "Field", "Reason"), rows),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )


# ---- One notice


@router.get("/{id}", name="notice.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    notice = queries.one(ctx, id)
    return page(
        request,
        "notices/show.html",
        notice=notice,
        stages=wording.stages(notice.tags),
        releases=[
            (release.released_at, wording.stages(tags), release.release_id)
            for release, tags in queries.releases(ctx, notice)
        ],
        codes=[(code, cpv.label(code)) for code in notice.cpv],
        standing=wording.STATUSES.get(notice.status, notice.status),
        method=wording.METHODS.get(notice.method, notice.method),
        vat=wording.VAT[notice.vat_included],
        started=challenges.started_from(ctx, notice),
    )
