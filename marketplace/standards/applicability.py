"""Which standards apply to what, and how far they bind: rules as data over what is true of it.

A rule holds when all of its conditions hold. Of a standard's rules that hold, the strictest
obligation counts; when none holds, the standard does not apply.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.standards.models import Obligation


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a product, or of what a tender asks for."""

    attributes: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    contract_value: Decimal | None = None  # pounds, VAT included; None where there is no contract


@dataclass(frozen=True, slots=True)
class Rule:
    """A standard binds so far where everything here holds; without conditions, everywhere."""

    obligation: Obligation
    all_of: frozenset[str] = frozenset()  # attributes that must be there
    none_of: frozenset[str] = frozenset()  # attributes that must not
    areas: frozenset[str] = frozenset()  # one of these; empty: any
    contract_over: Decimal | None = field(default=None)  # pounds a contract must exceed

    def holds(self, facts: Facts) -> bool:
        return (
            self.all_of <= facts.attributes
            and self.none_of.isdisjoint(facts.attributes)
            and (not self.areas or not self.areas.isdisjoint(facts.areas))
            and (self.contract_over is None or (facts.contract_value or 0) > self.contract_over)
        )

    @property
    def says(self) -> str:
        """Completes "Mandatory when the product …"."""
        said = [Attribute(one).label for one in sorted(self.all_of)]
        said += [f"not: {Attribute(one).label}" for one in sorted(self.none_of)]
        if self.areas:
            said.append(f"is for {' or '.join(Area(one).label for one in sorted(self.areas))}")
        if self.contract_over is not None:
            said.append(f"is bought for more than £{self.contract_over:,.0f}")
        return " and ".join(said) or "is bought, whatever it is"


def rule(data: Mapping[str, Any]) -> Rule:
    """A rule as `StandardVersion.rules` keeps it."""
    over = data.get("contract_over")
    return Rule(
        Obligation(data["obligation"]),
        frozenset(data.get("all_of", ())),
        frozenset(data.get("none_of", ())),
        frozenset(data.get("areas", ())),
        None if over is None else Decimal(str(over)),
    )


@lru_cache(maxsize=1_000)
def read(rules: str) -> tuple[Rule, ...]:
    """The rules of a version as the database keeps them; the same text is read once."""
    return tuple(map(rule, json.loads(rules)))


def obligation(rules: Iterable[Mapping[str, Any]], facts: Facts) -> Obligation | None:
    """How far a standard with these rules binds here; None: it does not apply."""
    return binding(map(rule, rules), facts)


def binding(rules: Iterable[Rule], facts: Facts) -> Obligation | None:
    """The same for rules that were read already: for whoever asks of many products."""
    strictest = None
    for one in rules:
        if one.obligation is not strictest and one.holds(facts):
            if one.obligation is Obligation.MANDATORY:
                return one.obligation
            strictest = one.obligation
    return strictest
