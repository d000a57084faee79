"""Everything an action may know about its surroundings: the database, who asks, the time and the
settings.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from sqlmodel import Session

from auth.actor import Actor
from marketplace.core import db
from marketplace.core.times import in_london, now
from marketplace.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    session: Session
    actor: Actor
    now: datetime
    settings: Settings

    @property
    def today(self) -> date:
        """The day in London, by which things open and close."""
        return in_london(self.now).date()


class Opening(APIRoute):
    """A route that gives its function the context it asks for, as `ctx`.

    The session is opened, used and committed in the one thread that runs the function: as a
    dependency it would cost two changes of thread more, a fifth of a quick page. It is committed
    before the answer leaves, so a redirect always finds what was written.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _opened(endpoint), **options)


def _opened(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(endpoint)
    if "ctx" not in signature.parameters:
        return endpoint

    @wraps(endpoint)
    def opened(request: Request, **given: Any) -> Any:
        with db.transaction(request) as session:
            request.state.actor = request.app.state.who(request, session)
            ctx = Context(session, request.state.actor, now(), request.app.state.settings)
            request.state.session = session  # for what every page shows, while it is drawn
            try:
                return endpoint(request=request, ctx=ctx, **given)
            finally:
                request.state.session = None

    others = [one for name, one in signature.parameters.items() if name != "ctx"]
    opened.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return opened
