"""Signing in with an honest provider: what it is asked, and what is made of what it says."""

import json
import re
import time
from base64 import urlsafe_b64decode
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from pydantic import SecretStr, ValidationError
from sqlmodel import select

from auth import oidc_flow
from auth.oidc import Provider, trustworthy
from marketplace.accounts.models import Identity, SignIn
from marketplace.organisations.models import Person
from marketplace.settings import Misconfigured, read
from tests.auth.going import provider
from tests.auth.issuer import CLIENT, SECRET, basic, curve_key, key, signed

CALLBACK = "http://127.0.0.1:8000/sign-in/camden/callback"


def asked(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def pem(of):
    return SecretStr(of.as_pem(private=True).decode())


@pytest.fixture
def only(going):
    """Puts another provider in the place of both."""

    def put(chosen):
        state = going.browser.client.app.state
        state.settings = state.settings.model_copy(update={"oidc_providers": [chosen]})

    return put


# ---- What the provider is asked


def test_the_browser_is_sent_with_everything_that_binds_the_answer_to_it(going):
    one, other = asked(going.set_out()), asked(going.set_out())

    assert one["response_type"] == "code"
    assert one["client_id"] == CLIENT
    assert one["redirect_uri"] == CALLBACK
    assert one["scope"] == "openid email profile"
    assert one["code_challenge_method"] == "S256"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(one[secret]) >= 43
        assert one[secret] != other[secret]
    assert "prompt" not in one
    assert "vtr" not in one


def test_the_code_is_exchanged_with_our_secret_and_the_verifier(going, issuer):
    going.sign_in()

    assert going.who == "Jo Bloggs"
    [form] = issuer.forms
    assert form["grant_type"] == "authorization_code"
    assert form["redirect_uri"] == CALLBACK
    assert len(form["code_verifier"]) >= 43
    assert "client_secret" not in form
    assert [basic(login) for login in issuer.logins] == [f"{CLIENT}:told+to+nobody+else"]


def test_the_secret_goes_into_the_form_where_the_provider_reads_it_there(going, issuer):
    issuer.document["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    going.sign_in()

    assert going.who == "Jo Bloggs"
    [form] = issuer.forms
    assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
    assert issuer.logins == []


@pytest.mark.parametrize(
    ("own", "algorithm"), [(key("ours"), "RS256"), (curve_key("ours"), "ES256")]
)
def test_a_key_of_ours_signs_who_we_are(going, issuer, only, own, algorithm):
    only(provider("camden", issuer, client_secret="", private_key=pem(own), key_id="ours"))
    going.sign_in()

    assert going.who == "Jo Bloggs"
    [form] = issuer.forms
    assert form["client_assertion_type"].endswith("client-assertion-type:jwt-bearer")
    read = jwt.decode(form["client_assertion"], own, algorithms=[algorithm])
    assert read.header == {"typ": "JWT", "alg": algorithm, "kid": "ours"}
    assert read.claims["iss"] == read.claims["sub"] == CLIENT
    assert read.claims["aud"] == f"{issuer.address}/token"
    assert read.claims["jti"]
    assert read.claims["exp"] - read.claims["iat"] == 300


def test_one_login_is_asked_for_trust_and_has_to_give_it(going, issuer, only):
    only(provider("camden", issuer, scope="openid email", vtr=("Cl.Cm", "P2.Cl.Cm")))

    assert json.loads(asked(going.set_out())["vtr"]) == ["Cl.Cm", "P2.Cl.Cm"]
    for vot, name in [("Cl", ""), (None, ""), ("", ""), (["Cl", "Cm"], ""), ("Cl.Cm", "Jo Bloggs")]:
        going.sign_in(vot=vot)
        assert going.who == name, vot


def test_the_document_and_the_keys_are_read_once_and_again_after_an_hour(
    going, issuer, monkeypatch
):
    going.sign_in()
    going.sign_in()
    assert issuer.asked.count("/.well-known/openid-configuration") == 1
    assert issuer.asked.count("/jwks") == 1

    later = time.monotonic() + 3601
    monkeypatch.setattr(oidc_flow.time, "monotonic", lambda: later)
    going.sign_in()
    assert issuer.asked.count("/.well-known/openid-configuration") == 2
    assert issuer.asked.count("/jwks") == 2


# ---- Who they are


def test_somebody_new_becomes_a_person_with_one_way_in(going, session, issuer):
    going.sign_in(sub="jo", email="Jo@Camden.example")

    [person] = session.exec(select(Person)).all()
    assert (person.name, person.email) == ("Jo Bloggs", "jo@camden.example")
    [identity] = session.exec(select(Identity)).all()
    assert (identity.issuer, identity.subject) == (issuer.address, "jo")
    assert identity.title == "Microsoft (Camden)"
    assert identity.person_id == person.id


def test_somebody_known_is_the_same_person_whatever_they_are_called_now(going, session):
    going.sign_in(sub="jo")
    going.sign_out()
    assert going.who == ""
    going.sign_in(sub="jo", name="Jo Married", email="married@camden.example", email_verified=None)

    assert going.who == "Jo Bloggs"
    assert len(session.exec(select(Person)).all()) == 1
    assert len(session.exec(select(SignIn)).all()) == 2


def test_one_address_at_two_providers_is_two_ways_and_not_one_person(going, session):
    going.sign_in("camden", sub="jo")
    going.sign_out()
    going.sign_in("one-login", sub="jo", email="jo@supplier.example")

    assert len({one.person_id for one in session.exec(select(Identity))}) == 2


def test_what_the_id_token_lacks_is_asked_for_once(going, issuer):
    issuer.userinfo = {"sub": "jo", "name": "Jo of Userinfo", "email": "jo@camden.example"}
    going.sign_in(name=None, email=None)

    assert going.who == "Jo of Userinfo"
    assert "Bearer access" in issuer.logins
    going.sign_out()
    going.sign_in(name=None, email=None)
    assert going.who == "Jo of Userinfo"
    assert issuer.asked.count("/userinfo") == 1


def test_given_and_family_name_will_do(going):
    going.sign_in(name=None, given_name="Jo", family_name=" Married\n\x00 ")
    assert going.who == "Jo Married"


def test_who_has_no_name_is_asked_for_it(going, issuer):
    issuer.userinfo = {"sub": "jo"}
    going.sign_in(query="?then=/search", name=None)

    assert going.led_to == "/account/name?then=%2Fsearch"
    assert going.who == "jo"


@pytest.mark.parametrize("verified", [False, "false", 0, "no", None])
def test_an_address_that_is_not_confirmed_is_not_believed(going, issuer, session, verified):
    issuer.userinfo = {"sub": "jo"}
    claims = {"email_verified": verified} if verified is not None else {"email": None}
    going.sign_in(**claims)

    assert (going.status, going.heading()) == (403, "We need an email address that is confirmed")
    assert going.who == ""
    assert session.exec(select(Person)).all() == []


def test_a_provider_vouches_only_for_the_domains_it_is_trusted_with(going, issuer, only):
    only(provider("camden", issuer, domains=("@Camden.example",)))

    going.sign_in(sub="eve", email="chief@hackney.example")
    assert (going.status, going.who) == (403, "")
    going.sign_in(sub="jo", email="jo@camden.example")
    assert going.who == "Jo Bloggs"


# ---- Clocks and keys


def test_clocks_may_differ_by_two_minutes(going):
    now = int(time.time())
    going.sign_in(iat=now + 100, nbf=now + 100, exp=now + 700)
    assert going.who == "Jo Bloggs"
    going.sign_out()
    going.sign_in(iat=now - 700, exp=now - 100)
    assert going.who == "Jo Bloggs"


def test_keys_may_be_changed_under_us(going, issuer):
    going.sign_in()
    going.sign_out()
    issuer.keys = [key("two")]
    issuer.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, key("two"))
    client = oidc_flow.client(provider("camden", issuer))
    client._keys = (client._keys[0] - 31, client._keys[1])  # not a moment after we looked

    going.sign_in()
    assert going.who == "Jo Bloggs"
    assert issuer.asked.count("/jwks") == 2


def test_keys_that_we_do_not_understand_are_passed_over(going, issuer):
    class Strange:
        def __init__(self, **said):
            self.said = said

        def as_dict(self, private):
            return self.said

    issuer.keys = [
        Strange(kty="AKP", alg="ML-DSA-44", kid="one", pub="x"),
        Strange(kty="oct", kid="one", k="c2VjcmV0"),
        Strange(kty="RSA", kid="one", n="AQAB", e="AQAB"),
        Strange(kty="RSA", kid="one", n=17, e="AQAB"),
        Strange(kty="EC", kid="one", crv="P-256", x="!", y="?"),
        Strange(kty="RSA", kid="one", use="enc", n="AQAB", e="AQAB"),
        *issuer.keys,
    ]
    going.sign_in()
    assert going.who == "Jo Bloggs"


def test_other_algorithms_with_two_keys_are_understood(going, issuer):
    issuer.keys = [curve_key("curve")]
    issuer.sign = lambda claims: jwt.encode(
        {"alg": "ES256", "kid": "curve"}, claims, curve_key("curve")
    )
    issuer.document["id_token_signing_alg_values_supported"] = ["ES256"]
    going.sign_in()
    assert going.who == "Jo Bloggs"


# ---- Settings


def test_an_issuer_needs_tls_except_on_this_machine():
    for fine in ("https://oidc.account.gov.uk/", "http://localhost:9400", "http://[::1]:1"):
        assert trustworthy(fine)
    for wrong in (
        "http://login.example",
        "https://",
        "ftp://login.example",
        "https://me:secret@login.example",
        "https://login.example/#x",
        "https://login.example:port",
        "//login.example",
        "javascript:alert(1)",
        "https://login.example/\n",
    ):
        assert not trustworthy(wrong), wrong


def test_a_document_leads_neither_into_our_network_nor_to_this_machine():
    issuer = "https://login.example"
    assert trustworthy("https://graph.example/userinfo", of=issuer)
    for wrong in (
        "http://graph.example/userinfo",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://[fd00::1]/",
        "https://localhost/",
        "http://127.0.0.1:8000/",
    ):
        assert not trustworthy(wrong, of=issuer), wrong
    assert trustworthy("https://10.0.0.1/token", of="https://10.0.0.1")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"issuer": "http://login.example"}, "https is needed"),
        ({"issuer": "https://login.example?tenant=1"}, "https is needed"),
        ({"scope": "email"}, "has to contain openid"),
        ({"slug": "link"}, "called link"),
        ({"slug": "Camden"}, "pattern"),
        ({"client_secret": ""}, "client_secret or private_key"),
        ({"private_key": pem(key("ours"))}, "not both"),
        ({"client_secret": "", "private_key": "no key"}, "a key in PEM is needed"),
        (
            {"client_secret": "", "private_key": key("ours").as_pem(private=False).decode()},
            "a key in PEM is needed",
        ),
        ({"secret": "x"}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong, says):
    about = {"slug": "camden", "title": "Camden", "issuer": "https://login.example"}
    fine = about | {"client_id": "us", "client_secret": "secret"}
    assert Provider(**fine)
    with pytest.raises(ValidationError, match=says):
        Provider(**(fine | wrong))


def test_settings_that_cannot_work_are_refused_in_one_sentence(monkeypatch):
    wrong = {"slug": "camden", "title": "x", "issuer": "http://login.example", "client_id": "us"}
    monkeypatch.setenv("OIDC_PROVIDERS", json.dumps([wrong | {"client_secret": "hidden"}]))
    with pytest.raises(Misconfigured) as why:
        read()
    assert "OIDC_PROVIDERS.0.ISSUER: an address with https is needed" in str(why.value)
    assert "hidden" not in str(why.value)


def test_what_is_kept_in_the_browser_is_not_kept_after_it(going):
    def kept():
        cookie = going.browser.client.cookies.get("page", "")
        return cookie and json.loads(urlsafe_b64decode(cookie.split(".")[0] + "=="))

    going.set_out()
    assert "under-way" in kept()
    going.come_back(**going.issuers["camden"].approve(going.sent))
    assert not kept() or "under-way" not in kept()
    assert signed({}) not in str(kept())


def test_the_examples_of_the_readme_are_settings_that_work():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    section = readme.partition("## Signing in with a provider")[2].partition("\n## ")[0]
    examples = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]
    for one in examples:
        if "private_key" in one:
            one["private_key"] = pem(key("ours")).get_secret_value()
        assert Provider(**one)
    assert [one["slug"] for one in examples] == ["camden", "one-login"]
    for name in Provider.model_fields:
        assert f"`{name}`" in section, name
