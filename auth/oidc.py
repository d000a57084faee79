"""Signing in with a provider of OpenID Connect: who vouches for people, and how they prove it.

The settings of a provider are here, because every process reads them; what speaks to it is in
`oidc_wire`, `oidc_tokens` and `oidc_flow`, which only a process that signs people in loads.
"""

import ipaddress
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class Why(StrEnum):
    """Why somebody did not get in."""

    DOWN = "down"  # the provider is away, slow, or does not make sense
    DECLINED = "declined"  # the provider, or the person at the provider, said no
    LOST = "lost"  # it was not begun in this browser, or too long ago, or it is over already
    REFUSED = "refused"  # what the provider said does not pass our checks


class Trouble(Exception):  # noqa: N818 - nobody got in; the page says why
    """Signing in came to nothing. The text is for the log: nothing secret, nobody's name."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(detail)
        self.why = why


class Provider(BaseModel):
    """One provider, as `OIDC_PROVIDERS` has it. It authenticates us by a secret or by our key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str  # what the button says: "Microsoft (boroughs)", "GOV.UK One Login"
    issuer: str  # exactly as its own document has it, to the last slash
    client_id: str
    client_secret: SecretStr = SecretStr("")
    private_key: SecretStr = SecretStr("")  # PEM, for `private_key_jwt`
    key_id: str = ""  # how the provider calls our key, where it wants to be told
    scope: str = "openid email profile"
    vtr: tuple[str, ...] = ()  # vectors of trust, for GOV.UK One Login: "Cl.Cm"
    domains: tuple[str, ...] = ()  # of the addresses that it may vouch for; empty: any
    audience: Literal["authorities", "suppliers", "everybody"] = "everybody"

    @field_validator("slug")
    @classmethod
    def _slug_is_free(cls, slug: str) -> str:
        if slug == "link":
            raise ValueError("another way of signing in is called link")
        return slug

    @field_validator("issuer")
    @classmethod
    def _issuer_can_be_trusted(cls, issuer: str) -> str:
        if not trustworthy(issuer) or urlsplit(issuer).query:
            raise ValueError("an address with https is needed; http only on this machine")
        return issuer

    @field_validator("scope")
    @classmethod
    def _asks_who_it_is(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("the scope has to contain openid")
        return scope

    @field_validator("domains")
    @classmethod
    def _domains_in_small_letters(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.lower().removeprefix("@") for domain in domains)

    @model_validator(mode="after")
    def _one_way_to_authenticate(self) -> "Provider":
        if bool(self.client_secret.get_secret_value()) == bool(self.private_key.get_secret_value()):
            raise ValueError(f"{self.slug}: give client_secret or private_key, and not both")
        if pem := self.private_key.get_secret_value():
            from auth.oidc_tokens import signing_key  # here, because few providers have one

            signing_key(pem)
        return self


def on_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "localhost" or bool((ip := _ip(host)) and ip.is_loopback)


def trustworthy(address: str, *, of: str = "") -> bool:
    """Whether an address may be spoken to: over TLS, so that whoever answers has proven its name.

    `of` is the issuer whose document names the address. Only an issuer on this machine may do
    without TLS and send us elsewhere on this machine, and only the issuer's own host may be a
    number: a document must not lead us to what stands inside our network.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or not address.isprintable():
        return False
    if parts.scheme == "http":
        return on_this_machine(address) and (not of or on_this_machine(of))
    if parts.scheme != "https":
        return False
    own = not of or host == urlsplit(of).hostname
    return own or (_ip(host) is None and not on_this_machine(address))


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
