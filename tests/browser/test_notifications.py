"""Notifications in a real browser: the bell counts by itself, and all works without JavaScript."""

import httpx
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect

from tests.browser.people import somebody

pytestmark = pytest.mark.browser


def _happens(address: str) -> None:
    """Hackney joins a challenge of Camden, or leaves it again: either is news to Camden."""
    with httpx.Client(base_url=address, headers={"Origin": address}, trust_env=False) as hackney:
        hackney.post("/demo/sign-in", data={"persona": "hackney-approver"})
        listed = hackney.get("/challenges?authority=camden&stage=open").text
        first = BeautifulSoup(listed, "html.parser").select_one(".app-list__title a")
        assert first
        here = str(first["href"])
        if hackney.post(f"{here}/commitments", data={"level": "watching"}).status_code == 409:
            left = hackney.post(f"{here}/commitments/withdraw")
            assert left.status_code == 303


def test_the_bell_counts_by_itself_and_marking_as_read_stays_on_the_page(
    chrome: Browser, address: str
) -> None:
    with somebody(chrome, address) as reader:
        reader.sign_in("camden-buyer")
        number = reader.page.locator("#unread")
        before = number.inner_text()
        _happens(address)
        expect(number).not_to_have_text(before)
        expect(reader.page.locator("#announcement")).to_contain_text("unread")

        reader.follow("Notifications")
        reader.reads("Notifications")
        marks = reader.page.get_by_role("button", name="Mark as read")
        count = marks.count()
        assert count
        marks.first.click()
        expect(marks).to_have_count(count - 1)
        expect(reader.page.get_by_role("heading", level=1)).to_have_text("Notifications")
        reader.press_here("Mark all as read")
        expect(marks).to_have_count(0)
        expect(number).to_be_empty()
        reader.look()


@pytest.mark.parametrize(("width", "javascript"), [(320, True), (1280, True), (1280, False)])
def test_the_inbox_and_the_settings_fit_and_work(
    chrome: Browser, address: str, width: int, javascript: bool
) -> None:
    with somebody(chrome, address, width=width, javascript=javascript) as reader:
        _happens(address)
        reader.sign_in("camden-buyer")
        reader.go("/notifications")
        reader.wait_for(reader.page.get_by_role("button", name="Mark as read"))
        reader.look()
        reader.press_here("Mark all as read")
        expect(reader.page.get_by_role("button", name="Mark as read")).to_have_count(0)
        reader.go("/notifications/settings")
        reader.page.get_by_role("group", name="Mail about: Challenges").get_by_label(
            "Never"
        ).check()
        reader.press("Save")
        expect(reader.page.locator("#flash-title")).to_be_visible()
        reader.go("/notifications/settings")
        group = reader.page.get_by_role("group", name="Mail about: Challenges")
        expect(group.get_by_label("Never")).to_be_checked()
