"""What an authority can do with an assessment: rely on it, and end that."""

from sqlalchemy.exc import IntegrityError

from marketplace.claims import parts_queries as parts
from marketplace.claims import reliance_queries as queries
from marketplace.claims import snapshot
from marketplace.claims.forms import Relying
from marketplace.claims.models import Claim, Reliance
from marketplace.claims.standing import word
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.perform import lock, perform
from marketplace.verbs import Verb


def refusal(ctx: Context, claim: Claim) -> str | None:
    """Why nobody can rely on a claim now; None when one can."""
    if claim.replaced_at:
        return "A newer assessment has taken its place. Rely on that one."
    standing = word(claim.stage, claim.ends_on, ctx.today)
    if standing.counts:
        return None
    return f"Its state is “{standing.label.lower()}”, so it cannot be relied on."


def rely(ctx: Context, claim: Claim, form: Relying) -> Reliance:
    """Records that the actor's authority relies on what was found, with all that it had before
    it.
    """
    lock(ctx, claim)  # it may be about to be revoked
    assessment = parts.assessment(ctx, claim)
    if (why := refusal(ctx, claim)) or assessment is None:
        raise Conflict(why or "LOTI has not decided on it yet.")
    points, _ = parts.all_points(ctx, claim)
    shown, hidden = snapshot.visible_and_hidden(queries.everything_shown(ctx, claim))
    made = Reliance(
        claim_id=claim.id,
        organisation_id=ctx.actor.organisation_id,
        snapshot=snapshot.taken(claim, assessment, points, shown, hidden),
        created_at=ctx.now,
        **form.model_dump(),
    )
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.RELIANCE_RECORD, made, named=form.named)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(
            f"{ctx.actor.organisation_name} relies on it for that already. You find the record in "
            "your list."
        ) from None
    return made


def end(ctx: Context, reliance: Reliance) -> None:
    """Says that the authority no longer relies on it. The record stays."""
    perform(ctx, Verb.RELIANCE_END, reliance)
    reliance.ended_at = ctx.now
