"""How search grows: a thousand, ten thousand and a hundred thousand documents, on every engine at
hand (Meilisearch where MEILI_URL and MEILI_API_KEY are set).

`python -m tests.benchmarks.search_scale` prints the table.
"""

import os
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter, sleep
from uuid import uuid4

import numpy as np
from rich.console import Console

from auth.actor import VISITOR, Actor, Kind, Role
from marketplace import app, policy
from marketplace.catalogue.models import Product
from marketplace.core import db, outbox
from marketplace.perform import perform
from marketplace.verbs import Verb
from search.benchmark import opened
from search.embedded import EmbeddedIndex
from search.fallback import WithFallback, engines
from search.matching import MOST_TERMS
from search.port import Index, Need, Question
from tests.benchmarks.comparing import Figure, Line, compare, seconds, table
from tests.benchmarks.search_speed import EVERYBODY, Texts, any_of
from tests.benchmarks.worlds import filled

SIZES = (1_000, 10_000, 100_000)
FIND, MATCH = 2, 4  # times what is beside them
LONG = 10_000  # documents of 120 words; more have 20 and a vector that is given
SOON = 2.0  # seconds after its commit in which a change is found
PAIRS = 9


def run() -> list[Line]:
    return [*growing(), *at_once()]


def at_hand() -> tuple[str, ...]:
    return ("embedded", "meilisearch") if os.environ.get("MEILI_URL") else ("embedded",)


def growing(sizes: tuple[int, ...] = SIZES) -> Iterator[Line]:
    for engine in at_hand():
        for size in sizes:
            with opened(engine) as index:
                yield from _of_size(index, size)


def _of_size(index: Index, size: int) -> Iterator[Line]:
    texts = Texts()
    words, given = (120, False) if size <= LONG else (20, True)
    documents = list(texts.documents(size, words=words, vector=given))
    took = seconds(lambda: index.replace(documents))
    about = f"{index.name}, {size:,}"
    yield Figure(f"{about}: filled", size / took, "documents a second", f"of {words} words")
    embedded = engines(index)[0]
    assert isinstance(embedded, EmbeddedIndex)
    if index.name == "embedded":
        stored = sum(file.stat().st_size for file in embedded.path.parent.glob("search.db*"))
        yield Figure(
            f"{about}: size", stored / 1e6, "MB", f"{stored / size / 1000:.1f} kB a document"
        )
    need = Need(texts.text(150), EVERYBODY, frozenset({"product"}))
    asked = texts.text(2)
    vectors = np.random.default_rng(1).random((size, 256), np.float32)
    with closing(sqlite3.connect(embedded.path)) as raw:
        find = _raw_call(index, raw, asked)

        def product_and_query() -> None:
            vectors @ vectors[0]
            query = "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 10"
            raw.execute(query, [any_of(need.text, MOST_TERMS)]).fetchall()

        yield compare(
            f"{about}: find two words",
            lambda: index.find(Question(asked, EVERYBODY)),
            "the raw call: one query with its rows",
            find,
            target=FIND if index.name == "meilisearch" else None,
            pairs=PAIRS,
        )
        yield compare(
            f"{about}: match 150 words",
            lambda: index.match(need),
            f"one NumPy product and one FTS5 query of {MOST_TERMS} words",
            product_and_query,
            target=MATCH,
            pairs=PAIRS,
        )


def _raw_call(index: Index, raw: sqlite3.Connection, words: str) -> Callable[[], object]:
    """What the engine beneath does with the words and nothing else."""
    if isinstance(index, WithFallback):
        from meilisearch import Client

        client = Client(os.environ["MEILI_URL"], os.environ.get("MEILI_API_KEY"))
        uid = getattr(index.engines[-1], "uid")  # noqa: B009 - it is a Meilisearch index
        return lambda: client.index(uid).search(words)
    query = (
        "SELECT title, body FROM document WHERE number IN"
        " (SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 20)"
    )
    return lambda: raw.execute(query, [any_of(words)]).fetchall()


def at_once(times: int = 15) -> Iterator[Line]:
    """From the commit of a change until a visitor finds it, with the whole courier at work."""
    with tempfile.TemporaryDirectory() as scratch, filled(Path(scratch), 20, 500) as world:
        marketplace = world.marketplace
        others = app.beside(marketplace)
        courier = outbox.Courier(marketplace.engine, app.clock(marketplace), others)
        courier.start()
        waits = []
        try:
            for number, id in enumerate(world.products[:times]):
                with db.writing(marketplace.engine) as session:
                    product = session.get_one(Product, id)
                    context = marketplace.context(session, _manager(product))
                    perform(context, Verb.PRODUCT_EDIT, product)
                    product.name = f"Quokkaware{number}"
                    session.commit()
                courier.wake()
                waits.append(_until_found(marketplace.index, f"Quokkaware{number}"))
        finally:
            courier.stop()
    half = statistics.median(waits)
    beside = f"the median of {times}, the longest {max(waits):.2f} s"
    yield Figure("a change is found after its commit", half, "s", beside, most=SOON)


def _manager(product: Product) -> Actor:
    return Actor(
        "The benchmark",
        Kind.SUPPLIER,
        frozenset({Role.MANAGER}),
        person_id=uuid4(),
        organisation_id=product.organisation_id,
        organisation_name="The benchmark",
    )


def _until_found(index: Index, name: str) -> float:
    start = perf_counter()
    question = Question(name, policy.audience(VISITOR), size=1)
    while not index.find(question).hits and perf_counter() - start < 60:
        sleep(0.005)
    return perf_counter() - start


if __name__ == "__main__":
    Console().print(table(run()))
