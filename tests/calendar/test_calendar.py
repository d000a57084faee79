"""Deadlines as calendar files: one of a challenge, and a person's own by an address with a key."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.challenges.models import Stage
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.perform import perform
from marketplace.reference.areas import Area
from marketplace.tenders.models import Stage as TenderStage
from marketplace.verbs import Verb
from tests.bids.bidding import Bidder, published


def read(browser, path: str) -> Calendar:
    answer = browser.client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


@pytest.fixture
def camden(make):
    return make.authority("Camden")


def test_a_challenge_has_a_file_with_its_last_moment_in_london(browser, make, camden):
    """In summer and in winter the day ends at midnight there."""
    for day, end in (
        (date(2026, 11, 30), "2026-12-01T00:00:00+00:00"),
        (date(2027, 6, 30), "2027-07-01T00:00:00+01:00"),
    ):
        challenge = make.challenge(camden, closes_on=day)
        made = read(browser, f"/challenges/{challenge.id}/calendar.ics")
        [event] = made.events
        assert event.end.isoformat() == end
        assert event.end - event.start == timedelta(hours=1)
        assert event["DTEND"].params["TZID"] == "Europe/London"
        assert [zone.tz_name for zone in made.timezones] == ["Europe/London"]
        assert event["UID"] == f"challenge-{challenge.id}@loti-marketplace"
        assert event["SUMMARY"] == f"Last day to join: {challenge.title}"
        assert (str(made["METHOD"]), event["STATUS"]) == ("PUBLISH", "CONFIRMED")


def test_a_program_is_told_how_often_to_ask_again_in_both_ways(browser, make, camden):
    challenge = make.challenge(camden)
    made = browser.client.get(f"/challenges/{challenge.id}/calendar.ics").text
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT8H\r\n" in made
    assert "\r\nX-PUBLISHED-TTL:PT8H\r\n" in made


def test_a_change_keeps_the_uid_and_raises_the_sequence(
    browser, make, camden, marketplace, session
):
    challenge = make.challenge(camden, Stage.SUBMITTED)
    ctx = marketplace.context(session, make.curator())
    perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    challenge.published_at = ctx.now
    session.commit()
    path = f"/challenges/{challenge.id}/calendar.ics"
    [before] = read(browser, path).events
    perform(marketplace.context(session, make.author(camden)), Verb.CHALLENGE_WITHDRAW, challenge)
    session.commit()
    [after] = read(browser, path).events
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_one_that_closed_on_its_day_stays_as_it_was(browser, make, camden, marketplace, session):
    yesterday = now().date() - timedelta(days=1)
    challenge = make.challenge(camden, closes_on=yesterday)
    perform(marketplace.context(session), Verb.CHALLENGE_CLOSE, challenge)
    session.commit()
    [event] = read(browser, f"/challenges/{challenge.id}/calendar.ics").events
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED])
def test_what_is_not_published_has_none_even_for_its_own_people(browser, make, camden, stage):
    challenge = make.challenge(camden, stage)
    browser.as_(make.author(camden)).get(f"/challenges/{challenge.id}/calendar.ics")
    assert browser.status == 404


def test_what_has_no_day_has_none(browser, make, camden):
    challenge = make.challenge(camden, closes_on=None)
    browser.get(f"/challenges/{challenge.id}/calendar.ics")
    assert browser.status == 404


def test_the_page_of_an_open_challenge_offers_it(browser, make, camden):
    challenge = make.challenge(camden)
    path = f"/challenges/{challenge.id}/calendar.ics"
    assert browser.get(f"/challenges/{challenge.id}").select(f"a[href='{path}']")
    closed = make.challenge(camden, Stage.CLOSED)
    assert not browser.get(f"/challenges/{closed.id}").select("a[href$='calendar.ics']")


def test_a_title_cannot_add_a_line_to_the_file(browser, make, camden):
    challenge = make.challenge(camden, title="Bins\r\nATTENDEE:mailto:x@evil.example")
    [event] = read(browser, f"/challenges/{challenge.id}/calendar.ics").events
    assert "ATTENDEE" not in event


# ---- A person's own


@pytest.fixture
def feed(browser):
    """The address of somebody's calendar, as their page shows it."""

    def feed(actor) -> str:
        box = browser.as_(actor).get("/calendar").select_one("#address")
        return str(box["value"]).removeprefix(browser.client.app.state.settings.address)

    return feed


def titles(browser, path: str) -> set[str]:
    return {str(one["SUMMARY"]).partition(": ")[2] for one in read(browser, path).events}


@pytest.fixture
def three(make, camden):
    """Challenges of Camden, of Hackney that Camden joined, and of Hackney alone."""
    hackney = make.authority("Hackney")
    make.challenge(camden, title="Own")
    make.commitment(make.challenge(hackney, title="Joined"), camden)
    make.challenge(hackney, title="Other", area=Area.HOUSING_REPAIRS)
    make.challenge(camden, Stage.DRAFT, title="Draft")


@pytest.mark.usefixtures("three")
def test_an_authority_sees_its_own_and_those_it_joined(browser, make, camden, feed):
    path = feed(make.author(camden))
    browser.actor = make.newcomer()  # a calendar program is nobody
    assert titles(browser, path) == {"Own", "Joined"}


@pytest.mark.usefixtures("three")
def test_a_supplier_sees_those_in_the_areas_of_its_products(browser, make, feed):
    brightwater = make.supplier()
    path = feed(make.manager(brightwater))
    assert titles(browser, path) == set()
    make.product(brightwater, areas=[Area.HOUSING_REPAIRS])
    assert titles(browser, path) == {"Other"}


@pytest.mark.usefixtures("three")
def test_loti_sees_all_that_are_published(browser, make, feed):
    assert titles(browser, feed(make.curator())) == {"Own", "Joined", "Other"}


@pytest.mark.usefixtures("three")
def test_it_holds_the_deadlines_of_every_organisation_that_counts(
    browser, make, camden, feed, session
):
    author = make.author(camden)
    person = session.get_one(Person, author.person_id)
    brightwater = make.supplier()
    make.product(brightwater, areas=[Area.HOUSING_REPAIRS])
    make.member(person, brightwater, Role.MANAGER)
    path = feed(author)
    assert titles(browser, path) == {"Own", "Joined", "Other"}
    session.get_one(Membership, author.membership_id).stage = Standing.SUSPENDED
    session.commit()
    assert titles(browser, path) == {"Other"}


def test_a_new_address_makes_the_earlier_one_worthless(browser, make, camden, feed, session):
    author = make.author(camden)
    before = feed(author)
    browser.post("/calendar")
    after = feed(author)
    assert browser.client.get(before).status_code == 404
    assert browser.client.get(after).status_code == 200
    assert session.exec(select(Event.verb)).all() == [Verb.CALENDAR_RENEW]


def test_who_is_suspended_has_no_calendar(browser, make, camden, feed, session):
    author = make.author(camden)
    path = feed(author)
    session.get_one(Person, author.person_id).stage = Standing.SUSPENDED
    session.commit()
    assert browser.client.get(path).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "WyJ4Il0.x"])
def test_a_key_of_somebody_elses_making_opens_nothing(browser, key):
    assert browser.client.get("/calendar.ics", params={"key": key}).status_code == 404


def test_support_does_not_get_the_address_of_a_person_it_looks_for(browser, make, camden):
    looking = replace(make.author(camden), seen_through="Sam of LOTI")
    assert not browser.as_(looking).get("/calendar").select("#address")


@pytest.mark.usefixtures("three")
def test_the_page_lists_what_is_coming_up_and_a_visitor_is_asked_who_they_are(
    browser, make, camden
):
    main = browser.as_(make.author(camden)).main("/calendar")
    shown = [a.text for a in main.select(".govuk-list--spaced a")]
    assert sorted(shown) == ["Joined", "Own"]
    assert "(UK time)" in main.text
    assert "8 to 24 hours" in main.text
    assert (
        "No challenge or tender that concerns you"
        in browser.as_(make.newcomer()).main("/calendar").text
    )
    browser.actor = VISITOR
    answer = browser.client.get("/calendar", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?then=/calendar"


def test_what_was_long_ago_leaves_the_calendar(browser, make, camden, feed):
    challenge = make.challenge(camden, Stage.CLOSED, closes_on=now().date() - timedelta(days=80))
    path = feed(make.author(camden))
    assert titles(browser, path) == {challenge.title}
    with time_machine.travel(now() + timedelta(days=20)):
        assert titles(browser, path) == set()


# ---- Tenders


@pytest.fixture
def tenders(make, camden):
    """Tenders of Camden with Hackney, of Hackney alone, and one that is not published."""
    hackney = make.authority("Hackney")
    published(make, camden, hackney, title="Ours")
    make.tender(camden, public_title="Draft", stage=TenderStage.DRAFT, published_at=None)
    return {"Theirs": published(make, hackney, title="Theirs"), "hackney": hackney}


def test_a_tender_stands_in_the_calendar_of_every_authority_in_it(
    browser, make, camden, tenders, feed
):
    for authority, found in ((camden, {"Ours"}), (tenders["hackney"], {"Ours", "Theirs"})):
        path = feed(make.author(authority))
        assert titles(browser, path) == found
        lines = [one.text for one in browser.main("/calendar").select("li")]
        assert sum("Deadline for bids: " in one for one in lines) == len(found)
        assert sum("Last moment for questions: " in one for one in lines) == len(found)
        assert all("(UK time)" in one for one in lines if "Ours" in one)
    events = read(browser, path).events
    assert len({one["UID"] for one in events}) == len(events) == 4
    assert titles(browser, feed(make.manager(make.supplier()))) == set()


def test_what_a_person_watches_is_in_their_calendar_and_in_nobody_elses(
    browser, make, camden, tenders, feed
):
    challenge, theirs = make.challenge(camden, title="Bins"), tenders["Theirs"]
    watching, other = make.newcomer(), make.newcomer()
    for path in (f"/watch/challenge/{challenge.id}", f"/watch/tender/{theirs.id}"):
        browser.as_(watching).post(path)
    assert titles(browser, feed(watching)) == {"Bins", "Theirs"}
    assert titles(browser, feed(other)) == set()


def test_a_bid_brings_its_tender_to_the_page_of_its_bidders_and_into_no_file(
    browser, make, tenders, feed
):
    supplier = make.supplier()
    bidder = Bidder(browser, make.manager(supplier), tenders["Theirs"])
    bidder.start()
    path = feed(make.manager(supplier))
    assert "Theirs" in browser.main("/calendar").text
    assert titles(browser, path) == set()
    assert "Theirs" not in browser.as_(make.manager(make.supplier())).main("/calendar").text


def test_a_cancelled_tender_leaves_the_page_and_is_cancelled_in_the_file(
    browser, make, camden, tenders, feed
):
    gone = tenders["Theirs"]
    gone.stage = TenderStage.CANCELLED
    make(gone)
    path = feed(make.author(tenders["hackney"]))
    assert "Theirs" not in browser.main("/calendar").text
    stages = {str(one["SUMMARY"]): one["STATUS"] for one in read(browser, path).events}
    assert stages["Cancelled: Theirs"] == "CANCELLED"
    assert stages["Deadline for bids: Ours"] == "CONFIRMED"


def test_many_dates_cost_no_more_queries(browser, make, camden):
    supplier = make.supplier()
    make.product(supplier, areas=[Area.HOUSING_REPAIRS])
    actors = make.author(camden), make.manager(supplier), make.curator()

    def cost() -> list[int]:
        costs = []
        for actor in actors:
            browser.as_(actor).get("/calendar")
            costs.append(len(browser.queries))
        return costs

    counts = []
    for number in (1, 8):
        for _ in range(number):
            other = make.authority("Another")
            make.challenge(camden, area=Area.HOUSING_REPAIRS)
            Bidder(browser, actors[1], published(make, other, camden)).start()
        counts.append(cost())
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10
