"""Standards: what technology that London buys is held to, version by version.

A standard is a name; what it asks for stands in its versions. A published version never changes:
whoever was assessed against it can always be shown what it said.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.core.db import Moment, Table, choice
from marketplace.core.workflow import Transition, Workflow
from marketplace.verbs import Verb


class Kind(StrEnum):
    LAW = "law"
    CERTIFICATE = "certificate"
    TECHNICAL = "technical"
    PRACTICE = "practice"

    @property
    def label(self) -> str:
        return {"technical": "Technical standard", "practice": "Good practice"}.get(
            self.value, self.value.capitalize()
        )


class Obligation(StrEnum):
    """How far a standard binds where it applies."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class EvidenceKind(StrEnum):
    """What can be shown for a standard."""

    CERTIFICATE = "certificate"
    REPORT = "report"
    STATEMENT = "statement"
    TEST_RESULT = "test-result"
    WEB_PAGE = "web-page"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class Stage(StrEnum):
    """How far a version of a standard is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Standard(Table, table=True):
    """The name under which its versions stand. `key` is short, such as WCAG22-AA, and stays."""

    key: str = Field(unique=True)
    title: str
    issuer: str
    kind: Kind = Field(sa_type=choice(Kind))
    link: str = ""


class StandardVersion(Table, table=True):
    """What a standard says at a time: to whom it applies, what it asks for, and how it is shown."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.STANDARD_DRAFT, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.STANDARD_EDIT, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.STANDARD_DISCARD, Stage.DRAFT, Stage.DRAFT),
        Transition(Verb.STANDARD_PUBLISH, Stage.DRAFT, Stage.PUBLISHED),
        Transition(Verb.STANDARD_SUPERSEDE, Stage.PUBLISHED, Stage.SUPERSEDED),
        Transition(Verb.STANDARD_WITHDRAW, Stage.PUBLISHED, Stage.WITHDRAWN),
    )
    __table_args__ = (
        UniqueConstraint("standard_id", "number"),
        # One draft and one published version a standard, whoever is quicker.
        *(
            Index(
                f"uq_standard_{stage}",
                "standard_id",
                unique=True,
                sqlite_where=text(f"stage = '{stage}'"),
                postgresql_where=text(f"stage = '{stage}'"),
            )
            for stage in (Stage.DRAFT, Stage.PUBLISHED)
        ),
    )

    number: int = 1  # ours: 1, 2, 3 in the order they were made
    label: str = ""  # the issuer's own: "2.2", "2022", "living guidance, 2013"
    summary: str = ""  # what it is for, in a sentence or two
    what_changed: str = ""  # against the version before
    issued_on: date | None = None
    in_force_on: date | None = None
    # `applicability.Rule`s as data: which products it applies to, and how far it binds there.
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    whole_organisation: bool = False  # a claim may be made for all that a supplier does
    evidence: list[str] = Field(default_factory=list, sa_type=JSON)  # kinds that are accepted
    evidence_hint: str = ""  # what exactly has to be shown
    expiry_needed: bool = False  # evidence without a date of expiry is refused
    valid_months: int | None = None  # counted from the evidence's own date; None: does not end
    verify: str = ""  # how an assessor checks it
    clause: str = ""  # the words for a tender
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # a draft, as typed so far

    stage: Stage = Field(default=Stage.DRAFT, sa_type=choice(Stage))
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)  # superseded or withdrawn
    because: str = ""  # why it was withdrawn

    standard_id: UUID = Field(foreign_key="standard.id", index=True)
    standard: Standard = Relationship()

    @property
    def called(self) -> str:
        """The standard's name, or the one that a draft is going to give it."""
        return str(self.typed.get("title", "")).strip() or self.standard.title


class Requirement(Table, table=True):
    """One point that a version asks for. Of the essential ones none may be missing."""

    __table_args__ = (UniqueConstraint("version_id", "position"),)

    position: int
    code: str = ""  # the issuer's own numbering, such as 2.4.11
    title: str
    guidance: str = ""
    essential: bool = True
    version_id: UUID = Field(foreign_key="standardversion.id", index=True, ondelete="CASCADE")
    version: StandardVersion = Relationship()
