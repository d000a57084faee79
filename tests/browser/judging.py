"""How a panel judges bids in windows: who sits, what they declare, what they score and agree on."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.people import Somebody

Scores = Callable[[str], int]  # what somebody gives an answer, which is all they see of a bid


def open_bids(first: Somebody, second: Somebody, work: str) -> None:
    """Two authorities open the bids, and read the same list."""
    first.go(f"{work}/bids")
    expect(first.page.locator("main")).to_contain_text("Bids are sealed")
    first.press("Begin to open the bids")
    expect(first.page.locator("main")).to_contain_text("Somebody of another authority")
    second.go(f"{work}/bids")
    second.press("Open the bids")
    second.press("Open the bids")
    expect(second.page.locator("main")).to_contain_text("3 bids were opened")


def offer(lead: Somebody, work: str, authority: str, role: str) -> None:
    lead.page.goto(f"{work}/evaluation/seats/new")
    lead.page.get_by_role("radio", name=authority).check()
    lead.page.get_by_role("radio", name=role).check()
    lead.press("Offer")


def name(who: Somebody, work: str, role: str, person: str) -> None:
    """An authority names somebody for the seat that it was offered."""
    who.page.goto(f"{work}/evaluation")
    who.follow(f"Name somebody as {role}")
    who.page.get_by_role("radio", name=person).check()
    who.press("Name them")


def declare(who: Somebody, work: str) -> None:
    """With no bidder's number in sight: what is declared comes before what is seen."""
    who.go(f"{work}/evaluation")
    who.press("Declare your interests")
    expect(who.page.locator("details")).to_contain_text("Who has bid (3)")
    assert "Bidder" not in who.page.locator("details").inner_text()
    who.page.get_by_role("radio", name="None", exact=True).check()
    who.page.get_by_role("checkbox").check()
    who.press("Declare")
    who.look()


def score(who: Somebody, work: str, question: str, gives: Scores) -> None:
    """Scores every bid for a question by what it answers, and sends."""
    who.page.goto(f"{work}/evaluation")
    who.follow(f"Score {question}")
    who.follow("Bidder 1")
    for _ in range(3):
        points = gives(who.page.locator("main").inner_text())
        who.page.get_by_role("radio", name=re.compile(f"^{points}:")).check()
        who.page.get_by_label("Why").fill(f"It is worth {points} of ten.")
        who.press("Save and go on")
    expect(who.page.locator("#sheet-caption")).to_have_text("3 of 3 scored")
    who.look()
    who.press("Send your scores")
    who.press("Send my scores")


def agree(chair: Somebody, work: str, gives: Callable[[str, str], int]) -> None:
    """Agrees where all are of one mind at once, and on the rest one by one: `gives` says what the
    panel comes to for a question and an answer.
    """
    chair.go(f"{work}/evaluation/moderation")
    expect(chair.page.locator("#spread tbody tr").first).to_contain_text("Discuss")
    for box in chair.page.get_by_role("checkbox").all():
        box.check()
    chair.press("Agree on it")
    chair.look()
    while (left := chair.page.locator("#spread tr", has_text="Not yet agreed")).count():
        question = left.first.get_by_role("rowheader").inner_text()
        left.first.get_by_role("link").click()
        expect(chair.page.get_by_role("heading", level=1)).to_contain_text("Bidder")
        points = gives(question, chair.page.locator("main").inner_text())
        chair.page.get_by_role("radio", name=re.compile(f"^{points}:")).check()
        chair.page.get_by_label("The reason of the panel").fill(f"We agree on {points} of ten.")
        for box in chair.page.get_by_role("checkbox").all():
            box.check()
        chair.press("Write it down")
    chair.look()
