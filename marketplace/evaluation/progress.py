"""How far a panel is: who still has to score what, and what stands in the way of the next step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.bids.asking import Asked
from marketplace.bids.models import Bidder
from marketplace.evaluation.finding_models import Disregard, Exchange, Judgement
from marketplace.evaluation.models import (
    LEAST_EVALUATORS,
    Agreed,
    Question,
    QuestionStage,
    Seat,
    SeatRole,
    SeatStage,
)
from marketplace.tenders.models import Publication

Sent = Set[tuple[UUID, UUID]]  # who sent scores for what, by seat and question
# Who is waited for: a seat whose holder does not sit yet may sit tomorrow.
EXPECTED = (SeatStage.NAMED, SeatStage.WAITING, SeatStage.SITTING)


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that stands in the way, and the page beneath the evaluation where it is done."""

    says: str
    place: str = ""


def scorers(question: Question, seats: Iterable[Seat]) -> list[Seat]:
    """The seats that score a question: all evaluators or, where it is local, one authority's."""
    return [
        one
        for one in seats
        if one.role is SeatRole.EVALUATOR
        and one.stage in EXPECTED
        and question.organisation_id in (None, one.organisation_id)
    ]


def missing(question: Question, seats: Iterable[Seat], sent: Sent) -> list[Seat]:
    """Who still has to send scores for a question."""
    return [one for one in scorers(question, seats) if (one.id, question.id) not in sent]


def counted(question: Question, seats: Iterable[Seat], sent: Sent) -> list[Seat]:
    """Whose scores for a question count: of all who sent some, who does not stand aside now."""
    return [
        one for one in seats if one.stage is not SeatStage.ASIDE and (one.id, question.id) in sent
    ]


# ---- Before scoring


def before_scoring(
    asked: Asked, seats: Sequence[Seat], names: Mapping[str, str], bids: int, *, opened: bool
) -> list[Blocker]:
    """What has to be there before scoring begins, for whoever would begin it."""
    return [*_panel(seats), *_bids(bids, opened=opened), *_local(asked, seats, names)]


def _panel(seats: Sequence[Seat]) -> Iterator[Blocker]:
    sitting = [one for one in seats if one.stage is SeatStage.SITTING]
    evaluators = sum(1 for one in sitting if one.role is SeatRole.EVALUATOR)
    if evaluators < LEAST_EVALUATORS:
        lacking = LEAST_EVALUATORS - evaluators
        more = "one more evaluator" if lacking == 1 else f"{lacking} evaluators"
        yield Blocker(f"The panel needs {more} with declared interests")
    if not any(one.role is SeatRole.CHAIR for one in sitting):
        yield Blocker("The panel needs a chair with declared interests")
    for one in seats:
        if one.stage is SeatStage.WAITING:
            says = f"{one.holder} declared an interest, and the lead has not decided"
            yield Blocker(says, f"seats/{one.id}")


def _bids(bids: int, *, opened: bool) -> Iterator[Blocker]:
    if not opened:
        yield Blocker("The bids are not opened yet", "../bids")
    elif not bids:
        yield Blocker("No bid was submitted, so there is nothing to score", "../bids")


def _local(asked: Asked, seats: Sequence[Seat], names: Mapping[str, str]) -> Iterator[Blocker]:
    judging = {
        str(one.organisation_id)
        for one in seats
        if one.stage is SeatStage.SITTING and one.role is SeatRole.EVALUATOR
    }
    for one in asked.questions:
        if one.local_to and one.local_to not in judging:
            name = names.get(one.local_to, "Its authority")
            yield Blocker(f"{name} has no evaluator for its own criterion “{one.title}”")


# ---- Before quality is locked


@dataclass(frozen=True, slots=True)
class Judged:
    """What the panel found of the bids: all that a ranking is reckoned from, but the prices."""

    newest: Publication
    asked: Asked
    bidders: Sequence[tuple[Bidder, Disregard | None]]
    agreed: Mapping[tuple[UUID, UUID], Agreed]  # by criterion and bid
    judgements: Mapping[tuple[UUID, str], Judgement]
    over: Set[UUID]  # the bids for ended lots alone

    @property
    def considered(self) -> list[Bidder]:
        return [one for one, gone in self.bidders if gone is None and one.bid_id not in self.over]


@dataclass(frozen=True, slots=True)
class Found(Judged):
    """All that is known of a panel's work, read once for a page."""

    seats: Sequence[Seat]
    questions: Mapping[str, Question]
    sent: Sent
    exchanges: Sequence[Exchange]
    at: datetime

    def title(self, question: Question) -> str:
        its = str(question.criterion_id)
        return next((one.title for one in self.asked.questions if one.id == its), "")


def before_locking(found: Found) -> list[Blocker]:
    waits = _exchanges(found.exchanges, [one for one, _ in found.bidders], found.at)
    return [*_scores(found), *_standards(found), *waits]


def _scores(found: Found) -> Iterator[Blocker]:
    for question in found.questions.values():
        title = found.title(question)
        if question.stage is QuestionStage.SCORING:
            late = missing(question, found.seats, found.sent)
            who = " and ".join(one.holder for one in late) or "Nobody"
            said = "have not" if len(late) > 1 else "has not" if late else "has"
            yield Blocker(f"{who} {said} sent scores for “{title}”", f"questions/{question.id}")
            continue
        for bidder in found.considered:
            if (question.criterion_id, bidder.bid_id) not in found.agreed:
                place = f"questions/{question.id}/bidders/{bidder.id}/agreed"
                yield Blocker(f"No score is agreed for “{title}”, {bidder.called}", place)


def met(bidder: Bidder, version_id: str, judgements: Mapping[tuple[UUID, str], Judgement]) -> bool:
    """Whether a bid meets a standard: as the panel found or, where it did not, as assessed."""
    if found := judgements.get((bidder.bid_id, version_id)):
        return found.met
    return bool(assessed(bidder, version_id))


def assessed(bidder: Bidder, version_id: str) -> str:
    """The outcome of the assessed claim that the bid relies on, when it counts as met."""
    for one in bidder.standards:
        if one["version_id"] == version_id and (claim := one["claim"]):
            outcome = str(claim["outcome"])
            return outcome if outcome in COUNTS_AS_MET else ""
    return ""


COUNTS_AS_MET = frozenset({"Met"})


def _standards(found: Found) -> Iterator[Blocker]:
    for wanted in found.asked.standards:
        if not wanted.mandatory:
            continue
        for bidder in found.considered:
            known = (bidder.bid_id, wanted.version_id) in found.judgements
            if not known and not assessed(bidder, wanted.version_id):
                place = f"bidders/{bidder.id}/standards/{wanted.version_id}"
                yield Blocker(f"Say whether {bidder.called} meets {wanted.name}", place)


def _exchanges(
    exchanges: Iterable[Exchange], bidders: Iterable[Bidder], at: datetime
) -> Iterator[Blocker]:
    called = {one.bid_id: one.called for one in bidders}
    for one in exchanges:
        if one.waits(at):
            says = f"{called.get(one.bid_id, 'A bidder')} still has time to answer a question"
            yield Blocker(says, "exchanges")


def before_final(
    exchanges: Iterable[Exchange], bidders: Iterable[Bidder], at: datetime
) -> list[Blocker]:
    """Quality is locked: what is left are the answers that bidders still have time for."""
    return list(_exchanges(exchanges, bidders, at))


def scored_and_aside(seats: Iterable[Seat], sent: Sent) -> list[Seat]:
    """Who has scored and stands aside now."""
    those = {seat for seat, _ in sent}
    return [one for one in seats if one.stage is SeatStage.ASIDE and one.id in those]
