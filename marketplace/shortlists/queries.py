"""What an authority's people see of its shortlists."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.policy import visible_to
from marketplace.shortlists.models import Shortlist, ShortlistedProduct, Stage

SIZE = 25  # lists on a page
STEPS = 50  # of a history
MOST_CHALLENGES = 200  # to choose from


def one(ctx: Context, id: UUID) -> Shortlist:
    """A list of the actor's own authority, with the challenge it is for."""
    seen = select(Shortlist).where(Shortlist.id == id, visible_to(ctx.actor, Shortlist))
    whole = seen.options(eager(Shortlist.challenge), eager(Shortlist.organisation))
    if shortlist := ctx.session.exec(whole).one_or_none():
        return shortlist
    raise NotFound("There is no such shortlist.")


def kept(ctx: Context, shortlist: Shortlist) -> Sequence[ShortlistedProduct]:
    """What is on the list, with each product and its supplier, first kept first."""
    those = (
        select(ShortlistedProduct)
        .where(
            ShortlistedProduct.shortlist_id == shortlist.id,
            visible_to(ctx.actor, ShortlistedProduct),
        )
        .order_by(col(ShortlistedProduct.created_at), col(ShortlistedProduct.id))
        .options(eager(ShortlistedProduct.product).joinedload(Product.organisation))
    )
    return ctx.session.exec(those).all()


def newest(
    ctx: Context, after: UUID | None = None
) -> tuple[Sequence[tuple[Shortlist, int]], UUID | None]:
    """The lists of the actor's authority with how much is on each, newest first; where to go on."""
    rows = _counted(ctx).limit(SIZE + 1)
    if after:
        last = one(ctx, after)
        rows = rows.where(
            or_(
                col(Shortlist.created_at) < last.created_at,
                (col(Shortlist.created_at) == last.created_at) & (col(Shortlist.id) < last.id),
            )
        )
    found = [(row[0], row[1]) for row in ctx.session.exec(rows)]
    return found[:SIZE], found[SIZE - 1][0].id if len(found) > SIZE else None


def in_progress(ctx: Context) -> Sequence[tuple[Shortlist, int]]:
    """The lists that something can still be kept on, newest first."""
    rows = _counted(ctx).where(Shortlist.stage == Stage.OPEN).limit(SIZE)
    return [(row[0], row[1]) for row in ctx.session.exec(rows)]


def _counted(ctx: Context) -> Any:
    products = (
        select(func.count())
        .where(
            ShortlistedProduct.shortlist_id == Shortlist.id,
            visible_to(ctx.actor, ShortlistedProduct),
        )
        .correlate(Shortlist)
        .scalar_subquery()
    )
    return (
        select(Shortlist, products)
        .where(visible_to(ctx.actor, Shortlist))
        .order_by(col(Shortlist.created_at).desc(), col(Shortlist.id).desc())
        .options(eager(Shortlist.challenge))
    )


def challenges(ctx: Context) -> Mapping[UUID, str]:
    """The challenges that a list can be for: those the authority posted or joined, newest first."""
    joined = select(Commitment.challenge_id).where(
        Commitment.organisation_id == ctx.actor.organisation_id,
        Commitment.stage == CommitmentStage.LIVE,
        visible_to(ctx.actor, Commitment),
    )
    theirs = (
        select(Challenge)
        .where(
            or_(
                col(Challenge.organisation_id) == ctx.actor.organisation_id,
                col(Challenge.id).in_(joined),
            ),
            visible_to(ctx.actor, Challenge),
        )
        .order_by(col(Challenge.created_at).desc())
        .limit(MOST_CHALLENGES)
    )
    return {one.id: one.called for one in ctx.session.exec(theirs)}


def history(ctx: Context, shortlist: Shortlist) -> Sequence[Event]:
    """What was done to the list, newest first."""
    steps = (
        select(Event)
        .where(Event.about_id == shortlist.id, visible_to(ctx.actor, Event))
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
        .limit(STEPS)
    )
    return ctx.session.exec(steps).all()
