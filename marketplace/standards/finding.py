"""Finding standards: by words, by kind, by how far they bind and by the area of work.

There are a few dozen, so they are read whole, and the filters count here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel

from marketplace import policy
from marketplace.core.context import Context
from marketplace.reference.areas import Area
from marketplace.standards import queries
from marketplace.standards.applicability import Facts, binding, rule
from marketplace.standards.models import Kind, Obligation, Stage
from marketplace.standards.queries import Listed
from search.port import Index, Question, Unavailable

LONGEST = 300  # characters of a search that count


class Asked(BaseModel):
    """What the address of the list asks for."""

    q: str = ""
    kind: list[Kind] = []
    obligation: list[Obligation] = []
    area: list[Area] = []
    withdrawn: bool = False

    @property
    def words(self) -> str:
        return " ".join(self.q.split())[:LONGEST]

    def chosen(self, name: str) -> list[str]:
        return [str(one) for one in getattr(self, name)]

    def without(self, *names: str, value: str = "") -> str:
        """The query of the same list without some filters, or without one value of a filter."""
        kept = {"q": [self.q] if self.q and "q" not in names else []}
        for name in FILTERS:
            kept[name] = [
                one for one in self.chosen(name) if name not in names or (value and one != value)
            ]
        if self.withdrawn:
            kept["withdrawn"] = ["true"]
        return urlencode(kept, doseq=True)


def _obligations(one: Listed) -> set[str]:
    return {str(rule["obligation"]) for rule in one.rules}


def _areas(one: Listed, market: Iterable[Facts]) -> set[str]:
    """The areas of work with a listed product that it applies to, and those that its rules name."""
    named = {str(area) for rule in one.rules for area in rule.get("areas", ())}
    rules = [rule(each) for each in one.rules]
    return named.union(*(facts.areas for facts in market if binding(rules, facts)))


@dataclass(frozen=True, slots=True)
class Filter:
    legend: str
    words: Mapping[str, str]  # of each value


FILTERS: Mapping[str, Filter] = {
    "kind": Filter("Kind", {str(one): one.label for one in Kind}),
    "obligation": Filter("How far it binds", {str(one): one.label for one in Obligation}),
    "area": Filter("Area of work", {str(one): one.label for one in Area}),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A standard that the words find, with what each filter can ask of it."""

    standard: Listed
    values: Mapping[str, set[str]]

    def passes(self, asked: Asked, names: Iterable[str]) -> bool:
        return all(
            not asked.chosen(name) or self.values[name] & set(asked.chosen(name)) for name in names
        )


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as it is drawn: the values that would leave something, and those ticked."""

    name: str
    legend: str
    options: Sequence[tuple[str, str, int]]
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    found: Sequence[Listed]
    facets: Sequence[Facet]
    selected: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    summary: str
    basic: bool = False  # the search does not answer


def find(ctx: Context, index: Index, asked: Asked) -> Listing:
    """The standards that the words and the filters leave; by title, or by how well they answer."""
    listed = queries.listed(ctx, Stage.WITHDRAWN if asked.withdrawn else Stage.PUBLISHED)
    answered, basic = _answering(ctx, index, asked.words, listed)
    market = queries.kinds_of_offers(ctx)
    answers = [
        Answer(
            one,
            {
                "kind": {str(one.kind)},
                "obligation": _obligations(one),
                "area": _areas(one, market),
            },
        )
        for one in answered
    ]
    found = [one.standard for one in answers if one.passes(asked, FILTERS)]
    number = len(found)
    what = "withdrawn standard" if asked.withdrawn else "standard"
    summary = f"{number} {what}{'' if number == 1 else 's'}" + (
        f" for “{asked.words}”" if asked.words else ""
    )
    facets = [_facet(name, asked, answers) for name in FILTERS]
    selected = [_selected(name, asked) for name in FILTERS if asked.chosen(name)]
    return Listing(found, facets, selected, summary, basic)


def _answering(
    ctx: Context, index: Index, words: str, listed: Sequence[Listed]
) -> tuple[Sequence[Listed], bool]:
    if not words:
        return listed, False
    known = {one.id: one for one in listed}
    kinds = frozenset({"standard"})
    try:
        hits = index.find(
            Question(words, policy.audience(ctx.actor), kinds, size=queries.MOST)
        ).hits
    except Unavailable:
        return [one for one in listed if _says(one, words)], True
    ids = [UUID(hit.id.partition("-")[2]) for hit in hits]
    return [known[id] for id in ids if id in known], False


def _says(one: Listed, words: str) -> bool:
    text = f"{one.key} {one.title} {one.issuer} {one.summary}".casefold()
    return any(word in text for word in words.casefold().split())


def _facet(name: str, asked: Asked, answers: Sequence[Answer]) -> Facet:
    """How many each value would leave, the other filters as they are."""
    others = [other for other in FILTERS if other != name]
    counted = Counter(
        value for one in answers if one.passes(asked, others) for value in one.values[name]
    )
    chosen = asked.chosen(name)
    options = [
        (value, text, counted[value])
        for value, text in FILTERS[name].words.items()
        if counted[value] or value in chosen
    ]
    return Facet(name, FILTERS[name].legend, options, chosen)


def _selected(name: str, asked: Asked) -> tuple[str, Sequence[tuple[str, str]]]:
    words = FILTERS[name].words
    tags = [(words[value], asked.without(name, value=value)) for value in asked.chosen(name)]
    return FILTERS[name].legend, tags
