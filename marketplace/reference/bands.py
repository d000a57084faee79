"""Price bands: pounds a year for one authority, VAT excluded."""

from decimal import Decimal
from enum import StrEnum


class Band(StrEnum):
    """A price from `low` up to `high`; the dearest band has no `high`."""

    label: str
    low: Decimal
    high: Decimal | None

    # the defaults are for type checkers, which take Band("over-1m") for a call of this
    def __new__(cls, slug: str, label: str = "", low: int = 0, high: int | None = None) -> "Band":
        band = str.__new__(cls, slug)
        band._value_ = slug
        band.label = label
        band.low = Decimal(low)
        band.high = None if high is None else Decimal(high)
        return band

    UP_TO_25K = "up-to-25k", "Up to £25,000 a year", 0, 25_000
    FROM_25K_TO_100K = "25k-100k", "£25,000 to £100,000 a year", 25_000, 100_000
    FROM_100K_TO_250K = "100k-250k", "£100,000 to £250,000 a year", 100_000, 250_000
    FROM_250K_TO_1M = "250k-1m", "£250,000 to £1 million a year", 250_000, 1_000_000
    OVER_1M = "over-1m", "Over £1 million a year", 1_000_000, None
