"""A bid is what a supplier offers for a tender: in a sealed box until it is opened, then a row.

The box is a row that tells nothing without the key: not whose it is, for which tender, nor how many
a tender has. What was never submitted stays in its box.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import JSON, Field, Index, Relationship, UniqueConstraint

from marketplace.core.db import TIMELESS, Amount, Moment, Table, choice
from marketplace.core.files import FileRow
from marketplace.core.times import clock, in_london, when
from marketplace.core.workflow import Refusal, Transition, Workflow
from marketplace.organisations.models import Organisation, Person
from marketplace.tenders import rounds
from marketplace.tenders.models import Stage, Tender
from marketplace.verbs import Verb


class SealedBid(Table, table=True):
    """One supplier's bid, or the draft of one, in its box."""

    place: str = Field(unique=True)  # made with the key from the tender and the supplier
    box: bytes
    mark: str  # of the key that it was sealed with
    created_at: datetime = Field(default=TIMELESS, sa_type=Moment)


class SealedLetter(Table, table=True):
    """A letter to a bidder: whom it is to and what it says is in the box."""

    place: str = Field(index=True)  # made with the key from the reader
    box: bytes
    due_at: datetime | None = Field(default=None, sa_type=Moment, index=True)  # none: it was sent
    attempts: int = 0
    created_at: datetime = Field(default=TIMELESS, sa_type=Moment)


class BidStage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    OPENED = "opened"

    @property
    def label(self) -> str:
        return "Not submitted" if self is BidStage.DRAFT else self.value.capitalize()


def too_late(bid: "Bid", at: datetime) -> Refusal:
    """The time counts at which the marketplace has the bid in hand, locked against everybody."""
    tender, closes = bid.tender, bid.closes_at
    if tender.stage is Stage.CANCELLED:
        return "This tender has been cancelled, so nobody can bid for it."
    if tender.stage is not Stage.OPEN:
        return "This tender is not published, so nobody can bid for it."
    its_round = rounds.one(tender, bid.round)
    if its_round and at < its_round.opens_at:
        return f"The stage “{its_round.title}” begins on {when(its_round.opens_at)}."
    if closes and at >= closes:
        seconds = f"{in_london(at):%H:%M:%S}"
        return (
            f"Bidding closed on {when(closes)}. We had this at {seconds}, so nothing was changed."
        )
    return None


def not_submitted(bid: "Bid", at: datetime) -> Refusal:
    return None if bid.submitted_at else "This bid was not submitted, so it stays sealed."


_EITHER = (BidStage.DRAFT, BidStage.SUBMITTED)


class Bid(Table, table=True):
    """What was offered. It becomes a row when it is opened; before, it lies in its box."""

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.BID_START, BidStage.DRAFT, BidStage.DRAFT, unless=too_late),
        *(
            Transition(verb, stage, stage, unless=too_late)
            for verb in (Verb.BID_EDIT, Verb.BID_ATTACH, Verb.BID_DETACH)
            for stage in _EITHER
        ),
        Transition(Verb.BID_SUBMIT, _EITHER, BidStage.SUBMITTED, unless=too_late),
        Transition(Verb.BID_CONFIRM, BidStage.SUBMITTED, BidStage.SUBMITTED, unless=too_late),
        Transition(Verb.BID_WITHDRAW, BidStage.SUBMITTED, BidStage.DRAFT, unless=too_late),
        Transition(Verb.BID_OPEN, BidStage.SUBMITTED, BidStage.OPENED, unless=not_submitted),
    )
    __table_args__ = (UniqueConstraint("tender_id", "organisation_id", "round"),)

    round: str = rounds.WHOLE  # the stage of the procedure that it is for
    earlier: bool = False  # for a stage before the last: it decides who goes on, and is not judged
    stage: BidStage = Field(default=BidStage.DRAFT, sa_type=choice(BidStage))
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as it counts
    fingerprint: str = ""  # of the content
    publication: int = 0  # the number of what the tender said when it was submitted or confirmed
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    total: Decimal | None = Field(default=None, sa_type=Amount)  # pounds, without VAT
    # What was done with it and when, without the names of people.
    history: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation: Organisation = Relationship()

    @property
    def reference(self) -> str:
        """What people quote, such as "B-3F9A2C"."""
        return f"B-{self.id.hex[:6].upper()}"

    def to_confirm(self, material: int) -> bool:
        """Whether it was submitted for what the tender said before the publication of this number,
        the latest that changes something that bids could depend on.
        """
        return self.stage is BidStage.SUBMITTED and self.publication < material

    @property
    def closes_at(self) -> datetime | None:
        """The moment from which it cannot be changed any more."""
        return rounds.closes_at(self.tender, self.round)


class BidFile(FileRow, table=True):
    """A file of a bid that was opened. In the store it stays sealed, for whoever may have it."""

    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    bid: Bid = Relationship()


class Bidder(Table, table=True):
    """An opened bid without whose it is: what a panel reads, under a number that tells nothing.

    A row of its own, so that who may read the answers need not be able to see the bid.
    """

    __table_args__ = (UniqueConstraint("tender_id", "number"),)

    number: int
    answers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    standards: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    bid_id: UUID = Field(foreign_key="bid.id", unique=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)

    @property
    def called(self) -> str:
        return f"Bidder {self.number}"


class Offer(Table, table=True):
    """What an opened bid asks for a lot, or for everything where there are no lots."""

    __table_args__ = (
        UniqueConstraint("bid_id", "lot_id"),
        Index(
            "uq_offer_for_everything",
            "bid_id",
            unique=True,
            sqlite_where=text("lot_id IS NULL"),
            postgresql_where=text("lot_id IS NULL"),
        ),
    )

    total: Decimal = Field(sa_type=Amount)  # pounds, without VAT
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id")
    bid_id: UUID = Field(foreign_key="bid.id", index=True)
    tender_id: UUID = Field(foreign_key="tender.id", index=True)


class OpeningStage(StrEnum):
    WAITING = "waiting"
    BEGUN = "begun"  # by one person, and another has to finish it
    DONE = "done"


def before_the_deadline(opening: "Opening", at: datetime) -> Refusal:
    if opening.tender.stage is not Stage.OPEN:
        return "This tender takes no bids, so there is nothing to open."
    closes = opening.closes_at
    if closes and at >= closes:
        return None
    until = f" before {when(closes)}" if closes else ""
    return f"Bids cannot be opened{until}: until then suppliers can bid. It is {clock(at)} now."


def for_two(opening: "Opening", at: datetime) -> Refusal:
    if why := before_the_deadline(opening, at):
        return why
    if opening.alone:
        return "This tender has one authority, so one person opens the bids. Open them."
    return None


def needs_another(opening: "Opening", at: datetime) -> Refusal:
    if why := before_the_deadline(opening, at):
        return why
    if opening.stage is OpeningStage.WAITING and not opening.alone:
        return "Two people of different authorities open bids. Somebody has to begin first."
    return None


class Opening(Table, table=True):
    """That the bids for a tender, or for one stage of it, are opened: by two people of different
    authorities, or by one where there is one authority.
    """

    workflow: ClassVar[Workflow] = Workflow(
        *(
            Transition(Verb.OPENING_EXCUSE, stage, stage, unless=before_the_deadline)
            for stage in (OpeningStage.WAITING, OpeningStage.BEGUN)
        ),
        Transition(Verb.OPENING_BEGIN, OpeningStage.WAITING, OpeningStage.BEGUN, unless=for_two),
        Transition(
            Verb.OPENING_FINISH,
            (OpeningStage.WAITING, OpeningStage.BEGUN),
            OpeningStage.DONE,
            unless=needs_another,
        ),
    )
    __table_args__ = (UniqueConstraint("tender_id", "round"),)

    round: str = rounds.WHOLE
    stage: OpeningStage = Field(default=OpeningStage.WAITING, sa_type=choice(OpeningStage))
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    unanswered_because: str = ""  # why it does not wait for the questions that are not answered
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()
    # Who began, and for which authority; and who finished.
    begun_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    begun_by: Person | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Opening.begun_by_id"}
    )
    begun_for_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    begun_for: Organisation | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Opening.begun_for_id"}
    )
    opened_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    opened_by: Person | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Opening.opened_by_id"}
    )
    opened_for_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    opened_for: Organisation | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Opening.opened_for_id"}
    )

    @property
    def alone(self) -> bool:
        """Whether the tender has one authority."""
        return len(self.tender.partners) == 1

    @property
    def closes_at(self) -> datetime | None:
        return rounds.closes_at(self.tender, self.round)


class ChoiceStage(StrEnum):
    OPEN = "open"
    TOLD = "told"


def nobody_waits(choice: "Choice", at: datetime) -> Refusal:
    tender = choice.tender
    if tender.stage is not Stage.OPEN:
        return "This tender has ended, so nobody goes on."
    if choice.round == rounds.last(tender):
        return "The bids of the last stage are evaluated, so it is not decided here who goes on."
    return None


def nothing_to_take_back(choice: "Choice", at: datetime) -> Refusal:
    if why := nobody_waits(choice, at):
        return why
    if not choice.goes_on:
        return "This bidder does not go on, so there is nothing to take back."
    return None


class Choice(Table, table=True):
    """Whether a bidder goes on to the next stage. It reads so once all of a stage are told; after
    that it can only be taken back that it does.
    """

    workflow: ClassVar[Workflow] = Workflow(
        Transition(Verb.CHOICE_RECORD, ChoiceStage.OPEN, ChoiceStage.OPEN, unless=nobody_waits),
        Transition(Verb.CHOICE_TELL, ChoiceStage.OPEN, ChoiceStage.TOLD, unless=nobody_waits),
        Transition(
            Verb.CHOICE_REVOKE, ChoiceStage.TOLD, ChoiceStage.TOLD, unless=nothing_to_take_back
        ),
    )

    round: str
    stage: ChoiceStage = Field(default=ChoiceStage.OPEN, sa_type=choice(ChoiceStage))
    goes_on: bool
    because: str
    score: Decimal | None = Field(default=None, sa_type=Amount)  # of 100, where it was scored
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    bid_id: UUID = Field(foreign_key="bid.id", unique=True)
    bid: Bid = Relationship()
    tender_id: UUID = Field(foreign_key="tender.id", index=True)
    tender: Tender = Relationship()

    @property
    def scored(self) -> str:
        """Such as "82.5 of 100"."""
        return "" if self.score is None else f"{self.score.normalize():f} of 100"
