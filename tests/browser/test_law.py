"""Working out the law in a real browser: in place, at a small size, and without JavaScript."""

from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import somebody

pytestmark = pytest.mark.browser

ANSWER = "It is under the Procurement Act 2023, and its value reaches the threshold"


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (True, 320), (False, 1280)])
def test_an_early_signature_is_refused_in_its_place_and_the_right_one_answered(
    chrome: Browser, address: str, javascript: bool, width: int
) -> None:
    with somebody(chrome, address, javascript=javascript, width=width) as who:
        page = who.page
        who.go("/law")
        page.get_by_label("Whole value with VAT (optional)").fill("400,000")
        page.get_by_text("Days that are known or planned").click()
        who.on(date(2026, 11, 2), "begins")
        who.on(date(2026, 11, 23), "award_notice")
        who.on(date(2026, 12, 3), "signed")
        who.press_here("Work it out")
        why = page.locator(".govuk-error-summary a")
        expect(why).to_contain_text("signed from Friday 4 December 2026")
        who.window.complaints.clear()  # the browser's own note that the answer was a 422
        who.look()

        who.on(date(2026, 12, 4), "signed")
        who.press_here("Work it out")
        expect(page.get_by_role("heading", name=ANSWER)).to_be_visible()
        expect(page.locator(".app-day")).to_have_count(12)
        if javascript:
            expect(page.locator("#answer")).to_be_focused()
            expect(page.locator("#announcement")).to_contain_text("reaches the threshold")
        assert "signed-day=4" in page.url, "the address can be passed on"
        who.look()
