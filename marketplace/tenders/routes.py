"""How a browser finds tenders and begins one. To prepare and to read one has its own modules."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from marketplace.challenges import queries as challenges
from marketplace.core import files, scanning, throttle
from marketplace.core.context import Context, Opening
from marketplace.core.finding import read
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import go, page
from marketplace.perform import require
from marketplace.tenders import (
    agreeing,
    deciding,
    demanding,
    drafting,
    finding,
    noticing,
    pricing,
    queries,
    showing,
    staging,
    weights,
    working,
)
from marketplace.tenders.forms import Starting
from marketplace.tenders.models import Tender
from marketplace.tenders.party_actions import draft as begin
from marketplace.verbs import Verb
from search.port import Unavailable

router = APIRouter(route_class=Opening)

log = structlog.get_logger()


@router.get("/tenders", name="tender.list")
def listed(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="tenders")
        listing, rows = finding.newest(ctx, asked)
    return page(
        request,
        "tenders/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
        prospect=Tender(organisation_id=ctx.actor.organisation_id),
    )


@router.get("/tenders/mine", name="tender.mine")
def mine(request: Request, ctx: Context) -> Response:
    """The tenders that the reader's authority prepares."""
    prospect = Tender(organisation_id=ctx.actor.organisation_id)
    return page(request, "tenders/mine.html", pairs=queries.mine(ctx), prospect=prospect)


# ---- Beginning


@router.get("/tenders/new", name="tender.new")
def new(
    request: Request, ctx: Context, challenge: UUID | None = None, copy: UUID | None = None
) -> Response:
    title = challenges.one(ctx, challenge).called if challenge else ""
    title = queries.working(ctx, copy).called if copy else title
    known = {"title": title, "challenge_id": challenge, "copy_id": copy}
    return _beginning(request, ctx, show(Starting, known))


@router.post("/tenders", name=Verb.TENDER_DRAFT)
def draft(
    request: Request,
    ctx: Context,
    form: Annotated[BoundForm[Starting], Depends(reads(Starting))],
) -> Response:
    if form.value is None:
        return _beginning(request, ctx, form)
    challenge = form.value.challenge_id and challenges.one(ctx, form.value.challenge_id)
    copy = form.value.copy_id and queries.working(ctx, form.value.copy_id)
    made = begin(ctx, form.value.title, challenge or None, copy or None, form.value.manner)
    return go(request, "tender.work", id=made.id)


def _beginning(request: Request, ctx: Context, form: BoundForm[Starting]) -> Response:
    require(ctx, Verb.TENDER_DRAFT, Tender(organisation_id=ctx.actor.organisation_id))
    from_challenge = form.submitted.get("challenge_id")
    source = form.submitted.get("copy_id")
    challenge = (
        challenges.one(ctx, UUID(from_challenge))
        if from_challenge and "challenge_id" not in form.errors
        else None
    )
    if challenge:
        require(ctx, Verb.CHALLENGE_TAKE, challenge)
    copy = queries.working(ctx, UUID(source)) if source and "copy_id" not in form.errors else None
    joined = challenges.commitments(ctx, challenge) if challenge else []
    return page(
        request, "tenders/new.html", form=form, challenge=challenge, copy=copy, joined=joined
    )


# ---- One tender. What has an address of its own beneath it comes first.

for _part in (
    *(working, drafting, staging, weights, demanding),
    *(agreeing, deciding, noticing, pricing, showing),
):
    router.routes.extend(_part.router.routes)


@router.get("/tenders/{id}/files/{document_id}", name="tender.file")
def download(request: Request, ctx: Context, id: UUID, document_id: UUID) -> Response:
    queries.one(ctx, id)
    found = queries.document(ctx, id, document_id)
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(found.stored))
