"""Signing in with a provider that is away, slow, or does not make sense: a page, and soon."""

import gzip
import json
import time
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest

from auth import oidc_wire
from tests.auth.going import DOWN, LOST, provider
from tests.auth.issuer import write


def _says(status, body, kind="application/json", **headers):
    return lambda to: write(to, status, body, kind, **headers)


def _drips(to):
    to.send_response(200)
    to.end_headers()
    with suppress(OSError):
        for _ in range(200):
            to.wfile.write(b" ")
            time.sleep(0.05)


def _hangs(to):
    time.sleep(10)


def _never_ends(to):
    to.send_response(200)
    to.end_headers()
    with suppress(OSError):
        for _ in range(1000):
            to.wfile.write(b"[" * 100_000)


ILLS = {
    "500": _says(500, b"{}"),
    "500 without a body": _says(500, b""),
    "HTML": _says(200, b"<h1>Welcome to the hotel's network</h1>", "text/html"),
    "HTML that says it is JSON": _says(200, b"<h1>Welcome</h1>"),
    "a list": _says(200, b"[]"),
    "null": _says(200, b"null"),
    "no object, and deep": _says(200, b"[" * 400_000),
    "a number without end": _says(200, b'{"issuer": ' + b"9" * 100_000 + b"}"),
    "not even text": _says(200, b"\xff\xfe\x00"),
    "compressed": _says(200, gzip.compress(b"{}"), Content_Encoding="gzip"),
    "a redirect": _says(302, b"{}", Location="http://127.0.0.1:1/elsewhere"),
    "a redirect to itself": _says(307, b"{}", Location="/jwks"),
    "silence": _hangs,
    "a byte now and then": _drips,
    "far too much": _never_ends,
}
SLOW = {"silence", "a byte now and then"}
PLACES = ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("place", PLACES)
def test_a_provider_that_makes_no_sense(going, issuer, refused, capsys, place, ill):
    issuer.instead[place] = ILLS[ill]
    with pytest.MonkeyPatch.context() as patch:
        if ill in SLOW:
            patch.setattr(oidc_wire, "PATIENCE", 1)
        if place == PLACES[0]:
            going.look("/sign-in/camden")
        else:
            going.sign_in(email=None)

    said = capsys.readouterr().out
    assert ("Timeout" in said) == (ill in SLOW)
    assert ("too large" in said) == (ill == "far too much")
    refused(*DOWN)
    issuer.instead.clear()
    going.sign_in()  # afterwards it is as it was
    assert going.who == "Jo Bloggs"


def test_a_provider_that_is_away(going, issuer, refused):
    issuer.address = "http://127.0.0.1:9"  # where nobody listens
    gone = provider("camden", issuer)
    state = going.browser.client.app.state
    state.settings = state.settings.model_copy(update={"oidc_providers": [gone]})
    going.look("/sign-in/camden?then=/search")

    refused(*DOWN)
    again = going.seen.select_one("main a[role=button]")
    assert again["href"] == "/sign-in/camden?then=%2Fsearch"


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        ("access_denied", 403, "You are not signed in"),
        ("login_required", 403, "You are not signed in"),
        ("temporarily_unavailable", *DOWN),
        ("server_error", *DOWN),
        ("invalid_request", *DOWN),
        ("<script>alert(1)</script>", *DOWN),
    ],
)
def test_a_provider_that_says_no(going, refused, error, status, heading, capsys):
    state = parse_qs(urlsplit(going.set_out()).query)["state"][0]
    going.come_back(state=state, error=error, error_description="jo@camden.example is out")

    refused(status, heading)
    said = capsys.readouterr()
    assert "jo@camden.example" not in str(going.seen) + said.out + said.err
    assert "<script>alert" not in str(going.seen) + said.out + said.err


def test_a_provider_that_says_no_and_not_to_whom(going, issuer, refused):
    answer = issuer.approve(going.set_out())
    going.come_back(error="access_denied")
    refused(403, "You are not signed in")

    going.come_back(**answer)  # anybody can say so: it ended nothing
    assert going.who == "Jo Bloggs"


@pytest.mark.parametrize(
    ("said", "status", "heading"),
    [
        ({"error": "invalid_grant"}, *LOST),
        ({"error": "invalid_client"}, *DOWN),
        ({"error": ["x"]}, *DOWN),
        ({}, *DOWN),
    ],
)
def test_a_token_endpoint_that_says_no(going, issuer, refused, said, status, heading):
    issuer.instead["/token"] = _says(400, json.dumps(said).encode())
    going.sign_in()
    refused(status, heading)


# ---- Its document


def test_a_document_of_another_issuer(going, issuer, second, refused):
    issuer.document["issuer"] = second.address
    going.look("/sign-in/camden")
    refused(*DOWN)


@pytest.mark.parametrize("difference", ["/", "/common", "#", "?"])
def test_an_issuer_has_to_be_the_same_to_the_last_letter(going, issuer, refused, difference):
    issuer.document["issuer"] = issuer.address + difference
    going.look("/sign-in/camden")
    refused(*DOWN)


@pytest.mark.parametrize(
    "document",
    [
        {"token_endpoint": "http://login.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": None},
        {"jwks_uri": "https://169.254.169.254/keys"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "//login.example"},
        {"end_session_endpoint": "http://10.0.0.1/"},
        {"userinfo_endpoint": "https://me@login.example/"},
    ],
    ids=str,
)
def test_a_document_that_leads_elsewhere(going, issuer, refused, document):
    issuer.document = document
    going.look("/sign-in/camden")
    refused(*DOWN)
