"""The members of a consortium as they were typed: which of them are registered here, and what LOTI
found of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import and_, col, func, or_, select

from auth.actor import Kind
from marketplace.claims.models import Claim
from marketplace.claims.queries import whole
from marketplace.claims.standing import counts
from marketplace.core.context import Context
from marketplace.organisations.models import Organisation
from marketplace.policy import in_the_directory, visible_to

MOST_FOUND, LONGEST = 10, 200  # suppliers; characters of what is typed that count
_NUMBERED = re.compile(r"(?P<name>.+?)\s*\((?P<number>[A-Za-z0-9-]{4,40})\)")
Held = Mapping[tuple[UUID, str], Sequence[Claim]]  # by supplier and version of a standard


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the consortium; without `organisation` it is not registered here."""

    line: str
    organisation: Organisation | None = None
    claims: Mapping[str, Sequence[Claim]] = field(default_factory=dict)  # by version of a standard

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.line

    @property
    def number(self) -> str:
        return number(self.organisation) if self.organisation else ""


def number(supplier: Organisation) -> str:
    return supplier.companies_house_number or supplier.org_id or ""


def line(supplier: Organisation) -> str:
    """How a supplier that was found is entered: the number tells apart two of one name."""
    own = number(supplier)
    return f"{supplier.name} ({own})" if own else supplier.name


def members(ctx: Context, lines: Iterable[str]) -> Sequence[Member]:
    """Each line with the supplier that it names, by its number or by its whole name."""
    said = [(one, one.casefold(), _number(one)) for one in lines]
    if not said:
        return ()
    known = _registered(ctx, {name for _, name, _ in said}, {own for _, _, own in said if own})
    by_number = {number(one).casefold(): one for one in known if number(one)}
    by_name: dict[str, list[Organisation]] = {}
    for one in known:
        by_name.setdefault(one.name.casefold(), []).append(one)
    found = []
    for text, name, own in said:
        namesakes = by_name.get(name, [])
        exact = by_number.get(own.casefold()) or by_number.get(name)
        only = namesakes[0] if len(namesakes) == 1 else None
        found.append(Member(text, exact or only))
    return found


def _number(text: str) -> str:
    named = _NUMBERED.fullmatch(text)
    return named["number"] if named else text


def _suppliers(ctx: Context) -> list[Any]:
    listed = (Organisation.kind == Kind.SUPPLIER, in_the_directory(ctx.actor))
    return [*listed, visible_to(ctx.actor, Organisation)]


def _registered(ctx: Context, names: set[str], numbers: set[str]) -> Sequence[Organisation]:
    named = or_(
        func.lower(col(Organisation.name)).in_(names),
        col(Organisation.companies_house_number).in_(numbers),
        col(Organisation.org_id).in_(numbers),
    )
    return ctx.session.exec(select(Organisation).where(*_suppliers(ctx), named)).all()


def search(ctx: Context, words: str, besides: Iterable[Member]) -> Sequence[Organisation]:
    """Suppliers whose name has all the words or whose number it is, except those in already."""
    text = words.strip()[:LONGEST]
    if not text:
        return ()
    parts = [
        func.lower(col(Organisation.name)).contains(one.lower(), autoescape=True)
        for one in text.split()[:5]
    ]
    its_number = or_(Organisation.companies_house_number == text, Organisation.org_id == text)
    there = [ctx.actor.organisation_id]
    there += [one.organisation.id for one in besides if one.organisation]
    others = select(Organisation).where(
        *_suppliers(ctx),
        or_(and_(*parts), its_number),
        col(Organisation.id).not_in(there),
    )
    in_order = others.order_by(col(Organisation.name), col(Organisation.id))
    return ctx.session.exec(in_order.limit(MOST_FOUND)).all()


def claims(ctx: Context, suppliers: Sequence[UUID], version_ids: Sequence[str]) -> Held:
    """The assessed claims of some suppliers that hold today."""
    found: dict[tuple[UUID, str], list[Claim]] = {}
    if not version_ids:
        return found
    holding = select(Claim).where(
        col(Claim.organisation_id).in_(suppliers),
        col(Claim.version_id).in_([UUID(id) for id in version_ids]),
        counts(ctx.today),
        visible_to(ctx.actor, Claim),
    )
    in_order = whole(holding).order_by(col(Claim.decided_at), col(Claim.id))
    for claim in ctx.session.exec(in_order).unique():
        found.setdefault((claim.organisation_id, str(claim.version_id)), []).append(claim)
    return found
