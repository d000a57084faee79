"""A lot is a piece of a tender that is awarded by itself, and can end by itself."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import JSON, Field, Relationship

from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.money import without_vat
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.tenders.models import Stage, Tender
from marketplace.verbs import Verb


class LotStage(StrEnum):
    LIVE = "live"
    ENDED = "ended"  # nothing comes of it, and the others go on


def not_going(lot: "Lot", at: datetime) -> Refusal:
    if lot.tender.stage is Stage.DRAFT:
        return "This lot has not been published. Remove it instead."
    if lot.tender.stage is not Stage.OPEN:
        return "This tender has ended, and its lots with it."
    return None


_KEPT = (Verb.LOT_ADD, Verb.LOT_CHANGE, Verb.LOT_REMOVE)


class Lot(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        *(Transition(verb, LotStage.LIVE, LotStage.LIVE) for verb in _KEPT),
        Transition(Verb.LOT_END, LotStage.LIVE, LotStage.ENDED, unless=not_going),
    )

    position: int
    title: str
    description: str = ""
    authorities: list[str] = Field(default_factory=list, sa_type=JSON)  # ids of organisations
    value: Decimal | None = Field(default=None, sa_type=Amount)  # the most, pounds, VAT included
    vat_rate: int = 20  # per cent
    stage: LotStage = Field(default=LotStage.LIVE, sa_type=choice(LotStage))
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    because: str = ""  # why it ended
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()

    @property
    def ended(self) -> bool:
        return self.stage is LotStage.ENDED

    @property
    def net(self) -> Decimal | None:
        """Its value without VAT."""
        return None if self.value is None else without_vat(self.value, self.vat_rate)
