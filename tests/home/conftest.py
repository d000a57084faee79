"""The search as it is after what a test has made."""

import pytest

from marketplace.discovery import indexing


@pytest.fixture
def reindex(marketplace):
    return lambda: indexing.reindex(marketplace.engine, marketplace.index)
