"""What the journal owes its listeners is delivered at least once, in order, whatever happens."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from uuid import UUID

import pytest
import time_machine
from sqlmodel import Session, col, select

from auth.actor import Role
from marketplace.challenges.models import Challenge
from marketplace.core import db, outbox
from marketplace.core.journal import Event
from marketplace.core.outbox import Courier, Delivery, Listener, deliver
from marketplace.core.times import now
from marketplace.perform import perform
from marketplace.verbs import Verb


@pytest.fixture(autouse=True)
def _listeners_as_they_were() -> Iterator[None]:
    before = list(outbox.LISTENERS.values())
    yield
    outbox.register(*before)


@pytest.fixture
def happen(marketplace, session, make) -> Callable[[], UUID]:
    """Something happens to a challenge; its id."""
    camden = make.authority("Camden")
    author = make.actor(camden, Role.AUTHOR)

    def happen(challenge: Challenge | None = None) -> UUID:
        challenge = challenge or make.challenge(camden, stage="draft")
        context = marketplace.context(session, author)
        perform(context, Verb.CHALLENGE_EDIT, session.get_one(Challenge, challenge.id))
        session.commit()
        return challenge.id

    return happen


class Hears:
    """A listener that remembers what it was told, and fails as often as it is told to."""

    def __init__(self, name: str = "hears", fails: int = 0, only: UUID | None = None) -> None:
        self.heard: list[tuple[UUID, UUID]] = []
        self.name, self.fails, self.only = name, fails, only

    def listener(self) -> Listener:
        return Listener(self.name, self.handle)

    def handle(self, session: Session, event: Event) -> None:
        if self.fails and self.only in (None, event.subject_id):
            self.fails -= 1
            raise OSError("the search server is down")
        self.heard.append((event.subject_id, event.id))


def owed(session: Session) -> list[Delivery]:
    session.rollback()  # so that it sees what others have written meanwhile
    return list(session.exec(select(Delivery).order_by(col(Delivery.event_at))))


def test_every_listener_gets_every_event_once(marketplace, happen, session):
    one, other = Hears("one"), Hears("other")
    outbox.register(one.listener(), other.listener())
    ids = [happen(), happen()]

    assert deliver(marketplace.engine) == 4
    assert deliver(marketplace.engine) == 0
    assert [subject for subject, _ in one.heard] == ids == [s for s, _ in other.heard]
    assert all(row.done_at for row in owed(session))


def test_what_is_settled_is_told_to_nobody_and_what_comes_after_is(marketplace, happen):
    hears = Hears()
    outbox.register(hears.listener())
    happen()

    outbox.settle(marketplace.engine)
    assert deliver(marketplace.engine) == 0
    later = happen()
    assert deliver(marketplace.engine) == 1
    assert [subject for subject, _ in hears.heard] == [later]


def test_nothing_is_owed_when_the_change_is_rolled_back(marketplace, session, make):
    outbox.register(Hears().listener())
    camden = make.authority()
    draft = make.challenge(camden, stage="draft")
    context = marketplace.context(session, make.author(camden))
    perform(context, Verb.CHALLENGE_EDIT, draft)
    session.rollback()

    assert owed(session) == []
    assert session.exec(select(Event)).all() == []


def test_a_failing_listener_gets_the_event_again_and_the_others_go_on(marketplace, happen, session):
    fails, hears = Hears("fails", fails=1), Hears("hears")
    outbox.register(fails.listener(), hears.listener())
    happen()

    deliver(marketplace.engine)
    assert (len(fails.heard), len(hears.heard)) == (0, 1)
    [late] = [row for row in owed(session) if row.listener == "fails"]
    assert late.attempts == 1
    assert "the search server is down" in late.error
    assert late.due_at > now()

    with time_machine.travel(now() + timedelta(seconds=11), tick=False):
        assert deliver(marketplace.engine) == 1
    assert len(fails.heard) == 1
    assert len(hears.heard) == 1


def test_while_what_a_listener_needs_is_away_nothing_is_set_aside(marketplace, happen, session):
    away = Hears(fails=20)
    outbox.register(Listener("away", away.handle, away=(OSError,)))
    happen()
    moment = now()
    for _ in range(21):
        with time_machine.travel(moment, tick=False):
            deliver(marketplace.engine)
        moment += timedelta(seconds=61)
    [row] = owed(session)
    assert row.done_at is not None
    assert len(away.heard) == 1


def test_the_waits_grow_and_then_the_event_is_set_aside(marketplace, happen, session):
    poison = Hears(fails=100)
    outbox.register(poison.listener())
    happen()
    waits = []
    moment = now()
    for _ in range(len(outbox.WAITS) + 1):
        with time_machine.travel(moment, tick=False):
            deliver(marketplace.engine)
        [row] = owed(session)
        waits.append(row.due_at - moment)
        moment = row.due_at + timedelta(seconds=1)

    assert row.set_aside_at is not None
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] < waits[-2]
    assert outbox.set_aside(session)[0][0].id == row.id

    outbox.retry(row, now())
    poison.fails = 0
    session.commit()
    assert deliver(marketplace.engine) == 1


def test_a_poison_event_does_not_block_other_subjects(marketplace, happen, session):
    first = happen()  # before anybody listens
    poison = Hears(fails=100, only=first)
    outbox.register(poison.listener())
    happen(session.get_one(Challenge, first))
    healthy = happen()

    deliver(marketplace.engine)
    assert [subject for subject, _ in poison.heard] == [healthy]


def test_events_about_one_subject_wait_for_the_earlier_ones(marketplace, happen, session):
    fails_once = Hears(fails=1)
    outbox.register(fails_once.listener())
    subject = happen()
    happen(session.get_one(Challenge, subject))
    events = [event.id for event in session.exec(select(Event).order_by(col(Event.created_at)))]

    deliver(marketplace.engine)
    assert fails_once.heard == []
    with time_machine.travel(now() + timedelta(seconds=11), tick=False):
        deliver(marketplace.engine)
    assert [event for _, event in fails_once.heard] == events


def test_a_crash_between_the_work_and_the_mark_delivers_again(marketplace, happen, session):
    worked = []

    def works_then_crashes(_: Session, event: Event) -> None:
        worked.append(event.id)
        if len(worked) == 1:
            raise KeyboardInterrupt  # as a killed process: not even the failure is written down

    outbox.register(Listener("crashes", works_then_crashes))
    happen()
    with pytest.raises(KeyboardInterrupt):
        deliver(marketplace.engine)
    assert deliver(marketplace.engine) == 0, "another courier still holds the lease"

    with time_machine.travel(now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        assert deliver(marketplace.engine) == 1
    assert len(worked) == 2
    assert worked[0] == worked[1]


def test_couriers_side_by_side_hand_over_each_event_once(marketplace, happen):
    hears = Hears()
    outbox.register(hears.listener())
    for _ in range(40):
        happen()

    with ThreadPoolExecutor(4) as pool:
        delivered = list(pool.map(lambda _: deliver(marketplace.engine), range(4)))
    assert sum(delivered) == 40
    assert len({event for _, event in hears.heard}) == len(hears.heard) == 40


def test_the_courier_delivers_when_it_is_woken_and_stops_when_it_is_told(marketplace, happen):
    hears = Hears()
    outbox.register(hears.listener())
    rounds = []
    courier = Courier(marketplace.engine, [lambda: rounds.append(1)])
    happen()
    courier.start()
    try:
        courier.wake()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_until, lambda: hears.heard).result(timeout=20)
    finally:
        courier.stop()
    assert rounds


def test_a_job_of_the_clock_that_fails_does_not_stop_the_delivery(marketplace, happen):
    hears = Hears()
    outbox.register(hears.listener())
    happen()

    def fails() -> None:
        raise ValueError("a job failed")

    Courier(marketplace.engine, [fails]).round()
    assert len(hears.heard) == 1


def test_a_listener_that_is_slow_holds_up_no_other_and_locks_nobody_out(marketplace, happen):
    hears, over = Hears(), Signal()

    def works_long(_: Session, __: Event) -> None:
        over.wait(timeout=20)

    outbox.register(Listener("slow", works_long, writes=False), hears.listener())
    happen()
    courier = Courier(marketplace.engine)
    courier.start()
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_until, lambda: hears.heard).result(timeout=15)
        with db.writing(marketplace.engine) as session:  # while the slow one is at work
            session.commit()
    finally:
        over.set()
        courier.stop()


def test_what_is_not_written_in_the_session_is_done_before_its_mark(marketplace, happen, session):
    hears = Hears(fails=1)
    outbox.register(Listener("outside", hears.handle, writes=False))
    happen()
    deliver(marketplace.engine)
    assert [(row.attempts, row.done_at) for row in owed(session)] == [(1, None)]
    with time_machine.travel(now() + timedelta(seconds=11), tick=False):
        assert deliver(marketplace.engine) == 1
    assert len(hears.heard) == 1


def test_a_lease_that_is_renewed_keeps_other_couriers_away(marketplace, happen):
    others = []

    def works_long(_: Session, event: Event) -> None:
        nearly_over = time_machine.travel(now() + outbox.LEASE * 0.9, tick=False)
        with nearly_over, db.writing(marketplace.engine) as session:
            outbox.renew(session, "slow", event)
            session.commit()
        with time_machine.travel(now() + outbox.LEASE * 1.5, tick=False):
            others.append(deliver(marketplace.engine))

    outbox.register(Listener("slow", works_long, writes=False))
    happen()
    assert deliver(marketplace.engine) == 1
    assert others == [0]


def _until(condition: Callable[[], object]) -> None:
    while not condition():
        pass
