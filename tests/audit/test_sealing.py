"""The journal is sealed without a gap and never twice, however many write and seal at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
import time_machine
from sqlmodel import col, select

from marketplace.app import clock
from marketplace.audit import sealing
from marketplace.audit.models import Block, Entry
from marketplace.audit.sealing import seal
from marketplace.core import db
from marketplace.core.journal import Event
from marketplace.core.times import now
from tests.audit.conftest import event


def numbers(session) -> list[int]:
    return list(session.exec(select(Entry.number).order_by(col(Entry.number))))


def test_entries_stand_in_the_order_of_time_and_each_block_covers_the_one_before(
    sealed, session, found
):
    entries = session.exec(select(Entry).order_by(col(Entry.number))).all()
    assert [entry.event_id for entry in entries] == [one.id for one in sealed]
    first, second = session.exec(select(Block).order_by(col(Block.number))).all()
    assert (first.first, first.last, second.first, second.last) == (1, 6, 7, 10)
    assert second.previous == first.hash
    assert found().finding == ""
    assert (found().entries, found().blocks, found().newest) == (10, 2, second.hash)


def test_sealing_again_changes_nothing(sealed, marketplace, session):
    assert seal(marketplace.engine) == 0
    assert numbers(session) == list(range(1, 11))


def test_more_than_a_block_holds_becomes_several(monkeypatch, write, marketplace, session, found):
    monkeypatch.setattr(sealing, "MOST", 3)
    write(8)
    assert seal(marketplace.engine) == 8
    assert len(session.exec(select(Block)).all()) == 3
    assert found().finding == ""


def test_what_has_only_just_happened_waits_until_it_is_settled(write, marketplace):
    write(2, timedelta(seconds=5))
    assert seal(marketplace.engine) == 0
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        assert seal(marketplace.engine) == 2


def test_the_clock_seals(write, marketplace, found):
    write(3)
    for job in clock(marketplace):
        job()
    assert found().entries == 3


def test_one_that_is_committed_late_is_sealed_late_and_not_lost(
    marketplace, sealed, session, found
):
    with db.writing(marketplace.engine) as slow:
        slow.add(event(sealed[-1].created_at - timedelta(minutes=20)))
        slow.commit()
    assert seal(marketplace.engine) == 1
    assert numbers(session) == list(range(1, 12))
    assert found().finding == ""


def test_an_open_transaction_holds_nobody_up_and_is_sealed_after_it_is_over(
    marketplace, write, found
):
    if marketplace.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    with db.writing(marketplace.engine) as slow:
        slow.add(event(now() - timedelta(minutes=10)))
        slow.flush()
        write(3)
        assert seal(marketplace.engine) == 3
        slow.commit()
    assert seal(marketplace.engine) == 1
    assert found().finding == ""
    assert found().entries == 4


def test_many_write_and_two_seal_at_once_and_there_is_neither_a_gap_nor_a_double(
    marketplace, session, found
):
    writers, each = 4, 25
    ready = Barrier(writers + 2)

    def write(seed: int) -> None:
        random = Random(seed)
        ready.wait()
        for _ in range(each):
            with db.writing(marketplace.engine) as own:
                own.add(event(now() - timedelta(seconds=random.uniform(31, 600))))
                own.commit()

    def sealer() -> int:
        ready.wait()
        return sum(seal(marketplace.engine) for _ in range(40))

    with ThreadPoolExecutor(writers + 2) as pool:
        written = [pool.submit(write, seed) for seed in range(writers)]
        sealers = [pool.submit(sealer) for _ in range(2)]
        for one in written:
            one.result()
        done = sum(one.result() for one in sealers)
    done += seal(marketplace.engine)

    assert done == writers * each
    assert numbers(session) == list(range(1, done + 1))
    events = set(session.exec(select(Event.id)))
    assert set(session.exec(select(Entry.event_id))) == events
    assert found().finding == ""
