"""What a provider signs, and what we sign for it: keys, and the checks of an ID token."""

from collections.abc import Collection, Mapping
from typing import Any

from authlib.oauth2.rfc7523 import private_key_jwt_sign  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import to_bytes, urlsafe_b64decode

from auth.oidc import Provider, Trouble, Why

# Only what needs a private key to make. `none` and the HMACs, whose key everybody could read from
# the provider's public ones, are not among them, whatever a token or a document may say.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
)
STRONG = 2048  # bits of an RSA key
SKEW = 120  # seconds by which clocks may differ
ASSERTION_SECONDS = 300
LONGEST_SUBJECT = 255  # by the standard

MALFORMED = (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError)


class UnknownKeyError(Exception):
    """None of these keys signed it; there may be newer ones."""


def signing_key(pem: str) -> tuple[Key, str]:
    """Our own key, and the algorithm that goes with its kind."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, RSAPrivateKey) and key.key_size >= STRONG:
        return RSAKey.import_key(pem), "RS256"
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return ECKey.import_key(pem), "ES256"
    raise ValueError(
        "private_key: a key in PEM is needed, RSA with 2048 bits or more or on the curve P-256"
    )


def assertion(provider: Provider, token_endpoint: str) -> str:
    """Who we are, signed with our own key, for one request to the token endpoint."""
    key, algorithm = signing_key(provider.private_key.get_secret_value())
    return str(
        private_key_jwt_sign(
            key,
            provider.client_id,
            token_endpoint,
            alg=algorithm,
            header={"kid": provider.key_id} if provider.key_id else {},
            expires_in=ASSERTION_SECONDS,
        )
    )


def public_keys(document: Mapping[str, Any]) -> KeySet:
    """The keys of a JWKS that can check a signature; what we cannot use is passed over."""
    listed = document.get("keys")
    keys: list[Key] = []
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("use") == "enc":
            continue
        try:
            if one.get("kty") == "EC":
                keys.append(ECKey.import_key(one))
            elif one.get("kty") == "RSA" and _bits(one["n"]) >= STRONG:
                keys.append(RSAKey.import_key(one))
        except MALFORMED:
            continue
    return KeySet(keys)


def claims(
    provider: Provider,
    token: str,
    keys: KeySet,
    *,
    nonce: str,
    access_token: str,
    algorithms: Collection[str],
) -> dict[str, Any]:
    """What an ID token says, after every check that can be made of it."""
    allowed = ALGORITHMS.intersection(algorithms or ALGORITHMS)
    if not allowed:  # an empty list would let joserfc choose, HMACs among it
        raise Trouble(Why.REFUSED, "no algorithm that we accept")
    registry = JWSRegistry(algorithms=sorted(allowed), strict_check_header=False)
    try:
        read = jwt.decode(token, keys, registry=registry)
    except (InvalidKeyIdError, BadSignatureError):
        raise UnknownKeyError from None
    except MALFORMED as wrong:
        raise Trouble(Why.REFUSED, f"id token: {type(wrong).__name__}") from None
    wanted = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }
    about = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    try:
        CodeIDToken(read.claims, read.header, wanted, about).validate(leeway=SKEW)
    except MALFORMED as wrong:
        raise Trouble(Why.REFUSED, f"id token: {wrong}"[:200]) from None
    subject = read.claims["sub"]
    if len(subject) > LONGEST_SUBJECT or not subject.isascii() or not subject.isprintable():
        raise Trouble(Why.REFUSED, "id token: sub is not what the standard allows")
    if provider.vtr and not _trusted_enough(provider.vtr, read.claims.get("vot")):
        raise Trouble(Why.REFUSED, "id token: vot is not what vtr asked for")
    return read.claims


def _bits(number: str) -> int:
    return 8 * len(urlsafe_b64decode(to_bytes(number)))


def _trusted_enough(asked: Collection[str], given: object) -> bool:
    """Whether the vector of trust has every component of one that was asked for."""
    has = set(given.split(".")) if isinstance(given, str) else set()
    return any(has.issuperset(one.split(".")) for one in asked)
