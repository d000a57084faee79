"""How quick pages are: beside their template drawn from constants, and with many rows beside few.

`python -m tests.benchmarks.page_speed` prints the table.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI, Request, Response
from jinja2 import Template
from rich.console import Console

from marketplace.app import build
from marketplace.core.pages import page
from tests.benchmarks.calling import Caller, UnexpectedAnswerError
from tests.benchmarks.comparing import Comparison, Figure, Line, compare, table
from tests.benchmarks.worlds import AUTHOR, Filled, filled
from tests.browser_of_pages import MOST_QUERIES, counting

AT_ONCE = 10  # requests in one measurement: a page takes a few milliseconds
FEW, MANY = 100, 100_000
HALF_THE_THROUGHPUT = 2  # times the time
A_LIST_OF_MANY = 1.5  # times the time of a list of few


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with filled(folder / "whole", FEW, FEW) as world:
            lines = [line for who in (None, AUTHOR) for line in beside_constants(world, who)]
        return [*lines, *queries(folder), *many_rows(folder)]


# ---- Beside constants


def beside_constants(world: Filled, persona: str | None) -> Iterator[Comparison]:
    """Each page beside the same template drawn from the same values, without asking anything."""
    who = persona or "visitor"
    with application(world, persona) as caller:
        for address in addresses(world):
            constant = _constant(caller, address)
            yield compare(
                f"{_called(world, address)} as {who}",
                _asking(caller, address),
                "its template drawn from constants",
                _asking(caller, constant),
                target=HALF_THE_THROUGHPUT,
                times=AT_ONCE,
            )


def addresses(world: Filled) -> Sequence[str]:
    return (
        "/challenges",
        f"/challenges/{world.challenges[-1]}",
        "/products",
        f"/products/{world.products[-1]}",
        "/standards",
        "/standards/matrix",
    )


def _constant(caller: Caller, address: str) -> str:
    """The address of a page that draws what the page at `address` draws, from values kept."""
    name, values = _drawn(caller, address)

    def drawn(request: Request) -> Response:
        return page(request, name, **values)

    constant = f"/constants{address}"
    caller.app.add_api_route(constant, drawn)
    routes = caller.app.router.routes
    routes.insert(0, routes.pop())  # before those with parameters, which are more work to look at
    for _ in range(3):  # a minute may have passed: "2 minutes ago"
        same = caller.get(constant).body.replace(constant.encode(), address.encode())
        if same == caller.get(address).body:
            return constant
    raise UnexpectedAnswerError(f"{constant} draws another page than {address}")


def _drawn(caller: Caller, address: str) -> tuple[str, dict[str, Any]]:
    """The template that a page draws, and what it draws it from."""
    seen: list[tuple[str, dict[str, Any]]] = []
    render = Template.render

    def watched(template: Template, values: Mapping[str, Any]) -> str:
        seen.append((str(template.name), dict(values)))
        return render(template, values)

    with patch.object(Template, "render", watched):
        caller.get(address)
    name, values = seen[-1]
    del values["request"]
    return name, values


# ---- Queries


def queries(folder: Path) -> Iterator[Figure]:
    """The statements of a page, which do not grow with what there is."""
    numbers: dict[str, list[int]] = {}
    for rows in (5, 50):
        with filled(folder / f"of-{rows}", rows, rows) as world:
            for persona in (None, AUTHOR):
                with application(world, persona) as caller:
                    for address in addresses(world):
                        name = f"{_called(world, address)} as {persona or 'visitor'}"
                        with counting(world.marketplace.engine) as ran:
                            caller.get(address)
                        numbers.setdefault(name, []).append(len(ran))
    for name, (with_5, with_50) in numbers.items():
        yield Figure(
            f"queries of {name}, 50 rows", with_50, "", f"{with_5} with 5 rows", most=MOST_QUERIES
        )


# ---- Many rows


def many_rows(folder: Path) -> Iterator[Comparison]:
    with ExitStack() as opened:

        def caller(name: str, challenges: int, products: int) -> Caller:
            world = opened.enter_context(filled(folder / name, challenges, products, brief=True))
            return opened.enter_context(application(world, None))

        few = caller("few", FEW, FEW)
        for address, many in (
            ("/challenges", caller("challenges", MANY, FEW)),
            ("/products", caller("products", FEW, MANY)),
        ):
            for filters in ("", "?area=housing-repairs"):
                yield compare(
                    f"{address}{filters} of {MANY:,}",
                    _asking(many, address + filters),
                    f"of {FEW:,}",
                    _asking(few, address + filters),
                    target=A_LIST_OF_MANY,
                    times=AT_ONCE,
                )


# ---- For all of them


@contextmanager
def application(world: Filled, persona: str | None) -> Iterator[Caller]:
    """A caller of the web application, signed in as a persona or as a visitor."""
    app: FastAPI = build(world.marketplace)
    gc.collect()
    gc.freeze()  # as a server does at its start
    caller = Caller(app)
    try:
        if persona:
            caller.sign_in(persona)
        yield caller
    finally:
        gc.unfreeze()
        caller.close()


def _asking(caller: Caller, address: str) -> Callable[[], object]:
    return lambda: caller.get(address, AT_ONCE)


def _called(world: Filled, address: str) -> str:
    """An address in words: without the id in it."""
    return address.replace(str(world.challenges[-1]), "{id}").replace(
        str(world.products[-1]), "{id}"
    )


if __name__ == "__main__":
    Console().print(table(run()))
