"""How a product stands on each part of a challenge, in phrases that a person would say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product as pairs
from uuid import UUID

from marketplace.catalogue.models import Deployment, PriceModel, Product
from marketplace.challenges.models import Challenge
from marketplace.claims.queries import Standing as Held
from marketplace.claims.standing import Word
from marketplace.core.times import in_london
from marketplace.discovery.demands import Demand, works_with
from marketplace.discovery.reasons import Part, Reason, Standing
from marketplace.organisations import tiles
from marketplace.organisations.models import Organisation
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band

TOLD = 6  # words in a phrase; more are not read
NAMED = 4  # standards and systems named in a phrase
TOO_SHORT = 2  # letters of a word that tells nothing by itself
RECENT, OLD = 365, 3 * 365  # days since a product was listed
UNTOLD = 0.3  # the strength of what a listing does not say: neither for it nor all against it
IN_PART, CLAIMED = 0.7, 0.5  # the strength of a standard that is met in part, or only claimed


@dataclass(frozen=True, slots=True)
class Asking:
    """A challenge with what is known about it beside its own words."""

    challenge: Challenge
    demands: Sequence[Demand] = ()
    runs: Sequence[str] = ()  # products that its authority uses, as it confirms
    today: date = date.max

    @property
    def poster(self) -> Organisation:
        return self.challenge.organisation


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a product beside its listing."""

    score: float = 0.0  # the search engine's
    terms: Sequence[str] = ()  # the words that carried it
    users: Sequence[Organisation] = ()  # the authorities that are said to use it
    held: Mapping[str, Held] = field(default_factory=dict)  # by the key of a standard
    confirmed: frozenset[UUID] = frozenset()  # those of them that say so themselves


def weigh(asking: Asking, product: Product, known: Known, reader: UUID) -> tuple[Reason, ...]:
    """Every part of how a product answers a challenge, weightiest first. The reader's own authority
    is named first.
    """
    challenge = asking.challenge
    one_each = (
        _words(known.score, known.terms),
        _area(challenge.area, product.areas),
    )
    then = (
        _codes(challenge.cpv, product.cpv),
        _budget(challenge.band, product.band, product.price_model),
        _use(known.users, known.confirmed, reader, asking.poster),
        *_systems(asking, product.integrations),
        _recency(in_london(product.created_at).date(), asking.today),
        _deployment(product.deployment),
    )
    told = (*one_each, *_standards(asking.demands, known.held), *then)
    return tuple(reason for reason in told if reason)


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


def _use(
    users: Sequence[Organisation], confirmed: frozenset[UUID], reader: UUID, poster: Organisation
) -> Reason:
    """Authorities like the one that posted the challenge count for more; who reads does not."""
    if not users:
        return _plain(Part.USE, Standing.UNKNOWN, "whether any authority uses it", 0)
    first = {reader: 0, poster.id: 1}
    near = {user.id for user in users if tiles.adjoin(user.gss_code, poster.gss_code)}
    users = sorted(
        users, key=lambda user: (first.get(user.id, 2), user.id not in near, user.called)
    )
    names = [_named(user, reader) for user in users[:3]]
    if more := len(users) - len(names):
        names.append(f"{more} more")
    says = f"Used by {listed(names)}, {_says_who(users, confirmed)}"
    if neighbours := [user.called for user in users[:3] if user.id in near]:
        borders = "borders" if len(neighbours) == 1 else "border"
        says += f"; {listed(neighbours)} {borders} on {poster.called}"
    alike = sum(_alikeness(user, poster, near) for user in users)
    standing = Standing.MET if confirmed else Standing.CLAIMED
    return _plain(Part.USE, standing, says, min(1, alike / 3))


def _says_who(users: Sequence[Organisation], confirmed: frozenset[UUID]) -> str:
    """Whose word it is: each authority confirms or denies what a supplier claims of it."""
    sure = [user.called for user in users if user.id in confirmed]
    if not sure:
        return "as its supplier claims"
    confirms = "it confirms" if len(users) == 1 else "they confirm"
    return f"as {confirms}" if len(sure) == len(users) else f"confirmed by {_short(sure)}"


def _alikeness(user: Organisation, poster: Organisation, near: set[UUID]) -> float:
    if user.id == poster.id or user.id in near:
        return 1.5
    return 1.0 if user.authority_type == poster.authority_type else 0.5


def _named(user: Organisation, reader: UUID) -> str:
    return f"{user.called} (your own authority)" if user.id == reader else user.called


def _deployment(offered: Deployment | None) -> Reason:
    if offered is None:
        return _plain(Part.DEPLOYMENT, Standing.UNKNOWN, "where it runs", 0)
    return _plain(Part.DEPLOYMENT, Standing.MET, offered.label, 1)


# ---- Standards, systems and time


def _standards(demands: Sequence[Demand], held: Mapping[str, Held]) -> list[Reason]:
    """Up to four phrases: what is met, met in part, claimed, and what is not."""
    if not demands:
        return []
    whole = sum(demand.weight for demand in demands)
    if not held:
        titles = tuple(demand.title for demand in demands)
        says = f"whether it meets {_short(titles)}"
        return [Reason(Part.STANDARDS, Standing.UNKNOWN, ((says, False),), UNTOLD, 1.0, titles)]
    groups: dict[str, list[Demand]] = {name: [] for name in _STANDARDS}
    for demand in demands:
        groups[_group(held.get(demand.key))].append(demand)
    reasons = []
    for name, (standing, words, strength) in _STANDARDS.items():
        if those := groups[name]:
            titles = tuple(demand.title for demand in those)
            share = sum(demand.weight for demand in those) / whole
            said = ((words.format(_short(titles)), False),)
            reasons.append(Reason(Part.STANDARDS, standing, said, strength, share, titles))
    return reasons


_STANDARDS: Mapping[str, tuple[Standing, str, float]] = {
    "met": (Standing.MET, "Assessed as meeting {}", 1.0),
    "in part": (Standing.CLAIMED, "Assessed as meeting in part: {}", IN_PART),
    "claimed": (Standing.CLAIMED, "Claims to meet {}, not assessed yet", CLAIMED),
    "no longer": (Standing.MISSING, "Assessed and not met, or met no longer: {}", 0.0),
    "missing": (Standing.MISSING, "Does not claim to meet {}", 0.0),
}


def _group(held: Held | None) -> str:
    if held is None or held.word is Word.WITHDRAWN:
        return "missing"
    if held.word is Word.CLAIMED:
        return "claimed"
    if not held.word.counts:
        return "no longer"
    return "in part" if held.word is Word.PARTLY else "met"


def _short(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listed([*names[:NAMED], f"{more} more"] if more > 0 else names)


def _systems(asking: Asking, integrations: Sequence[str]) -> Iterable[Reason]:
    """What the challenge names, and beside that what its authority is known to run."""
    named = asking.challenge.systems
    works = [name for name in named if works_with(integrations, name)]
    runs = [name for name in asking.runs if name not in named and works_with(integrations, name)]
    silent = [name for name in named if name not in works]
    whole = len(named) + len(runs)
    if fits := (*works, *runs):
        says = f"Works with {_short(fits)}"
        says += f", which {asking.poster.called} runs" if runs and not works else ""
        pieces = ((says, False),)
        yield Reason(Part.SYSTEMS, Standing.MET, pieces, 1.0, len(fits) / whole, fits)
    if silent:
        pieces = ((f"whether it works with {_short(silent)}", False),)
        share = len(silent) / whole
        yield Reason(Part.SYSTEMS, Standing.UNKNOWN, pieces, UNTOLD, share, tuple(silent))


def _recency(since: date, today: date) -> Reason | None:
    """A listing that is new counts a little; one that has stood for years counts nothing."""
    if today == date.max:
        return None
    age = (today - since).days
    strength = min(1.0, max(0.0, (OLD - age) / (OLD - RECENT)))
    return _plain(Part.RECENCY, Standing.MET, f"Listed since {since:%B %Y}", strength)
