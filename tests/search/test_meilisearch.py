"""What is said to a Meilisearch server, and what becomes of its answers: at the HTTP boundary."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from search.embedded import EmbeddedIndex
from search.meili import filters, keys
from search.meili.engine import MeilisearchIndex
from search.meili.server import Rejected, Server
from search.meili.settings import KEYS, settings
from search.port import Document, Need, Question, Range, Unavailable
from search.vectors import Embedder
from tests.search.documents import MONDAY, PRODUCTS, PUBLIC, document, find, found
from tests.search.meilisearch_double import SETTINGS, Meilisearch, serving
from tests.search.meilisearch_filters import holds


@pytest.fixture
def server() -> Iterator[Meilisearch]:
    with serving() as server:
        yield server


@pytest.fixture
def index(server: Meilisearch, tmp_path: Path, embed: Embedder) -> Iterator[MeilisearchIndex]:
    embedded = EmbeddedIndex(tmp_path / "search.db", embed)
    index = MeilisearchIndex(
        Server(server.address, server.key), embedded.lexicon, embed, patience=10
    )
    embedded.replace(PRODUCTS)  # of which it asks what words are worth
    index.replace(PRODUCTS)
    server.asked.clear()
    yield index
    embedded.close()


# ---- Who may find what.

KINDS = ("product", "challenge")
AUDIENCES = (frozenset[str](), frozenset({"public"}), frozenset({"loti", "organisation-a"}))
AREAS = ((), ("waste",), ("waste", "housing"))


@pytest.mark.parametrize("asker", [frozenset(), {"public"}, {"organisation-a"}, {"public", "loti"}])
@pytest.mark.parametrize("kinds", [frozenset[str](), frozenset({"product"})])
@pytest.mark.parametrize("area", [frozenset[str](), frozenset({"waste", "parks"})])
@pytest.mark.parametrize("required", [frozenset[str](), frozenset({"waste", "housing"})])
@pytest.mark.parametrize("least", [None, 5])
def test_the_filter_lets_through_exactly_what_may_be_found(
    asker: frozenset[str],
    kinds: frozenset[str],
    area: frozenset[str],
    required: frozenset[str],
    least: float | None,
) -> None:
    ranges = {} if least is None else {"value": Range(least)}
    for kind, audience, areas, value in product(KINDS, AUDIENCES, AREAS, (None, 1, 5)):
        kept = {"kind": kind, "audience": sorted(audience), "facet_area": list(areas)}
        if value is not None:
            kept["number_value"] = value
        expected = (
            bool(audience & set(asker))
            and (not kinds or kind in kinds)
            and (not area or bool(area & set(areas)))
            and required <= set(areas)
            and (least is None or (value is not None and value >= least))
        )
        asked = Question(
            "",
            frozenset(asker),
            kinds,
            {"area": area},
            {"area": required} if required else {},
            ranges,
        )
        need = Need(
            "", asked.audience, kinds, asked.filters, required=asked.required, ranges=ranges
        )
        assert holds(filters.within(asked), kept) == expected
        assert holds(filters.within(need), kept) == expected


@pytest.mark.parametrize(
    "value", ['a"] OR audience IN ["loti', "a\\", 'a\\"', "' OR 1 = 1", "\n", "AND", "\ud800"]
)
def test_no_value_breaks_out_of_the_filter(value: str) -> None:
    narrow = filters.within(Question("", PUBLIC, filters={value: frozenset({value})}))
    assert len(narrow) == 2
    assert not holds(narrow, {"audience": ["public"], "facet_area": ["a"]})
    assert not holds(narrow, {"audience": ["loti"], filters.facet(value): [value]})


def test_every_search_that_is_sent_carries_the_audience(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    asker = frozenset({"organisation-a", "public"})
    narrow = {"area": frozenset({"waste"}), "price": frozenset({"free"})}
    find(index, "trade waste bins", asker, filters=narrow, facets=("area", "price"))
    index.match(Need("Our ASC teams need bins", asker, frozenset()))
    sent = [query for body in server.searches for query in body.get("queries", [body])]
    assert len(sent) > 30
    assert {query["filter"][0] for query in sent} == {'audience IN ["organisation-a", "public"]'}


def test_nobody_in_particular_is_not_even_asked_about(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    assert found(index, "lettings", frozenset()) == []
    assert index.match(Need("lettings", frozenset(), frozenset())).matches == ()
    assert server.asked == []


# ---- Tasks.


def test_a_change_is_over_only_when_its_task_is(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    index.put([document("product-70", "Newcomer")])
    assert [path for method, path in server.asked if method == "GET"][-1] == (
        f"/tasks/{len(server.tasks) - 1}"
    )
    assert found(index, "newcomer") == ["product-70"]


def test_a_task_that_fails_for_what_was_sent_is_told_with_its_cause(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    server.failing = {"code": "invalid_document_id", "type": "invalid_request", "message": "Bad id"}
    with pytest.raises(Rejected, match=r"documentAdditionOrUpdate: Bad id \(invalid_document_id\)"):
        index.put([document("product-70", "Newcomer")])


def test_a_task_that_fails_for_the_server_s_own_reasons_may_be_tried_again(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    server.failing = {"code": "no_space_left_on_device", "type": "system", "message": "Full"}
    with pytest.raises(Unavailable, match=r"Full \(no_space_left_on_device\)"):
        index.drop(["product-1"])
    server.failing = None
    index.drop(["product-1"])
    assert index.count() == len(PRODUCTS) - 1


def test_a_task_that_does_not_end_is_waited_for_only_so_long(
    index: MeilisearchIndex, server: Meilisearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.stuck = True
    monkeypatch.setattr("search.meili.engine.TASK", 60)
    with pytest.raises(Unavailable, match="takes too long"):
        index.put([document("product-70", "Newcomer")])


def test_a_change_makes_no_index_of_its_own_where_there_is_none(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    server.indexes.clear()
    with pytest.raises(Unavailable, match="reindex"):
        index.put([document("product-70", "Newcomer")])
    assert server.indexes == {}
    assert index.count() == 0  # which says that it has to be filled


# ---- Filling.


def test_an_index_is_filled_beside_the_one_that_answers_and_then_takes_its_place(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    server.indexes["marketplace-0a1b2c3d"] = server.indexes["somebody-elses"] = server.indexes[
        index.uid
    ]

    def documents() -> Iterator[Document]:
        yield document("product-80", "Alone")
        assert found(index, "mendline") == ["product-3"]

    assert index.replace(documents()) == 1
    assert index.count() == 1
    assert found(index, "mendline") == []
    assert set(server.indexes) == {index.uid, "somebody-elses"}
    assert server.indexes[index.uid].settings == settings(256)
    assert set(settings(256)) == SETTINGS


def test_what_was_begun_and_not_finished_goes_on(
    index: MeilisearchIndex, server: Meilisearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.meili.filling.BATCH", 2)
    many = [document(f"product-{n}", f"Number {n}") for n in range(100, 110)]

    def breaks_off(documents: Iterable[Document]) -> Iterator[Document]:
        yield from documents
        raise RuntimeError("The database went away.")

    with pytest.raises(RuntimeError):
        index.replace(breaks_off(many[:6]))
    assert found(index, "mendline") == ["product-3"]
    before = len(server.added)

    changed = document("product-101", "Changed meanwhile")
    now = [changed if one.id == changed.id else one for one in many if one.id != "product-105"]
    assert index.replace(now) == 9
    assert index.count() == 9
    sent = server.added[before:]
    assert sorted(sent) == sorted(["product-101", *(f"product-{n}" for n in range(106, 110))])
    assert found(index, "changed") == ["product-101"]


def test_an_id_that_is_no_key_has_one_all_the_same(index: MeilisearchIndex) -> None:
    index.put([document("notice-ocds/é-1", "Strangely named")])
    assert found(index, "strangely") == ["notice-ocds/é-1"]
    index.drop(["notice-ocds/é-1"])
    assert found(index, "strangely") == []


def test_a_vector_given_with_a_document_is_kept_if_it_has_the_right_size(
    index: MeilisearchIndex, server: Meilisearch
) -> None:
    index.put([document("product-70", "Newcomer", vector=[2.0] + [0.0] * 255)])
    kept = server.indexes[index.uid].documents["product-70"]["_vectors"]["words"]
    assert kept == [1.0] + [0.0] * 255
    with pytest.raises(ValueError, match="256"):
        index.put([document("product-70", "Newcomer", vector=[1.0])])


# ---- Keys and numbers.


def test_each_process_gets_a_key_of_its_own_once(server: Meilisearch) -> None:
    made = keys.make(Server(server.address, server.key))
    assert set(made) == {"serve", "reindex"}
    assert keys.make(Server(server.address, server.key)) == made
    assert {one["name"]: one["actions"] for one in server.keys} == {
        f"marketplace-{name}": list(actions) for name, actions in KEYS.items()
    }
    assert {tuple(one["indexes"]) for one in server.keys} == {("marketplace-*",)}
    assert not {"*", "settings.update", "indexes.delete"} & set(KEYS["serve"])


def test_a_moment_is_a_number_for_the_server(index: MeilisearchIndex, server: Meilisearch) -> None:
    closes = MONDAY + timedelta(days=3)
    index.put([document("tender-1", "Cleaning", numbers={"closes": closes, "value": 10})])
    kept = server.indexes[index.uid].documents["tender-1"]
    assert kept["number_closes"] == closes.timestamp()
    assert kept["number_value"] == 10
    written = filters.within(Question("", PUBLIC, ranges={"closes": Range(closes)}))[-1]
    assert re.fullmatch(r"number_closes >= \d+\.\d+", written)
