"""The search, and what answers what."""

from collections.abc import Mapping, Sequence
from typing import Annotated
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
from marketplace.discovery import finding, matching, queries
from marketplace.discovery.finding import Kind, Result
from marketplace.discovery.matching import Answer, Wishes
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


async def _wishes(
    deployment: Annotated[list[Deployment] | None, Query()] = None,
    sme: bool = False,
    within_budget: bool = False,
    without: Annotated[list[str] | None, Query()] = None,
) -> Wishes:
    return Wishes(
        frozenset(deployment or ()), sme, within_budget, matching.single_words(without or ())
    )


@router.get("/challenges/{id}/matches", name="challenge.matches")
def matches(
    request: Request,
    ctx: Context,
    index: Searching,
    id: UUID,
    wishes: Annotated[Wishes, Depends(_wishes)],
) -> Response:
    challenge = challenges.one(ctx, id)
    answers: list[Answer] = []
    nearest: list[Answer] = []
    available = True
    try:
        answers = matching.offerings(ctx, index, challenge, OFFERINGS, wishes)
        nearest = [] if answers else matching.nearest(ctx, index, challenge, wishes)
    except Unavailable:
        available = False
    carrying = matching.carrying(answers or nearest)
    return page(
        request,
        "discovery/matches.html",
        announce="1 product" if len(answers) == 1 else f"{len(answers)} products",
        **joining.frame(ctx, challenge, "matches"),
        wishes=wishes,
        answers=answers,
        nearest=nearest,
        available=available,
        carrying=carrying,
        words=[(word, word, None) for word in matching.single_words((*wishes.without, *carrying))],
        deployments=[(kind.value, kind.label, None) for kind in Deployment],
        shortfalls=lambda answer: matching.shortfalls(answer, wishes),
    )


@router.get("/products/{id}/challenges", name="product.challenges")
def product_challenges(request: Request, ctx: Context, index: Searching, id: UUID) -> Response:
    product = queries.own_product(ctx, id)
    answers: list[Answer] = []
    available = True
    try:
        if product.stage == Stage.LISTED:
            answers = matching.needs_for(ctx, index, product, NEEDS)
    except Unavailable:
        available = False
    return page(
        request,
        "discovery/challenges.html",
        product=product,
        answers=answers,
        available=available,
    )
