"""Points, totals and places, reckoned from what the panel agreed on and what bids ask. Nothing here
looks anything up: the same facts give the same ranking, before it is final and after.

Points of a criterion are its weight times the agreed score of ten, rounded to the hundredth; sums
are of what was rounded, so every page and file shows sums that add up.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from marketplace.bids.asking import Asked, Question
from marketplace.law.points import MOST_POINTS, TieRule, points, rounded
from marketplace.tenders.content import weight
from marketplace.tenders.sharing import Measure

Agreements = Mapping[tuple[str, UUID], Decimal]  # the score of ten, by criterion and bid
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A bid as it stands before the ranking: what speaks against it, and what it asks by lot."""

    bid_id: UUID
    number: int
    fingerprint: str
    against: str = ""  # why it cannot be awarded at all
    offers: Mapping[UUID | None, Decimal] = field(default_factory=dict)
    lots: frozenset[UUID | None] = frozenset()  # that it is for


@dataclass(frozen=True, slots=True)
class Lot:
    """What is awarded by itself: a lot or, with no id, all of the tender. The authorities that buy
    it, by id, each with its part.
    """

    id: UUID | None
    title: str
    parts: Mapping[str, Fraction]
    by: Measure


@dataclass(frozen=True, slots=True)
class Result:
    """A bid in a lot, with its points by criterion."""

    entrant: Entrant
    by_criterion: Mapping[str, Decimal]
    quality: Decimal
    price: Decimal
    offer: Decimal | None
    because: str = ""
    position: int | None = None

    @property
    def total(self) -> Decimal:
        return self.quality + self.price


def weight_in(question: Question, lot: Lot) -> Fraction:
    """How much a criterion counts in a lot: one that is local to an authority for the part of that
    authority in it, and where it takes no part for nothing.
    """
    weight = Fraction(question.weight)
    return weight * lot.parts.get(question.local_to, Fraction(0)) if question.local_to else weight


def counting(asked: Asked, lot: Lot) -> list[Question]:
    """The criteria that count in a lot."""
    return [one for one in asked.questions if weight_in(one, lot)]


def in_lot(asked: Asked, lot: Lot) -> Asked:
    """What a lot asks: the criteria that count in it, with what they count there."""
    counts = [
        replace(one, weight=weight(rounded(weight_in(one, lot)))) for one in counting(asked, lot)
    ]
    return replace(asked, questions=counts)


def ranking(
    asked: Asked, lot: Lot, entrants: Iterable[Entrant], agreed: Agreements
) -> list[Result]:
    """The bids for a lot, the first first, and those that cannot be awarded last, by number."""
    every = [one for one in entrants if lot.id in one.lots]
    scored = [_scored(asked, lot, one, agreed) for one in every]
    prices = [one.offer for one in scored if not one.because and one.offer is not None]
    priced = [_priced(asked, one, prices) for one in scored]
    draw = _draw(lot, every)
    able = sorted((one for one in priced if not one.because), key=_order(asked.ties, draw))
    unable = sorted((one for one in priced if one.because), key=lambda one: one.entrant.number)
    return [*(replace(one, position=place) for place, one in enumerate(able, 1)), *unable]


def _scored(asked: Asked, lot: Lot, entrant: Entrant, agreed: Agreements) -> Result:
    found: dict[str, Decimal] = {}
    against = [entrant.against] if entrant.against else []
    for question in counting(asked, lot):
        if question.priced:
            continue
        score = agreed.get((question.id, entrant.bid_id), Decimal(0))
        found[question.id] = rounded(weight_in(question, lot) * Fraction(score) / MOST_POINTS)
        if question.minimum and score < question.minimum and not entrant.against:
            against.append(
                f"It has {score:f} of 10 for “{question.title}” and needs {question.minimum}."
            )
    offer = entrant.offers.get(lot.id)
    if offer is None and not entrant.against:
        against.append("It gives no price for this lot.")
    quality = sum(found.values(), NOTHING)
    return Result(entrant, found, quality, NOTHING, offer, " ".join(against))


def _priced(asked: Asked, result: Result, prices: Sequence[Decimal]) -> Result:
    """With the points for its price, among the prices of all bids that can be awarded."""
    if result.because or result.offer is None:
        return result
    found = {
        one.id: points(asked.price_formula, Decimal(one.weight), result.offer, prices)
        for one in asked.questions
        if one.priced
    }
    return replace(
        result,
        by_criterion={**result.by_criterion, **found},
        price=sum(found.values(), NOTHING),
    )


def _order(ties: TieRule, draw: Mapping[UUID, str]) -> Callable[[Result], Any]:
    def key(one: Result) -> Any:
        drawn = draw[one.entrant.bid_id]
        match ties:
            case TieRule.QUALITY:
                return -one.total, -one.quality, drawn
            case TieRule.PRICE:
                return -one.total, one.offer, -one.quality, drawn
        return -one.total, drawn

    return key


def _draw(lot: Lot, entrants: Iterable[Entrant]) -> Mapping[UUID, str]:
    """Lots, drawn so that anybody can draw them again, and no bidder could have known them: from
    the fingerprints of all bids together.
    """
    every = list(entrants)
    all_of_them = "".join(sorted(one.fingerprint for one in every)) + str(lot.id or "")
    return {
        one.bid_id: hashlib.sha256((one.fingerprint + all_of_them).encode()).hexdigest()
        for one in every
    }


def tied(results: Sequence[Result]) -> Iterator[tuple[Result, Result]]:
    """Neighbours with equal points, which the tender's rule put in order."""
    able = [one for one in results if one.position]
    return ((a, b) for a, b in pairwise(able) if a.total == b.total)


# ---- The spread of individual scores


@dataclass(frozen=True, slots=True)
class Spread:
    """What the members of a panel gave a bid for a question, each alone."""

    scores: tuple[int, ...]  # the lowest first

    @classmethod
    def of(cls, scores: Iterable[int]) -> "Spread":
        return cls(tuple(sorted(scores)))

    @property
    def width(self) -> int:
        return self.scores[-1] - self.scores[0] if self.scores else 0

    @property
    def mean(self) -> Decimal | None:
        if not self.scores:
            return None
        return rounded(Fraction(sum(self.scores), len(self.scores)))

    @property
    def median(self) -> Decimal | None:
        return Decimal(str(median(self.scores))) if self.scores else None

    @property
    def unanimous(self) -> bool:
        return len(self.scores) > 1 and not self.width

    @property
    def rings(self) -> list[tuple[int, int]]:
        """Each score that was given, and how often."""
        return [(one, self.scores.count(one)) for one in sorted(set(self.scores))]
