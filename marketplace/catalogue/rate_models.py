"""A supplier's rate card: the most that it charges for a day of each role, and since when."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, Relationship, UniqueConstraint

from marketplace.core.db import Amount, Table, choice
from marketplace.organisations.models import Organisation
from marketplace.reference.specialists import Specialist


class Rate(Table, table=True):
    """It holds until the next one for the same role."""

    __table_args__ = (UniqueConstraint("organisation_id", "role", "since"),)

    role: Specialist = Field(sa_type=choice(Specialist))
    # Pounds a day, without VAT. None: from then on the supplier declares no rate for the role.
    amount: Decimal | None = Field(default=None, sa_type=Amount)
    since: date
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation: Organisation = Relationship()
