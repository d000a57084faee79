"""Money: an exact amount of one currency that says whether VAT is in it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MOST = Decimal(10) ** 12
PENNY = Decimal("0.01")
_TYPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


class VAT(StrEnum):
    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class NotMoney(ValueError):  # noqa: N818 - an answer to what somebody typed
    """A sentence saying what is wrong with an amount."""


@dataclass(frozen=True, slots=True)
class Money:
    """Refuses, with NotMoney, an amount that nobody can pay: endless, negative or in parts of a
    penny, or a trillion and over."""

    amount: Decimal
    currency: str = "GBP"  # ISO 4217
    vat: VAT = VAT.UNKNOWN

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise NotMoney("The amount must be a number.")
        if self.amount < 0:
            raise NotMoney("The amount must be 0 or more.")
        if self.amount > MOST:
            raise NotMoney(f"The amount must be {_digits(MOST)} or less.")
        if self.amount != self.amount.quantize(Decimal("0.01")):
            raise NotMoney("The amount must have no more than 2 decimal places.")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise NotMoney("The currency must be a code of 3 letters, such as GBP.")

    def __str__(self) -> str:
        """Such as "£1,200,000 (VAT excluded)"; pennies only where there are any."""
        return f"{pounds(self.amount, self.currency)} (VAT {self.vat})"


def pounds(amount: Decimal, currency: str = "GBP") -> str:
    """Such as "£1,200,000" or "£12.50"; a currency without a sign of its own by its code."""
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'-' if amount < 0 else ''}{sign}{_digits(abs(amount))}"


def without_vat(gross: Decimal, rate: int) -> Decimal:
    """The amount before VAT of so many per cent, to the penny."""
    return (gross * 100 / (100 + rate)).quantize(PENNY, ROUND_HALF_UP)


def parse(typed: str, currency: str = "GBP", vat: VAT = VAT.UNKNOWN) -> Money:
    """What somebody typed: "1,200,000", "£1200000.50". Raises NotMoney with a sentence."""
    digits = typed.strip().removeprefix(_SIGNS.get(currency, currency)).strip()
    if not _TYPED.fullmatch(digits):
        raise NotMoney("Enter an amount in figures, such as 1,200,000 or 950.50.")
    return Money(Decimal(digits.replace(",", "")), currency, vat)


def _digits(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
