"""How a browser sets products side by side, and takes the table along."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.pages import here_only, page
from marketplace.core.spreadsheets import XLSX, as_csv, as_xlsx
from marketplace.core.times import when
from marketplace.discovery import comparing
from marketplace.discovery.comparing import Comparison
from search.port import Index, Unavailable

# Before the pages of one product: "compare" is no product's id.
router = APIRouter(prefix="/products/compare", route_class=Opening)

LONGEST = 200  # characters of a search that count

Chosen = Annotated[list[UUID], Query(alias="id", default_factory=list)]


async def _index(request: Request) -> Index:
    index: Index = request.app.state.index
    return index


@router.get("", name="product.compare")
def compare(
    request: Request,
    ctx: Context,
    index: Annotated[Index, Depends(_index)],
    ids: Chosen,
    differences: bool = False,
    q: str = "",
    found_by: str = "",
) -> Response:
    comparison = comparing.compare(ctx, ids)
    chosen = [column.product.id for column in comparison.columns]
    words, offers, available = q[:LONGEST].strip(), [], True
    if words:
        throttle.search(request, ctx.actor)
        try:
            offers = list(comparing.offers(ctx, index, words, chosen))
        except Unavailable:
            available = False
    shown = comparison.only_differences() if differences else comparison.groups
    return page(
        request,
        "discovery/compare.html",
        announce=_announced(comparison, sum(len(group.rows) for group in shown)),
        comparison=comparison,
        groups=shown,
        chosen=chosen,
        differences=differences,
        most=comparing.MOST,
        typed=q,
        words=words,
        offers=offers,
        available=available,
        found_by=here_only(found_by),
        exported=_query(chosen),
        with_one_more={id: _query([*chosen, id], differences, found_by) for id, _, _ in offers},
        without={
            id: _query([one for one in chosen if one != id], differences, found_by) for id in chosen
        },
    )


def _query(ids: list[UUID], differences: bool = False, found_by: str = "") -> str:
    asked: dict[str, object] = {"id": ids}
    if differences:
        asked["differences"] = "true"
    if here_only(found_by):
        asked["found_by"] = found_by
    return f"?{urlencode(asked, doseq=True)}" if ids else ""


def _announced(comparison: Comparison, rows: int) -> str:
    if not comparison.columns:
        return "No product is compared yet"
    count = len(comparison.columns)
    products = "1 product" if count == 1 else f"{count} products"
    return f"{products}, {'1 question' if rows == 1 else f'{rows} questions'}"


@router.get("/comparison.csv", name="product.compare.csv")
def as_a_csv(request: Request, ctx: Context, ids: Chosen) -> Response:
    head, rows = comparing.compare(ctx, ids).table()
    return StreamingResponse(as_csv(head, rows), media_type="text/csv", headers=_named(ctx, "csv"))


@router.get("/comparison.xlsx", name="product.compare.xlsx")
def as_a_workbook(request: Request, ctx: Context, ids: Chosen) -> Response:
    comparison = comparing.compare(ctx, ids)
    head, rows = comparison.table()
    about = {
        "What this is": "Products compared, as suppliers list them",
        "Products": ", ".join(column.product.name for column in comparison.columns),
        "Asked by": ctx.actor.organisation_name or "a visitor",
        "Asked on": when(ctx.now),
        "Address": ctx.settings.address
        + request.url.path.rpartition("/")[0]
        + _query([column.product.id for column in comparison.columns]),
    }
    return Response(as_xlsx(head, rows, about), media_type=XLSX, headers=_named(ctx, "xlsx"))


def _named(ctx: Context, ending: str) -> dict[str, str]:
    name = f"products-compared-{ctx.today.isoformat()}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
