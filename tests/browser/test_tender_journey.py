"""Authorities prepare a tender and approve it, and a supplier asks about one, in windows."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser]

CRITERIA: Mapping[str, tuple[str, str]] = {"Planning": ("Quality", "60"), "Price": ("Price", "40")}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_draft_is_read_approved_changed_and_approved_again(
    chrome: Browser, address: str, javascript: bool
) -> None:
    with (
        somebody(chrome, address, javascript=javascript) as camden,
        somebody(chrome, address, javascript=javascript, width=375) as hackney,
    ):
        camden.sign_in("camden-buyer")
        work = _start(camden, f"Grounds maintenance {'with' if javascript else 'without'}")
        _invite_hackney(camden, work)
        hackney.sign_in("hackney-approver")
        hackney.go(f"{work}/parties")
        hackney.press("Take part")
        expect(hackney.page.locator("#matrix")).to_contain_text("Hackney")

        camden.go(f"{work}/sections/terms")
        _type(camden, {"Conditions of participation": "Insurance.", "The terms": "30 days."})
        camden.press("Save")
        _approve(hackney, work, "Terms and dates")
        camden.go(f"{work}/sections/submission")
        _type(camden, {"How bids are submitted": "bids.example", "Whom to contact": "A team"})
        camden.press("Save")
        hackney.go(f"{work}/parties")
        row = hackney.page.locator("#matrix tbody tr", has_text="Hackney")
        expect(row).to_contain_text("changed since")
        row.get_by_role("link", name=re.compile("changed since")).click()
        hackney.look()
        expect(hackney.page.locator("ins").first).to_contain_text("bids.example")
        hackney.page.get_by_label("What should change, and why").fill("Name a team mailbox.")
        hackney.press("Ask for a change")

        camden.go(work)
        missing = camden.page.locator(".app-blockers")
        expect(missing).to_contain_text("Hackney asked for a change to the terms and dates")
        for title, (kind, _) in CRITERIA.items():
            camden.go(f"{work}/criteria/new")
            camden.page.get_by_label("What is judged").fill(title)
            camden.page.get_by_label(kind, exact=True).check()
            camden.page.get_by_label("The question to suppliers").fill("Show how.")
            camden.press("Save")
        for title, (_, weight) in CRITERIA.items():
            camden.page.get_by_label(f"The weight of {title}").fill(weight)
        camden.press("Save the weights")
        camden.reads("Say how bids are judged")
        expect(camden.page.locator("main")).to_contain_text("60%")


def test_a_published_tender_is_asked_about_and_answered_to_all_without_a_name(
    chrome: Browser, address: str
) -> None:
    with (
        somebody(chrome, address) as supplier,
        somebody(chrome, address) as hackney,
        somebody(chrome, address, width=375) as visitor,
    ):
        supplier.sign_in("supplier-two")
        supplier.go("/tenders?stage=open")
        supplier.follow("Reporting of missed and contaminated collections")
        tender = supplier.page.url
        supplier.go(f"{tender}/questions")
        supplier.page.get_by_label("Your question").fill("Is a trial possible?")
        supplier.press("Send the question")
        expect(supplier.page.locator("main")).to_contain_text("Only you see that you asked this")

        hackney.sign_in("hackney-buyer")
        hackney.go(f"{tender}/work/questions")
        expect(hackney.page.locator("main")).not_to_contain_text("Lintelwick")
        first = hackney.page.locator(".app-card", has_text="Is a trial possible?")
        first.get_by_role("link", name=re.compile("Draft an answer")).click()
        hackney.page.get_by_label("The answer", exact=True).fill("Yes, for a month.")
        hackney.press("Keep the answer")
        done = hackney.page.locator(".app-card", has_text="Is a trial possible?")
        done.get_by_role("button", name=re.compile("Publish to everybody")).click()
        expect(done.locator(".govuk-tag")).to_have_text("Published")
        hackney.look()

        visitor.go(f"{tender}/questions")
        expect(visitor.page.locator("main")).to_contain_text("Yes, for a month.")
        assert "Lintelwick" not in visitor.page.content()
        visitor.go(tender)


def _start(who: Somebody, title: str) -> str:
    who.go("/tenders/new")
    who.page.get_by_label("What you want to buy").fill(title)
    who.press("Start the tender")
    who.reads(title)
    return who.page.url


def _invite_hackney(who: Somebody, work: str) -> None:
    who.go(f"{work}/parties")
    who.page.get_by_label("Hackney", exact=True).check()
    who.press("Invite them")
    expect(who.page.locator("main")).to_contain_text("Hackney: Invited")


def _type(who: Somebody, answers: Mapping[str, str]) -> None:
    for label, text in answers.items():
        who.page.get_by_label(label).fill(text)


def _approve(who: Somebody, work: str, part: str) -> None:
    who.go(f"{work}/parties")
    name: Any = re.compile(f"Waiting for .*: {part}, Hackney")
    who.page.get_by_role("link", name=name).click()
    who.look()
    who.press(who.page.locator("#approve").inner_text())
    expect(who.page.locator("#matrix")).to_contain_text("Approved version")
