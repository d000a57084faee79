"""What can be asked of the register of contracts, and its rows as the database confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace import policy
from marketplace.contracts import register_queries as queries
from marketplace.contracts.forms import Standing
from marketplace.contracts.models import Contract
from marketplace.contracts.register_queries import MOST, Filters
from marketplace.core import listing
from marketplace.core.context import Context
from marketplace.core.finding import Asked, Day, Filter, Scope, identity, question
from marketplace.core.listing import Listing
from marketplace.organisations import queries as organisations
from marketplace.reference.areas import Area
from marketplace.reference.filters import AREA, CPV, is_id, is_slug
from search.port import Index, Marked

FORCE = Filter("standing", "State", "{}", {Standing.FORCE.value: "Not over"}, ahead="ends")
AUTHORITY = Filter("authority", "Authority", "of {}", names=True, fits=is_slug)
CALLER = Filter(
    "caller", "Who may call off", "that {} may call off under", names=True, fits=is_slug
)
SCOPE = Scope(
    "contract",
    "contract",
    "contracts",
    filters=(FORCE, AREA, AUTHORITY, CALLER, CPV),
    days=(
        Day("ends_by", "Contract ends on or before", "ends", False, "ending until {}"),
        Day("since", "Signed on or after", "at", True, "signed from {} on"),
        Day("until", "Signed on or before", "at", False, "signed until {}"),
    ),
)
# What an organisation can ask of its own contracts, which the index does not know before they are
# signed.
STANDING = Filter("standing", "State", "{}", {one.value: one.label for one in Standing})
CLAIM = Filter("claim", "Relying on a finding", fits=is_id, hidden=True)
OWN = Scope("contract", "contract", "contracts", filters=(STANDING, CLAIM))


@dataclass(frozen=True, slots=True)
class Row:
    contract: Contract
    title: Marked
    text: Marked


def words(ctx: Context) -> Mapping[str, Mapping[str, str]]:
    """What the values are called that only the database knows."""
    called = {one.slug: one.called for one in organisations.authorities(ctx)}
    return {AUTHORITY.name: called, CALLER.name: called}


def find(ctx: Context, index: Index, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What the words and the filters leave, with the rows of this page.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = listing.find(index, policy.audience(ctx.actor), asked, words(ctx))
    placed = {identity(hit.id): hit for hit in found.hits}
    contracts = queries.signed(ctx, placed)
    rows = [
        Row(contracts[id], hit.title, _found(hit.excerpt))
        for id, hit in placed.items()
        if id in contracts
    ]
    return found, rows


def newest(ctx: Context, asked: Asked) -> tuple[Listing, Sequence[Row]]:
    """What is signed, straight from the database: for when the search does not answer."""
    filters = Filters(
        area=frozenset(map(Area, asked.chosen.get(AREA.name, ()))),
        authority=frozenset(asked.chosen.get(AUTHORITY.name, ())),
        caller=frozenset(asked.chosen.get(CALLER.name, ())),
        in_force=FORCE.name in asked.chosen,
    )
    contracts, last = queries.listed(ctx, filters, asked.after)
    rows = [Row(one, ((one.title, False),), ()) for one in contracts]
    return listing.basic(asked, "Contracts, newest first", last), rows


def every(ctx: Context, index: Index, asked: Asked) -> Sequence[Contract]:
    """All that is found, to be taken along, without pages.

    Raises Unavailable when the search does not answer.
    """
    whole = replace(question(asked, policy.audience(ctx.actor)), page=1, size=MOST)
    ids = [identity(hit.id) for hit in index.find(whole).hits]
    contracts = queries.signed(ctx, ids)
    return [contracts[id] for id in ids if id in contracts]


def _found(excerpt: Marked) -> Marked:
    """Where the words were found, if they were; the row itself says the rest."""
    return excerpt if any(found for _, found in excerpt) else ()
