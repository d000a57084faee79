"""What LOTI can do about how the service runs."""

from marketplace.core import outbox
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.outbox import Delivery
from marketplace.perform import perform
from marketplace.verbs import Verb


def retry(ctx: Context, delivery: Delivery) -> None:
    """Has a delivery that was set aside tried again, with all its attempts before it."""
    perform(ctx, Verb.DELIVERY_RETRY, delivery, listener=delivery.listener)
    if not delivery.set_aside_at:
        raise Conflict("This delivery is not set aside: somebody has had it tried again already.")
    outbox.retry(delivery, ctx.now)
