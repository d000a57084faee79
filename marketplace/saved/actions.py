"""What people can do about their saved searches and what they watch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import delete as deleting
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from auth.actor import NOBODY
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.finding import Asked
from marketplace.notifications.models import Rhythm
from marketplace.perform import perform, permit, require
from marketplace.saved import matching, queries
from marketplace.saved.models import SavedSearch, SearchKey, Watch
from marketplace.verbs import Verb

MOST = 50  # searches of one person
TAKEN = "You have a search of this name. Give this one another, or replace that one"


class Taken(Conflict):
    """The person has another search of that name."""


def blank(ctx: Context) -> SavedSearch:
    """What the actor would save, to ask whether they may."""
    return SavedSearch(
        name="",
        kind="",
        query="",
        rhythm=Rhythm.DAILY,
        person_id=ctx.actor.person_id,
        membership_id=_membership(ctx),
        created_at=ctx.now,
    )


def save(ctx: Context, asked: Asked, name: str, rhythm: Rhythm) -> SavedSearch:
    search = blank(ctx)
    permit(ctx, Verb.SEARCH_SAVE, search)
    known = queries.mine(ctx)
    if len(known) >= MOST:
        raise Conflict(f"You can save {MOST} searches. Delete one that you no longer need first.")
    _free(ctx, name)
    search.name, search.rhythm = name, rhythm
    search.kind, search.query = asked.scope.kind, asked.query()
    with _unless_taken(ctx):
        perform(ctx, Verb.SEARCH_SAVE, search, name=name)
    _keep_under_keys(ctx, search, asked)
    return search


def change(
    ctx: Context, search: SavedSearch, name: str, rhythm: Rhythm, asked: Asked | None = None
) -> None:
    """Renames a search or changes how often it mails; given another question, asks that one."""
    permit(ctx, Verb.SEARCH_CHANGE, search)
    _free(ctx, name, search.id)
    with _unless_taken(ctx):
        perform(ctx, Verb.SEARCH_CHANGE, search, name=name)
        search.name, search.rhythm = name, rhythm
    if asked:
        search.kind, search.query = asked.scope.kind, asked.query()
        _keep_under_keys(ctx, search, asked)


def delete(ctx: Context, search: SavedSearch) -> None:
    perform(ctx, Verb.SEARCH_DELETE, search, name=search.name)
    ctx.session.delete(search)


def watch(ctx: Context, kind: str, thing: Any) -> None:
    """Begins to watch a thing; who watches it already goes on."""
    if queries.watch(ctx.session, ctx.actor, thing.id):
        return
    begun = Watch(
        kind=kind,
        thing_id=thing.id,
        person_id=ctx.actor.person_id,
        membership_id=_membership(ctx),
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.WATCH_BEGIN, begun)
            ctx.session.flush()
    except IntegrityError:
        return  # by a click at the same moment


def unwatch(ctx: Context, thing_id: UUID) -> None:
    """Stops; who does not watch it has nothing to stop."""
    ours = Watch(kind="", thing_id=thing_id, person_id=ctx.actor.person_id)
    require(ctx, Verb.WATCH_END, ours)
    if found := queries.watch(ctx.session, ctx.actor, thing_id):
        perform(ctx, Verb.WATCH_END, found)
        ctx.session.delete(found)


def _membership(ctx: Context) -> UUID | None:
    return ctx.actor.membership_id if ctx.actor.membership_id != NOBODY else None


def _free(ctx: Context, name: str, besides: UUID | None = None) -> None:
    known = queries.named(ctx, name)
    if known and known.id != besides:
        raise Taken(TAKEN)


@contextmanager
def _unless_taken(ctx: Context) -> Iterator[None]:
    """Another click may save the same name at the same moment: the constraint has the last word."""
    try:
        with ctx.session.begin_nested():
            yield
            ctx.session.flush()
    except IntegrityError:
        raise Taken(TAKEN) from None


def _keep_under_keys(ctx: Context, search: SavedSearch, asked: Asked) -> None:
    ctx.session.exec(deleting(SearchKey).where(col(SearchKey.search_id) == search.id))
    ctx.session.add_all(
        SearchKey(key=key, search_id=search.id, created_at=ctx.now) for key in matching.keys(asked)
    )
