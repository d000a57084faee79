"""What an award is worth, checked by hand."""

from decimal import Decimal
from uuid import uuid4

from marketplace.awards.deciding import price
from marketplace.bids.models import Bid
from marketplace.tenders.lot_models import Lot


def offered(lines: list[tuple[Lot, str, str]]) -> Bid:
    """A bid that asks so much for each lot, with 20% of VAT on the sum, to the penny."""
    rows = [{"lot": title, "lot_id": str(lot.id), "sum": asks} for lot, title, asks in lines]
    total = sum((Decimal(asks) for _, _, asks in lines), Decimal(0))
    with_vat = total + (total / 5).quantize(Decimal("0.01"))
    sums = {"total": str(total), "total_with_vat": str(with_vat)}
    return Bid(content={"prices": {"lines": rows, **sums}})


def lot(title: str) -> Lot:
    return Lot(position=1, title=title, tender_id=uuid4())


def test_a_lot_is_worth_its_own_lines_whatever_it_is_called_by_now():
    north, south = lot("North of the river"), lot("Homes")
    bid = offered([(north, "North", "50000"), (south, "Homes", "40000")])
    assert price(bid, north) == (Decimal(50000), Decimal("60000.00"))
    homes = lot("Homes")
    twice = offered([(homes, "Homes", "70000"), (south, "Homes", "40000")])
    assert price(twice, homes)[0] == 70_000, "two lots may have one name"


def test_the_vat_of_a_lot_is_the_rate_of_the_bid_and_not_its_rounded_sum():
    north, south = lot("North"), lot("South")
    bid = offered([(north, "North", "50000.02"), (south, "South", "40000.01")])
    # 20% of 50,000.02 are 10,000.004; of both lots 18,000.006, which the bid rounds up
    assert price(bid, north) == (Decimal("50000.02"), Decimal("60000.02"))
    assert price(bid, None) == (Decimal("90000.03"), Decimal("108000.04"))
