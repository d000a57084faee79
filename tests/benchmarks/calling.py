"""A caller of the application within this process, so light that the application is the work."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import Message

HOST = b"127.0.0.1"


class UnexpectedAnswerError(Exception):
    """A page that was to be measured is not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes
    cookie: bytes  # of the session that begins


class Caller:
    """Asks one application, as a visitor until somebody signs in."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._cookie = b""
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def sign_in(self, persona: str) -> None:
        answer = self._ask("POST", "/demo/sign-in", urlencode({"persona": persona}).encode())
        if answer.status != 303:
            raise UnexpectedAnswerError(f"{persona} cannot sign in: {answer.status}")
        self._cookie = answer.cookie

    def get(self, address: str, times: int = 1) -> Answer:
        """Asks for a page, several times one after another; the last answer."""
        for _ in range(times):
            answer = self._ask("GET", address)
        if answer.status != 200:
            raise UnexpectedAnswerError(f"{address} answered {answer.status}")
        return answer

    def _ask(self, method: str, address: str, body: bytes = b"") -> Answer:
        return self._loop.run_until_complete(self._exchange(method, address, body))

    async def _exchange(self, method: str, address: str, body: bytes) -> Answer:
        path, _, query = address.partition("?")
        headers = [(b"host", HOST), (b"content-length", str(len(body)).encode())]
        if body:
            headers.append((b"content-type", b"application/x-www-form-urlencoded"))
        if self._cookie:
            headers.append((b"cookie", self._cookie))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, *pieces = sent
        text = b"".join(piece.get("body", b"") for piece in pieces)
        given = (value for name, value in start["headers"] if name == b"set-cookie")
        cookie = next((one for one in given if one.startswith(b"session=")), b"")
        return Answer(start["status"], dict(start["headers"]), text, cookie.partition(b";")[0])
