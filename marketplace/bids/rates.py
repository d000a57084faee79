"""The prices of a bid for a day of a role, held against the rate card of its bidder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marketplace.core.money import pounds
from marketplace.reference.specialists import Specialist

Priced = tuple[str, Decimal]  # the role that a line is a day of, and its price


@dataclass(frozen=True, slots=True)
class Most:
    """The most that a supplier declared for a day, and since when."""

    amount: Decimal
    since: str  # a date, as it is kept


@dataclass(frozen=True, slots=True)
class Card:
    """`now` is what the supplier declares. `kept` are the lines of what it submitted, each with the
    rate that it was checked against: until the bid is withdrawn, a price that is no higher stands
    on that one, whatever becomes of the card.
    """

    now: Mapping[str, Most] = field(default_factory=dict)
    kept: Sequence[Mapping[str, Any]] = ()

    def under(self, role: str, price: Decimal) -> Most | None:
        """The rate that allows this price; none: it is too high, or the role has no rate."""
        stands = [
            one
            for one in self.kept
            if one.get("role_id") == role and price <= Decimal(one["price"])
        ]
        if stands:
            nearest = min(stands, key=lambda one: Decimal(one["price"]))
            return Most(Decimal(nearest["most"]), nearest["most_since"])
        most = self.now.get(role)
        return most if most and price <= most.amount else None

    def refusal(self, role: str, price: Decimal) -> str:
        """Why a price cannot stay; nothing where it can, or where the card has to be mended."""
        if role not in self.now or self.under(role, price):
            return ""
        return (
            f"{pounds(price)} is more than {pounds(self.now[role].amount)}, the most for a day of "
            f"this role ({Specialist(role).label}) on your rate card. Lower the price, or change "
            "the card under “Your organisation”"
        )

    def undeclared(
        self, roles: Iterable[Specialist], lines: Sequence[Priced]
    ) -> Sequence[Specialist]:
        """The roles that the card has to have before the bid can be submitted."""
        found = []
        for role in roles:
            own = [price for of, price in lines if of == role]
            stands = own and all(self.under(role, price) for price in own)
            if role not in self.now and not stands:
                found.append(role)
        return found

    def snapshot(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """A line of a bid with the rate that it was checked against."""
        role, price = line.get("role_id"), Decimal(line["price"])
        most = self.under(role, price) if role else None
        return {**line, "most": str(most.amount), "most_since": most.since} if most else {**line}
