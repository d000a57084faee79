"""What can be asked of the list of challenges, and its rows as the database confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace import policy
from marketplace.challenges import queries
from marketplace.challenges.models import PUBLISHED, Stage
from marketplace.challenges.queries import Filters, Listed
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import CLOSING, Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.organisations import queries as organisations
from marketplace.reference.areas import Area
from marketplace.reference.filters import (
    AREA,
    BUDGET,
    CLOSES_BY,
    CLOSES_FROM,
    CPV,
    SINCE,
    UNTIL,
    is_slug,
)
from search.port import Index, Marked

STAGE = Filter("stage", "Stage", "{}", {one.value: one.label for one in PUBLISHED})
AUTHORITY = Filter("authority", "Authority", "of {}", names=True, fits=is_slug)
SCOPE = Scope(
    "challenge",
    "challenge",
    "challenges",
    filters=(STAGE, AREA, AUTHORITY, BUDGET, CPV),
    days=(CLOSES_FROM, CLOSES_BY, SINCE, UNTIL),
    orders=CLOSING,
    always={"stage": frozenset(one.value for one in PUBLISHED)},
)


@dataclass(frozen=True, slots=True)
class Row:
    challenge: Listed
    title: Marked
    text: Marked


def words(ctx: Context) -> Mapping[str, Mapping[str, str]]:
    """What the values are called that only the database knows."""
    return {"authority": {one.slug: one.called for one in organisations.authorities(ctx)}}


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked, words(ctx))
    placed = {identity(hit.id): hit for hit in found.hits}
    challenges = queries.published(ctx, placed)
    rows = [
        Row(challenges[id], hit.title, _text(hit.excerpt, challenges[id]))
        for id, hit in placed.items()
        if id in challenges
    ]
    return found, rows


def newest(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What is published, straight from the database: for when the search does not answer."""
    area, stage, authority = (asked.chosen.get(name, ()) for name in ("area", "stage", "authority"))
    filters = Filters(
        frozenset(map(Area, area)), frozenset(map(Stage, stage)), frozenset(authority)
    )
    challenges, last = queries.listed(ctx, filters, asked.after)
    rows = [Row(one, ((one.title, False),), ((one.need, False),)) for one in challenges]
    return listing.basic(asked, "Challenges, newest first", last), rows


def _text(excerpt: Marked, challenge: Listed) -> Marked:
    """Where the words were found; the need when they were found in the title or by meaning."""
    return excerpt if any(found for _, found in excerpt) else ((challenge.need, False),)
