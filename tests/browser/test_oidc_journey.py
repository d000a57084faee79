"""Signing in with a provider, end to end: real providers, a real server and a real browser."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody
from tests.services import free_port, openid_provider, serving

pytestmark = pytest.mark.browser

JO = {"sub": "jo", "name": "Jo Bloggs", "email": "jo@camden.example", "email_verified": True}
JO_AT_HOME = {"sub": "jo-at-home", "email": "jo@home.example", "email_verified": True}
CAMDEN, ONE_LOGIN = "Microsoft (Camden)", "GOV.UK One Login"


@dataclass
class Place:
    address: str
    camden: str  # the issuers
    one_login: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A marketplace that is no demo, and two providers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    data: Path = tmp_path_factory.mktemp("served")
    with openid_provider(JO) as camden, openid_provider(JO_AT_HOME) as one_login:
        providers = [
            {"slug": "camden", "title": CAMDEN, "issuer": camden, "audience": "authorities"},
            {"slug": "one-login", "title": ONE_LOGIN, "issuer": one_login},
        ]
        settings = {
            "DATA_DIR": str(data),
            "PORT": str(port),
            "DATABASE_URL": "",
            "DEMO": "false",
            "SECRET_KEY": "known to this test and to nobody else",
            "SEAL_KEY": "another that is known to this test alone",
            "OIDC_PROVIDERS": json.dumps(
                [one | {"client_id": "us", "client_secret": "secret"} for one in providers]
            ),
        }
        with serving([sys.executable, "-m", "marketplace", "run"], address, settings):
            yield Place(address, camden, one_login)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def jo(request: pytest.FixtureRequest, chrome: Browser, place: Place) -> Iterator[Somebody]:
    with somebody(chrome, place.address, javascript=request.param) as one:
        # The provider's pages want a style sheet from far away.
        one.page.route("**/*.css", lambda route: _local(route, place))
        yield one


def _local(route, place: Place) -> None:
    here = route.request.url.startswith(place.address)
    if here:
        route.continue_()
    else:
        route.fulfill(body="", content_type="text/css")


def _go_to(who: Somebody, title: str, issuer: str) -> None:
    who.go("/sign-in")
    who.page.get_by_role("button", name=f"Sign in with {title}").click()
    expect(who.page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    assert who.page.url.startswith(f"{issuer}/oauth2/authorize?")


def _authorise(who: Somebody, sub: str) -> None:
    who.page.get_by_placeholder("sub").fill(sub)
    who.page.get_by_role("button", name="Authorize", exact=True).click()


def _sign_out(who: Somebody, place: Place, issuer: str) -> None:
    """Here, and then there, and back."""
    who.page.get_by_role("button", name="Sign out").click()
    expect(who.page.get_by_role("heading", name="End Session")).to_be_visible()
    assert who.page.url.startswith(f"{issuer}/oauth2/end_session?id_token_hint=")
    who.page.get_by_role("button", name="End session").click()
    expect(who.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    assert who.page.url.startswith(f"{place.address}/?state=")
    who.look()


def _is_signed_in(who: Somebody, name: str) -> None:
    expect(who.page.locator("header .app-account__name")).to_contain_text(name)
    who.look()


def test_two_providers_one_person(jo: Somebody, place: Place) -> None:
    # A first time, and out at both sides
    _go_to(jo, CAMDEN, place.camden)
    _authorise(jo, "jo")
    _is_signed_in(jo, "Jo Bloggs")
    _sign_out(jo, place, place.camden)

    # Again: the same person, who has one way in
    _go_to(jo, CAMDEN, place.camden)
    _authorise(jo, "jo")
    _is_signed_in(jo, "Jo Bloggs")
    jo.go("/account")

    # A second way in, joined from the account page
    jo.page.get_by_role("link", name=f"Add {ONE_LOGIN}").click()
    _authorise(jo, "jo-at-home")
    jo.reads("Add a way to sign in")
    expect(jo.page.locator("main")).to_contain_text("jo@home.example")
    jo.press(f"Add {ONE_LOGIN}")
    jo.reads("Your account")
    expect(jo.page.locator("main strong", has_text=ONE_LOGIN)).to_be_visible()
    _sign_out(jo, place, place.camden)

    # By it they are the same person
    _go_to(jo, ONE_LOGIN, place.one_login)
    _authorise(jo, "jo-at-home")
    _is_signed_in(jo, "Jo Bloggs")
    _sign_out(jo, place, place.one_login)


def test_somebody_who_changes_their_mind(jo: Somebody, place: Place) -> None:
    _go_to(jo, CAMDEN, place.camden)
    jo.page.get_by_role("button", name="Deny").click()

    expect(jo.page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    jo.window.complaints.clear()  # the browser notes that the page is a refusal
    jo.look()
    expect(jo.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    jo.page.get_by_role("button", name=f"Try {CAMDEN} again").click()
    _authorise(jo, "jo")
    _is_signed_in(jo, "Jo Bloggs")
