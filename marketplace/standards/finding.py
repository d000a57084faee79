"""What can be asked of the list of standards, and its rows as the database confirms them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marketplace import policy
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.finding import SIZE, Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.reference.filters import AREA, SINCE, UNTIL
from marketplace.standards import queries
from marketplace.standards.documents import facets
from marketplace.standards.models import Kind, Obligation, Stage
from marketplace.standards.queries import Listed
from search.port import Index, Marked, Sort

KIND = Filter("standard_kind", "Kind of standard", words={one: one.label for one in Kind})
OBLIGATION = Filter("obligation", "How far it binds", words={one: one.label for one in Obligation})
SCOPE = Scope(
    "standard",
    "standard",
    "standards",
    filters=(KIND, OBLIGATION, AREA),
    days=(SINCE, UNTIL),
    orders=(Sort.RELEVANCE, Sort.TITLE, Sort.NEWEST),
    wordless=Sort.TITLE,
)


@dataclass(frozen=True, slots=True)
class Row:
    standard: Listed
    title: Marked
    text: Marked


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked)
    placed = {identity(hit.id): hit for hit in found.hits}
    standards = queries.found(ctx, placed)
    rows = [
        Row(standards[id], hit.title, _text(hit.excerpt, standards[id]))
        for id, hit in placed.items()
        if id in standards
    ]
    return found, rows


def by_title(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """The standards by title, straight from the database: for when the search does not answer."""
    rows, last = _part([one for one in queries.listed(ctx) if _answers(one, asked)], asked.after)
    return listing.basic(asked, "Standards by title", last), rows


def withdrawn(ctx: Context, after: UUID | None) -> tuple[Sequence[Row], UUID | None]:
    """Those that do not hold any more, by title, and where the list goes on."""
    return _part(queries.listed(ctx, Stage.WITHDRAWN), after)


def _answers(one: Listed, asked: Asked) -> bool:
    values = facets(one.kind, one.rules)
    text = f"{one.key} {one.title} {one.issuer} {one.summary}".casefold()
    words = asked.words.casefold().split()
    return (not words or any(word in text for word in words)) and all(
        not chosen or set(chosen) & set(values[name]) for name, chosen in asked.chosen.items()
    )


def _part(those: Sequence[Listed], after: UUID | None) -> tuple[Sequence[Row], UUID | None]:
    """There are a few dozen, so they are read whole."""
    ids = [one.id for one in those]
    if after and after not in ids:
        raise NotFound("There is no such part of the list.")
    begin = ids.index(after) + 1 if after else 0
    shown = those[begin : begin + SIZE]
    rows = [Row(one, ((one.title, False),), ((one.summary, False),)) for one in shown]
    return rows, shown[-1].id if begin + SIZE < len(those) else None


def _text(excerpt: Marked, standard: Listed) -> Marked:
    """Where the words were found; else what it is for."""
    return excerpt if any(found for _, found in excerpt) else ((standard.summary, False),)
