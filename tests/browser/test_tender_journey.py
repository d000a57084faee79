"""Three authorities take a challenge into a joint tender, agree on it part by part and publish it;
a supplier asks about it, and everybody reads the answer without a name.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser]

# By name of the field, the days from today.
DATES = {
    "publish_on": 1,
    "questions_on": 15,
    "deadline_on": 40,
    "award_on": 90,
    "starts_on": 120,
    "ends_on": 1200,
}
CRITERIA: Mapping[str, tuple[str, str]] = {"Planning": ("Quality", "60"), "Price": ("Price", "40")}


def test_a_challenge_becomes_a_joint_tender_that_is_agreed_published_and_asked_about(
    chrome: Browser, address: str
) -> None:
    with (
        somebody(chrome, address) as camden,
        somebody(chrome, address, javascript=False) as hackney,
        somebody(chrome, address, width=375) as southwark,
        somebody(chrome, address, width=375) as other,
    ):
        camden.sign_in("camden-buyer")
        work = _take_a_challenge(camden)
        hackney.sign_in("hackney-approver")
        southwark.sign_in_by_mail("oliver.stanton@southwark.example")
        for who in (hackney, southwark):
            who.go(f"{work}/parties")
            who.press("Take part")
        _draft(camden, work)
        for who, approver in (
            (camden, "Tom Whitfield"),
            (hackney, "Joseph Grant"),
            (southwark, "Oliver Stanton"),
        ):
            _bring(who, work, approver)
        _record(camden, work)

        camden.sign_in("camden-approver")
        _approve_all(camden, work, "Camden")
        _approve_all(hackney, work, "Hackney")
        _ask_for_a_change(southwark, work, "terms", "Name our payment days.")
        camden.sign_in("camden-buyer")
        camden.go(work)
        missing = camden.page.locator(".app-blockers")
        expect(missing).to_contain_text("Southwark asked for a change to the terms and dates")
        _type(camden, work, "terms", {"terms": "The shared terms. Paid in 30 days."})

        hackney.go(f"{work}/parties")
        row = hackney.page.locator("#matrix tbody tr", has_text="Hackney")
        expect(row.locator(".app-cell--re-opened")).to_have_count(1)
        expect(row.locator(".app-cell--approved")).to_have_count(4)
        link = row.get_by_role("link", name=re.compile("changed since"))
        hackney.go(str(link.get_attribute("href")))
        expect(hackney.page.locator("ins").first).to_contain_text("Paid in 30 days")
        _approve_all(hackney, work, "Hackney")
        _approve_all(southwark, work, "Southwark")
        camden.sign_in("camden-approver")
        _approve_all(camden, work, "Camden")

        camden.sign_in("camden-buyer")
        camden.go(work)
        expect(camden.page.locator("main")).to_contain_text("Nothing is missing")
        camden.go(f"{work}/publish")
        camden.press("Publish it")
        tender = work.removesuffix("/workspace")
        assert camden.page.url == tender
        camden.look()

        other.sign_in("supplier-two")
        other.go(tender)
        other.press("Watch: be told what comes of it")
        other.go(f"{tender}/questions")
        other.page.get_by_label("Your question").fill("Is a trial possible?")
        other.press("Send the question")
        expect(other.page.locator("main")).to_contain_text("Only you see that you asked this")
        hackney.sign_in("hackney-buyer")
        hackney.go(f"{work}/questions")
        expect(hackney.page.locator("main")).not_to_contain_text("Lintelwick")
        hackney.page.get_by_role("link", name=re.compile("Draft an answer")).click()
        hackney.page.get_by_label("The answer", exact=True).fill("Yes, for a month.")
        hackney.press("Keep the answer")
        expect(hackney.page.get_by_role("button", name=re.compile("Publish"))).to_have_count(0)
        camden.go(f"{work}/questions")
        camden.page.get_by_role("button", name=re.compile("Publish to everybody")).click()
        expect(camden.page.locator(".app-card .govuk-tag")).to_have_text("Published")
        other.page.context.clear_cookies()
        other.go(f"{tender}/questions")
        expect(other.page.locator("main")).to_contain_text("Yes, for a month.")
        assert "Lintelwick" not in other.page.content()


def _take_a_challenge(who: Somebody) -> str:
    """Camden begins from an open challenge of its own; whoever has the need too is asked, and the
    other two of this story.
    """
    who.go("/challenges?authority=camden&stage=open")
    who.page.locator(".app-list__title a").first.click()
    who.follow("Start a joint tender from it")
    who.press("Start the tender")
    who.look()
    work = who.page.url
    who.go(f"{work}/parties")
    for name in ("Hackney", "Southwark"):
        box = who.page.get_by_label(name, exact=True)
        if box.count():
            box.check()
    if who.page.locator("main input:checked").count():
        who.press("Invite them")
    expect(who.page.locator("main")).to_contain_text("Hackney: Invited")
    expect(who.page.locator("main")).to_contain_text("Southwark: Invited")
    for _ in range(who.page.get_by_role("button", name=re.compile("Take the invitation")).count()):
        others = who.page.locator("main li", has_text=": Invited").filter(
            has_not_text=re.compile("Hackney|Southwark")
        )
        if others.count():
            with who.page.expect_event("load"):
                others.first.get_by_role("button").click()
    return work


def _type(who: Somebody, work: str, section: str, answers: Mapping[str, str]) -> None:
    who.page.goto(f"{work}/sections/{section}")
    for name, text in answers.items():
        who.page.locator(f"main [name={name}]").fill(text)
    who.press("Save")


def _draft(who: Somebody, work: str) -> None:
    _type(who, work, "scope", {"summary": "One system for three boroughs."})
    _type(who, work, "requirements", {"functional": "Plan a day on a map."})
    _type(who, work, "lots", {"no_lots_because": "One system has to plan them all."})
    _type(who, work, "market", {"no_engagement_because": "It is well known."})
    who.page.goto(f"{work}/sections/criteria")
    for name, text in (("price_model", "A yearly fee."), ("scoring", "0 to 10.")):
        who.page.locator(f"main [name={name}]").fill(text)
    for name, value in (
        ("price_formula", "lowest"),
        ("prices_sealed", "true"),
        ("ties", "quality"),
    ):
        who.page.locator(f"main [name={name}][value={value}]").check()
    who.press("Save")
    for title, (kind, _) in CRITERIA.items():
        who.page.goto(f"{work}/criteria/new")
        who.page.get_by_label("What is judged").fill(title)
        who.page.get_by_label(kind, exact=True).check()
        who.page.get_by_label("The question to suppliers").fill("Show how.")
        who.press("Save")
    for title, (_, weight) in CRITERIA.items():
        who.page.get_by_label(f"The weight of {title}").fill(weight)
    who.look()
    who.press("Save the weights")
    _type(who, work, "terms", {"conditions": "Insurance.", "terms": "The shared terms."})
    _type(who, work, "submission", {"submission": "bids.example", "contact": "A team"})
    who.page.goto(f"{work}/sections/dates")
    who.page.get_by_label("Open procedure").check()
    who.page.get_by_label("Goods or services", exact=True).check()
    today = date.today()
    for name, ahead in DATES.items():
        who.on(today + timedelta(days=ahead), name)
    who.press("Save")
    who.reads(re.compile("."))
    who.page.goto(f"{work}/standards")
    who.look()
    if who.page.locator("#demand-all").count():
        with who.page.expect_event("load"):
            who.page.locator("#demand-all").click()


def _bring(who: Somebody, work: str, approver: str) -> None:
    who.page.goto(f"{work}/own/share")
    who.page.get_by_label("Who approves for your authority").select_option(label=approver)
    for name, text in {"value": "100,000", "cap": "150,000", "decision": "CAB/7"}.items():
        who.page.locator(f"main [name={name}]").fill(text)
    who.on(date.today() - timedelta(days=9), "decided_on")
    who.look()
    who.press("Save")


def _record(who: Somebody, work: str) -> None:
    who.go(f"{work}/checklist")
    while who.page.get_by_role("link", name=re.compile("^Record it")).count():
        link = who.page.get_by_role("link", name=re.compile("^Record it")).first
        who.page.goto(str(link.get_attribute("href")))
        who.page.get_by_label("How it was done").fill("In the procurement file.")
        with who.page.expect_event("load"):
            who.page.locator("main form button").first.click()


def _approve_all(who: Somebody, work: str, authority: str) -> None:
    """Approves every part that waits for the authority of whoever is at the window."""
    who.go(f"{work}/parties")
    row = who.page.locator("#matrix tbody tr", has=who.page.locator("th", has_text=authority))
    waits = row.locator(".app-cell--waiting a, .app-cell--re-opened a")
    for link in [str(one.get_attribute("href")) for one in waits.all()]:
        who.page.goto(link)
        who.press(who.page.locator("#approve").inner_text())
        expect(row).to_be_visible()
    expect(waits).to_have_count(0)
    who.look()


def _ask_for_a_change(who: Somebody, work: str, part: str, words: str) -> None:
    who.go(f"{work}/parties")
    row = who.page.locator("#matrix tbody tr", has_text="Southwark")
    who.page.goto(str(row.locator(f"a[href*='/read/{part}/']").get_attribute("href")))
    who.page.get_by_label("What should change, and why").fill(words)
    who.press("Ask for a change")
    who.look()
