"""Finding in a list: words, filters with how many each would leave, days and an order, all of them
in one address.

A `Scope` says what can be asked of a list, `read` takes the question out of an address, `find` has
the index answer it. Every list of the marketplace, feed and saved search is asked like this.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import ceil
from textwrap import shorten
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from marketplace.core.errors import NotFound
from marketplace.core.times import LONDON, day
from search.port import Found, Hit, Index, Question, Range, Sort

SIZE = 20  # results on a page
LONGEST = 1_000  # characters of what is typed that count
LAST = 5_000  # the highest page that can be asked for
MOST = 30  # values of one filter at once

Words = Mapping[str, Mapping[str, str]]  # by filter, what its values are called
ORDERS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest", Sort.CLOSING: "Closing soonest"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Something to narrow a list by. Its values are alternatives, and a facet of what is found."""

    name: str
    legend: str
    says: str = "{}"  # its part of the summary
    words: Mapping[str, str] = field(default_factory=dict)  # of each value, in this order
    names: bool = False  # whether the words are proper names
    fits: Callable[[str], bool] | None = None  # a value whose words only the database knows
    broader: Callable[[str], str] | None = None  # in a tree: what a value belongs to, or nothing
    hidden: bool = False  # it comes with a link, and is not offered

    def knows(self, value: str) -> bool:
        return self.fits(value) if self.fits else value in self.words

    def above(self, value: str) -> list[str]:
        """In a tree, all that a value belongs to, the nearest first."""
        found: list[str] = []
        while self.broader and (value := self.broader(value)):
            found.append(value)
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """A day in London from which, or until which, something has to be."""

    name: str
    legend: str
    of: str  # the number of a document that it is about
    first: bool  # whether it is the first day that counts, or the last
    says: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be asked of one list."""

    kind: str  # of what it lists; empty: of everything
    one: str
    many: str
    filters: tuple[Filter, ...]
    days: tuple[Day, ...] = ()
    orders: tuple[Sort, ...] = (Sort.RELEVANCE, Sort.NEWEST)
    always: Mapping[str, frozenset[str]] = field(default_factory=dict)  # where nothing is chosen
    kinds: frozenset[str] = frozenset()  # where it lists several, those to choose one of

    def counted(self, total: int) -> str:
        return {0: f"No {self.many}", 1: f"1 {self.one}"}.get(total, f"{total:,} {self.many}")

    def filter(self, name: str) -> Filter:
        return next(one for one in self.filters if one.name == name)


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list."""

    scope: Scope
    typed: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    order: Sort = Sort.RELEVANCE
    kind: str = ""
    page: int = 1
    after: UUID | None = None  # where a list goes on while the search does not answer
    wrong: Mapping[str, str] = field(default_factory=dict)  # days that are none, as typed

    @cached_property
    def words(self) -> str:
        """As many whole words as count."""
        words = " ".join(self.typed.split())
        if len(words) <= LONGEST:
            return words
        return words[:LONGEST].rpartition(" ")[0] or words[:LONGEST]

    @property
    def shortened(self) -> bool:
        return len(" ".join(self.typed.split())) > LONGEST

    @property
    def narrowed(self) -> bool:
        """Whether anything but the words leaves something out."""
        return any(self.chosen.values()) or bool(self.days)

    @property
    def nothing(self) -> bool:
        return not (self.words or self.narrowed)

    def query(self) -> str:
        """The same question as an address has it, always written alike; without the page."""
        order = self.order if self.order is not Sort.RELEVANCE else ""
        given: dict[str, object] = {"q": self.words, "kind": self.kind}
        given |= {one.name: self.chosen.get(one.name, ()) for one in self.scope.filters}
        given |= {name: one.isoformat() for name, one in self.days.items()}
        given |= {"sort": order}
        return urlencode({name: value for name, value in given.items() if value}, doseq=True)

    def without(self, *names: str, value: str = "") -> str:
        """The same question without some filters, or without one value of a filter."""
        kept = {
            name: tuple(one for one in values if name not in names or (value and one != value))
            for name, values in self.chosen.items()
        }
        days = {name: one for name, one in self.days.items() if name not in names}
        typed = "" if "q" in names else self.typed
        return replace(self, typed=typed, chosen=kept, days=days).query()

    def asking(self, words: str) -> str:
        return replace(self, typed=words).query()

    def of_kind(self, kind: str) -> str:
        return replace(self, kind=kind).query()


def read(scope: Scope, params: QueryParams) -> Asked:
    """The question in an address. Raises NotFound for what no list offers; a day that is none gets
    a sentence.
    """
    chosen = {one.name: _chosen(one, params.getlist(one.name)) for one in scope.filters}
    days, wrong = _days(scope, params)
    order = params.get("sort") or Sort.RELEVANCE
    kind, page = params.get("kind", ""), params.get("page", "1")
    if order not in scope.orders or ("kind" in params and scope.kinds and kind not in scope.kinds):
        raise NotFound("There is no such list.")
    if not (page.isascii() and page.isdigit() and len(page) < 6 and 1 <= int(page) <= LAST):
        raise NotFound("There is no such page of the list.")
    return Asked(
        scope,
        params.get("q", ""),
        {name: values for name, values in chosen.items() if values},
        days,
        Sort(order),
        kind if scope.kinds else "",
        int(page),
        _after(params.get("after", "")),
        wrong,
    )


def stored(scope: Scope, query: str) -> Asked:
    """The question that `Asked.query` wrote, as far as it can still be asked."""
    params = QueryParams(query)
    known = [
        (name, value)
        for name, value in params.multi_items()
        if not any(one.name == name and not one.knows(value) for one in scope.filters)
    ]
    return read(scope, QueryParams(known))


def _chosen(one: Filter, values: Iterable[str]) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(value for value in values if value))
    if len(given) > MOST or not all(one.knows(value) for value in given):
        raise NotFound("There is no such list.")
    inner = {above for value in given for above in one.above(value)}
    return tuple(value for value in given if value not in inner)  # the narrower says more


def _days(scope: Scope, params: QueryParams) -> tuple[dict[str, date], dict[str, str]]:
    days: dict[str, date] = {}
    wrong: dict[str, str] = {}
    for one in scope.days:
        if typed := params.get(one.name, "").strip():
            try:
                days[one.name] = date.fromisoformat(typed)
            except ValueError:
                wrong[one.name] = typed[:40]
    return days, wrong


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound("There is no such part of the list.") from None


# ---- Asking the index


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as it is drawn: the values that would leave something, and those ticked."""

    name: str
    legend: str
    options: Sequence[tuple[str, str, int, int]]  # value, words, how many, how deep in a tree
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
    ranges: Mapping[str, Range] | None = None,
) -> Listing:
    """What the words and the filters leave. `words` are those that only the database knows.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = index.find(question(asked, audience, ranges))
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
    return Listing(
        asked, (), 0, said, basic=True, later=urlencode({"after": last}) if last else ""
    )


def question(
    asked: Asked, audience: frozenset[str], ranges: Mapping[str, Range] | None = None
) -> Question:
    filters = {name: frozenset(values) for name, values in asked.chosen.items()}
    scope = asked.scope
    kinds = {asked.kind or scope.kind} - {""} or scope.kinds
    return Question(
        asked.words,
        audience,
        kinds=frozenset(kinds),
        filters={**scope.always, **filters},
        ranges={**limits(asked), **(ranges or {})},
        facets=tuple(one.name for one in scope.filters if not one.hidden),
        sort=asked.order,
        page=asked.page,
        size=SIZE,
    )


def limits(asked: Asked) -> dict[str, Range]:
    """The days that are asked for, as ranges of moments; a day is one in London."""
    least: dict[str, datetime] = {}
    most: dict[str, datetime] = {}
    for one in asked.scope.days:
        if chosen := asked.days.get(one.name):
            begins = datetime.combine(chosen, time(), LONDON)
            if one.first:
                least[one.of] = begins
            else:
                most[one.of] = begins + timedelta(days=1, microseconds=-1)
    return {of: Range(least.get(of), most.get(of)) for of in least.keys() | most.keys()}


def identity(document_id: str) -> UUID:
    """The row's id in a document's: "product-<uuid>"."""
    return UUID(document_id.partition("-")[2])


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
    return parts + [one.says.format(day(days[one.name])) for one in asked.scope.days if one.name in days]


def _facet(one: Filter, asked: Asked, found: Found, words: Mapping[str, str]) -> Facet:
    counts, chosen = found.facets.get(one.name, {}), asked.chosen.get(one.name, ())
    if one.broader:
        return Facet(one.name, one.legend, _branches(one, counts, chosen, words), chosen)
    options = [
        (value, text, counts.get(value, 0), 0)
        for value, text in words.items()
        if counts.get(value) or value in chosen
    ]
    return Facet(one.name, one.legend, options, chosen)


def _branches(
    one: Filter, counts: Mapping[str, int], chosen: Sequence[str], words: Mapping[str, str]
) -> list[tuple[str, str, int, int]]:
    """The trunk of a tree, and what lies beneath and beside the values that are chosen."""
    opened = {*chosen, *(above for value in chosen for above in one.above(value))}
    options = []
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
