"""Windows of a real browser, which keep what they complained of and can be checked with axe."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services import chromium

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# GOV.UK Frontend says of a radio that it reveals a question, which no rule of ARIA allows yet, and
# screen readers tell: so it stays (alphagov/govuk-frontend#979, w3c/aria#1404).
REVEALS = re.compile(r'class="govuk-radios__input".*aria-expanded=')
PATIENCE = 30_000  # milliseconds, on a busy machine
expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """One window; `complaints` holds what its console said, policy reports and errors among it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run()")
        return [
            f"{wrong['id']}: {node['html']}"
            for wrong in found["violations"]
            for node in wrong["nodes"]
            if not (wrong["id"] == "aria-allowed-attr" and REVEALS.search(node["html"]))
        ]

    def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.body.scrollWidth > window.innerWidth"))


@contextmanager
def opened(
    chrome: Browser, address: str, *, width: int = 1280, javascript: bool = True
) -> Iterator[Window]:
    context = chrome.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        java_script_enabled=javascript,
    )
    context.set_default_timeout(PATIENCE)
    window = Window(context.new_page())
    window.page.on(
        "console", lambda said: window.complaints.append(f"{said.text} {said.location['url']}")
    )
    try:
        yield window
    finally:
        context.close()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One browser for all the tests of a process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield started
        started.close()
