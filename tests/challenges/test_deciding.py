"""What comes of a challenge: closed by hand or the clock, taken, piloted, shared, withdrawn …"""

from datetime import UTC, date, datetime, timedelta

import pytest

from auth.actor import CLOCK
from marketplace.challenges import actions
from marketplace.challenges.models import Stage
from marketplace.core.context import Context
from tests.browser_of_pages import FORMS
from tests.challenges.answers import events, fresh

OUTCOMES = [
    ("take", Stage.TAKEN, "Taken into a tender", "Enter the reference of the tender"),
    ("pilot", Stage.PILOTED, "Piloted", "Enter what is being tried, where and until when"),
    ("share", Stage.SHARED, "Shared learning", "Enter what was learnt"),
    ("drop", Stage.DROPPED, "Dropped", "Enter the reason why it is dropped"),
    ("withdraw", Stage.WITHDRAWN, "Withdrawn", "Enter the reason why it is withdrawn"),
]


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def challenge(make, camden):
    return make.challenge(camden)


@pytest.fixture
def author(browser, make, camden):
    return browser.as_(make.author(camden))


@pytest.mark.parametrize(("verb", "stage", "label", "sentence"), OUTCOMES)
def test_every_ending_asks_says_what_happens_and_shows_what_was_said(
    author, challenge, session, verb, stage, label, sentence
):
    url = f"/challenges/{challenge.id}/{verb}"
    seen = author.get(url)
    assert seen.select_one(".app-consequences li")
    seen = author.post(url, outcome=" ")
    assert author.status == 422
    assert seen.select_one(".govuk-error-summary a[href='#outcome']").text == sentence
    seen = author.post(url, outcome="2026/S 000-031337")
    assert seen.select_one(".app-heading .govuk-tag").text == label
    assert "2026/S 000-031337" in seen.text
    assert fresh(session, challenge).stage == stage


def test_closing_needs_no_reason(author, challenge):
    seen = author.post(f"/challenges/{challenge.id}/close")
    assert "It is for Camden to say what came of it." not in seen.select_one("h1").text
    assert seen.select_one(".app-heading .govuk-tag").text == "Closed"


@pytest.mark.parametrize("verb", ["close", *(verb for verb, *_ in OUTCOMES)])
def test_nobody_else_decides(browser, make, camden, challenge, verb):
    url = f"/challenges/{challenge.id}/{verb}"
    for person in (
        make.author(make.authority("Hackney")),
        make.approver(camden),
        make.curator(),
        make.manager(make.supplier()),
    ):
        browser.as_(person).get(url)
        assert browser.status == 403
        browser.post(url, outcome="Ours")
        assert browser.status == 403
        assert not browser.get(f"/challenges/{challenge.id}").select(f"a[href='{url}']")


def test_a_decision_at_the_wrong_time_is_a_sentence(author, make, camden):
    challenge = make.challenge(camden, Stage.DROPPED, outcome="No money")
    seen = author.post(f"/challenges/{challenge.id}/take", outcome="X")
    assert author.status == 409
    assert "You cannot take a challenge that is at the stage “dropped”." in seen.text


def test_what_is_withdrawn_stays_with_a_banner_and_without_forms(
    browser, author, make, challenge, news
):
    author.post(f"/challenges/{challenge.id}/withdraw", outcome="Budget cut.")
    for person in (make.author(make.authority("Hackney")), make.manager(make.supplier())):
        seen = browser.as_(person).get(f"/challenges/{challenge.id}")
        banner = seen.select_one(".govuk-notification-banner")
        assert "Camden has withdrawn this challenge." in banner.text
        assert "Budget cut." in banner.text
        assert not seen.select(FORMS)
    news()
    seen = browser.get("/challenges?stage=withdrawn")
    assert seen.select_one(f"a[href='/challenges/{challenge.id}']")


def test_what_is_withdrawn_before_it_was_published_stays_hidden(browser, author, make, camden):
    challenge = make.challenge(camden, Stage.SUBMITTED)
    author.post(f"/challenges/{challenge.id}/withdraw", outcome="A mistake")
    assert author.status == 200
    browser.as_(make.manager(make.supplier())).get(f"/challenges/{challenge.id}")
    assert browser.status == 404


def test_after_a_pilot_one_can_still_say_what_was_learnt(author, make, camden):
    challenge = make.challenge(camden, Stage.PILOTED, outcome="Ten streets in May")
    assert "Ten streets in May" in author.get(f"/challenges/{challenge.id}").text
    seen = author.post(f"/challenges/{challenge.id}/share", outcome="It saved an hour a day.")
    assert "It saved an hour a day." in seen.text


# ---- The clock

# The clocks go back on 25 October 2026, at 2am summer time, and forward on 28 March 2027.
LAST_SECONDS = [
    (date(2026, 7, 1), datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)),  # summer time: an hour ahead
    (date(2026, 12, 1), datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)),
    (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC)),
    (date(2027, 3, 27), datetime(2027, 3, 27, 23, 59, 59, tzinfo=UTC)),
    (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, 59, tzinfo=UTC)),
]


@pytest.mark.parametrize(("closes_on", "last_second"), LAST_SECONDS)
def test_the_clock_closes_when_the_day_is_over_in_london(
    make, camden, session, marketplace, closes_on, last_second
):
    challenge = make.challenge(camden, closes_on=closes_on)

    def tick(at):
        closed = actions.close_what_is_over(Context(session, CLOCK, at, marketplace.settings))
        session.commit()
        return closed

    assert challenge.standing(last_second) == Stage.OPEN
    assert tick(last_second) == 0
    over = last_second + timedelta(seconds=1)
    assert challenge.standing(over) == Stage.CLOSED
    assert tick(over) == 1
    assert fresh(session, challenge).stage == Stage.CLOSED
    assert tick(over) == 0
    assert [event.person_name for event in events(session, "challenge.close")] == ["The clock"]


def test_until_the_clock_comes_by_the_page_says_closed_all_the_same(browser, make, camden):
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    challenge = make.challenge(camden, closes_on=yesterday)
    browser.as_(make.author(make.authority("Hackney")))
    seen = browser.get(f"/challenges/{challenge.id}")
    assert seen.select_one(".app-heading .govuk-tag").text == "Closed"
    assert not seen.select(FORMS)
    seen = browser.post(f"/challenges/{challenge.id}/commitments", level="watching")
    assert browser.status == 409
    assert "This challenge is not open" in seen.text
