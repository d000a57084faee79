"""A borough narrows to products assessed for a standard, compares three, freezes the shortlist and
takes it along.
"""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = pytest.mark.browser

WHY = "They are assessed, and their prices lie within our budget."


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_matches_to_a_record_of_why(chrome: Browser, address: str, javascript: bool) -> None:
    name = f"Shortlist, {'with' if javascript else 'without'} scripts"
    with somebody(chrome, address, javascript=javascript) as camden:
        camden.sign_in("camden-buyer")
        _narrow(camden)
        _compare_three(camden)
        _keep(camden, name)
        _freeze(camden)
        _take_along(camden)
        record = camden.page.url

    with somebody(chrome, address, javascript=javascript, width=375) as supplier:
        supplier.sign_in("supplier-one")
        answer = supplier.page.goto(record)
        assert answer is not None
        assert answer.status == 404


def _narrow(who: Somebody) -> None:
    page = who.page
    who.go("/challenges?q=alarms")
    page.get_by_role("link", name="Thousands of home alarms still depend on copper lines").click()
    who.look()
    who.follow("Matching products")
    cards = page.locator("#picked .app-list__item")
    before = cards.count()
    page.locator("input[name=must][value=CYBER-ESSENTIALS]").check()
    if not who.javascript:
        page.get_by_role("button", name="Apply", exact=True).first.click()
    expect(page.locator("#matches")).to_contain_text("left out by what you ask for")
    expect(
        page.locator("#picked").get_by_text("Assessed as meeting Cyber Essentials")
    ).to_have_count(cards.count())
    assert 3 <= cards.count() < before
    who.look()


def _compare_three(who: Somebody) -> None:
    page = who.page
    for place in range(3):
        page.locator("#picked input[name=id]").nth(place).check()
    who.press("Compare what you chose")
    who.reads("Compare products")
    assert page.locator("#compared thead th").count() == 4
    page.get_by_label("Only what differs").check()
    if not who.javascript:
        page.get_by_role("button", name="Search and update").click()
    expect(page.locator("#compared-caption")).to_contain_text("what differs")
    expect(page.get_by_text("Differs", exact=True).first).to_be_visible()
    who.look()


def _keep(who: Somebody, name: str) -> None:
    page = who.page
    who.press("Keep these in a shortlist")
    who.reads("Keep products in a shortlist")
    page.get_by_label("The name of the list").fill(name)
    who.press("Start the list")
    who.reads(name)
    page.get_by_label(re.compile("A note for colleagues")).first.fill("Ask for references.")
    page.get_by_role("button", name=re.compile("Save the note")).first.click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    who.look()


def _freeze(who: Somebody) -> None:
    page = who.page
    page.get_by_role("button", name="Freeze it as the record of why").click()
    who.reads("Freeze")
    page.get_by_label("Why these products").fill(WHY)
    page.get_by_label("I understand that the search will be locked").check()
    who.press("Freeze it")
    expect(page.locator("main")).to_contain_text(WHY)
    expect(page.locator("main")).to_contain_text("Ask for references.")
    who.look()


def _take_along(who: Somebody) -> None:
    for link, ending in (("Download as CSV", "csv"), ("Download as a workbook (XLSX)", "xlsx")):
        with who.page.expect_download() as begun:
            who.page.get_by_role("link", name=link).click()
        assert begun.value.suggested_filename.endswith(f".{ending}")
