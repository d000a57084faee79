"""What several lists can be narrowed by."""

from uuid import UUID

from marketplace.core.finding import Day, Filter
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band

AREA = Filter("area", "Area of work", "for {}", {area: area.label for area in Area})
BAND = Filter("band", "Price for one authority", "{}", {band: band.label for band in Band})
BUDGET = Filter("band", "Budget of one authority", "{}", {band: band.label for band in Band})
CPV = Filter("cpv", "CPV code", "{}", cpv.LABELS, fits=cpv.is_code, broader=cpv.broader)
BIDS = Filter("bids", "Bids", "{}", {"open": "Open for bids"}, ahead="closes")
SME = Filter(
    "sme", "Size of the supplier", "from a {}", {"yes": "Small or medium-sized supplier (SME)"}
)
VCSE = Filter(
    "vcse",
    "Kind of supplier",
    "from a {}",
    {"yes": "Voluntary, community or social enterprise (VCSE)"},
)
SINCE = Day("since", "Published on or after", "at", True, "published from {} on")
UNTIL = Day("until", "Published on or before", "at", False, "published until {}")
CLOSES_BY = Day("closes_by", "Closes on or before", "closes", False, "closing until {}")
CLOSES_FROM = Day("closes_from", "Closes on or after", "closes", True, "closing from {} on")


def is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def is_slug(value: str) -> bool:
    return len(value) <= 100


MET = Filter(
    "standard_met", "Assessed as meeting", "assessed as meeting {}", names=True, fits=is_slug
)
CLAIMED = Filter(
    "standard_claimed", "Claims to meet", "claiming to meet {}", names=True, fits=is_slug
)
