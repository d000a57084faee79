"""The engines that the contract is held against, and documents to fill them with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.embedded import EmbeddedIndex
from search.port import Index
from tests.search.documents import PRODUCTS

ENGINES = ("embedded",)


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """An index of each engine with nothing in it."""
    index = {"embedded": EmbeddedIndex}[request.param](tmp_path / "search.db")
    yield index
    index.close()


@pytest.fixture
def index(empty: Index) -> Index:
    """An index of each engine that holds the products of `tests.search.documents`."""
    empty.replace(PRODUCTS)
    return empty
