"""A clarification is a supplier's question about a tender, and the answer that everybody gets.

Who asked stands in a table of its own, which nobody but the supplier that asked can see.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, Relationship

from marketplace.core.db import Moment, Table, choice
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Stage, Tender
from marketplace.verbs import Verb


class ClarificationStage(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"  # an answer is drafted, and waits for the lead
    PUBLISHED = "published"
    DECLINED = "declined"
    MERGED = "merged"  # into another that asks the same

    @property
    def label(self) -> str:
        return {"asked": "Not answered yet", "answered": "Answer drafted"}.get(
            self.value, self.value.capitalize()
        )


def cut_off(clarification: "Clarification", at: datetime) -> Refusal:
    tender = clarification.tender
    if tender.standing(at) is not Stage.OPEN:
        return "This tender is not open, so nobody can ask about it."
    if tender.asking_ends_at and at >= tender.asking_ends_at:
        return "The time for questions is over, so nobody can ask about this tender any more."
    if clarification.lot and clarification.lot.ended:
        return "This lot has ended, so nobody can ask about it any more."
    return None


def tender_ended(clarification: "Clarification", at: datetime) -> Refusal:
    if clarification.tender.stage is not Stage.OPEN:
        return "This tender has ended, so nothing is answered any more."
    return None


_WAITING = (ClarificationStage.ASKED, ClarificationStage.ANSWERED)


class Clarification(Table, table=True):
    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.CLARIFICATION_ASK,
            ClarificationStage.ASKED,
            ClarificationStage.ASKED,
            unless=cut_off,
        ),
        Transition(
            Verb.CLARIFICATION_ANSWER, _WAITING, ClarificationStage.ANSWERED, unless=tender_ended
        ),
        Transition(
            Verb.CLARIFICATION_PUBLISH,
            ClarificationStage.ANSWERED,
            ClarificationStage.PUBLISHED,
            unless=tender_ended,
        ),
        Transition(
            Verb.CLARIFICATION_DECLINE, _WAITING, ClarificationStage.DECLINED, unless=tender_ended
        ),
        Transition(
            Verb.CLARIFICATION_MERGE, _WAITING, ClarificationStage.MERGED, unless=tender_ended
        ),
    )

    asked: str  # as the supplier wrote it
    wording: str = ""  # as it is published: without what would give the asker away
    answer: str = ""
    changes_documents: bool = False
    because: str = ""  # why it was declined
    stage: ClarificationStage = Field(
        default=ClarificationStage.ASKED, sa_type=choice(ClarificationStage)
    )
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id")
    lot: Lot | None = Relationship()
    merged_into_id: UUID | None = Field(default=None, foreign_key="clarification.id")


class Asker(Table, table=True):
    """Who asked. Nobody but the supplier itself sees it, so nothing can give it away."""

    clarification_id: UUID = Field(foreign_key="clarification.id", unique=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
