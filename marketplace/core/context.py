"""Everything an action may know about its surroundings: the database, who asks, the time and the
settings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from auth.actor import Actor
from marketplace.core import db
from marketplace.core.times import now
from marketplace.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    session: Session
    actor: Actor
    now: datetime
    settings: Settings


def context(request: Request) -> Iterator[Context]:
    # Session and actor together: a dependency more is a change of threads more in every request.
    with db.transaction(request) as session:
        actor: Actor = request.app.state.who(request, session)
        request.state.actor = actor
        yield Context(session, actor, now(), request.app.state.settings)


# "function": committed before the answer leaves, so a redirect always finds what was written.
Ctx = Annotated[Context, Depends(context, scope="function", max_concurrency=db.SESSIONS)]
