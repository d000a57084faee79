"""What tests of the catalogue share."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from marketplace.discovery import indexing
from search.port import Index


@pytest.fixture
def indexed(index: Index, session: Session) -> Callable[[], int]:
    """Fills the index from the rows that a test has made."""
    return lambda: index.replace(indexing.everything(session))
