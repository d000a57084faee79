"""The law of a procurement, worked out on a page for anyone, by an address that can be shared."""

from datetime import date

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

FACTS = {
    "begins-day": "2",
    "begins-month": "11",
    "begins-year": "2026",
    "route": "open",
    "contract": "goods-services",
    "value": "£6,000,000",
}


def on(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


KNOWN = (
    on("tender_notice", date(2026, 11, 2))
    | on("award_notice", date(2026, 11, 30))
    | on("signed", date(2026, 12, 11))
)


def address(page: str = "/law", **more: str) -> str:
    from urllib.parse import urlencode

    return f"{page}?{urlencode(FACTS | more)}"


def facts(seen, part: str) -> dict[str, str]:
    """What a list of facts after a heading says, by name."""
    rows = seen.select_one(part).find_next("dl").select(".govuk-summary-list__row")
    return {
        row.dt.get_text(" ", strip=True): " ".join(row.dd.get_text(" ").split()) for row in rows
    }


def wrong(seen) -> dict[str, str]:
    links = seen.select(".govuk-error-summary a")
    return {link["href"]: link.get_text(strip=True) for link in links}


def test_a_visitor_is_asked_and_nothing_is_answered_yet(browser):
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False):
        seen = browser.get("/law")
    assert browser.status == 200
    assert seen.select_one("#answer") is None
    assert [seen.select_one(f"#begins-{part}")["value"] for part in ("day", "month", "year")] == [
        "23",
        "11",
        "2026",
    ]
    assert seen.select_one("input[name=route][value=open]").has_attr("checked")


def test_every_page_leads_there(browser):
    assert browser.get("/help").select_one("footer a[href='/law']")
    assert browser.get("/help").select_one("main a[href='/law']")


def test_an_address_holds_the_question_and_its_answer(browser):
    seen = browser.get(address(**KNOWN))
    assert browser.status == 200
    assert seen.select_one("#answer").get_text() == (
        "It is under the Procurement Act 2023, and its value reaches the threshold"
    )
    said = facts(seen, "#answer")
    assert "£207,720 with VAT" in said["Threshold"]
    assert "Schedule 1" in said["Threshold"]
    assert said["Time to tender"].startswith("The tendering period is at least 25 days")
    assert said["Time to tender"].endswith("section 54(4)")
    assert "Key performance indicators" in said
    assert "1 January 2026: New thresholds apply." in seen.select_one("details").get_text(" ")
    days = facts(seen, "#days")
    assert list(days) == [
        "Friday 27 November 2026",
        "Thursday 10 December 2026",
        "Friday 11 December 2026",
        "Saturday 9 January 2027",
        "Wednesday 10 March 2027",
        "Thursday 29 April 2027",
        "Friday 10 December 2027",
    ]
    notices = facts(seen, "#notices")
    assert [name.split()[0] for name in notices][:4] == ["UK1", "UK2", "UK3", "UK4"]
    assert "Not confirmed" in notices["UK8 Contract payment notice"]
    assert seen.select_one("input[name=value]")["value"] == "£6,000,000"


def test_the_strip_counts_eight_days_and_says_why_others_do_not_count(browser):
    seen = browser.get(address(**on("award_notice", date(2026, 11, 23))))
    boxes = [" ".join(box.get_text(" ").split()) for box in seen.select(".app-days li")]
    assert boxes[0] == "Mon 23 Nov counts as working day 1"
    assert boxes[7] == "Mon 30 Nov does not count: Saint Andrew's Day in Scotland"
    assert boxes[-2:] == [
        "Thu 3 Dec counts as working day 8",
        "Fri 4 Dec The contract may be signed",
    ]


def test_htmx_is_given_the_answer_alone_and_it_is_read_aloud(browser):
    seen = browser.get(address(), target="calculator")
    assert seen.select_one("#answer")
    assert seen.select_one("header") is None
    assert "value reaches the threshold" in seen.select_one("hx-partial").get_text()


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"begins-day": "31", "begins-month": "2"}, "#begins-day", "must be a real date"),
        ({"begins-year": "2014"}, "#begins-day", "from 2015 to 2099"),
        ({"begins-year": "9999"}, "#begins-day", "from 2015 to 2099"),
        ({"begins-day": "", "begins-month": "", "begins-year": ""}, "#begins-day", "Enter day on"),
        ({"route": "barter"}, "#route", "Select route"),
        ({"contract": ""}, "#contract", "Select what is bought"),
        ({"value": "lots"}, "#value", "Enter an amount in figures"),
        ({"value": "1e99"}, "#value", "Enter an amount in figures"),
        ({"value": "9" * 400}, "#value", "1,000,000,000,000 or less"),
        ({"circumstances": "magic"}, "#circumstances", "Select what is true of it"),
        ({"route": "below-competed"}, "#route", "Choose a route for contracts from the threshold"),
        ({"route": "direct"}, "#justification", "Choose the justification for a direct award"),
        (
            on("award_notice", date(2028, 12, 21)),
            "#award_notice-day",
            "bank holidays cannot be guessed",
        ),
        (
            KNOWN | on("deadline", date(2026, 11, 26)),
            "#deadline-day",
            "The tendering period must end on Friday 27 November 2026 or later.",
        ),
        (
            KNOWN | on("signed", date(2026, 12, 9)),
            "#signed-day",
            "The contract can be signed from Friday 11 December 2026",
        ),
        (
            KNOWN | on("award_notice", date(2026, 11, 1)),
            "#award_notice-day",
            "cannot be before the tender notice",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_was_typed_and_nothing_is_lost(browser, more, field, says):
    seen = browser.get(address(**more, joint="true"))
    assert browser.status == 422
    assert says in wrong(seen)[field]
    assert seen.select_one("#answer") is None
    assert seen.select_one("input[name=joint]").has_attr("checked")
    for name, value in (FACTS | more).items():
        box = seen.select_one(f"input[type=text][name={name}]")
        assert box is None or box.get("value", "") == value


def test_under_the_earlier_regulations_it_says_so_and_no_more(browser):
    seen = browser.get(address(earlier="true"))
    assert "Public Contracts Regulations 2015" in seen.select_one("#answer").get_text()
    assert seen.select_one("#notices") is None


def test_a_small_contract_needs_no_notice(browser):
    seen = browser.get(address(route="below-uncompeted", value="20,000"))
    assert "No notice is needed" in seen.text


def test_the_days_go_into_a_calendar_as_whole_days(browser):
    seen = browser.get(address(**KNOWN))
    answer = browser.client.get(seen.select_one("a[download]")["href"])
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).events
    assert len(events) == 7
    assert events[0].start == date(2026, 11, 27)
    assert "section 54(4) of the Procurement Act 2023" in events[0]["DESCRIPTION"]
    again = Calendar.from_ical(browser.client.get(seen.select_one("a[download]")["href"]).content)
    assert [event["UID"] for event in again.events] == [event["UID"] for event in events]
    assert len({event["UID"] for event in events}) == 7


@pytest.mark.parametrize("query", ["", "?begins-day=x"])
def test_a_calendar_of_a_question_that_is_wrong_leads_to_the_page_that_says_so(browser, query):
    answer = browser.client.get(f"/law/dates.ics{query}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/law{query}"


ANYTHING = st.dictionaries(
    st.sampled_from(
        [*FACTS, *KNOWN, "circumstances", "justification", "joint", "deadline-year", "ends-day"]
    ),
    st.text(max_size=12) | st.integers(-1, 9999).map(str) | st.sampled_from(["direct", "urgent"]),
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(ANYTHING)
def test_no_address_breaks_it(browser, more):
    browser.get(address(**more))
    assert browser.status in (200, 422)
