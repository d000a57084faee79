"""Who goes on from a stage, as far as the reader may know it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.bids.models import Bid, Choice
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.policy import visible_to
from marketplace.tenders import rounds
from marketplace.tenders.models import Tender


def choices(ctx: Context, tender: Tender, round: str) -> Mapping[UUID, Choice]:
    """What was recorded of each bid of a round, by bid."""
    its = select(Choice).where(
        Choice.tender_id == tender.id, Choice.round == round, visible_to(ctx.actor, Choice)
    )
    return {one.bid_id: one for one in ctx.session.exec(its.options(eager(Choice.bid)))}


def left_out(ctx: Context, tender: Tender, round: str) -> Collection[UUID]:
    """The suppliers of which it was taken back that they go on to a round."""
    before = rounds.before(tender, round)
    its = (
        select(Bid.organisation_id)
        .join(Choice, col(Choice.bid_id) == Bid.id)
        .where(
            Choice.tender_id == tender.id,
            Choice.round == before,
            col(Choice.goes_on).is_(False),
            visible_to(CLOCK, Choice),
        )
    )
    return set(ctx.session.exec(its)) if before else ()


def own_choices(ctx: Context, tender: Tender) -> Mapping[str, Choice]:
    """What the reader's own organisation was told, by round."""
    its = (
        select(Choice)
        .join(Bid, col(Bid.id) == Choice.bid_id)
        .where(
            Choice.tender_id == tender.id,
            Bid.organisation_id == ctx.actor.organisation_id,
            visible_to(ctx.actor, Choice),
        )
    )
    return {one.round: one for one in ctx.session.exec(its)}


def own_out(ctx: Context) -> Any:
    """The tenders and rounds from which the reader's own organisation does not go on, to join."""
    its: Any = select(Choice.tender_id, Choice.round)
    return (
        its.join(Bid, col(Bid.id) == Choice.bid_id)
        .where(
            Bid.organisation_id == ctx.actor.organisation_id,
            col(Choice.goes_on).is_(False),
            visible_to(ctx.actor, Choice),
        )
        .subquery()
    )
