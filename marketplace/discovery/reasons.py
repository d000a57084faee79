"""Why a product answers a challenge, and what stands against it: parts, and what each weighs.

The fit of a product is a weighted mean of parts. A part that the challenge does not ask about, or
that a reader turned off, is left out of the mean, so it counts against nobody. The phrases are made
in `weighing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.labels import Labelled
from search.port import Marked


class Part(Labelled):
    """What is weighed: the slug in addresses, and the label of the switch that turns it off."""

    WORDS = "words", "What it does, by words and meaning"  # the search engine's own score
    AREA = "area", "Area of work"
    STANDARDS = "standards", "Standards"
    CPV = "cpv", "Procurement codes (CPV)"
    BUDGET = "budget", "Price against the budget"
    USE = "use", "Authorities that use it"
    SYSTEMS = "systems", "Systems it works with"
    RECENCY = "recency", "How recent its listing is"
    DEPLOYMENT = "deployment", "Where it runs"


WEIGHTS: Mapping[Part, float] = {
    Part.WORDS: 0.52,
    Part.AREA: 0.16,
    Part.STANDARDS: 0.12,
    Part.CPV: 0.06,
    Part.BUDGET: 0.05,
    Part.USE: 0.04,
    Part.SYSTEMS: 0.04,
    Part.RECENCY: 0.01,
    Part.DEPLOYMENT: 0.0,  # a challenge does not ask where something runs, so it is only told
}


class Standing(StrEnum):
    """How a product stands on one part; also the squares of the picture."""

    MET = "met"
    CLAIMED = "claimed"  # the supplier says so, nobody has checked
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """How a product stands on one part, in words; the strength runs from 0 to 1.

    A part can have several, of which each has its share of the part's weight. `each` names what a
    reason speaks of where that is several things: the squares of the picture.
    """

    part: Part
    standing: Standing
    pieces: Marked
    strength: float
    share: float = 1.0
    each: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        return "".join(text for text, _ in self.pieces)


class Fit(StrEnum):
    """How well a product answers, in a word; the least that it takes for each is in `LEAST`."""

    STRONG = "Strong"
    GOOD = "Good"
    PARTIAL = "Partial"


LEAST: Mapping[Fit, float] = {Fit.STRONG: 0.75, Fit.GOOD: 0.60, Fit.PARTIAL: 0.50}


def total(reasons: Sequence[Reason]) -> float:
    """The weighted mean of the strengths, from 0 to 1; nothing that weighs is 0."""
    weights = [WEIGHTS[reason.part] * reason.share for reason in reasons]
    reached = sum(weight * reason.strength for weight, reason in zip(weights, reasons, strict=True))
    return reached / sum(weights) if any(weights) else 0.0


def fit(reasons: Sequence[Reason]) -> Fit | None:
    """None when it is too far away to be called an answer.

    The engine's score says which of the products comes first, not how near that is. So what is
    listed for other work is at most a partial fit, however alike the words.
    """
    reached = total(reasons)
    best = next((word for word, least in LEAST.items() if reached >= least), None)
    elsewhere = any(r.part is Part.AREA and r.standing is Standing.MISSING for r in reasons)
    return Fit.PARTIAL if best and elsewhere else best
