"""A provider of OpenID Connect for tests: a real server on this machine that says what it is told,
true or not.
"""

import hashlib
import hmac
import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "us", "told to nobody else"


@cache
def key(kid: str) -> RSAKey:
    """A key of a provider; making one takes a moment, so every test has the same."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@cache
def curve_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@dataclass
class Issuer:
    """What the server says. A test changes what it likes, and sees in `asked` what was asked."""

    address: str = ""
    keys: list[Any] = field(default_factory=lambda: [key("one")])  # that it publishes
    document: dict[str, Any] = field(default_factory=dict)  # over what stands there otherwise
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)  # over what the token endpoint says
    sign: Callable[[dict[str, Any]], str] = lambda claims: signed(claims)
    instead: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)  # that the token endpoint was sent
    logins: list[str] = field(default_factory=list)  # the Authorization headers it was sent

    def approve(self, request: str, *, sub: str = "jo", **claims: Any) -> dict[str, str]:
        """What a person's browser brings back after this request to authorise; `claims` go over
        those of an honest ID token, and None takes one away.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request).query).items()}
        now = int(time.time())
        honest = {
            "iss": self.address,
            "sub": sub,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            "name": "Jo Bloggs",
            "email": f"{sub}@camden.example",
            "email_verified": True,
        }
        said = {name: value for name, value in {**honest, **claims}.items() if value is not None}
        code = uuid4().hex
        self.codes[code] = {"claims": said, **asked}
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            ends = {
                name: f"{self.address}/{path}"
                for name, path in (
                    ("authorization_endpoint", "authorize"),
                    ("token_endpoint", "token"),
                    ("jwks_uri", "jwks"),
                    ("userinfo_endpoint", "userinfo"),
                    ("end_session_endpoint", "leave"),
                )
            }
            return 200, {"issuer": self.address, **ends, **self.document}
        if path == "/jwks":
            return 200, {"keys": [one.as_dict(private=False) for one in self.keys]}
        if path == "/userinfo":
            return 200, self.userinfo
        if path == "/token":
            return self._exchange(form)
        return 404, {}

    def _exchange(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        about = self.codes.pop(form.get("code", ""), None)  # once, as every provider has to
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(proof).rstrip(b"=").decode()
        if (
            about is None
            or about["code_challenge"] != challenge
            or about["code_challenge_method"] != "S256"
            or about["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        given = {"access_token": "access", "token_type": "Bearer"}
        return 200, {**given, "id_token": self.sign(about["claims"]), **self.token}


def signed(claims: dict[str, Any], kid: str = "one", **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": kid, **header}, claims, key(kid))


def by_hand(header: dict[str, Any], payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    """A token that no library would make."""
    signing = f"{_text(json.dumps(header).encode())}.{_text(payload)}"
    return f"{signing}.{_text(sign(signing.encode()))}"


def unsigned(claims: dict[str, Any]) -> str:
    return by_hand({"alg": "none", "typ": "JWT"}, json.dumps(claims).encode(), lambda _: b"")


def signed_with_what_everybody_knows(claims: dict[str, Any]) -> str:
    """With an HMAC whose key is the public key, as PEM."""
    known = key("one").as_pem(private=False)
    payload = json.dumps(claims).encode()
    header = {"alg": "HS256", "kid": "one"}
    return by_hand(header, payload, lambda data: hmac.digest(known, data, "sha256"))


def with_our_key(data: bytes) -> bytes:
    """An honest signature, whatever is under it."""
    return key("one").raw_value.sign(data, PKCS1v15(), SHA256())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def basic(header: str) -> str:
    return b64decode(header.removeprefix("Basic ")).decode()


@contextmanager
def speaking() -> Iterator[Issuer]:
    """An issuer, and the server that speaks for it until the block ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def _speak(self) -> None:
            path = urlsplit(self.path).path
            size = int(self.headers.get("Content-Length", 0))
            sent = parse_qs(self.rfile.read(size).decode())
            form = {name: values[0] for name, values in sent.items()}
            issuer.asked.append(path)
            if path == "/token":
                issuer.forms.append(form)
            if login := self.headers.get("Authorization"):
                issuer.logins.append(login)
            if instead := issuer.instead.get(path):
                instead(self)
                return
            status, said = issuer.answer(path, form)
            write(self, status, json.dumps(said).encode(), "application/json")

        do_GET = do_POST = _speak  # noqa: N815 - the names that the server looks for

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write(to: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, **headers: str) -> None:
    to.send_response(status)
    to.send_header("Content-Type", kind)
    to.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)
