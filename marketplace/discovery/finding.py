"""What somebody finds who types a few words: what the index says and the database confirms."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from marketplace import policy
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.discovery import queries
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.standards.models import Standard
from marketplace.tenders.models import Tender
from search.port import Hit, Index, Marked, Question

SIZE = 20  # results on a page
LONGEST = 300  # characters of a search that count
LAST = 5_000  # the highest page that can be asked for


class Kind(StrEnum):
    """What can be searched, in the order of the tabs."""

    PRODUCT = "product"
    CHALLENGE = "challenge"
    TENDER = "tender"
    STANDARD = "standard"
    SUPPLIER = "supplier"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        return f"{self.capitalize()}s"


TABLES: Mapping[Kind, type[Any]] = {
    Kind.PRODUCT: Product,
    Kind.CHALLENGE: Challenge,
    Kind.TENDER: Tender,
    Kind.STANDARD: Standard,
    Kind.SUPPLIER: Organisation,
    Kind.NOTICE: Notice,
}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found, with its row to tell more from."""

    kind: Kind
    row: Any
    title: Marked
    excerpt: Marked


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found. `total` is of the kind asked for, `kinds` of each."""

    words: str
    shortened: bool  # what was typed is longer than what counts
    page: int
    total: int
    kinds: Mapping[str, int]
    results: tuple[Result, ...] = ()
    basic: bool = False

    @property
    def last(self) -> int:
        return max(1, ceil(self.total / SIZE))


def search(ctx: Context, index: Index, typed: str, kind: Kind | None, page: int) -> Results:
    """One page of what was typed, among what the actor may see. A page beyond the end is NotFound.

    Nothing typed finds nothing, but counts what there is to be found.
    """
    words, shortened = _shortened(" ".join(typed.split()))
    if not words:
        return _what_there_is(ctx, index)
    asked = frozenset({kind} if kind else ())
    found = index.find(Question(words, policy.audience(ctx.actor), asked, page=page, size=SIZE))
    results = _confirmed(ctx, found.hits)
    if page > 1 and not found.hits:
        raise NotFound("There is no such page of results.")
    gone = Counter(hit.kind for hit in found.hits)
    gone.subtract(result.kind.value for result in results)
    return Results(
        words,
        shortened,
        page,
        total=found.total - gone.total(),
        kinds={name: count - gone[name] for name, count in found.kinds.items()},
        results=results,
        basic=found.basic,
    )


def _what_there_is(ctx: Context, index: Index) -> Results:
    found = index.find(Question("", policy.audience(ctx.actor), size=1))
    return Results("", False, 1, 0, found.kinds)


def _shortened(words: str) -> tuple[str, bool]:
    """As many whole words as count, and whether that is fewer than there were."""
    if len(words) <= LONGEST:
        return words, False
    return words[:LONGEST].rpartition(" ")[0] or words[:LONGEST], True


def _confirmed(ctx: Context, hits: Iterable[Hit]) -> tuple[Result, ...]:
    """The hits whose row is there and may be seen, with one query for each kind."""
    placed = [(Kind(hit.kind), identity(hit.id), hit) for hit in hits]
    rows = {
        kind: queries.seen(ctx, TABLES[kind], [id for of, id, _ in placed if of is kind])
        for kind in {kind for kind, _, _ in placed}
    }
    return tuple(
        Result(kind, rows[kind][id], hit.title, hit.excerpt)
        for kind, id, hit in placed
        if id in rows[kind]
    )


def identity(document_id: str) -> UUID:
    """The row's id in a document's: "product-<uuid>"."""
    return UUID(document_id.partition("-")[2])
