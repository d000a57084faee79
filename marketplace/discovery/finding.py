"""What somebody finds who searches everything: what the index says and the database confirms."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from marketplace import policy
from marketplace.catalogue import finding as catalogue
from marketplace.catalogue.models import Product
from marketplace.challenges import finding as challenges
from marketplace.challenges.models import Challenge
from marketplace.contracts import finding as contracts
from marketplace.contracts.models import Contract
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import CLOSING, Asked, Filter, Scope
from marketplace.core.finding import identity as identity
from marketplace.core.listing import Listing
from marketplace.directory import finding as directory
from marketplace.discovery import queries
from marketplace.notices import finding as notices
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.standards import finding as standards
from marketplace.standards.models import Standard
from marketplace.tenders import finding as tenders
from marketplace.tenders.models import Tender
from search.port import Hit, Index, Marked, Question


class Kind(StrEnum):
    """What can be searched, in the order of the tabs."""

    PRODUCT = "product"
    CHALLENGE = "challenge"
    TENDER = "tender"
    CONTRACT = "contract"
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
    Kind.CONTRACT: Contract,
    Kind.STANDARD: Standard,
    Kind.SUPPLIER: Organisation,
    Kind.NOTICE: Notice,
}
SCOPES: Mapping[str, Scope] = {
    one.kind: one
    for one in (
        catalogue.SCOPE,
        challenges.SCOPE,
        tenders.SCOPE,
        contracts.SCOPE,
        standards.SCOPE,
        directory.SCOPE,
        notices.SCOPE,
    )
}


def _every() -> Scope:
    """All that any list can be narrowed by; what a link alone asks for belongs to its own list."""
    filters: dict[str, Filter] = {}
    for scope in SCOPES.values():
        for one in scope.filters:
            if not (one.hidden or one.ahead):
                filters.setdefault(one.name, one)
    filters["band"] = replace(filters["band"], legend="Price or budget of one authority")
    days = {one.name: one for scope in SCOPES.values() for one in scope.days}
    return Scope(
        "",
        "result",
        "results",
        tuple(filters.values()),
        tuple(days.values()),
        CLOSING,
        kinds=frozenset(Kind),
    )


EVERYTHING = _every()
ALL: Mapping[str, Scope] = {"": EVERYTHING, **SCOPES}  # by kind; empty: of everything


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found, with its row to tell more from."""

    kind: Kind
    row: Any
    title: Marked
    excerpt: Marked


def words(ctx: Context, scope: Scope) -> Mapping[str, Mapping[str, str]]:
    """What the values of the filters are called that only the database knows."""
    match scope.kind:
        case Kind.PRODUCT:
            return catalogue.words(ctx)
        case Kind.CHALLENGE:
            return challenges.words(ctx)
        case Kind.TENDER:
            return tenders.words(ctx)
        case Kind.CONTRACT:
            return contracts.words(ctx)
        case "":  # the authorities of contracts are those of challenges
            return {**catalogue.words(ctx), **contracts.words(ctx)}
    return {}


def search(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Result]]:
    """One page of what was asked for, among what the actor may see.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked, words(ctx, asked.scope))
    results = _confirmed(ctx, found.hits)
    gone = Counter(hit.kind for hit in found.hits)
    gone.subtract(result.kind.value for result in results)
    if not gone.total():
        return found, results
    total = found.total - gone.total()
    counted = {name: count - gone[name] for name, count in found.kinds.items()}
    said = listing.summary(asked, total, words(ctx, asked.scope))
    return replace(found, total=total, kinds=counted, summary=said), results


def what_there_is(ctx: Context, index: Index) -> Mapping[str, int]:
    """How much of each kind the actor could find."""
    return index.find(Question("", policy.audience(ctx.actor), frozenset(Kind), size=1)).kinds


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
