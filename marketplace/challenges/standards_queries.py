"""The standards that a challenge can ask for by name."""

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from marketplace.challenges.models import Challenge
from marketplace.core.context import Context
from marketplace.policy import visible_to
from marketplace.standards.models import Stage, Standard, StandardVersion


def titles(ctx: Context) -> Mapping[str, str]:
    """The titles of the published standards by key, in the order of the titles."""
    published = (
        select(Standard.key, Standard.title)
        .join(StandardVersion, col(StandardVersion.standard_id) == Standard.id)
        .where(
            StandardVersion.stage == Stage.PUBLISHED,
            visible_to(ctx.actor, Standard),
            visible_to(ctx.actor, StandardVersion),
        )
        .order_by(Standard.title, Standard.key)
    )
    return dict(iter(ctx.session.exec(published)))


def asked_for(ctx: Context, challenge: Challenge) -> Sequence[str]:
    """The titles of the standards that a challenge names; one that is no more keeps its key."""
    if not challenge.standards:
        return ()
    known = titles(ctx)
    return [known.get(key, key) for key in challenge.standards]
