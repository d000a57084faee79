"""What evaluations, awards and contracts wait for the reader to do."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, func, literal, or_, union_all
from sqlmodel import col, select

from auth.actor import Role
from marketplace.awards.models import Award, AwardStage, Consent
from marketplace.awards.queries import something_is_undecided
from marketplace.contracts.breach_queries import withdrawn
from marketplace.contracts.models import (
    CallOff,
    CallOffStage,
    Contract,
    ContractNotice,
    ContractParty,
    ContractStage,
)
from marketplace.contracts.queries import BINDING
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.evaluation import waiting_queries as evaluations
from marketplace.policy import visible_to
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party, PartyStage, Stage, Tender
from marketplace.verbs import Verb

MOST = 100
EXTENSION = "extension-"  # begins the key of a reminder to decide on one


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to do: which sort, of what, and where it belongs."""

    what: str  # agree, decide, sign, approve, due, and what `evaluations` says of a seat
    id: UUID
    of_id: UUID  # the tender or the contract
    title: str
    since: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)  # of what is due: what, and by when


def statement(ctx: Context) -> Any:
    """What asks for what there is to do on panels, for whoever has a seat; for awards to agree to
    and call-offs to approve, for approvers; for outcomes that are late, contracts to sign, and what
    is due of them, for authors. It can be asked together with others: its columns are those of
    `read`.
    """
    roles, each = ctx.actor.roles, [evaluations.statement(ctx)]
    if Role.APPROVER in roles:
        each += [_to_agree(ctx), _to_approve(ctx)]
    if Role.AUTHOR in roles:
        each += [_undecided(ctx), _to_sign(ctx), _due(ctx)]
    return select(union_all(*each).limit(MOST).subquery())


def read(ctx: Context, rows: Iterable[Any]) -> list[Waiting]:
    """What waits, by the rows of `statement`; who has waited longest comes first."""
    ours = str(ctx.actor.organisation_id)
    found = [
        Waiting(what, id, of_id, title, since, json.loads(more) if what == "due" else {})
        for what, id, of_id, title, since, more in rows
        if what != "agree" or ours in more
    ]
    return sorted(found, key=lambda one: (one.since, str(one.id)))


def _columns(what: str, *columns: Any, more: Any = None) -> list[Any]:
    return [literal(what), *columns, literal("") if more is None else cast(more, String)]


def _to_agree(ctx: Context) -> Any:
    """The recommended awards of which the authority has not said anything."""
    said = select(Consent.id).where(Consent.award_id == Award.id, Consent.party_id == Party.id)
    title = func.coalesce(Lot.title, Tender.public_title)
    columns: list[Any] = [Award.id, Award.tender_id, title, Award.created_at]
    rows: Any = select(*_columns("agree", *columns, more=Award.parties))
    return (
        rows.join(Tender, col(Tender.id) == Award.tender_id)
        .join(Party, col(Party.tender_id) == Tender.id)
        .outerjoin(Lot, col(Lot.id) == Award.lot_id)
        .where(
            Award.stage == AwardStage.RECOMMENDED,
            Party.organisation_id == ctx.actor.organisation_id,
            Party.stage == PartyStage.ACCEPTED,
            ~said.correlate(Award, Party).exists(),
            visible_to(ctx.actor, Award),
        )
    )


def _to_approve(ctx: Context) -> Any:
    columns: list[Any] = [CallOff.id, CallOff.contract_id, CallOff.title, CallOff.created_at]
    rows: Any = select(*_columns("approve", *columns))
    return rows.where(
        CallOff.organisation_id == ctx.actor.organisation_id,
        CallOff.stage == CallOffStage.PROPOSED,
        visible_to(ctx.actor, CallOff),
    )


def _undecided(ctx: Context) -> Any:
    """The tenders that the authority leads, closed longer ago than a decision should take."""
    late = ctx.now - timedelta(days=ctx.settings.outcome_days)
    columns: list[Any] = [Tender.id, Tender.id, Tender.public_title, Tender.closes_at]
    rows: Any = select(*_columns("decide", *columns))
    return rows.where(
        Tender.organisation_id == ctx.actor.organisation_id,
        Tender.stage == Stage.OPEN,
        col(Tender.closes_at) <= late,
        something_is_undecided(),
        visible_to(ctx.actor, Tender),
    )


def _to_sign(ctx: Context) -> Any:
    columns: list[Any] = [Contract.id, Contract.id, Contract.title, Contract.created_at]
    rows: Any = select(*_columns("sign", *columns))
    return (
        rows.join(ContractParty, col(ContractParty.contract_id) == Contract.id)
        .outerjoin(Award, col(Award.id) == Contract.award_id)
        .where(
            Contract.stage == ContractStage.PREPARED,
            ContractParty.organisation_id == ctx.actor.organisation_id,
            col(ContractParty.signed_on).is_(None),
            func.coalesce(cast(Award.stage, String), "") != AwardStage.SET_ASIDE.value,
            visible_to(ctx.actor, Contract),
        )
    )


def _due(ctx: Context) -> Any:
    """What the clock reminded of and nobody has done since: notices, and extensions to decide."""
    key = col(Event.facts)["key"].as_string()
    done = select(ContractNotice.id).where(
        ContractNotice.contract_id == Contract.id, ContractNotice.key == key
    )
    extension = key.startswith(EXTENSION)
    undecided = and_(col(Contract.stage) == ContractStage.SIGNED, col(Contract.extended).is_(None))
    columns: list[Any] = [Event.id, Contract.id, Contract.title, Event.created_at]
    rows: Any = select(*_columns("due", *columns, more=Event.facts))
    return rows.join(Contract, col(Contract.id) == Event.about_id).where(
        Event.verb == Verb.CONTRACT_REMIND,
        Contract.organisation_id == ctx.actor.organisation_id,
        col(Contract.stage).in_(BINDING),
        ~done.correlate(Contract, Event).exists(),
        ~withdrawn(key).correlate(Contract, Event).exists(),
        or_(~extension, undecided),
        visible_to(ctx.actor, Contract),
    )
