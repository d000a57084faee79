"""How often is too often: what could be tried again and again is counted, each name with its limit.

Counting is in moving windows, in the memory of this process (`memory://`, so two processes allow
twice as much) or in Redis. Whoever runs the marketplace settles which address a client has: it is
`request.client`, into which uvicorn puts what a trusted proxy says; no header is read here.
"""

import math
import time
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

import structlog
from limits import parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

LIMITS: Mapping[str, str] = {
    "link": "5/hour;20/day",  # links by e-mail, an address they are sent to
    "links": "20/hour",  # links by e-mail, a client's address
    "code": "30/hour",  # tries at the six figures, a client's address; each link has its own five
    "provider": "60/hour",  # signing in with a provider begun, a client's address
    "invitation": "50/day",  # an organisation
    "company": "30/hour",  # a number looked up at Companies House, a person
    "report": "10/day",  # of a product in the wrong area of work, a person
    "search": "120/minute",  # a person or, of visitors, a client's address
}
_ITEMS = {name: parse_many(limit) for name, limit in LIMITS.items()}
PATIENCE = 1  # seconds that Redis may take

log = structlog.get_logger()


class Throttle:
    """The counters of one application."""

    def __init__(self, url: str) -> None:
        """Raises ValueError, with a sentence, for a place where nothing can be counted."""
        self._shared = _counting(url)
        self._own = MovingWindowRateLimiter(MemoryStorage())  # while Redis does not answer

    def hit(self, name: str, key: str) -> int:
        """Counts one more of `name` by whoever `key` is. 0: go on; otherwise the seconds to wait,
        and it was not counted.
        """
        try:
            return _hit(self._shared, name, key)
        except StorageError:
            log.warning("throttle.unavailable", name=name)
            return _hit(self._own, name, key)


def check(url: str) -> str:
    """The place to count in, if it is one; raises ValueError with a sentence otherwise."""
    if url != "memory://":
        _counting(url)
    return url


def client(connection: HTTPConnection) -> str:
    """Where a request comes from. A network of IPv6 counts as one: it has addresses to waste."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(getattr(address, "ipv4_mapped", None) or address)


def _counting(url: str) -> MovingWindowRateLimiter:
    options: dict[str, Any] = {"wrap_exceptions": True}
    if not url.startswith("memory:"):
        options |= {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        return MovingWindowRateLimiter(storage_from_string(url, **options))
    except (ConfigurationError, NotImplementedError) as why:
        raise ValueError(f"Throttling cannot count there: {why}.") from None


def _hit(strategy: MovingWindowRateLimiter, name: str, key: str) -> int:
    wait = 0.0
    for item in _ITEMS[name]:
        if not strategy.hit(item, name, key):
            left = strategy.get_window_stats(item, name, key).reset_time - time.time()
            wait = max(wait, left, 1)
    return math.ceil(wait)
