"""A marketplace with a provider, and a browser that goes there and back."""

from tests.auth.going import going, issuer, refused, second, settings

__all__ = ["going", "issuer", "refused", "second", "settings"]
