"""A challenge is a problem one authority has; others say "we have this need too", until enough will
buy together.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, text
from sqlmodel import JSON, Field, Index, Relationship, col

from marketplace.core.db import Moment, Table, choice
from marketplace.core.files import FileRow
from marketplace.core.times import in_london
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from marketplace.verbs import Verb


class Stage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # LOTI asked for edits
    OPEN = "open"
    CLOSED = "closed"
    TAKEN = "taken"  # into a tender
    PILOTED = "piloted"
    SHARED = "shared"  # what was learnt
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.capitalize())


_LABELS = {
    Stage.SUBMITTED: "Submitted to LOTI",
    Stage.RETURNED: "Edits requested",
    Stage.TAKEN: "Taken into a tender",
    Stage.SHARED: "Shared learning",
}
LONGEST_TITLE = 120  # characters
UNPUBLISHED = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED})
EDITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
PUBLISHED = tuple(stage for stage in Stage if stage not in UNPUBLISHED)


def closing_day_over(challenge: "Challenge", at: datetime) -> Refusal:
    """A challenge is open to the end of its closing day in London."""
    if challenge.closes_on and in_london(at).date() > challenge.closes_on:
        return "This challenge has closed, so nothing can be added to it."
    return None


def closing_day_not_ahead(challenge: "Challenge", at: datetime) -> Refusal:
    if challenge.closes_on and in_london(at).date() >= challenge.closes_on:
        return "The day it closes must be in the future. Change the dates first."
    return None


class Challenge(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.CHALLENGE_DRAFT, Stage.DRAFT, Stage.DRAFT),
        *(
            Transition(verb, stage, stage)
            for verb in (Verb.CHALLENGE_EDIT, Verb.CHALLENGE_ATTACH, Verb.CHALLENGE_DETACH)
            for stage in (Stage.DRAFT, Stage.RETURNED)
        ),
        Transition(Verb.CHALLENGE_DISCARD, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.CHALLENGE_SUBMIT, EDITABLE, Stage.SUBMITTED, unless=closing_day_not_ahead),
        Transition(Verb.CHALLENGE_RETURN, Stage.SUBMITTED, Stage.RETURNED),
        Transition(
            Verb.CHALLENGE_APPROVE, Stage.SUBMITTED, Stage.OPEN, unless=closing_day_not_ahead
        ),
        Transition(Verb.CHALLENGE_CLOSE, Stage.OPEN, Stage.CLOSED),
        Transition(Verb.CHALLENGE_TAKE, {Stage.OPEN, Stage.CLOSED}, Stage.TAKEN),
        Transition(Verb.CHALLENGE_PILOT, {Stage.OPEN, Stage.CLOSED}, Stage.PILOTED),
        Transition(Verb.CHALLENGE_SHARE, {Stage.OPEN, Stage.CLOSED, Stage.PILOTED}, Stage.SHARED),
        Transition(Verb.CHALLENGE_DROP, {Stage.OPEN, Stage.CLOSED, Stage.PILOTED}, Stage.DROPPED),
        Transition(
            Verb.CHALLENGE_WITHDRAW,
            {Stage.SUBMITTED, Stage.RETURNED, Stage.OPEN, Stage.CLOSED},
            Stage.WITHDRAWN,
        ),
    )
    __table_args__ = (
        Index("ix_challenge_published", "published_at", "id"),
        Index("ix_challenge_stage", "stage", "closes_on"),
        Index("ix_challenge_area", "area", "published_at", "id"),
        Index("ix_challenge_organisation", "organisation_id", "published_at", "id"),
    )

    title: str = ""
    need: str = ""
    affected: str = ""
    outcomes: str = ""
    today: str = ""
    constraints: str = ""
    area: Area | None = Field(default=None, sa_type=choice(Area))
    cpv: list[str] = Field(default_factory=list, sa_type=JSON)
    band: Band | None = Field(default=None, sa_type=choice(Band))
    # What a solution has to handle: `reference.attributes.Attribute`s, keys of standards that are
    # asked for beside those that follow from them, and the systems that it has to work with.
    attributes: list[str] = Field(default_factory=list, sa_type=JSON)
    standards: list[str] = Field(default_factory=list, sa_type=JSON)
    systems: list[str] = Field(default_factory=list, sa_type=JSON)
    closes_on: date | None = None
    starts_on: date | None = None  # the earliest day something should be in use
    contact_role: str = ""
    contact_email: str = ""
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # a draft, as typed so far

    stage: Stage = Field(default=Stage.DRAFT, sa_type=choice(Stage))
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)  # the last time
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    remark: str = ""  # what LOTI asked to change
    remark_about: str = ""  # the section that the remark is about
    outcome: str = ""  # the tender it was taken into, what was learnt, why it was dropped …

    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id", index=True)
    notice: Notice | None = Relationship()

    @property
    def called(self) -> str:
        """Its title, or what stands for it while there is no good one."""
        typed = str(self.typed.get("title", "")).strip()[:LONGEST_TITLE]
        return self.title or typed or "Untitled challenge"

    def standing(self, at: datetime) -> Stage:
        """The stage as the clock has it: closed from the moment the closing day is over."""
        over = self.stage == Stage.OPEN and closing_day_over(self, at)
        return Stage.CLOSED if over else self.stage


def standing(today: date) -> ColumnElement[Stage]:
    """`Challenge.standing` for SQL, on a day in London."""
    over = and_(col(Challenge.stage) == Stage.OPEN, col(Challenge.closes_on) < today)
    return case((over, Stage.CLOSED), else_=col(Challenge.stage))


class Attachment(FileRow, table=True):
    """A file that belongs to a challenge."""

    challenge_id: UUID = Field(foreign_key="challenge.id", index=True, ondelete="CASCADE")
    challenge: Challenge = Relationship()


class Level(StrEnum):
    """How far another authority goes along."""

    WATCHING = "watching"
    INTERESTED = "interested"
    COMMITTED = "committed"


class CommitmentStage(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"


def challenge_over(commitment: "Commitment", at: datetime) -> Refusal:
    if commitment.challenge.standing(at) != Stage.OPEN:
        return "This challenge is not open, so nobody can join it or change what they said."
    return None


class Commitment(Table, table=True):
    """That another authority has the need too. Everybody may know this much."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.COMMITMENT_MAKE, CommitmentStage.LIVE, CommitmentStage.LIVE, unless=challenge_over
        ),
        Transition(
            Verb.COMMITMENT_CHANGE,
            CommitmentStage.LIVE,
            CommitmentStage.LIVE,
            unless=challenge_over,
        ),
        Transition(
            Verb.COMMITMENT_WITHDRAW,
            CommitmentStage.LIVE,
            CommitmentStage.WITHDRAWN,
            unless=challenge_over,
        ),
    )
    __table_args__ = (
        # One live commitment an authority, whoever is quicker.
        Index(
            "uq_commitment_live",
            "challenge_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("stage = 'live'"),
            postgresql_where=text("stage = 'live'"),
        ),
    )

    level: Level = Field(sa_type=choice(Level))
    volume: int | None = None
    unit: str = ""  # in the authority's own words: homes, permits a year
    stage: CommitmentStage = Field(default=CommitmentStage.LIVE, sa_type=choice(CommitmentStage))
    challenge_id: UUID = Field(foreign_key="challenge.id", index=True)
    challenge: Challenge = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class Circumstances(Table, table=True):
    """What an authority tells other authorities and LOTI with its commitment, and nobody else."""

    band: Band | None = Field(default=None, sa_type=choice(Band))
    earliest_start: date | None = None
    contract_ends: date | None = None
    note: str = ""
    commitment_id: UUID = Field(foreign_key="commitment.id", unique=True)
    commitment: Commitment = Relationship()
