"""How good and how quick an engine is: `python -m search.benchmark --data DIR`, and with
`--engine meilisearch` how good and quick the server at MEILI_URL is, which needs MEILI_API_KEY.

A set is three files: NAME.queries.json (id → text), NAME.docs.jsonl (objects with id and text)
and NAME.qrels.tsv (query, document, grade). `--probe typo` asks every query with a slip in one of
its longer words: a letter left out, two swapped, one doubled.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from search.embedded import EmbeddedIndex
from search.fallback import WithFallback
from search.port import Document, Index, Need, Unavailable
from search.probes import PROBES
from search.vectors import WordLlama

DEPTH = 10  # every measure looks at the first ten
ENGINES = ("embedded", "meilisearch")
EVERYBODY = frozenset({"public"})
DAY = datetime(2020, 1, 1, tzinfo=UTC)

Grades = Mapping[str, int]  # document → grade


class Unusable(Exception):  # noqa: N818 - an answer for the person who ran it
    """The data cannot be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    name: str
    queries: Mapping[str, str]
    documents: Sequence[Document]
    judged: Mapping[str, Grades]  # query → grades


def ndcg(ranking: Sequence[str], grades: Grades) -> float:
    """Discounted gain over the best possible one; the gain of a grade is 2 ** grade - 1."""
    ideal = sum(_gain(g, i) for i, g in enumerate(sorted(grades.values(), reverse=True)[:DEPTH]))
    gained = sum(_gain(grades.get(id, 0), i) for i, id in enumerate(ranking[:DEPTH]))
    return gained / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float:
    places = (place for place, id in enumerate(ranking[:DEPTH], 1) if grades.get(id, 0) > 0)
    return 1 / next(places, float("inf"))


def recall(ranking: Sequence[str], grades: Grades) -> float:
    relevant = {id for id, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:DEPTH])) / len(relevant) if relevant else 0.0


def read_sets(folder: Path) -> list[BenchmarkSet]:
    if not folder.is_dir():
        raise Unusable(f"There is no folder {folder}.")
    ending = ".queries.json"
    names = sorted(path.name.removesuffix(ending) for path in folder.glob(f"*{ending}"))
    if not names:
        raise Unusable(f"There is no set (NAME{ending}) in {folder}.")
    return [_read_set(folder, name) for name in names]


def measure(index: Index, one: BenchmarkSet) -> dict[str, Any]:
    """Fill the index with the set's documents, ask every query that was judged, and average."""
    index.replace(one.documents)
    need = Need("", EVERYBODY, frozenset(), size=DEPTH)
    index.match(need)  # the first question loads the snapshot
    rankings: dict[str, list[str]] = {}
    milliseconds: list[float] = []
    for query in one.judged:
        asked = Need(one.queries.get(query, ""), EVERYBODY, frozenset(), size=DEPTH)
        start = perf_counter()
        matches = index.match(asked).matches
        milliseconds.append((perf_counter() - start) * 1000)
        rankings[query] = [match.id for match in matches]
    pairs = [(rankings[query], grades) for query, grades in one.judged.items()]
    return {
        "set": one.name,
        "engine": index.name,
        "queries": len(pairs),
        "ndcg@10": _mean([ndcg(*pair) for pair in pairs]),
        "mrr@10": _mean([reciprocal_rank(*pair) for pair in pairs]),
        "recall@10": _mean([recall(*pair) for pair in pairs]),
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 3),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 3),
    }


def run(folder: Path, engine: str, probe: str = "") -> list[dict[str, Any]]:
    """What `measure` says of every set, its queries changed by the probe of that name."""
    sets = read_sets(folder)
    if probe:
        change = PROBES[probe]
        sets = [
            replace(one, queries={id: change(text) for id, text in one.queries.items()})
            for one in sets
        ]
    with opened(engine) as index:
        return [measure(index, one) for one in sets]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="search.benchmark", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="where the sets are"
    )
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    parser.add_argument("--probe", choices=PROBES, default="", help="what is done to every query")
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    options = parser.parse_args(arguments)
    try:
        results = run(options.data, options.engine, options.probe)
    except (Unusable, Unavailable) as problem:
        Console(stderr=True, soft_wrap=True).print(str(problem), markup=False, highlight=False)
        return 2
    if options.json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
    else:
        Console().print(_table(results))
    return 0


def _table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = Table()
    for name in results[0]:
        is_text = isinstance(results[0][name], str)
        table.add_column(name, justify="left" if is_text else "right", no_wrap=is_text)
    for result in results:
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in result.values()))
    return table


@contextmanager
def opened(engine: str) -> Iterator[Index]:
    """An empty index of an engine, of which nothing stays afterwards. Where Meilisearch does not
    answer that is Unavailable: nobody else answers for it.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        embed = WordLlama()
        embedded = EmbeddedIndex(scratch / "search.db", embed)
        stack.callback(embedded.close)
        if engine == "embedded":
            yield embedded
            return
        from search.meili.engine import MeilisearchIndex
        from search.meili.server import Server

        if not (url := os.environ.get("MEILI_URL")):
            raise Unusable("Set MEILI_URL to the address of a Meilisearch server.")
        server = Server(url, os.environ.get("MEILI_API_KEY", ""))
        name = f"benchmark-{os.getpid()}"
        meilisearch = MeilisearchIndex(server, embedded.lexicon, embed, name, patience=30)
        meilisearch.replace([])
        stack.callback(meilisearch.remove)
        yield WithFallback(meilisearch, embedded, tell=_unusable)


def _unusable(why: str) -> None:
    raise Unusable(why)


def _gain(grade: int, place: int) -> float:
    return float(2**grade - 1) / log2(place + 2)


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 6)


def _read_set(folder: Path, name: str) -> BenchmarkSet:
    try:
        queries = json.loads((folder / f"{name}.queries.json").read_text("utf-8"))
        lines = (folder / f"{name}.docs.jsonl").read_text("utf-8").split("\n")
        rows = (folder / f"{name}.qrels.tsv").read_text("utf-8").split("\n")
        documents = [_document(**json.loads(line)) for line in lines if line.strip()]
        judged: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for query, document, grade in (row.split("\t") for row in rows if row.strip()):
            judged[query][document] = int(grade)
    except OSError as problem:
        raise Unusable(f"The set {name} lacks the file {problem.filename}.") from problem
    except (ValueError, TypeError) as problem:
        raise Unusable(f"The set {name} cannot be read: {problem}.") from problem
    if not judged:
        raise Unusable(f"The set {name} has no judged query.")
    return BenchmarkSet(name, queries, documents, judged)


def _document(id: str, text: str) -> Document:
    return Document(id, "product", "", text, EVERYBODY, DAY)


if __name__ == "__main__":
    sys.exit(main())
