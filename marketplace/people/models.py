"""Who may come to act for an organisation: by a domain, an invitation or a request."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint, text

from auth.actor import Role
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.organisations.models import Organisation, Person
from marketplace.verbs import Verb


class MailDomain(Table, table=True):
    """That mail at a domain belongs to an authority, so its readers may ask to join it."""

    __table_args__ = (UniqueConstraint("domain", "organisation_id"),)  # some share theirs

    domain: str = Field(index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class InvitationStage(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


def expired(invitation: "Invitation", at: datetime) -> Refusal:
    if at < invitation.expires_at:
        return None
    return "This invitation has expired. Ask whoever invited you to send it again."


class Invitation(Table, table=True):
    """That somebody at an address is asked to act for an organisation, in certain roles."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.INVITATION_SEND, InvitationStage.SENT, InvitationStage.SENT),
        Transition(Verb.INVITATION_RESEND, InvitationStage.SENT, InvitationStage.SENT),
        Transition(Verb.INVITATION_REVOKE, InvitationStage.SENT, InvitationStage.REVOKED),
        Transition(
            Verb.INVITATION_ACCEPT,
            InvitationStage.SENT,
            InvitationStage.ACCEPTED,
            unless=expired,
        ),
    )
    __table_args__ = (
        # One open invitation an address and organisation, whoever is quicker.
        Index(
            "uq_invitation_sent",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text("stage = 'sent'"),
            postgresql_where=text("stage = 'sent'"),
        ),
    )

    email: str
    roles: list[Role] = Field(default_factory=list, sa_type=JSON)
    value_limit: Decimal | None = Field(default=None, sa_type=Amount)
    serial: int = 1  # of the link: sending again makes the earlier one worthless
    expires_at: datetime = Field(sa_type=Moment)
    stage: InvitationStage = Field(default=InvitationStage.SENT, sa_type=choice(InvitationStage))
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()


class JoinStage(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class JoinRequest(Table, table=True):
    """That a person asks to act for an organisation."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.JOIN_ASK, JoinStage.ASKED, JoinStage.ASKED),
        Transition(Verb.JOIN_APPROVE, JoinStage.ASKED, JoinStage.APPROVED),
        Transition(Verb.JOIN_DECLINE, JoinStage.ASKED, JoinStage.DECLINED),
        Transition(Verb.JOIN_WITHDRAW, JoinStage.ASKED, JoinStage.WITHDRAWN),
    )
    __table_args__ = (
        Index(
            "uq_join_request_asked",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=text("stage = 'asked'"),
            postgresql_where=text("stage = 'asked'"),
        ),
    )

    message: str = ""
    because: str = ""  # why it was declined, for the person to read
    stage: JoinStage = Field(default=JoinStage.ASKED, sa_type=choice(JoinStage))
    person_id: UUID = Field(foreign_key="person.id", index=True)
    person: Person = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()
