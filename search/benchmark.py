"""How good and how quick an engine is: `python -m search.benchmark --data DIR`.

A set is three files: NAME.queries.json (id → text), NAME.docs.jsonl (objects with id and text)
and NAME.qrels.tsv (query, document, grade).
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from search.embedded import EmbeddedIndex
from search.port import Document, Index, Need, Unavailable

DEPTH = 10  # every measure looks at the first ten
ENGINES = ("embedded",)
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
        matches = index.match(asked)
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


def run(folder: Path, engine: str) -> list[dict[str, Any]]:
    sets = read_sets(folder)
    with tempfile.TemporaryDirectory() as scratch:
        index = _open(engine, Path(scratch))
        try:
            return [measure(index, one) for one in sets]
        finally:
            index.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="search.benchmark", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="where the sets are"
    )
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    options = parser.parse_args(arguments)
    try:
        results = run(options.data, options.engine)
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


def _open(engine: str, scratch: Path) -> Index:
    return {"embedded": lambda: EmbeddedIndex(scratch / "search.db")}[engine]()


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
