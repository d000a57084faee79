"""Drawing pages. A block named like the element htmx wants to replace is drawn alone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from markupsafe import Markup

from marketplace.core import markup, money, times
from marketplace.core.controls import control
from marketplace.core.finding import ORDERS
from marketplace.core.forms import revealed

TEMPLATES = Path(__file__).parents[2] / "templates"
VARY = {"Vary": "HX-Request, HX-Request-Type, HX-Target"}
TO_THE_TOP = {"HX-Retarget": "#main", "HX-Reswap": "innerHTML scroll:top scrollTarget:window"}


FILTERS: Mapping[str, Callable[..., Any]] = {
    "when": times.when,
    "day": times.day,
    "ago": times.ago,
    "pounds": money.pounds,
    # What was kept as text, in a content that is compared and sealed
    "money": lambda text: money.pounds(Decimal(text)),
    "date": lambda text: times.day(date.fromisoformat(text)),
    "moment": lambda text: times.when(datetime.fromisoformat(text)),
    "markdown": markup.html,
    "query": lambda values: urlencode(values, doseq=True),
}


def environments() -> tuple[Environment, Environment]:
    """The strict environment of our templates, and the lenient one that GOV.UK's macros need.

    They test for parameters that are not there; our own templates may not name what is not given.
    """
    ours = FileSystemLoader(TEMPLATES)
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    whole = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    lenient = Environment(loader=ChoiceLoader([ours, govuk]), **whole)  # type: ignore[arg-type]  # noqa: S701
    strict = Environment(loader=ours, undefined=StrictUndefined, **whole)  # type: ignore[arg-type]  # noqa: S701
    for environment in (lenient, strict):
        environment.filters.update(FILTERS)
        environment.globals |= {"control": control, "revealed": revealed}
    for name, file in (("ui", "components.html"), ("pictures", "pictures.html")):
        strict.globals[name] = lenient.get_template(file).module
    strict.globals["orders"] = ORDERS
    return strict, lenient


strict, lenient = environments()

# What every page may use besides its own values; app.py adds who asks and where one can go.
always: list[Callable[[Request], Mapping[str, Any]]] = []


def target(request: Request) -> str:
    """The block htmx wants: the id of the element to fill, from a header like `section#a-b`."""
    return unquote(request.headers.get("HX-Target", "").rpartition("#")[2]).replace("-", "_")


def partial(request: Request) -> bool:
    """Whether htmx asks for a part of a page; it does not when it restores history."""
    return request.headers.get("HX-Request-Type") == "partial"


def flash(request: Request, text: str) -> None:
    """Says something once, at the top of the next whole page."""
    request.session["flash"] = text


def page(
    request: Request,
    name: str,
    *,
    status: int = 200,
    announce: str = "",
    instead: str = "",
    **values: Any,
) -> Response:
    """A page, or the block of it htmx asked for. A page with a wrong form is a 422.

    `announce` is read aloud when only a block is drawn; `instead` names the block that takes the
    place of the whole
    page's content, whatever htmx asked for.
    """
    template = strict.get_template(name)
    wrong = bool(values.get("form") and values["form"].errors)
    status = 422 if wrong else status
    values["status"] = status
    if not partial(request):
        said = request.session.pop("flash", None) if "session" in request.scope else None
        return HTMLResponse(template.render(_all(request, values, said)), status, VARY)
    block, headers = target(request), dict(VARY)
    if instead or (wrong and block not in template.blocks):
        block, headers = instead or "main", headers | TO_THE_TOP
    if block not in template.blocks:  # the answer is another page: let the browser load it whole
        return Response(headers=headers | {"HX-Redirect": _here(request)})
    given = _all(request, values, None)
    body = _block(template, block, given)
    if wrong:
        body += f"<title>Error: {_block(template, 'title', given)}</title>"
    if announce:
        body += _piece("announcement", announce)
    return HTMLResponse(body, status, headers)


def piece(into: str, text: str) -> Response:
    """Only a line of text for one element, as an autosave answers."""
    return HTMLResponse(_piece(into, text), headers=VARY)


def here_only(address: str) -> str:
    """An address of ours to go to next: a path, and nothing that leads to another site."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if fine and address.isprintable() and len(address) <= 500 else ""


def back(request: Request) -> str:
    """The page that somebody is on: the one that was asked for or whose form was sent, if it is
    known.
    """
    if request.method in ("GET", "HEAD"):
        return here_only(_here(request))
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.headers.get("host"):
        return ""
    return here_only(before.path + (f"?{before.query}" if before.query else ""))


def onward(request: Request, then: str, otherwise: str) -> Response:
    """To the page that was asked for before something came between; without one, to a route."""
    there = here_only(then) or str(request.app.url_path_for(otherwise))
    return RedirectResponse(there, status_code=303)


def go(request: Request, name: str, **params: Any) -> Response:
    return RedirectResponse(str(request.app.url_path_for(name, **params)), status_code=303)


def _all(request: Request, values: Mapping[str, Any], said: str | None) -> dict[str, Any]:
    def url_for(name: str, **params: Any) -> str:
        return str(request.app.url_path_for(name, **params))

    general: dict[str, Any] = {"request": request, "url_for": url_for, "flash": said}
    for extra in always:
        general |= extra(request)
    return general | dict(values)


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values)))


def _piece(into: str, text: str) -> str:
    return str(
        Markup('<hx-partial hx-target="#{}" hx-swap="textContent">{}</hx-partial>').format(
            into, text
        )
    )


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
