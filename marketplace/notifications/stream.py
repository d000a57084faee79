"""How many notifications are unread, told to an open page whenever that changes.

While nothing happens a stream holds neither a thread nor a database session: it wakes every few
seconds, asks in a session of its own, and sleeps again. It ends by itself after some minutes, and
the page asks anew; at once when the page is left, when its reader's session is over, and when the
server stops.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from auth.actor import Actor
from marketplace.core import db, stopping
from marketplace.notifications import queries

TICK = 1.0  # seconds between two looks whether anybody is still there
EVERY = 5.0  # seconds between two questions to the database
LASTS = 300.0  # seconds, after which the page asks anew
MOST = 6  # streams a person; a browser opens no more to one server
MOST_IN_ALL = 500  # streams a process

OVER = "event: over\ndata:\n\n"  # the page does not ask again
_open = Counter[UUID]()


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose page it is at the moment, and how many of their notifications are unread."""

    who: Actor
    unread: int


def look(request: Request) -> Seen:
    """Who asks and what is new to them, in a session of its own. It does not count as using the
    marketplace.
    """
    request.state.in_passing = True
    with db.reading(request.app.state.engine) as session:
        who: Actor = request.app.state.who(request, session)
        return Seen(who, queries.unread(session, who))


def says(unread: int) -> str:
    """Such as "3 unread"; nothing when there is none."""
    if not unread:
        return ""
    return f"{queries.MOST}+ unread" if unread > queries.MOST else f"{unread} unread"


async def once(request: Request) -> AsyncIterator[str]:
    """What a client gets that does not ask for a stream: how it is now."""
    seen = await run_in_threadpool(look, request)
    yield _message(seen.unread) if seen.who.known else OVER


async def lasting(request: Request) -> AsyncIterator[str]:
    """A message now and whenever the number has changed."""
    try:
        seen = await run_in_threadpool(look, request)
    except SQLAlchemyError:
        return
    reader = seen.who
    if not reader.known or _open[reader.person_id] >= MOST or _open.total() >= MOST_IN_ALL:
        yield OVER
        return
    _open[reader.person_id] += 1
    try:
        async for message in _changes(request, seen):
            yield message
    finally:
        _open[reader.person_id] -= 1
        if not _open[reader.person_id]:
            del _open[reader.person_id]


async def _changes(request: Request, first: Seen) -> AsyncIterator[str]:
    yield _message(first.unread)
    known, ends, asks = first, monotonic() + LASTS, monotonic() + EVERY
    while monotonic() < ends and not stopping.told():
        await asyncio.sleep(TICK)
        if await request.is_disconnected():
            return
        if monotonic() < asks:
            continue
        asks = monotonic() + EVERY
        try:
            seen = await run_in_threadpool(look, request)
        except SQLAlchemyError:  # the page asks anew when the database is there again
            return
        if _whose(seen) != _whose(first):
            yield OVER
            return
        if seen.unread != known.unread:
            yield _message(seen.unread, more=seen.unread > known.unread)
            known = seen


def _whose(seen: Seen) -> tuple[UUID, UUID, UUID]:
    """Whom the page is for. With another organisation it would be another page."""
    return seen.who.person_id, seen.who.membership_id, seen.who.session_id


def _message(unread: int, *, more: bool = False) -> str:
    """The number for the page and, when there is more than before, the words to be read aloud."""
    lines = [says(unread)]
    if more:
        aloud = f"You have {says(unread)}"
        lines.append(
            f'<hx-partial hx-target="#announcement" hx-swap="textContent">{aloud}</hx-partial>'
        )
    return "".join(f"data: {line}\n" for line in lines) + "\n"
