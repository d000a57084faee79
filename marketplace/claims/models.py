"""A claim says that a product, or all that a supplier does, meets a version of a standard. LOTI
assesses it once; authorities rely on what was found.

What was decided never changes: a claim that is tried again or renewed is a new one, and replaces
the former when it is decided in its turn.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.catalogue.models import Product
from marketplace.core.db import Moment, Table, choice
from marketplace.core.labels import Labelled
from marketplace.core.times import in_london
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.organisations.models import Organisation
from marketplace.standards.models import EvidenceKind, Requirement, StandardVersion
from marketplace.verbs import Verb


class Stage(StrEnum):
    """How far a claim is. What only the clock decides is `standing.Word`."""

    DECLARED = "declared"  # by the supplier alone
    SUBMITTED = "submitted"
    ASSESSING = "assessing"
    FIXING = "fixing"  # the supplier may mend the points that were named, until a day
    MET = "met"
    PARTLY = "partly-met"
    NOT_MET = "not-met"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.capitalize())


_LABELS = {
    Stage.DECLARED: "Claimed",
    Stage.SUBMITTED: "Submitted to LOTI",
    Stage.ASSESSING: "In assessment",
    Stage.FIXING: "Edits requested",
    Stage.PARTLY: "Met in part",
    Stage.NOT_MET: "Not met",
}
UNDECIDED = (Stage.DECLARED, Stage.SUBMITTED, Stage.ASSESSING, Stage.FIXING)
_UNDECIDED = "stage IN ({})".format(", ".join(f"'{stage}'" for stage in UNDECIDED))
EDITABLE = frozenset({Stage.DECLARED, Stage.FIXING})
COUNTING = (Stage.MET, Stage.PARTLY)  # what an authority can rely on
OUTCOMES = (Stage.MET, Stage.PARTLY, Stage.NOT_MET)
DECIDED = (*OUTCOMES, Stage.REVOKED)


class Visibility(Labelled):
    """Who sees a piece of evidence once LOTI has assessed it; before, only its supplier and
    LOTI do.
    """

    PUBLIC = "public", "Everybody"
    AUTHORITIES = "authorities", "Authorities and LOTI"
    ASSESSORS = "assessors", "LOTI's assessors only"


def named(title: str, label: str) -> str:
    """A version of a standard by name, with its label where the title does not say it already."""
    return title if not label or label in title else f"{title} {label}"


def window_over(claim: "Claim", at: datetime) -> Refusal:
    """What was named can be mended to the end of a day in London; afterwards nothing can."""
    if claim.stage == Stage.FIXING and claim.fix_by and in_london(at).date() > claim.fix_by:
        return "The time to mend it is over, so nothing in it can be changed any more."
    return None


def window_open(claim: "Claim", at: datetime) -> Refusal:
    if not window_over(claim, at):
        return "Its supplier still has time to mend it."
    return None


def replaced(claim: "Claim", at: datetime) -> Refusal:
    if claim.replaced_at:
        return "A newer claim has taken its place."
    return None


class Claim(Table, table=True):
    """That something meets a version of a standard, as its supplier says and as LOTI found."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.CLAIM_MAKE, Stage.DECLARED, Stage.DECLARED),
        *(
            Transition(verb, stage, stage, unless=window_over)
            for verb in (Verb.CLAIM_ANSWER, Verb.CLAIM_ATTACH, Verb.CLAIM_DETACH)
            for stage in (Stage.DECLARED, Stage.FIXING)
        ),
        Transition(Verb.CLAIM_SUBMIT, EDITABLE, Stage.SUBMITTED, unless=window_over),
        Transition(Verb.CLAIM_LAPSE, Stage.FIXING, Stage.SUBMITTED, unless=window_open),
        Transition(Verb.CLAIM_TAKE, Stage.SUBMITTED, Stage.ASSESSING),
        Transition(Verb.CLAIM_RELEASE, Stage.ASSESSING, Stage.SUBMITTED),
        Transition(Verb.CLAIM_MARK, Stage.ASSESSING, Stage.ASSESSING),
        Transition(Verb.CLAIM_RETURN, Stage.ASSESSING, Stage.FIXING),
        # Which of the outcomes it is follows from the points: `assessing.outcome` says it.
        Transition(Verb.CLAIM_DECIDE, Stage.ASSESSING, Stage.MET),
        *(Transition(Verb.CLAIM_RENEW, stage, stage, unless=replaced) for stage in DECIDED),
        *(
            Transition(verb, stage, stage, unless=replaced)
            for verb in (Verb.CLAIM_REMIND, Verb.CLAIM_EXPIRE)
            for stage in COUNTING
        ),
        *(Transition(Verb.CLAIM_REPLACE, stage, stage, unless=replaced) for stage in DECIDED),
        Transition(Verb.CLAIM_REVOKE, COUNTING, Stage.REVOKED),
        Transition(Verb.CLAIM_WITHDRAW, (*UNDECIDED, *COUNTING), Stage.WITHDRAWN),
    )
    __table_args__ = (
        # One undecided claim for a thing and a version, whoever is quicker.
        *(
            Index(
                f"uq_claim_of_{of}",
                "version_id",
                *keys,
                unique=True,
                sqlite_where=text(f"{_UNDECIDED} AND {when}"),
                postgresql_where=text(f"{_UNDECIDED} AND {when}"),
            )
            for of, keys, when in (
                ("product", ("product_id", "product_version"), "product_id IS NOT NULL"),
                ("organisation", ("organisation_id",), "product_id IS NULL"),
            )
        ),
        Index("ix_claim_queue", "stage", "submitted_at"),
        Index("ix_claim_ends", "ends_on"),
    )

    scope: str = ""  # what exactly is claimed to meet it
    remark: str = ""  # what LOTI said with its last request or decision
    stage: Stage = Field(default=Stage.DECLARED, sa_type=choice(Stage))
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)  # the first time
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    ends_on: date | None = None  # the last day it counts, see `standing.ends_on`
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    because: str = ""  # why it was revoked
    replaced_at: datetime | None = Field(default=None, sa_type=Moment)  # by a newer claim
    fix_by: date | None = None
    fix_points: list[str] = Field(default_factory=list, sa_type=JSON)  # ids of requirements
    reminded: int | None = None  # days before its end that were told of last; -1: after it

    assessor_id: UUID | None = Field(default=None, index=True)  # the person who has it
    assessor_name: str = ""
    taken_at: datetime | None = Field(default=None, sa_type=Moment)

    version_id: UUID = Field(foreign_key="standardversion.id", index=True)
    version: StandardVersion = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()
    # Without a product it is about all that the supplier does.
    product_id: UUID | None = Field(default=None, foreign_key="product.id", index=True)
    product: Product | None = Relationship()
    product_version: str = ""  # as its supplier labelled it then; empty: every version
    previous_id: UUID | None = Field(default=None, foreign_key="claim.id", index=True)

    @property
    def subject(self) -> str:
        """What it is about, by name."""
        if self.product is None:
            return f"all that {self.organisation.called} does"
        of = f", version {self.product_version}" if self.product_version else ""
        return f"{self.product.name}{of}"

    @property
    def standard(self) -> str:
        return named(self.version.standard.title, self.version.label)

    def may_change(self, requirement_id: UUID) -> bool:
        """While LOTI has asked for edits, only in the points that it named."""
        return self.stage != Stage.FIXING or str(requirement_id) in self.fix_points


class Answer(Table, table=True):
    """How a claim meets one requirement, in its supplier's words."""

    __table_args__ = (UniqueConstraint("claim_id", "requirement_id"),)

    text: str = ""
    # Accepted in the claim before this one, so it is not asked again.
    accepted: bool = False
    claim_id: UUID = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    claim: Claim = Relationship()
    requirement_id: UUID = Field(foreign_key="requirement.id", index=True)
    requirement: Requirement = Relationship()


class Evidence(Table, table=True):
    """What is shown for a claim: a file or a link, for one requirement or for all of it."""

    kind: EvidenceKind = Field(sa_type=choice(EvidenceKind))
    number: str = ""  # of a certificate
    issuer: str = ""
    holder: str = ""
    holder_because: str = ""  # why the holder is another organisation than the supplier
    issued_on: date | None = None
    expires_on: date | None = None
    ends_on: date | None = None  # the last day it counts, see `standing.ends_on`
    visibility: Visibility = Field(sa_type=choice(Visibility))

    link: str = ""
    seen_on: date | None = None  # when the link was looked at
    seen: str = ""  # what stood there
    name: str = ""  # of the file
    size: int = 0  # bytes
    media_type: str = ""
    sha256: str = ""
    key: str = Field(default="", index=True)  # where the file store has it

    claim_id: UUID = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    claim: Claim = Relationship()
    requirement_id: UUID | None = Field(default=None, foreign_key="requirement.id", index=True)
    requirement: Requirement | None = Relationship()

    @property
    def called(self) -> str:
        return " ".join(filter(None, (self.kind.label, self.number)))


class Verdict(StrEnum):
    """What an assessor finds of one requirement."""

    MET = "met"
    EQUIVALENT = "equivalent"  # PA 2023 s56: something equivalent has to be accepted
    PARTLY = "partly-met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"

    @property
    def label(self) -> str:
        return {"equivalent": "Equivalent accepted", "partly-met": "Partly met"}.get(
            self.value, self.value.replace("-", " ").capitalize()
        )


FINE = frozenset({Verdict.MET, Verdict.EQUIVALENT, Verdict.NOT_APPLICABLE})


class Reason(Labelled):
    """Why a requirement is anything but met."""

    MISSING = "missing", "Nothing shows it"
    UNCLEAR = "unclear", "What is shown is not specific enough"
    OLD = "old", "What is shown is out of date"
    SCOPE = "scope", "What is shown does not cover this product"
    UNVERIFIED = "unverified", "It could not be verified with the issuer"
    CONTRADICTED = "contradicted", "Something else that is shown contradicts it"
    OTHER_WAY = "other-way", "It is met in another way that is as good"
    DOES_NOT_ARISE = "does-not-arise", "The requirement does not arise for this product"


class Mark(Table, table=True):
    """What the assessor found of one requirement of a claim."""

    __table_args__ = (UniqueConstraint("claim_id", "requirement_id"),)

    verdict: Verdict = Field(sa_type=choice(Verdict))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason))
    feedback: str = ""
    told: bool = False  # whether the supplier has been told of it
    claim_id: UUID = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    claim: Claim = Relationship()
    requirement_id: UUID = Field(foreign_key="requirement.id", index=True)
    requirement: Requirement = Relationship()


class Assessment(Table, table=True):
    """The decision on a claim. There is one, whoever is quicker."""

    outcome: Stage = Field(sa_type=choice(Stage))
    feedback: str = ""
    assessor_id: UUID
    assessor_name: str
    claim_id: UUID = Field(foreign_key="claim.id", unique=True)
    claim: Claim = Relationship()


class Interest(Table, table=True):
    """That a person of LOTI has an interest in a supplier, and so does not assess its claims."""

    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    what: str
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class Purpose(StrEnum):
    TENDER = "tender"
    CONTRACT = "contract"
    GENERAL = "general"

    @property
    def label(self) -> str:
        return {"tender": "A tender", "contract": "A contract", "general": "A general approval"}[
            self.value
        ]


class RelianceStage(StrEnum):
    STANDING = "standing"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return {"standing": "Relied on"}.get(self.value, self.value.capitalize())


class Reliance(Table, table=True):
    """That an authority relies on an assessment, with exactly what it then had before it."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.RELIANCE_RECORD, RelianceStage.STANDING, RelianceStage.STANDING),
        Transition(Verb.RELIANCE_END, RelianceStage.STANDING, RelianceStage.ENDED),
    )
    __table_args__ = (
        # Pressed twice, it is recorded once.
        Index(
            "uq_reliance_standing",
            "claim_id",
            "organisation_id",
            "purpose",
            "reference",
            unique=True,
            sqlite_where=text("stage = 'standing'"),
            postgresql_where=text("stage = 'standing'"),
        ),
    )

    purpose: Purpose = Field(sa_type=choice(Purpose))
    reference: str = ""  # of the tender or contract, in the authority's own words
    condition: str = ""  # what the authority asks for on top
    named: bool = False  # the supplier may see this record
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    stage: RelianceStage = Field(default=RelianceStage.STANDING, sa_type=choice(RelianceStage))
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    claim_id: UUID = Field(foreign_key="claim.id", index=True)
    claim: Claim = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


def outcome(points: Iterable[tuple[bool, Verdict]]) -> Stage:
    """What a claim is found to be, from its points: whether each is essential, and its verdict.

    Met only when every essential point is fine; not met when nothing is met even in part.
    """
    found = list(points)
    if found and all(verdict in FINE for essential, verdict in found if essential):
        return Stage.MET
    some = {Verdict.MET, Verdict.EQUIVALENT, Verdict.PARTLY}
    return Stage.PARTLY if any(verdict in some for _, verdict in found) else Stage.NOT_MET
