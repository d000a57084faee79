"""A shortlist is what an authority keeps of the products it may buy, with notes; once frozen it is
the record of why, and stays as it was.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, Index, Relationship, UniqueConstraint

from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge
from marketplace.core.db import Moment, Table, choice
from marketplace.core.workflow import Transition, Workflow
from marketplace.organisations.models import Organisation
from marketplace.verbs import Verb


class Stage(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"

    @property
    def label(self) -> str:
        return {"open": "In progress", "frozen": "Frozen"}[self.value]


class Shortlist(Table, table=True):
    """One list of an authority, for a challenge or free. Only that authority sees it."""

    workflow: ClassVar[Workflow] = Workflow(
        *(
            Transition(verb, Stage.OPEN, Stage.OPEN)
            for verb in (
                Verb.SHORTLIST_START,
                Verb.SHORTLIST_RENAME,
                Verb.SHORTLIST_KEEP,
                Verb.SHORTLIST_NOTE,
                Verb.SHORTLIST_REMOVE,
                Verb.SHORTLIST_DISCARD,
            )
        ),
        Transition(Verb.SHORTLIST_FREEZE, Stage.OPEN, Stage.FROZEN),
    )
    __table_args__ = (Index("ix_shortlist_organisation", "organisation_id", "created_at", "id"),)

    name: str
    found_by: str = ""  # the address of the search that something was kept from last
    stage: Stage = Field(default=Stage.OPEN, sa_type=choice(Stage))
    frozen_at: datetime | None = Field(default=None, sa_type=Moment)
    # Everything as it was when the list was frozen: JSON, kept to the letter so that the
    # fingerprint holds for ever.
    record: str = ""
    sha256: str = ""

    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()
    challenge_id: UUID | None = Field(
        default=None, foreign_key="challenge.id", index=True, ondelete="SET NULL"
    )
    challenge: Challenge | None = Relationship()


class ShortlistedProduct(Table, table=True):
    """A product on a list, with what colleagues shall know about it."""

    __table_args__ = (UniqueConstraint("shortlist_id", "product_id"),)

    note: str = ""
    shortlist_id: UUID = Field(foreign_key="shortlist.id", index=True, ondelete="CASCADE")
    shortlist: Shortlist = Relationship()
    product_id: UUID = Field(foreign_key="product.id", index=True, ondelete="CASCADE")
    product: Product = Relationship()
