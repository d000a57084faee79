"""Organisations and their people: the authorities that buy, the suppliers that sell, and LOTI
between them.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from auth.actor import Kind, Role
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.workflow import Transition, Workflow
from marketplace.organisations.addresses import Address
from marketplace.reference.countries import UNITED_KINGDOM
from marketplace.verbs import Verb


class AuthorityType(StrEnum):
    """What sort of public body an authority is."""

    BOROUGH = "borough"
    GLA_GROUP = "gla-group"
    NHS = "nhs"
    OTHER = "other"


class Standing(StrEnum):
    """Whether an organisation, a person or a membership counts at the moment."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"  # a membership only: its person left or was removed


class Organisation(Table, table=True):
    """Any organisation. What only one kind of organisation has stays empty for the others."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.ORGANISATION_SUSPEND, Standing.ACTIVE, Standing.SUSPENDED),
        Transition(Verb.ORGANISATION_RESTORE, Standing.SUSPENDED, Standing.ACTIVE),
        *(
            Transition(verb, Standing.ACTIVE, Standing.ACTIVE)
            for verb in (
                Verb.ORGANISATION_REGISTER,
                Verb.ORGANISATION_DESCRIBE,
                Verb.ORGANISATION_CORRECT,
            )
        ),
    )
    __table_args__ = (Index("ix_organisation_by_name", "kind", "name", "id"),)

    name: str
    short_name: str = ""
    slug: str = Field(unique=True)
    kind: Kind = Field(sa_type=choice(Kind))
    description: str = ""
    site: str = ""
    regions: list[str] = Field(default_factory=list, sa_type=JSON)
    stage: Standing = Field(default=Standing.ACTIVE, sa_type=choice(Standing))
    suspended_because: str = ""

    authority_type: AuthorityType | None = Field(default=None, sa_type=choice(AuthorityType))
    gss_code: str | None = Field(default=None, unique=True)
    org_id: str | None = Field(default=None, unique=True)  # GB-LAE-…, see org-id.guide
    ppon: str | None = Field(default=None, unique=True)  # from the Central Digital Platform

    street: str = ""  # where its post goes: see `addresses`
    town: str = ""
    postcode: str = ""
    country: str = UNITED_KINGDOM

    companies_house_number: str | None = Field(default=None, unique=True)
    is_sme: bool = False
    is_vcse: bool = False

    @property
    def called(self) -> str:
        """The name used where there is little room."""
        return self.short_name or self.name

    @property
    def address(self) -> Address:
        return Address(self.street, self.town, self.postcode, self.country)


class Person(Table, table=True):
    """Somebody who signs in, for whatever organisations they are a member of."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.PERSON_SUSPEND, Standing.ACTIVE, Standing.SUSPENDED),
        Transition(Verb.PERSON_RESTORE, Standing.SUSPENDED, Standing.ACTIVE),
        *(
            Transition(verb, Standing.ACTIVE, Standing.ACTIVE)
            for verb in (Verb.PERSON_RENAME, Verb.ADDRESS_CONFIRM, Verb.CALENDAR_RENEW)
        ),
        Transition(Verb.PERSON_WARN, Standing.ACTIVE, Standing.ACTIVE),
        Transition(Verb.PERSON_WARN, Standing.SUSPENDED, Standing.SUSPENDED),
        Transition(Verb.PERSON_ERASE, (Standing.ACTIVE, Standing.SUSPENDED), Standing.ENDED),
    )

    name: str
    email: str = Field(unique=True)
    stage: Standing = Field(default=Standing.ACTIVE, sa_type=choice(Standing))
    suspended_because: str = ""
    last_seen_at: datetime | None = Field(default=None, sa_type=Moment)  # to the day
    # Of the address of their calendar: a higher one makes the earlier address worthless.
    calendar_serial: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Membership(Table, table=True):
    """That a person acts for an organisation, and in which roles."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.MEMBERSHIP_GRANT, Standing.ACTIVE, Standing.ACTIVE),
        Transition(Verb.MEMBERSHIP_SUSPEND, Standing.ACTIVE, Standing.SUSPENDED),
        Transition(Verb.MEMBERSHIP_RESTORE, Standing.SUSPENDED, Standing.ACTIVE),
        Transition(Verb.MEMBERSHIP_REMOVE, (Standing.ACTIVE, Standing.SUSPENDED), Standing.ENDED),
        Transition(Verb.MEMBERSHIP_LEAVE, Standing.ACTIVE, Standing.ENDED),
        Transition(Verb.SUPPORT_LOOK, Standing.ACTIVE, Standing.ACTIVE),
        Transition(Verb.SUPPORT_STOP, Standing.ACTIVE, Standing.ACTIVE),
    )
    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    roles: list[Role] = Field(default_factory=list, sa_type=JSON)
    value_limit: Decimal | None = Field(default=None, sa_type=Amount)  # pounds an approver may give
    stage: Standing = Field(default=Standing.ACTIVE, sa_type=choice(Standing))
    person_id: UUID = Field(foreign_key="person.id")
    person: Person = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()
