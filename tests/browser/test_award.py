"""From the final ranking to contracts and a call-off, in windows: one authority parts, every bidder
is told, the standstill runs out because the test moves its beginning.
"""

import re
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody
from tests.browser.test_tender_journey import _by_mail

pytestmark = [pytest.mark.browser]
TENDER = "Letting allotments"


@pytest.fixture
def standstill_over(address: str, data: Path) -> Callable[[], None]:
    """Moves the day of every award notice back, in the database of the server."""

    def move() -> None:
        past = (date.today() - timedelta(days=30)).isoformat()
        with sqlite3.connect(data / "marketplace.db", timeout=10) as database:
            moved = database.execute("UPDATE award SET notice_on = ?", (past,))
            assert moved.rowcount
        database.close()

    return move


def test_an_award_is_agreed_told_published_signed_and_called_off(
    chrome: Browser, address: str, standstill_over: Callable[[], None]
) -> None:
    with (
        somebody(chrome, address) as hackney,
        somebody(chrome, address, javascript=False) as approver,
        somebody(chrome, address, width=375) as camden,
        somebody(chrome, address, width=375) as southwark,
    ):
        hackney.sign_in("hackney-buyer")
        award = _recommend(hackney)
        approver.sign_in("hackney-approver")
        approver.go(award)
        approver.press("Approve this award")
        _by_mail(southwark, "oliver.stanton@southwark.example")
        southwark.go(award)
        southwark.press("Approve this award")
        camden.sign_in("camden-approver")
        camden.go(award)
        camden.follow("Part from it")
        camden.page.get_by_label("The reason").fill("Our cabinet wants its own.")
        camden.press("Part from it")
        camden.sign_in("camden-buyer")
        camden.go(award)
        camden.press("Begin our own tender")
        expect(camden.page.locator("main")).to_contain_text("Being prepared")

        _tell_everybody(hackney, award)
        contract = _sign(hackney, approver, award, standstill_over)
        southwark.go(f"{award}/contracts")
        signed_and_own = [re.compile("Hackney"), re.compile("Southwark")]
        expect(southwark.page.locator(".app-list__title a")).to_have_text(signed_and_own)
        _call_off(southwark, contract)


def _recommend(hackney: Somebody) -> str:
    hackney.go("/tenders/mine")
    work = hackney.page.get_by_role("link", name=re.compile(TENDER)).first
    hackney.go(f"{work.get_attribute('href')}/award")
    hackney.press("Recommend an award")
    hackney.press("Recommend it")
    expect(hackney.page.locator("#step-agree")).to_contain_text("0 of 3 authorities")
    hackney.look()
    return hackney.page.url


def _tell_everybody(hackney: Somebody, award: str) -> None:
    hackney.go(award)
    every = hackney.page.locator("#step-inform li a")
    for place in [str(one.get_attribute("href")) for one in every.all()]:
        hackney.go(place)
        hackney.press("It is right: mark it as checked")
    hackney.go(award)
    hackney.press("Tell every bidder")
    hackney.press("Send all summaries")
    hackney.press("Record the award notice")
    hackney.page.get_by_label("The number of the notice").fill("051234-2026")
    hackney.on(date.today(), "on")
    hackney.press("Record it")
    step = hackney.page.locator("#step-standstill")
    expect(step.locator(".app-day__number")).to_have_count(8)
    expect(hackney.page.get_by_role("button", name="Confirm the award")).to_have_count(0)
    hackney.look()


def _sign(
    hackney: Somebody, approver: Somebody, award: str, standstill_over: Callable[[], None]
) -> str:
    standstill_over()
    hackney.go(award)
    hackney.press("Confirm the award")
    hackney.press("Confirm the award")
    links = hackney.page.locator(".app-list__title a")
    expect(links).to_have_text([re.compile("Hackney")])  # the other is Southwark's to see
    contract = str(links.first.get_attribute("href"))
    hackney.go(f"{contract}/edit")
    hackney.page.get_by_label("Islington").check()
    hackney.page.locator("[name=ceiling]").fill("50,000")
    hackney.press("Save")
    approver.go(f"{contract}/sign")
    for name, text in (
        ("signatory", "Ngozi Eze"),
        ("position", "Director"),
        ("supplier_signatory", "Robin Moss"),
        ("supplier_position", "Owner"),
    ):
        approver.page.locator(f"[name={name}]").fill(text)
    approver.on(date.today(), "signed_on")
    approver.press("It is signed")
    hackney.go(contract)
    expect(hackney.page.locator("#duties")).to_contain_text("contract details notice")
    return contract


def _call_off(islington: Somebody, contract: str) -> None:
    _by_mail(islington, "fergus.kilbride@islington.example")
    islington.go(f"{contract}/call-offs/new")
    islington.page.locator("[name=title]").fill("Allotments in the north")
    islington.page.locator("[name=value]").fill("12,500")
    first = date.today() + timedelta(days=200)
    islington.on(first, "starts_on")
    islington.on(first + timedelta(days=300), "ends_on")
    islington.press("Propose it")
    _by_mail(islington, "hilda.brandreth@islington.example")
    islington.go(contract)
    islington.page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(islington.page.locator("#headroom")).to_contain_text("£37,500 of £50,000 left")
    islington.look()
