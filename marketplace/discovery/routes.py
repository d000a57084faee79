"""The search, and what answers what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from marketplace.catalogue.models import Deployment, Stage
from marketplace.challenges import joining
from marketplace.challenges import queries as challenges
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.pages import page
from marketplace.discovery import finding, matching, queries
from marketplace.discovery.finding import Kind
from marketplace.discovery.matching import Answer, Wishes
from search.port import Index, Unavailable

router = APIRouter(route_class=Opening)

OFFERINGS = 10
NEEDS = 20


async def _index(request: Request) -> Index:
    index: Index = request.app.state.index
    return index


Searching = Annotated[Index, Depends(_index)]


@router.get("/search", name="search")
def search(
    request: Request,
    ctx: Context,
    index: Searching,
    q: str = "",
    kind: Annotated[Kind | None, Query()] = None,
    number: Annotated[int, Query(alias="page", ge=1, le=finding.LAST)] = 1,
) -> Response:
    throttle.search(request, ctx.actor)
    try:
        found = finding.search(ctx, index, q, kind, number)
    except Unavailable:
        found = None
    return page(
        request,
        "discovery/search.html",
        announce=_counted(found),
        typed=found.words if found else q,
        kind=kind,
        kinds=list(Kind),
        found=found,
    )


def _counted(found: finding.Results | None) -> str:
    if found is None:
        return "Search is not available at the moment"
    if not found.words:
        return "Type what you look for"
    return "1 result" if found.total == 1 else f"{found.total} results"


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
