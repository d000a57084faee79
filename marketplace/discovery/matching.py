"""Which offerings answer a challenge, and which challenges a supplier's products answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from marketplace import policy
from marketplace.catalogue.documents import offer_text
from marketplace.catalogue.models import Deployment, PriceModel, Product
from marketplace.challenges.documents import needs_text
from marketplace.challenges.models import Challenge, Stage
from marketplace.core.context import Context
from marketplace.discovery import queries, reasons
from marketplace.discovery.finding import identity
from marketplace.discovery.reasons import Fit, Reason, Standing
from marketplace.organisations.models import Organisation
from marketplace.reference.bands import Band
from search.port import Index, Match, Need
from search.words import fold, stem

EVERYBODY = frozenset({"public"})  # a product that everybody finds is a listed one
CANDIDATES = 60  # places in a ranking; what comes later is too far away whatever else it has
CHALLENGES = 30  # the same of the challenges near to a product, of which only good fits are told
ASKED = 6  # questions to the index about one supplier's products, however many they are
WELL = {Fit.STRONG, Fit.GOOD}  # the fits that a supplier is told of; a partial one would be noise
CARRYING = 12  # words of a need told at the top of its matches
NEAREST = 3  # shown when nothing answers
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader asks of the answers beyond what the challenge says."""

    deployment: frozenset[Deployment] = frozenset()
    sme: bool = False
    within_budget: bool = False
    without: tuple[str, ...] = ()  # words of the need that shall not count

    @property
    def narrow(self) -> bool:
        """Whether they leave products out."""
        return bool(self.deployment or self.sme or self.within_budget)


NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Answer:
    """That a product answers a challenge, how well, and why."""

    product: Product
    challenge: Challenge
    terms: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return reasons.total(self.reasons)

    @property
    def fit(self) -> Fit | None:
        """None: too far away to be called an answer."""
        return reasons.fit(self.reasons)

    @property
    def because(self) -> list[Reason]:
        return self._standing(Standing.MET, Standing.CLAIMED)

    @property
    def against(self) -> list[Reason]:
        return self._standing(Standing.MISSING)

    @property
    def unknown(self) -> list[Reason]:
        """What the listing does not say."""
        return self._standing(Standing.UNKNOWN)

    @property
    def squares(self) -> list[tuple[str, str]]:
        """For the picture: how it stands, and on what."""
        return [(reason.standing.value, reason.says) for reason in self.reasons]

    def _standing(self, *standings: Standing) -> list[Reason]:
        return [reason for reason in self.reasons if reason.standing in standings]


def offerings(
    ctx: Context, index: Index, challenge: Challenge, size: int = 10, wishes: Wishes = NO_WISHES
) -> list[Answer]:
    """The listed products that answer a challenge and are as wished, best first."""
    answers = _weighed(ctx, index, challenge, wishes)
    return [answer for answer in answers if answer.fit and not shortfalls(answer, wishes)][:size]


def nearest(
    ctx: Context, index: Index, challenge: Challenge, wishes: Wishes = NO_WISHES
) -> list[Answer]:
    """What comes closest when nothing answers: however far away, and whatever else was wished."""
    return _weighed(ctx, index, challenge, wishes)[:NEAREST]


def _weighed(ctx: Context, index: Index, challenge: Challenge, wishes: Wishes) -> list[Answer]:
    """What the index thinks best, weighed again with all that is known.

    The index is not asked to filter: its scores are places in a ranking, so a product would fit
    better for nothing but the absence of others.
    """
    need = Need(
        _leaving_out(needs_text(challenge), wishes.without),
        EVERYBODY,
        frozenset({"product"}),
        size=CANDIDATES,
    )
    matches = {identity(match.id): match for match in index.match(need)}
    products = queries.listed(ctx, matches)
    users = queries.seen_uses(ctx, products)
    answers = [
        _answer(ctx, challenge, product, matches[id].score, matches[id].terms, users)
        for id, product in products.items()
    ]
    return _best_first(answers)


def needs(ctx: Context, index: Index, supplier_id: UUID, size: int = 10) -> list[Answer]:
    """The open challenges that a supplier's listed products answer well, each with the product that
    answers it best.
    """
    return _answered(ctx, index, queries.listed_by(ctx, supplier_id), size)


def needs_for(ctx: Context, index: Index, product: Product, size: int = 10) -> list[Answer]:
    """The open challenges that one product answers well."""
    return _answered(ctx, index, [product], size)


def _answered(ctx: Context, index: Index, products: Sequence[Product], size: int) -> list[Answer]:
    found: list[tuple[UUID, Product, Match]] = []
    for together in _asked_together(products):
        for match in index.match(_offer(ctx, together)):
            found += [(identity(match.id), product, match) for product in together]
    challenges = queries.open_now(ctx, {id for id, _, _ in found})
    users = queries.seen_uses(ctx, [product.id for product in products])
    answers = _best_first(
        _answer(ctx, challenges[id], product, match.score, _own(match.terms, product), users)
        for id, product, match in found
        if id in challenges
    )
    best = {answer.challenge.id: answer for answer in reversed(answers)}
    return [answer for answer in _best_first(best.values()) if answer.fit in WELL][:size]


def _asked_together(products: Sequence[Product]) -> list[list[Product]]:
    """Few products one by one. Many in as many parts as `ASKED`, those of one area side by side."""
    by_area = sorted(products, key=lambda product: sorted(product.areas))
    each = ceil(len(products) / ASKED)
    return [by_area[start : start + each] for start in range(0, len(products), each or 1)]


def _offer(ctx: Context, products: Iterable[Product]) -> Need:
    return Need(
        "\n".join(map(offer_text, products)),
        policy.audience(ctx.actor),
        frozenset({"challenge"}),
        {"stage": frozenset({Stage.OPEN.value})},
        CHALLENGES,
    )


def _own(terms: Iterable[str], product: Product) -> tuple[str, ...]:
    """The terms that are this product's, where several were asked about together."""
    text = offer_text(product).casefold()
    return tuple(term for term in terms if term.casefold() in text)


def _answer(
    ctx: Context,
    challenge: Challenge,
    product: Product,
    score: float,
    terms: tuple[str, ...],
    users: Mapping[UUID, list[Organisation]],
) -> Answer:
    told = reasons.weigh(
        challenge,
        product,
        score=score,
        terms=terms,
        users=users.get(product.id, []),
        reader=ctx.actor.organisation_id,
    )
    return Answer(product, challenge, terms, told)


def _best_first(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda a: (-a.score, -len(a.terms), a.product.name))


def carrying(answers: Iterable[Answer]) -> list[str]:
    """The words of the need that carried the answers, those that carried most of them first."""
    weight: dict[str, float] = defaultdict(float)
    for answer in answers:
        for place, term in enumerate(answer.terms):
            weight[term] += 1 / (1 + place)
    return sorted(weight, key=lambda term: -weight[term])[:CARRYING]


def single_words(typed: Iterable[str]) -> tuple[str, ...]:
    """Those of these texts that are one word, each once: only words can be left out of a need."""
    words = (text for text in typed if _WORD.fullmatch(text))
    return tuple(dict.fromkeys(words))


def _leaving_out(text: str, words: Iterable[str]) -> str:
    """The text without these words in any of their forms."""
    stems = {stem(fold(word)) for word in words}
    return _WORD.sub(lambda found: "" if stem(fold(found[0])) in stems else found[0], text)


def shortfalls(answer: Answer, wishes: Wishes) -> list[str]:
    """What a reader wished for and this product is not, in phrases."""
    product, budget = answer.product, answer.challenge.band
    says = []
    if wishes.deployment and product.deployment not in wishes.deployment:
        says.append("It does not run where you asked")
    if wishes.sme and not product.organisation.is_sme:
        says.append("Its supplier is not a small or medium-sized enterprise")
    if wishes.within_budget and budget and not _affordable(product, budget):
        says.append("Its price is above the budget, or not given")
    return says


def _affordable(product: Product, budget: Band) -> bool:
    if product.band is None:
        return product.price_model is PriceModel.FREE
    return product.band.low <= budget.low
