"""What tests of saved searches share."""

from collections.abc import Callable

import pytest

from marketplace.app import Marketplace
from marketplace.discovery.indexing import reindex
from tests.notifications.conftest import happen, reads

__all__ = ["happen", "reads"]


@pytest.fixture
def fill(marketplace: Marketplace) -> Callable[[], int]:
    """Fills the index with what the test has made so far."""
    return lambda: reindex(marketplace.engine, marketplace.index)


@pytest.fixture
def save(browser) -> Callable[..., None]:
    """Saves a search of this actor, as its form does."""

    def save(who, name, query, kind="", rhythm="daily"):
        browser.as_(who).post(
            f"/saved/new?in={kind}&query={query}", name=name, rhythm=rhythm, replaces=""
        )

    return save
