"""Where the actor of a request comes from: the session whose token the browser holds."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlmodel import Session

from auth import cookie, tokens
from auth.actor import VISITOR, Actor
from marketplace.accounts import actions, queries
from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.settings import Settings


def who(request: Request, session: Session) -> Actor:
    """Whoever signed in in this browser, for the organisation they chose; otherwise a visitor."""
    settings: Settings = request.app.state.settings
    token = cookie.token(request, settings.secure)
    if not token:
        return VISITOR
    at = now()
    found = queries.session_of(session, tokens.digest(token), at, settings)
    if found is None:
        return VISITOR
    # Whether no person asked: a page did by itself, with nobody before it perhaps.
    passing = getattr(request.state, "in_passing", False) or "unasked" in request.headers
    news = at - found.seen_at > actions.SEEN_EVERY and not passing
    actor = queries.actor(found, at if news else found.seen_at, settings)
    if news and actor.known:
        # A page only reads, so it notes this in a transaction of its own.
        on = request.app.state.engine if request.method in db.SAFE else session
        actions.seen(on, actor.session_id, found.own_person_id, at)
    return actor


def sign_in(
    request: Request, ctx: Context, answer: Response, person_id: UUID, *, issuer: str, **how: Any
) -> None:
    """Begins a session of a person and hands its token out with the answer; `how` is what
    `actions.begin` takes besides. What the browser had before, ends.
    """
    settings = ctx.settings
    token = actions.begin(
        ctx.session,
        person_id,
        ctx.now,
        issuer=issuer,
        browser=request.headers.get("user-agent", ""),
        instead_of=cookie.token(request, settings.secure),
        **how,
    )
    request.session.clear()
    seconds = settings.session_days * 24 * 60 * 60
    cookie.hand_out(answer, token, secure=settings.secure, seconds=seconds)


def renew(request: Request, ctx: Context, answer: Response, **changes: Any) -> None:
    """Gives the session of this request a new token, handed out with the answer, together with
    what changes of it: whoever has the old one has nothing.
    """
    settings = ctx.settings
    token = actions.renew(ctx, **changes)
    seconds = settings.session_days * 24 * 60 * 60
    cookie.hand_out(answer, token, secure=settings.secure, seconds=seconds)


def stay(request: Request, ctx: Context) -> int:
    """Counts the session as in use now; how many seconds it has left."""
    settings = ctx.settings
    token = tokens.digest(cookie.token(request, settings.secure))
    found = queries.session_of(ctx.session, token, ctx.now, settings)
    actor = queries.actor(found, ctx.now, settings)
    if actor.ends_at is None:
        return 0
    actions.seen(request.app.state.engine, actor.session_id, found.own_person_id, ctx.now)
    return int((actor.ends_at - ctx.now).total_seconds())
