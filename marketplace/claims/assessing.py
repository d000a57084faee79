"""How LOTI's assessors work in a browser: the queue, the workbench, decisions and interests."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from auth.actor import Kind
from marketplace.claims import assessing_actions as actions
from marketplace.claims import assessing_queries, queries
from marketplace.claims import parts_queries as parts
from marketplace.claims.forms import (
    Decided,
    Deciding,
    Declared,
    Interesting,
    Marked,
    Marking,
    Returned,
    Returning,
    Revoked,
    Revoking,
)
from marketplace.claims.models import FINE, Claim, Interest, outcome
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/assessments", name="assessment.queue")
def queue(request: Request, ctx: Context) -> Response:
    _within_loti(ctx)
    return page(request, "claims/queue.html", queue=assessing_queries.queue(ctx), today=ctx.today)


def _within_loti(ctx: Context) -> None:
    if ctx.actor.kind is not Kind.LOTI:
        raise Forbidden("Only LOTI's people see the assessments.")


@router.get("/assessments/{id}", name="assessment.show")
def workbench(request: Request, ctx: Context, id: UUID, point: UUID | None = None) -> Response:
    claim = queries.one(ctx, id)
    _within_loti(ctx)
    return _workbench(request, ctx, claim, point)


def _workbench(
    request: Request,
    ctx: Context,
    claim: Claim,
    point: UUID | None = None,
    form: BoundForm[Marking] | None = None,
) -> Response:
    """The points of a claim; the one that is open is the one asked for, or the first without a
    mark.
    """
    points, whole = parts.all_points(ctx, claim)
    waiting = [one for one in points if one.mark is None]
    known = {one.requirement.id: one for one in points}
    if point is not None and point not in known:
        raise NotFound("There is no such point.")
    asked = known[point] if point else next(iter(waiting), None)
    marked = asked.mark if asked else None
    if form is None:
        form = show(
            Marking,
            {
                "verdict": marked.verdict.value,
                "reason": marked.reason.value if marked.reason else None,
                "feedback": marked.feedback,
            }
            if marked
            else {},
        )
    marked_so_far = [(one.requirement.essential, one.mark.verdict) for one in points if one.mark]
    return page(
        request,
        "claims/workbench.html",
        claim=claim,
        points=points,
        whole=whole,
        asked=asked,
        form=form,
        found=outcome(marked_so_far),
        left=waiting,
        amiss=[one for one in points if one.mark and one.mark.verdict not in FINE],
        conflict=assessing_queries.conflict(ctx, claim),
        relies=queries.reliers(ctx, [claim.id]).get(claim.id, 0),
        announce=f"{len(points) - len(waiting)} of {len(points)} points assessed",
    )


@router.post("/assessments/{id}/take", name=Verb.CLAIM_TAKE)
def take(request: Request, ctx: Context, id: UUID) -> Response:
    actions.take(ctx, queries.one(ctx, id))
    return go(request, "assessment.show", id=id)


@router.post("/assessments/{id}/release", name=Verb.CLAIM_RELEASE)
def release(request: Request, ctx: Context, id: UUID) -> Response:
    actions.release(ctx, queries.one(ctx, id))
    flash(request, "It is back in the queue. What was found of its points stays.")
    return go(request, "assessment.queue")


@router.post("/assessments/{id}/points/{point}", name=Verb.CLAIM_MARK)
def mark(request: Request, ctx: Context, id: UUID, point: UUID, form: Marked) -> Response:
    claim = queries.one(ctx, id)
    asked = parts.requirement(ctx, claim, point)
    if form.value is None:
        require(ctx, Verb.CLAIM_MARK, claim)
        return _workbench(request, ctx, claim, point, form)
    actions.mark(ctx, claim, asked, form.value)
    return go(request, "assessment.show", id=id)


# ---- What comes of it: a page of its own for each says what happens


@router.get("/assessments/{id}/return", name=Verb.CLAIM_RETURN)
def ask_to_return(request: Request, ctx: Context, id: UUID) -> Response:
    return _returning(request, ctx, queries.one(ctx, id), BoundForm(Returning))


@router.post("/assessments/{id}/return", name=Verb.CLAIM_RETURN)
def return_(request: Request, ctx: Context, id: UUID, form: Returned) -> Response:
    claim = queries.one(ctx, id)
    if form.value is None:
        return _returning(request, ctx, claim, form)
    actions.return_(ctx, claim, form.value)
    flash(request, f"{claim.organisation.called} has been asked for edits.")
    return go(request, "assessment.queue")


def _returning(
    request: Request, ctx: Context, claim: Claim, form: BoundForm[Returning]
) -> Response:
    require(ctx, Verb.CLAIM_RETURN, claim)
    points, _ = parts.all_points(ctx, claim)
    amiss = [one for one in points if one.mark and one.mark.verdict not in FINE]
    return page(request, "claims/return.html", claim=claim, amiss=amiss, form=form)


@router.get("/assessments/{id}/decide", name=Verb.CLAIM_DECIDE)
def ask_to_decide(request: Request, ctx: Context, id: UUID) -> Response:
    return _deciding(request, ctx, queries.one(ctx, id), BoundForm(Deciding))


@router.post("/assessments/{id}/decide", name=Verb.CLAIM_DECIDE)
def decide(request: Request, ctx: Context, id: UUID, form: Decided) -> Response:
    claim = queries.one(ctx, id)
    if form.value is None:
        return _deciding(request, ctx, claim, form)
    made = actions.decide(ctx, claim, form.value)
    flash(request, f"Decided: {made.outcome.label.lower()}.")
    return go(request, "claim.show", id=id)


def _deciding(request: Request, ctx: Context, claim: Claim, form: BoundForm[Deciding]) -> Response:
    require(ctx, Verb.CLAIM_DECIDE, claim)
    found, left = actions.found_so_far(ctx, claim)
    return page(request, "claims/decide.html", claim=claim, found=found, left=left, form=form)


@router.get("/claims/{id}/revoke", name=Verb.CLAIM_REVOKE)
def ask_to_revoke(request: Request, ctx: Context, id: UUID) -> Response:
    return _revoking(request, ctx, queries.one(ctx, id), BoundForm(Revoking))


@router.post("/claims/{id}/revoke", name=Verb.CLAIM_REVOKE)
def revoke(request: Request, ctx: Context, id: UUID, form: Revoked) -> Response:
    claim = queries.one(ctx, id)
    if form.value is None:
        return _revoking(request, ctx, claim, form)
    actions.revoke(ctx, claim, form.value)
    flash(request, "Revoked. Its supplier and whoever relies on it are told.")
    return go(request, "claim.show", id=id)


def _revoking(request: Request, ctx: Context, claim: Claim, form: BoundForm[Revoking]) -> Response:
    require(ctx, Verb.CLAIM_REVOKE, claim)
    relies = queries.reliers(ctx, [claim.id]).get(claim.id, 0)
    return page(request, "claims/revoke.html", claim=claim, relies=relies, form=form)


# ---- Interests


@router.get("/interests", name="interest.list")
def interests(request: Request, ctx: Context) -> Response:
    _within_loti(ctx)
    return _interests(request, ctx, BoundForm(Interesting))


@router.post("/interests", name=Verb.INTEREST_DECLARE)
def declare(request: Request, ctx: Context, form: Declared) -> Response:
    own = Interest(what="", person_id=ctx.actor.person_id, organisation_id=ctx.actor.person_id)
    require(ctx, Verb.INTEREST_DECLARE, own)
    known = {id for id, _ in assessing_queries.suppliers(ctx)}
    if form.value and form.value.organisation not in known:
        form = form.refused("organisation", "Select a supplier from the list")
    if form.value is None:
        return _interests(request, ctx, form)
    actions.declare(ctx, form.value)
    flash(request, "Declared. You cannot assess what this supplier claims.")
    return go(request, "interest.list")


@router.post("/interests/{id}/drop", name=Verb.INTEREST_DROP)
def drop(request: Request, ctx: Context, id: UUID) -> Response:
    actions.drop(ctx, assessing_queries.interest(ctx, id))
    return go(request, "interest.list")


def _interests(request: Request, ctx: Context, form: BoundForm[Interesting]) -> Response:
    own = Interest(what="", person_id=ctx.actor.person_id, organisation_id=ctx.actor.person_id)
    return page(
        request,
        "claims/interests.html",
        form=form,
        interests=assessing_queries.interests(ctx),
        suppliers=assessing_queries.suppliers(ctx),
        blank=own,
    )
