"""A contract is what an authority, or several that all sign, have with a supplier: its parties,
value and dates, what is due of it, what changed, and what is called off under it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.awards.models import Award, AwardStage, still_standing
from marketplace.claims.models import Claim
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.files import FileRow
from marketplace.core.times import day, in_london
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.law import Contract as Kind
from marketplace.law import Ground, Route
from marketplace.law.contracts import no_breach_notice
from marketplace.organisations.models import Organisation
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

PENNY = Decimal("0.01")


class ContractStage(StrEnum):
    PREPARED = "prepared"
    SIGNED = "signed"
    ENDED = "ended"  # before its time
    DROPPED = "dropped"  # never signed

    @property
    def label(self) -> str:
        return {"prepared": "Being prepared", "ended": "Terminated"}.get(
            self.value, self.value.capitalize()
        )


def not_to_be_signed(contract: "Contract", at: datetime) -> Refusal:
    """Why the contract cannot be signed now, whatever day is said."""
    award = contract.award
    if award and award.stage is not AwardStage.CONFIRMED:
        return "The award of this contract is not confirmed, so it cannot be signed."
    if award and (why := still_standing(award, at)):
        return why
    if contract.value is None or contract.starts_on is None or contract.ends_on is None:
        return "Give the contract a value, a first and a last day before it is signed."
    return None


def not_to_be_reported(contract: "Contract", at: datetime) -> Refusal:
    """Why nothing is recorded of a breach of the contract: no notice would tell of it."""
    below = contract.route.is_below_threshold
    return no_breach_notice(contract.kind, below_threshold=below) or None


_TOLD: Mapping[str, str] = {
    ContractStage.PREPARED: "This contract is not signed yet, so it is too early for that.",
    ContractStage.SIGNED: "This contract is signed already. What it says can only be changed for a "
    "reason that the Act knows.",
    ContractStage.ENDED: "This contract has been ended, so it is too late for that.",
    ContractStage.DROPPED: "This contract was never signed and has been dropped, so nothing more "
    "can be done with it.",
}
_SIGNED = (
    Verb.CONTRACT_CITE,
    Verb.CONTRACT_CHANGE,
    Verb.CONTRACT_EXTEND,
    Verb.CONTRACT_REMIND,
)
_STILL_DUE = (Verb.CONTRACT_CITE, Verb.CONTRACT_REMIND)  # after the end, too
_BREACHES = (Verb.CONTRACT_REPORT, Verb.CONTRACT_CORRECT)
_EITHER = (Verb.CONTRACT_ATTACH, Verb.CONTRACT_DETACH, Verb.CONTRACT_RELY)


class Contract(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.CONTRACT_PREPARE, ContractStage.PREPARED, ContractStage.PREPARED),
        Transition(Verb.CONTRACT_EDIT, ContractStage.PREPARED, ContractStage.PREPARED),
        *(
            Transition(verb, stage, stage)
            for verb in _EITHER
            for stage in (ContractStage.PREPARED, ContractStage.SIGNED)
        ),
        # Signed is only what everybody has signed: `actions.sign` says when.
        Transition(
            Verb.CONTRACT_SIGN,
            ContractStage.PREPARED,
            ContractStage.PREPARED,
            unless=not_to_be_signed,
        ),
        *(Transition(verb, ContractStage.SIGNED, ContractStage.SIGNED) for verb in _SIGNED),
        *(Transition(verb, ContractStage.ENDED, ContractStage.ENDED) for verb in _STILL_DUE),
        *(
            Transition(verb, stage, stage, unless=not_to_be_reported)
            for verb in _BREACHES
            for stage in (ContractStage.SIGNED, ContractStage.ENDED)
        ),
        Transition(Verb.CONTRACT_END, ContractStage.PREPARED, ContractStage.DROPPED),
        Transition(Verb.CONTRACT_END, ContractStage.SIGNED, ContractStage.ENDED),
        otherwise=_TOLD,
    )
    __table_args__ = (
        Index("ix_contract_in_time", "created_at", "id"),
        # One for each authority, lot and award; several can only come of a mistake.
        UniqueConstraint("award_id", "organisation_id"),
    )

    title: str
    number: str = ""  # the authority's own
    stage: ContractStage = Field(default=ContractStage.PREPARED, sa_type=choice(ContractStage))
    parties: list[str] = Field(default_factory=list, sa_type=JSON)  # who signs, for policy
    value: Decimal | None = Field(default=None, sa_type=Amount)  # pounds, without VAT
    vat_rate: int = 20  # per cent
    starts_on: date | None = None
    ends_on: date | None = None
    extends_to: date | None = None  # the latest day, with every extension
    decide_by: date | None = None  # by when an extension is decided
    extension: str = ""  # what the contract says of it
    extended: bool | None = None  # what was decided of it
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)  # key performance indicators
    no_indicators_because: str = ""
    route: Route = Field(default=Route.OPEN, sa_type=choice(Route))
    kind: Kind = Field(default=Kind.GOODS_SERVICES, sa_type=choice(Kind))
    framework: bool = False  # others can call off under it
    ceiling: Decimal | None = Field(default=None, sa_type=Amount)  # of all call-offs, without VAT
    signed_on: date | None = None
    supplier_signatory: str = ""
    supplier_position: str = ""
    ended_on: date | None = None
    because: str = ""  # why it ended before its time, or was never signed
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)  # whose it is
    organisation: Organisation = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Contract.organisation_id"}
    )
    supplier_id: UUID = Field(foreign_key="organisation.id", index=True)
    supplier: Organisation = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Contract.supplier_id"}
    )
    award_id: UUID | None = Field(default=None, foreign_key="award.id", index=True)
    award: Award | None = Relationship()
    tender_id: UUID | None = Field(default=None, foreign_key="tender.id", index=True)
    tender: Tender | None = Relationship()
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id")
    lot: Lot | None = Relationship()

    @property
    def reference(self) -> str:
        """What people quote, such as "C-3F9A2C"."""
        return f"C-{self.id.hex[:6].upper()}"

    @property
    def gross(self) -> Decimal | None:
        """The value with VAT, which the Act's limits look at."""
        return None if self.value is None else with_vat(self.value, self.vat_rate)

    def ends(self) -> date | None:
        """The last day, as the clock will have it."""
        return self.ended_on or self.ends_on

    def is_over(self, today: date) -> bool:
        last = self.ends()
        return self.stage is ContractStage.ENDED or (last is not None and last < today)

    def standing(self, at: datetime) -> str:
        """The stage in words, as the clock has it."""
        today = in_london(at).date()
        if self.stage is ContractStage.PREPARED and self.award and not self.award.is_live:
            return "Its award was set aside"
        if self.stage is not ContractStage.SIGNED:
            return self.stage.label
        if self.starts_on and today < self.starts_on:
            return "Signed, not begun"
        return "Ended" if self.is_over(today) else "In force"


def with_vat(value: Decimal, rate: int) -> Decimal:
    return (value * (100 + rate) / 100).quantize(PENNY, ROUND_HALF_UP)


class ContractParty(Table, table=True):
    """An authority that signs a contract, and that it did."""

    __table_args__ = (UniqueConstraint("contract_id", "organisation_id"),)

    signatory: str = ""
    position: str = ""
    signed_on: date | None = None
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class Permitted(Table, table=True):
    """An authority that may call off under a contract, and how much at most."""

    __table_args__ = (UniqueConstraint("contract_id", "organisation_id"),)

    most: Decimal | None = Field(default=None, sa_type=Amount)  # without VAT; none: the ceiling
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class CallOffStage(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"  # after it was approved; it counts no more

    @property
    def label(self) -> str:
        return {"proposed": "Waits for approval"}.get(self.value, self.value.capitalize())


def contract_over(call_off: "CallOff", at: datetime) -> Refusal:
    contract = call_off.contract
    if contract.stage is ContractStage.PREPARED:
        return "This contract is not signed yet, so nobody can call off under it."
    if contract.stage is ContractStage.DROPPED:
        return "This contract was never signed, so nobody can call off under it."
    last = contract.ends()
    if last and in_london(at).date() > last:
        return f"This contract ended on {day(last)}, so nobody can call off under it any more."
    return None


class CallOff(Table, table=True):
    """What an authority buys under a contract that lets it."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.CALLOFF_PROPOSE,
            CallOffStage.PROPOSED,
            CallOffStage.PROPOSED,
            unless=contract_over,
        ),
        Transition(
            Verb.CALLOFF_APPROVE,
            CallOffStage.PROPOSED,
            CallOffStage.APPROVED,
            unless=contract_over,
        ),
        Transition(Verb.CALLOFF_DECLINE, CallOffStage.PROPOSED, CallOffStage.DECLINED),
        Transition(Verb.CALLOFF_CANCEL, CallOffStage.APPROVED, CallOffStage.CANCELLED),
        otherwise={
            CallOffStage.PROPOSED: "This call-off is not approved yet: decline it instead.",
            CallOffStage.APPROVED: "This call-off is approved already. It can only be cancelled.",
            CallOffStage.DECLINED: "This call-off was declined. Propose another one.",
            CallOffStage.CANCELLED: "This call-off was cancelled. Propose another one.",
        },
    )

    stage: CallOffStage = Field(default=CallOffStage.PROPOSED, sa_type=choice(CallOffStage))
    title: str
    value: Decimal = Field(sa_type=Amount)  # pounds, without VAT
    starts_on: date
    ends_on: date
    because: str = ""  # why it was declined or cancelled
    approved_at: datetime | None = Field(default=None, sa_type=Moment)
    approver_name: str = ""
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class ContractChange(Table, table=True):
    """One change of a contract, with the ground that the Act gives for it."""

    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    number: int
    on: date
    ground: Ground = Field(sa_type=choice(Ground))
    what: str
    value_before: Decimal = Field(sa_type=Amount)
    value_after: Decimal = Field(sa_type=Amount)
    ends_before: date
    ends_after: date
    noticed: bool  # whether a contract change notice came before it
    notice_number: str = ""
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()


class ContractNotice(Table, table=True):
    """That something due of a contract was done: its number on Find a Tender, and the day."""

    __table_args__ = (UniqueConstraint("contract_id", "key"),)

    key: str  # of what was due, such as "contract-details"
    code: str = ""  # of the notice, such as "UK7"
    number: str = ""
    on: date
    note: str = ""
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()


class ContractDocument(FileRow, table=True):
    """A file of a contract."""

    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()


class ContractStandard(Table, table=True):
    """A finding of LOTI's that a contract relies on."""

    __table_args__ = (UniqueConstraint("contract_id", "claim_id"),)

    condition: str = ""  # of the authority's own
    revoked_means: str = ""  # what the contract says happens when it holds no more
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    claim: Claim = Relationship()


class MilestoneStage(StrEnum):
    AHEAD = "ahead"
    MET = "met"


class Milestone(Table, table=True):
    """Something that is to be delivered under a contract by a day."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.MILESTONE_ADD, MilestoneStage.AHEAD, MilestoneStage.AHEAD),
        Transition(Verb.MILESTONE_MEET, MilestoneStage.AHEAD, MilestoneStage.MET),
        otherwise={MilestoneStage.MET: "It is recorded already that this milestone was met."},
    )

    stage: MilestoneStage = Field(default=MilestoneStage.AHEAD, sa_type=choice(MilestoneStage))
    title: str
    due_on: date
    met_on: date | None = None
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()

    def standing(self, today: date) -> str:
        if self.met_on:
            return f"Met on {day(self.met_on)}"
        return "Late" if self.due_on < today else "Ahead"


class ReviewStage(StrEnum):
    WRITTEN = "written"
    ANSWERED = "answered"


class Review(Table, table=True):
    """What an authority says of the delivery, for later buyers; its supplier may answer once."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.REVIEW_WRITE, ReviewStage.WRITTEN, ReviewStage.WRITTEN),
        Transition(Verb.REVIEW_ANSWER, ReviewStage.WRITTEN, ReviewStage.ANSWERED),
        otherwise={ReviewStage.ANSWERED: "This review has its answer already."},
    )
    __table_args__ = (UniqueConstraint("contract_id", "organisation_id"),)

    stage: ReviewStage = Field(default=ReviewStage.WRITTEN, sa_type=choice(ReviewStage))
    text: str
    answer: str = ""
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)  # who writes
    organisation: Organisation = Relationship()
