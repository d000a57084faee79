"""How an award comes about in windows: agreed, told to every bidder, published, signed, used."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.people import Somebody


def recommend(lead: Somebody, work: str, lot: str) -> str:
    """Proposes the first of a lot's ranking; the address of the award."""
    lead.go(f"{work}/award")
    piece = lead.page.locator(".app-list__item", has_text=lot)
    with lead.page.expect_navigation():
        piece.get_by_role("button", name="Recommend an award").click()
    lead.look()
    lead.press("Recommend it")
    expect(lead.page.locator("#step-agree")).to_contain_text("0 of ")
    lead.look()
    return lead.page.url


def approve(who: Somebody, award: str) -> None:
    who.go(award)
    who.press("Approve this award")


def part(who: Somebody, award: str) -> None:
    who.go(award)
    who.follow("Part from it")
    who.page.get_by_label("The reason").fill("Our cabinet wants its own.")
    who.press("Part from it")


def tell_everybody(lead: Somebody, award: str) -> None:
    lead.go(award)
    every = lead.page.locator("#step-inform li a")
    for place in [str(one.get_attribute("href")) for one in every.all()]:
        lead.go(place)
        lead.press("It is right: mark it as checked")
    lead.go(award)
    lead.press("Tell every bidder")
    lead.press("Send all summaries")


def publish(lead: Somebody, award: str) -> None:
    """Records that the notice is out, which begins the standstill: nobody can confirm before its
    end.
    """
    lead.go(award)
    lead.press("Record the award notice")
    lead.page.get_by_label("The number of the notice").fill("051234-2026")
    lead.on(date.today(), "on")
    lead.press("Record it")
    step = lead.page.locator("#step-standstill")
    expect(step.locator(".app-day__number")).to_have_count(8)
    expect(lead.page.get_by_role("button", name="Confirm the award")).to_have_count(0)
    lead.look()


def sign(who: Somebody, contract: str) -> None:
    who.go(f"{contract}/sign")
    for name, text in (
        ("signatory", "Ngozi Eze"),
        ("position", "Director"),
        ("supplier_signatory", "Robin Moss"),
        ("supplier_position", "Owner"),
    ):
        who.page.locator(f"[name={name}]").fill(text)
    who.on(date.today(), "signed_on")
    who.press("It is signed")
    who.look()


def permit(who: Somebody, contract: str, authority: str, ceiling: str) -> None:
    """Lets another authority call off under a contract, up to a ceiling."""
    who.go(f"{contract}/edit")
    who.page.get_by_label(authority).check()
    who.page.locator("[name=ceiling]").fill(ceiling)
    who.press("Save")


def propose(who: Somebody, contract: str, value: str) -> None:
    who.go(f"{contract}/call-offs/new")
    who.page.locator("[name=title]").fill("Estates in the north")
    who.page.locator("[name=value]").fill(value)
    first = date.today() + timedelta(days=200)
    who.on(first, "starts_on")
    who.on(first + timedelta(days=300), "ends_on")
    who.press("Propose it")


def approve_call_off(who: Somebody, contract: str) -> None:
    who.go(contract)
    with who.page.expect_event("load"):
        who.page.get_by_role("button", name=re.compile("^Approve")).click()
    who.look()
