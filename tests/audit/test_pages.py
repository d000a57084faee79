"""What LOTI and everybody see of the sealed journal, and the command that checks it."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import col, select

from auth.actor import VISITOR
from marketplace.audit import sealing
from marketplace.audit.checking import check, check_when_due
from marketplace.audit.models import Block, Check
from marketplace.audit.sealing import seal
from marketplace.core.journal import Event
from marketplace.core.times import now


@pytest.fixture
def curator(make):
    return make.curator()


@pytest.fixture
def run(type_in):
    return lambda *arguments: type_in("verify-audit", *arguments)


def test_loti_sees_to_which_entry_all_is_as_it_was_sealed(browser, curator, sealed, marketplace):
    assert "Not yet" in browser.as_(curator).get("/audit").text
    check(marketplace.engine)
    seen = browser.get("/audit")
    assert browser.status == 200
    assert "Verified to entry 10, " in seen.text
    assert "1 to 6" in seen.select_one("#blocks").get_text(" ", strip=True)
    assert seen.select_one(".moj-sub-navigation a[aria-current=page]").get_text() == "Record"


def test_loti_is_warned_and_told_which_row(browser, curator, sealed, marketplace, session):
    session.delete(session.get_one(Event, sealed[2].id))
    session.commit()
    check(marketplace.engine)
    seen = browser.as_(curator).get("/audit")
    assert f"Entry 3 was removed: event {sealed[2].id} is not there." in seen.text
    assert "Verified to entry" not in seen.text


def test_before_anything_is_sealed_it_says_what_will_stand_there(browser, curator):
    assert "Nothing is sealed yet" in browser.as_(curator).get("/audit").text
    assert "Nothing is sealed yet" in browser.as_(VISITOR).get("/genuine").text


def test_for_everybody_else_the_page_does_not_exist(browser, make, sealed):
    for who in (VISITOR, make.actor(make.authority()), make.actor(make.supplier())):
        browser.as_(who).get("/audit")
        assert browser.status == 404


def test_everybody_may_note_the_hash_of_the_newest_block(browser, sealed, session):
    newest = session.exec(select(Block).order_by(col(Block.number).desc())).first()
    seen = browser.get("/genuine")
    assert newest.hash in seen.text
    assert "Block 2, entries 7 to 10" in seen.text


def test_a_long_chain_is_turned_over_by_page(
    browser, curator, monkeypatch, write, marketplace, session
):
    monkeypatch.setattr(sealing, "MOST", 1)
    write(45)
    seal(marketplace.engine)
    browser.as_(curator)
    numbers, address = [], "/audit"
    while address:
        seen = browser.get(address)
        numbers += [int(row.get_text()) for row in seen.select("#blocks tbody th")]
        later = seen.select_one("a[rel=next]")
        address = later["href"] if later else ""
    assert numbers == list(range(45, 0, -1))
    browser.get("/audit?before=x")
    assert browser.status == 404


def test_the_chain_is_checked_once_a_day(sealed, marketplace, session):
    check_when_due(marketplace.engine)
    check_when_due(marketplace.engine)
    assert len(session.exec(select(Check)).all()) == 1
    session.rollback()
    with time_machine.travel(now() + timedelta(days=1, minutes=1), tick=False):
        check_when_due(marketplace.engine)
    assert len(session.exec(select(Check)).all()) == 2


def test_an_operator_verifies_by_a_command(run, sealed, session):
    newest = session.exec(select(Block).where(Block.number == 2)).one()
    told = run("--noted", f"2:{newest.hash}")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.splitlines() == [
        "10 entries in 2 blocks are as they were sealed.",
        f"Newest block: 2:{newest.hash}",
    ]
    event = session.get_one(Event, sealed[3].id)
    event.became = "closed"
    session.add(event)
    told = run()
    assert told.exit_code == 1
    assert told.stdout.startswith(f"Entry 4 was changed: event {event.id} (challenge.edit at ")


def test_what_was_noted_has_to_be_a_number_and_a_hash(run):
    told = run("--noted", "the second")
    assert told.exit_code == 2
    assert (
        told.stderr == "--noted must be the number of a block and its hash, such as 12:9f86d0….\n"
    )
