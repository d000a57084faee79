"""LOTI at its own pages in a real browser: it suspends a supplier, and looks."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = pytest.mark.browser


def _open(who: Somebody, kind: str, words: str) -> None:
    """Finds an organisation or a person and opens its page."""
    who.go(f"/admin/{kind}")
    who.page.locator("#q").fill(words)
    who.page.keyboard.press("Enter")
    found = who.page.locator(".app-list__title a")
    expect(found).to_have_count(1)
    found.click()
    who.page.wait_for_load_state()
    who.look()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "none"])
def test_loti_suspends_a_supplier_and_its_people_are_out_at_once(
    chrome: Browser, address: str, javascript: bool
) -> None:
    with (
        somebody(chrome, address, javascript=javascript, width=375) as grace,
        somebody(chrome, address) as dan,
    ):
        dan.sign_in("supplier-one")
        grace.sign_in("loti-admin")
        _open(grace, "organisations", "binfold")
        grace.press("Suspend Binfold Systems")
        grace.page.get_by_label("Why it is suspended").fill("Its insurance has run out.")
        grace.press("Suspend Binfold Systems")
        expect(grace.page.get_by_text("Its people are signed out.")).to_be_visible()
        grace.look()

        dan.page.reload()
        expect(dan.page.get_by_role("heading", level=1)).to_contain_text("Sign in")
        dan.page.locator("button[value=supplier-one]").click()
        expect(dan.page.get_by_text("Binfold Systems is suspended")).to_be_visible()
        expect(dan.page.get_by_text("Its insurance has run out.")).to_be_visible()
        dan.look()

        grace.press("Restore Binfold Systems")
        expect(grace.page.get_by_text("is restored")).to_be_visible()
        dan.sign_in("supplier-one")


@pytest.mark.parametrize("width", [320, 1280])
def test_support_looks_with_somebodys_eyes_and_stops(
    chrome: Browser, address: str, width: int
) -> None:
    with somebody(chrome, address, width=width) as grace:
        grace.sign_in("loti-admin")
        _open(grace, "people", "Amara Okafor")
        person = grace.page.url
        grace.follow("Look with their eyes")
        grace.page.get_by_label("Why you need to look").fill("They cannot find their draft.")
        grace.press("Look with their eyes")
        banner = grace.page.get_by_role("region", name="With somebody else")
        expect(banner).to_contain_text("You look at this as Amara Okafor of Camden")
        grace.look()
        grace.go("/challenges")
        grace.page.mouse.wheel(0, 2000)
        expect(banner).to_be_in_viewport()
        banner.get_by_role("button", name="Stop").click()
        expect(grace.page.get_by_text("You no longer look")).to_be_visible()
        assert grace.page.url == person
        expect(banner).to_have_count(0)
        grace.look()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wrong_with_lotis_pages_and_nothing_sticks_out(
    chrome: Browser, address: str, width: int
) -> None:
    with somebody(chrome, address, width=width) as grace:
        grace.sign_in("loti-admin")
        for url in (
            "/admin/organisations",
            "/admin/organisations/register",
            "/admin/people",
            "/admin/requests?which=all",
            "/admin/domains",
            "/admin/domains/add",
        ):
            grace.go(url)
        _open(grace, "organisations", "camden")
        grace.follow("The whole history")
