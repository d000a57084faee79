"""How the authorities of a tender and LOTI read its record, and take it along."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import col

from marketplace.awards.models import Award, Summary
from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.core.context import Context, Opening
from marketplace.core.pages import page
from marketplace.record import enclosing, queries, telling
from marketplace.record.archive import Found, texts, told
from marketplace.record.streaming import stream
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame

router = APIRouter(prefix="/tenders", route_class=Opening)

SHOWN = 500  # steps on the page; the archive has all


@router.get("/{id}/workspace/record", name="record.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    """Every decision about a tender, for somebody who has to answer for it."""
    tender = tenders.working(ctx, id)
    theirs = contracts.of_tender(ctx, tender.id)
    ids = (*(one.id for one in theirs), *queries.evaluation_ids(ctx, tender))
    events = queries.steps(ctx, tender, ids, SHOWN + 1)
    return page(
        request,
        "record/show.html",
        **frame(ctx, tender, "award"),
        lines=telling.lines(events[:SHOWN], ctx.actor, _names(ctx, tender, theirs)),
        more=len(events) > SHOWN,
        block=queries.last_block(ctx),
    )


@router.get("/{id}/workspace/record.zip", name="record.take")
def take(request: Request, ctx: Context, id: UUID) -> Response:
    tender = tenders.working(ctx, id)
    found = _found(ctx, tender)
    files, left_out = enclosing.files(ctx, request.app.state.files, found)
    name = f"record-{tender.reference}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # What is said is read before the answer begins, while the database is there to be asked.
    made = stream(list(texts(found)), files, left_out, ctx.now)
    return StreamingResponse(made, media_type="application/zip", headers=headers)


def _names(ctx: Context, tender: Tender, theirs: Sequence[Contract]) -> Mapping[UUID, str]:
    called = {one.id: f"{one.organisation.called}: {one.title}" for one in theirs}
    return {**queries.names(ctx, tender), **called}


def _found(ctx: Context, tender: Tender) -> Found:
    theirs = contracts.of_tender(ctx, tender.id)
    ids = [one.id for one in theirs]
    every = (*ids, *queries.evaluation_ids(ctx, tender))
    by_table: dict[str, list[Any]] = {
        str(kind.__tablename__): list(queries.rows(ctx, kind, col(kind.tender_id), [tender.id]))
        for kind in queries.OF_TENDERS
    } | {
        str(kind.__tablename__): list(queries.rows(ctx, kind, col(kind.contract_id), ids))
        for kind in queries.OF_CONTRACTS
    }
    events = queries.steps(ctx, tender, every, queries.MOST)
    awards: list[Award] = by_table["award"]
    summaries: list[Summary] = by_table["summary"]
    for award in awards:
        award.tender = tender
    return Found(
        tender=tender,
        lines=telling.lines(events, ctx.actor, _names(ctx, tender, theirs)),
        publications=by_table["publication"],
        bids=queries.bids(ctx, tender),
        awards=awards,
        summaries=summaries,
        contracts=theirs,
        data={name: [told(row) for row in those] for name, those in by_table.items()},
        block=queries.last_block(ctx),
        at=ctx.now,
    )
