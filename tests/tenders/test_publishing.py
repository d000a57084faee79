"""A joint tender from its approved parts to what everybody sees, and what becomes of it."""

from icalendar import Calendar
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.tenders.models import Publication
from tests.tenders.drafting import Drafted, dates, in_days


def test_nothing_is_published_before_nothing_is_missing(tender: Drafted):
    browser = tender.as_author()
    missing = tender.blockers()
    assert "Say what you buy" in missing
    assert "Hackney has not given its share, its decision and who approves" in missing
    seen = browser.post(f"{tender.work}/publish")
    assert browser.status == 409
    assert len(seen.select(".app-blocker")) == len(missing), "the answer is the list"
    browser.as_(VISITOR).get(f"/tenders/{tender.id}")
    assert browser.status == 404


def test_once_every_part_is_approved_the_lead_publishes_and_nobody_else(tender: Drafted):
    tender.by_hand()
    browser = tender.as_author("Hackney")
    assert tender.blockers() == []
    seen = browser.post(f"{tender.work}/publish")
    assert browser.status == 403
    assert "the authority that leads the tender" in seen.text
    tender.as_author().post(f"{tender.work}/publish")
    assert browser.status == 200
    browser.post(f"{tender.work}/publish")
    assert browser.status == 409


def test_everybody_sees_the_same_and_nothing_that_was_kept_inside(published: Drafted, make, news):
    browser = published.browser
    news()
    pages = []
    for person in (VISITOR, make.manager(make.supplier()), make.author(make.authority("Barnet"))):
        page = browser.as_(person).main(f"/tenders/{published.id}")
        for form in page.select("form"):
            form.decompose()  # the button to watch is for whoever is signed in
        pages.append(page.get_text(" ", strip=True))
    assert len(set(pages)) == 1
    seen = pages[0]
    assert "£200,000" in seen
    assert "at 12 noon (UK time)" in seen
    for private in ("Camden/2026/7", "150,000", "Hackney approver", "In the procurement file"):
        assert private not in seen, private
    assert browser.main("/tenders").select_one(f"a[href='/tenders/{published.id}']")


def test_the_dates_are_a_calendar_file(published: Drafted):
    browser = published.browser.as_(VISITOR)
    browser.get(f"/tenders/{published.id}/calendar.ics")
    events = Calendar.from_ical(browser.text).walk("VEVENT")
    assert {str(one["summary"]).partition(":")[0] for one in events} == {
        "Last moment for questions",
        "Deadline for bids",
    }


def test_what_is_being_changed_is_not_public_before_it_is_amended(published: Drafted, session):
    browser = published.as_author()
    browser.post(f"{published.work}/sections/terms", conditions="Cyber insurance.", terms="Ours.")
    before = browser.as_(VISITOR).main(f"/tenders/{published.id}").text
    assert "Ours." not in before
    browser = published.as_author()
    browser.post(f"{published.work}/amend", reason="Terms", material="true")
    assert browser.status == 422, "a later deadline, or a reason"
    published.approve("Camden", "terms")
    published.approve("Hackney", "terms")
    published.as_author().post(
        f"{published.work}/amend",
        reason="The terms are ours now.",
        material="true",
        not_extended_because="Prices do not depend on them.",
    )
    assert browser.status == 200
    seen = browser.as_(VISITOR).main(f"/tenders/{published.id}").text
    for words in ("The terms are ours now.", "Prices do not depend on them.", "Ours."):
        assert words in seen
    session.rollback()
    assert [one.number for one in session.exec(select(Publication))] == [1, 2]


def test_a_deadline_is_only_ever_made_later(published: Drafted):
    browser = published.as_author()
    browser.post(f"{published.work}/sections/dates", **dates(deadline=38))
    for name in published.organisations:
        published.approve(name, "terms")
    seen = published.as_author().post(f"{published.work}/amend", reason="Sooner", material="false")
    assert browser.status == 422
    assert "The deadline can only be later than before" in seen.text
    assert f"{in_days(40).day} " in browser.as_(VISITOR).main(f"/tenders/{published.id}").text


def test_a_cancelled_tender_stays_with_the_reason_in_a_banner(published: Drafted):
    browser = published.as_author()
    seen = browser.get(f"{published.work}/cancel")
    assert "UK12" in seen.text
    browser.post(f"{published.work}/cancel", outcome=" ")
    assert browser.status == 422
    browser.post(f"{published.work}/cancel", outcome="The budget was cut.")
    seen = browser.as_(VISITOR).main(f"/tenders/{published.id}")
    assert "The budget was cut." in seen.select_one(".govuk-notification-banner").text
    assert not seen.select("form")


def test_a_withdrawn_draft_is_told_to_its_authorities_and_to_nobody_else(tender: Drafted):
    browser = tender.as_author()
    browser.post(f"{tender.work}/withdraw", outcome="We buy alone.")
    assert "We buy alone." in tender.as_author("Hackney").main(tender.work).text
    browser.as_(VISITOR).get(f"/tenders/{tender.id}")
    assert browser.status == 404
