"""What every answer gets: a request id, a log line, and the headers that keep a browser safe."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from uuid import uuid4

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFETY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SEALED = "sealed"  # tag of the routes that the log says nothing of, unless they fail
ONE_YEAR = "max-age=31536000; includeSubDomains"

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = structlog.get_logger()


class Surroundings:
    """Pure ASGI, around everything else. Logs the route's path, never what was typed into it.

    What breaks is answered in here, by `broken`, because outside it would have none of this.
    """

    def __init__(
        self, app: ASGIApp, *, secure: bool, broken: Callable[[Request, Exception], Response]
    ) -> None:
        self.app, self.secure, self.broken = app, secure, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0
        # A NUL is no letter of any word, and PostgreSQL cannot even be asked for one.
        scope = {**scope, "query_string": scope["query_string"].replace(b"%00", b"")}
        request_id.set(uuid4().hex[:12])

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY.items():
                    headers.setdefault(name, value)
                keep = "no-store" if _sealed(scope) else "no-cache"
                headers.setdefault("Cache-Control", f"private, {keep}")
                headers["X-Request-Id"] = request_id.get()
                if self.secure:
                    headers["Strict-Transport-Security"] = ONE_YEAR
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as why:
            if not status:  # nothing has been sent yet
                answer = await run_in_threadpool(self.broken, Request(scope, receive), why)
                await answer(scope, receive, sending)
            raise
        finally:
            sealed = _sealed(scope)
            if not (scope["path"].startswith("/assets/") or (sealed and status < 500)):
                log.info(
                    "request",
                    request_id=request_id.get(),
                    method=scope["method"],
                    route=SEALED if sealed else getattr(scope.get("route"), "path", scope["path"]),
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                )


def _sealed(scope: Scope) -> bool:
    return SEALED in getattr(scope.get("route"), "tags", ())


class BodyLimit:
    """Stops reading a request that is larger than it may be, before it fills the disk."""

    def __init__(self, app: ASGIApp, most: int, more: Mapping[str, int]) -> None:
        self.app, self.most, self.more = app, most, more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.more.get(scope["path"], self.most)
        said = Headers(scope=scope).get("content-length", "")
        left = most - int(said) if said.isdecimal() else most
        read = 0

        async def receiving() -> Message:
            nonlocal read
            if left < 0:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self.app(scope, receiving, send)
