"""A tender of two authorities, and somebody who bids for it."""

import pytest

from marketplace.organisations.models import Organisation
from marketplace.tenders.models import Tender
from tests.bids.bidding import Bidder, published


@pytest.fixture
def camden(make) -> Organisation:
    return make.authority("Camden")


@pytest.fixture
def hackney(make) -> Organisation:
    return make.authority("Hackney")


@pytest.fixture
def tender(make, camden, hackney) -> Tender:
    return published(make, camden, hackney)


@pytest.fixture
def supplier(make) -> Organisation:
    return make.supplier("Moss Repairs")


@pytest.fixture
def bidder(make, browser, tender, supplier) -> Bidder:
    return Bidder(browser, make.manager(supplier), tender)
