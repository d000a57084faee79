"""Finding products in the catalogue: by words and by filters, each with how many it would leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import shorten
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, Field

from marketplace import policy
from marketplace.catalogue import queries
from marketplace.catalogue.models import Deployment, Stage
from marketplace.catalogue.queries import Listed
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.organisations.queries import Named
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from search.port import Found, Hit, Index, Marked, Question

SIZE = queries.SIZE
LONGEST = 1000  # characters of a described need that count
LAST = 5000  # the highest page that can be asked for


class Asked(BaseModel):
    """What the address of a list asks for."""

    q: str = ""
    area: list[Area] = []
    deployment: list[Deployment] = []
    band: list[Band] = []
    sme: list[Literal["yes"]] = []
    vcse: list[Literal["yes"]] = []
    used_by: list[UUID] = []
    page: Annotated[int, Field(ge=1, le=LAST)] = 1
    after: UUID | None = None  # while the search does not answer

    @property
    def words(self) -> str:
        return " ".join(self.q.split())[:LONGEST]

    def chosen(self, name: str) -> list[str]:
        return [str(value) for value in getattr(self, name)]

    def without(self, *names: str, value: str = "") -> str:
        """The query of the same list without some filters, or without one value of a filter."""
        kept = {"q": [self.q] if self.q and "q" not in names else []}
        for name in FILTERS:
            kept[name] = [
                one for one in self.chosen(name) if name not in names or (value and one != value)
            ]
        return urlencode(kept, doseq=True)


@dataclass(frozen=True, slots=True)
class Filter:
    legend: str
    says: str  # its part of the summary
    words: Mapping[str, str]  # of each value
    names: bool = False  # whether the words are proper names


FILTERS: Mapping[str, Filter] = {
    "area": Filter("Area of work", "for {}", {area: area.label for area in Area}),
    "deployment": Filter("How it is provided", "{}", {one: one.label for one in Deployment}),
    "band": Filter("Price for one authority", "{}", {band: band.label for band in Band}),
    "sme": Filter(
        "Size of the supplier", "from a {}", {"yes": "Small or medium-sized supplier (SME)"}
    ),
    "vcse": Filter(
        "Kind of supplier", "from a {}", {"yes": "Voluntary, community or social enterprise (VCSE)"}
    ),
    "used_by": Filter("Used by, as suppliers claim", "used by {}", {}, names=True),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as it is drawn: the values that would leave something, and those ticked."""

    name: str
    legend: str
    options: Sequence[tuple[str, str, int]]
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    product: Listed
    name: Marked
    text: Marked


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the catalogue. Its addresses are queries, to be put behind its own address."""

    rows: Sequence[Row]
    total: int
    summary: str
    facets: Sequence[Facet] = ()
    selected: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()  # legend: (words, query)
    ways_out: Sequence[tuple[str, str]] = ()  # from an empty list: (words, query)
    basic: bool = False
    later: str = ""

    @property
    def last(self) -> int:
        return max(1, ceil(self.total / SIZE))


def find(ctx: Context, index: Index, asked: Asked, authorities: Iterable[Named]) -> Listing:
    """What the words and the filters leave, best answer first; without words, newest first.

    Raises Unavailable when the search does not answer, NotFound beyond the last page.
    """
    found = _by_id(ctx, asked) or index.find(_question(ctx, asked))
    if asked.page > 1 and not found.hits:
        raise NotFound("There is no such page of the catalogue.")
    words = {name: dict(one.words) for name, one in FILTERS.items()}
    by_name = sorted(authorities, key=lambda one: one.called)
    words["used_by"] = {str(one.id): one.called for one in by_name}
    return Listing(
        _rows(ctx, asked, found.hits),
        found.total,
        _summary(asked, found.total, words),
        facets=[_facet(name, asked, found, words[name]) for name in FILTERS],
        selected=[_selected(name, asked, words[name]) for name in FILTERS if asked.chosen(name)],
        ways_out=[] if found.total else _ways_out(asked, found),
        basic=found.basic,
    )


def newest(ctx: Context, after: UUID | None) -> Listing:
    """All that is listed, straight from the database: for when the search does not answer."""
    products, last = queries.newest(ctx, after)
    rows = [Row(one, ((one.name, False),), ((one.summary, False),)) for one in products]
    later = urlencode({"after": last}) if last else ""
    return Listing(rows, len(rows), "Every product, newest first", basic=True, later=later)


def counted(total: int) -> str:
    return {0: "No products", 1: "1 product"}.get(total, f"{total:,} products")


def _question(ctx: Context, asked: Asked) -> Question:
    filters = {name: frozenset(asked.chosen(name)) for name in FILTERS if asked.chosen(name)}
    return Question(
        asked.words,
        policy.audience(ctx.actor),
        kinds=frozenset({"product"}),
        filters={**filters, "stage": frozenset({Stage.LISTED.value})},
        facets=tuple(FILTERS),
        page=asked.page,
        size=SIZE,
    )


def _by_id(ctx: Context, asked: Asked) -> Found | None:
    """What somebody looks for by the id in its address."""
    try:
        id = UUID(asked.words)
    except ValueError:
        return None
    product = queries.listed(ctx, [id]).get(id)
    if product is None or asked.page > 1:
        return None
    name, summary = ((product.name, False),), ((product.summary, False),)
    return Found((Hit(f"product-{id}", "product", name, summary, 1.0),), 1, {"product": 1}, {})


def _rows(ctx: Context, asked: Asked, hits: Sequence[Hit]) -> list[Row]:
    """What was found as far as the database confirms it."""
    placed = {UUID(hit.id.removeprefix("product-")): hit for hit in hits}
    products = queries.listed(ctx, placed)
    return [
        Row(products[id], hit.title, _text(hit.excerpt, products[id]))
        for id, hit in placed.items()
        if id in products
    ]


def _text(excerpt: Marked, product: Listed) -> Marked:
    """Where the words were found; the summary when they were found in the name or by meaning."""
    return excerpt if any(found for _, found in excerpt) else ((product.summary, False),)


def _facet(name: str, asked: Asked, found: Found, words: Mapping[str, str]) -> Facet:
    counts, chosen = found.facets.get(name, {}), asked.chosen(name)
    options = [
        (value, text, counts.get(value, 0))
        for value, text in words.items()
        if counts.get(value) or value in chosen
    ]
    return Facet(name, FILTERS[name].legend, options, chosen)


def _selected(
    name: str, asked: Asked, words: Mapping[str, str]
) -> tuple[str, Sequence[tuple[str, str]]]:
    tags = [
        (words.get(value, "An authority that is not here"), asked.without(name, value=value))
        for value in asked.chosen(name)
    ]
    return FILTERS[name].legend, tags


def _ways_out(asked: Asked, found: Found) -> list[tuple[str, str]]:
    """What to drop so that something is left: single filters that do it, else everything."""
    guilty = [name for name in FILTERS if asked.chosen(name) and found.facets.get(name)]
    ways = [(f"Drop the filter “{FILTERS[name].legend}”", asked.without(name)) for name in guilty]
    filtered = any(asked.chosen(name) for name in FILTERS)
    if not ways and filtered:
        ways = [("Drop every filter", asked.without(*FILTERS))]
    if asked.words:
        ways.append(("Drop the words" if filtered else "See every product", asked.without("q")))
    return ways


def _summary(asked: Asked, total: int, words: Mapping[str, Mapping[str, str]]) -> str:
    """Such as "14 products for “case management”, software as a service"."""
    words_said = shorten(asked.words, 80, placeholder="…")
    parts = [counted(total) + (f" for “{words_said}”" if asked.words else "")]
    for name, one in FILTERS.items():
        if chosen := [words[name].get(value, "?") for value in asked.chosen(name)]:
            said = chosen if one.names else [_inside(text) for text in chosen]
            parts.append(one.says.format(" or ".join(said)))
    return ", ".join(parts)


def _inside(text: str) -> str:
    """Words within a sentence; HR stays HR."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
