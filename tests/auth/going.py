"""Going to a provider and back, as a browser does, without a window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import Session, select

from auth import oidc_flow
from auth.oidc import Provider
from marketplace.accounts.models import SignIn
from marketplace.app import Marketplace, build
from marketplace.organisations.models import Person
from marketplace.settings import Settings
from tests.auth.issuer import CLIENT, SECRET, Issuer, speaking
from tests.browser_of_pages import HERE, Browser, inspect

# What the pages say to whom: their status and heading
LOST, NOT_SURE = (400, "Start again"), (403, "We could not check who you are")
DOWN = (503, "Microsoft (Camden) is not working")
TITLES = {"camden": "Microsoft (Camden)", "one-login": "GOV.UK One Login"}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    oidc_flow.client.cache_clear()  # a port may have been another test's
    with speaking() as one:
        yield one


@pytest.fixture
def second() -> Iterator[Issuer]:
    with speaking() as other:
        yield other


def provider(slug: str, issuer: Issuer, **more: Any) -> Provider:
    about: dict[str, Any] = {
        "slug": slug,
        "title": TITLES[slug],
        "issuer": issuer.address,
        "client_id": CLIENT,
        "client_secret": SecretStr(SECRET),
        "audience": "authorities" if slug == "camden" else "suppliers",
    }
    return Provider(**(about | more))


@pytest.fixture
def settings(settings: Settings, issuer: Issuer, second: Issuer) -> Settings:
    both = [provider("camden", issuer), provider("one-login", second)]
    return settings.model_copy(update={"oidc_providers": both})


@dataclass
class Going:
    """A browser, and the providers that it can be sent to."""

    browser: Browser
    issuers: dict[str, Issuer]
    sent: str = ""  # the provider's address that it was sent to last
    led_to: str = ""  # the page of ours that coming back led to; empty: it was one itself
    seen: BeautifulSoup = field(default_factory=lambda: BeautifulSoup("", "html.parser"))

    @property
    def status(self) -> int:
        return self.browser.status

    def set_out(self, slug: str = "camden", query: str = "") -> str:
        """To the provider's door; the address that the browser is sent to."""
        answer = self.browser.client.get(f"/sign-in/{slug}{query}", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        self.sent = answer.headers["location"]
        assert urlsplit(self.sent)._replace(query="").geturl() == (
            f"{self.issuers[slug].address}/authorize"
        )
        return self.sent

    def come_back(self, slug: str = "camden", **answer: str) -> BeautifulSoup:
        """With what the provider said, to the page that this leads to."""
        back = self.browser.client.get(
            f"/sign-in/{slug}/callback", params=answer, follow_redirects=False
        )
        self.led_to = back.headers.get("location", "")
        if self.led_to:
            assert back.status_code == 303
            assert self.led_to.startswith("/"), self.led_to
            return self.look(self.led_to)
        self.browser.status, self.seen = back.status_code, BeautifulSoup(back.text, "html.parser")
        inspect(self.seen, "the page after coming back")
        return self.seen

    def look(self, url: str) -> BeautifulSoup:
        self.seen = self.browser.get(url)
        return self.seen

    def sign_in(self, slug: str = "camden", query: str = "", **claims: Any) -> BeautifulSoup:
        """There, yes, and back."""
        address = self.set_out(slug, query)
        return self.come_back(slug, **self.issuers[slug].approve(address, **claims))

    def sign_out(self) -> BeautifulSoup:
        self.seen = self.browser.post("/sign-out")
        return self.seen

    @property
    def who(self) -> str:
        """The name of whoever is signed in."""
        seen = self.browser.get("/")
        name = seen.select_one("header .app-account__name")
        return name.get_text(strip=True).removeprefix("Your account:") if name else ""

    def heading(self) -> str:
        h1 = self.seen.select_one("h1")
        return h1.get_text(" ", strip=True) if h1 else ""


@pytest.fixture
def going(marketplace: Marketplace, issuer: Issuer, second: Issuer) -> Iterator[Going]:
    client = TestClient(build(marketplace), base_url=HERE)
    yield Going(
        Browser(client, marketplace.engine), issuers={"camden": issuer, "one-login": second}
    )
    client.close()


@pytest.fixture
def refused(going: Going, session: Session) -> Callable[[int, str], None]:
    """Whether nobody got in and a page says why: its status and heading."""

    def check(status: int, heading: str) -> None:
        assert (going.status, going.heading()) == (status, heading)
        assert going.led_to == ""
        assert going.seen.select_one("main a[href^='/sign-in']"), "the page says how else"
        assert "session" not in going.browser.client.cookies
        assert going.who == ""
        session.rollback()
        assert session.exec(select(SignIn)).all() == []
        assert session.exec(select(Person)).all() == []

    return check
