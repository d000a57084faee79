"""How a browser finds notices and reads files of them in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from marketplace.challenges import queries as challenges
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, bind
from marketplace.core.pages import go, page
from marketplace.core.spreadsheets import as_csv
from marketplace.notices import actions, queries, wording
from marketplace.notices.forms import Uploading
from marketplace.notices.models import Import
from marketplace.notices.queries import OTHER, Filters
from marketplace.notices.reading import PORTALS
from marketplace.perform import require
from marketplace.reference import cpv
from marketplace.verbs import Verb

router = APIRouter(prefix="/notices", route_class=Opening)

SHOWN = 15  # problems on a page; people correct the first and upload again
SOURCES = {**{name: name for name in PORTALS.values()}, OTHER: "Elsewhere"}
DIVISIONS = {
    code[: cpv.DIVISION]: label
    for code, label in cpv.LABELS.items()
    if not code[cpv.DIVISION :].strip("0")
}

Chosen = Mapping[str, Sequence[str]]  # by filter, the values chosen


@router.get("", name="notice.list")
def listed(
    request: Request,
    ctx: Context,
    source: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
    division: Annotated[list[str], Query()] = [],  # noqa: B006
    bids: Annotated[list[Literal["open"]], Query()] = [],  # noqa: B006
    brought_by: UUID | None = None,
    after: UUID | None = None,
) -> Response:
    filters = Filters(frozenset(source), frozenset(division), bool(bids), brought_by)
    notices, more = queries.listed(ctx, filters, after)
    chosen: Chosen = {"source": source, "division": division, "bids": bids}
    kept = {"brought_by": [str(brought_by)]} if brought_by else {}
    return page(
        request,
        "notices/list.html",
        notices=notices,
        brought_by=queries.one_import(ctx, brought_by) if brought_by else None,
        facets=[
            (title, name, [(value, text, None) for value, text in words.items()], chosen[name])
            for name, (title, words) in FILTERS.items()
        ],
        selected=_selected(request, chosen, kept),
        older=_address(request, {**chosen, **kept, "after": [str(more)]}) if more else "",
        newest=_address(request, {**chosen, **kept}) if after else "",
        announce=f"{len(notices)} notice{'' if len(notices) == 1 else 's'} on this page",
        stages=wording.stages,
    )


FILTERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "bids": ("Bids", {"open": "Can still be made"}),
    "source": ("Published on", SOURCES),
    "division": ("What is bought (CPV division)", DIVISIONS),
}


def _selected(
    request: Request, chosen: Chosen, kept: Chosen
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filters in use, each value with the address of the list without it."""
    return [
        (
            FILTERS[name][0],
            [
                (
                    FILTERS[name][1].get(value, value),
                    _address(
                        request, {**chosen, **kept, name: [one for one in values if one != value]}
                    ),
                )
                for value in values
            ],
        )
        for name, values in chosen.items()
        if values
    ]


def _address(request: Request, values: Chosen) -> str:
    query = urlencode(values, doseq=True)
    return request.url.path + (f"?{query}" if query else "")


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
