"""One engine, one session a request, one commit a session, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.orm import joinedload
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Field, Session, SQLModel

from marketplace.core import ids
from marketplace.core.times import now

# Keeps a statement that a function builds, for the arguments it was built with: building one takes
# longer than the database takes to answer it. What differs each time goes in as a `bindparam`.
kept = lru_cache(maxsize=2_000)
SESSIONS = 20  # threads that answer requests; the pool has a few connections more for the courier
PATIENCE = 10  # seconds to wait for another writer
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)  # when a row was made whose time tells too much


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, on every database; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Amount(TypeDecorator[Decimal]):
    """An amount of money, exact to the hundredth on every database: SQLite has no decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


def choice(kind: type[StrEnum]) -> Any:
    """A column that holds an enum's values as text, so that a new member needs no migration."""
    return Enum(kind, native_enum=False, length=40, values_callable=lambda k: [m.value for m in k])


class Table(SQLModel):
    """What every row has. A row may point up at what it belongs to, never down."""

    id: UUID = Field(default_factory=ids.new, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


def engine(url: str, *, echo: bool = False) -> Engine:
    """An engine for the database at `url`: SQLite (WAL, foreign keys on) or PostgreSQL."""
    # What is asked for is about people: it does not belong into the log of an error.
    shared: Any = {"pool_size": SESSIONS + 4, "hide_parameters": True, "echo": echo}
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **shared)
    made = create_engine(url, connect_args={"check_same_thread": False}, **shared)
    event.listen(made, "connect", _prepare_sqlite)
    turns = _Turns()
    event.listen(made, "begin", turns.begin)
    event.listen(made, "checkin", turns.end)
    return made


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says so
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={PATIENCE * 1000}",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")


class _Turns:
    """A transaction that will write takes SQLite's lock first: a read that turns into a write could
    not wait for it. SQLite lets those who wait sleep, ever longer, and others overtake them; so
    within a process the next one is woken as soon as it can begin.
    """

    def __init__(self) -> None:
        self._turn = Lock()

    def begin(self, connection: Connection) -> None:
        # Not through SQLAlchemy's own execution, which takes longer than all of this transaction.
        run = connection.connection.cursor().execute
        if not connection.get_execution_options().get("writes"):
            run("BEGIN")
            return
        connection.info["turn"] = self._turn.acquire(timeout=PATIENCE)
        run("BEGIN IMMEDIATE")

    def end(self, _: object, record: ConnectionPoolEntry) -> None:
        """The connection is given back, whatever became of the transaction."""
        if record.info.pop("turn", False):
            self._turn.release()


def eager(relationship: Any) -> Any:
    """Loads what a row belongs to with it; SQLModel types a relationship as what it holds."""
    return joinedload(relationship)


def writing(made: Engine) -> Session:
    """A session that is going to change something."""
    session = Session(made, expire_on_commit=False)
    session.connection(execution_options={"writes": True})
    return session


def reading(made: Engine) -> Session:
    return Session(made, expire_on_commit=False)


@contextmanager
def transaction(request: Request) -> Iterator[Session]:
    """The session of a request, committed at its end; a safe request only reads."""
    begin = reading if request.method in SAFE else writing
    with begin(request.app.state.engine) as opened:
        yield opened
        journalled = opened.info.get("journalled", False)
        opened.commit()
    if journalled:
        request.app.state.courier.wake()
