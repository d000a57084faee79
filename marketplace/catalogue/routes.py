"""How a browser finds products. Drafting and deciding have modules of their own."""

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace import policy
from marketplace.catalogue import (
    deciding,
    drafting,
    drafts,
    finding,
    part_routes,
    queries,
    rate_routes,
    review_routes,
    use_routes,
    using,
)
from marketplace.catalogue.models import (
    Picture,
    PriceLine,
    Product,
    ProductDocument,
    ProductReport,
    ProductVersion,
    Stage,
)
from marketplace.catalogue.parts import price
from marketplace.catalogue.telling import told
from marketplace.claims import pages as claims_pages
from marketplace.core import scanning, throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden
from marketplace.core.finding import read
from marketplace.core.pages import page
from marketplace.onboarding import queries as onboarding
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from search.port import Unavailable

router = APIRouter(route_class=Opening)
log = structlog.get_logger()


@router.get("/products", name="product.list")
def catalogue(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="catalogue")
        listing, rows = finding.newest(ctx, asked)
    return page(
        request,
        "catalogue/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
    )


@router.get("/products/mine", name="product.mine")
def mine(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind is not Kind.SUPPLIER:
        raise Forbidden("Only suppliers have products of their own.")
    by_stage = queries.mine(ctx)
    missing = {
        product.id: len(drafts.incomplete(drafts.answers(product, ()), product.to_review))
        for product in by_stage[Stage.DRAFT]
    }
    return page(
        request,
        "catalogue/mine.html",
        by_stage=by_stage,
        missing=missing,
        unsigned=onboarding.unsigned(ctx),
    )


# ---- One product. What has an address of its own beneath it comes first.

router.routes.extend(review_routes.router.routes)
router.routes.extend(drafting.router.routes)
router.routes.extend(part_routes.router.routes)
router.routes.extend(use_routes.router.routes)
router.routes.extend(rate_routes.router.routes)
router.routes.extend(deciding.router.routes)


@router.get("/products/{id}", name="product.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    product = queries.one(ctx, id)
    pictures = queries.parts(ctx, product, Picture)
    held = scanning.held(ctx, [picture.key for picture in pictures])
    return _of(
        request,
        ctx,
        product,
        "catalogue/show.html",
        **claims_pages.table(ctx, product),
        users=queries.named(ctx, product),
        screenshots=[picture for picture in pictures if picture.key not in held],
        areas=[Area(area).label for area in product.areas],
        codes=[(code, cpv.label(code)) for code in product.cpv],
        attributes=[Attribute(one).label for one in product.attributes],
        own_use=using.blank(ctx, product) if ctx.actor.kind is Kind.AUTHORITY else None,
        report=ProductReport(product_id=product.id, message="") if ctx.actor.known else None,
    )


@router.get("/products/{id}/details", name="product.details")
def details(request: Request, ctx: Context, id: UUID) -> Response:
    product = queries.one(ctx, id)
    documents = queries.parts(ctx, product, ProductDocument)
    contracts = ctx.actor.kind in (Kind.AUTHORITY, Kind.LOTI)
    return _of(
        request,
        ctx,
        product,
        "catalogue/details.html",
        lines=[(line, price(line)) for line in queries.parts(ctx, product, PriceLine)],
        documents=documents,
        held=scanning.held(ctx, [one.key for one in documents if one.key]),
        versions=queries.parts(ctx, product, ProductVersion)[::-1],
        contracts=queries.terms(ctx, product) if contracts else None,
    )


@router.get("/products/{id}/history", name="product.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    product = queries.one(ctx, id)
    steps, more = queries.history(ctx, product, after)
    return _of(
        request,
        ctx,
        product,
        "catalogue/history.html",
        entries=[told(step) for step in steps],
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


def _of(request: Request, ctx: Context, product: Product, name: str, **values: Any) -> Response:
    """A page of one product, with those of its other pages that are for this reader."""
    groups = policy.audience(ctx.actor)
    own = f"organisation-{product.organisation_id}" in groups
    at = request.app.url_path_for
    pages = [
        ("Product", str(at("product.show", id=product.id))),
        ("Standards", str(at("product.standards", id=product.id))),
        ("Price, service and exit", str(at("product.details", id=product.id))),
    ]
    if own and product.stage == Stage.LISTED:
        pages.append(("Challenges it answers", str(at("product.challenges", id=product.id))))
    if own or "loti" in groups:
        pages.append(("History", str(at("product.history", id=product.id))))
    here = request.url.path
    links = [(text, href, href == here) for text, href in pages]
    return page(request, name, product=product, pages=links, **values)
