"""Feeds of public searches: valid Atom and calendars, as a visitor sees them, whoever asks."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.core.times import in_london, now
from search.port import Unavailable

A = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world(make, fill):
    camden, supplier = make.authority(), make.supplier("Fernlight")
    today = in_london(now()).date()
    soon = make.challenge(camden, title="Bins & <lamps>", closes_on=today + timedelta(days=3))
    late = make.challenge(camden, title="Bins again", closes_on=today + timedelta(days=9))
    make.challenge(camden, Stage.SUBMITTED, title="Bins in review")
    make.product(supplier, name="Bins\x0b Online")
    make.product(supplier, Listing.PAUSED, name="Bins paused")
    make.notice(title="Bins noticed")
    make.standard("CE", title="Cyber Essentials")
    fill()
    return soon, late, camden


def feed(browser, address):
    answer = browser.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.text)  # noqa: S314 - our own


def titles(browser, address):
    return {one.findtext(f"{A}title") for one in feed(browser, address).findall(f"{A}entry")}


def test_each_list_has_a_feed_of_what_everybody_sees(browser, make, world):
    browser.as_(make.author(world[2]))  # whose own drafts it does not show
    assert titles(browser, "/challenges.atom") == {"Bins & <lamps>", "Bins again"}
    assert titles(browser, "/products.atom") == {"Bins Online"}
    assert titles(browser, "/suppliers.atom") == {"Fernlight"}
    assert titles(browser, "/notices.atom") == {"Bins noticed"}
    assert titles(browser, "/standards.atom") == {"Cyber Essentials"}
    assert titles(browser, "/search.atom?q=bins") == {
        "Bins & <lamps>",
        "Bins again",
        "Bins Online",
        "Bins noticed",
    }


def test_a_feed_is_whole(browser, world):
    made = feed(browser, "/challenges.atom?area=waste")
    assert made.findtext(f"{A}title") == "LOTI Marketplace: for waste and street cleansing"
    for name in ("id", "updated", f"author/{A}name"):
        assert made.findtext(f"{A}{name}")
    for entry in made.findall(f"{A}entry"):
        for name in ("id", "title", "updated", "summary"):
            assert entry.find(f"{A}{name}") is not None
        assert entry.find(f"{A}link").get("href").startswith("http")


def test_who_asks_again_is_not_sent_the_same(browser, world):
    first = browser.client.get("/challenges.atom")
    assert "max-age" in first.headers["cache-control"]
    again = {"If-None-Match": first.headers["etag"]}
    second = browser.client.get("/challenges.atom", headers=again)
    assert (second.status_code, second.text) == (304, "")


def test_the_pages_link_to_their_feeds(browser, world):
    links = {a["href"] for a in browser.get("/challenges?q=bins").select(".app-follow a")}
    assert {"/challenges.atom?q=bins", "/challenges.ics?q=bins"} <= links


def test_closing_days_are_a_calendar(browser, world):
    soon, late, _ = world
    for address in ("/challenges.ics?q=bins", "/search.ics?q=bins"):
        browser.get(address)
        assert browser.headers["content-type"].startswith("text/calendar")
        events = Calendar.from_ical(browser.text).walk("VEVENT")
        assert {str(one["uid"]).split("@")[0] for one in events} == {
            f"challenge-{soon.id}",
            f"challenge-{late.id}",
        }


@pytest.mark.parametrize("address", ["/challenges.atom?area=moon", "/search.atom?kind=moon"])
def test_what_no_list_offers_has_no_feed(browser, world, address):
    browser.get(address)
    assert browser.status == 404


def test_without_the_search_there_is_no_feed_for_now(browser, index, monkeypatch):
    def away(question):
        raise Unavailable

    monkeypatch.setattr(index, "find", away)
    browser.get("/challenges.atom")
    assert browser.status == 503
