"""Which offerings answer a challenge, and which challenges a supplier's products answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from uuid import UUID

from marketplace import policy
from marketplace.catalogue.documents import offer_text
from marketplace.catalogue.models import Product
from marketplace.challenges.documents import needs_text
from marketplace.challenges.models import Challenge, Stage
from marketplace.claims import queries as claims
from marketplace.claims.queries import Standing as Held
from marketplace.core.context import Context
from marketplace.discovery import queries, reasons, wishes
from marketplace.discovery.demands import Demand, demanded
from marketplace.discovery.finding import identity
from marketplace.discovery.reasons import Fit, Part, Reason, Standing
from marketplace.discovery.weighing import Asking, Known, weigh
from marketplace.discovery.wishes import NO_WISHES, Asked, Wishes
from search.port import Index, Match, Need, Question

EVERYBODY = frozenset({"public"})  # a product that everybody finds is a listed one
CANDIDATES = 60  # places in a ranking; what comes later is too far away whatever else it has
CHALLENGES = 30  # the same of the challenges near to a product, of which only good fits are told
ASKED = 6  # questions to the index about one supplier's products, however many they are
WELL = {Fit.STRONG, Fit.GOOD}  # the fits that a supplier is told of; a partial one would be noise
CARRYING = 12  # words of a need told at the top of its matches
RAISES = 8  # things told to a supplier that would raise a match
NEAREST = 3  # shown when nothing answers


@dataclass(frozen=True, slots=True)
class Answer:
    """That a product answers a challenge, how well, and why."""

    product: Product
    challenge: Challenge
    terms: tuple[str, ...]
    reasons: tuple[Reason, ...]
    held: Mapping[str, Held] = field(default_factory=dict)  # standards by key

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
        """For the picture: how it stands, and on what; one square a standard and a system, and one
        for all of which nothing is known together.
        """
        squares = []
        for reason in self.reasons:
            known = reason.standing is not Standing.UNKNOWN
            of = reason.each if known and reason.each else (reason.says,)
            squares += [(reason.standing.value, says) for says in of]
        return squares

    def _standing(self, *standings: Standing) -> list[Reason]:
        return [reason for reason in self.reasons if reason.standing in standings]


@dataclass(frozen=True, slots=True)
class Missed:
    """A product that somebody missed among the answers."""

    answer: Answer
    place: int  # among the answers; 0: it is not one of them
    lacks: tuple[str, ...]  # of what was wished for


@dataclass(frozen=True, slots=True)
class Ranking:
    """What answers a challenge: those that are as wished, and what was left out and why."""

    answers: tuple[Answer, ...]
    weighed: tuple[Answer, ...]  # all that was looked at, best first
    wishes: Wishes
    demands: tuple[Demand, ...]
    titles: Mapping[str, str]  # of every published standard, by key
    missed: Missed | None = None
    basic: bool = False  # the preferred search engine did not answer, and a simpler one did

    @property
    def excluded(self) -> int:
        """Products that would answer, and that a requirement leaves out."""
        return sum(answer.fit is not None for answer in self.weighed) - len(self.answers)

    @property
    def excluded_because(self) -> Mapping[str, int]:
        return wishes.left_out(self.shortfalls(one) for one in self.weighed if one.fit)

    @property
    def nearest(self) -> tuple[Answer, ...]:
        """What comes closest when nothing answers: however far away, whatever else was wished."""
        return () if self.answers else self.weighed[:NEAREST]

    def shortfalls(self, answer: Answer) -> list[str]:
        return wishes.shortfalls(answer, self.wishes, self.titles)

    def meeting(self, key: str) -> int:
        """How many of the answers are assessed as meeting a standard."""
        return sum(wishes.meets(answer, key) for answer in self.answers)


def rank(ctx: Context, index: Index, challenge: Challenge, asked: Asked | Wishes) -> Ranking:
    """The listed products that answer a challenge, best first.

    The index is not asked to filter: its scores are places in a ranking, so a product would fit
    better for nothing but the absence of others. What it thinks best is weighed again with all
    that is known.
    """
    published = claims.published(ctx)
    titles = {standard.key: standard.title for _, standard in published}
    wished = asked.wishes(titles) if isinstance(asked, Asked) else asked
    missed = _named(ctx, index, asked.missed) if isinstance(asked, Asked) else None
    text = wishes.leaving_out(needs_text(challenge), wished.without)
    need = Need(text, EVERYBODY, frozenset({"product"}), size=CANDIDATES)
    answered = index.match(need)
    matches = {identity(match.id): match for match in answered.matches}
    demands = tuple(demanded(challenge, published))
    found = _answers(ctx, challenge, demands, matches, [missed] if missed else [], wished)
    weighed = _best_first(answer for id, answer in found.items() if id in matches)
    as_wished = [one for one in weighed if one.fit and not wishes.shortfalls(one, wished, titles)]
    ranking = Ranking(
        tuple(as_wished), tuple(weighed), wished, demands, titles, basic=answered.basic
    )
    if not missed or missed not in found:
        return ranking
    theirs = found[missed]
    place = as_wished.index(theirs) + 1 if theirs in as_wished else 0
    lacks = tuple(ranking.shortfalls(theirs))
    return replace(ranking, missed=Missed(theirs, place, lacks))


def _named(ctx: Context, index: Index, name: str) -> UUID | None:
    """The listed product that is meant by a name."""
    if not name:
        return None
    question = Question(name, EVERYBODY, frozenset({"product"}), size=1)
    return next((identity(hit.id) for hit in index.find(question).hits), None)


def _answers(
    ctx: Context,
    challenge: Challenge,
    demands: Sequence[Demand],
    matches: Mapping[UUID, Match],
    others: Sequence[UUID],
    wished: Wishes,
) -> Mapping[UUID, Answer]:
    """By product, how it answers the challenge; only what is listed now."""
    products = queries.listed(ctx, [*matches, *others])
    uses = queries.seen_uses_and_runs(ctx, products, [challenge.organisation_id])
    asking = Asking(challenge, demands, uses.runs.get(challenge.organisation_id, ()), ctx.today)
    standings = claims.standings(ctx, products)
    return {
        id: _answer(
            ctx,
            asking,
            product,
            Known(
                matches[id].score if id in matches else 0.0,
                matches[id].terms if id in matches else (),
                uses.users.get(id, ()),
                claims.best(standings.get(id, ())),
                frozenset(uses.confirmed.get(id, ())),
            ),
            wished,
        )
        for id, product in products.items()
    }


def offerings(
    ctx: Context, index: Index, challenge: Challenge, size: int = 10, wishes: Wishes = NO_WISHES
) -> list[Answer]:
    """The listed products that answer a challenge and are as wished, best first."""
    return list(rank(ctx, index, challenge, wishes).answers[:size])


# ---- From the supplier's side


@dataclass(frozen=True, slots=True)
class Raise:
    """What several challenges ask for and a listing does not say, so that it would raise the
    match.
    """

    name: str
    lacks: str  # completes "Two challenges ask for it; …"
    challenges: int


@dataclass(frozen=True, slots=True)
class Openings:
    """The open challenges that products answer well, and what would raise the match with those that
    they answer at all.
    """

    answers: Sequence[Answer] = ()
    raises: Sequence[Raise] = ()
    basic: bool = False  # as of a ranking


NOT_CLAIMED = "you have not claimed it"
NOT_NAMED = "your listing does not say that it works with it"


def needs(ctx: Context, index: Index, supplier_id: UUID, size: int = 10) -> list[Answer]:
    """The open challenges that a supplier's listed products answer well, each with the product that
    answers it best.
    """
    return needs_among(ctx, index, queries.listed_by(ctx, supplier_id), size)


def needs_among(
    ctx: Context,
    index: Index,
    products: Sequence[Product],
    size: int = 10,
    *,
    standings: Mapping[UUID, Sequence[Held]] | None = None,
    published: Sequence[claims.Published] | None = None,
) -> list[Answer]:
    """The same of products that are known already, perhaps with how they stand by standards and
    the standards in force.
    """
    answers, _ = _answered(ctx, index, products[: queries.MOST], standings, published)
    return _well(answers)[:size]


def needs_for(ctx: Context, index: Index, product: Product, size: int = 10) -> Openings:
    """The same of one product, and what its listing lacks."""
    answers, basic = _answered(ctx, index, [product])
    fitting = [answer for answer in answers if answer.fit]
    return Openings(_well(fitting)[:size], raising(fitting), basic)


def _well(answers: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.fit in WELL]


def _answered(
    ctx: Context,
    index: Index,
    products: Sequence[Product],
    standings: Mapping[UUID, Sequence[Held]] | None = None,
    published: Sequence[claims.Published] | None = None,
) -> tuple[list[Answer], bool]:
    """Every challenge near to these products with the one that answers it best, best first; and
    whether a simpler search engine than usual said so.
    """
    found: list[tuple[UUID, Product, Match]] = []
    basic = False
    for together in _asked_together(products):
        answered = index.match(_offer(ctx, together))
        basic = basic or answered.basic
        for match in answered.matches:
            found += [(identity(match.id), product, match) for product in together]
    challenges = queries.open_now(ctx, {id for id, _, _ in found})
    ids = [product.id for product in products]
    posters = {challenge.organisation_id for challenge in challenges.values()}
    uses = queries.seen_uses_and_runs(ctx, ids, posters)
    if standings is None:
        standings = claims.standings(ctx, ids)
    held = {id: claims.best(those) for id, those in standings.items()}
    if published is None:
        published = claims.published(ctx)
    asking = {
        id: Asking(one, demanded(one, published), uses.runs[one.organisation_id], ctx.today)
        for id, one in challenges.items()
    }
    answers = _best_first(
        _answer(
            ctx,
            asking[id],
            product,
            Known(
                match.score,
                _own(match.terms, product),
                uses.users.get(product.id, ()),
                held.get(product.id, {}),
                frozenset(uses.confirmed.get(product.id, ())),
            ),
        )
        for id, product, match in found
        if id in challenges
    )
    best = {answer.challenge.id: answer for answer in reversed(answers)}
    return _best_first(best.values()), basic


def raising(answers: Iterable[Answer]) -> list[Raise]:
    """What the challenges ask for and the listing does not claim or say, the most asked first."""
    asked: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        for reason in (*answer.against, *answer.unknown):
            if lacks := _LACKS.get(reason.part):
                asked.update((name, lacks) for name in reason.each)
    most = sorted(asked.items(), key=lambda one: (-one[1], one[0]))
    return [Raise(name, lacks, times) for (name, lacks), times in most][:RAISES]


_LACKS: Mapping[Part, str] = {Part.STANDARDS: NOT_CLAIMED, Part.SYSTEMS: NOT_NAMED}


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
    ctx: Context, asking: Asking, product: Product, known: Known, wished: Wishes = NO_WISHES
) -> Answer:
    told = weigh(asking, product, known, ctx.actor.organisation_id)
    counting = tuple(reason for reason in told if reason.part not in wished.off)
    return Answer(product, asking.challenge, tuple(known.terms), counting, known.held)


def _best_first(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda a: (-a.score, -len(a.terms), a.product.name))


def carrying(answers: Iterable[Answer]) -> list[str]:
    """The words of the need that carried the answers, those that carried most of them first."""
    weight: dict[str, float] = defaultdict(float)
    for answer in answers:
        for place, term in enumerate(answer.terms):
            weight[term] += 1 / (1 + place)
    return sorted(weight, key=lambda term: -weight[term])[:CARRYING]
