"""Why a product answers a challenge, and what stands against it: phrases that a person would say.

The fit of a product is a weighted mean of parts. A part that the challenge does not ask about is
left out of the mean, so what a challenge does not say counts against nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product as pairs
from uuid import UUID

from marketplace.catalogue.models import Deployment, PriceModel, Product
from marketplace.challenges.models import Challenge
from marketplace.organisations.models import Organisation
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from search.port import Marked


class Part(StrEnum):
    WORDS = "words"  # the search engine's own score: words and meaning
    CPV = "cpv"
    AREA = "area"
    BUDGET = "budget"
    USE = "use"
    DEPLOYMENT = "deployment"


WEIGHTS: Mapping[Part, float] = {
    Part.WORDS: 0.60,
    Part.AREA: 0.20,
    Part.CPV: 0.08,
    Part.BUDGET: 0.06,
    Part.USE: 0.06,
    Part.DEPLOYMENT: 0.0,  # a challenge does not ask where something runs, so it is only told
}


TOLD = 6  # words in a phrase; more are not read
TOO_SHORT = 2  # letters of a word that tells nothing by itself


class Standing(StrEnum):
    """How a product stands on one part; also the squares of the picture."""

    MET = "met"
    CLAIMED = "claimed"  # the supplier says so, nobody has checked
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """How a product stands on one part, in words; the strength runs from 0 to 1."""

    part: Part
    standing: Standing
    pieces: Marked
    strength: float

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
    """The weighted mean of the strengths, from 0 to 1."""
    weight = sum(WEIGHTS[reason.part] for reason in reasons)
    return sum(WEIGHTS[reason.part] * reason.strength for reason in reasons) / weight


def fit(reasons: Sequence[Reason]) -> Fit | None:
    """None when it is too far away to be called an answer.

    The engine's score says which of the products comes first, not how near that is. So what is
    listed for other work is at most a partial fit, however alike the words.
    """
    reached = total(reasons)
    best = next((word for word, least in LEAST.items() if reached >= least), None)
    elsewhere = any(r.part is Part.AREA and r.standing is Standing.MISSING for r in reasons)
    return Fit.PARTIAL if best and elsewhere else best


def weigh(
    challenge: Challenge,
    product: Product,
    *,
    score: float,
    terms: Sequence[str],
    users: Sequence[Organisation],
    reader: UUID,
) -> tuple[Reason, ...]:
    """Every part of how a product answers a challenge, weightiest first.

    `score` and `terms` are the search engine's. `users` are the authorities that the supplier
    claims; that of the reader is named first.
    """
    asked = (
        _words(score, terms),
        _area(challenge.area, product.areas),
        _codes(challenge.cpv, product.cpv),
        _budget(challenge.band, product.band, product.price_model),
        _use(users, reader, challenge.organisation_id),
        _deployment(product.deployment),
    )
    return tuple(reason for reason in asked if reason)


def listed(words: Sequence[str]) -> str:
    """Such as "missed, collection and crews"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _plain(part: Part, standing: Standing, says: str, strength: float) -> Reason:
    return Reason(part, standing, ((says, False),), strength)


def _words(score: float, terms: Sequence[str]) -> Reason:
    terms = [term for term in terms if len(term) > TOO_SHORT and not term.isdigit()][:TOLD]
    if not terms:
        says = "Describes something close to this need, in other words"
        return _plain(Part.WORDS, Standing.MET, says, score)
    pieces: list[tuple[str, bool]] = [("Its listing speaks of ", False)]
    for place, term in enumerate(terms):
        if place:
            pieces.append((" and " if place == len(terms) - 1 else ", ", False))
        pieces.append((term, True))
    return Reason(Part.WORDS, Standing.MET, tuple(pieces), score)


def _area(asked: Area | None, offered: Sequence[str]) -> Reason | None:
    if not asked:
        return None
    if not offered:
        return _plain(Part.AREA, Standing.UNKNOWN, "which area of work it is for", 0)
    if asked in offered:
        return _plain(Part.AREA, Standing.MET, f"Made for {asked.label}", 1)
    areas = listed([Area(area).label for area in offered])
    return _plain(Part.AREA, Standing.MISSING, f"Listed for {areas}, not {asked.label}", 0)


def _codes(asked: Sequence[str], offered: Sequence[str]) -> Reason | None:
    """The narrowest procurement class that the two share; a whole division says little."""
    if not asked:
        return None
    if not offered:
        return _plain(Part.CPV, Standing.UNKNOWN, "its procurement codes (CPV)", 0)
    digits, code = max((cpv.covers(one, other), one) for one, other in pairs(asked, offered))
    if not digits:
        return _plain(Part.CPV, Standing.MISSING, "Shares no procurement code (CPV)", 0)
    shared = code[:digits].ljust(len(code), "0")
    says = f"Shares the procurement code {shared} {cpv.label(shared)}".rstrip()
    return _plain(Part.CPV, Standing.MET, says, min(1, (digits - 1) / 5))


def _budget(asked: Band | None, price: Band | None, model: PriceModel | None) -> Reason | None:
    if not asked:
        return None
    if price is None and model is PriceModel.FREE:
        return _plain(Part.BUDGET, Standing.MET, "Free of charge", 1)
    if price is None:
        return _plain(Part.BUDGET, Standing.UNKNOWN, "what it costs", 0.5)
    if price.low > asked.low:
        says = f"Dearer than the budget: {_inside(price)} against {_inside(asked)}"
        return _plain(Part.BUDGET, Standing.MISSING, says, 0)
    if price.low < asked.low:
        says = f"Cheaper than the budget: {_inside(price)}"
        return _plain(Part.BUDGET, Standing.MET, says, 1)
    return _plain(Part.BUDGET, Standing.MET, f"Its price fits the budget: {_inside(price)}", 1)


def _inside(band: Band) -> str:
    """A band's label within a sentence."""
    return band.label[:1].lower() + band.label[1:]


def _use(users: Sequence[Organisation], reader: UUID, poster: UUID) -> Reason:
    if not users:
        return _plain(Part.USE, Standing.UNKNOWN, "whether any authority uses it", 0)
    first = {reader: 0, poster: 1}
    users = sorted(users, key=lambda user: (first.get(user.id, 2), user.called))
    names = [_named(user, reader) for user in users[:3]]
    if more := len(users) - len(names):
        names.append(f"{more} more")
    says = f"Used by {listed(names)}, as its supplier claims"
    return _plain(Part.USE, Standing.CLAIMED, says, min(1, len(users) / 3))


def _named(user: Organisation, reader: UUID) -> str:
    return f"{user.called} (your own authority)" if user.id == reader else user.called


def _deployment(offered: Deployment | None) -> Reason:
    if offered is None:
        return _plain(Part.DEPLOYMENT, Standing.UNKNOWN, "where it runs", 0)
    return _plain(Part.DEPLOYMENT, Standing.MET, offered.label, 1)
