"""How quick the embedded engine is, each figure beside its limit measured in the same run.

`python -m tests.benchmarks.search_speed` prints the table; `run()` gives the figures.
"""

import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count
from pathlib import Path

import numpy as np
from rich.console import Console

from search.embedded import EmbeddedIndex
from search.matching import MOST_TERMS
from search.port import Document, Need, Question
from search.words import folded, stem, telling
from tests.benchmarks.comparing import Comparison, compare, table

EVERYBODY = frozenset({"public"})
PRODUCTS = 10_000
MANY = 100_000
FEW = 100


def run() -> list[Comparison]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        return [
            *among_products(folder / "products.db"),
            counting(folder / "few.db", folder / "many.db"),
            filling(folder / "filled.db", folder / "plain.db"),
        ]


def among_products(path: Path) -> list[Comparison]:
    """A need matched with, and a question answered from, ten thousand products."""
    texts = Texts()
    with closing(EmbeddedIndex(path)) as index, closing(sqlite3.connect(path)) as raw:
        index.replace(texts.documents(PRODUCTS))
        need = Need(texts.text(150), EVERYBODY, frozenset({"product"}))
        words = texts.text(2)
        vectors = np.random.default_rng(1).random((PRODUCTS, 256), np.float32)
        row = vectors[0].copy()
        whole, part = any_of(need.text), any_of(need.text, MOST_TERMS)

        def product_and_query(words: str) -> None:
            vectors @ row
            query = "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 10"
            raw.execute(query, [words]).fetchall()

        def plain_query() -> None:
            query = (
                "SELECT title, body FROM document WHERE number IN"
                " (SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 20)"
            )
            raw.execute(query, [any_of(words)]).fetchall()

        return [
            compare(
                f"match a need of 150 words among {PRODUCTS:,} products",
                lambda: index.match(need),
                "one NumPy product and one FTS5 query of its words",
                lambda: product_and_query(whole),
                target=4,
            ),
            compare(
                "the same",
                lambda: index.match(need),
                f"one NumPy product and one FTS5 query of {MOST_TERMS} of its words",
                lambda: product_and_query(part),
                target=4,
            ),
            compare(
                f"find two words among {PRODUCTS:,} products, marked and counted",
                lambda: index.find(Question(words, EVERYBODY, facets=("area", "supplier"))),
                "one FTS5 query with its rows",
                plain_query,
            ),
        ]


def counting(few: Path, many: Path) -> Comparison:
    """What a list costs when it is asked for the first time: each question is a new one."""
    sizes = count(20)

    def asked() -> Question:
        area = {"area": frozenset({"area-1"})}
        return Question("", EVERYBODY, filters=area, facets=("area", "supplier"), size=next(sizes))

    texts = Texts()
    with closing(EmbeddedIndex(few)) as small, closing(EmbeddedIndex(many)) as large:
        small.replace(texts.documents(FEW, words=10, vector=True))
        large.replace(texts.documents(MANY, words=10, vector=True))
        return compare(
            f"filter, two facets and the first page of {MANY:,} documents",
            lambda: large.find(asked()),
            f"the same of {FEW:,}",
            lambda: small.find(asked()),
        )


def filling(path: Path, plain: Path) -> Comparison:
    """Words folded and stemmed, vectors computed: beside storing the same rows and texts."""
    documents = list(Texts().documents(1_000))
    rows = json.dumps([[d.id, d.title, d.body] for d in documents])
    with closing(EmbeddedIndex(path)) as index, closing(sqlite3.connect(plain)) as raw:
        raw.execute("CREATE TABLE document (id TEXT PRIMARY KEY, title TEXT, body TEXT)")
        raw.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body, tokenize='porter')")

        def store() -> None:
            with raw:
                raw.execute("DELETE FROM document")
                raw.execute("DELETE FROM entry")
                given = json.loads(rows)
                raw.executemany("INSERT INTO document VALUES (?, ?, ?)", given)
                raw.executemany("INSERT INTO entry VALUES (?, ?)", [row[1:] for row in given])

        return compare(
            f"fill an index with {len(documents):,} documents of 120 words",
            lambda: index.replace(documents),
            "json.loads and the same rows into SQLite with FTS5",
            store,
            pairs=5,
        )


class Texts:
    """Texts of invented words, a few frequent and many rare, always the same."""

    def __init__(self) -> None:
        self._random = random.Random(2026)
        parts = [a + b for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ar", "en")]
        self._words = ["".join(self._random.choices(parts, k=3)) for _ in range(20_000)]
        self._weights = list(accumulate(1 / rank for rank in range(10, 20_010)))

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=words))

    def documents(
        self, count: int, words: int = 120, *, vector: bool = False
    ) -> Iterator[Document]:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        given = [1.0] * 256 if vector else None
        for number in range(count):
            yield Document(
                id=f"product-{number}",
                kind="product",
                title=self.text(3),
                body=self.text(words),
                audience=EVERYBODY if number % 5 else frozenset({"authorities"}),
                at=start + timedelta(minutes=number),
                facets={
                    "area": (f"area-{number % 22}", f"area-{number % 7}"),
                    "supplier": (f"supplier-{number % 50}",),
                },
                vector=given,
            )


def any_of(text: str, most: int | None = None) -> str:
    """A full-text question for any of the telling words of a text, or for the first so many."""
    stems = dict.fromkeys(stem(word) for word in telling(folded(text)))
    return " OR ".join(f'"{one}"' for one in list(stems)[:most])


if __name__ == "__main__":
    Console().print(table(run()))
