"""What people keep an eye on: searches that alert them to what comes, and single things."""

from uuid import UUID

from sqlmodel import Field, Relationship, UniqueConstraint

from marketplace.core.db import Table, choice
from marketplace.notifications.models import Rhythm
from marketplace.organisations.models import Membership, Person


class SavedSearch(Table, table=True):
    """A question to a list, asked of everything new on behalf of one person."""

    __table_args__ = (UniqueConstraint("person_id", "name"),)

    name: str
    kind: str  # of what is looked for; empty: everything
    query: str  # as `core.finding` writes it
    rhythm: Rhythm = Field(sa_type=choice(Rhythm))
    person_id: UUID = Field(foreign_key="person.id", index=True)
    person: Person = Relationship()
    # As whom they search, which says what they may see; nobody's member is a visitor.
    membership_id: UUID | None = Field(default=None, foreign_key="membership.id", index=True)
    membership: Membership | None = Relationship()


class SearchKey(Table, table=True):
    """Something of which a document must have one for a search to find it: `matching.keys`."""

    key: str = Field(index=True)
    search_id: UUID = Field(foreign_key="savedsearch.id", index=True, ondelete="CASCADE")


class Alert(Table, table=True):
    """That a search found something new: once, however often that changes."""

    __table_args__ = (UniqueConstraint("search_id", "document_id"),)

    document_id: str  # as the index knows it: "challenge-<uuid>"
    why: str  # the words and filters that found it
    search_id: UUID = Field(foreign_key="savedsearch.id", ondelete="CASCADE")
    search: SavedSearch = Relationship()
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)


class Watch(Table, table=True):
    """That a person is told what becomes of one thing; once a thing."""

    __table_args__ = (UniqueConstraint("person_id", "thing_id"),)

    kind: str  # "challenge" or "tender"
    thing_id: UUID = Field(index=True)
    person_id: UUID = Field(foreign_key="person.id")
    membership_id: UUID | None = Field(default=None, foreign_key="membership.id", index=True)
