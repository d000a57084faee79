"""How a browser finds contracts: the register for everybody, and an organisation's own."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from marketplace.contracts import finding
from marketplace.contracts import register_queries as queries
from marketplace.contracts.forms import Standing
from marketplace.contracts.models import Contract
from marketplace.contracts.register_queries import MOST, Own
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Unavailable as OutOfOrder
from marketplace.core.finding import Asked, read
from marketplace.core.pages import page
from marketplace.core.spreadsheets import as_csv
from search.port import Unavailable

router = APIRouter(route_class=Opening)
log = structlog.get_logger()

HEAD = (
    "Reference",
    "Number",
    "Title",
    "Authority",
    "Supplier",
    "State",
    "Value without VAT (GBP)",
    "Value with VAT (GBP)",
    "First day",
    "Last day",
    "Signed",
    "Ceiling of call-offs without VAT (GBP)",
)


@router.get("/contracts", name="contract.list")
def listed(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    if asked.words:
        throttle.search(request, ctx.actor)
    try:
        listing, rows = finding.find(ctx, request.app.state.index, asked)
    except Unavailable:
        log.warning("search.unavailable", page="contracts")
        listing, rows = finding.newest(ctx, asked)
    return page(
        request,
        "contracts/list.html",
        announce=listing.summary,
        listing=listing,
        rows=rows,
        here=request.url.path,
        at=ctx.now,
        export=_export(request, "contract.export", asked.query()),
    )


@router.get("/contracts.csv", name="contract.export")
def export(request: Request, ctx: Context) -> Response:
    asked = read(finding.SCOPE, request.query_params)
    throttle.search(request, ctx.actor)
    try:
        found = finding.every(ctx, request.app.state.index, asked)
    except Unavailable:
        raise OutOfOrder("The search does not answer at the moment. Try again later.") from None
    return _csv(ctx, found, "contracts.csv")


@router.get("/contracts/mine", name="contract.mine")
def mine(request: Request, ctx: Context) -> Response:
    """What the reader's organisation signs, supplies, or may call off under, signed or not."""
    asked = read(finding.OWN, request.query_params)
    found, more = queries.own(ctx, _own(asked), asked.after)
    query = asked.query()
    after = "&".join(filter(None, [query, urlencode({"after": more})])) if more else ""
    return page(
        request,
        "contracts/mine.html",
        asked=asked,
        contracts=found,
        standings=[(one.value, one.label, None) for one in Standing],
        chosen=asked.chosen.get(finding.STANDING.name, ()),
        claim=asked.chosen.get(finding.CLAIM.name, ()),
        older=f"{request.url.path}?{after}" if after else "",
        newest=f"{request.url.path}?{query}" if asked.after else "",
        export=_export(request, "contract.export-mine", query),
        at=ctx.now,
    )


@router.get("/contracts/mine.csv", name="contract.export-mine")
def export_mine(request: Request, ctx: Context) -> Response:
    asked = read(finding.OWN, request.query_params)
    found, _ = queries.own(ctx, _own(asked), size=MOST)
    return _csv(ctx, found, "own-contracts.csv")


def _own(asked: Asked) -> Own:
    claims = asked.chosen.get(finding.CLAIM.name, ())
    return Own(
        asked.words,
        frozenset(map(Standing, asked.chosen.get(finding.STANDING.name, ()))),
        UUID(claims[0]) if claims else None,
    )


def _export(request: Request, name: str, query: str) -> str:
    return f"{request.app.url_path_for(name)}{'?' if query else ''}{query}"


def _csv(ctx: Context, found: Iterable[Contract], name: str) -> Response:
    rows = [list(_row(ctx, one)) for one in found]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(as_csv(HEAD, rows)), media_type="text/csv", headers=headers)


def _row(ctx: Context, one: Contract) -> Iterator[str]:
    def amount(value: Decimal | None) -> str:
        return "" if value is None else f"{value:.2f}"

    yield from (one.reference, one.number, one.title)
    yield from (one.organisation.name, one.supplier.name, one.standing(ctx.now))
    yield from map(amount, (one.value, one.gross))
    for day in (one.starts_on, one.ends(), one.signed_on):
        yield day.isoformat() if day else ""
    yield amount(one.ceiling)
