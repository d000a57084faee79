"""What a panel finds, asks and decides of a bid besides its scores: whether it meets the standards,
what its bidder answers, and that it is not considered any more.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, Relationship, UniqueConstraint

from marketplace.bids.models import Bid
from marketplace.core.db import Moment, Table, choice
from marketplace.core.labels import Labelled
from marketplace.core.times import when
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.evaluation.models import Evaluation, Stage
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


class Judgement(Table, table=True):
    """Whether a bid meets a standard that the tender asks for, where the panel had to say so: there
    was no assessment, or the panel found otherwise.
    """

    __table_args__ = (UniqueConstraint("bid_id", "version_id"),)

    met: bool
    because: str
    person_name: str
    version_id: UUID = Field(foreign_key="standardversion.id")
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class About(Labelled):
    """What a bidder is asked."""

    CLARIFICATION = "clarification", "What its bid means"
    LOW_PRICE = "low-price", "Its price, which seems abnormally low"


class ExchangeStage(Labelled):
    ASKED = "asked", "Waits for the bidder"
    ANSWERED = "answered", "Answered"


def not_in_evaluation(exchange: "Exchange", at: datetime) -> Refusal:
    if exchange.evaluation.stage in (Stage.SCORING, Stage.LOCKED):
        return None
    return "Bidders are asked while their bids are evaluated."


def answered_late(exchange: "Exchange", at: datetime) -> Refusal:
    if at < exchange.answer_by:
        return not_in_evaluation(exchange, at)
    return f"The time to answer ended on {when(exchange.answer_by)}, so nothing was sent."


class Exchange(Table, table=True):
    """A question of the panel to one bidder about its bid, and the answer, each with its time."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(
            Verb.EXCHANGE_ASK, ExchangeStage.ASKED, ExchangeStage.ASKED, unless=not_in_evaluation
        ),
        Transition(
            Verb.EXCHANGE_ANSWER, ExchangeStage.ASKED, ExchangeStage.ANSWERED, unless=answered_late
        ),
        otherwise={ExchangeStage.ANSWERED: "This question has its answer already."},
    )

    stage: ExchangeStage = Field(default=ExchangeStage.ASKED, sa_type=choice(ExchangeStage))
    about: About = Field(sa_type=choice(About))
    question: str
    answer_by: datetime = Field(sa_type=Moment)
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    bid: Bid = Relationship()
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    evaluation: Evaluation = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()

    @property
    def organisation_id(self) -> UUID:
        """The bidder's, which answers."""
        return self.bid.organisation_id

    def waits(self, at: datetime) -> bool:
        """Whether the bidder still has time to answer."""
        return self.stage is ExchangeStage.ASKED and at < self.answer_by


class Ground(Labelled):
    """Why a bid is not considered."""

    EXCLUDED = "excluded", "The supplier is excluded (sections 26 to 28)"
    CONDITIONS = "conditions", "It does not satisfy the conditions of participation (section 22)"
    LOW_PRICE = "low-price", "Its price is abnormally low (section 19)"
    PROCEDURE = "procedure", "It breaches a procedural requirement of the tender (section 19)"


class Disregard(Table, table=True):
    """That a bid is not considered any more, and why. Taken back, the row goes; the journal keeps
    both.
    """

    ground: Ground = Field(sa_type=choice(Ground))
    because: str
    person_name: str
    bid_id: UUID = Field(foreign_key="bid.id", unique=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
