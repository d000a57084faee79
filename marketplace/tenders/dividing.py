"""Whether what the lots of a tender are estimated at comes to what its authorities could pay."""

from collections.abc import Iterable
from decimal import Decimal

from marketplace.core.money import pounds
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party


def sums(lots: Iterable[Lot], parties: Iterable[Party]) -> str:
    """Both sums in a sentence, once every lot has a value and every authority its share."""
    shares, worth = [one.value for one in parties], [one.value for one in lots]
    whole = [one for one in shares if one is not None]
    pieces = [one for one in worth if one is not None]
    if not pieces or len(whole) < len(shares) or len(pieces) < len(worth):
        return ""
    return compared(sum(pieces, Decimal(0)), sum(whole, Decimal(0)))


def compared(lots: Decimal, shares: Decimal) -> str:
    if lots == shares:
        return f"The lots come to {pounds(lots)}, as the shares of the authorities do"
    return (
        f"The lots come to {pounds(lots)} and the shares of the authorities to {pounds(shares)}, "
        "both with VAT. Make them the same"
    )
