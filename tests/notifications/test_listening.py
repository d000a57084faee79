"""From the journal to notifications: once a person, only what they may see, and when by mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import time_machine
from sqlmodel import col, select

from auth.actor import Role
from marketplace.challenges.models import Stage
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery, deliver
from marketplace.notifications import listener, telling
from marketplace.notifications.models import Notification, Preference, Rhythm
from marketplace.notifications.queries import reader
from marketplace.notifications.rhythm import due
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.verbs import Verb
from tests.browser_of_pages import counting

MONDAY = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)  # a minute before eight


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def joined(make, camden, happen):
    """Hackney joins a challenge of Camden, which is told to its author."""

    def joined(level="interested"):
        challenge = make.challenge(camden, title="Missed bins")
        hackney = make.authority("Hackney")
        commitment = make.commitment(challenge, hackney)
        happen(
            make.actor(hackney, Role.APPROVER, name="Joseph"),
            Verb.COMMITMENT_CHANGE,
            commitment,
            about=challenge,
            level=level,
        )
        return challenge

    return joined


def rows(session) -> list[Notification]:
    session.rollback()
    return list(session.exec(select(Notification).order_by(col(Notification.created_at))))


# ---- Once


def test_news_that_is_delivered_again_tells_nobody_twice(make, camden, joined, session, news):
    make.author(camden)
    joined()
    for owed in session.exec(select(Delivery)):
        owed.done_at = None
    session.commit()

    assert news() > 0
    assert len(rows(session)) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_two_couriers_at_once_tell_everybody_once(
    make, camden, marketplace, session, browser, attempt
):
    for _ in range(3):
        make.author(camden)
    challenge = make.challenge(camden, Stage.SUBMITTED)
    browser.as_(make.curator()).post(f"/challenges/{challenge.id}/approve")
    start = Barrier(2)

    def round_(_):
        start.wait(timeout=10)
        return deliver(marketplace.engine)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(round_, range(2)))
    assert len(rows(session)) == 3
    assert not session.exec(select(Delivery).where(col(Delivery.error) != "")).all()


# ---- Whom


@pytest.mark.parametrize("what", ["membership", "person", "organisation"])
def test_who_is_not_active_is_not_told(make, camden, session, joined, what):
    author = make.author(camden)
    kind, id = {
        "membership": (Membership, author.membership_id),
        "person": (Person, author.person_id),
        "organisation": (Organisation, camden.id),
    }[what]
    there = session.get(kind, id)
    there.stage = Standing.SUSPENDED
    make(there)

    joined()
    assert rows(session) == []


def test_what_somebody_may_not_see_is_not_told_to_them(make, camden, session, browser, news):
    """The audience names them, but the thing is hidden from them by then."""
    supplier = make.supplier("Brightwater")
    product = make.product(supplier, name="Roundwise")
    make.use(product, camden)
    make.approver(camden)
    browser.as_(make.manager(supplier)).post(f"/products/{product.id}/retire")
    there = session.get(Organisation, supplier.id)
    there.stage = Standing.SUSPENDED
    make(there)

    news()
    assert rows(session) == []


# ---- As its reader may see it then


@pytest.fixture
def retired(make, camden, browser, news):
    """A product that Camden uses is retired, which is told to its approver."""
    supplier, approver = make.supplier("Brightwater"), make.approver(camden)
    product = make.product(supplier, name="Roundwise")
    make.use(product, camden)
    browser.as_(make.manager(supplier)).post(f"/products/{product.id}/retire")
    news()
    return supplier, approver


def test_words_are_made_from_what_the_thing_is_now(make, session, retired, reads):
    supplier, approver = retired
    supplier.name = "Brightwater Group"
    make(supplier)

    assert reads(approver)[0].subject == "Retired: Roundwise, by Brightwater Group"


def test_what_may_no_longer_be_seen_is_neither_shown_nor_counted_nor_sent(
    make, session, retired, reads, browser
):
    supplier, approver = retired
    (one,) = rows(session)
    assert telling.told(session, reader(session, one), one, session.get(Event, one.event_id))
    assert browser.as_(approver).get("/").select_one("#unread").text == "1 unread"
    supplier.stage = Standing.SUSPENDED
    make(supplier)

    assert reads(approver) == []
    assert browser.get("/").select_one("#unread").text == ""
    session.expire_all()
    event = session.get(Event, one.event_id)
    assert telling.told(session, reader(session, one), one, event) is None


def test_several_are_told_by_one_query_each_only_to_its_reader(
    make, camden, joined, session, browser
):
    author, stranger = make.author(camden), make.author(make.authority("Brent"))
    for _ in range(3):
        joined()
    ids = [one.id for one in rows(session)]
    with counting(browser.engine) as ran:
        told = telling.every(session, author, ids)
    assert len(ran) == 1
    assert set(told) == set(ids)
    assert telling.every(session, stranger, ids) == {}


def test_a_reader_who_left_the_organisation_is_nobody(make, camden, joined, session):
    author = make.author(camden)
    joined()
    (one,) = rows(session)
    assert reader(session, one).roles == author.roles
    membership = session.get(Membership, author.membership_id)
    membership.stage = Standing.ENDED
    make(membership)

    assert not reader(session, one).known
    assert telling.every(session, reader(session, one), [one.id]) == {}


# ---- When by mail


@pytest.mark.parametrize(
    ("rhythm", "at", "due_at"),
    [
        (Rhythm.AT_ONCE, MONDAY, MONDAY),
        (Rhythm.OFF, MONDAY, None),
        (Rhythm.DAILY, MONDAY, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (Rhythm.DAILY, MONDAY.replace(hour=8), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (Rhythm.WEEKLY, MONDAY, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (Rhythm.WEEKLY, MONDAY.replace(hour=8), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        # eight in the morning by the clock in London, in summer too
        (Rhythm.DAILY, datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (
            Rhythm.DAILY,
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            datetime(2026, 10, 25, 8, tzinfo=UTC),
        ),
    ],
)
def test_digests_go_out_at_eight_in_london(rhythm, at, due_at):
    assert due(rhythm, at) == due_at


@pytest.mark.parametrize(
    ("rhythm", "day"), [(Rhythm.AT_ONCE, 25), (Rhythm.DAILY, 26), (Rhythm.WEEKLY, 30), (None, 26)]
)
def test_mail_is_due_as_its_reader_chose_and_otherwise_as_usual(
    make, camden, joined, session, rhythm, day
):
    author = make.author(camden)
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        if rhythm:
            make(Preference(person_id=author.person_id, kind=Topic.CHALLENGES, rhythm=rhythm))
        joined()

    assert rows(session)[0].mail_due_at.day == day


def test_without_mail_it_stands_in_the_inbox_all_the_same(make, camden, joined, session, reads):
    author = make.author(camden)
    make(Preference(person_id=author.person_id, kind=Topic.CHALLENGES, rhythm=Rhythm.OFF))
    joined()

    assert rows(session)[0].mail_due_at is None
    assert len(reads(author)) == 1


def test_the_safety_of_an_account_is_mailed_at_once_whatever_was_chosen(
    make, camden, session, happen
):
    person = make.author(camden)
    make(Preference(person_id=person.person_id, kind=Topic.ACCOUNT, rhythm=Rhythm.OFF))
    membership = session.get(Membership, person.membership_id)

    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        happen(make.support(), Verb.SUPPORT_LOOK, membership, about=camden, because="A call")
        assert rows(session)[0].mail_due_at == datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_listener_that_fails_leaves_nothing_and_is_tried_again(
    make, camden, joined, session, monkeypatch, marketplace
):
    make.author(camden)
    with monkeypatch.context() as patch:
        patch.setattr(listener, "due", lambda *_: 1 / 0)
        joined()
    assert rows(session) == []
    (failed,) = session.exec(select(Delivery).where(col(Delivery.error) != "")).all()
    assert failed.listener == "notifications"
    failed.due_at = failed.event_at
    session.commit()

    assert deliver(marketplace.engine) == 1
    assert len(rows(session)) == 1
