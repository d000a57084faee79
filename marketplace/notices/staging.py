"""What a file brings, read and compiled in full before anything is written.

Reading takes minutes for a large file and may end in a refusal. So what was read waits in a
temporary database on disk, in little memory and without a lock on the marketplace's own.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, BinaryIO

from marketplace.notices.merging import Facts, compiled, project, supersedes
from marketplace.notices.models import Notice
from marketplace.notices.reading import Problem, Reader, Refused, Taken

PORTION = 500  # notices that are looked up, written and made known together
MOST_PROBLEMS = 1000  # that are told one by one; the rest is counted
TIMES = frozenset(
    name for name, about in Notice.model_fields.items() if "datetime" in str(about.annotation)
)
FACTS = Notice.model_fields.keys() & Facts.__dataclass_fields__.keys()

_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode

Key = tuple[str, str]  # OCID and buyer
Row = dict[str, Any]
Watch = Callable[[int], None]  # is told how many bytes have been read
Content = tuple[str, str, str]  # release id, date, JSON


class Kept(dict[str, Content]):
    """The releases of one notice by their ids."""

    @property
    def row(self) -> Row:
        """The columns of the notice that they add up to."""
        return _columns(project(compiled(json.loads(text) for _, _, text in self.values())))


def add(kept: Kept, given: Content) -> bool:
    """Keeps a release unless it is there already, as it is or in a later form; whether it did."""
    there = kept.get(given[0])
    if there and (given[2] == there[2] or not _supersedes(given, there)):
        return False
    kept[given[0]] = given
    return True


def _supersedes(given: Content, there: Content) -> bool:
    return supersedes(json.loads(given[2]), json.loads(there[2]))


@dataclass(slots=True)
class Read:
    """What was in a file. `problems` are the first of those with refusals and warnings."""

    read: int = 0
    refused: int = 0
    warnings: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    def note(self, *problems: Problem) -> None:
        room = MOST_PROBLEMS - len(self.problems)
        self.problems += [asdict(problem) for problem in problems[:room]]


@dataclass(frozen=True, slots=True)
class Brought:
    """The releases that a file brings of one notice, and the notice if it has no others."""

    key: Key
    releases: list[Content]
    notice: str

    @property
    def row(self) -> Row:
        row: Row = json.loads(self.notice)
        for name in TIMES & row.keys():
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
        row["amount"] = Decimal(row["amount"]) if row["amount"] else None
        return row


class Staging:
    """A temporary database; it is gone when it is closed."""

    def __init__(self) -> None:
        self.result = Read()
        self._base = sqlite3.connect("", isolation_level=None)  # a file without a name
        self._base.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE release (ocid, buyer_key, release_id, released_at, content, notice);
            CREATE TABLE several (ocid, buyer_key, notice);
            BEGIN;
            """
        )

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def take(self, taken: Taken) -> None:
        content = taken.content
        key = (taken.ocid, taken.buyer_key)
        self._base.execute(
            "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?)",
            (
                *key,
                taken.release_id,
                content["date"],
                _as_json(content),
                _as_json(_columns(project(compiled([content])))),
            ),
        )

    def compile(self) -> None:
        """Adds up the releases of those notices that have several."""
        self._base.execute("CREATE INDEX by_notice ON release (ocid, buyer_key)")
        several = "SELECT ocid, buyer_key FROM release GROUP BY 1, 2 HAVING count(*) > 1"
        for key in self._base.execute(several).fetchall():
            kept = Kept()
            for given in self._releases(key):
                add(kept, given)
            self._base.execute("INSERT INTO several VALUES (?, ?, ?)", (*key, _as_json(kept.row)))
        self._base.execute("CREATE INDEX by_key ON several (ocid, buyer_key)")

    def portions(self) -> Iterator[list[Brought]]:
        """Everything, by OCID and buyer: whoever writes in one order cannot lock each other out."""
        rows = self._base.execute(
            "SELECT ocid, buyer_key, release_id, released_at, content,"
            " ifnull(several.notice, release.notice)"
            " FROM release LEFT JOIN several USING (ocid, buyer_key)"
            " ORDER BY ocid, buyer_key, release.rowid"
        )
        groups = groupby(rows, key=lambda row: (row[0], row[1]))
        brought = (_brought(key, list(group)) for key, group in groups)
        while portion := list(islice(brought, PORTION)):
            yield portion

    def _releases(self, key: Key) -> Iterator[Content]:
        return self._base.execute(
            "SELECT release_id, released_at, content FROM release"
            " WHERE ocid = ? AND buyer_key = ? ORDER BY rowid",
            key,
        )


def stage(stream: BinaryIO, watch: Watch = lambda position: None) -> Staging:
    """Reads a file to its end. Raises Unreadable."""
    staging, reader = Staging(), Reader(stream)
    try:
        for outcome in reader:
            staging.result.read += 1
            if isinstance(outcome, Refused):
                staging.result.refused += 1
                staging.result.note(outcome)
            else:
                staging.result.warnings += len(outcome.warnings)
                staging.result.note(*outcome.warnings)
                staging.take(outcome)
            watch(reader.position)
        staging.compile()
    except BaseException:
        staging.__exit__()
        raise
    return staging


def _brought(key: Key, rows: list[tuple[str, ...]]) -> Brought:
    return Brought(key, [(row[2], row[3], row[4]) for row in rows], rows[0][5])


def _columns(facts: Facts) -> Row:
    row = {name: getattr(facts, name) for name in FACTS}
    return {**row, "division": facts.cpv[0][:2] if facts.cpv else ""}
