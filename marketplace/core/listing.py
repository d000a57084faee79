"""One page of a list: what the index answers, with the filters, counts and words around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from textwrap import shorten
from typing import Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from marketplace.core.errors import NotFound
from marketplace.core.finding import SIZE, Asked, Day, Filter, Words, question
from marketplace.core.times import day
from search.port import Found, Hit, Index

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Alike(Generic[T]):
    """What is like something, the most alike first, and whether the search said so."""

    found: Sequence[T] = ()
    basic: bool = False
    available: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as it is drawn: the values that would leave something, and those ticked."""

    name: str
    legend: str
    options: Sequence[tuple[str, str, int | None, int]]  # value, words, number, depth in a tree
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. Its addresses are queries, to be put behind the list's own address."""

    asked: Asked
    hits: Sequence[Hit]
    total: int
    summary: str
    kinds: Mapping[str, int] = field(default_factory=dict)
    facets: Sequence[Facet] = ()
    selected: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()  # legend: (words, query)
    ways_out: Sequence[tuple[str, str]] = ()  # from an empty list: (words, query)
    meant: tuple[str, str] | None = None  # what was typed put right, and its query
    basic: bool = False
    later: str = ""  # while the search does not answer

    @property
    def last(self) -> int:
        return max(1, ceil(self.total / SIZE))


def find(
    index: Index,
    audience: frozenset[str],
    asked: Asked,
    words: Words | None = None,
) -> Listing:
    """What the words and the filters leave. `words` are those that only the database knows.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = index.find(question(asked, audience))
    if asked.page > 1 and not found.hits:
        raise NotFound("There is no such page of the list.")
    called = {one.name: (words or {}).get(one.name, one.words) for one in asked.scope.filters}
    shown = [one for one in asked.scope.filters if not one.hidden]
    return Listing(
        asked,
        found.hits,
        found.total,
        summary(asked, found.total, called),
        found.kinds,
        facets=[_facet(one, asked, found, called[one.name]) for one in shown],
        selected=[
            *(_selected(one, asked, called[one.name]) for one in shown if one.name in asked.chosen),
            *(_day_tag(one, asked) for one in asked.scope.days if one.name in asked.days),
        ],
        ways_out=[] if found.total else _ways_out(asked, found),
        meant=(found.suggestion, asked.asking(found.suggestion)) if found.suggestion else None,
        basic=found.basic,
    )


def basic(asked: Asked, said: str, last: UUID | None) -> Listing:
    """The list without the search, which the database reads; `last` is where it goes on."""
    query = "&".join(filter(None, [asked.query(), urlencode({"after": last})])) if last else ""
    return Listing(asked, (), 0, said, basic=True, later=query)


# ---- What is said of the answer


def summary(asked: Asked, total: int, words: Words) -> str:
    """Such as "14 products for “case management”, software as a service"."""
    return ", ".join([asked.scope.counted(total) + _for(asked), *_narrowing(asked, words)])


def told(asked: Asked, words: Words) -> str:
    """What is asked for, in words: "“case management”, software as a service"."""
    parts = [_for(asked).removeprefix(" for "), *_narrowing(asked, words)]
    return ", ".join(filter(None, parts)) or f"all {asked.scope.many}"


def _for(asked: Asked) -> str:
    words = shorten(asked.words, 80, placeholder="…")
    return f" for “{words}”" if words else ""


def _narrowing(asked: Asked, words: Words) -> list[str]:
    parts = []
    for one in asked.scope.filters:
        called = words.get(one.name, one.words)
        chosen = [called.get(value, "?") for value in asked.chosen.get(one.name, ())]
        if chosen and not one.hidden:
            said = chosen if one.names else [_inside(text) for text in chosen]
            parts.append(one.says.format(" or ".join(said)))
    days = asked.days
    return parts + [
        one.says.format(day(days[one.name])) for one in asked.scope.days if one.name in days
    ]


def _facet(one: Filter, asked: Asked, found: Found, words: Mapping[str, str]) -> Facet:
    counts, chosen = found.facets.get(one.name, {}), asked.chosen.get(one.name, ())
    if one.ahead:
        every = [(value, text, None, 0) for value, text in words.items()]
        return Facet(one.name, one.legend, every, chosen)
    if one.broader:
        return Facet(one.name, one.legend, _branches(one, counts, chosen, words), chosen)
    options: list[tuple[str, str, int | None, int]] = [
        (value, text, counts.get(value, 0), 0)
        for value, text in words.items()
        if counts.get(value) or value in chosen
    ]
    return Facet(one.name, one.legend, options, chosen)


def _branches(
    one: Filter, counts: Mapping[str, int], chosen: Sequence[str], words: Mapping[str, str]
) -> list[tuple[str, str, int | None, int]]:
    """The trunk of a tree, and what lies beneath and beside the values that are chosen."""
    opened = {*chosen, *(above for value in chosen for above in one.above(value))}
    options: list[tuple[str, str, int | None, int]] = []
    for value in sorted({*counts, *chosen}):
        above = one.above(value)
        if value in words and (not above or above[0] in opened or value in chosen):
            options.append((value, words[value], counts.get(value, 0), len(above)))
    return options


def _selected(
    one: Filter, asked: Asked, words: Mapping[str, str]
) -> tuple[str, Sequence[tuple[str, str]]]:
    tags = [
        (words.get(value, "Something that is not here"), asked.without(one.name, value=value))
        for value in asked.chosen[one.name]
    ]
    return one.legend, tags


def _day_tag(one: Day, asked: Asked) -> tuple[str, Sequence[tuple[str, str]]]:
    return one.legend, [(day(asked.days[one.name]), asked.without(one.name))]


def _ways_out(asked: Asked, found: Found) -> list[tuple[str, str]]:
    """What to drop so that something is left: single filters that do it, else everything."""
    filters = {one.name: one.legend for one in asked.scope.filters if one.name in asked.chosen}
    days = {one.name: one.legend for one in asked.scope.days if one.name in asked.days}
    guilty = [name for name in filters if found.facets.get(name)]
    ways = [(f"Drop the filter “{filters[name]}”", asked.without(name)) for name in guilty]
    ways += [(f"Drop the day “{legend}”", asked.without(name)) for name, legend in days.items()]
    if not ways and asked.narrowed:
        ways = [("Drop every filter", asked.without(*filters, *days))]
    if asked.words:
        every = "everything" if asked.scope.kinds else f"every {asked.scope.one}"
        ways.append(("Drop the words" if asked.narrowed else f"See {every}", asked.without("q")))
    return ways


def _inside(text: str) -> str:
    """Words within a sentence; HR stays HR."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
