"""An award is what is decided of one lot of a tender, or of a tender that has none: which bid wins,
who agreed, who was told of it and when, and what became of it.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Relationship, UniqueConstraint

from marketplace.bids.models import Bid
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.times import in_london
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.law import Binding, Contract, Route, Standstill
from marketplace.law.awarding import Disregarded, Unawarded
from marketplace.law.standstill import standstill
from marketplace.organisations.models import Organisation
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party, Stage, Tender
from marketplace.verbs import Verb


class AwardStage(StrEnum):
    RECOMMENDED = "recommended"  # its authorities agree, or part from it; summaries are written
    INFORMED = "informed"  # every assessed supplier has its summary
    NOTICED = "noticed"  # the award notice is out; a standstill runs, ran, or was not asked for
    CONFIRMED = "confirmed"  # contracts can be signed
    SET_ASIDE = "set-aside"  # it fell through; the next can follow
    ENDED = "ended"  # nothing is awarded

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    AwardStage.RECOMMENDED: "Recommended",
    AwardStage.INFORMED: "Suppliers told",
    AwardStage.NOTICED: "Award notice published",
    AwardStage.CONFIRMED: "Awarded",
    AwardStage.SET_ASIDE: "Set aside",
    AwardStage.ENDED: "Not awarded",
}
LIVE = (
    AwardStage.RECOMMENDED,
    AwardStage.INFORMED,
    AwardStage.NOTICED,
    AwardStage.CONFIRMED,
    AwardStage.ENDED,
)


def bids_not_open(award: "Award", at: datetime) -> Refusal:
    if award.lot and award.lot.ended:
        return "This lot has ended, so nothing is decided of it any more."
    if award.tender.standing(at) is Stage.CLOSED:
        return None
    return "Nothing can be decided before the deadline for bids, or once the tender is cancelled."


def not_agreed(award: "Award", at: datetime) -> Refusal:
    if award.agreed:
        return None
    return "Every authority of the lot has to approve the award, or part from it, first."


def still_standing(award: "Award", at: datetime) -> Refusal:
    """Why no contract of this award can be signed on that day: the law's standstill, and a claim
    before a court that stops it.
    """
    if award.stopped:
        return (
            "Proceedings that were begun during the standstill stop the signature until a court "
            "allows it or they end (section 101 of the Procurement Act 2023)."
        )
    if award.notice_on is None and not award.route.is_below_threshold:
        return "The award notice has to be published first, and its number recorded."
    return award.standstill.refusal(in_london(at).date())


class Award(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.AWARD_RECOMMEND,
            AwardStage.RECOMMENDED,
            AwardStage.RECOMMENDED,
            unless=bids_not_open,
        ),
        *(
            Transition(verb, AwardStage.RECOMMENDED, AwardStage.RECOMMENDED)
            for verb in (Verb.AWARD_APPROVE, Verb.AWARD_PART)
        ),
        Transition(
            Verb.AWARD_INFORM, AwardStage.RECOMMENDED, AwardStage.INFORMED, unless=not_agreed
        ),
        Transition(Verb.AWARD_CITE, AwardStage.INFORMED, AwardStage.NOTICED),
        Transition(Verb.AWARD_CITE, AwardStage.ENDED, AwardStage.ENDED),
        Transition(  # below the threshold no award notice is asked for
            Verb.AWARD_CONFIRM,
            (AwardStage.INFORMED, AwardStage.NOTICED),
            AwardStage.CONFIRMED,
            unless=still_standing,
        ),
        Transition(
            Verb.AWARD_SET_ASIDE,
            (
                AwardStage.RECOMMENDED,
                AwardStage.INFORMED,
                AwardStage.NOTICED,
                AwardStage.CONFIRMED,
            ),
            AwardStage.SET_ASIDE,
        ),
        Transition(Verb.AWARD_END, AwardStage.RECOMMENDED, AwardStage.ENDED, unless=bids_not_open),
    )
    __table_args__ = (
        # Two leads at once: of one lot there is one award of each number.
        UniqueConstraint("of_id", "number"),
    )

    of_id: UUID  # the lot or, of a tender without lots, the tender
    number: int  # 1 is the first that was recommended of the lot
    stage: AwardStage = Field(default=AwardStage.RECOMMENDED, sa_type=choice(AwardStage))
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what is agreed to
    digest: str = ""  # of the content
    parties: list[str] = Field(default_factory=list, sa_type=JSON)  # the lot's, by organisation
    agreed: bool = False  # every party has approved or parted; kept with the consents
    value: Decimal | None = Field(default=None, sa_type=Amount)  # pounds, without VAT
    gross: Decimal | None = Field(default=None, sa_type=Amount)  # with it
    passed_over: Disregarded | None = Field(default=None, sa_type=choice(Disregarded))
    unawarded: Unawarded | None = Field(default=None, sa_type=choice(Unawarded))
    because: str = ""  # why another one than the first; why nothing; why it was set aside
    withdrew: bool = False  # set aside, because the supplier withdrew
    decided_on: date | None = None
    informed_at: datetime | None = Field(default=None, sa_type=Moment)
    notice_number: str = ""  # of Find a Tender
    notice_on: date | None = None
    offered: bool = False  # the notice states a standstill that the Act does not ask for
    buyers: list[str] = Field(default_factory=list, sa_type=JSON)  # names of who approved it
    stopped: bool = False  # by proceedings; kept with them
    # How the tender was run, for the standstill.
    route: Route = Field(default=Route.OPEN, sa_type=choice(Route))
    contract: Contract = Field(default=Contract.GOODS_SERVICES, sa_type=choice(Contract))
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id")
    lot: Lot | None = Relationship()
    bid_id: UUID | None = Field(default=None, foreign_key="bid.id")
    bid: Bid | None = Relationship()
    supplier_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    supplier: Organisation | None = Relationship()

    @property
    def called(self) -> str:
        """The lot, or the tender where there is none."""
        return self.lot.title if self.lot else self.tender.called

    @property
    def part(self) -> str:
        """What it is an award of, in a sentence that names the tender besides."""
        return self.lot.title if self.lot else "the tender"

    @property
    def standstill(self) -> Standstill:
        return standstill(self.route, self.contract, published=self.notice_on, offered=self.offered)

    @property
    def is_live(self) -> bool:
        return self.stage is not AwardStage.SET_ASIDE

    @property
    def voluntary(self) -> bool:
        """Whether the notice may state a standstill that the Act does not ask for."""
        return self.standstill.binding is Binding.VOLUNTARY

    def standing(self, at: datetime) -> str:
        """The stage in words, as the clock has it."""
        if self.stage is not AwardStage.NOTICED:
            return self.stage.label
        if self.stopped:
            return "Stopped by proceedings"
        ends = self.standstill.ends
        if ends and in_london(at).date() <= ends:
            return "In standstill"
        return self.stage.label


class Consent(Table, table=True):
    """What a party says of an award: it approves exactly this content, or parts from it."""

    __table_args__ = (UniqueConstraint("award_id", "party_id"),)

    given: bool  # otherwise it parted from the award
    because: str = ""
    digest: str  # of the content that it read
    said_at: datetime = Field(sa_type=Moment)
    person_name: str
    party_id: UUID = Field(foreign_key="party.id", index=True)
    party: Party = Relationship()
    award_id: UUID = Field(foreign_key="award.id", index=True)
    award: Award = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class SummaryStage(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"
    SENT = "sent"

    @property
    def label(self) -> str:
        return {"draft": "To be checked"}.get(self.value, self.value.capitalize())


class Summary(Table, table=True):
    """The assessment summary of one bid: its own scores and reasons and, if it did not win, the
    winner's. Never those of another.
    """

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.SUMMARY_EDIT, SummaryStage.DRAFT, SummaryStage.DRAFT),
        Transition(Verb.SUMMARY_EDIT, SummaryStage.CHECKED, SummaryStage.DRAFT),
        Transition(Verb.SUMMARY_CHECK, SummaryStage.DRAFT, SummaryStage.CHECKED),
    )
    __table_args__ = (UniqueConstraint("award_id", "bid_id"),)

    stage: SummaryStage = Field(default=SummaryStage.DRAFT, sa_type=choice(SummaryStage))
    wins: bool
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    checked_by: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    award_id: UUID = Field(foreign_key="award.id", index=True)
    award: Award = Relationship()
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    bid: Bid = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)  # the bidder
    organisation: Organisation = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()


class ProceedingsStage(StrEnum):
    RUNNING = "running"
    OVER = "over"


def not_noticed(proceedings: "Proceedings", at: datetime) -> Refusal:
    if proceedings.award.stage in (AwardStage.NOTICED, AwardStage.CONFIRMED):
        return None
    return "Proceedings are recorded once the award notice is published."


class Proceedings(Table, table=True):
    """A claim about an award before a court. Begun during the standstill, it stops the signature:
    section 101.
    """

    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.PROCEEDINGS_RECORD,
            ProceedingsStage.RUNNING,
            ProceedingsStage.RUNNING,
            unless=not_noticed,
        ),
        Transition(Verb.PROCEEDINGS_END, ProceedingsStage.RUNNING, ProceedingsStage.OVER),
    )

    stage: ProceedingsStage = Field(
        default=ProceedingsStage.RUNNING, sa_type=choice(ProceedingsStage)
    )
    reference: str  # the court's
    what: str
    told_on: date
    stops: bool  # the authority was told of it while the standstill ran
    outcome: str = ""  # why the signature may go on
    ended_on: date | None = None
    award_id: UUID = Field(foreign_key="award.id", index=True)
    award: Award = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
