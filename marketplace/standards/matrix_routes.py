"""How a browser sees the matrix of standards, takes it away as a file, and what is covered."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.pages import page
from marketplace.core.spreadsheets import XLSX, as_csv, as_xlsx
from marketplace.core.times import when
from marketplace.reference.areas import Area
from marketplace.standards import matrix
from marketplace.standards.matrix import Asked, By
from marketplace.standards.models import Kind

router = APIRouter(prefix="/standards", route_class=Opening)

AsksFor = Annotated[Asked, Query()]


@router.get("/matrix", name="standard.matrix")
def show(request: Request, ctx: Context, asked: AsksFor) -> Response:
    drawn = matrix.draw(ctx, asked)
    return page(
        request,
        "standards/matrix.html",
        announce=drawn.summary,
        asked=asked,
        matrix=drawn,
        rows_are=[(one, f"?{asked.query(by=one, after=None)}", one is asked.by) for one in By],
        areas=[(str(one), one.label) for one in Area],
        kinds=[(str(one), one.label) for one in Kind],
        later=f"?{asked.query(after=drawn.after)}" if drawn.after else "",
        newest=f"?{asked.query()}" if asked.after else "",
        export=asked.query(),
    )


@router.get("/matrix.csv", name="standard.matrix_csv")
def csv(request: Request, ctx: Context, asked: AsksFor) -> Response:
    head, rows = matrix.table(matrix.draw(ctx, asked, matrix.WHOLE))
    return _file("".join(as_csv(head, rows)).encode(), "text/csv; charset=utf-8", "csv")


@router.get("/matrix.xlsx", name="standard.matrix_xlsx")
def xlsx(request: Request, ctx: Context, asked: AsksFor) -> Response:
    head, rows = matrix.table(matrix.draw(ctx, asked, matrix.WHOLE))
    about = {
        "What this is": "Which products and suppliers meet which standards",
        "Drawn": when(ctx.now),
        "Asked for by": ctx.actor.organisation_name or "A visitor",
        "Rows": asked.by.label,
        "Areas of work": ", ".join(one.label for one in asked.area) or "All",
        "Kinds of standard": ", ".join(one.label for one in asked.kind) or "All",
        "From": str(request.base_url),
    }
    return _file(as_xlsx(head, rows, about), XLSX, "xlsx")


@router.get("/coverage", name="standard.coverage")
def coverage(request: Request, ctx: Context) -> Response:
    standards, areas = matrix.coverage(ctx)
    return page(request, "standards/coverage.html", standards=standards, areas=areas)


def _file(body: bytes, media_type: str, ending: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="standards-matrix.{ending}"'}
    return Response(body, media_type=media_type, headers=named)
