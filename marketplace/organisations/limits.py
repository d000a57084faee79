"""An approver's limit: the highest value, VAT included, that they may approve for their
organisation.
"""

from decimal import Decimal

from marketplace.core.context import Context
from marketplace.core.errors import Forbidden
from marketplace.core.money import pounds
from marketplace.organisations import queries


def within_limit(ctx: Context, value: Decimal, what: str) -> None:
    """Refuses what is above the reader's limit, and says who can approve it instead."""
    limit = queries.limit(ctx)
    if limit is None or value <= limit:
        return
    others = queries.approvers(ctx, value)
    instead = (
        f"{' or '.join(others)} can approve it instead."
        if others
        else f"Nobody at {ctx.actor.organisation_name} has a limit that is high enough; its "
        "administrators can raise one."
    )
    raise Forbidden(
        f"You may approve up to {pounds(limit)}, and {what} is {pounds(value)} with VAT. {instead}"
    )
