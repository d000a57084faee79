"""What can be asked of a list, all of it in one address: words, filters, days and an order.

A `Scope` says what can be asked, `read` takes the question out of an address, `listing.find` has
the index answer it. Every list of the marketplace, feed and saved search is asked like this.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from marketplace.core.errors import NotFound
from marketplace.core.times import LONDON, now
from search.port import Question, Range, Sort

SIZE = 20  # results on a page
LONGEST = 1_000  # characters of what is typed that count
LAST = 5_000  # the highest page that can be asked for
MOST = 30  # values of one filter at once

Words = Mapping[str, Mapping[str, str]]  # by filter, what its values are called
ORDERS = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Newest",
    Sort.CLOSING: "Closing soonest, of what is open",
    Sort.TITLE: "By name",
}
CLOSING = (Sort.RELEVANCE, Sort.NEWEST, Sort.CLOSING)  # the orders of what may close


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
    ahead: str = ""  # it is no facet: this number of a document, a moment, lies ahead

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
    wordless: Sort = Sort.RELEVANCE  # the order of what no word was asked of; usually the newest

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
                day = date.fromisoformat(typed)
            except ValueError:
                wrong[one.name] = typed[:40]
                continue
            if 1900 <= day.year < 3000:
                days[one.name] = day
            else:
                wrong[one.name] = typed[:40]
    return days, wrong


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound("There is no such part of the list.") from None


# ---- For the index


def question(asked: Asked, audience: frozenset[str]) -> Question:
    scope = asked.scope
    filters = {
        one.name: frozenset(asked.chosen[one.name])
        for one in scope.filters
        if one.name in asked.chosen and not one.ahead
    }
    kinds = {asked.kind or scope.kind} - {""} or scope.kinds
    wordless = asked.order is Sort.RELEVANCE and not asked.words
    return Question(
        asked.words,
        audience,
        kinds=frozenset(kinds),
        filters={**scope.always, **filters},
        ranges=limits(asked),
        facets=tuple(one.name for one in scope.filters if not (one.hidden or one.ahead)),
        sort=scope.wordless if wordless else asked.order,
        page=asked.page,
        size=SIZE,
    )


def limits(asked: Asked) -> dict[str, Range]:
    """The days that are asked for, as ranges of moments; a day is one in London. What closes first
    is asked of what has not closed.
    """
    chosen_ahead = (one for one in asked.scope.filters if one.ahead and one.name in asked.chosen)
    least: dict[str, datetime] = {one.ahead: now() for one in chosen_ahead}
    if asked.order is Sort.CLOSING:
        least["closes"] = now()
    most: dict[str, datetime] = {}
    for one in asked.scope.days:
        if chosen := asked.days.get(one.name):
            begins = datetime.combine(chosen, time(), LONDON)
            if one.first:
                least[one.of] = max(begins, least.get(one.of, begins))
            else:
                most[one.of] = begins + timedelta(days=1, microseconds=-1)
    return {of: Range(least.get(of), most.get(of)) for of in least.keys() | most.keys()}


def identity(document_id: str) -> UUID:
    """The row's id in a document's: "product-<uuid>"."""
    return UUID(document_id.partition("-")[2])
