"""What can be asked of the list of suppliers, and its rows as the database confirms them."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace import policy
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import Asked, Filter, Scope, identity
from marketplace.core.listing import Listing
from marketplace.directory import queries
from marketplace.directory.queries import Filters
from marketplace.organisations.models import Organisation
from marketplace.reference.filters import SME, VCSE
from marketplace.reference.regions import Region
from search.port import Index, Marked

REGION = Filter(
    "region", "Works in", "at work in {}", {one: one.label for one in Region}, names=True
)
SCOPE = Scope("supplier", "supplier", "suppliers", filters=(SME, VCSE, REGION))


@dataclass(frozen=True, slots=True)
class Row:
    supplier: Organisation
    name: Marked
    text: Marked


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked)
    placed = {identity(hit.id): hit for hit in found.hits}
    suppliers = queries.found(ctx, placed)
    rows = [
        Row(suppliers[id], hit.title, _text(hit.excerpt, suppliers[id]))
        for id, hit in placed.items()
        if id in suppliers
    ]
    return found, rows


def by_name(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """The suppliers by name, straight from the database: for when the search does not answer."""
    chosen = asked.chosen
    regions = frozenset(map(Region, chosen.get("region", ())))
    filters = Filters(asked.words, "sme" in chosen, "vcse" in chosen, regions)
    suppliers, last = queries.suppliers(ctx, filters, asked.after)
    rows = [Row(one, ((one.name, False),), ((one.description, False),)) for one in suppliers]
    return listing.basic(asked, "Suppliers by name", last), rows


def _text(excerpt: Marked, supplier: Organisation) -> Marked:
    """Where the words were found; else what the supplier says of itself."""
    return excerpt if any(found for _, found in excerpt) else ((supplier.description, False),)
