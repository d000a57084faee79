"""How a browser finds contracts and reads one. What can be done about them stands elsewhere."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from marketplace import history_queries as histories
from marketplace.contracts import (
    calling,
    calling_actions,
    calling_routes,
    delivery_actions,
    duties,
    keeping,
    making_routes,
    queries,
    standing,
)
from marketplace.contracts.calling import Headroom
from marketplace.contracts.forms import Standing
from marketplace.contracts.models import CallOff, Contract, Permitted
from marketplace.contracts.queries import Asked
from marketplace.contracts.telling import told
from marketplace.contracts.working import frame, worked
from marketplace.core import files, scanning
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.files import Stored
from marketplace.core.pages import page
from marketplace.core.spreadsheets import as_csv
from marketplace.organisations import queries as organisations

router = APIRouter(route_class=Opening)

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


def _asked(
    q: str, standing: list[Standing], authority: UUID | None, claim: UUID | None, mine: bool
) -> Asked:
    return Asked(q.strip()[:200], frozenset(standing), authority, claim, mine)


@router.get("/contracts", name="contract.list")
def listed(
    request: Request,
    ctx: Context,
    q: str = "",
    standing: Annotated[list[Standing], Query()] = [],  # noqa: B006 - FastAPI copies it
    authority: UUID | None = None,
    claim: UUID | None = None,
    mine: bool = False,
    after: UUID | None = None,
) -> Response:
    asked = _asked(q, standing, authority, claim, mine)
    found, more = queries.listed(ctx, asked, after)
    kept = _query(asked)
    return page(
        request,
        "contracts/list.html",
        contracts=found,
        asked=asked,
        standings=[(one.value, one.label, None) for one in Standing],
        chosen=[str(one) for one in asked.standing],
        authorities=[(str(one.id), one.called) for one in organisations.authorities(ctx)],
        older=f"{request.url.path}?{urlencode([*kept, ('after', str(more))])}" if more else "",
        newest=f"{request.url.path}?{urlencode(kept)}" if after else "",
        export=f"{request.app.url_path_for('contract.export')}?{urlencode(kept)}",
        at=ctx.now,
    )


def _query(asked: Asked) -> list[tuple[str, str]]:
    given: list[tuple[str, Any]] = [
        ("q", asked.words),
        *(("standing", str(one)) for one in sorted(asked.standing)),
        ("authority", asked.authority or ""),
        ("claim", asked.claim or ""),
        ("mine", "true" if asked.mine else ""),
    ]
    return [(name, str(value)) for name, value in given if value]


@router.get("/contracts.csv", name="contract.export")
def export(
    request: Request,
    ctx: Context,
    q: str = "",
    standing: Annotated[list[Standing], Query()] = [],  # noqa: B006 - FastAPI copies it
    authority: UUID | None = None,
    claim: UUID | None = None,
    mine: bool = False,
) -> Response:
    asked = _asked(q, standing, authority, claim, mine)
    found, _ = queries.listed(ctx, asked, size=queries.MOST)
    rows = [list(_row(ctx, one)) for one in found]
    headers = {"Content-Disposition": 'attachment; filename="contracts.csv"'}
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


for _part in (keeping, calling_routes, making_routes):
    router.routes.extend(_part.router.routes)


@router.get("/contracts/{id}", name="contract.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    contract = queries.one(ctx, id)
    permitted = queries.permitted(ctx, contract) if contract.framework else []
    framed = frame(ctx, contract, "contract", permitted)
    its, who = framed["its"], ctx.actor
    calls = _calls(ctx, contract) if contract.framework else []
    relied = queries.standards(ctx, contract) if its else []
    return page(
        request,
        "contracts/show.html",
        **framed,
        parties=queries.parties(ctx, contract),
        permitted=permitted,
        call_offs=calls,
        rooms=_rooms(contract, permitted, calls) if contract.framework and its else [],
        cannot=calling.unnamed(contract, permitted, who.organisation_id, who.organisation_name),
        calls_off=calling_actions.prospect(ctx, contract),
        duties=duties.duties(contract, queries.notices(ctx, contract), ctx.today),
        today=ctx.today,
        needs_indicators=duties.needs_indicators(contract),
        relied=relied,
        broken=standing.broken(relied, ctx.today),
        changes=queries.changes(ctx, contract),
    )


def _calls(ctx: Context, contract: Contract) -> list[CallOff]:
    found = list(queries.call_offs(ctx, contract))
    for one in found:
        one.contract = contract
    return found


def _rooms(
    contract: Contract, permitted: Sequence[Permitted], calls: Sequence[CallOff]
) -> list[Headroom]:
    return [calling.in_all(contract, calls), *calling.by_authority(contract, permitted, calls)]


@router.get("/contracts/{id}/delivery", name="contract.delivery")
def delivery(request: Request, ctx: Context, id: UUID) -> Response:
    """What is delivered by when, and what was said of it: for authorities, and its supplier."""
    contract = queries.one(ctx, id)
    framed = frame(ctx, contract, "delivery")
    if not framed["sees_delivery"]:
        raise NotFound("There is no such contract.")
    milestones, reviews = queries.milestones(ctx, contract), queries.reviews(ctx, contract)
    for one in (*milestones, *reviews):
        one.contract = contract
    return page(
        request,
        "contracts/delivery.html",
        **framed,
        milestones=milestones,
        reviews=reviews,
        today=ctx.today,
        reviewing=delivery_actions.reviewing(ctx, contract),
        planning=delivery_actions.planning(ctx, contract),
    )


@router.get("/contracts/{id}/history", name="contract.history")
def history(request: Request, ctx: Context, id: UUID, after: UUID | None = None) -> Response:
    contract = worked(ctx, id)
    events, more = histories.history(ctx, contract.id, after=after)
    return page(
        request,
        "contracts/history.html",
        **frame(ctx, contract, "history"),
        entries=[told(event, ctx.actor) for event in events],
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


@router.get("/contracts/{id}/documents/{document_id}", name="contract.file")
def download(request: Request, ctx: Context, id: UUID, document_id: UUID) -> Response:
    found = queries.document(ctx, queries.one(ctx, id), document_id)
    stored = Stored(found.key, found.name, found.size, found.media_type, found.sha256)
    scanning.must_be_clean(ctx, stored.key)
    pieces = files.chunks(request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(stored))
