"""What a browser is answered when something is refused or fails."""

from collections.abc import Callable, Mapping

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException

from marketplace.accounts import proving
from marketplace.core import pages
from marketplace.core.errors import (
    Forbidden,
    NotFound,
    Problem,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)
from marketplace.core.middleware import request_id

log = structlog.get_logger()


def problem(request: Request, why: Exception) -> Response:
    """A refusal as a page, or in the place of a block."""
    if not isinstance(why, Problem):
        raise why
    return pages.page(
        request,
        "errors/problem.html",
        status=why.status,
        instead="main",
        title=why.title,
        why=str(why),
        reference="",
        wait=why.wait if isinstance(why, TooMany) else "",
    )


def _too_many(request: Request, why: Exception) -> Response:
    answer = problem(request, why)
    answer.headers["Retry-After"] = str(getattr(why, "seconds", 60))
    return answer


def _http(request: Request, why: Exception) -> Response:
    status = getattr(why, "status_code", 404)
    kind = {403: Forbidden, 404: NotFound, 405: NotFound, 413: TooLarge}.get(status, Problem)
    answer = problem(request, kind(""))
    answer.status_code = status
    return answer


def _malformed(request: Request, _: Exception) -> Response:
    """An address that cannot be: a thing with an id that is none, a page that is no number."""
    return problem(request, NotFound(""))


def broken(request: Request, why: Exception) -> Response:
    log.exception("request.failed", request_id=request_id.get(), exc_info=why)
    return _with_reference(request, Problem(""))


def _no_database(request: Request, why: Exception) -> Response:
    log.error("database.unavailable", request_id=request_id.get(), error=type(why).__name__)
    return _with_reference(
        request, Unavailable("Nothing you sent was lost on our side; try again.")
    )


def _with_reference(request: Request, why: Problem) -> Response:
    return pages.page(
        request,
        "errors/problem.html",
        status=why.status,
        instead="main",
        title=why.title,
        why=str(why),
        reference=request_id.get(),
        wait="in a few minutes" if why.status == Unavailable.status else "",
    )


ANSWERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    Problem: problem,
    Stale: proving.stale,
    TooMany: _too_many,
    HTTPException: _http,
    RequestValidationError: _malformed,
    OperationalError: _no_database,
    InterfaceError: _no_database,
    TimeoutError: _no_database,
}
