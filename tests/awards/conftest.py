"""A tender of two authorities with a final ranking."""

import pytest
import time_machine

from tests.awards.deciding import MONDAY, Decided, decided


@pytest.fixture
def joint(browser, make) -> Decided:
    """Camden leads, Hackney takes part; one award for both."""
    with time_machine.travel(MONDAY, tick=False):
        return decided(browser, make)


@pytest.fixture
def on_monday():
    """A clock that a test moves on by itself."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock
