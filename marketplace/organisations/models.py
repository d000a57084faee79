"""Organisations and their people: the authorities that buy, the suppliers that sell, and LOTI
between them.
"""

from enum import StrEnum
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from auth.actor import Kind, Role
from marketplace.core.db import Table, choice


class AuthorityType(StrEnum):
    """What sort of public body an authority is."""

    BOROUGH = "borough"
    GLA_GROUP = "gla-group"
    NHS = "nhs"
    OTHER = "other"


class Organisation(Table, table=True):
    """Any organisation. What only one kind of organisation has stays empty for the others."""

    __table_args__ = (Index("ix_organisation_by_name", "kind", "name", "id"),)

    name: str
    short_name: str = ""
    slug: str = Field(unique=True)
    kind: Kind = Field(sa_type=choice(Kind))
    description: str = ""
    site: str = ""
    regions: list[str] = Field(default_factory=list, sa_type=JSON)

    authority_type: AuthorityType | None = Field(default=None, sa_type=choice(AuthorityType))
    gss_code: str | None = Field(default=None, unique=True)
    org_id: str | None = Field(default=None, unique=True)  # GB-LAE-…, see org-id.guide
    ppon: str | None = Field(default=None, unique=True)  # from the Central Digital Platform
    mail_domains: list[str] = Field(default_factory=list, sa_type=JSON)

    companies_house_number: str | None = Field(default=None, unique=True)
    is_sme: bool = False
    is_vcse: bool = False

    @property
    def called(self) -> str:
        """The name used where there is little room."""
        return self.short_name or self.name


class Person(Table, table=True):
    name: str
    email: str = Field(unique=True)


class Membership(Table, table=True):
    """That a person acts for an organisation, and in which roles."""

    __table_args__ = (UniqueConstraint("person_id", "organisation_id"),)

    roles: list[Role] = Field(default_factory=list, sa_type=JSON)
    person_id: UUID = Field(foreign_key="person.id")
    person: Person = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()
