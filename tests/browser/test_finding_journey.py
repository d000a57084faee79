"""Finding in a real browser: narrowing, what was meant, going back, saving, and being alerted, with
JavaScript and without.
"""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody
from tests.browser.publishing import publish

pytestmark = pytest.mark.browser

TITLE = "Allotment waiting lists are kept by hand"


def _submit(who: Somebody) -> None:
    """Without JavaScript the form is sent by its button."""
    if not who.javascript:
        with who.page.expect_navigation():
            who.page.locator("#filter-panel-apply").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_somebody_narrows_saves_and_is_alerted(
    chrome: Browser, address: str, javascript: bool
) -> None:
    with somebody(chrome, address, javascript=javascript) as who:
        page = who.page
        who.sign_in("supplier-one")
        who.go("/products")
        every = page.locator(".app-results__summary").inner_text()

        page.get_by_label("Small or medium-sized supplier (SME)").check()
        _submit(who)
        expect(page.locator(".moj-filter__tag")).to_have_count(1)
        expect(page).to_have_url(re.compile("sme=yes"))
        expect(page.locator(".app-results__summary")).to_contain_text("from a small")
        narrowed = page.locator(".app-results__summary").inner_text()
        assert narrowed != every
        if javascript:
            expect(page.locator("#announcement")).to_have_text(narrowed)
        who.look()

        first = page.locator(".app-list__title a").first
        name = first.inner_text()
        with page.expect_navigation():
            first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        page.go_back()
        expect(page.locator(".moj-filter__tag")).to_have_count(1)
        expect(page.get_by_label("Small or medium-sized supplier (SME)")).to_be_checked()
        page.locator(".moj-filter__tag").click()
        expect(page.locator(".app-results__summary")).to_have_text(every)

        who.go("/search?q=parkng")
        with page.expect_navigation():
            page.locator("#meant a").click()
        expect(page.locator("#q")).to_have_value("parking")
        expect(page.locator("#meant")).to_have_count(0)
        who.look()

        word = "ledger" if javascript else "allotment"
        who.go(f"/challenges?q={word}")
        who.follow("Save this search")
        page.get_by_label("Name of the search").fill(f"Anything with a {word}")
        page.get_by_label("At once").check()
        who.press("Save the search")
        expect(page.locator(".app-held").first).to_contain_text(f"Anything with a {word}")
        who.look()

        title = f"{TITLE}, {'in Camden' if javascript else 'in town'}"
        publish(address, title)
        who.go("/notifications")
        alert = page.locator(".app-list__item", has_text=title).filter(
            has_text=f"your saved search “Anything with a {word}” finds it by the word “{word}”"
        )
        who.wait_for(alert)
        who.look()
        with page.expect_navigation():
            alert.locator("a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
        who.press("Watch: be told what comes of it")
        expect(page.locator("#unwatch")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_somebody_chooses_codes_by_words_and_from_the_tree(
    chrome: Browser, address: str, javascript: bool
) -> None:
    with somebody(chrome, address, javascript=javascript, width=375) as who:
        page = who.page
        who.sign_in("camden-buyer")
        who.go("/challenges/new")
        page.get_by_label("The title").or_(page.locator("#title")).first.fill(TITLE)
        who.press("Start the draft")
        draft = page.url.removesuffix("/edit")
        who.go(f"{draft}/edit/area")

        page.locator("#cpv").fill("refuse collection")
        page.get_by_role("button", name="Find codes").click()
        expect(page.locator("[id^=found-]").first).to_be_visible()
        page.get_by_label("90511000").first.check()
        if page.locator("#codes-tree").get_attribute("open") is None:
            page.get_by_text("Choose from the tree").click()
        page.locator("#codes-down-48000000").click()
        expect(page.locator("#codes-up-48000000, strong", has_text="48000000")).to_be_visible()
        expect(page.get_by_label("90511000").first).to_be_checked()
        page.locator("#tree-48300000").check()
        who.look()
        page.locator("#area").select_option("waste")
        who.press("Save and continue")
        who.go(f"{draft}/edit/area")
        for code in ("90511000", "48300000"):
            expect(page.locator(f"[id^=code-][value='{code}']")).to_be_checked()
