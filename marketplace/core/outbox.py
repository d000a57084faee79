"""The journal as an outbox: every listener gets every event at least once.

An event is owed to each listener by a row written together with it. A courier leases owed rows,
hands over the event, and marks the row in the transaction of the listener's own work or, where
that work lies outside the session, after it: a crash before the mark delivers again. Events about
one subject arrive in order; one that keeps failing is set aside, for LOTI to see, and the others
go on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event as Signal
from threading import Thread
from uuid import UUID

import structlog
from sqlalchemy import Engine, and_, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Index, Session, UniqueConstraint, col, select

from marketplace.core.db import Moment, Table, reading, writing
from marketplace.core.journal import Event
from marketplace.core.times import now

BATCH = 50
SELDOM = 60.0  # seconds until a courier looks that nobody woke
LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200))  # then it is set aside

Handle = Callable[[Session, Event], None]
log = structlog.get_logger()


class Delivery(Table, table=True):
    """That one event is owed to one listener, and what became of it."""

    __table_args__ = (
        UniqueConstraint("listener", "event_id"),
        Index("ix_delivery_owed", "done_at", "set_aside_at", "due_at"),
        Index("ix_delivery_subject", "listener", "subject_id", "event_at"),
    )

    listener: str
    event_id: UUID = Field(foreign_key="event.id", index=True)
    subject_id: UUID
    event_at: datetime = Field(sa_type=Moment)
    sequence: int = 0  # the place of the event among those of its transaction
    due_at: datetime = Field(sa_type=Moment)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    set_aside_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """Something that acts on news. Handling one event twice must do no harm."""

    name: str
    handle: Handle
    # False: what it does lies outside the session, in an index or a transaction of its own. Then
    # it gets a session to read with, and nobody waits for the lock of a writer meanwhile.
    writes: bool = True
    # While it raises this, what it needs is away: it is tried again, however long that takes.
    away: tuple[type[Exception], ...] = ()


LISTENERS: dict[str, Listener] = {}


def register(*listeners: Listener) -> None:
    """Makes these the listeners that every event from now on is owed to."""
    LISTENERS.clear()
    LISTENERS.update({listener.name: listener for listener in listeners})


def owe(session: Session, event: Event) -> None:
    """Writes down, in the event's own transaction, that every listener is owed the event. What one
    transaction does stands a microsecond apart, so that it is read in the order it was done.
    """
    sequence = session.info["journalled"] = session.info.get("journalled", 0) + 1
    due_at = event.created_at
    event.created_at += timedelta(microseconds=sequence - 1)
    session.add(event)
    session.flush()  # the rows below point at the event
    session.add_all(
        Delivery(
            listener=name,
            event_id=event.id,
            subject_id=event.subject_id,
            event_at=event.created_at,
            sequence=sequence,
            due_at=due_at,
        )
        for name in LISTENERS
    )


def deliver(engine: Engine, *names: str) -> int:
    """Delivers what is due to these listeners, or to all, until nothing is; the number of events
    handed over.
    """
    delivered = 0
    while batch := _lease(engine, names or tuple(LISTENERS), now()):
        delivered += sum(_hand_over(engine, id, LISTENERS[name]) for id, name in batch)
    return delivered


def renew(session: Session, name: str, event: Event) -> None:
    """Keeps the event with a listener that is still at work on it when the lease would run out."""
    session.exec(
        update(Delivery)
        .where(col(Delivery.listener) == name, col(Delivery.event_id) == event.id)
        .values(leased_until=now() + LEASE)
    )


def settle(engine: Engine) -> None:
    """Counts all that is owed as delivered, when the listeners are told everything another way."""
    with writing(engine) as session:
        session.exec(update(Delivery).where(col(Delivery.done_at).is_(None)).values(done_at=now()))
        session.commit()


def set_aside(session: Session) -> Sequence[tuple[Delivery, Event]]:
    """The deliveries that failed too often, newest first, with their events."""
    failed = select(Delivery, Event).join(Event).where(col(Delivery.set_aside_at).is_not(None))
    return session.exec(failed.order_by(col(Delivery.set_aside_at).desc()).limit(50)).all()


def retry(delivery: Delivery, at: datetime) -> None:
    """Owes a delivery that was set aside anew."""
    delivery.set_aside_at, delivery.attempts, delivery.due_at = None, 0, at


def _lease(engine: Engine, names: Sequence[str], at: datetime) -> list[tuple[UUID, str]]:
    earlier = aliased(Delivery)
    waits_for_an_earlier_one = exists().where(
        col(earlier.listener) == col(Delivery.listener),
        col(earlier.subject_id) == col(Delivery.subject_id),
        col(earlier.done_at).is_(None),
        col(earlier.set_aside_at).is_(None),
        or_(
            col(earlier.event_at) < col(Delivery.event_at),
            and_(
                col(earlier.event_at) == col(Delivery.event_at),
                col(earlier.sequence) < col(Delivery.sequence),
            ),
        ),
    )
    due = (
        select(Delivery.id, Delivery.listener)
        .where(
            col(Delivery.listener).in_(names),
            col(Delivery.done_at).is_(None),
            col(Delivery.set_aside_at).is_(None),
            col(Delivery.due_at) <= at,
            or_(col(Delivery.leased_until).is_(None), col(Delivery.leased_until) < at),
            ~waits_for_an_earlier_one,
        )
        .order_by(col(Delivery.event_at), col(Delivery.sequence))
        .limit(BATCH)
    )
    with reading(engine) as session:  # mostly nothing is due, and then no writer is kept waiting
        if session.exec(due.limit(1)).first() is None:
            return []
    with writing(engine) as session:
        leased = list(session.exec(due.with_for_update(skip_locked=True)))
        ids = [id for id, _ in leased]
        session.exec(
            update(Delivery).where(col(Delivery.id).in_(ids)).values(leased_until=at + LEASE)
        )
        session.commit()
    return leased


def _hand_over(engine: Engine, id: UUID, listener: Listener) -> int:
    try:
        if not listener.writes:
            with reading(engine) as session:
                owed = session.get_one(Delivery, id)
                if not owed.done_at:
                    listener.handle(session, session.get_one(Event, owed.event_id))
        with writing(engine) as session:
            owed = session.get_one(Delivery, id, with_for_update=True)
            if owed.done_at:  # the lease ran out and another courier was quicker
                return 0
            if listener.writes:
                listener.handle(session, session.get_one(Event, owed.event_id))
            owed.done_at, owed.leased_until = now(), None
            session.commit()
    except Exception as why:
        _put_off(engine, id, why, away=isinstance(why, listener.away))
        return 0
    return 1


def _put_off(engine: Engine, id: UUID, why: Exception, *, away: bool) -> None:
    with writing(engine) as session:
        owed = session.get_one(Delivery, id, with_for_update=True)
        owed.error, owed.leased_until = f"{type(why).__name__}: {why}"[:500], None
        if away:
            owed.due_at = now() + WAITS[min(owed.attempts, 1)]
        elif owed.attempts < len(WAITS):
            owed.due_at = now() + WAITS[owed.attempts]
        else:
            owed.set_aside_at = now()
        owed.attempts += 1
        log.warning(
            "delivery.failed",
            listener=owed.listener,
            event_id=str(owed.event_id),
            attempts=owed.attempts,
            error=type(why).__name__,
        )
        session.commit()


class Courier:
    """Runs the clock's jobs and then delivers: after each change, and every minute.

    The jobs have a thread, and so has each listener, so that one that is slow holds up no other.
    So has each of `beside`: what waits for another server, such as one that takes mail.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Sequence[Callable[[], object]] = (),
        beside: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        self._engine, self._jobs, self._beside = engine, jobs, beside or {}
        self._over = False
        self._woken = Signal()
        self._listeners_woken: list[Signal] = []
        self._threads: list[Thread] = []

    def start(self) -> None:
        works: list[tuple[str, Callable[[], object]]] = [
            *((name, partial(self._deliver, name)) for name in LISTENERS),
            *((f"beside-{name}", partial(_attempt, work)) for name, work in self._beside.items()),
        ]
        for name, work in works:
            woken = Signal()
            self._listeners_woken.append(woken)
            self._begin(f"courier-{name}", work, woken)
        self._begin("courier", self._run_jobs, self._woken)

    def wake(self) -> None:
        """Something happened. The listeners do not wait for the clock's jobs to be done."""
        self._woken.set()
        self._wake_listeners()

    def _wake_listeners(self) -> None:
        for woken in self._listeners_woken:
            woken.set()

    def stop(self) -> None:
        self._over = True
        for woken in (self._woken, *self._listeners_woken):
            woken.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _begin(self, name: str, work: Callable[[], object], woken: Signal) -> None:
        run = partial(self._run, work, woken)
        thread = Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, work: Callable[[], object], woken: Signal) -> None:
        while not self._over:
            work()
            woken.wait(timeout=SELDOM)
            woken.clear()

    def round(self) -> None:
        """The clock's jobs, then what is owed. What fails is tried again at the next round."""
        self._run_jobs()
        self._deliver()
        for work in self._beside.values():
            _attempt(work)

    def _run_jobs(self) -> None:
        for job in self._jobs:
            _attempt(job)
        self._wake_listeners()

    def _deliver(self, *names: str) -> None:
        if _attempt(partial(deliver, self._engine, *names)):
            self.wake()  # a listener's work may be news to others


def seldom(work: Callable[[], None], every: timedelta) -> Callable[[], None]:
    """A job for the courier that has nothing to do at most of its rounds."""
    last: datetime | None = None

    def in_time() -> None:
        nonlocal last
        if last is None or now() - last >= every:
            last = now()
            work()

    return in_time


def _attempt(work: Callable[[], object]) -> object:
    try:
        return work()
    except Exception:
        log.exception("courier.failed")
        return None
