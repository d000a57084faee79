"""How authorities rely on an assessment in a browser, and read later what they relied on."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace.claims import parts_queries as parts
from marketplace.claims import queries
from marketplace.claims import reliance_actions as actions
from marketplace.claims import reliance_queries as reliances
from marketplace.claims.forms import Relied, Relying
from marketplace.claims.models import Claim, Purpose, Reliance
from marketplace.claims.reliance_queries import since, state
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.forms import BoundForm
from marketplace.core.pages import flash, go, page
from marketplace.core.times import day, when
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/claims/{id}/rely", name=Verb.RELIANCE_RECORD)
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    return _relying(request, ctx, queries.one(ctx, id), BoundForm(Relying))


@router.post("/claims/{id}/rely", name=Verb.RELIANCE_RECORD)
def rely(request: Request, ctx: Context, id: UUID, form: Relied) -> Response:
    claim = queries.one(ctx, id)
    if form.value is None:
        return _relying(request, ctx, claim, form)
    made = actions.rely(ctx, claim, form.value)
    flash(request, "Recorded. You are told when it ends, is revoked or is replaced.")
    return go(request, "reliance.show", id=made.id)


def prospect(ctx: Context, claim: Claim) -> Reliance:
    """What the actor's organisation would record, to ask whether it may."""
    ours = ctx.actor.organisation_id
    return Reliance(purpose=Purpose.GENERAL, claim_id=claim.id, organisation_id=ours)


def _relying(request: Request, ctx: Context, claim: Claim, form: BoundForm[Relying]) -> Response:
    require(ctx, Verb.RELIANCE_RECORD, prospect(ctx, claim))
    if why := actions.refusal(ctx, claim):
        raise Conflict(why)
    points, whole = parts.all_points(ctx, claim)
    return page(request, "claims/rely.html", claim=claim, points=points, whole=whole, form=form)


@router.get("/reliances", name="reliance.list")
def listed(
    request: Request, ctx: Context, everybody: bool = False, after: UUID | None = None
) -> Response:
    if ctx.actor.kind not in (Kind.AUTHORITY, Kind.LOTI):
        raise Forbidden("Only authorities and LOTI see who relies on what.")
    everybody = everybody or ctx.actor.kind is Kind.LOTI
    found, more = reliances.listed(ctx, everybody=everybody, after=after)
    older = f"?after={more}&everybody={str(everybody).lower()}" if more else ""
    return page(
        request,
        "claims/reliances.html",
        reliances=[(one, state(one, ctx.now), since(one, ctx.now)) for one in found],
        everybody=everybody,
        own=ctx.actor.kind is Kind.AUTHORITY,
        older=older and request.url.path + older,
        newest=f"{request.url.path}?everybody={str(everybody).lower()}" if after else "",
    )


@router.get("/reliances/{id}", name="reliance.show")
def show(request: Request, ctx: Context, id: UUID) -> Response:
    reliance = reliances.one(ctx, id)
    shown = {piece.id for piece in parts.evidence(ctx, reliance.claim)}
    return page(
        request,
        "claims/reliance.html",
        reliance=reliance,
        told=reliance.snapshot,
        state=state(reliance, ctx.now),
        since=since(reliance, ctx.now),
        shown={str(id) for id in shown},
        written=written,
    )


def written(value: str) -> str:
    """A date or a moment of a snapshot, as a page says it."""
    if not value:
        return "Not given"
    return (
        day(date.fromisoformat(value))
        if len(value) == len("2026-11-28")
        else (when(datetime.fromisoformat(value)))
    )


@router.get("/reliances/{id}/end", name=Verb.RELIANCE_END)
def ask_to_end(request: Request, ctx: Context, id: UUID) -> Response:
    reliance = reliances.one(ctx, id)
    require(ctx, Verb.RELIANCE_END, reliance)
    return page(request, "claims/end.html", reliance=reliance)


@router.post("/reliances/{id}/end", name=Verb.RELIANCE_END)
def end(request: Request, ctx: Context, id: UUID) -> Response:
    actions.end(ctx, reliances.one(ctx, id))
    flash(request, "Ended. The record stays.")
    return go(request, "reliance.show", id=id)
