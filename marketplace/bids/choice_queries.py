"""Who goes on from a stage, as far as the reader may know it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.bids.boxes import Box
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


def own_out(ctx: Context, boxes: Sequence[Box]) -> Collection[tuple[UUID, str | None]]:
    """The tenders and rounds of these from which the reader's own organisation does not go on."""
    staged = {box.bid.tender_id for box in boxes if box.bid.round}
    its = (
        select(Choice.tender_id, Choice.round)
        .join(Bid, col(Bid.id) == Choice.bid_id)
        .where(
            col(Choice.tender_id).in_(staged),
            Bid.organisation_id == ctx.actor.organisation_id,
            col(Choice.goes_on).is_(False),
            visible_to(ctx.actor, Choice),
        )
    )
    return set(ctx.session.exec(its)) if staged else ()
