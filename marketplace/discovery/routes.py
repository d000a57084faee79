"""The search, and what answers what."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response

from marketplace.catalogue.models import Deployment, Stage
from marketplace.challenges import joining
from marketplace.challenges import queries as challenges
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.finding import read
from marketplace.core.listing import Listing
from marketplace.core.pages import page
from marketplace.discovery import finding, matching, queries, wishes
from marketplace.discovery.finding import Kind, Result
from marketplace.discovery.matching import Openings, Ranking
from marketplace.discovery.reasons import Part
from marketplace.discovery.wishes import Asked
from search.port import Index, Unavailable

router = APIRouter(route_class=Opening)
log = structlog.get_logger()

OFFERINGS = 10
NEEDS = 20


async def _index(request: Request) -> Index:
    index: Index = request.app.state.index
    return index


Searching = Annotated[Index, Depends(_index)]


@router.get("/search", name="search")
def search(request: Request, ctx: Context, index: Searching) -> Response:
    asked = read(finding.EVERYTHING, request.query_params)
    throttle.search(request, ctx.actor)
    listing: Listing = Listing(asked, (), 0, "")
    results: Sequence[Result] = ()
    counts: Mapping[str, int] = {}
    available = True
    try:
        if asked.nothing:
            counts = finding.what_there_is(ctx, index)
        else:
            listing, results = finding.search(ctx, index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="search")
        available = False
    return page(
        request,
        "discovery/search.html",
        announce=listing.summary or _nothing_said(available),
        asked=asked,
        kinds=list(Kind),
        listing=listing,
        results=results,
        counts=counts,
        available=available,
        here=request.url.path,
    )


def _nothing_said(available: bool) -> str:
    return "Type what you look for" if available else "Search is not available at the moment"


@router.get("/challenges/{id}/matches", name="challenge.matches")
def matches(
    request: Request, ctx: Context, index: Searching, id: UUID, asked: Annotated[Asked, Query()]
) -> Response:
    challenge = challenges.one(ctx, id)
    ranking: Ranking | None = None
    if asked.missed:
        throttle.search(request, ctx.actor)
    try:
        ranking = matching.rank(ctx, index, challenge, asked)
    except Unavailable:
        log.warning("search.unavailable", page="matches")
    shown = (ranking.answers or ranking.nearest)[:OFFERINGS] if ranking else ()
    carrying = matching.carrying(shown)
    without = wishes.single_words(asked.without)
    return page(
        request,
        "discovery/matches.html",
        announce=_how_many(ranking),
        **joining.frame(ctx, challenge, "matches"),
        asked=asked,
        ranking=ranking,
        shown=shown,
        carrying=carrying,
        musts=_musts(ranking, asked),
        words=[(word, word, None) for word in wishes.single_words((*without, *carrying))],
        parts=[(part.value, part.label, None) for part in Part],
        deployments=[(kind.value, kind.label, None) for kind in Deployment],
        found_by=_found_by(request),
    )


def _musts(ranking: Ranking | None, asked: Asked) -> list[tuple[str, str, int | None]]:
    """The standards that can be made a requirement: those demanded, and those chosen already."""
    if ranking is None:
        return []
    keys = [*(demand.key for demand in ranking.demands), *asked.must]
    known = [key for key in dict.fromkeys(keys) if key in ranking.titles]
    return [(key, ranking.titles[key], ranking.meeting(key)) for key in known]


def _how_many(ranking: Ranking | None) -> str:
    if ranking is None:
        return "Search is not available at the moment"
    count = len(ranking.answers)
    says = "1 product" if count == 1 else f"{count} products"
    return f"{says}, {ranking.excluded} left out" if ranking.excluded else says


def _found_by(request: Request) -> str:
    """The address of this search, to be kept with what is found by it."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "why"]
    return request.url.path + (f"?{urlencode(asked)}" if asked else "")


@router.get("/challenges/{id}/similar", name="challenge.similar")
def similar(request: Request, ctx: Context, index: Searching, id: UUID) -> Response:
    challenge = challenges.one(ctx, id)
    return page(
        request,
        "discovery/similar.html",
        **joining.frame(ctx, challenge, "similar"),
        similar=challenges.similar(ctx, index, challenge.called, challenge.id),
        alike=queries.notices_alike(ctx, index, challenge),
    )


@router.get("/products/{id}/challenges", name="product.challenges")
def product_challenges(request: Request, ctx: Context, index: Searching, id: UUID) -> Response:
    product = queries.own_product(ctx, id)
    openings = Openings()
    available = True
    try:
        if product.stage == Stage.LISTED:
            openings = matching.needs_for(ctx, index, product, NEEDS)
    except Unavailable:
        available = False
    return page(
        request,
        "discovery/challenges.html",
        product=product,
        openings=openings,
        available=available,
    )
