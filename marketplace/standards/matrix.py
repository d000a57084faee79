"""The matrix: which products, or which suppliers, meet which standards, and how much of what
applies is covered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, field_validator

from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.reference.areas import Area
from marketplace.standards import queries
from marketplace.standards.applicability import Rule, binding, rule
from marketplace.standards.models import Kind, Obligation
from marketplace.standards.queries import Listed, Offer
from marketplace.standards.standing import Cell, Stands, State, cell, claimed

SIZE = 100  # rows on a page
WHOLE = 5_000  # rows of an export


class By(StrEnum):
    """What a row is."""

    PRODUCT = "product"
    SUPPLIER = "supplier"

    @property
    def label(self) -> str:
        return f"{self.capitalize()}s"


class Asked(BaseModel):
    """What the address of the matrix asks for."""

    by: By = By.PRODUCT
    area: list[Area] = []
    kind: list[Kind] = []
    after: UUID | None = None

    @field_validator("area", "kind", mode="before")
    @classmethod
    def _chosen(cls, given: list[str]) -> list[str]:
        """Without the choice of all of them, which a browser sends as nothing."""
        return [one for one in given if one]

    def query(self, **instead: object) -> str:
        """The query of the same matrix, with something else in place of what it says."""
        said = {"by": self.by, "area": self.area, "kind": self.kind, **instead}
        return urlencode({name: value for name, value in said.items() if value}, doseq=True)


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    name: str
    supplier: str
    cells: Sequence[Cell]

    @property
    def counted(self) -> str:
        """Such as "3 of 11 met"."""
        applying = sum(one.obligation is not None for one in self.cells)
        met = sum(one.obligation is not None and one.state.met for one in self.cells)
        return f"{met} of {applying} met"


@dataclass(frozen=True, slots=True)
class Column:
    standard: Listed
    mandatory: int  # rows for which it is
    applying: int
    met: int
    claimed: int

    @property
    def counted(self) -> str:
        return f"{self.met} of {self.applying} met"


@dataclass(frozen=True, slots=True)
class Matrix:
    by: By
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: int
    left_out: int  # standards that apply to no row, and of which none says anything
    after: UUID | None = None  # where the next page begins

    @property
    def summary(self) -> str:
        """The finding in a sentence."""
        applying = sum(one.applying for one in self.columns)
        met = sum(one.met for one in self.columns)
        what = f"{self.total} {self.by}{'' if self.total == 1 else 's'}"
        standards = f"{len(self.columns)} standard{'' if len(self.columns) == 1 else 's'}"
        return f"{what} and {standards}: {met} of {applying} that apply are met"


def draw(ctx: Context, asked: Asked, size: int | None = None) -> Matrix:
    """The matrix as its filters leave it, a page at a time by name."""
    standards = [one for one in queries.listed(ctx) if not asked.kind or one.kind in asked.kind]
    offers = [
        one
        for one in queries.offers(ctx)
        if not asked.area or not one.facts.areas.isdisjoint(asked.area)
    ]
    things = _suppliers(offers) if asked.by is By.SUPPLIER else [(one,) for one in offers]
    size, begin = size or SIZE, _after(asked, things)
    shown = things[begin : begin + size]
    stands = claimed(ctx, [one.id for group in shown for one in group])
    held = [(one, [rule(each) for each in one.rules]) for one in standards]
    rows = [_row(asked.by, group, held, stands) for group in shown]
    columns = [_column(one, at, rows) for at, one in enumerate(standards)]
    said = [at for at in range(len(columns)) if any(one.cells[at].text for one in rows)]
    order = sorted(said, key=lambda at: not columns[at].mandatory)
    more = begin + size < len(things)
    return Matrix(
        asked.by,
        [columns[at] for at in order],
        [Row(one.id, one.name, one.supplier, [one.cells[at] for at in order]) for one in rows],
        len(things),
        len(columns) - len(order),
        _id(asked.by, shown[-1]) if more else None,
    )


Group = Sequence[Offer]  # the products of a row
Held = tuple[Listed, Sequence[Rule]]  # a standard, with its rules as they were read


def _suppliers(offers: Iterable[Offer]) -> list[Group]:
    by_supplier: dict[UUID, list[Offer]] = defaultdict(list)
    for one in offers:
        by_supplier[one.supplier_id].append(one)
    return sorted(by_supplier.values(), key=lambda group: group[0].supplier.casefold())


def _id(by: By, group: Group) -> UUID:
    return group[0].supplier_id if by is By.SUPPLIER else group[0].id


def _after(asked: Asked, things: Sequence[Group]) -> int:
    if asked.after is None:
        return 0
    for at, group in enumerate(things):
        if _id(asked.by, group) == asked.after:
            return at + 1
    raise NotFound("There is no such part of the matrix.")


def _row(by: By, group: Group, held: Sequence[Held], stands: Mapping[UUID, Stands]) -> Row:
    first = group[0]
    cells = [_worst([_cell(offer, one, stands) for offer in group]) for one in held]
    name = first.supplier if by is By.SUPPLIER else first.name
    return Row(_id(by, group), name, first.supplier, cells)


def _cell(offer: Offer, held: Held, stands: Mapping[UUID, Stands]) -> Cell:
    standard, rules = held
    binds = binding(rules, offer.facts)
    return cell(stands.get(offer.id, {}).get(standard.key), binds)


def _worst(cells: Sequence[Cell]) -> Cell:
    """What is to be said of a supplier with several products: how the one stands that is furthest
    from meeting the standard; products that it does not apply to do not count.
    """
    if len(cells) == 1:
        return cells[0]
    held = [one for one in cells if one.obligation] or cells
    worst = max(held, key=lambda one: list(State).index(one.state))
    binding = {one.obligation for one in held}
    strictest = next((one for one in Obligation if one in binding), None)
    differ = len({one.state for one in held}) > 1
    text = f"{worst.text} (not all products alike)" if differ else worst.text
    return Cell(worst.state, text, strictest, "" if len(held) > 1 else worst.href)


def _column(standard: Listed, at: int, rows: Sequence[Row]) -> Column:
    held = [row.cells[at] for row in rows if row.cells[at].obligation]
    states = Counter(one.state for one in held)
    return Column(
        standard,
        sum(one.obligation is Obligation.MANDATORY for one in held),
        len(held),
        sum(number for state, number in states.items() if state.met),
        states[State.CLAIMED],
    )


# ---- How much is covered


@dataclass(frozen=True, slots=True)
class Covered:
    """Of how many products that something applies to it is met, claimed, or neither."""

    name: str
    href: str
    met: int
    claimed: int
    neither: int

    @property
    def applying(self) -> int:
        return self.met + self.claimed + self.neither


def coverage(ctx: Context) -> tuple[Sequence[Covered], Sequence[Covered]]:
    """What is covered of what applies to all that is listed: by standard, and by area of work."""
    matrix = draw(ctx, Asked(), WHOLE)
    standards = [
        Covered(
            one.standard.title,
            f"/standards/{one.standard.id}",
            one.met,
            one.claimed,
            one.applying - one.met - one.claimed,
        )
        for one in matrix.columns
        if one.applying
    ]
    areas_of = {one.id: one.facts.areas for one in queries.offers(ctx)}
    by_area = {area: Counter[str]() for area in Area}
    for row in matrix.rows:
        counted = Counter(
            "met" if one.state.met else "claimed" if one.state is State.CLAIMED else "neither"
            for one in row.cells
            if one.obligation
        )
        for area in areas_of[row.id]:
            by_area[Area(area)].update(counted)
    areas = [
        Covered(
            area.label,
            f"/standards/matrix?area={area}",
            counted["met"],
            counted["claimed"],
            counted["neither"],
        )
        for area, counted in by_area.items()
        if counted.total()
    ]
    return sorted(standards, key=_least), sorted(areas, key=_least)


def _least(one: Covered) -> tuple[float, str]:
    """What is covered least comes first."""
    return one.met / one.applying, one.name


# ---- As a table


def table(matrix: Matrix) -> tuple[list[str], list[list[str]]]:
    """Its head and its rows, in words."""
    names = ["Supplier"] if matrix.by is By.SUPPLIER else ["Product", "Supplier"]
    head = [*names, *(one.standard.key for one in matrix.columns), "Met"]
    rows = [
        [
            row.name,
            *([row.supplier] if matrix.by is By.PRODUCT else []),
            *(_exported(one) for one in row.cells),
            row.counted,
        ]
        for row in matrix.rows
    ]
    return head, rows


def _exported(one: Cell) -> str:
    binds = f" ({one.obligation.label.lower()})" if one.obligation else ""
    return f"{one.text}{binds}" if one.text else "Does not apply"
