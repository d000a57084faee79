"""What open data about a tender is made from, read as whoever asks may see it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.awards.models import Award
from marketplace.contracts import queries as contract_queries
from marketplace.contracts.models import CallOff, Contract, ContractChange
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.ocds.awarding import Outcome, Steps
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

_AWARDED: Any = Award
PUBLISHED = (
    Verb.AWARD_CITE,
    Verb.AWARD_CONFIRM,
    Verb.AWARD_SET_ASIDE,
    Verb.AWARD_END,
    Verb.CONTRACT_SIGN,
    Verb.CONTRACT_END,
    Verb.CALLOFF_CANCEL,
)


def organisations(ctx: Context, ids: Iterable[str]) -> Mapping[str, Organisation]:
    """The organisations of a tender, by id."""
    its = select(Organisation).where(
        col(Organisation.id).in_([UUID(id) for id in ids]), visible_to(ctx.actor, Organisation)
    )
    return {str(one.id): one for one in ctx.session.exec(its)}


def outcome(ctx: Context, tender: Tender) -> Outcome:
    """What came of a tender, as far as it is published: awards of which the notice is out, and
    contracts that are signed.
    """
    its = select(Award).where(Award.tender_id == tender.id, visible_to(ctx.actor, Award))
    found: Any = its.options(joinedload(_AWARDED.supplier), joinedload(_AWARDED.lot))
    awards = list(ctx.session.exec(found.order_by(col(Award.created_at), col(Award.id))))
    for one in awards:
        one.tender = tender
    signed = list(contract_queries.of_tender(ctx, tender.id)) if awards else []
    called = _called_off(ctx, signed) if signed else []
    ids = [one.id for found in (awards, signed, called) for one in found]
    changes: dict[UUID, list[ContractChange]] = {}
    if signed:
        rows = select(ContractChange).where(
            col(ContractChange.contract_id).in_([one.id for one in signed]),
            visible_to(ctx.actor, ContractChange),
        )
        for row in ctx.session.exec(rows.order_by(col(ContractChange.number))):
            changes.setdefault(row.contract_id, []).append(row)
    noticed = _noticed(ctx, signed) if signed else []
    return Outcome(awards, signed, changes, _steps(ctx, ids) if ids else {}, called, noticed)


def _called_off(ctx: Context, signed: Sequence[Contract]) -> Sequence[CallOff]:
    """What was called off, as far as everybody sees it: once it was approved."""
    by_id = {one.id: one for one in signed}
    its = select(CallOff).where(col(CallOff.contract_id).in_(by_id), visible_to(ctx.actor, CallOff))
    whose: Any = CallOff.organisation
    in_time = its.order_by(col(CallOff.created_at), col(CallOff.id)).options(joinedload(whose))
    found = list(ctx.session.exec(in_time))
    for one in found:
        one.contract = by_id[one.contract_id]
    return found


def _noticed(ctx: Context, signed: Sequence[Contract]) -> Sequence[Event]:
    """The steps that recorded a notice of a contract."""
    steps = select(Event).where(
        col(Event.about_id).in_([one.id for one in signed]),
        Event.verb == Verb.CONTRACT_CITE,
        visible_to(ctx.actor, Event),
    )
    return ctx.session.exec(steps.order_by(col(Event.created_at), col(Event.id))).all()


def _steps(ctx: Context, ids: Sequence[UUID]) -> Steps:
    """When each step was taken; the last signature is the one that counts. Of the steps only their
    time is told, which is why the clock may look.
    """
    rows = select(Event.subject_id, Event.verb, Event.created_at).where(
        col(Event.subject_id).in_(ids),
        col(Event.verb).in_(PUBLISHED),
        visible_to(CLOCK, Event),
    )
    return {
        (id, verb): at for id, verb, at in ctx.session.exec(rows.order_by(col(Event.created_at)))
    }


def cancelled_at(ctx: Context, tender: Tender) -> datetime:
    """When a tender was cancelled."""
    step = select(Event.created_at).where(
        Event.about_id == tender.id,
        Event.verb == Verb.TENDER_CANCEL,
        visible_to(ctx.actor, Event),
    )
    return ctx.session.exec(step).first() or ctx.now
