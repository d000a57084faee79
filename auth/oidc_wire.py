"""Asking a provider for one JSON object: soon, small, and from no other place than was said."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx

from auth.oidc import Provider, Trouble, Why, on_this_machine

PATIENCE = 5.0  # seconds for all that one step of signing in asks of a provider
LARGEST = 500_000  # bytes of an answer; a token with many groups has some ten thousand
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}

Answer = dict[str, Any]


@asynccontextmanager
async def speaking(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    """A connection to a provider for one step. Whatever goes wrong on the way is Trouble."""
    here = on_this_machine(provider.issuer)
    try:
        async with (
            asyncio.timeout(PATIENCE),  # httpx's own limits start anew with every byte
            httpx.AsyncClient(
                follow_redirects=False,
                headers=HEADERS,
                timeout=PATIENCE,
                trust_env=not here,  # a proxy leads out, and what is here is not there
                verify=_authorities(),
            ) as client,
        ):
            yield client
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as why:
        raise Trouble(Why.DOWN, f"no answer: {type(why).__name__}") from None


@cache
def _authorities() -> ssl.SSLContext:
    """Who we believe about names: read once, because it takes a moment."""
    return httpx.create_ssl_context()


async def ask(
    client: httpx.AsyncClient,
    method: str,
    address: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> tuple[int, Answer]:
    """The status and the JSON object that came back."""
    async with client.stream(method, address, data=data, headers=headers, auth=auth) as answer:
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Trouble(Why.DOWN, "the answer is compressed, which was not asked for")
        body = bytearray()
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > LARGEST:
                raise Trouble(Why.DOWN, "the answer is too large")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Trouble(Why.DOWN, f"no JSON object, status {answer.status_code}")
    return answer.status_code, said


async def fetch(
    client: httpx.AsyncClient, address: str, *, headers: Mapping[str, str] | None = None
) -> Answer:
    """What stands at an address; anything but success is Trouble."""
    status, said = await ask(client, "GET", address, headers=headers)
    if status != 200:
        raise Trouble(Why.DOWN, f"status {status}")
    return said
