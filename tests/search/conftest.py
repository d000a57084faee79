"""The engines that the contract is held against, and documents to fill them with."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from search.embedded import EmbeddedIndex
from search.fallback import WithFallback
from search.meili.engine import MeilisearchIndex
from search.meili.server import Server
from search.port import Index
from search.vectors import Embedder, WordLlama
from tests.search.documents import PRODUCTS
from tests.search.meilisearch_double import Meilisearch, serving

ENGINES = ("embedded", "meilisearch")


@pytest.fixture(scope="session")
def double() -> Iterator[Meilisearch]:
    """What stands for Meilisearch, for tests that leave it as it was."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def embed() -> Embedder:
    return WordLlama()


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path, embed: Embedder) -> Iterator[Index]:
    """An index of each engine with nothing in it: of a Meilisearch server where MEILI_URL names
    one, or else of what stands for it. The test fails where that does not answer.
    """
    with ExitStack() as stack:
        embedded = EmbeddedIndex(tmp_path / "search.db", embed)
        stack.callback(embedded.close)
        if request.param == "embedded":
            yield embedded
            return
        url, key = os.environ.get("MEILI_URL"), os.environ.get("MEILI_API_KEY", "")
        if not url:
            double = request.getfixturevalue("double")
            url, key = double.address, double.key
        name = f"test-{uuid4().hex[:8]}"
        meilisearch = MeilisearchIndex(Server(url, key), embedded.lexicon, embed, name, patience=10)
        meilisearch.replace([])
        stack.callback(meilisearch.remove)
        yield WithFallback(meilisearch, embedded, tell=pytest.fail)


@pytest.fixture
def index(empty: Index) -> Index:
    """An index of each engine that holds the products of `tests.search.documents`."""
    empty.replace(PRODUCTS)
    return empty
