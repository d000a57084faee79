"""A Companies House that a test can make say anything, and people who are on their way in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from marketplace.onboarding import companies_house
from marketplace.settings import Settings
from tests.browser_of_pages import Browser
from tests.make import Make

KEY = "a key of Companies House"
COMPANY: dict[str, Any] = {
    "company_name": "BRIGHTWATER SYSTEMS LIMITED",
    "company_number": "04142000",
    "company_status": "active",
    "registered_office_address": {
        "premises": "12",
        "address_line_1": "Wharf Road",
        "locality": "London",
        "postal_code": "N1 7GR",
    },
}


@dataclass
class Register:
    """Companies House as a test wants it: each answer in its turn, the last one again and again."""

    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=lambda: [(200, COMPANY)])
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, authorization
    waits: float = 0  # seconds between the bytes of an answer
    over: Event = field(default_factory=Event)

    def says(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """A server of the test's own, asked over HTTP, that people wait for only a moment."""
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            register.asked.append((self.path, self.headers.get("Authorization", "")))
            turn = min(len(register.asked), len(register.answers)) - 1
            status, body = register.answers[turn]
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", f"{register.url}/elsewhere")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            try:
                if not register.waits:
                    self.wfile.write(sent)
                for byte in sent if register.waits else b"":
                    if register.over.wait(register.waits):
                        return
                    self.wfile.write(bytes([byte]))
            except OSError:  # nobody listens any more
                pass

        def log_message(self, *_: Any) -> None:
            pass

    monkeypatch.setattr(companies_house, "PATIENCE", 1.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    register.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield register
    register.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Without a key of Companies House, unless the test has a register."""
    if "register" not in request.fixturenames:
        return settings
    url = request.getfixturevalue("register").url
    return settings.model_copy(
        update={"companies_house_key": KEY, "companies_house_url": url}, deep=True
    )


@pytest.fixture
def ada(browser: Browser, make: Make) -> Browser:
    """The browser of somebody who signed in and acts for nobody yet."""
    return browser.as_(make.newcomer("Ada Park"))
