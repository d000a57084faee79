"""How bids get points: what a score means, how prices become points, and what decides a tie. All of
it is data, each formula with its rule in words and in arithmetic.

Section 23 of the Procurement Act 2023 asks a tender to say how bids are assessed and how much each
criterion counts. Points are fractions until they are rounded, once, to the hundredth.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from marketplace.core.labels import Labelled

SCALE = (  # what a score of ten means, unless a tender says otherwise
    "0 Not answered, or nothing of what was asked for",
    "2 Poor: little of what was asked for, with major gaps",
    "4 Weak: some of what was asked for, with gaps that matter",
    "6 Sufficient: what was asked for, with small gaps",
    "8 Good: all that was asked for, in detail",
    "10 Excellent: all that was asked for, and shown beyond doubt",
)
MOST_POINTS = 10  # of a score
HUNDREDTH = Decimal("0.01")
EXAMPLE = (Decimal(100_000), Decimal(110_000), Decimal(150_000))  # pounds


class PriceFormula(Labelled):
    LOWEST = "lowest", "Lowest price ratio"
    MEAN = "mean", "Distance from the mean price"
    BANDS = "bands", "Table of bands above the lowest price"


class TieRule(Labelled):
    """What decides between bids whose points are equal. Where all of it is equal, lots are drawn:
    by the fingerprints that the bids were given when they were submitted.
    """

    QUALITY = "quality", "More points for quality, then lots are drawn"
    PRICE = "price", "The lower price, then more points for quality, then lots are drawn"
    LOTS = "lots", "Lots are drawn"


@dataclass(frozen=True, slots=True)
class Formula:
    says: str
    share: Callable[[Decimal, Sequence[Decimal]], Fraction]  # of the points, from none to all


# How much above the lowest price, in per cent, still gets which share of the points, in per cent.
BANDS = ((0, 100), (5, 80), (10, 60), (20, 40), (50, 20))


def _lowest(price: Decimal, prices: Sequence[Decimal]) -> Fraction:
    return Fraction(min(prices)) / Fraction(price) if price else Fraction(1)


def _mean(price: Decimal, prices: Sequence[Decimal]) -> Fraction:
    mean = Fraction(sum(prices, Decimal(0))) / len(prices)
    if not mean:
        return Fraction(1, 2)
    return min(Fraction(1), max(Fraction(0), Fraction(3, 2) - Fraction(price) / mean))


def _bands(price: Decimal, prices: Sequence[Decimal]) -> Fraction:
    lowest = Fraction(min(prices))
    for above, share in BANDS:
        if Fraction(price) <= lowest * (100 + above) / 100:
            return Fraction(share, 100)
    return Fraction(0)


FORMULAS: Mapping[PriceFormula, Formula] = {
    PriceFormula.LOWEST: Formula(
        "The lowest price gets all the points. Another gets the lowest price divided by its own.",
        _lowest,
    ),
    PriceFormula.MEAN: Formula(
        "The mean of all prices gets half the points. A price gains or loses one hundredth of the "
        "points for each per cent that it is below or above the mean.",
        _mean,
    ),
    PriceFormula.BANDS: Formula(
        "The lowest price gets all the points. "
        + " ".join(f"Up to {above}% above it gets {share}%." for above, share in BANDS[1:])
        + " A higher price gets none.",
        _bands,
    ),
}


def rounded(points: Fraction) -> Decimal:
    """To the hundredth, a half upwards."""
    cut = Decimal((points * 100 + Fraction(1, 2)).__floor__())
    return (cut / 100).quantize(HUNDREDTH, ROUND_HALF_UP)


def points(
    formula: PriceFormula, weight: Decimal, price: Decimal, prices: Sequence[Decimal]
) -> Decimal:
    """The points of a price among all prices that are considered, of which it is one."""
    return rounded(Fraction(weight) * FORMULAS[formula].share(price, prices))
