"""The engine that needs nothing beside it: SQLite's full text search and word vectors, fused."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from search import writing
from search.finding import find
from search.matching import match
from search.port import Document, Found, Matched, Need, Question
from search.reading import Lexicon, Reading
from search.snapshot import Snapshot, Vectors
from search.storage import Damaged, Storage
from search.vectors import Embedder, WordLlama
from search.writing import BATCH, load

T = TypeVar("T")


class EmbeddedIndex:
    """An `Index` in one file. Threads and processes may share it; each sees the others' changes.

    A file that is missing, damaged or of another version gives way to an empty one: `filled`
    then says no until `replace` has run.
    """

    name = "embedded"

    def __init__(self, path: Path, embed: Embedder | None = None) -> None:
        self._embed = embed or WordLlama()
        self.path = path
        self._storage = Storage(path, self._embed.name)
        self._lock = Lock()
        self._snapshot = Snapshot.empty("")
        self._vectors = Vectors()

    def put(self, documents: Iterable[Document]) -> None:
        waiting = iter(documents)
        while batch := list(islice(waiting, BATCH)):
            _twice(partial(self._put, batch))

    def drop(self, ids: Iterable[str]) -> None:
        _twice(partial(self._drop, list(ids)))

    def replace(self, documents: Iterable[Document]) -> int:
        with self._storage.writing() as connection:
            return writing.replace(connection, documents, self._embed)

    def find(self, question: Question) -> Found:
        return _twice(partial(self._find, question))

    def match(self, need: Need) -> Matched:
        return _twice(partial(self._match, need))

    def count(self) -> int:
        return _twice(partial(self._state, "documents"))

    def filled(self) -> bool:
        """Whether this file was ever filled as a whole, by `replace`."""
        return bool(_twice(partial(self._state, "filled")))

    @contextmanager
    def lexicon(self) -> Iterator[Lexicon]:
        """What words are worth, for an engine that counts none."""
        with self._storage.reading() as connection:
            query = "SELECT documents FROM state"
            yield Lexicon(connection, int(connection.execute(query).fetchone()[0]))

    def close(self) -> None:
        self._storage.close()

    def _put(self, batch: list[Document]) -> None:
        with self._storage.writing() as connection:
            writing.put(connection, batch, self._embed)

    def _drop(self, ids: list[str]) -> None:
        with self._storage.writing() as connection:
            writing.drop(connection, ids)

    def _find(self, question: Question) -> Found:
        with self._reading() as reading:
            return find(reading, question)

    def _match(self, need: Need) -> Matched:
        with self._reading() as reading:
            return Matched(match(reading, need))

    def _state(self, column: str) -> int:
        with self._storage.reading() as connection:
            query = f"SELECT {column} FROM state"  # noqa: S608 - a name from this file
            return int(connection.execute(query).fetchone()[0])

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        with self._storage.reading() as connection:
            generation, version, documents = connection.execute(
                "SELECT generation, version, documents FROM state"
            ).fetchone()
            with self._lock:
                known = self._snapshot
                if known.generation != generation or known.wasteful:
                    known, self._vectors = Snapshot.empty(generation), Vectors()
                if known.version < version:
                    known = load(connection, known, version, self._vectors)
                self._snapshot = known
            yield Reading(connection, known, Lexicon(connection, documents), self._embed)


def _twice(work: Callable[[], T]) -> T:
    """After a damaged file was thrown away, the second attempt meets an empty one."""
    try:
        return work()
    except Damaged:
        return work()
