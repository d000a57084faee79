"""How a browser finds challenges. Reading, drafting and deciding have modules of their own."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from marketplace.challenges import deciding, drafting, finding, joining, queries
from marketplace.challenges.telling import told
from marketplace.core import files, scanning, throttle
from marketplace.core.context import Context, Opening
from marketplace.core.finding import read
from marketplace.core.pages import page
from search.port import Unavailable

router = APIRouter(route_class=Opening)

log = structlog.get_logger()


@router.get("/challenges", name="challenge.list")
def listed(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="challenges")
        listing, rows = finding.newest(ctx, asked)
    return page(
        request,
        "challenges/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
    )


def _address(request: Request, values: Mapping[str, Any]) -> str:
    query = urlencode(values, doseq=True)
    return request.url.path + (f"?{query}" if query else "")


# ---- One challenge. What has an address of its own beneath it comes first.

router.routes.extend(drafting.router.routes)
router.routes.extend(joining.router.routes)
router.routes.extend(deciding.router.routes)


@router.get("/challenges/{id}", name="challenge.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    return joining.screen(request, ctx, queries.one(ctx, id))


@router.get("/challenges/{id}/history", name="challenge.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    challenge = queries.one(ctx, id)
    events, more = queries.history(ctx, challenge, after)
    return page(
        request,
        "challenges/history.html",
        **joining.frame(ctx, challenge, "history"),
        entries=[told(event, ctx.actor) for event in events],
        older=_address(request, {"after": more}) if more else "",
        newest=request.url.path if after else "",
    )


@router.get("/challenges/{id}/files/{attachment_id}", name="challenge.file")
def download(request: Request, ctx: Context, id: UUID, attachment_id: UUID) -> Response:
    queries.one(ctx, id)
    found = queries.attachment(ctx, id, attachment_id)
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(found.stored))
