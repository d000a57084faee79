"""Secrets that are handed out and recognised again; only their digests are kept."""

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, URLSafeSerializer


def new() -> str:
    """A token that cannot be guessed, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Signer:
    """Makes tokens that carry what they are for, so that nothing secret has to be kept."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def sign(self, purpose: str, *parts: str | int) -> str:
        return str(URLSafeSerializer(self._secret, salt=purpose).dumps(list(parts)))

    def read(self, purpose: str, token: str) -> list[str | int] | None:
        """The parts of a token that was signed for this purpose; None of any other."""
        try:
            parts = URLSafeSerializer(self._secret, salt=purpose).loads(token)
        except BadSignature:
            return None
        return parts if isinstance(parts, list) else None

    def six_figures(self, purpose: str, *parts: str | int) -> str:
        """A code short enough to be typed, always the same for the same parts; it needs a limit of
        tries beside it.
        """
        message = self.sign(purpose, *parts).encode()
        mac = hmac.digest(self._secret.encode(), message, "sha256")
        return f"{int.from_bytes(mac) % 1_000_000:06}"
