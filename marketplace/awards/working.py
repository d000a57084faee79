"""What the pages of one award have in common."""

from uuid import UUID

from marketplace.awards import queries
from marketplace.awards.models import Award
from marketplace.core.context import Context
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender


def found_of(ctx: Context, id: UUID, award_id: UUID) -> tuple[Tender, Award]:
    """A tender and an award of it, for those who work on them."""
    tender = tenders.working(ctx, id)
    award = queries.one(ctx, tender, award_id)
    award.tender = tender
    return tender, award
