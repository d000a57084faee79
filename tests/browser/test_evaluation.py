"""The panel of the demo's opened tender judges its bids in windows: the last member declares, three
boroughs score, the chair moderates, and the ranking is made final.
"""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser]
TENDER = "Inspecting street trees"
QUESTIONS = ("Work on foot", "Set-up and training", "Apprenticeships")


def _evaluation(who: Somebody, persona: str) -> str:
    who.sign_in(persona)
    who.go("/tenders?stage=closed")
    who.follow(TENDER)
    url = f"{who.page.url}/workspace/evaluation"
    who.go(url)
    return url


def _score(who: Somebody, url: str, question: str, *scores: int) -> None:
    """Scores every bid for a question, in the order of their numbers, and sends."""
    who.go(url)
    who.follow(f"Score {question}")
    who.follow("Bidder 1")
    for score in scores:
        who.page.get_by_role("radio", name=re.compile(f"^{score}:")).check()
        who.page.get_by_label("Why").fill(f"It is worth {score} of ten, by what it says.")
        who.press("Save and go on")
        who.look()
    expect(who.page.locator("#sheet-caption")).to_have_text("3 of 3 scored")
    who.press("Send your scores")
    who.press("Send my scores")
    who.look()


def _agree(who: Somebody, url: str) -> None:
    """Agrees where all are of one mind at once, and on the rest one by one."""
    who.go(f"{url}/moderation")
    for box in who.page.get_by_role("checkbox").all():
        box.check()
    who.press("Agree on all 4")
    who.look()
    while (left := who.page.locator("#spread tr", has_text="Not yet agreed")).count():
        left.first.get_by_role("link").click()
        expect(who.page.get_by_role("heading", level=1)).to_contain_text("Bidder")
        who.page.get_by_role("radio", name=re.compile("^7:")).check()
        who.page.get_by_label("The reason of the panel").fill("It answers what was asked.")
        for box in who.page.get_by_role("checkbox").all():
            box.check()
        who.look()
        who.press("Write it down")


def test_three_boroughs_judge_the_bids_to_a_final_ranking(chrome: Browser, address: str) -> None:
    with (
        somebody(chrome, address) as mei,
        somebody(chrome, address, javascript=False, width=375) as tom,
        somebody(chrome, address) as leila,
        somebody(chrome, address) as amara,
    ):
        url = _evaluation(mei, "southwark-evaluator")
        mei.go("/home")
        mei.follow("Declare your interests")
        mei.press("Declare your interests")
        assert "Bidder" not in mei.page.locator("details").inner_text()
        mei.page.get_by_role("radio", name="None", exact=True).check()
        mei.page.get_by_label("I declare it again").check()
        mei.press("Declare")
        mei.look()
        _score(mei, url, QUESTIONS[0], 7, 5, 3)
        _evaluation(tom, "camden-approver")
        _evaluation(leila, "hackney-buyer")
        for question in QUESTIONS[1:]:
            _score(mei, url, question, 7, 5, 5)
            _score(tom, url, question, 7, 5, 5)
        tom.go(f"{url}/moderation")
        assert QUESTIONS[1] not in tom.page.locator("#spread").inner_text(), "Leila is missing"
        for question in QUESTIONS[1:]:
            _score(leila, url, question, 7, 5, 10)
        _evaluation(amara, "camden-buyer")
        amara.go(f"{url}/moderation")
        expect(amara.page.locator("#spread tbody tr").first).to_contain_text("Discuss")
        _agree(amara, url)
        amara.go(f"{url}/standards")
        amara.go(f"{url}/lock")
        expect(amara.page.locator("main")).to_contain_text("still has time to answer")
        _answer(chrome, address)
        amara.go(f"{url}/lock")
        amara.press("Lock quality")
        amara.reads("Prices and ranking")
        assert "binfold" not in amara.page.content().lower()
        amara.press("Make the ranking final")
        amara.press("Make it final")
        amara.reads("Ranking")
        expect(amara.page.locator("#ranking-1")).to_contain_text("Binfold")
        tom.go(f"{url}/ranking")
        expect(tom.page.locator("#ranking-1 tbody tr")).to_have_count(3)


def _answer(chrome: Browser, address: str) -> None:
    """The bidder that was asked answers from its home."""
    with somebody(chrome, address, width=375) as dan:
        dan.sign_in("supplier-one")
        dan.follow("Answer a question")
        dan.press("Answer")
        dan.page.get_by_label("Your answer").fill("About sixty.")
        dan.press("Send the answer")
        dan.look()
