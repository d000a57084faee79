"""How a browser reads a contract. The register, and what can be done about them, stand
elsewhere.
"""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from marketplace import history_queries as histories
from marketplace.contracts import (
    breach_queries,
    breach_routes,
    calling,
    calling_actions,
    calling_routes,
    delivery_actions,
    duties,
    keeping,
    making_routes,
    queries,
    register_routes,
    standing,
)
from marketplace.contracts.calling import Headroom
from marketplace.contracts.models import CallOff, Contract, Permitted
from marketplace.contracts.telling import told
from marketplace.contracts.working import frame, worked
from marketplace.core import files, scanning
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import page

router = APIRouter(route_class=Opening)

for _part in (register_routes, keeping, breach_routes, calling_routes, making_routes):
    router.routes.extend(_part.router.routes)


@router.get("/contracts/{id}", name="contract.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    contract = queries.one(ctx, id)
    permitted = queries.permitted(ctx, contract) if contract.framework else []
    framed = frame(ctx, contract, "contract", permitted)
    its, who = framed["its"], ctx.actor
    calls = _calls(ctx, contract) if contract.framework else []
    relied = queries.standards(ctx, contract) if its else []
    noted, breaches = queries.notices(ctx, contract), breach_queries.recorded(ctx, contract)
    counting = breach_queries.counting(breaches)
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
        duties=duties.duties(contract, noted, ctx.today, counting),
        breaches=breaches,
        noted=noted,
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
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=files.download_headers(found.stored))
