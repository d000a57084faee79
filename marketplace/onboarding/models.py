"""How a supplier comes in: its registration, facts confirmed once, and the agreement."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint, text

from marketplace.core.db import Moment, Table, choice
from marketplace.core.labels import Labelled
from marketplace.core.times import now
from marketplace.core.workflow import Transition, Workflow
from marketplace.organisations.models import Organisation, Person
from marketplace.verbs import Verb


class RegistrationStage(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class Registration(Table, table=True):
    """A supplier's answers about itself until it confirms them; then it is an organisation."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.REGISTRATION_DRAFT, RegistrationStage.DRAFT, RegistrationStage.DRAFT),
        Transition(Verb.REGISTRATION_EDIT, RegistrationStage.DRAFT, RegistrationStage.DRAFT),
        Transition(Verb.REGISTRATION_DISCARD, RegistrationStage.DRAFT, RegistrationStage.DISCARDED),
        Transition(Verb.REGISTRATION_CONFIRM, RegistrationStage.DRAFT, RegistrationStage.CONFIRMED),
    )
    __table_args__ = (
        Index(
            "uq_registration_draft",
            "person_id",
            unique=True,
            sqlite_where=text("stage = 'draft'"),
            postgresql_where=text("stage = 'draft'"),
        ),
    )

    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    register_said: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # and when
    stage: RegistrationStage = Field(
        default=RegistrationStage.DRAFT, sa_type=choice(RegistrationStage)
    )
    person_id: UUID = Field(foreign_key="person.id", index=True)
    person: Person = Relationship()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")


class Constitution(Labelled):
    """What sort of body a supplier is, as far as the registers go that it can be found in."""

    COMPANY = "company", "A company or partnership registered at Companies House"
    CHARITY = "charity", "A charity that is not a company"
    PUBLIC_BODY = "public-body", "A public body"
    OTHER = "other", "A sole trader, or another body that is in none of these registers"


class Checked(StrEnum):
    """Who vouches for a supplier's name, number and address."""

    COMPANIES_HOUSE = "companies-house"
    BY_HAND = "by-hand"  # the supplier typed them, and nobody has looked yet
    BY_LOTI = "by-loti"

    @property
    def label(self) -> str:
        return {
            Checked.COMPANIES_HOUSE: "Companies House",
            Checked.BY_HAND: "The supplier, by hand",
            Checked.BY_LOTI: "LOTI, by hand",
        }[self]


class SupplierFacts(Table, table=True):
    """What a supplier confirmed about itself; from then on only LOTI corrects the first part."""

    organisation_id: UUID = Field(foreign_key="organisation.id", unique=True)
    organisation: Organisation = Relationship()

    constitution: Constitution = Field(default=Constitution.COMPANY, sa_type=choice(Constitution))
    legal_name: str
    address: str = ""
    company_status: str = ""  # what Companies House called it
    vat_number: str | None = Field(default=None, unique=True)
    checked_how: Checked = Field(default=Checked.BY_HAND, sa_type=choice(Checked))
    checked_at: datetime = Field(default_factory=now, sa_type=Moment)

    staff_under_250: bool | None = None  # Procurement Act 2023, section 123; see size.py
    turnover_up_to_44m: bool | None = None
    balance_sheet_up_to_38m: bool | None = None
    share_code: str = ""  # of the Central Digital Platform
    share_code_on: date | None = None
    accessibility_role: str = ""
    accessibility_email: str = ""
    security_role: str = ""
    security_email: str = ""


class Identifier(Table, table=True):
    """That a supplier has this number in a register which has no column of its own."""

    text: str = Field(unique=True)  # GB-CHC-1234567, DUNS-123456789
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class Signature(Table, table=True):
    """That a supplier signed a version of the platform agreement."""

    __table_args__ = (UniqueConstraint("organisation_id", "version"),)

    version: str
    signer: str  # the name that was typed
    position: str  # and what they are in the organisation
    signed_at: datetime = Field(sa_type=Moment)
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()
