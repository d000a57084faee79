"""The embedded engine's file: an SQLite database with full text search, safe to delete any time."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from threading import BoundedSemaphore, Lock
from uuid import uuid4

from search.port import Unavailable

FORMAT = 2  # raised whenever tables, folding, stemming or weights change: the file starts anew
CONNECTIONS = 4  # at once in one process; each may hold 8 MB of pages
PATIENCE = 5.0  # seconds to wait for another writer

# Words reach the full text table folded and stemmed, stop words included, so that a phrase and
# a search for "it" work. The ascii tokenizer splits at the blanks and leaves letters beyond
# ASCII as they are. The table keeps its own text: with contentless or external content a row
# could only be removed by telling FTS5 exactly what was indexed, and a slip corrupts the index.
# How many documents have a stem is counted here too: fts5vocab would read every place it is at.
TABLES = """
CREATE TABLE state (format TEXT NOT NULL, generation TEXT NOT NULL,
                    version INTEGER NOT NULL DEFAULT 0, documents INTEGER NOT NULL DEFAULT 0,
                    filled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE document (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
                       kind TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
                       name TEXT NOT NULL, title_words INTEGER NOT NULL, audience TEXT NOT NULL,
                       facets TEXT NOT NULL, at REAL NOT NULL, numbers TEXT NOT NULL,
                       vector BLOB NOT NULL);
CREATE INDEX document_name ON document (name);
CREATE TABLE reference (number INTEGER NOT NULL, reference TEXT NOT NULL,
                        PRIMARY KEY (reference, number)) WITHOUT ROWID;
CREATE INDEX reference_number ON reference (number);
CREATE TABLE dropped (entry INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL);
CREATE TABLE word (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, stem TEXT NOT NULL,
                   letters INTEGER NOT NULL);
CREATE TABLE stem (stem TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
"""
TEXT_TABLE = "CREATE VIRTUAL TABLE entry USING fts5(title, body, tokenize='ascii')"


class Damaged(Unavailable):
    """The file was not usable and has been thrown away. The next attempt meets an empty one."""


class OtherFormat(sqlite3.DatabaseError):
    """A database, but not one that this version of the engine made."""


class Storage:
    """The file, shared by the threads of this process and by other processes."""

    def __init__(self, path: Path, vectors: str) -> None:
        """`vectors` names the embedder: a file with vectors of another one is thrown away."""
        self._path = path
        self._format = f"{FORMAT} {vectors}"
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._slots = BoundedSemaphore(CONNECTIONS)
        self._lock = Lock()
        self._file: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging state of the file."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The only writer, until all of it is kept or, after an exception, none."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute(
                    "UPDATE state SET version = version + 1,"
                    " documents = (SELECT count(*) FROM document)"
                )
                connection.commit()
            finally:
                if connection.in_transaction:
                    connection.rollback()

    def close(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._slots:
            connection: sqlite3.Connection | None = None
            try:
                connection, file = self._take()
                yield connection
                self._give_back(connection, file)
                connection = None
            except sqlite3.DatabaseError as error:
                if _is_damage(error):
                    self._throw_away()
                    raise Damaged("The search index was damaged and begins anew.") from error
                if isinstance(error, sqlite3.OperationalError):
                    raise Unavailable(f"The search index does not answer: {error}.") from error
                raise
            finally:
                if connection is not None:
                    connection.close()

    def _take(self) -> tuple[sqlite3.Connection, tuple[int, int]]:
        """An idle connection, or a new one; never one to a file that has since been deleted."""
        with self._lock, _within_reach():
            present = self._identity()
            if present is None or present != self._file:
                self.close()
                connection = self._open()
                self._file = self._identity()
                if self._file is None:
                    connection.close()
                    raise Unavailable("The search index was deleted while it was being opened.")
                return connection, self._file
            with suppress(Empty):
                return self._idle.get_nowait(), present
            return self._open(), present

    def _give_back(self, connection: sqlite3.Connection, file: tuple[int, int]) -> None:
        with self._lock:
            if file == self._file:
                self._idle.put(connection)
                return
        connection.close()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -8000")  # in KiB
            connection.execute("PRAGMA journal_size_limit = 67108864")  # after a replacement
            if not self._is_ready(connection):
                connection.execute("BEGIN IMMEDIATE")
                if not self._is_ready(connection):  # another process may have been quicker
                    self._make_tables(connection)
                connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_ready(self, connection: sqlite3.Connection) -> bool:
        """Whether the tables are there. Raises for a file that somebody else made."""
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "state" in tables:
            state = connection.execute("SELECT * FROM state").fetchone()
            if state and state[0] == self._format:
                return True
        if tables:
            raise OtherFormat
        return False

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        _run(connection, f"{TABLES};{TEXT_TABLE}")
        new = [self._format, uuid4().hex]
        connection.execute("INSERT INTO state (format, generation) VALUES (?, ?)", new)

    def _throw_away(self) -> None:
        """Delete the file, unless somebody else already put a new one in its place."""
        with self._lock, _within_reach():
            self.close()
            if self._file in (None, self._identity()):
                for ending in ("", "-wal", "-shm"):
                    Path(f"{self._path}{ending}").unlink(missing_ok=True)
            self._file = None


def clear(connection: sqlite3.Connection) -> None:
    """Forget every document. The generation tells other processes to read everything anew."""
    for table in ("document", "reference", "dropped", "word", "stem"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
    # Far quicker than deleting: FTS5 would look up the words of every row.
    _run(connection, f"DROP TABLE entry; {TEXT_TABLE}")
    connection.execute("UPDATE state SET generation = ?", [uuid4().hex])


def _run(connection: sqlite3.Connection, statements: str) -> None:
    """Within the transaction, which `executescript` would commit."""
    for statement in filter(str.strip, statements.split(";")):
        connection.execute(statement)


@contextmanager
def _within_reach() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"The search index cannot be reached: {error}.") from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    if isinstance(error, OtherFormat):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Changing to WAL does not wait for other connections by itself."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
