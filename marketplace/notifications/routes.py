"""What a person is told: the inbox, how often mail of it comes, and the number beside the bell."""

from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page, partial
from marketplace.core.times import in_london
from marketplace.mail import queries as mail
from marketplace.notifications import actions, queries, stream, telling
from marketplace.notifications.forms import WORDS, Choosing, field
from marketplace.notifications.models import Rhythm
from marketplace.notifications.topics import Topic
from marketplace.verbs import Verb

router = APIRouter(prefix="/notifications", route_class=Opening)

Chosen = Annotated[BoundForm[Any], Depends(reads(Choosing))]


@router.get("", name="notification.list")
def inbox(
    request: Request, ctx: Context, after: Annotated[UUID | None, Query()] = None
) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    _signed_in(ctx)
    items, more = queries.inbox(ctx, after)
    said = telling.words(ctx.actor, items)
    entries = [(one, said[one.notification.id]) for one in items if one.notification.id in said]
    days = groupby(entries, lambda entry: in_london(entry[0].notification.created_at).date())
    return page(
        request,
        "notifications/list.html",
        days=[(day, list(those)) for day, those in days],
        after=after,
        older=_address(more),
        comes_back=mail.comes_back_from(ctx),
        announce=_aloud(ctx) if partial(request) else "",
    )


def _aloud(ctx: Context) -> str:
    return stream.says(queries.unread(ctx.session, ctx.actor)) or "Nothing is unread"


def _address(after: UUID | None) -> str:
    return f"/notifications?{urlencode({'after': after})}" if after else ""


@router.post("/read", name=Verb.NOTIFICATION_READ)
def read_all(request: Request, ctx: Context) -> Response:
    _signed_in(ctx)
    number = actions.read_all(ctx)
    if not partial(request):  # there the list itself shows it
        flash(request, "All are marked as read." if number else "All were read already.")
    return go(request, "notification.list")


@router.post("/{id}/read", name=Verb.NOTIFICATION_READ)
def read(
    request: Request, ctx: Context, id: UUID, after: Annotated[UUID | None, Query()] = None
) -> Response:
    """Marks one as read, and leads back to the part of the list that it stands in."""
    actions.read(ctx, queries.one(ctx, id))
    return RedirectResponse(_address(after), 303) if after else go(request, "notification.list")


# ---- How often mail comes


@router.get("/settings", name=Verb.PREFERENCE_SET)
def settings(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    _signed_in(ctx)
    known = queries.preferences(ctx)
    now = {field(topic): known[topic].rhythm if topic in known else topic.usual for topic in Topic}
    return _asked(request, show(Choosing, now))


@router.post("/settings", name=Verb.PREFERENCE_SET)
def set_(request: Request, ctx: Context, form: Chosen) -> Response:
    _signed_in(ctx)
    if form.value is None:
        return _asked(request, form)
    actions.choose(ctx, {topic: getattr(form.value, field(topic)) for topic in Topic})
    flash(request, "Your choice is saved.")
    return go(request, "notification.list")


def _asked(request: Request, form: BoundForm[Any]) -> Response:
    return page(
        request,
        "notifications/settings.html",
        form=form,
        topics=[field(topic) for topic in Topic],
        choices=[(rhythm, WORDS[rhythm]) for rhythm in Rhythm],
    )


# ---- The number beside the bell


@router.get("/stream", name="notification.stream")
def changes(request: Request) -> Response:
    """Server-sent events for who asks for them; for anybody else the number once."""
    lasts = "text/event-stream" in request.headers.get("accept", "")
    return StreamingResponse(
        stream.lasting(request) if lasts else stream.once(request),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _signed_in(ctx: Context) -> None:
    if not ctx.actor.known:
        raise NotFound("Nobody is signed in.")
    if ctx.actor.seen_through:
        raise Forbidden("What somebody is told is theirs alone to read and to choose.")


def _sign_in(request: Request) -> Response:
    """To the ways in, and back here afterwards."""
    return RedirectResponse(f"/sign-in?{urlencode({'then': request.url.path})}", 303)
