"""Databases for tests: every table in them and no row, each used again by the next test.

So is its engine: to make a database and to write the SQL of a statement takes longer than most of
what a test does with them.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import Engine, event

from marketplace.core import db
from marketplace.migrate import upgrade
from tests.services import Cluster

_make_engine = db.engine


class Databases:
    """The databases of one process. `make` makes one, `empty` makes a used one as good as new."""

    def __init__(self, make: Callable[[], str], empty: Callable[[str], None]) -> None:
        self._make, self._empty = make, empty
        self._spare: list[str] = []
        self._engines: dict[str, list[Engine]] = defaultdict(list)  # that nobody uses now
        self._used: dict[str, Engine] = {}
        self._lent: Counter[str] = Counter()  # connections, by database

    def new(self) -> str:
        """The URL of one."""
        return self._spare.pop() if self._spare else self._make()

    def give_back(self, url: str) -> None:
        """For the next test, unless somebody still talks to it."""
        engine = self._used.pop(url, None)
        if self._lent.pop(url, 0) == 0:
            self._engines[url] = [engine] if engine else []
            self._empty(url)
            self._spare.append(url)

    def engine(self, url: str, *, echo: bool = False) -> Engine:
        """In place of `db.engine`: the first of a test is one that was used before. Another one
        for the same database is another process's, and new.
        """
        if self._engines[url]:
            engine = self._engines[url].pop()
        else:
            engine = _make_engine(url, echo=echo)
            if url not in self._used:
                event.listen(engine, "checkout", lambda *_: self._lent.update([url]))
                event.listen(engine, "checkin", lambda *_: self._lent.subtract([url]))
        self._used.setdefault(url, engine)
        return engine


@contextmanager
def of_sqlite(folder: Path) -> Iterator[Databases]:
    template = folder / "template.db"
    _upgrade(f"sqlite:///{template}")

    def empty(url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):  # with its log and index
            file.unlink()
        shutil.copy(template, path)

    def make() -> str:
        return f"sqlite:///{shutil.copy(template, folder / f'{uuid4().hex}.db')}"

    yield from _in_use(Databases(make, empty))


@contextmanager
def of_postgresql(cluster: Cluster) -> Iterator[Databases]:
    template = cluster.new_database()
    _upgrade(template)
    yield from _in_use(Databases(lambda: cluster.new_database(template=template), cluster.empty))


def _in_use(databases: Databases) -> Iterator[Databases]:
    with patch.object(db, "engine", databases.engine):
        yield databases


def _upgrade(url: str) -> None:
    engine = _make_engine(url)
    upgrade(engine)
    engine.dispose()
