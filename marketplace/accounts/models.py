"""How people get in: the ways that prove who somebody is, and the sessions that they have open."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Relationship, UniqueConstraint

from marketplace.core.db import Moment, Table
from marketplace.organisations.models import Membership, Person

BY_MAIL = "mail"  # the issuer of an identity that is proven by a link sent to its address
DEMO = "demo"  # how one signed in by choosing a persona


class Identity(Table, table=True):
    """One way in: the subject that an issuer vouches for, or an address that receives our mail."""

    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    issuer: str
    subject: str
    title: str  # what the page calls it: "Microsoft (Camden)", "A link by e-mail"
    person_id: UUID = Field(foreign_key="person.id", index=True)
    person: Person = Relationship()
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SignIn(Table, table=True):
    """A session: that a browser holds the token of which this keeps the hash."""

    token_hash: str = Field(unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    person: Person = Relationship()
    membership_id: UUID | None = Field(default=None, foreign_key="membership.id", index=True)
    membership: Membership = Relationship(
        sa_relationship_kwargs={"foreign_keys": "SignIn.membership_id"}
    )
    # Of support: the membership that it looks with the eyes of, and since when.
    looking_as: UUID | None = Field(default=None, foreign_key="membership.id")
    looking_since: datetime | None = Field(default=None, sa_type=Moment)
    issuer: str  # of the identity that was used
    browser: str = ""  # what the browser says it is, for its owner to recognise
    id_token: str = ""  # the provider wants it back at signing out
    proved_at: datetime = Field(sa_type=Moment)  # when the person last proved who they are
    seen_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class MailLink(Table, table=True):
    """A link sent to an address so that whoever reads it can get in, once."""

    email: str = Field(index=True)
    browser_hash: str = Field(index=True)  # of what only the browser that asked knows
    tries: int = 0  # at the six figures that come with it, for another device
    # Who asked, when it was somebody signed in: it then confirms them or adds the address to their
    # ways in. Without, it signs in.
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    then: str = ""  # the page that was asked for
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
