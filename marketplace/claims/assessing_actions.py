"""What LOTI's assessors can do with claims, and what follows from the time alone."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.claims import assessing_queries as queries
from marketplace.claims import parts_queries as parts
from marketplace.claims.forms import Deciding, Interesting, Marking, Returning, Revoking
from marketplace.claims.models import (
    COUNTING,
    DECIDED,
    FINE,
    Assessment,
    Claim,
    Interest,
    Mark,
    Stage,
    outcome,
)
from marketplace.claims.standing import OVER, first_end
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.times import when
from marketplace.perform import lock, perform, require
from marketplace.standards.models import Requirement
from marketplace.verbs import Verb


def take(ctx: Context, claim: Claim) -> None:
    """Begins to assess a claim, so that colleagues see who does."""
    lock(ctx, claim)
    if claim.stage == Stage.ASSESSING and claim.assessor_id and claim.taken_at:
        raise Conflict(f"{claim.assessor_name} took it on {when(claim.taken_at)}.")
    _unless_decided(ctx, claim)
    _unless_concerned(ctx, claim)
    perform(ctx, Verb.CLAIM_TAKE, claim)
    claim.assessor_id, claim.assessor_name = ctx.actor.person_id, ctx.actor.name
    claim.taken_at = ctx.now


def _unless_decided(ctx: Context, claim: Claim) -> None:
    if claim.stage not in DECIDED:
        return
    if decided := parts.assessment(ctx, claim):
        raise Conflict(
            f"{decided.assessor_name} decided on it on {when(decided.created_at)}: "
            f"{decided.outcome.label.lower()}."
        )


def _unless_concerned(ctx: Context, claim: Claim) -> None:
    if why := queries.conflict(ctx, claim):
        raise Forbidden(why)


def release(ctx: Context, claim: Claim) -> None:
    """Puts a claim back into the queue; what was found of its points stays."""
    perform(ctx, Verb.CLAIM_RELEASE, claim)
    _put_down(claim)


def _put_down(claim: Claim) -> None:
    claim.assessor_id, claim.assessor_name, claim.taken_at = None, "", None


def _hold(ctx: Context, verb: Verb, claim: Claim) -> None:
    """Only who has it goes on, one at a time; everybody else is told who was quicker."""
    lock(ctx, claim)
    _unless_decided(ctx, claim)
    if claim.taken_at and claim.assessor_id not in (None, ctx.actor.person_id):
        raise Conflict(f"{claim.assessor_name} took it on {when(claim.taken_at)}.")
    require(ctx, verb, claim)
    _unless_concerned(ctx, claim)


def mark(ctx: Context, claim: Claim, point: Requirement, form: Marking) -> None:
    """Says what was found of one requirement."""
    _hold(ctx, Verb.CLAIM_MARK, claim)
    said = parts.answers(ctx, claim).get(point.id)
    if said and said.accepted:
        raise Conflict("This point was accepted in the claim before, so it stays as it is.")
    perform(ctx, Verb.CLAIM_MARK, claim, point=str(point.id), verdict=form.verdict)
    known = parts.marks(ctx, claim).get(point.id)
    row = known or Mark(
        claim_id=claim.id, requirement_id=point.id, verdict=form.verdict, created_at=ctx.now
    )
    row.verdict, row.reason, row.feedback, row.told = (
        form.verdict,
        form.reason,
        form.feedback,
        False,
    )
    ctx.session.add(row)


def return_(ctx: Context, claim: Claim, form: Returning) -> None:
    """Lets the supplier mend, until a day, the points that are not fine."""
    _hold(ctx, Verb.CLAIM_RETURN, claim)
    found = parts.marks(ctx, claim).values()
    named = [str(one.requirement_id) for one in found if one.verdict not in FINE]
    if not named:
        raise Conflict("No point is partly met or not met, so there is nothing to mend.")
    perform(ctx, Verb.CLAIM_RETURN, claim, remark=form.message, until=form.fix_by.isoformat())
    claim.remark, claim.fix_by, claim.fix_points = form.message, form.fix_by, named
    _put_down(claim)
    for one in found:
        one.told = True
        ctx.session.add(one)


def found_so_far(ctx: Context, claim: Claim) -> tuple[Stage, list[Requirement]]:
    """What the claim comes to by its marks, and the points that have none yet."""
    points = parts.requirements(ctx, claim)
    marks = parts.marks(ctx, claim)
    return (
        outcome((one.essential, marks[one.id].verdict) for one in points if one.id in marks),
        [one for one in points if one.id not in marks],
    )


def decide(ctx: Context, claim: Claim, form: Deciding) -> Assessment:
    """Decides on a claim, as its points have it. There is one decision, and it does not change."""
    _hold(ctx, Verb.CLAIM_DECIDE, claim)
    found, open_points = found_so_far(ctx, claim)
    if open_points:
        titles = "; ".join(one.title for one in open_points)
        raise Conflict(f"You cannot decide yet. Still to assess: {titles}.")
    ends = first_end(piece.ends_on for piece in parts.evidence(ctx, claim))
    if found in COUNTING and ends and ends < ctx.today:
        raise Conflict("A piece of its evidence has gone out of date. Ask for edits instead.")
    event = perform(ctx, Verb.CLAIM_DECIDE, claim, outcome=found, remark=form.feedback)
    # Which of the three outcomes it is lies in the points, not in what was pressed.
    claim.stage, event.became = found, found
    claim.decided_at, claim.remark = ctx.now, form.feedback
    claim.ends_on = ends if found in COUNTING else None
    for one in parts.marks(ctx, claim).values():
        one.told = True
        ctx.session.add(one)
    made = Assessment(
        claim_id=claim.id,
        outcome=found,
        feedback=form.feedback,
        assessor_id=ctx.actor.person_id,
        assessor_name=ctx.actor.name,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("A colleague has decided on it already.") from None
    _replace(ctx, claim)
    return made


def _replace(ctx: Context, claim: Claim) -> None:
    """The claim takes the place of former ones; what counts gives way only to what counts."""
    for before in queries.before(ctx, claim):
        if before.stage in COUNTING and claim.stage not in COUNTING:
            continue
        itself = replace(ctx, actor=CLOCK, now=ctx.now + timedelta(microseconds=1))
        perform(itself, Verb.CLAIM_REPLACE, before, by=str(claim.id))
        before.replaced_at = ctx.now


def revoke(ctx: Context, claim: Claim, form: Revoking) -> None:
    """Takes back what was found. Whoever relies on it is told, and keeps what it relied on."""
    _unless_concerned(ctx, claim)
    perform(ctx, Verb.CLAIM_REVOKE, claim, because=form.because)
    claim.revoked_at, claim.because = ctx.now, form.because


# ---- By the clock


def keep_time(ctx: Context) -> None:
    """Ends the time to mend what was not mended, and tells of claims that end, once a step."""
    for claim in queries.overdue(ctx):
        perform(ctx, Verb.CLAIM_LAPSE, claim)
        claim.fix_by = None
    for claim, days in queries.to_remind(ctx):
        ends = claim.ends_on.isoformat() if claim.ends_on else ""
        if days != OVER or claim.reminded != 0:  # nobody was told, if the clock stood still
            perform(ctx, Verb.CLAIM_REMIND, claim, days=max(days, 0), ends=ends)
        if days == OVER:
            perform(ctx, Verb.CLAIM_EXPIRE, claim, ends=ends)
        claim.reminded = days


# ---- Interests


def declare(ctx: Context, form: Interesting) -> Interest:
    made = Interest(
        what=form.what,
        person_id=ctx.actor.person_id,
        organisation_id=form.organisation,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.INTEREST_DECLARE, made)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("You have declared an interest in this supplier already.") from None
    return made


def drop(ctx: Context, interest: Interest) -> None:
    perform(ctx, Verb.INTEREST_DROP, interest)
    ctx.session.delete(interest)
