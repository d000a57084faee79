"""The values from which the whole Act applies: pounds, VAT included, as dated rows.

A value is the most that could be paid: by every party, for every lot, with options, extensions,
prizes and VAT (s4 and Schedule 3 of the Act).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.core.money import VAT, Money
from marketplace.law.regimes import STARTS
from marketplace.law.routes import Contract, Tier
from marketplace.law.sources import Rule, rule, schedule, section

STANDARD_VAT = Decimal("0.20")  # Value Added Tax Act 1994, s2(1)
NOTIFIABLE = {Tier.SUB_CENTRAL: Decimal(30_000), Tier.CENTRAL: Decimal(12_000)}  # s87(4)
KEY_INDICATORS_OVER = Decimal(5_000_000)  # s52(1), and for copies s53(3) and s77
PIPELINE_SPEND_OVER = Decimal(100_000_000)  # s93(1): what an authority will pay in the year
PIPELINE_CONTRACT_OVER = Decimal(2_000_000)  # s93(3)
PAYMENT_OVER = Decimal(30_000)  # s70(1)
NEXT_EXPECTED = date(2028, 1, 1)  # thresholds are set anew every two years; not announced


@dataclass(frozen=True, slots=True)
class Threshold:
    """One value, from the day on which it applies."""

    since: date
    contract: Contract
    tier: Tier | None  # None: for both
    amount: Decimal  # pounds, VAT included
    row: int  # of the table in Schedule 1

    def __str__(self) -> str:
        return f"£{self.amount:,.0f} with VAT"


_2025 = STARTS
_2026 = date(2026, 1, 1)
_ROWS: tuple[tuple[date, Contract, Tier | None, int, int], ...] = (
    (_2025, Contract.GOODS_SERVICES, Tier.SUB_CENTRAL, 214_904, 12),
    (_2025, Contract.GOODS_SERVICES, Tier.CENTRAL, 139_688, 11),
    (_2025, Contract.WORKS, None, 5_372_609, 10),
    (_2025, Contract.CONCESSION, None, 5_372_609, 9),
    (_2025, Contract.LIGHT_TOUCH, None, 663_540, 8),
    (_2025, Contract.LIGHT_TOUCH_CONCESSION, None, 5_372_609, 7),
    (_2026, Contract.GOODS_SERVICES, Tier.SUB_CENTRAL, 207_720, 12),
    (_2026, Contract.GOODS_SERVICES, Tier.CENTRAL, 135_018, 11),
    (_2026, Contract.WORKS, None, 5_193_000, 10),
    (_2026, Contract.CONCESSION, None, 5_193_000, 9),
)
THRESHOLDS: tuple[Threshold, ...] = tuple(
    Threshold(since, contract, tier, Decimal(amount), row)
    for since, contract, tier, amount, row in _ROWS
)


def threshold(begins: date, contract: Contract, tier: Tier = Tier.SUB_CENTRAL) -> Threshold | None:
    """The row for a procurement that begins on that day; None before the Act applied."""
    fitting = [
        row
        for row in THRESHOLDS
        if row.since <= begins and row.contract is contract and row.tier in (None, tier)
    ]
    return max(fitting, key=lambda row: row.since, default=None)


def threshold_rule(found: Threshold, begins: date) -> Rule:
    unsure = ""
    if begins >= NEXT_EXPECTED:
        unsure = (
            "New thresholds are expected from 1 January 2028 and not known here; this is the "
            "newest known."
        )
    return rule(
        f"The threshold for {found.contract.label.lower()} is {found}. The value is the most that "
        "could be paid by all authorities together, for all lots, options and extensions.",
        schedule(1, f"1, row {found.row} of the table"),
        section("4"),
        schedule(3),
        unsure=unsure,
    )


def with_vat(money: Money, rate: Decimal = STANDARD_VAT) -> Money:
    """The amount with VAT; one that has it already stays. Pennies are rounded up."""
    if money.vat is VAT.INCLUDED:
        return money
    if money.vat is VAT.UNKNOWN:
        raise ValueError("An amount is compared with a threshold only when VAT is known.")
    gross = (money.amount * (1 + rate)).quantize(Decimal("0.01"), rounding="ROUND_CEILING")
    return Money(gross, money.currency, VAT.INCLUDED)


def whole_value(parts: Iterable[Money], rate: Decimal = STANDARD_VAT) -> Money:
    """What all parties together could pay for all parts, options and extensions, VAT included."""
    total = Decimal(0)
    for part in parts:
        if part.currency != "GBP":
            raise ValueError("Thresholds are in pounds.")
        total += with_vat(part, rate).amount
    return Money(total, "GBP", VAT.INCLUDED)
