"""Request forgery is refused by where a request comes from, so forms need no token.

A browser says it in `Sec-Fetch-Site`, an older one in `Origin`; a page on another site can forge
neither.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
REFUSED = "This form was not sent from our own pages, so nothing was changed. Open the page again."


def from_here(headers: Headers) -> bool:
    """Whether a request came from a page of this site, as far as its headers can show it."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host")


class OriginCheck:
    """Refuses changing requests that another site sent.

    `scriptable` names paths that a client without either header, so not a browser, may post to; one
    that ends with a slash stands for all below it.
    """

    def __init__(self, app: ASGIApp, scriptable: Iterable[str] = ()) -> None:
        self.app, self.scriptable = app, frozenset(scriptable)
        self.below = tuple(path for path in self.scriptable if path.endswith("/"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            headers = Headers(scope=scope)
            silent = "origin" not in headers and "sec-fetch-site" not in headers
            if not from_here(headers) and not (silent and self._may(scope["path"])):
                await PlainTextResponse(REFUSED, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _may(self, path: str) -> bool:
        return path in self.scriptable or path.startswith(self.below)
