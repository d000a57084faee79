"""What a bid asks once a lot of its tender has ended: all that was offered, and sums without it."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from marketplace.bids.asking import Lot
from marketplace.bids.forms import VAT_RATES

PENNY = Decimal("0.01")
_PER_CENT = {label: Decimal(rate) for rate, label in VAT_RATES.items()}


def counting(said: Mapping[str, Any], ended: Iterable[Lot]) -> dict[str, Any]:
    """What was submitted, with sums of the lots that have not ended. `ended` names those that have,
    of the lots that the bid asks a price for.
    """
    over = {one.id: one.title for one in ended}
    lines = said["prices"]["lines"] if "prices" in said else ()
    gone = {one["lot_id"] for one in lines if one.get("lot_id") in over}
    if not gone:
        return {**said, "ended": []}
    prices = said["prices"]
    total = sum((Decimal(one["sum"]) for one in lines if one["lot_id"] not in gone), Decimal(0))
    vat = (total * _PER_CENT[prices["rate"]] / 100).quantize(PENNY, ROUND_HALF_UP)
    sums = {"total": str(total), "vat": str(vat), "total_with_vat": str(total + vat)}
    return {**said, "prices": {**prices, **sums}, "ended": [over[id] for id in over if id in gone]}
