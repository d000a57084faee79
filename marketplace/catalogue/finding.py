"""What can be asked of the catalogue, and its rows as the database confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace import policy
from marketplace.catalogue import queries
from marketplace.catalogue.models import Deployment, Stage
from marketplace.catalogue.queries import Listed
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.organisations import queries as organisations
from marketplace.reference.filters import (
    AREA,
    BAND,
    CLAIMED,
    CPV,
    MET,
    SINCE,
    SME,
    UNTIL,
    VCSE,
    is_id,
)
from search.port import Index, Marked

SCOPE = Scope(
    "product",
    "product",
    "products",
    filters=(
        AREA,
        MET,
        CLAIMED,
        Filter("deployment", "How it is provided", words={one: one.label for one in Deployment}),
        BAND,
        SME,
        VCSE,
        Filter("used_by", "Used by, as suppliers claim", "used by {}", names=True, fits=is_id),
        CPV,
    ),
    days=(SINCE, UNTIL),
    always={"stage": frozenset({Stage.LISTED.value})},
)


@dataclass(frozen=True, slots=True)
class Row:
    product: Listed
    name: Marked
    text: Marked


def words(ctx: Context) -> Mapping[str, Mapping[str, str]]:
    """What the values are called that only the database knows."""
    authorities = sorted(organisations.authorities(ctx), key=lambda one: one.called)
    standards = queries.standards(ctx)
    return {
        "used_by": {str(one.id): one.called for one in authorities},
        "standard_met": standards,
        "standard_claimed": standards,
    }


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked, words(ctx))
    placed = {identity(hit.id): hit for hit in found.hits}
    products = queries.listed(ctx, placed)
    rows = [
        Row(products[id], hit.title, _text(hit.excerpt, products[id]))
        for id, hit in placed.items()
        if id in products
    ]
    return found, rows


def newest(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """All that is listed, straight from the database: for when the search does not answer."""
    products, last = queries.newest(ctx, asked.after)
    rows = [Row(one, ((one.name, False),), ((one.summary, False),)) for one in products]
    return listing.basic(asked, "Every product, newest first", last), rows


def _text(excerpt: Marked, product: Listed) -> Marked:
    """Where the words were found; the summary when they were found in the name or by meaning."""
    return excerpt if any(found for _, found in excerpt) else ((product.summary, False),)
