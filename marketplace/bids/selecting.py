"""Which bids of a stage are the first by their scores, where its tender said how many go on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from marketplace.bids.models import Choice


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one bid."""

    goes_on: bool
    because: str
    score: Decimal | None = None

    @classmethod
    def of(cls, choice: Choice) -> "Said":
        return cls(choice.goes_on, choice.because, choice.score)


@dataclass(frozen=True, slots=True)
class First:
    """Those that go on by their scores, and those that have the same score for the last places."""

    on: Collection[UUID]
    tied: Collection[UUID]
    places: int  # that are left for those


def first(scores: Mapping[UUID, Decimal], most: int) -> First:
    """Nobody is cut off by chance: where the edge runs through equal scores, people decide."""
    if len(scores) <= most:
        return First(set(scores), (), 0)
    edge = sorted(scores.values(), reverse=True)[most - 1]
    above = {id for id, score in scores.items() if score > edge}
    at = {id for id, score in scores.items() if score == edge}
    if len(above) + len(at) <= most:
        return First(above | at, (), 0)
    return First(above, at, most - len(above))
