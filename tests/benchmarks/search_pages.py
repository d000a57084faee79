"""How quick finding and matching are end to end, from the address to the page.

`python -m tests.benchmarks.search_pages` prints the table.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np
from rich.console import Console
from sqlmodel import Session
from starlette.datastructures import QueryParams

from auth.actor import VISITOR
from marketplace import policy
from marketplace.challenges.documents import needs_text
from marketplace.challenges.models import Challenge
from marketplace.core.finding import question, read
from marketplace.discovery.finding import EVERYTHING
from marketplace.discovery.matching import CANDIDATES, EVERYBODY
from search.matching import MOST_TERMS
from search.port import Need
from tests.benchmarks.comparing import Comparison, compare, table
from tests.benchmarks.page_speed import application
from tests.benchmarks.search_speed import any_of
from tests.benchmarks.worlds import Filled, filled

PRODUCTS = 10_000
CHALLENGES = 100
MATCH, FIND = 4, 2  # times what is beside them
SEARCHES = ("case management", "housing repairs", "bins")


def run() -> list[Comparison]:
    with (
        tempfile.TemporaryDirectory() as scratch,
        filled(Path(scratch), CHALLENGES, PRODUCTS) as world,
    ):
        return [*matching(world), *finding(world)]


def matching(world: Filled) -> Iterator[Comparison]:
    """One need among all products: the engine alone, and the page that tells the reasons."""
    index = world.marketplace.index
    id = world.challenges[0]
    with Session(world.marketplace.engine) as session:
        text = needs_text(session.get_one(Challenge, id))
    need = Need(text, EVERYBODY, frozenset({"product"}), size=CANDIDATES)
    vectors = np.random.default_rng(1).random((PRODUCTS, 256), np.float32)
    any_word = any_of(text, MOST_TERMS)
    with (
        closing(sqlite3.connect(world.marketplace.settings.index)) as raw,
        application(world, None) as caller,
    ):

        def product_and_query() -> None:
            vectors @ vectors[0]
            query = "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 10"
            raw.execute(query, [any_word]).fetchall()

        for name, measured in (
            (f"match a challenge among {PRODUCTS:,} products", lambda: index.match(need)),
            ("its page /challenges/{id}/matches", lambda: caller.get(f"/challenges/{id}/matches")),
        ):
            beside = f"one NumPy product and one FTS5 query of {MOST_TERMS} of its words"
            yield compare(name, measured, beside, product_and_query, target=MATCH)


def finding(world: Filled) -> Iterator[Comparison]:
    """A few words among everything: the page beside the engine's own answer."""
    index = world.marketplace.index
    with application(world, None) as caller:
        for words in SEARCHES:
            asked = question(read(EVERYTHING, QueryParams(q=words)), policy.audience(VISITOR))
            yield compare(
                f"/search for “{words}” among {PRODUCTS + CHALLENGES:,}",
                lambda words=words: caller.get(f"/search?q={quote(words)}"),
                "the engine's answer alone",
                lambda asked=asked: index.find(asked),
                target=FIND,
            )


if __name__ == "__main__":
    Console().print(table(run()))
