"""Which saved searches find one new document: the search turned round.

Each search is kept under a few keys, of which whatever it finds has at least one; so a document
asks only for the searches under its own keys, and each of those is then looked at in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from marketplace.core.finding import Asked, Filter, Words, limits
from marketplace.core.times import day
from search.port import Document, as_number
from search.synonyms import alternatives
from search.words import folded, stem, telling

FEW = 3  # words of a search that all have to be there; of more, two thirds
Stems = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A document taken apart once for all the searches it is compared with."""

    document: Document

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(map(stem, folded(f"{self.document.title}\n{self.document.body}")))

    @cached_property
    def keys(self) -> list[str]:
        facets = self.document.facets.items()
        return [
            "any",
            f"kind:{self.document.kind}",
            *(f"{name}:{value}" for name, values in facets for value in values),
            *(f"word:{one}" for one in sorted(self.stems)),
        ]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a search, and what else counts as it."""

    typed: str
    ways: tuple[Stems, ...]  # each a set of stems that have to be there together

    def there(self, stems: frozenset[str]) -> bool:
        return any(stems.issuperset(way) for way in self.ways)


def words(asked: Asked) -> list[Word]:
    """The words that say something, each once, with what the field calls the same."""
    every = folded(asked.words)
    others: dict[int, list[Stems]] = {}
    for places, same in alternatives(every):
        for place in places:
            others[place] = [tuple(map(stem, phrase)) for phrase in same]
    told = set(telling(every))
    found: dict[str, Word] = {}
    for place, word in enumerate(every):
        if word in told:
            found.setdefault(word, Word(word, ((stem(word),), *others.get(place, ()))))
    return list(found.values())


def needed(words: Sequence[Word]) -> int:
    """How many of these words have to be there."""
    return len(words) if len(words) <= FEW else -(-len(words) * 2 // 3)


def keys(asked: Asked) -> list[str]:
    """What to keep a search under: the longest words, as they are the rarest; so many of them that
    one has to be there. Without words, the values of a filter; without those, the kind.
    """
    said = sorted(words(asked), key=lambda word: -len(word.typed))
    if said:
        first = said[: len(said) - needed(said) + 1]
        return sorted({f"word:{way[0]}" for word in first for way in word.ways if way})
    for one in asked.scope.filters:
        if one.name in asked.chosen and not one.ahead:
            return [f"{one.name}:{value}" for value in asked.chosen[one.name]]
    kind = asked.kind or asked.scope.kind
    return [f"kind:{kind}" if kind else "any"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a search finds a document."""

    words: tuple[str, ...]
    filters: tuple[tuple[Filter, str], ...]  # each with the value that held
    days: tuple[str, ...]

    def says(self, called: Words) -> str:
        """Such as "the words “missed” and “bins”; Area of work: Waste and street cleansing"."""
        parts = []
        if self.words:
            said = listed([f"“{word}”" for word in self.words])
            parts.append(f"the {'word' if len(self.words) == 1 else 'words'} {said}")
        for one, value in self.filters:
            parts.append(f"{one.legend}: {called.get(one.name, one.words).get(value, value)}")
        return "; ".join([*parts, *self.days]) or "its kind, which is all that it asks for"


def reason(asked: Asked, seen: Seen) -> Reason | None:
    """Why this search finds that document; None when it does not."""
    document = seen.document
    kind = asked.kind or asked.scope.kind
    if kind and document.kind != kind:
        return None
    always = asked.scope.always.items()
    if not all(_has(document, name, values) for name, values in always if name not in asked.chosen):
        return None
    filters = []
    for one in asked.scope.filters:
        if one.name in asked.chosen and not one.ahead:
            held = [v for v in asked.chosen[one.name] if v in document.facets.get(one.name, ())]
            if not held:
                return None
            filters.append((one, held[0]))
    if not _within(asked, document):
        return None
    said = words(asked)
    there = tuple(word.typed for word in said if word.there(seen.stems))
    if len(there) < needed(said):
        return None
    days = [
        f"{one.legend}: {day(asked.days[one.name])}"
        for one in asked.scope.days
        if one.name in asked.days
    ]
    return Reason(there, tuple(filters), tuple(days))


def _has(document: Document, name: str, values: Iterable[str]) -> bool:
    return not set(values).isdisjoint(document.facets.get(name, ()))


def _within(asked: Asked, document: Document) -> bool:
    for of, wanted in limits(asked).items():
        value = document.at if of == "at" else document.numbers.get(of)
        if value is None:
            return False
        number = as_number(value)
        if wanted.least is not None and number < as_number(wanted.least):
            return False
        if wanted.most is not None and number > as_number(wanted.most):
            return False
    return True


def listed(texts: Sequence[str]) -> str:
    """Such as "a, b and c"."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))
