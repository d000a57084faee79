"""How a browser finds and reads standards. Drafting and deciding have modules of their own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from auth.actor import NOBODY
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.finding import read
from marketplace.core.pages import page
from marketplace.standards import (
    catching,
    deciding,
    drafting,
    drafts,
    finding,
    queries,
    standing,
)
from marketplace.standards.models import Obligation, Requirement, Stage, StandardVersion
from marketplace.standards.standing import State
from marketplace.standards.telling import told
from search.port import Unavailable

router = APIRouter(route_class=Opening)
log = structlog.get_logger()


@router.get("/standards", name="standard.list")
def listed(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="standards")
        listing, rows = finding.by_title(ctx, asked)
    return page(
        request,
        "standards/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
        drafts=queries.drafts(ctx),
        blank=StandardVersion(standard_id=NOBODY),
    )


@router.get("/standards/withdrawn", name="standard.withdrawn")
def withdrawn(request: Request, ctx: Context, after: UUID | None = None) -> Response:
    rows, last = finding.withdrawn(ctx, after)
    return page(
        request,
        "standards/withdrawn.html",
        rows=rows,
        newest=bool(after),
        later=f"?after={last}" if last else "",
    )


# ---- One standard. What has an address of its own beneath it comes first.

router.routes.extend(drafting.router.routes)
router.routes.extend(deciding.router.routes)


@router.get("/standards/{id}", name="standard.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    versions = queries.versions(ctx, id)
    return _version(request, ctx, versions, current(versions))


@router.get("/standards/{id}/versions/{number}", name="standard.version")
def version(request: Request, ctx: Context, id: UUID, number: int) -> Response:
    versions = queries.versions(ctx, id)
    for one in versions:
        if one.number == number:
            return _version(request, ctx, versions, one)
    raise NotFound("There is no such version of this standard.")


@router.get("/standards/{id}/products", name="standard.products")
def products(request: Request, ctx: Context, id: UUID) -> Response:
    versions = queries.versions(ctx, id)
    shown = current(versions)
    catch = catching.of(ctx, shown.rules)
    groups = [(one, catch.by(one)) for one in Obligation]
    return _of(request, versions, shown, "standards/products.html", catch=catch, groups=groups)


@router.get("/standards/{id}/history", name="standard.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    versions = queries.versions(ctx, id)
    events, more = queries.history(ctx, id, after)
    return _of(
        request,
        versions,
        current(versions),
        "standards/history.html",
        entries=[told(event, ctx.actor) for event in events],
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


def current(versions: Sequence[StandardVersion]) -> StandardVersion:
    """The version that counts: the published one, else the newest that ever was, else a draft."""
    by_stage = [Stage.PUBLISHED, Stage.WITHDRAWN, Stage.SUPERSEDED, Stage.DRAFT]
    return min(versions, key=lambda one: by_stage.index(one.stage))


def _version(
    request: Request,
    ctx: Context,
    versions: Sequence[StandardVersion],
    shown: StandardVersion,
) -> Response:
    requirements: Sequence[Requirement]
    if shown.stage == Stage.DRAFT:
        shown, requirements = drafts.preview(shown)
    else:
        requirements = queries.requirements(ctx, shown)
    catch = catching.of(ctx, shown.rules)
    stand = standing.counted(ctx, shown.standard.key, [one.offer.id for one in catch.caught])
    return _of(
        request,
        versions,
        shown,
        "standards/show.html",
        requirements=requirements,
        rules=[drafts.says(one) for one in shown.rules],
        catch=catch,
        met=sum(number for state, number in stand.items() if state.met),
        claimed=stand[State.CLAIMED],
    )


def _of(
    request: Request,
    versions: Sequence[StandardVersion],
    shown: StandardVersion,
    name: str,
    **values: Any,
) -> Response:
    """A page of one standard, with its other pages."""
    at = request.app.url_path_for
    id = shown.standard_id
    pages = [
        ("Standard", str(at("standard.show", id=id))),
        ("Products it applies to", str(at("standard.products", id=id))),
        ("History", str(at("standard.history", id=id))),
    ]
    here = request.url.path
    return page(
        request,
        name,
        standard=shown.standard,
        version=shown,
        versions=versions,
        draft=next((one for one in versions if one.stage == Stage.DRAFT), None),
        pages=[(text, href, href == here) for text, href in pages],
        **values,
    )
