"""The cookies: for this host alone, out of reach of scripts, and over TLS except on loopback."""

from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import Session, col, select

from auth.oidc import Provider
from marketplace.accounts import links
from marketplace.accounts.models import MailLink
from marketplace.app import assemble, build
from marketplace.settings import Settings


@pytest.fixture(params=["http://127.0.0.1:8000", "https://market.example"])
def place(request, tmp_path, new_database):
    """Where the marketplace is, and a client of it."""
    settings = Settings(
        data_dir=tmp_path / "own", database_url=new_database(), public_url=request.param
    )
    made = assemble(settings)
    client = TestClient(build(made), base_url=request.param, follow_redirects=False)
    yield request.param, client
    client.close()
    made.close()


def cookies(answer):
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return found


def sign_in(place, post):
    address, client = place
    client.post("/sign-in/link", data={"email": "a@b.example"}, headers={"Origin": address})
    return client.post(post(), headers={"Origin": address})


@pytest.fixture
def link(place):
    """The newest link of that marketplace."""
    _, client = place

    def newest():
        with Session(client.app.state.engine) as session:
            found = session.exec(select(MailLink).order_by(col(MailLink.created_at).desc())).first()
            return urlsplit(links.address(client.app.state.settings, found)).path

    return newest


def test_the_token_is_handed_out_with_every_attribute(place, link):
    address, _ = place
    secure = address.startswith("https")
    given = cookies(sign_in(place, link))

    token = given["__Host-session" if secure else "session"]
    assert len(token.value) >= 43, "256 bits"
    assert token["httponly"]
    assert bool(token["secure"]) == secure
    assert token["samesite"].lower() == "lax"
    assert token["path"] == "/"
    assert token["domain"] == "", "for this host alone"
    assert token["max-age"] == str(7 * 24 * 60 * 60)


def test_the_page_cookie_has_them_too(place):
    address, client = place
    answer = client.post(
        "/sign-in/link", data={"email": "a@b.example"}, headers={"Origin": address}
    )
    secure = address.startswith("https")
    page = cookies(answer)["__Host-page" if secure else "page"]
    assert page["httponly"]
    assert bool(page["secure"]) == secure
    assert page["samesite"].lower() == "lax"
    assert page["path"] == "/"
    assert page["domain"] == ""


def test_it_is_taken_back_at_signing_out(place, link):
    address, client = place
    sign_in(place, link)
    name = "__Host-session" if address.startswith("https") else "session"
    token = client.cookies[name]
    given = cookies(client.post("/sign-out", headers={"Origin": address}))

    assert given[name].value == ""
    assert given[name]["max-age"] == "0"
    assert name not in client.cookies
    client.cookies.set(name, token)
    assert client.get("/account").status_code == 403, "whoever kept the token has nothing"


def test_signing_in_makes_what_the_browser_had_before_worthless(place, link):
    address, client = place
    name = "__Host-session" if address.startswith("https") else "session"
    sign_in(place, link)
    before = client.cookies[name]
    sign_in(place, link)
    assert client.cookies[name] != before
    client.cookies.clear()
    client.cookies.set(name, before)
    assert client.get("/account").status_code == 403


@pytest.mark.parametrize(
    "url", ["http://market.example", "http://10.0.0.1", "http://127.evil.example"]
)
def test_outside_the_demo_cookies_do_without_tls_on_loopback_alone(url):
    provider = Provider(
        slug="a",
        title="A",
        issuer="https://a.example",
        client_id="us",
        client_secret=SecretStr("x"),
    )

    def real(url):
        keys = {"secret_key": "k" * 40, "seal_key": "s" * 40}
        return Settings(demo=False, oidc_providers=[provider], public_url=url, **keys)

    with pytest.raises(ValueError, match="PUBLIC_URL"):
        real(url)
    for fine in ("https://market.example", "http://localhost:8000", "http://127.0.0.1", ""):
        assert real(fine).secure == fine.startswith("https")
