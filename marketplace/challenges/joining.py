"""How a browser reads a challenge and says "we have this need too"."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.challenges import actions, aligning, queries, standards_queries
from marketplace.challenges.drafts import named
from marketplace.challenges.forms import Committed, Committing
from marketplace.challenges.models import Challenge, Circumstances, Commitment, Level, Stage
from marketplace.challenges.totals import totals
from marketplace.core.charts import TimeScale
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, page, partial
from marketplace.core.times import day, in_london
from marketplace.organisations import tiles
from marketplace.organisations.tiles import Standing
from marketplace.perform import require
from marketplace.reference.attributes import Attribute
from marketplace.verbs import Verb

router = APIRouter(prefix="/challenges", route_class=Opening)

SHOWN = {
    Level.COMMITTED: Standing("same-need", "Committed"),
    Level.INTERESTED: Standing("same-need", "Interested"),
    Level.WATCHING: Standing("watching", "Watching"),
}
POSTED = Standing("posted", "Posted this")


def screen(
    request: Request,
    ctx: Context,
    challenge: Challenge,
    form: BoundForm[Committing] | None = None,
    *,
    preview: bool = False,
) -> Response:
    """The page of a challenge, as its reader sees it or, in a preview, as everybody will."""
    commitments = queries.commitments(ctx, challenge)
    ours = next(
        (one for one in commitments if one.organisation_id == ctx.actor.organisation_id), None
    )
    told = queries.circumstances(ctx, challenge) if ours else {}
    place, elsewhere = _map(challenge, commitments)
    added_up = totals(commitments, queries.budgets(ctx, challenge), challenge.band)
    return page(
        request,
        "challenges/show.html",
        **frame(ctx, challenge, "need"),
        attachments=queries.attachments(ctx, challenge),
        commitments=commitments,
        totals=added_up,
        tiles=place,
        others=elsewhere,
        ours=ours,
        joining=ours or _prospect(ctx, challenge),
        form=form or show(Committing, _known(ours, told)),
        preview=preview,
        partial=partial(request),
        named=named,
        handled=handled,
        standards=standards_queries.asked_for(ctx, challenge),
        link=ctx.settings.address + request.app.url_path_for("challenge.show", id=challenge.id),
        announce=added_up.says,
    )


def handled(challenge: Challenge) -> list[str]:
    """What is true of what it needs, each to complete "It …"."""
    return [Attribute(one).label for one in challenge.attributes]


def frame(ctx: Context, challenge: Challenge, here: str) -> dict[str, Any]:
    """What every page about one challenge shows above its own part."""
    stage = challenge.standing(ctx.now)
    return {"challenge": challenge, "stage": stage, "lead": _lead(challenge, stage), "here": here}


def _lead(challenge: Challenge, stage: Stage) -> str:
    who = challenge.organisation.called
    if stage == Stage.OPEN and challenge.closes_on:
        until = f"until the end of {day(challenge.closes_on)} (UK time)"
        return f"{who} looks for authorities that have this need too, {until}."
    if challenge.published_at:
        return f"Posted by {who} on {day(challenge.published_at)}."
    if stage == Stage.SUBMITTED and challenge.submitted_at:
        return f"{who} sent this to LOTI on {day(challenge.submitted_at)}."
    return f"A draft by {who}."


def _prospect(ctx: Context, challenge: Challenge) -> Commitment:
    """What the actor's authority would make, to ask whether it may."""
    return Commitment(
        level=Level.WATCHING,
        challenge_id=challenge.id,
        challenge=challenge,
        organisation_id=ctx.actor.organisation_id,
    )


def _known(ours: Commitment | None, told: Any) -> dict[str, Any]:
    if ours is None:
        return {}
    private: Circumstances = told[ours.id]
    return {**ours.model_dump(), **private.model_dump()}


def _map(
    challenge: Challenge, commitments: Any
) -> tuple[tuple[tiles.Tile, ...], tuple[tiles.Tile, ...]]:
    """London's authorities on the map, and whoever else takes part beneath it."""
    standings = [(challenge.organisation, POSTED)]
    standings += [(one.organisation, SHOWN[one.level]) for one in commitments]
    on_it = {who.gss_code or "": how for who, how in standings}
    beneath = [(who.called, how) for who, how in standings if who.gss_code not in tiles.PLACES]
    return tiles.tiles(on_it), tiles.others(beneath)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


@router.get("/{id}/commitments", name="commitment.list")
def listed(request: Request, ctx: Context, id: UUID, together: str = "") -> Response:
    """Who takes part and, for authorities and LOTI, how they could begin together on a day
    (`together`, such as 2027-10-01; what is no day counts as not asked).
    """
    challenge = queries.one(ctx, id)
    commitments = queries.commitments(ctx, challenge)
    told = queries.circumstances(ctx, challenge)
    today = in_london(ctx.now).date()
    ends = {id: one.contract_ends for id, one in told.items() if one.contract_ends}
    place, elsewhere = _map(challenge, commitments)
    names = {one.organisation.called: ends[one.id] for one in commitments if one.id in ends}
    groups = aligning.groups(names, today)
    start = _day(together) or (groups[0].start if groups else None)
    return page(
        request,
        "challenges/commitments.html",
        groups=groups,
        start=start,
        starts=sorted({*aligning.starts(names, today), *([start] if start else [])}),
        steps={one.organisation: one for one in aligning.steps(names, start)} if start else {},
        **frame(ctx, challenge, "commitments"),
        commitments=sorted(commitments, key=lambda one: ends.get(one.id, date.max)),
        totals=totals(commitments, queries.budgets(ctx, challenge), challenge.band),
        tiles=place,
        others=elsewhere,
        told=told,
        first=min(ends.values(), default=None),
        scale=TimeScale.around([today, *ends.values()]),
        today=today,
    )


@router.post("/{id}/commitments", name=Verb.COMMITMENT_MAKE)
def commit(request: Request, ctx: Context, id: UUID, form: Committed) -> Response:
    challenge = queries.one(ctx, id)
    if form.value is None:
        require(ctx, Verb.COMMITMENT_MAKE, _prospect(ctx, challenge))
        return screen(request, ctx, challenge, form)
    actions.commit(ctx, challenge, form.value)
    return _done(request, id, f"{ctx.actor.organisation_name} takes part now.")


@router.post("/{id}/commitments/change", name=Verb.COMMITMENT_CHANGE)
def change(request: Request, ctx: Context, id: UUID, form: Committed) -> Response:
    challenge = queries.one(ctx, id)
    ours = _ours(ctx, challenge)
    if form.value is None:
        require(ctx, Verb.COMMITMENT_CHANGE, ours)
        return screen(request, ctx, challenge, form)
    actions.change(ctx, ours, form.value)
    return _done(request, id, "Changed. What was said before stays in the history.")


@router.get("/{id}/commitments/withdraw", name=Verb.COMMITMENT_WITHDRAW)
def ask_to_withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    require(ctx, Verb.COMMITMENT_WITHDRAW, _ours(ctx, challenge))
    return page(request, "challenges/uncommit.html", challenge=challenge)


@router.post("/{id}/commitments/withdraw", name=Verb.COMMITMENT_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    actions.uncommit(ctx, _ours(ctx, queries.one(ctx, id)))
    return _done(request, id, f"{ctx.actor.organisation_name} no longer takes part.")


def _ours(ctx: Context, challenge: Challenge) -> Commitment:
    """The live commitment of the actor's authority."""
    for one in queries.commitments(ctx, challenge):
        if one.organisation_id == ctx.actor.organisation_id:
            return one
    raise NotFound("Your organisation does not take part in this challenge.")


def _done(request: Request, id: UUID, says: str) -> Response:
    if not partial(request):  # there the block itself shows it
        flash(request, says)
    return go(request, "challenge.show", id=id)
