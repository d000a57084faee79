"""One row changed, removed, inserted or reordered, and the check names it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.accounts import erasing
from marketplace.audit import canonical
from marketplace.audit.models import Block, Check, Entry
from marketplace.audit.sealing import hash_of, seal
from marketplace.audit.verifying import Noted
from marketplace.core import db
from marketplace.core.journal import Event
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb
from tests.audit.conftest import event


def of(one: Event):
    return update(Event).where(col(Event.id) == one.id)


@pytest.mark.parametrize(
    "column",
    [
        {"verb": "challenge.withdraw"},
        {"was": "open"},
        {"became": "closed"},
        {"subject_id": uuid4()},
        {"about_id": uuid4()},
        {"person_id": uuid4()},
        {"organisation_id": uuid4()},
        {"organisation_name": "Hackney"},
        {"subject_kind": "product"},
        {"person_name": "Grace Hopper"},
        {"person_name": erasing.NAMELESS},
        {"facts": {"because": "It is ready", "value": 2.5, "who": ["Äda", None]}},
        {"facts": {"because": erasing.NAMELESS}},
    ],
    ids=lambda column: f"{next(iter(column))}",
)
def test_a_change_of_any_column_is_found_and_named(sealed, tamper, found, column):
    assert found().finding == ""
    tamper(lambda session: session.exec(of(sealed[2]).values(**column)))
    assert found().finding.startswith("Entry 3 was changed: ")
    assert str(sealed[2].id) in found().finding


def test_a_change_of_the_time_is_found(sealed, tamper, found):
    earlier = sealed[2].created_at - timedelta(microseconds=1)
    tamper(lambda session: session.exec(of(sealed[2]).values(created_at=earlier)))
    assert found().finding.startswith("Entry 3 was changed: ")


def test_the_first_of_several_changes_is_named(sealed, tamper, found):
    for one in (sealed[8], sealed[1], sealed[4]):
        tamper(lambda session, one=one: session.exec(of(one).values(was="")))
    assert found().finding.startswith("Entry 2 was changed: ")
    assert found().entries == 0


def test_a_removed_row_is_named(sealed, tamper, found):
    tamper(lambda session: session.exec(delete(Event).where(col(Event.id) == sealed[7].id)))
    assert found().finding == f"Entry 8 was removed: event {sealed[7].id} is not there."
    assert found().entries == 6


def test_a_row_removed_together_with_its_entry_is_named(sealed, tamper, found):
    def remove(session):
        session.exec(delete(Event).where(col(Event.id) == sealed[4].id))
        session.exec(delete(Entry).where(col(Entry.event_id) == sealed[4].id))

    tamper(remove)
    assert found().finding == "Entry 5 was removed from the chain."


def test_the_last_row_of_a_block_removed_with_its_entry_is_named(sealed, tamper, found):
    def remove(session):
        session.exec(delete(Event).where(col(Event.id) == sealed[9].id))
        session.exec(delete(Entry).where(col(Entry.event_id) == sealed[9].id))

    tamper(remove)
    assert found().finding == "Entry 10 was removed from the chain."


def test_a_row_inserted_among_what_is_sealed_is_named_and_never_sealed(
    sealed, tamper, found, marketplace
):
    forged = event(sealed[0].created_at - timedelta(hours=2))
    forged_id = forged.id
    tamper(lambda session: session.add(forged))
    assert seal(marketplace.engine) == 0
    assert found().finding.startswith(f"event {forged_id} (challenge.edit at ")
    assert found().finding.endswith("was inserted: it is older than what was sealed.")


def test_a_row_inserted_with_an_entry_of_its_own_is_named(sealed, tamper, found):
    forged = event(sealed[-1].created_at)
    entry = Entry(
        number=11,
        event_id=forged.id,
        hash="0" * 64,
        name_hash="",
        name_salt="",
        facts_hash="",
        facts_salt="",
    )
    tamper(lambda session: session.add_all([forged, entry]))
    assert found().finding == "Entry 11 was inserted: it stands in no block."


def test_rows_in_another_order_are_named(sealed, tamper, found):
    def swap(session):
        third, fourth = (
            session.exec(select(Entry).where(Entry.number == number)).one() for number in (3, 4)
        )
        for entry, number in ((third, -1), (fourth, 3), (third, 4)):
            entry.number = number
            session.add(entry)
            session.flush()

    tamper(swap)
    assert found().finding.startswith("Entry 4 was reordered: ")


def test_entries_sealed_anew_for_a_changed_row_do_not_match_their_block(sealed, tamper, found):
    def rewrite(session):
        changed = session.get_one(Event, sealed[2].id)
        changed.became = "closed"
        entry = session.exec(select(Entry).where(Entry.event_id == changed.id)).one()
        entry.hash = canonical.entry(changed, entry.name_hash, entry.facts_hash)
        session.add_all([changed, entry])

    tamper(rewrite)
    assert found().finding == "Block 1 was changed: its entries have another root."


def test_a_block_made_to_match_breaks_the_chain_at_the_next(sealed, tamper, found, session):
    noted = session.exec(select(Block).where(Block.number == 2)).one()
    noted = Noted(noted.number, noted.hash)
    assert found(noted).finding == ""

    def rewrite(session, *, all_of_it: bool):
        changed = session.get_one(Event, sealed[2].id)
        changed.became = "closed"
        entry = session.exec(select(Entry).where(Entry.event_id == changed.id)).one()
        entry.hash = canonical.entry(changed, entry.name_hash, entry.facts_hash)
        session.add_all([changed, entry])
        session.flush()
        first, second = session.exec(select(Block).order_by(col(Block.number))).all()
        inside = select(Entry.hash).where(col(Entry.number) <= 6).order_by(col(Entry.number))
        first.root = canonical.root(list(session.exec(inside)))
        first.hash = hash_of(first)
        if all_of_it:
            second.previous = first.hash
            second.hash = hash_of(second)
        session.add_all([first, second])

    tamper(lambda session: rewrite(session, all_of_it=False))
    assert found().finding == "Block 2 was changed: it names another block before it."
    tamper(lambda session: rewrite(session, all_of_it=True))
    assert found().finding == "", "whoever writes all of it anew is found out by a noted hash alone"
    assert found(noted).finding.startswith("Block 2 is not the one that was noted")


def test_the_end_cut_off_is_found_by_a_noted_hash(sealed, tamper, found, session):
    block = session.exec(select(Block).where(Block.number == 2)).one()

    def cut(session):
        session.exec(delete(Event).where(col(Event.id).in_([one.id for one in sealed[6:]])))
        session.exec(delete(Entry).where(col(Entry.number) > 6))
        session.exec(delete(Block).where(col(Block.number) > 1))

    tamper(cut)
    assert found(Noted(2, block.hash)).finding == "Block 2 was noted, and there are only 1."


def test_a_block_removed_from_the_middle_is_named(sealed, tamper, found):
    tamper(lambda session: session.exec(delete(Block).where(col(Block.number) == 1)))
    assert found().finding == "Block 1 was removed."


@pytest.mark.parametrize(
    "column", [{"hash": "0" * 64}, {"root": "0" * 64}, {"first": 2}, {"last": 5}]
)
def test_a_changed_block_is_named(sealed, tamper, found, column):
    tamper(lambda s: s.exec(update(Block).where(col(Block.number) == 1).values(**column)))
    assert "1" in found().finding
    assert found().entries == 0


# ---- Erasing by law


@pytest.fixture
def ada(make, marketplace, session, write):
    """Somebody who did something, and whom LOTI gave a reason that names her."""
    person = make.person("Ada Lovelace")
    write(1, person_id=person.id, person_name=person.name)
    write(1, subject_id=person.id, subject_kind="person", facts={"because": "Ada Lovelace left"})
    write(2)
    assert seal(marketplace.engine) == 4
    return person


def erase(marketplace, session, person) -> None:
    erasing.erase(marketplace.context(session, CLOCK), session.get_one(Person, person.id))
    session.commit()


def test_after_a_person_is_erased_the_chain_still_holds(ada, marketplace, session, found, news):
    erase(marketplace, session, ada)
    assert found().finding == "", "also before the news of it is delivered"
    news()
    assert found().finding == ""
    entries = {entry.event_id: entry for entry in session.exec(select(Entry))}
    journal = session.exec(select(Event)).all()
    mine = [one for one in journal if one.person_id == ada.id and one.verb != Verb.PERSON_ERASE]
    assert "Lovelace" not in f"{[(one.person_name, one.facts) for one in mine]}"
    assert [bool(entries[one.id].name_salt) for one in mine] == [False]
    assert [bool(entries[one.id].facts_salt) for one in mine] == [True]
    about = [one for one in journal if one.subject_id == ada.id and one.verb != Verb.PERSON_ERASE]
    assert [bool(entries[one.id].facts_salt) for one in about] == [False]


def test_erasing_and_sealing_at_once_leave_no_hash_that_tells_the_name(
    make, marketplace, write, found, news, session
):
    for _ in range(10):
        person = make.person("Ada Lovelace")
        write(20, person_id=person.id, person_name=person.name)
        ready = Barrier(2)

        def go(work, ready=ready):
            ready.wait()
            work()

        def erases(person=person):
            with db.writing(marketplace.engine) as own:
                erase(marketplace, own, person)

        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(go, erases),
                pool.submit(go, lambda: seal(marketplace.engine)),
            ]
            for one in both:
                one.result()
    news()
    seal(marketplace.engine)
    assert found().finding == ""
    session.rollback()
    entries = {entry.event_id: entry for entry in session.exec(select(Entry))}
    for one in session.exec(select(Event).where(Event.verb == Verb.CHALLENGE_EDIT)):
        salt = entries[one.id].name_salt
        assert not salt or canonical.name(one, salt) == entries[one.id].name_hash


def test_what_stays_of_somebody_who_was_erased_cannot_be_changed(
    ada, marketplace, session, found, news, tamper
):
    erase(marketplace, session, ada)
    news()
    hers = session.exec(
        select(Event).where(Event.person_id == ada.id, Event.verb == Verb.CHALLENGE_EDIT)
    ).one()
    tamper(lambda s: s.exec(of(hers).values(facts={"because": "Another reason"})))
    assert "was changed" in found().finding


def test_a_name_given_back_to_somebody_who_was_erased_is_found(
    ada, marketplace, session, found, news, tamper
):
    erase(marketplace, session, ada)
    news()
    hers = session.exec(
        select(Event).where(Event.person_id == ada.id, Event.verb == Verb.CHALLENGE_EDIT)
    ).one()
    tamper(lambda s: s.exec(of(hers).values(person_name="Grace Hopper")))
    assert "was changed" in found().finding


def test_what_is_journalled_by_the_door_holds(make, marketplace, session, found, write):
    """Facts go through the database and come back as they were sealed."""
    write(1)
    person = make.person("Grace Boateng")
    perform(marketplace.context(session, CLOCK), Verb.PERSON_WARN, person, erased_on="2027-01-01")
    session.commit()
    old = session.exec(select(Event).where(Event.verb == Verb.PERSON_WARN)).one()
    session.exec(of(old).values(created_at=old.created_at - timedelta(minutes=2)))
    session.commit()
    assert seal(marketplace.engine) == 2
    assert found().finding == ""
    assert session.exec(select(Check)).all() == []
