"""How a browser finds out who takes part."""

from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response

from marketplace.catalogue import rate_queries as rates
from marketplace.challenges import queries as challenges
from marketplace.claims import parts_queries as parts
from marketplace.claims.standing import word
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.finding import read
from marketplace.core.pages import page
from marketplace.directory import finding, participation, queries
from marketplace.onboarding import queries as onboarding
from marketplace.reference.areas import Area
from search.port import Unavailable

router = APIRouter(route_class=Opening)

log = structlog.get_logger()


@router.get("/suppliers", name="supplier.list")
def suppliers(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="suppliers")
        listing, rows = finding.by_name(ctx, asked)
    ids = [row.supplier.id for row in rows]
    return page(
        request,
        "directory/suppliers.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
        listed=queries.how_many_listed(ctx, ids),
        signed=onboarding.signed(ctx, ids),
    )


@router.get("/suppliers/{id}", name="supplier.show")
def supplier(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    found = queries.supplier(ctx, id)
    products, more = queries.listed_by(ctx, found, after)
    facts = onboarding.facts(ctx, found)
    declared = rates.rates(ctx, found.id)
    return page(
        request,
        "directory/supplier.html",
        supplier=found,
        facts=facts,
        others=[one.text for one in onboarding.identifiers(ctx, found)] if facts else (),
        signed=found.id in onboarding.signed(ctx, [found.id]),
        products=products,
        card=rates.in_force(declared),
        earlier=rates.earlier(declared),
        claims=[
            (one, word(one.stage, one.ends_on, ctx.today))
            for one in parts.of_the_organisation(ctx, found)
        ],
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
    )


@router.get("/authorities", name="authority.list")
def authorities(
    request: Request,
    ctx: Context,
    area: Area | Literal[""] = "",
    which: Annotated[Literal["open", "all"], Query(alias="challenges")] = "open",
) -> Response:
    taking = queries.taking_part(ctx, area=area or None, ever=which == "all")
    says = participation.says(taking)
    return page(
        request,
        "directory/authorities.html",
        announce=says,
        says=says,
        taking=taking,
        map=participation.drawn(taking, request.app.url_path_for),
        area=area,
        which=which,
        areas=list(Area),
    )


@router.get("/authorities/{id}", name="authority.show")
def authority(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    found = queries.authority(ctx, id)
    filters = challenges.Filters(authority=frozenset({found.slug}))
    posted, more = challenges.listed(ctx, filters, after)
    return page(
        request,
        "directory/authority.html",
        authority=found,
        posted=posted,
        joined=queries.commitments(ctx, found),
        most=queries.MOST,
        later=f"{request.url.path}?after={more}" if more else "",
        first=request.url.path if after else "",
    )
