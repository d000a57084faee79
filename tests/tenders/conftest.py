"""Tenders in the states that tests begin from."""

import pytest

from tests.tenders.drafting import Drafted, drafted


@pytest.fixture
def tender(browser, make) -> Drafted:
    """A draft that Camden leads and Hackney takes part in."""
    return drafted(browser, make)


@pytest.fixture
def ready(tender) -> Drafted:
    """The same with everything written, recorded and approved."""
    tender.ready()
    return tender


@pytest.fixture
def published(ready) -> Drafted:
    ready.publish()
    return ready
