"""An award whose standstill is over, and contracts from it."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.awards.deciding import MONDAY, Decided, decided

AFTER = datetime(2026, 12, 4, 10, tzinfo=UTC)  # the first day on which they can be signed


@pytest.fixture
def clock():
    with time_machine.travel(AFTER, tick=False) as moved:
        yield moved


@pytest.fixture
def confirmed(browser, make, clock) -> Decided:
    """Camden's and Hackney's award, with a contract for each that nobody has signed."""
    clock.move_to(MONDAY)
    made = decided(browser, make)
    made.noticed("Camden", "Hackney", on=MONDAY.date())
    clock.move_to(AFTER)
    made.confirm()
    return made
