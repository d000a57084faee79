"""What the tests of searching and matching share."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from auth.actor import Actor
from marketplace.app import Marketplace
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.discovery import indexing
from marketplace.settings import Settings


@pytest.fixture
def fill(marketplace: Marketplace) -> Callable[[], int]:
    """Fills the index with what the test has made so far."""
    return lambda: indexing.reindex(marketplace.engine, marketplace.index)


@pytest.fixture
def ctx(session: Session, settings: Settings) -> Callable[[Actor], Context]:
    """What an action knows when this actor asks now."""
    return lambda actor: Context(session, actor, now(), settings)
