"""Where the preferred engine does not answer, the embedded one does, and nobody waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.embedded import EmbeddedIndex
from search.fallback import Breaker, LeftAlone, WithFallback
from search.meili.engine import MeilisearchIndex
from search.meili.server import Server
from search.port import Found, Index, Need, Unavailable
from search.vectors import Embedder
from tests.search.documents import PRODUCTS, find
from tests.search.meilisearch_double import Meilisearch, serving


@pytest.fixture
def server() -> Iterator[Meilisearch]:
    with serving() as server:
        yield server


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def index(
    server: Meilisearch, tmp_path: Path, embed: Embedder, told: list[str]
) -> Iterator[WithFallback]:
    """Both engines, filled, with as little patience as Meilisearch gets from people."""
    embedded = EmbeddedIndex(tmp_path / "search.db", embed)
    preferred = MeilisearchIndex(Server(server.address, server.key), embedded.lexicon, embed)
    index = WithFallback(preferred, embedded, tell=told.append)
    index.replace(PRODUCTS)
    yield index
    index.close()


def ids(answer: Found) -> list[str]:
    return [hit.id for hit in answer.hits]


def test_the_preferred_engine_answers_while_it_can(index: WithFallback, told: list[str]) -> None:
    answer = find(index, "lettings")
    assert ids(answer) == ["product-4"]
    assert not answer.basic
    assert told == []


def down(server: Meilisearch) -> None:
    """Nobody listens at its address any more."""
    server.stop()


def slow(server: Meilisearch) -> None:
    server.hold.clear()


def key_refused(server: Meilisearch) -> None:
    server.key = "another"


def index_missing(server: Meilisearch) -> None:
    server.indexes.clear()


def other_version(server: Meilisearch) -> None:
    server.indexes["marketplace-00000000"] = server.indexes.popitem()[1]


def garbage(server: Meilisearch) -> None:
    server.garbage = b"<html>Bad gateway</html>"


def another_service(server: Meilisearch) -> None:
    server.garbage = b'{"ok": true}'


@pytest.mark.parametrize(
    ("ill", "why"),
    [
        (down, "does not answer"),
        (slow, "takes too long"),
        (key_refused, "refuses the key (invalid_api_key)"),
        (index_missing, "no index of this version: run the command reindex"),
        (other_version, "no index of this version"),
        (garbage, "does not answer: JSONDecodeError"),
        (another_service, "cannot be understood"),
    ],
)
def test_otherwise_the_embedded_engine_does_and_says_so(
    index: WithFallback, server: Meilisearch, told: list[str], ill: object, why: str
) -> None:
    assert callable(ill)
    ill(server)
    answer = find(index, "lettings", facets=("area",))
    assert ids(answer) == ["product-4"]
    assert answer.facets["area"] == {"housing-allocations": 1}
    assert answer.basic
    answered = index.match(
        Need("A register for lettings of homes", frozenset({"public"}), frozenset())
    )
    assert answered.matches[0].id == "product-4"
    assert answered.basic
    assert len(told) == 2
    assert why in told[0]


def test_a_dead_server_costs_nobody_its_time_limit_after_a_few_attempts(
    index: WithFallback, server: Meilisearch
) -> None:
    server.garbage = b"?"
    for _ in range(3):
        assert find(index, "lettings").basic
    asked = len(server.asked)
    for _ in range(5):
        assert find(index, "lettings").basic
    assert len(server.asked) == asked


def test_once_it_is_back_one_question_finds_out_and_all_go_to_it_again() -> None:
    now = 0.0
    breaker = Breaker(failures=2, pause=10, clock=lambda: now)
    answers: list[str] = []

    def dead() -> None:
        answers.append("dead")
        raise Unavailable("It is dead.")

    def alive() -> str:
        return "alive"

    for _ in range(2):
        with pytest.raises(Unavailable, match="dead"):
            breaker.run(dead)
    with pytest.raises(LeftAlone):
        breaker.run(alive)
    now = 10.0
    with pytest.raises(Unavailable, match="dead"):
        breaker.run(dead)
    with pytest.raises(LeftAlone):  # that one failed, so there is another pause
        breaker.run(alive)
    now = 20.0
    assert breaker.run(alive) == "alive"
    assert breaker.run(alive) == "alive"
    assert answers == ["dead"] * 3


def test_while_one_question_tries_the_others_do_not_wait() -> None:
    now = 0.0
    breaker = Breaker(failures=1, pause=10, clock=lambda: now)

    def dead() -> None:
        raise Unavailable("It is dead.")

    def tries() -> str:
        with pytest.raises(LeftAlone):
            breaker.run(lambda: "another")
        return "alive"

    with pytest.raises(Unavailable):
        breaker.run(dead)
    now = 10.0
    assert breaker.run(tries) == "alive"


def test_both_engines_are_told_of_everything(index: WithFallback) -> None:
    index.drop(["product-4"])
    for engine in index.engines:
        one: Index = engine
        assert ids(find(one, "lettings")) == []
        assert one.count() == len(PRODUCTS) - 1
