"""Every kind of page in a real browser: axe finds nothing, and a small window shows all of it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = pytest.mark.browser

PAGES = {
    "": ["/", "/challenges", "/products", "/suppliers", "/authorities", "/notices", "/help"],
    "camden-buyer": ["/home", "/challenges/new", "/home/challenges", "/notices/import"],
    "hackney-approver": ["/home", "/search?q=missed+bins"],
    "southwark-evaluator": ["/home"],
    "supplier-one": ["/home", "/products/mine", "/products/new"],
    "loti-curator": ["/home", "/admin", "/audit", "/accessibility", "/genuine", "/privacy"],
}


@pytest.mark.parametrize("persona", PAGES, ids=lambda persona: persona or "visitor")
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wrong_with_it_and_nothing_sticks_out(
    chrome: Browser, address: str, persona: str, width: int
) -> None:
    with somebody(chrome, address, width=width) as who:
        if persona:
            who.sign_in(persona)
        for url in PAGES[persona]:
            who.go(url)


@pytest.mark.parametrize("part", ["", "/matches", "/commitments", "/history"])
def test_the_pages_of_a_challenge_neither(chrome: Browser, address: str, part: str) -> None:
    for width in (320, 1280):
        with somebody(chrome, address, width=width) as who:
            who.sign_in("hackney-buyer")
            who.go(_first(who, "/challenges") + part)


def test_nor_the_pages_of_a_product_a_supplier_and_an_authority(
    chrome: Browser, address: str
) -> None:
    for width in (320, 1280):
        with somebody(chrome, address, width=width) as who:
            for listing in ("/products", "/suppliers", "/authorities"):
                who.go(_first(who, listing))


def test_filters_answer_as_one_ticks_and_the_address_can_be_shared(
    chrome: Browser, address: str
) -> None:
    with somebody(chrome, address) as who:
        who.go("/products")
        count = who.page.locator(".app-results__summary")
        before = count.inner_text()
        who.page.get_by_label("Open source").check()
        expect(count).not_to_have_text(before)
        expect(who.page.locator("#announcement")).to_contain_text("products")
        assert "deployment=open-source" in who.page.url
        shared, after = who.page.url, count.inner_text()
        who.look()
    with somebody(chrome, address, javascript=False) as other:
        other.page.goto(shared)
        expect(other.page.locator(".app-results__summary")).to_have_text(after)


def test_search_answers_as_one_types_and_forgives_a_slip(chrome: Browser, address: str) -> None:
    with somebody(chrome, address) as who:
        who.go("/search")
        who.page.locator("#q").press_sequentially("housng repar")
        expect(who.page.locator("#results mark").first).to_be_visible()
        expect(who.page.locator("#q")).to_be_focused()
        who.look()


def _first(who: Somebody, listing: str) -> str:
    """The address of the first thing that a list leads to."""
    who.page.goto(listing)
    links = who.page.locator(f"main a[href^='{listing}/']")
    addresses = [str(link.get_attribute("href")) for link in links.all()]
    return next(found for found in addresses if re.fullmatch(r"/\w+/[0-9a-f-]{36}", found))
