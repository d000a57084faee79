"""An evaluation is how the authorities of a tender judge its bids together: a panel with seats by
authority, scores that each member gives alone, what the panel agrees on, and the ranking.

Criteria and lots are those that were published last; `criterion_id` is their id there.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.bids.models import Bid
from marketplace.core.db import Amount, Moment, Table, choice
from marketplace.core.labels import Labelled
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.organisations.models import Organisation, Person
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

LEAST_EVALUATORS = 2
DISCUSS_FROM = 3  # points between the highest and the lowest score, unless the lead says otherwise


class Stage(Labelled):
    """How far an evaluation is."""

    PANEL = "panel", "Panel is being named"
    SCORING = "scoring", "Being scored"
    LOCKED = "locked", "Quality is locked"  # and the prices are open
    FINAL = "final", "Final"


class SeatRole(Labelled):
    EVALUATOR = "evaluator", "Evaluator"
    CHAIR = "chair", "Chair"
    OFFICER = "officer", "Procurement officer"


def no_panel_yet(evaluation: "Evaluation", at: datetime) -> Refusal:
    """Scoring begins once there are enough people of whom it is known that they may."""
    roles = [one["role"] for one in evaluation.sitting.values()]
    if roles.count(SeatRole.CHAIR) < 1:
        return "A panel needs a chair who has declared their interests before scoring can begin."
    if roles.count(SeatRole.EVALUATOR) < LEAST_EVALUATORS:
        return (
            "A panel needs two evaluators who have declared their interests before scoring can "
            "begin."
        )
    return None


class Evaluation(Table, table=True):
    """One a tender. Whoever changes anything of it locks its row."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.EVALUATION_BEGIN, Stage.PANEL, Stage.SCORING, unless=no_panel_yet),
        Transition(Verb.EVALUATION_LOCK, Stage.SCORING, Stage.LOCKED),
        Transition(Verb.EVALUATION_FINALISE, Stage.LOCKED, Stage.FINAL),
        Transition(Verb.JUDGEMENT_MAKE, Stage.SCORING, Stage.SCORING),
        *(Transition(Verb.DISREGARD_MAKE, stage, stage) for stage in (Stage.SCORING, Stage.LOCKED)),
        Transition(Verb.DISREGARD_DROP, (Stage.SCORING, Stage.LOCKED), Stage.SCORING),
        otherwise={
            Stage.PANEL: "Scoring has not begun yet, so it is too early for that.",
            Stage.SCORING: "The bids are being scored. The ranking is made once quality is locked.",
            Stage.LOCKED: "Quality is locked already, so it is too late for that.",
            Stage.FINAL: "The ranking is final, so it is too late for that.",
        },
    )

    stage: Stage = Field(default=Stage.PANEL, sa_type=choice(Stage))
    prices_open: bool = False  # to the panel
    discuss_from: int = DISCUSS_FROM
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    locked_at: datetime | None = Field(default=None, sa_type=Moment)
    final_at: datetime | None = Field(default=None, sa_type=Moment)
    # Who sits, by the id of the person, for policy, which asks no database: in which `role`, on
    # which `seat`, and `for` which organisation they have to act, which an expert has none of.
    sitting: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    tender_id: UUID = Field(foreign_key="tender.id", unique=True)
    tender: Tender = Relationship()


# ---- The panel


class SeatStage(Labelled):
    VACANT = "vacant", "Nobody named yet"
    INVITED = "invited", "Invited"
    NAMED = "named", "Has to declare interests"
    WAITING = "waiting", "Waits for the lead's decision"
    SITTING = "sitting", "Sits"
    ASIDE = "aside", "Stands aside"
    ENDED = "ended", "Ended"


def evaluation_over(seat: "Seat", at: datetime) -> Refusal:
    if seat.evaluation.stage is Stage.FINAL:
        return "This evaluation is final, so its panel stays as it was."
    return None


_DECLARABLE = (SeatStage.NAMED, SeatStage.WAITING, SeatStage.SITTING, SeatStage.ASIDE)
# Whoever stands aside stays so: a seat that ended keeps its scores.
_ENDABLE = (
    SeatStage.VACANT,
    SeatStage.INVITED,
    SeatStage.NAMED,
    SeatStage.WAITING,
    SeatStage.SITTING,
)


class Seat(Table, table=True):
    """A place on the panel: offered to an authority by the lead, and given by it to one person."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.SEAT_OFFER, SeatStage.VACANT, SeatStage.VACANT, unless=evaluation_over),
        Transition(Verb.SEAT_NAME, SeatStage.VACANT, SeatStage.NAMED, unless=evaluation_over),
        Transition(Verb.SEAT_INVITE, SeatStage.VACANT, SeatStage.INVITED, unless=evaluation_over),
        Transition(Verb.SEAT_TAKE, SeatStage.INVITED, SeatStage.NAMED, unless=evaluation_over),
        Transition(Verb.SEAT_DECLARE, _DECLARABLE, SeatStage.WAITING, unless=evaluation_over),
        Transition(Verb.SEAT_CLEAR, SeatStage.WAITING, SeatStage.SITTING, unless=evaluation_over),
        Transition(Verb.SEAT_BAR, SeatStage.WAITING, SeatStage.ASIDE, unless=evaluation_over),
        Transition(Verb.SEAT_END, _ENDABLE, SeatStage.ENDED, unless=evaluation_over),
        otherwise={
            SeatStage.VACANT: "Nobody is named for this seat yet.",
            SeatStage.INVITED: "Somebody is invited to this seat, and has not taken it yet.",
            SeatStage.NAMED: "Somebody has this seat, and has not declared their interests yet.",
            SeatStage.WAITING: "Somebody has this seat. The lead decides on their interests.",
            SeatStage.SITTING: "Somebody sits on this seat, and their interests were decided on.",
            SeatStage.ASIDE: "Whoever has this seat stands aside, because of their interests.",
            SeatStage.ENDED: "This seat has ended, so nothing more can be done with it.",
        },
    )
    __table_args__ = (
        # A person has one seat, whoever is quicker.
        Index(
            "uq_seat_taken",
            "tender_id",
            "person_id",
            unique=True,
            sqlite_where=text("stage <> 'ended'"),
            postgresql_where=text("stage <> 'ended'"),
        ),
    )

    role: SeatRole = Field(sa_type=choice(SeatRole))
    stage: SeatStage = Field(default=SeatStage.VACANT, sa_type=choice(SeatStage))
    expert: bool = False  # from outside: has no rights elsewhere, and acts for nobody
    email: str = ""  # of an expert, as invited
    expertise: str = ""  # of an expert: why they are asked
    because: str = ""  # why it ended
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    person: Person | None = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)  # whose seat it is
    organisation: Organisation = Relationship()
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    evaluation: Evaluation = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)

    @property
    def tender(self) -> Tender:
        return self.evaluation.tender

    @property
    def holder(self) -> str:
        return self.person.name if self.person else self.email


class Interest(Labelled):
    """What somebody on a panel declares: section 81 of the Procurement Act 2023."""

    NONE = "none", "None"
    PERCEIVED = "perceived", "Perceived: others might think that I am not impartial"
    ACTUAL = "actual", "Actual: I have an interest in a bidder or in who wins"


class Declaration(Table, table=True):
    """What the holder of a seat declared of their interests, and what the lead decided of it. The
    newest counts; the earlier ones stay.
    """

    interest: Interest = Field(sa_type=choice(Interest))
    details: str = ""
    steps: str = ""  # that the holder takes
    assessed: bool = False  # they assessed claims of a bidder for LOTI
    scored: list[str] = Field(default_factory=list, sa_type=JSON)  # criteria, scored before it
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str = ""  # empty: nothing had to be decided
    sits: bool | None = None
    mitigation: str = ""  # the steps that the lead decided on, or why they stand aside
    person_id: UUID = Field(foreign_key="person.id", index=True)
    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    seat: Seat = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


# ---- Scores


class QuestionStage(Labelled):
    SCORING = "scoring", "Being scored"
    OPEN = "open", "To be agreed"  # all have scored it, and see one another's scores
    AGREED = "agreed", "Agreed"


def quality_locked(question: "Question", at: datetime) -> Refusal:
    if question.evaluation.stage is Stage.SCORING:
        return None
    return "Quality is locked, so the scores that were agreed on stay as they are."


class Question(Table, table=True):
    """A criterion that the panel scores, and whether everybody who scores it has."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.QUESTION_CLOSE, QuestionStage.SCORING, QuestionStage.OPEN),
        *(
            Transition(verb, stage, stage, unless=quality_locked)
            for verb in (Verb.SCORE_AGREE, Verb.SCORE_OPINE)
            for stage in (QuestionStage.OPEN, QuestionStage.AGREED)
        ),
        otherwise={
            QuestionStage.SCORING: "Not everybody has scored this question yet.",
            QuestionStage.OPEN: "Everybody has scored this question, or it was closed already.",
            QuestionStage.AGREED: "The scores of this question are agreed on already.",
        },
    )
    __table_args__ = (UniqueConstraint("tender_id", "criterion_id"),)

    stage: QuestionStage = Field(default=QuestionStage.SCORING, sa_type=choice(QuestionStage))
    because: str = ""  # why it was closed although somebody's scores are missing
    criterion_id: UUID
    # Of a criterion that is local to one authority, which alone scores it.
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    evaluation: Evaluation = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class SheetStage(Labelled):
    DRAFT = "draft", "Not sent"
    SENT = "sent", "Sent"


def no_longer_scored(sheet: "Sheet", at: datetime) -> Refusal:
    if sheet.question.stage is not QuestionStage.SCORING:
        return "This question is not scored any more, so nothing was changed."
    if sheet.seat.stage is not SeatStage.SITTING:
        return "This seat does not score any more, so nothing was changed."
    return None


class Sheet(Table, table=True):
    """One person's scores for one question, of all bids: drafted, and then sent at once."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.SCORE_DRAFT, SheetStage.DRAFT, SheetStage.DRAFT, unless=no_longer_scored),
        Transition(Verb.SCORE_SEND, SheetStage.DRAFT, SheetStage.SENT, unless=no_longer_scored),
        otherwise={SheetStage.SENT: "These scores have been sent, so they stay as they are."},
    )
    __table_args__ = (UniqueConstraint("seat_id", "question_id"),)

    stage: SheetStage = Field(default=SheetStage.DRAFT, sa_type=choice(SheetStage))
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    saved: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # by bid: the last save
    person_id: UUID = Field(foreign_key="person.id", index=True)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    seat_id: UUID = Field(foreign_key="seat.id", index=True)
    seat: Seat = Relationship()
    question_id: UUID = Field(foreign_key="question.id", index=True)
    question: Question = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class Score(Table, table=True):
    """What one person gave a bid for a question; it never changes."""

    __table_args__ = (UniqueConstraint("seat_id", "criterion_id", "bid_id"),)

    points: int  # of ten
    comment: str
    pages: str = ""  # of the bid, that it refers to
    person_id: UUID = Field(foreign_key="person.id", index=True)
    criterion_id: UUID = Field(index=True)
    seat_id: UUID = Field(foreign_key="seat.id")
    seat: Seat = Relationship()
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class Agreed(Table, table=True):
    """The score that the panel agreed on, and why."""

    __table_args__ = (UniqueConstraint("criterion_id", "bid_id"),)

    points: Decimal = Field(sa_type=Amount)  # of ten
    reason: str
    present: str = ""  # who was there
    person_name: str  # of the chair who wrote it down
    criterion_id: UUID = Field(index=True)
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class Opinion(Table, table=True):
    """That somebody on the panel assents to an agreed score, or dissents, in words."""

    __table_args__ = (UniqueConstraint("agreed_id", "seat_id"),)

    assents: bool
    words: str = ""
    person_id: UUID = Field(foreign_key="person.id", index=True)
    agreed_id: UUID = Field(foreign_key="agreed.id", index=True)
    seat_id: UUID = Field(foreign_key="seat.id")
    seat: Seat = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


# ---- The end

_WITHOUT_LOTS: Any = {
    "sqlite_where": text("lot_id IS NULL"),
    "postgresql_where": text("lot_id IS NULL"),
}


class Ranked(Table, table=True):
    """Where a bid came in a lot, or in the tender where there are no lots: written once."""

    __table_args__ = (
        UniqueConstraint("lot_id", "bid_id"),
        UniqueConstraint("lot_id", "position"),
        # Without lots, because to a database no nothing is like another.
        Index("uq_ranked_bid", "bid_id", unique=True, **_WITHOUT_LOTS),
        Index("uq_ranked_position", "tender_id", "position", unique=True, **_WITHOUT_LOTS),
    )

    position: int | None = None  # none: it cannot be awarded
    because: str = ""  # why it cannot
    quality: Decimal = Field(sa_type=Amount)  # points
    price: Decimal = Field(sa_type=Amount)  # points
    total: Decimal = Field(sa_type=Amount)  # points, of 100
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id")
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    bid: Bid = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
