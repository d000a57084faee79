"""What people do in a window, in words close to theirs."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.windows import PATIENCE, Window, opened


@dataclass
class Somebody:
    """A person at a window. With JavaScript, every page they come to is checked with axe."""

    window: Window
    javascript: bool

    @property
    def page(self) -> Page:
        return self.window.page

    def sign_in(self, persona: str) -> None:
        self.page.goto("/sign-in")
        self.look()
        self.page.locator(
            f"form:has(input[value={persona}]) button, button[value={persona}]"
        ).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Home")
        self.look()

    def sign_in_by_mail(self, address: str) -> None:
        """As somebody who is no persona: asks for a link, and reads it in the demo's outbox, where
        letters to the same address may stand from before.
        """
        letters = self.page.locator(".app-letter", has_text=address)
        self.go("/outbox")
        before = letters.count()
        self.go("/sign-in")
        self.page.locator("#email").fill(address)
        self.press("Send the link")
        self.go("/outbox")
        self.wait_for(letters.nth(before))
        self.page.goto(str(letters.first.get_by_role("link").first.get_attribute("href")))
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Home")

    def go(self, url: str) -> None:
        self.page.goto(url)
        self.look()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        self.look()

    def wait_for(self, sight: Locator) -> None:
        """Loads the page again until something that is on its way has arrived."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not sight.count() and time.monotonic() < deadline:
            self.page.reload()
        expect(sight.first).to_be_visible()

    def press(self, name: str) -> None:
        """Sends a form, and waits for the page that comes of it: whoever goes elsewhere at once
        would call the browser off from sending. A change of the address by a script is no page.
        """
        with self.page.expect_event("load"):
            self.press_here(name)

    def press_here(self, name: str) -> None:
        """Presses what htmx answers in its place; look for what should come of it."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def on(self, day: date, name: str) -> None:
        """Types a date into its three boxes."""
        for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
            self.page.locator(f"[name={name}-{part}]").fill(str(number))

    def reads(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.look()

    def look(self) -> None:
        """Nothing on the page is wrong, wider than the window, or against the content policy."""
        where = self.page.url
        if self.javascript:
            assert self.window.violations() == [], where
        assert not self.window.overflows(), where
        assert self._ours(self.window.complaints) == [], where

    def _ours(self, complaints: list[str]) -> list[str]:
        """Without what the browser said of another site's pages, such as a provider's."""
        here = urlsplit(self.page.url)._replace(path="", query="", fragment="").geturl()
        said_at = [(said, said.rpartition(" ")[2]) for said in complaints]
        return [said for said, url in said_at if not url.startswith("http") or here in url]


@contextmanager
def somebody(
    chrome: Browser, address: str, *, javascript: bool = True, width: int = 1280
) -> Iterator[Somebody]:
    with opened(chrome, address, javascript=javascript, width=width) as window:
        yield Somebody(window, javascript)
