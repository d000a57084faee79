"""Signing in with one provider, step by step: off to it, back from it, and out of it again.

The code flow of OpenID Connect, with PKCE, `state` and `nonce`. What has to be remembered in
between is an `Attempt`; who keeps it sees to it that it belongs to one browser and is used once.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError, model_validator

from auth import oidc_tokens, oidc_wire, tokens
from auth.oidc import Provider, Trouble, Why, trustworthy

LIFETIME = 600  # seconds from setting out for the provider until coming back
DOCUMENT_SECONDS = 3600  # how long a provider's document and its keys are believed
KEYS_AGAIN_SECONDS = 30  # how soon an unknown key may make us look for new ones once more
LONGEST_HINT = 4000  # letters of an ID token that fit into an address

DECLINED = {
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "login_required",
}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Document(BaseModel):
    """What a provider says of itself at `/.well-known/openid-configuration`, as far as we need."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    id_token_signing_alg_values_supported: list[str] = []
    authorization_response_iss_parameter_supported: bool = False

    @model_validator(mode="before")
    @classmethod
    def _null_is_nothing(cls, said: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in said.items() if value is not None}

    @model_validator(mode="after")
    def _leads_nowhere_else(self) -> "Document":
        ends = (self.authorization_endpoint, self.token_endpoint, self.jwks_uri)
        more = (self.userinfo_endpoint, self.end_session_endpoint)
        if not all(trustworthy(one, of=self.issuer) for one in (*ends, *filter(None, more))):
            raise ValueError("an endpoint is not where it may be")
        return self


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signing in that is under way."""

    provider: str  # its slug
    state: str
    nonce: str
    verifier: str
    at: int
    again: bool = False  # somebody who is signed in proves once more who they are


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody is, by the word of a provider that has been checked."""

    issuer: str
    subject: str
    name: str
    email: str  # in small letters; empty when the provider does not vouch for any
    id_token: str
    access_token: str


def recognise(kept: object, slug: str, answer: Mapping[str, str]) -> Attempt:
    """The attempt that this answer belongs to, from what the browser kept of it."""
    try:
        attempt = Attempt(**kept) if isinstance(kept, dict) else None
    except TypeError:
        attempt = None
    if attempt is None or attempt.provider != slug:
        raise Trouble(Why.LOST, "nothing was begun with this provider")
    if "state" not in answer and answer.get("error") in DECLINED:  # some leave it out of a no
        raise Trouble(Why.DECLINED, "the provider says no, and not to whom")
    if not compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
        raise Trouble(Why.LOST, "another state")
    return attempt


class Client:
    """Speaks with one provider, and remembers for a while what it said of itself."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._document: tuple[float, Document] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def start(self, *, back: str, again: bool = False) -> tuple[str, Attempt]:
        """Where to send the browser, and what to remember until it comes back to `back`."""
        async with oidc_wire.speaking(self.provider) as http:
            document = await self._read_document(http)
        attempt = Attempt(
            provider=self.provider.slug,
            state=tokens.new(),
            nonce=tokens.new(),
            verifier=tokens.new(),
            at=int(time.time()),
            again=again,
        )
        more: dict[str, str] = {"prompt": "login", "max_age": "0"} if again else {}
        if self.provider.vtr:
            more["vtr"] = json.dumps(list(self.provider.vtr), separators=(",", ":"))
        address = prepare_grant_uri(
            document.authorization_endpoint,
            client_id=self.provider.client_id,
            response_type="code",
            redirect_uri=back,
            scope=self.provider.scope,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            **more,
        )
        return str(address), attempt

    async def finish(self, attempt: Attempt, answer: Mapping[str, str], *, back: str) -> Proof:
        """Who came back. `answer` is what the provider gave the browser to bring."""
        if time.time() - attempt.at > LIFETIME:
            raise Trouble(Why.LOST, "begun too long ago")
        async with oidc_wire.speaking(self.provider) as http:
            document = await self._read_document(http)
            said = answer.get("iss")
            if said is None and document.authorization_response_iss_parameter_supported:
                raise Trouble(Why.REFUSED, "the answer does not say who it is from")
            if said is not None and said != self.provider.issuer:
                raise Trouble(Why.REFUSED, "the answer is from another provider")
            if wrong := answer.get("error"):
                why = Why.DECLINED if wrong in DECLINED else Why.DOWN
                raise Trouble(why, f"the provider says {_code(wrong)}")
            if not (code := answer.get("code")):
                raise Trouble(Why.LOST, "no code")
            given = await self._exchange(http, document, code, attempt.verifier, back)
            id_token, access_token = given.get("id_token"), given.get("access_token", "")
            if not isinstance(id_token, str) or not isinstance(access_token, str):
                raise Trouble(Why.REFUSED, "no id token")
            claims = await self._checked(http, document, id_token, access_token, attempt.nonce)
        if attempt.again and _before(claims.get("auth_time"), attempt.at - oidc_tokens.SKEW):
            raise Trouble(Why.REFUSED, "auth_time: nobody was asked again")
        name, email = self._told(claims)
        subject = claims["sub"]
        return Proof(self.provider.issuer, subject, name, email, id_token, access_token)

    async def ask_more(self, proof: Proof) -> Proof:
        """The same, with the name and the address from the userinfo endpoint, if there is one."""
        async with oidc_wire.speaking(self.provider) as http:
            document = await self._read_document(http)
            if not document.userinfo_endpoint or not proof.access_token:
                return proof
            said = await oidc_wire.fetch(
                http,
                document.userinfo_endpoint,
                headers={"Authorization": f"Bearer {proof.access_token}"},
            )
        if said.get("sub") != proof.subject:
            raise Trouble(Why.REFUSED, "userinfo is about somebody else")
        name, email = self._told(said)
        return replace(proof, name=proof.name or name, email=proof.email or email)

    async def way_out(self, id_token: str, *, back: str) -> str:
        """Where to send the browser so that the provider signs its person out, too."""
        async with oidc_wire.speaking(self.provider) as http:
            document = await self._read_document(http)
        if not document.end_session_endpoint:
            return ""
        given = {
            "id_token_hint": id_token if len(id_token) <= LONGEST_HINT else "",
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": back,
            "state": tokens.new(),
        }
        filled = [(name, value) for name, value in given.items() if value]
        return str(add_params_to_uri(document.end_session_endpoint, filled))

    async def _read_document(self, http: httpx.AsyncClient) -> Document:
        if self._document and _age(self._document[0]) < DOCUMENT_SECONDS:
            return self._document[1]
        address = get_well_known_url(self.provider.issuer, external=True)
        try:
            document = Document.model_validate(await oidc_wire.fetch(http, address))
        except ValidationError as wrong:
            raise Trouble(Why.DOWN, f"its document: {wrong.errors()[0]['loc']}") from None
        if document.issuer != self.provider.issuer:
            raise Trouble(Why.DOWN, "its document is another issuer's")
        self._document = (time.monotonic(), document)
        return document

    async def _read_keys(
        self, http: httpx.AsyncClient, document: Document, *, younger_than: float
    ) -> KeySet:
        if self._keys and _age(self._keys[0]) < younger_than:
            return self._keys[1]
        keys = oidc_tokens.public_keys(await oidc_wire.fetch(http, document.jwks_uri))
        self._keys = (time.monotonic(), keys)
        return keys

    async def _exchange(
        self, http: httpx.AsyncClient, document: Document, code: str, verifier: str, back: str
    ) -> dict[str, Any]:
        """What the provider gives for a code."""
        us, secret = self.provider.client_id, self.provider.client_secret.get_secret_value()
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        basic = None
        if not secret:
            signed = oidc_tokens.assertion(self.provider, document.token_endpoint)
            data |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
        elif "client_secret_post" in document.token_endpoint_auth_methods_supported:
            data |= {"client_id": us, "client_secret": secret}
        else:
            basic = (quote_plus(us), quote_plus(secret))
        status, given = await oidc_wire.ask(
            http, "POST", document.token_endpoint, data=data, auth=basic
        )
        if status == 200:
            return given
        wrong = _code(given.get("error"))
        why = Why.LOST if wrong == "invalid_grant" else Why.DOWN
        raise Trouble(why, f"the token endpoint says {wrong}, status {status}")

    async def _checked(
        self,
        http: httpx.AsyncClient,
        document: Document,
        id_token: str,
        access_token: str,
        nonce: str,
    ) -> dict[str, Any]:
        """What the ID token says. An unknown key may be a new one, so they are read again, but
        not so often that anybody could keep us reading.
        """
        for age in (DOCUMENT_SECONDS, KEYS_AGAIN_SECONDS):
            keys = await self._read_keys(http, document, younger_than=age)
            try:
                return oidc_tokens.claims(
                    self.provider,
                    id_token,
                    keys,
                    nonce=nonce,
                    access_token=access_token,
                    algorithms=document.id_token_signing_alg_values_supported,
                )
            except oidc_tokens.UnknownKeyError:
                continue
        raise Trouble(Why.REFUSED, "id token: signed with none of the provider's keys")

    def _told(self, claims: Mapping[str, Any]) -> tuple[str, str]:
        """The name and the address, as far as they can be believed."""
        parts = (claims.get("given_name"), claims.get("family_name"))
        name = _words(claims.get("name")) or _words(" ".join(map(_words, parts)))
        email = _words(claims.get("email")).lower()
        verified = claims.get("email_verified", True) in (True, "true")  # some say it in a word
        ours = not self.provider.domains or email.rpartition("@")[2] in self.provider.domains
        fine = bool(ADDRESS.fullmatch(email)) and len(email) <= 254
        return name[:200], email if fine and verified and ours else ""


@cache
def client(provider: Provider) -> Client:
    """The one client of this process for a provider."""
    return Client(provider)


def _before(moment: object, other: int) -> bool:
    return isinstance(moment, int | float) and moment < other


def _age(since: float) -> float:
    return time.monotonic() - since


def _words(value: object) -> str:
    """A text without anything that cannot be seen, in one line."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def _code(value: object) -> str:
    """An error's name, fit for a log: whatever else was written in its place is not told."""
    known = isinstance(value, str) and re.fullmatch(r"[a-z_]{1,60}", value)
    return str(value) if known else "an error without a name"
