"""Every address that the marketplace answers, as its routers have them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from fastapi.routing import APIRoute
from starlette.routing import compile_path

from marketplace.app import ROUTERS
from marketplace.demo import router as demo


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    name: str
    pattern: re.Pattern[str]


@cache
def routes() -> tuple[Route, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(_routes())


def _routes() -> Iterator[Route]:
    for route in api_routes():
        for method in sorted(route.methods - {"HEAD"}):
            yield Route(method, route.path, route.name, compile_path(route.path)[0])


def api_routes() -> Iterator[APIRoute]:
    for router in (*ROUTERS, demo):
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def find(method: str, url: str) -> Route | None:
    """The route that answers this address."""
    path = urlsplit(url).path
    answering = (one for one in routes() if one.method == method and one.pattern.match(path))
    return next(answering, None)


def to_get() -> list[Route]:
    return [one for one in routes() if one.method == "GET"]


def to_post() -> list[Route]:
    return [one for one in routes() if one.method == "POST"]
