"""What happened: append-only, written in the same transaction as the thing itself."""

from typing import Any
from uuid import UUID

from sqlmodel import JSON, Field, Index

from marketplace.core.db import Table


class Event(Table, table=True):
    """One thing that somebody did. `about_id` is the thing on whose page it belongs, often the
    subject itself.
    """

    __table_args__ = (
        Index("ix_event_about", "about_id", "created_at", "id"),
        Index("ix_event_in_time", "created_at", "id"),
    )

    verb: str = Field(index=True)
    subject_kind: str
    subject_id: UUID = Field(index=True)
    about_id: UUID
    was: str
    became: str
    person_id: UUID = Field(index=True)
    person_name: str
    organisation_id: UUID = Field(index=True)
    organisation_name: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
