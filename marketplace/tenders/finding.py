"""What can be asked of the list of tenders, and its rows as the database confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace import policy
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import CLOSING, Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.organisations import queries as organisations
from marketplace.reference.areas import Area
from marketplace.reference.filters import (
    AREA,
    BIDS,
    CLOSES_BY,
    CLOSES_FROM,
    CPV,
    SINCE,
    UNTIL,
    is_slug,
)
from marketplace.tenders import queries
from marketplace.tenders.queries import Filters, Listed
from search.port import Index, Marked

LEAD = Filter("authority", "Lead authority", "led by {}", names=True, fits=is_slug)
SCOPE = Scope(
    "tender",
    "tender",
    "tenders",
    filters=(BIDS, AREA, LEAD, CPV),
    days=(CLOSES_FROM, CLOSES_BY, SINCE, UNTIL),
    orders=CLOSING,
)


@dataclass(frozen=True, slots=True)
class Row:
    tender: Listed
    title: Marked
    text: Marked


def words(ctx: Context) -> Mapping[str, Mapping[str, str]]:
    """What the values are called that only the database knows."""
    return {LEAD.name: {one.slug: one.called for one in organisations.authorities(ctx)}}


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked, words(ctx))
    placed = {identity(hit.id): hit for hit in found.hits}
    tenders = queries.published(ctx, placed)
    rows = [
        Row(tenders[id], hit.title, _text(hit.excerpt, tenders[id]))
        for id, hit in placed.items()
        if id in tenders
    ]
    return found, rows


def newest(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What is published, straight from the database: for when the search does not answer."""
    filters = Filters(
        area=frozenset(map(Area, asked.chosen.get(AREA.name, ()))),
        authority=frozenset(asked.chosen.get(LEAD.name, ())),
        is_open=BIDS.name in asked.chosen,
    )
    tenders, last = queries.listed(ctx, filters, asked.after)
    rows = [Row(one, ((one.title, False),), ((one.summary, False),)) for one in tenders]
    return listing.basic(asked, "Tenders, newest first", last), rows


def _text(excerpt: Marked, tender: Listed) -> Marked:
    """Where the words were found; the summary when that was in the title or by meaning."""
    return excerpt if any(found for _, found in excerpt) else ((tender.summary, False),)
