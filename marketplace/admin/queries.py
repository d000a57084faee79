"""What LOTI sees of how the service runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from marketplace.core import outbox
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.policy import visible_to


@dataclass(frozen=True, slots=True)
class Waiting:
    """The news that listeners have yet to hear, without what was set aside."""

    number: int
    since: datetime | None  # when the oldest of it happened
    failing: int  # of them, tried before and to be tried again


def waiting(ctx: Context) -> Waiting:
    owed = select(
        func.count(), func.min(Delivery.event_at), func.count().filter(col(Delivery.attempts) > 0)
    ).where(
        col(Delivery.done_at).is_(None),
        col(Delivery.set_aside_at).is_(None),
        visible_to(ctx.actor, Delivery),
    )
    return Waiting(*ctx.session.exec(owed).one())


def set_aside(ctx: Context) -> Sequence[tuple[Delivery, Event]]:
    return outbox.set_aside(ctx.session)


def one(ctx: Context, id: UUID) -> Delivery:
    seen = select(Delivery).where(Delivery.id == id, visible_to(ctx.actor, Delivery))
    if delivery := ctx.session.exec(seen).one_or_none():
        return delivery
    raise NotFound("There is no such delivery.")
