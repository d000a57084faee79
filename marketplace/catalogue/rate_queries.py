"""What can be seen of rate cards."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from marketplace.catalogue.rate_models import Rate
from marketplace.core.context import Context
from marketplace.policy import visible_to
from marketplace.reference.specialists import Specialist


def rates(ctx: Context, organisation_id: UUID) -> Sequence[Rate]:
    """All that a supplier ever declared, the newest first."""
    its = select(Rate).where(Rate.organisation_id == organisation_id, visible_to(ctx.actor, Rate))
    return ctx.session.exec(its.order_by(col(Rate.since).desc(), col(Rate.id))).all()


def newest(rates: Sequence[Rate]) -> Mapping[Specialist, Rate]:
    """Of these the last of each role, one that takes it off the card as well."""
    return {one.role: one for one in reversed(rates)}


def in_force(rates: Sequence[Rate]) -> Mapping[Specialist, Rate]:
    """The card that these make now, in the order of the roles."""
    last = newest(rates)
    return {role: last[role] for role in Specialist if role in last and last[role].amount}


def earlier(rates: Sequence[Rate]) -> Sequence[Rate]:
    """Those that no longer hold, the newest first."""
    last = newest(rates)
    return [one for one in rates if one is not last[one.role] and one.amount]


def card(ctx: Context, organisation_id: UUID) -> Mapping[Specialist, Rate]:
    return in_force(rates(ctx, organisation_id))
