"""The chain: blocks, the entries in them, and when the journal was last compared with them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from marketplace.core.db import Moment, Table


class Block(Table, table=True):
    """Entries sealed together. Its hash covers theirs and that of the block before it."""

    __tablename__ = "audit_block"

    number: int = Field(unique=True)  # from 1, without a gap
    first: int  # the numbers of its entries
    last: int
    root: str
    previous: str
    hash: str
    newest_at: datetime = Field(sa_type=Moment)  # of all events sealed so far


class Entry(Table, table=True):
    """The place of one event in the chain, and its hash. It points at no row of the journal by a
    foreign key, because it has to outlast one that somebody removes.
    """

    __tablename__ = "audit_entry"

    number: int = Field(unique=True)  # from 1, without a gap
    event_id: UUID = Field(unique=True)
    hash: str
    name_hash: str
    name_salt: str  # empty when the name was erased
    facts_hash: str
    facts_salt: str  # empty when a name was erased from the facts


class Check(Table, table=True):
    """That the whole chain was compared with the journal, and what was found."""

    __tablename__ = "audit_check"

    entries: int  # up to which all is as it was sealed
    finding: str = ""
