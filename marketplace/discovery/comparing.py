"""Products side by side: the same questions of each, and where the answers differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from marketplace.catalogue.models import PriceLine, PriceModel, Product, ProductVersion, Stage
from marketplace.catalogue.parts import price
from marketplace.claims import queries as claims
from marketplace.claims.queries import Standing
from marketplace.core.context import Context
from marketplace.core.times import day
from marketplace.discovery import queries
from marketplace.discovery.finding import identity
from marketplace.organisations.models import Organisation
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from search.port import Index, Question

MOST = 5  # products beside one another; more are not read
OFFERED = 8  # products that a search offers to add
NOT_SAID = "Not given"
EVERYBODY = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Column:
    """A product with all that is compared of it, as the reader may see it."""

    product: Product
    users: Sequence[Organisation] = ()
    confirmed: frozenset[UUID] = frozenset()  # the users that say so themselves
    held: Mapping[str, Standing] = field(default_factory=dict)  # by the key of a standard
    lines: Sequence[PriceLine] = ()
    version: ProductVersion | None = None  # the current one


@dataclass(frozen=True, slots=True)
class Cell:
    lines: tuple[str, ...]
    differs: bool  # from what most of the others say

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The products in the order they were asked for; those that are not there are left out."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    absent: int = 0
    left_over: int = 0  # beyond as many as fit

    def only_differences(self) -> tuple[Group, ...]:
        kept = (
            Group(group.title, tuple(row for row in group.rows if row.differs))
            for group in self.groups
        )
        return tuple(group for group in kept if group.rows)

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The head and the rows for a spreadsheet."""
        head = ("About", "Question", *(column.product.name for column in self.columns))
        rows = [
            (group.title, row.label, *(cell.text for cell in row.cells))
            for group in self.groups
            for row in group.rows
        ]
        return head, rows


def compare(ctx: Context, ids: Iterable[UUID]) -> Comparison:
    """The products of these ids that the reader may see, with every question answered."""
    asked = list(dict.fromkeys(ids))
    columns = tuple(see(ctx, asked[:MOST]).values())
    absent = len(asked[:MOST]) - len(columns)
    return Comparison(columns, groups(columns), absent, len(asked[MOST:]))


def see(ctx: Context, ids: Sequence[UUID]) -> Mapping[UUID, Column]:
    """Those of these products that the reader may see, in this order, by id."""
    products = queries.seen(ctx, Product, ids)
    uses = queries.seen_uses_and_runs(ctx, products, ())
    lines, versions = queries.prices_and_versions(ctx, products)
    standings = claims.standings(ctx, products)
    return {
        id: Column(
            products[id],
            uses.users.get(id, ()),
            frozenset(uses.confirmed.get(id, ())),
            claims.best(standings.get(id, ())),
            lines.get(id, ()),
            versions.get(id),
        )
        for id in ids
        if id in products and products[id].stage is not Stage.DRAFT
    }


def groups(columns: Sequence[Column]) -> tuple[Group, ...]:
    """Every question of every group; of the standards, those that any of the products claims."""
    first, *others = QUESTIONS
    return tuple(
        Group(title, tuple(_row(label, says, columns) for label, says in questions))
        for title, questions in (first, ("Standards", _standards(columns)), *others)
        if questions
    )


def _standards(columns: Sequence[Column]) -> Sequence[tuple[str, "Says"]]:
    titles = {key: one.title for column in columns for key, one in column.held.items()}
    by_title = sorted(titles, key=lambda key: titles[key])
    return [(titles[key], partial(_held, key)) for key in by_title]


def _held(key: str, column: Column) -> Sequence[str]:
    one = column.held.get(key)
    if one is None:
        return ["Not claimed"]
    until = f", until {day(one.until)}" if one.until else ""
    return [f"{one.says}{until}", f"{one.title} {one.label}, for {one.whose}"]


def offers(
    ctx: Context, index: Index, words: str, besides: Iterable[UUID]
) -> Sequence[tuple[UUID, str, str]]:
    """Listed products that a search for these words finds: id, name and supplier."""
    question = Question(words, EVERYBODY, frozenset({"product"}), size=OFFERED)
    found = [identity(hit.id) for hit in index.find(question).hits]
    known = set(besides)
    listed = queries.listed(ctx, [id for id in found if id not in known])
    return [(id, listed[id].name, listed[id].organisation.called) for id in found if id in listed]


def _row(label: str, says: "Says", columns: Sequence[Column]) -> Row:
    told = [tuple(says(column)) or (NOT_SAID,) for column in columns]
    usual = _usual(told)
    return Row(label, tuple(Cell(lines, lines != usual and len(told) > 1) for lines in told))


def _usual(told: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """What most of them say; None where no two say the same, so that each differs."""
    if not told:
        return None
    lines, times = Counter(told).most_common(1)[0]
    return lines if times > 1 or len(told) == 1 else None


# ---- What is compared

Says = Callable[[Column], Sequence[str]]


def _labels(slugs: Iterable[str], kind: type[Area] | type[Attribute]) -> list[str]:
    labels = [kind(slug).label for slug in slugs]
    return sorted(label[:1].upper() + label[1:] for label in labels)


def _price(column: Column) -> Sequence[str]:
    product = column.product
    if product.band:
        return [product.band.label]
    return ["Free of charge"] if product.price_model is PriceModel.FREE else []


def _lines(column: Column, *, extra: bool) -> Sequence[str]:
    return [f"{line.what}: {price(line)}" for line in column.lines if line.is_extra is extra]


def _users(column: Column) -> Sequence[str]:
    sure = column.confirmed
    return [
        f"{who.called}, {'as it confirms' if who.id in sure else 'as the supplier claims'}"
        for who in column.users
    ]


def _one(text: str) -> Sequence[str]:
    return [text] if text else []


QUESTIONS: Sequence[tuple[str, Sequence[tuple[str, Says]]]] = (
    (
        "What it does",
        (
            ("Supplier", lambda one: [one.product.organisation.name]),
            ("In a sentence", lambda one: _one(one.product.summary)),
            ("Features", lambda one: one.product.features),
            ("Areas of work", lambda one: _labels(one.product.areas, Area)),
            ("Works with", lambda one: one.product.integrations),
            ("What is true of it", lambda one: _labels(one.product.attributes, Attribute)),
            (
                "Current version",
                lambda one: _one(one.version.label if one.version else ""),
            ),
            ("What comes next", lambda one: _one(one.product.roadmap)),
            ("CPV codes", lambda one: [f"{c} {cpv.label(c)}".strip() for c in one.product.cpv]),
        ),
    ),
    (
        "Price",
        (
            ("Price for one authority, VAT excluded", _price),
            (
                "How it is priced",
                lambda one: _one(one.product.price_model.label if one.product.price_model else ""),
            ),
            ("What is paid for", lambda one: _lines(one, extra=False)),
            ("Extras", lambda one: _lines(one, extra=True)),
        ),
    ),
    (
        "Hosting",
        (
            (
                "How it is provided",
                lambda one: _one(one.product.deployment.label if one.product.deployment else ""),
            ),
            ("Where data is kept", lambda one: _one(one.product.hosted_in)),
            ("Security", lambda one: _one(one.product.security)),
            ("Sub-processors", lambda one: one.product.sub_processors),
        ),
    ),
    (
        "Support",
        (
            ("Support hours", lambda one: _one(one.product.support_hours)),
            ("Service levels", lambda one: _one(one.product.service_levels)),
        ),
    ),
    (
        "References",
        (
            ("Used by", _users),
            (
                "Small or medium-sized supplier",
                lambda one: ["Yes" if one.product.organisation.is_sme else "No"],
            ),
            ("Web page", lambda one: _one(one.product.site)),
            ("In the catalogue", lambda one: [one.product.stage.label]),
        ),
    ),
    (
        "Exit",
        (
            ("Taking data along", lambda one: _one(one.product.data_export)),
            ("When the contract ends", lambda one: _one(one.product.leaving)),
        ),
    ),
)
