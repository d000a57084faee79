"""The inbox: what it shows to whom, what is unread, and how often mail of it comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.core.journal import Event
from marketplace.notifications import queries
from marketplace.notifications.models import Notification, Preference, Rhythm
from marketplace.notifications.queries import SIZE
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Membership, Person
from marketplace.verbs import Verb
from tests.browser_of_pages import MOST_QUERIES


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def author(make, camden):
    return make.author(camden)


@pytest.fixture
def joins(make, camden, happen):
    """An authority joins a challenge of Camden."""

    def joins(name="Hackney", title="Missed bins"):
        challenge = make.challenge(camden, title=title)
        other = make.authority(name)
        commitment = make.commitment(challenge, other)
        happen(
            make.approver(other),
            Verb.COMMITMENT_CHANGE,
            commitment,
            about=challenge,
            level="interested",
        )
        return challenge

    return joins


def bell(browser) -> str:
    return browser.get("/help").select_one("#unread").text


# ---- What stands there


def test_an_empty_inbox_says_what_would_stand_there(browser, author):
    main = browser.as_(author).main("/notifications")
    assert "When something happens that concerns you" in main.text
    assert main.select_one("#inbox a[href='/notifications/settings']")
    assert not main.select("button")


def test_a_visitor_is_sent_to_sign_in_and_back(browser):
    for path in ("/notifications", "/notifications/settings"):
        answer = browser.as_(VISITOR).client.get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/sign-in?then={path.replace('/', '%2F')}"


def test_the_newest_stands_first_under_its_day(browser, author, joins):
    for day, hour, name in ((23, 9, "Hackney"), (24, 9, "Brent"), (24, 10, "Sutton")):
        with time_machine.travel(datetime(2026, 11, day, hour, tzinfo=UTC), tick=True):
            joins(name)

    seen = browser.as_(author).get("/notifications")
    days = {
        section.h2.text: [a.text.split(" changed")[0] for a in section.select("h3 a")]
        for section in seen.select("#inbox section")
    }
    assert days == {"24 November 2026": ["Sutton", "Brent"], "23 November 2026": ["Hackney"]}


def test_news_of_one_organisation_is_not_shown_while_its_reader_acts_for_another(
    make, session, browser, author, joins, reads, happen
):
    as_brent = make.member(
        session.get(Person, author.person_id), make.authority("Brent"), Role.AUTHOR
    )
    joins()
    membership = session.get(Membership, as_brent.membership_id)
    happen(make.support(), Verb.SUPPORT_LOOK, membership, because="A call")

    assert len(reads(author)) == 2
    assert bell(browser) == "2 unread"
    assert [line.why for line in reads(as_brent)] == ["it is about you"]
    assert bell(browser) == "1 unread"


def test_what_is_somebody_elses_is_not_there_for_others(browser, make, author, joins, session):
    joins()
    id = session.exec(select(Notification.id)).one()
    for other in (make.author(make.authority("Brent")), make.curator(), VISITOR):
        browser.as_(other).post(f"/notifications/{id}/read")
        assert browser.status == 404, other.name
    session.rollback()
    assert session.get(Notification, id).read_at is None


def test_a_long_inbox_is_cut_by_key_and_asks_as_little(browser, author, joins, session):
    joins()
    event = session.exec(select(Event).where(Event.verb == Verb.COMMITMENT_CHANGE)).one()
    (one,) = session.exec(select(Notification)).all()
    seen = browser.as_(author).get("/notifications")
    few = len(browser.queries)
    for number in range(SIZE + 4):
        again = Event(**event.model_dump(exclude={"id"}))
        session.add(again)
        session.flush()
        made = one.model_dump(exclude={"id", "event_id", "created_at"})
        at = one.created_at - timedelta(minutes=number + 1)
        session.add(Notification(**made, event_id=again.id, created_at=at))
    session.commit()

    seen = browser.get("/notifications")
    assert len(seen.select("#inbox .app-list__item")) == SIZE
    assert len(browser.queries) == few <= MOST_QUERIES
    rest = browser.get(seen.select_one(".govuk-pagination__next a")["href"])
    assert len(rest.select("#inbox .app-list__item")) == 5
    assert rest.select_one(".govuk-pagination__prev a")["href"] == "/notifications"
    first, second = (
        {button["id"] for button in page.select("#inbox button[id]")} for page in (seen, rest)
    )
    assert first & second == {"read-all"}

    button = rest.select("#inbox form")[-1]
    landed = browser.post(button["action"])
    assert len(landed.select("#inbox .app-list__item")) == 5, "it stays in that part of the list"


def test_more_than_can_be_counted_is_many(browser, author, joins, session, monkeypatch):
    monkeypatch.setattr("marketplace.notifications.queries.MOST", 1)
    queries._unread.cache_clear()
    for name in ("Hackney", "Brent", "Sutton"):
        joins(name)
    browser.as_(author)
    assert bell(browser) == "1+ unread"
    queries._unread.cache_clear()


# ---- Reading


def test_one_is_marked_as_read_and_then_no_longer_unread(browser, author, joins):
    joins("Hackney")
    joins("Brent")
    seen = browser.as_(author).get("/notifications")
    assert [tag.text for tag in seen.select("#inbox .govuk-tag")] == ["Unread", "Unread"]
    assert bell(browser) == "2 unread"

    mark = seen.select("#inbox .app-list__item form")[0]["action"]
    part = browser.post(mark, target="inbox")
    assert len(part.select(".govuk-tag")) == 1
    assert not part.h1
    assert bell(browser) == "1 unread"

    browser.post(mark)  # a second time does no harm
    assert bell(browser) == "1 unread"


def test_all_are_marked_as_read_at_once_but_not_those_for_another_organisation(
    make, session, browser, author, joins, reads, happen
):
    brent = make.authority("Brent")
    as_brent = make.member(session.get(Person, author.person_id), brent, Role.AUTHOR)
    joins("Hackney")
    joins("Sutton")
    theirs = make.challenge(brent, title="Of Brent")
    happen(make.author(brent), Verb.CHALLENGE_WITHDRAW, theirs, outcome="Done")

    seen = browser.as_(author).post("/notifications/read")
    assert "All are marked as read." in seen.text
    assert not any(line.unread for line in reads(author))
    assert bell(browser) == ""
    assert [line.unread for line in reads(as_brent)] == [True]
    assert "All were read already." in browser.as_(author).post("/notifications/read").text


def test_reading_is_journalled_as_ones_own_doing_and_told_to_nobody(
    browser, author, joins, session, news
):
    joins()
    browser.as_(author).post("/notifications/read")
    news()
    session.rollback()
    (event,) = session.exec(select(Event).where(Event.verb == Verb.NOTIFICATION_READ)).all()
    assert event.person_id == author.person_id
    assert len(session.exec(select(Notification)).all()) == 1


def test_support_sees_nothing_of_it_with_somebodys_eyes(browser, author, joins):
    joins()
    looking = replace(author, seen_through="Grace of LOTI")
    seen = browser.as_(looking).get("/notifications")
    assert not seen.select("#inbox .app-list__item")
    assert not seen.select_one(".app-bell")
    browser.post("/notifications/read")
    assert browser.status == 403
    assert bell(browser.as_(author)) == "1 unread"


# ---- The bell


def test_a_visitor_has_no_bell_and_opens_no_stream(browser):
    seen = browser.as_(VISITOR).get("/")
    assert not seen.select_one("#unread")
    assert "hx-sse" not in browser.text


def test_counting_is_one_statement_and_parts_of_a_page_do_without(browser, author, joins):
    joins()
    browser.as_(author).get("/challenges")
    counts = [one for one in browser.queries if "notification" in one]
    assert len(counts) == 1
    browser.get("/home", target="yours")
    assert not [one for one in browser.queries if "notification" in one]


# ---- How often mail comes


def test_each_kind_of_news_is_asked_for_with_what_holds_now(browser, author, make):
    make(Preference(person_id=author.person_id, kind=Topic.PRODUCTS, rhythm=Rhythm.WEEKLY))
    seen = browser.as_(author).get("/notifications/settings")
    chosen = {radio["name"]: radio["value"] for radio in seen.select("input[checked]")}
    assert chosen == {
        "needs_you": "at-once",
        "challenges": "daily",
        "tenders": "daily",
        "products": "weekly",
        "standards": "daily",
        "organisation": "daily",
        "searches": "daily",
        "awards": "at-once",
        "contracts": "daily",
        "account": "at-once",
    }
    assert "cannot be switched off" in seen.text


@pytest.fixture
def choose(browser, author):
    def choose(**chosen):
        given = {str(one).replace("-", "_"): str(one.usual) for one in Topic}
        return browser.as_(author).post("/notifications/settings", **given | chosen)

    return choose


def test_a_choice_is_kept_for_the_person_and_journalled(browser, choose, author, session):
    seen = choose(challenges="weekly")
    assert "Your choice is saved." in seen.text
    choose(challenges="weekly")

    session.rollback()
    (kept,) = session.exec(select(Preference)).all()
    assert (kept.person_id, kept.kind, kept.rhythm) == (
        author.person_id,
        Topic.CHALLENGES,
        Rhythm.WEEKLY,
    )
    events = session.exec(select(Event).where(Event.verb == Verb.PREFERENCE_SET)).all()
    assert [event.facts for event in events] == [{"kind": "challenges", "rhythm": "weekly"}]


@pytest.mark.parametrize(
    ("rhythm", "due_at"),
    [
        ("off", None),
        ("weekly", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("at-once", datetime(2026, 11, 25, 13, tzinfo=UTC)),
    ],
)
def test_what_waits_for_a_digest_follows_the_choice(choose, joins, session, rhythm, due_at):
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        joins()
    with time_machine.travel(datetime(2026, 11, 25, 13, tzinfo=UTC), tick=False):
        choose(challenges=rhythm)
    session.rollback()
    assert session.exec(select(Notification)).one().mail_due_at == due_at


def test_a_kind_that_was_left_out_is_asked_for_again(browser, author, choose):
    seen = choose(challenges="")
    assert browser.status == 422
    said = seen.select_one(".govuk-error-summary a")
    assert (said["href"], said.text) == ("#challenges", "Select mail about: Challenges")
    choose(challenges="hourly")
    assert browser.status == 422


def test_a_visitor_can_choose_nothing(browser):
    browser.as_(VISITOR).post("/notifications/settings", challenges="off")
    assert browser.status in (404, 422)
