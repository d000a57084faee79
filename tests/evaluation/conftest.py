"""A panel, before it has its seats and while it scores."""

import pytest

from tests.evaluation.panel import Panel, judged, seated

PRICES = {"Moss": "90,000", "Fern": "120,000"}


@pytest.fixture
def opened(make, browser) -> Panel:
    """The bids are opened, and nobody has a seat."""
    return judged(make, browser, prices=PRICES)


@pytest.fixture
def panel(opened) -> Panel:
    seated(opened).begin()
    return opened
