"""Notices: what authorities anywhere published on the statutory portals, read in as open data."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import JSON, Field, Index, Text, UniqueConstraint

from marketplace.core.db import Amount, Moment, Table, choice


class State(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Import(Table, table=True):
    """A file of notices that somebody read in, and what came of it.

    It belongs to the organisation of who uploaded it; to none when it was read in on the server.
    """

    name: str
    size: int  # bytes
    key: str = ""  # of the file in the store, until it is read
    state: State = Field(default=State.WAITING, sa_type=choice(State))
    position: int = 0  # bytes read so far
    read: int = 0  # releases, of which each is one of the next four
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0
    problems: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)  # the first of them
    sentence: str = ""  # why nothing could be read
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    person_name: str
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)


class Notice(Table, table=True):
    """One procurement of one buying body: the state its releases add up to.

    Keyed on OCID and buyer, because portals give one OCID to unrelated bodies at times.
    """

    __table_args__ = (
        UniqueConstraint("ocid", "buyer_key"),
        Index("ix_notice_published", "published_at", "id"),
        Index("ix_notice_source", "source", "published_at", "id"),
        Index("ix_notice_division", "division", "published_at", "id"),
        Index("ix_notice_import", "import_id", "published_at", "id"),
    )

    ocid: str
    buyer_key: str
    source: str
    release_id: str
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    buyer_name: str = ""
    buyer_identifiers: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    title: str = ""
    description: str = ""
    cpv: list[str] = Field(default_factory=list, sa_type=JSON)
    division: str = ""  # of the first CPV code, its two digits
    amount: Decimal | None = Field(default=None, sa_type=Amount)
    currency: str = ""
    vat_included: bool | None = None
    status: str = ""
    method: str = ""
    published_at: datetime = Field(sa_type=Moment)
    tender_starts_at: datetime | None = Field(default=None, sa_type=Moment)
    tender_ends_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    contract_starts_at: datetime | None = Field(default=None, sa_type=Moment)
    contract_ends_at: datetime | None = Field(default=None, sa_type=Moment)
    awarded_at: datetime | None = Field(default=None, sa_type=Moment)
    suppliers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    link: str = ""
    import_id: UUID | None = Field(default=None, foreign_key="import.id")  # that brought it first


class Release(Table, table=True):
    """One release, only the parts we read; a notice is compiled from its releases."""

    __table_args__ = (UniqueConstraint("notice_id", "release_id"),)

    release_id: str
    released_at: datetime = Field(sa_type=Moment)
    content: str = Field(sa_type=Text)  # JSON, kept as text: it is compared and merged, never asked
    notice_id: UUID = Field(foreign_key="notice.id")
