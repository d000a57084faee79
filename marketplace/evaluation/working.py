"""What the pages of an evaluation have in common."""

from typing import Any
from uuid import UUID

from auth.actor import Kind
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.evaluation import queries
from marketplace.evaluation.models import Evaluation, Seat, SeatStage
from marketplace.tenders.models import Tender
from marketplace.tenders.working import frame as of_tender


def frame(ctx: Context, evaluation: Evaluation, title: str = "") -> dict[str, Any]:
    """What every page shows above its own part. An outside expert sees no more of the tender than
    everybody.
    """
    tender = evaluation.tender
    return {
        **of_tender(ctx, tender, "evaluation"),
        "evaluation": evaluation,
        "inside": works_on(ctx, tender),
        "title": title or tender.called,
    }


def works_on(ctx: Context, tender: Tender) -> bool:
    """Whether the reader acts for one of its authorities, or for LOTI."""
    who = ctx.actor
    return who.kind is Kind.LOTI or str(who.organisation_id) in tender.partners


def panel(ctx: Context, id: UUID) -> tuple[Evaluation, Seat]:
    """The evaluation, for whoever sits; for everybody else there is no such page."""
    evaluation, seat = queries.of(ctx, id)
    if seat is None or seat.stage is not SeatStage.SITTING or ctx.actor.seen_through:
        raise NotFound("There is no such page.")
    seat.evaluation = evaluation
    return evaluation, seat
