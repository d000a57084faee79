"""A tender is one procurement that authorities prepare together, approve part by part and publish.

A single authority's tender is a joint tender with one party.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.challenges.models import Challenge
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.files import FileRow
from marketplace.core.labels import Labelled
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.law.points import SCALE, PriceFormula, TieRule
from marketplace.law.routes import Contract, Route
from marketplace.organisations.models import Organisation, Person
from marketplace.reference.areas import Area
from marketplace.standards.models import Obligation, StandardVersion
from marketplace.verbs import Verb

LONGEST_TITLE = 120  # characters


class Stage(StrEnum):
    DRAFT = "draft"
    OPEN = "open"  # published, and its deadline ahead
    CLOSED = "closed"  # only the clock says so; see Tender.standing
    WITHDRAWN = "withdrawn"  # before it was published
    CANCELLED = "cancelled"  # after

    @property
    def label(self) -> str:
        return "Being prepared" if self is Stage.DRAFT else self.value.capitalize()


class Part(Labelled):
    """What is approved by itself: a version of each, and an approval of each by every party."""

    SPECIFICATION = "specification", "Specification"
    LOTS = "lots", "Lots"
    CRITERIA = "criteria", "Criteria"
    TERMS = "terms", "Terms and dates"
    VALUE = "value", "Value and share"
    ANNEX = "annex", "Own annex"


def deadline_over(tender: "Tender", at: datetime) -> Refusal:
    if tender.closes_at and at >= tender.closes_at:
        return "The deadline of this tender has passed, so it cannot be changed any more."
    return None


_WORK = (
    Verb.TENDER_EDIT,
    Verb.TENDER_STAGE,
    Verb.TENDER_WEIGH,
    Verb.TENDER_DEMAND,
    Verb.TENDER_RECORD,
    Verb.TENDER_ATTACH,
    Verb.TENDER_DETACH,
)


class Tender(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.TENDER_DRAFT, Stage.DRAFT, Stage.DRAFT),
        *(Transition(verb, Stage.DRAFT, Stage.DRAFT) for verb in _WORK),
        *(Transition(verb, Stage.OPEN, Stage.OPEN, unless=deadline_over) for verb in _WORK),
        *(Transition(Verb.TENDER_HAND_OVER, stage, stage) for stage in (Stage.DRAFT, Stage.OPEN)),
        Transition(Verb.TENDER_REMIND, Stage.OPEN, Stage.OPEN),
        Transition(Verb.TENDER_PUBLISH, Stage.DRAFT, Stage.OPEN),
        Transition(Verb.TENDER_AMEND, Stage.OPEN, Stage.OPEN, unless=deadline_over),
        *(
            Transition(Verb.TENDER_CITE, stage, stage)
            for stage in (Stage.DRAFT, Stage.OPEN, Stage.CANCELLED)
        ),
        Transition(Verb.TENDER_WITHDRAW, Stage.DRAFT, Stage.WITHDRAWN),
        Transition(Verb.TENDER_CANCEL, Stage.OPEN, Stage.CANCELLED),
        *(
            Transition(Verb.TENDER_SEPARATE, stage, stage)
            for stage in (Stage.WITHDRAWN, Stage.CANCELLED)
        ),
    )
    __table_args__ = (Index("ix_tender_published", "published_at", "id"),)

    # The specification
    title: str = ""
    summary: str = ""
    scope: str = ""
    functional: str = ""
    technical: str = ""
    area: Area | None = Field(default=None, sa_type=choice(Area))
    cpv: list[str] = Field(default_factory=list, sa_type=JSON)
    attributes: list[str] = Field(default_factory=list, sa_type=JSON)  # they decide on standards
    # The lots
    no_lots_because: str = ""
    most_lots: int | None = None  # that one supplier can win
    # The criteria
    price_model: str = ""
    day_roles: list[str] = Field(default_factory=list, sa_type=JSON)  # of which bids price a day
    scoring: str = ""
    scale: list[str] = Field(default_factory=lambda: list(SCALE), sa_type=JSON)
    price_formula: PriceFormula = Field(default=PriceFormula.LOWEST, sa_type=choice(PriceFormula))
    prices_sealed: bool = True  # to the panel, until quality is locked
    ties: TieRule = Field(default=TieRule.QUALITY, sa_type=choice(TieRule))
    # Terms and dates
    conditions: str = ""
    terms: str = ""
    submission: str = ""  # the address or system that bids go to
    contact: str = ""
    route: Route | None = Field(default=None, sa_type=choice(Route))
    contract: Contract | None = Field(default=None, sa_type=choice(Contract))
    urgent: bool = False
    market: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what `Engaging` asks
    planned_notice_on: date | None = None
    rounds: list[Any] = Field(default_factory=list, sa_type=JSON)  # see `tenders.rounds`
    publish_on: date | None = None
    questions_until: datetime | None = Field(default=None, sa_type=Moment)
    deadline: datetime | None = Field(default=None, sa_type=Moment)
    award_on: date | None = None  # when its authorities expect to decide
    starts_on: date | None = None
    ends_on: date | None = None
    extensions: str = ""
    options: str = ""
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # a draft, as typed so far

    # By the notice's code, such as "UK4": its number on Find a Tender, and the day it was published
    notices: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    stage: Stage = Field(default=Stage.DRAFT, sa_type=choice(Stage))
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str = ""  # why it was withdrawn or cancelled
    # As last published. What is being changed for an amendment counts only once that is published.
    public_title: str = ""
    public_summary: str = ""
    asking_ends_at: datetime | None = Field(default=None, sa_type=Moment)
    closes_at: datetime | None = Field(default=None, sa_type=Moment)
    public_rounds: list[Any] = Field(default_factory=list, sa_type=JSON)
    # The accepted parties' organisations, for policy, which asks no database. Kept by `seat`.
    partners: list[str] = Field(default_factory=list, sa_type=JSON)

    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)  # the lead, always one
    organisation: Organisation = Relationship()
    challenge_id: UUID | None = Field(default=None, foreign_key="challenge.id", index=True)
    challenge: Challenge | None = Relationship()
    copied_from_id: UUID | None = Field(default=None, foreign_key="tender.id")
    continues_id: UUID | None = Field(default=None, foreign_key="tender.id", index=True)

    @property
    def called(self) -> str:
        """Its title as published, or what stands for it before."""
        typed = str(self.typed.get("title", ""))[:LONGEST_TITLE]
        known = self.public_title or self.title or typed
        return " ".join(known.split()) or "Untitled tender"

    @property
    def ended(self) -> bool:
        """Whether nothing comes of it, so that another, which continues it, takes its place."""
        return self.stage in (Stage.WITHDRAWN, Stage.CANCELLED)

    @property
    def reference(self) -> str:
        """What people quote, such as "T-3F9A2C"."""
        return f"T-{self.id.hex[:6].upper()}"

    @property
    def tender_id(self) -> UUID:
        """Its own id, by the name that what belongs to it has."""
        return self.id

    def standing(self, at: datetime) -> Stage:
        """The stage as the clock has it: closed from the moment of the deadline."""
        over = self.stage == Stage.OPEN and self.closes_at is not None and at >= self.closes_at
        return Stage.CLOSED if over else self.stage


class PartyStage(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    REVOKED = "revoked"  # the lead took the invitation back

    @property
    def label(self) -> str:
        return {"left": "Withdrawn", "revoked": "Invitation taken back"}.get(
            self.value, self.value.capitalize()
        )


def tender_published(party: "Party", at: datetime) -> Refusal:
    if party.tender.stage is Stage.DRAFT:
        return None
    if party.tender.stage is Stage.OPEN:
        return (
            "This tender has been published, so no authority can join it: that would be a "
            "substantial change to what was published (section 31 of the Procurement Act 2023). "
            "Its authorities can cancel it and start a new tender with everybody in it."
        )
    return "This tender has ended, so nobody can join it."


def tender_over(party: "Party", at: datetime) -> Refusal:
    if party.tender.standing(at) in (Stage.DRAFT, Stage.OPEN):
        return None
    return "This tender has ended or its deadline has passed, so its authorities stay as they are."


_OUTSIDE = tuple(stage for stage in PartyStage if stage is not PartyStage.ACCEPTED)


class Party(Table, table=True):
    """An authority in a tender: that it is asked, what it answers and what it brings with it."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.PARTY_INVITE, _OUTSIDE, PartyStage.INVITED, unless=tender_published),
        Transition(
            Verb.PARTY_ACCEPT, PartyStage.INVITED, PartyStage.ACCEPTED, unless=tender_published
        ),
        Transition(Verb.PARTY_DECLINE, PartyStage.INVITED, PartyStage.DECLINED),
        Transition(Verb.PARTY_REVOKE, PartyStage.INVITED, PartyStage.REVOKED),
        Transition(
            Verb.PARTY_DESCRIBE, PartyStage.ACCEPTED, PartyStage.ACCEPTED, unless=tender_over
        ),
        Transition(Verb.PARTY_LEAVE, PartyStage.ACCEPTED, PartyStage.LEFT, unless=tender_over),
    )
    __table_args__ = (UniqueConstraint("tender_id", "organisation_id"),)

    stage: PartyStage = Field(default=PartyStage.INVITED, sa_type=choice(PartyStage))
    because: str = ""  # why it declined or left
    approver_id: UUID | None = Field(default=None, foreign_key="person.id")
    approver: Person | None = Relationship()
    volume: int | None = None
    unit: str = ""
    value: Decimal | None = Field(default=None, sa_type=Amount)  # the most, pounds, VAT included
    cap: Decimal | None = Field(default=None, sa_type=Amount)  # what it decided to spend at most
    decision: str = ""  # the reference of that decision
    decided_on: date | None = None
    contract_route: str = ""  # how it will contract: itself, through the lead
    own_terms: str = ""
    own_requirements: str = ""
    own_criteria: str = ""
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class CriterionKind(StrEnum):
    QUALITY = "quality"
    PRICE = "price"
    SOCIAL_VALUE = "social-value"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class Criterion(Table, table=True):
    """What bids are judged by, and the question that shows it."""

    position: int
    title: str
    kind: CriterionKind = Field(default=CriterionKind.QUALITY, sa_type=choice(CriterionKind))
    weight: Decimal = Field(default=Decimal(0), sa_type=Amount)  # of 100, exact to the hundredth
    minimum: int | None = None  # the lowest score out of 10 that a bid can have and win
    question: str = ""
    guidance: str = ""
    words: int | None = None  # that an answer may have
    # The authority that it is local to: it alone scores it, and it counts for that part alone.
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()


class Demand(Table, table=True):
    """Whether a tender asks for a standard that applies to it; "comply or explain"."""

    __table_args__ = (UniqueConstraint("tender_id", "version_id"),)

    obligation: Obligation = Field(sa_type=choice(Obligation))
    included: bool
    because: str = ""  # why it is left out
    clause: str = ""  # the words in the tender
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    version_id: UUID = Field(foreign_key="standardversion.id", index=True)
    version: StandardVersion = Relationship()


class TenderDocument(FileRow, table=True):
    """A file that belongs to a tender; everybody sees it once the tender is published with it."""

    published_at: datetime | None = Field(default=None, sa_type=Moment)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()


class TenderCheck(Table, table=True):
    """That a duty of the law's checklist was met, and how, by the tender or by one party."""

    __table_args__ = (UniqueConstraint("of_id", "key"),)

    key: str
    of_id: UUID  # the tender or, where each authority has to do it, the party
    note: str
    by: str
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class PartVersion(Table, table=True):
    """One version of a part, as it was saved; it never changes."""

    __table_args__ = (UniqueConstraint("of_id", "part", "number"),)

    part: Part = Field(sa_type=choice(Part))
    number: int
    of_id: UUID  # the tender or, of an annex, the party
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    person_name: str
    organisation_name: str
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class Approval(Table, table=True):
    """What a party said last of a part: it approves a version, or asks for a change to it.

    It stands while `digest` is that of the content which concerns the party.
    """

    __table_args__ = (UniqueConstraint("party_id", "part"),)

    part: Part = Field(sa_type=choice(Part))
    given: bool  # otherwise a change was asked for
    message: str = ""
    digest: str
    said_at: datetime = Field(sa_type=Moment)
    person_name: str
    version_id: UUID = Field(foreign_key="partversion.id")
    version: PartVersion = Relationship()
    party_id: UUID = Field(foreign_key="party.id", index=True)
    party: Party = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()


class CommentStage(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class Comment(Table, table=True):
    """What somebody says about a part, to everybody who prepares the tender."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.COMMENT_ADD, CommentStage.OPEN, CommentStage.OPEN),
        Transition(Verb.COMMENT_RESOLVE, CommentStage.OPEN, CommentStage.RESOLVED),
    )

    part: Part = Field(sa_type=choice(Part))
    text: str
    stage: CommentStage = Field(default=CommentStage.OPEN, sa_type=choice(CommentStage))
    mentions: list[str] = Field(default_factory=list, sa_type=JSON)  # ids of people
    person_name: str
    person_id: UUID = Field(foreign_key="person.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()


class Publication(Table, table=True):
    """What everybody sees: the tender as it was published, and each amendment of it."""

    __table_args__ = (UniqueConstraint("tender_id", "number"),)

    number: int  # 1 is the tender as first published
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # by part
    changes: list[Any] = Field(default_factory=list, sa_type=JSON)  # against the one before
    reason: str = ""
    material: bool = False
    not_extended_because: str = ""
    deadline: datetime = Field(sa_type=Moment)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
