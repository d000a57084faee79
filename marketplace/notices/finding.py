"""What can be asked of the list of notices, and its rows as the database confirms them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from marketplace import policy
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import CLOSING, Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.notices import queries
from marketplace.notices.models import Import, Notice
from marketplace.notices.queries import Filters
from marketplace.notices.reading import OTHER, PORTALS
from marketplace.reference.filters import (
    BIDS,
    CLOSES_BY,
    CLOSES_FROM,
    CPV,
    SINCE,
    UNTIL,
    is_id,
)
from search.port import Index, Marked

SOURCES = {**{name: name for name in PORTALS.values()}, OTHER: "Elsewhere"}
BROUGHT_BY = Filter("brought_by", "Read in with", fits=is_id, hidden=True)
SCOPE = Scope(
    "notice",
    "notice",
    "notices",
    filters=(
        BIDS,
        replace(CPV, legend="What is bought (CPV code)"),
        Filter("source", "Published on", "published on {}", SOURCES, names=True),
        BROUGHT_BY,
    ),
    days=(CLOSES_FROM, CLOSES_BY, SINCE, UNTIL),
    orders=CLOSING,
)


@dataclass(frozen=True, slots=True)
class Row:
    notice: Notice
    title: Marked
    text: Marked  # where the words were found; empty when they stand in the title alone


def brought_by(ctx: Context, asked: Asked) -> Import | None:
    """The import whose notices alone are asked for, if the actor may see it."""
    chosen = asked.chosen.get(BROUGHT_BY.name)
    return queries.one_import(ctx, UUID(chosen[0])) if chosen else None


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked)
    placed = {identity(hit.id): hit for hit in found.hits}
    notices = queries.found(ctx, placed)
    rows = [
        Row(notices[id], hit.title, hit.excerpt if any(at for _, at in hit.excerpt) else ())
        for id, hit in placed.items()
        if id in notices
    ]
    return found, rows


def newest(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """The notices straight from the database: for when the search does not answer."""
    chosen = asked.chosen
    filters = Filters(
        source=frozenset(chosen.get("source", ())),
        division=frozenset(code[:2] for code in chosen.get("cpv", ())),
        is_open="bids" in chosen,
        brought_by=UUID(chosen["brought_by"][0]) if "brought_by" in chosen else None,
    )
    notices, last = queries.listed(ctx, filters, asked.after)
    rows = [Row(one, ((one.title, False),), ()) for one in notices]
    return listing.basic(asked, "Notices, newest first", last), rows
