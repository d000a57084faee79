"""What the product asks of a search engine, whichever engine answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; the pieces that are True are drawn in `<mark>`."""


Number = float | datetime
"""An amount, or a moment in UTC."""


def as_number(value: Number) -> float:
    """A moment is the seconds since 1970."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return float(value)


class Unavailable(Exception):  # noqa: N818 - a state of the engine, not a mistake of the caller
    """The engine cannot answer now. What it was told is lost and has to be told again."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found, as the index sees it."""

    id: str  # "product-<uuid>": one index holds every kind
    kind: str  # "product", "challenge", "supplier", "notice"
    title: str
    body: str
    audience: frozenset[str]  # who may find it: "public", "authorities", "organisation-<uuid>"
    at: datetime  # in UTC; what is newest first goes by this
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)  # to sort by, and for ranges
    references: tuple[str, ...] = ()  # what it is quoted by; typed in full, it comes first
    vector: Sequence[float] | None = None  # None: the engine computes it from title and body


class Sort(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"  # without words: the newest
    NEWEST = "newest"
    CLOSING = "closing"  # the least number "closes"; then what has none, the newest first
    TITLE = "title"  # by name


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the most, both included; None is without end."""

    least: Number | None = None
    most: Number | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person typed, who is asking, and what the page shows of the answer.

    Words that are blank mean everything that the filters leave, newest first. A document is
    found when its audience and the question's have a member in common. Values within a filter
    are alternatives; every filter has to hold. Of a facet in `required` a document must have
    every value. A range is of a number, or of "at"; what has no such number is in no range.
    """

    words: str
    audience: frozenset[str]
    kinds: frozenset[str] = frozenset()  # empty: every kind
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    facets: tuple[str, ...] = ()  # the facets to count
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found, ready to be drawn. Scores compare only within one answer."""

    id: str
    kind: str
    title: Marked
    excerpt: Marked
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and how much there is in all.

    `kinds` counts per kind as if the question named none (for tabs). `facets` counts per value
    as if the question had no filter on that facet. `suggestion` is what was typed with the words
    put right that nothing has which this audience may find: "did you mean"; or it is empty.
    `basic` says that the preferred engine did not answer and a simpler one did.
    """

    hits: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]
    suggestion: str = ""
    basic: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A whole need in its own words, hundreds of them perhaps, to be matched with offerings.

    The reverse is asked the same way: the text of an offering, with challenges as the kind.
    """

    text: str
    audience: frozenset[str]
    kinds: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    size: int = 10
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """One document that answers a need.

    The score runs from 0 to 1. The terms are the words that carried it, as the need wrote
    them, strongest first.
    """

    id: str
    kind: str
    score: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents that answer a need, best first; `basic` as of what is found."""

    matches: tuple[Match, ...] = ()
    basic: bool = False


class Index(Protocol):
    """A search engine. Every method may raise `Unavailable`; none raises for what was typed."""

    @property
    def name(self) -> str: ...

    def put(self, documents: Iterable[Document]) -> None:
        """Add these documents; one with a known id takes the place of the former."""

    def drop(self, ids: Iterable[str]) -> None:
        """Forget these documents. An id that is not there is no error."""

    def replace(self, documents: Iterable[Document]) -> int:
        """Let these be the whole index, and return how many they are.

        Questions are answered from the former index until the new one is full. The documents
        are read after other writers have been shut out, so no newer change is overwritten.
        """

    def find(self, question: Question) -> Found:
        """Answer a person who typed a few words. A page beyond the end has no hits."""

    def match(self, need: Need) -> Matched:
        """The documents that answer a need. No word of the need is required."""

    def count(self) -> int:
        """How many documents there are; 0 says that the index has to be filled."""

    def close(self) -> None:
        """Let go of files and connections."""
