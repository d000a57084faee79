"""What a supplier's failing under a contract came to: a breach, or poor performance. Nothing said
of it is changed or erased: a correction is one more entry, which replaces the one before.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Field, Relationship, UniqueConstraint

from marketplace.contracts.models import Contract
from marketplace.core.db import Table, choice
from marketplace.law.contracts import Failing

TERMINATION = "termination"  # the key of what is due at the end of a contract


class Breach(Table, table=True):
    """One entry; of each number the newest counts."""

    # Two at once: of one breach there is one entry of each version.
    __table_args__ = (UniqueConstraint("contract_id", "number", "version"),)

    number: int  # 1 is the first breach of the contract that was recorded
    version: int = 1
    key: str  # of what is due about it: its notice makes it public
    failing: Failing = Field(sa_type=choice(Failing))
    on: date  # the day from which the law counts
    warned_on: date | None = None  # when a supplier that performs poorly was told to improve
    what: str
    outcome: str = ""  # what was awarded or settled, or done since
    because: str = ""  # why this entry replaces the one before
    withdrawn: bool = False  # it was recorded by mistake
    contract_id: UUID = Field(foreign_key="contract.id", index=True)
    contract: Contract = Relationship()

    @property
    def told(self) -> str:
        """It in one paragraph, as open data has it."""
        if self.withdrawn:
            return f"Recorded by mistake and withdrawn. {self.because}"
        return " ".join(filter(None, (f"{self.failing.label}.", self.what, self.outcome)))


def key_of(failing: Failing, number: int) -> str:
    """Of a breach that ended the contract the notice of its end tells; of others, one each."""
    return TERMINATION if failing is Failing.ENDED else f"breach-{number}"
