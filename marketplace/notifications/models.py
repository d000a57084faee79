"""What people are told, how they want to be told it, and the mail that carries it."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, Index, UniqueConstraint, text

from marketplace.core.db import Moment, Table, choice
from marketplace.core.workflow import Transition, Workflow
from marketplace.verbs import Verb


class Rhythm(StrEnum):
    """How often mail of one kind comes."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Notification(Table, table=True):
    """That one person is told of one event; once, whatever the number of reasons."""

    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notification_inbox", "person_id", "created_at", "id"),
        Index(  # what is owed, which does not grow with what was ever told
            "ix_notification_owed",
            "mail_due_at",
            sqlite_where=text("mailed_at IS NULL"),
            postgresql_where=text("mailed_at IS NULL"),
        ),
        Index(  # every page of theirs says how many there are
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    event_id: UUID = Field(foreign_key="event.id", index=True)
    # For which of the person's organisations; empty where the person alone is meant.
    membership_id: UUID | None = Field(default=None, foreign_key="membership.id", index=True)
    kind: str  # of news, as the preferences have them
    audience: str  # in whose words it is told
    why: str  # why this person: "you approve for Hackney"
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    # Mail that is owed: none when both are empty, waiting until the first, done at the second.
    mail_due_at: datetime | None = Field(default=None, sa_type=Moment)
    mailed_at: datetime | None = Field(default=None, sa_type=Moment)
    mail_id: UUID | None = Field(default=None, foreign_key="mail.id", index=True)  # that tells it


class Preference(Table, table=True):
    """How often a person wants mail of one kind, where it is not the usual."""

    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: UUID = Field(foreign_key="person.id")
    kind: str
    rhythm: Rhythm = Field(sa_type=choice(Rhythm))


class MailStage(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"  # by the server, for good
    BOUNCED = "bounced"  # later, by the other side
    DROPPED = "dropped"  # when it was to be sent there was nothing to say any more


class Mail(Table, table=True):
    """One mail to one address. Its words are made when it is sent, from what may then be seen."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.MAIL_RETRY,
            (MailStage.QUEUED, MailStage.REFUSED, MailStage.BOUNCED),
            MailStage.QUEUED,
        ),
        Transition(Verb.MAIL_BOUNCE, MailStage.SENT, MailStage.BOUNCED),
    )
    __table_args__ = (
        UniqueConstraint("purpose", "about_id", "email", "serial"),
        Index("ix_mail_queue", "stage", "due_at"),
    )

    purpose: str  # "notification", "digest", "link", "invitation", "address"
    about_id: UUID  # the notification, person, link, invitation, or the event that asked for it
    serial: int = 0  # of an invitation that is sent again; of a person's digests
    email: str = Field(index=True)
    stage: MailStage = Field(default=MailStage.QUEUED, sa_type=choice(MailStage))
    due_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    error: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    message_id: str = Field(default="", index=True)
    subject: str = ""  # what was sent, for the demo's outbox
    text: str = ""
    html: str = ""
