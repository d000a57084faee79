"""Attacks on signing in with a provider. After each nobody is signed in, and a page says so."""

import json
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from sqlmodel import select

from auth import oidc_flow
from marketplace.accounts.models import SignIn
from tests.auth.going import LOST, NOT_SURE, provider
from tests.auth.issuer import (
    CLIENT,
    by_hand,
    curve_key,
    key,
    signed,
    signed_with_what_everybody_knows,
    unsigned,
    with_our_key,
)

# ---- State, nonce, code


def test_a_wrong_state(going, issuer, refused):
    answer = issuer.approve(going.set_out())
    going.come_back(**(answer | {"state": "another"}))

    refused(*LOST)
    assert "/token" not in issuer.asked
    going.come_back(**answer)  # somebody else's link did not end what was under way
    assert going.who == "Jo Bloggs"


@pytest.mark.parametrize("state", [None, ""])
def test_no_state(going, issuer, refused, state):
    answer = issuer.approve(going.set_out())
    going.come_back(code=answer["code"], **({} if state is None else {"state": state}))

    refused(*LOST)
    assert "/token" not in issuer.asked


def test_an_answer_to_a_browser_that_never_asked(going, issuer, refused):
    answer = issuer.approve(going.set_out())
    going.browser.client.cookies.clear()
    going.come_back(**answer)

    refused(*LOST)
    assert "/token" not in issuer.asked


def test_a_cookie_that_somebody_wrote_themselves(going, issuer, refused):
    answer = issuer.approve(going.set_out())
    cookie = going.browser.client.cookies["page"]
    going.browser.client.cookies.clear()
    going.browser.client.cookies.set("page", f"{cookie[:-3]}abc")
    going.come_back(**answer)

    refused(*LOST)


def test_a_state_said_twice(going, issuer, refused):
    answer = issuer.approve(going.set_out())
    twice = f"code={answer['code']}&state=x&state={answer['state']}"
    going.look(f"/sign-in/camden/callback?{twice}")

    refused(*LOST)


def test_the_answer_of_one_provider_at_the_door_of_the_other(going, issuer, second, refused):
    answer = issuer.approve(going.set_out("camden"))
    going.come_back("one-login", **answer)

    refused(*LOST)
    assert "/token" not in issuer.asked + second.asked


def test_ten_minutes_are_enough(going, issuer, refused, monkeypatch):
    answer = issuer.approve(going.set_out(), exp=int(time.time()) + 9000)
    later = time.time() + 601
    monkeypatch.setattr(oidc_flow.time, "time", lambda: later)
    going.come_back(**answer)

    refused(*LOST)
    assert "/token" not in issuer.asked


def test_coming_back_twice(going, issuer, session):
    answer = issuer.approve(going.set_out())
    going.come_back(**answer)
    assert going.who == "Jo Bloggs"

    going.come_back(**answer)
    assert (going.status, going.heading()) == LOST
    assert issuer.asked.count("/token") == 1
    assert len(session.exec(select(SignIn)).all()) == 1


def test_an_answer_that_was_refused_is_used_up_too(going, issuer, refused):
    address = going.set_out()
    going.come_back(**issuer.approve(address, nonce="wrong"))
    refused(*NOT_SURE)

    going.come_back(**issuer.approve(address))
    refused(*LOST)
    assert issuer.asked.count("/token") == 1


def test_a_code_used_again_with_everything_the_browser_had(going, issuer, session):
    answer = issuer.approve(going.set_out())
    before = going.browser.client.cookies["page"]
    going.come_back(**answer)
    going.sign_out()
    going.browser.client.cookies.clear()
    going.browser.client.cookies.set("page", before)
    going.come_back(**answer)

    assert (going.status, going.heading()) == LOST
    assert going.who == ""
    assert len(session.exec(select(SignIn)).all()) == 1


def test_a_code_stolen_from_another_browser(going, issuer, refused):
    """The thief has a state of their own, but not the verifier that goes with the code."""
    stolen = issuer.approve(going.set_out(), sub="victim")
    going.browser.client.cookies.clear()
    thief = issuer.approve(going.set_out(), sub="thief")
    going.come_back(code=stolen["code"], state=thief["state"])

    refused(*LOST)


def test_a_nonce_from_another_session(going, issuer, refused):
    old = parse_qs(urlsplit(going.set_out()).query)["nonce"][0]
    going.sign_in(nonce=old)

    refused(*NOT_SURE)


@pytest.mark.parametrize("nonce", [None, "", "x", 7, [], {}])
def test_no_nonce_or_another(going, refused, nonce):
    going.sign_in(nonce=nonce)
    refused(*NOT_SURE)


def test_no_code(going, refused):
    going.come_back(state=parse_qs(urlsplit(going.set_out()).query)["state"][0])
    refused(*LOST)


# ---- Signatures


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_what_everybody_knows,
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, key("thief")),
        lambda claims: signed(claims).rpartition(".")[0] + ".",
        lambda claims: (
            signed({**claims, "sub": "jo"}).rpartition(".")[0]
            + "."
            + signed({**claims, "sub": "eve"}).rpartition(".")[2]
        ),
        lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, curve_key("thief")),
        lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "thief", "jwk": key("thief").as_dict(private=False)},
            claims,
            key("thief"),
        ),
        lambda claims: by_hand(
            {"alg": "RS256", "kid": "one", "crit": ["new"], "new": 1},
            json.dumps(claims).encode(),
            with_our_key,
        ),
    ],
    ids=[
        "alg none",
        "HS256 with the public key",
        "another key under the same name",
        "no signature",
        "the signature of another token",
        "another kind of key",
        "its own key inside",
        "an extension that we must understand",
    ],
)
def test_a_token_that_the_provider_did_not_sign(going, issuer, refused, sign):
    issuer.sign = sign
    going.sign_in()
    refused(*NOT_SURE)


@pytest.mark.parametrize("allowed", [["none"], ["HS256"], ["none", "HS256", "HS512"]])
@pytest.mark.parametrize("sign", [unsigned, signed_with_what_everybody_knows, signed])
def test_a_provider_that_wants_weak_signatures(going, issuer, refused, allowed, sign):
    issuer.document["id_token_signing_alg_values_supported"] = allowed
    issuer.sign = sign
    going.sign_in()
    refused(*NOT_SURE)


def test_unknown_keys_do_not_keep_us_asking(going, issuer):
    going.sign_in()
    going.sign_out()
    client = oidc_flow.client(provider("camden", issuer))
    client._keys = (client._keys[0] - 31, client._keys[1])
    issuer.sign = lambda claims: signed(claims, kid=f"garbage-{len(issuer.asked)}")
    for _ in range(20):
        going.sign_in()
        assert (going.status, going.heading()) == NOT_SURE

    assert going.who == ""
    assert issuer.asked.count("/jwks") == 2


# ---- Claims


@dataclass(frozen=True)
class FromNow:
    """A moment so many seconds from when the test runs."""

    seconds: int


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody else"},
        {"aud": []},
        {"aud": None},
        {"aud": {"us": 1}},
        {"aud": [CLIENT, "somebody else"]},
        {"aud": [CLIENT, "somebody else"], "azp": "somebody else"},
        {"azp": "somebody else"},
        {"iss": "https://login.example"},
        {"iss": None},
        {"iss": [1]},
        {"exp": FromNow(-200)},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": FromNow(5000), "exp": FromNow(9000)},
        {"iat": None},
        {"nbf": FromNow(5000), "exp": FromNow(9000)},
        {"sub": ""},
        {"sub": 7},
        {"sub": "j" * 256},
        {"sub": "j\x00o"},
        {"sub": "é"},
        {"at_hash": "AAAA"},
        {"at_hash": ["x"]},
        {"auth_time": "now"},
        {"amr": "pwd"},
    ],
    ids=str,
)
def test_claims_that_are_not_ours(going, refused, claims):
    now = int(time.time())
    going.sign_in(
        **{
            name: now + value.seconds if isinstance(value, FromNow) else value
            for name, value in claims.items()
        }
    )
    refused(*NOT_SURE)


def test_no_subject(going, issuer, refused):
    address = going.set_out()
    answer = issuer.approve(address)
    del issuer.codes[answer["code"]]["claims"]["sub"]
    going.come_back(**answer)
    refused(*NOT_SURE)


def test_another_issuers_token(going, issuer, second, refused):
    """What the second provider vouches for, handed over by the first."""
    issuer.sign = lambda claims: signed({**claims, "iss": second.address})
    going.sign_in()
    refused(*NOT_SURE)


@pytest.mark.parametrize(
    "token",
    [
        {"id_token": None},
        {"id_token": 7},
        {"id_token": ""},
        {"id_token": "a.b.c"},
        {"id_token": "a.b.c.d.e"},
        {"id_token": "é" * 50},
        {"id_token": signed({}) + "A" * 200_000},
        {"access_token": 7},
        {"access_token": None},
    ],
    ids=lambda token: str(token)[:30],
)
def test_what_is_no_token(going, issuer, refused, token):
    issuer.token = token
    going.sign_in()
    refused(*NOT_SURE)


def test_claims_that_are_nested_without_end(going, issuer, refused):
    deep = b"[" * 90_000 + b"]" * 90_000
    issuer.sign = lambda _: by_hand({"alg": "RS256", "kid": "one"}, deep, with_our_key)
    going.sign_in()
    refused(*NOT_SURE)


# ---- Mix-up


def test_an_answer_that_says_it_is_from_another_provider(going, issuer, second, refused):
    answer = issuer.approve(going.set_out())
    going.come_back(**answer, iss=second.address)

    refused(*NOT_SURE)
    assert "/token" not in issuer.asked


def test_an_answer_that_does_not_say_who_it_is_from_where_it_has_to(going, issuer, refused):
    issuer.document["authorization_response_iss_parameter_supported"] = True
    going.sign_in()
    refused(*NOT_SURE)

    going.come_back(**issuer.approve(going.set_out()), iss=issuer.address)
    assert going.who == "Jo Bloggs"


@pytest.mark.parametrize("sub", ["somebody else", None, "", ["jo"]])
def test_userinfo_about_somebody_else(going, issuer, refused, sub):
    issuer.userinfo = {"sub": sub, "name": "Eve", "email": "eve@camden.example"}
    going.sign_in(email=None)
    refused(*NOT_SURE)


# ---- Away from here, and what is written down


@pytest.mark.parametrize(
    "then",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\n/evil.example", "evil", ""],
)
def test_afterwards_nobody_is_sent_elsewhere(going, issuer, then):
    answer = going.browser.client.get(
        "/sign-in/camden", params={"then": then}, follow_redirects=False
    )
    going.come_back(**issuer.approve(answer.headers["location"]))

    assert going.led_to == "/home"
    assert going.who == "Jo Bloggs"


def test_afterwards_one_comes_to_the_page_that_was_asked_for(going):
    going.sign_in(query="?then=/search?q=bins")
    assert going.led_to == "/search?q=bins"


def test_nothing_secret_is_logged(going, issuer, session, capsys):
    answer = issuer.approve(going.set_out())
    going.come_back(**(answer | {"state": "wrong"}))
    going.come_back(**answer)
    going.sign_in(nonce="wrong")
    [row] = session.exec(select(SignIn)).all()
    asked = {name: one[0] for name, one in parse_qs(urlsplit(going.sent).query).items()}
    secrets = [answer["code"], answer["state"], asked["nonce"], row.id_token, "access"]
    secrets += [issuer.forms[0]["code_verifier"], "camden.example", "Bloggs", "told to nobody"]

    said = capsys.readouterr()
    assert "sign-in.failed" in said.out + said.err
    for secret in secrets:
        assert secret
        assert secret not in said.out + said.err


@pytest.mark.parametrize(
    "path", ["/sign-in/nobody", "/sign-in/nobody/callback", "/sign-out/nobody"]
)
def test_a_provider_that_nobody_set_up(going, path):
    going.look(f"/{path}")
    assert going.status == 404
