"""How a browser takes away the ranking as a file: its sums are those of the page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from marketplace.core import spreadsheets
from marketplace.core.context import Context, Opening
from marketplace.core.times import in_london, when
from marketplace.evaluation import queries
from marketplace.evaluation.models import Stage
from marketplace.evaluation.ranking import tables

router = APIRouter(prefix="/tenders/{id}/workspace/evaluation", route_class=Opening)
CSV = "text/csv; charset=utf-8"


@router.get("/ranking.{form}", name="evaluation.export")
def export(
    request: Request, ctx: Context, id: UUID, form: Literal["csv", "xlsx", "ods"]
) -> Response:
    evaluation, judged, found = tables(ctx, id)
    asked = judged.asked
    tender = evaluation.tender
    names = {one.bid_id: one.bid.organisation.name for one in queries.ranking(ctx, tender)}
    final = evaluation.stage is Stage.FINAL
    titles = [(one.id, one.title) for one in asked.questions if not one.priced]
    head = [
        *(("Lot",) if asked.lots else ()),
        "Bidder",
        *(("Supplier",) if final else ()),
        "Place",
        *(f"{title}, points" for _, title in titles),
        "Quality, points",
        "Price, points",
        "Total, points",
        "Price in pounds, without VAT",
        "Why it has no place",
    ]
    rows: list[Sequence[str | int | Decimal]] = []
    for table in found:
        for one in table.results:
            entrant = one.entrant
            rows.append(
                [
                    *((table.lot.title,) if asked.lots else ()),
                    f"Bidder {entrant.number}",
                    *((names.get(entrant.bid_id, ""),) if final else ()),
                    one.position or "",
                    *(one.by_criterion.get(key, "") for key, _ in titles),
                    one.quality,
                    one.price,
                    one.total,
                    "" if one.offer is None else one.offer,
                    one.because,
                ]
            )
    today = f"{in_london(ctx.now):%Y-%m-%d}"
    file = f"{tender.reference}-ranking-{'final' if final else 'not-final'}-{today}.{form}"
    about = {
        "Tender": f"{tender.called} ({tender.reference})",
        "State": "Final" if final else "Not final",
        "Taken": f"{when(ctx.now)}, by {ctx.actor.name}",
        "How prices become points": asked.price_formula.label,
        "When points are equal": asked.ties.label,
    }
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    if form == "csv":
        text = ([str(cell) for cell in row] for row in rows)
        return StreamingResponse(spreadsheets.as_csv(head, text), media_type=CSV, headers=headers)
    make, kind = {
        "xlsx": (spreadsheets.as_xlsx, spreadsheets.XLSX),
        "ods": (spreadsheets.as_ods, spreadsheets.ODS),
    }[form]
    return Response(make(head, rows, about), media_type=kind, headers=headers)
