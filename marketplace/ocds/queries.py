"""What open data about a tender is made from, read as whoever asks may see it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


def organisations(ctx: Context, ids: Iterable[str]) -> Mapping[str, Organisation]:
    """The organisations of a tender, by id."""
    its = select(Organisation).where(
        col(Organisation.id).in_([UUID(id) for id in ids]), visible_to(ctx.actor, Organisation)
    )
    return {str(one.id): one for one in ctx.session.exec(its)}


def cancelled_at(ctx: Context, tender: Tender) -> datetime:
    """When a tender was cancelled."""
    step = select(Event.created_at).where(
        Event.about_id == tender.id,
        Event.verb == Verb.TENDER_CANCEL,
        visible_to(ctx.actor, Event),
    )
    return ctx.session.exec(step).first() or ctx.now
