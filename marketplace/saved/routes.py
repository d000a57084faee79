"""How a browser saves searches, lists and changes them, and watches single things."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import QueryParams

from marketplace.core import finding as core
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.finding import Asked
from marketplace.core.forms import BoundForm, show
from marketplace.core.listing import told
from marketplace.core.pages import flash, go, page
from marketplace.discovery import finding
from marketplace.notifications.forms import WORDS
from marketplace.notifications.models import Rhythm
from marketplace.perform import require
from marketplace.saved import actions, queries
from marketplace.saved.actions import Taken
from marketplace.saved.forms import LONGEST, Named, Naming, Saved, Saving
from marketplace.saved.models import SavedSearch
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)

CHOICES = [(rhythm, WORDS[rhythm]) for rhythm in Rhythm]
LISTS = {
    "": "search",
    "product": "product.list",
    "challenge": "challenge.list",
    "tender": "tender.list",
    "contract": "contract.list",
    "standard": "standard.list",
    "supplier": "supplier.list",
    "notice": "notice.list",
}


@router.get("/saved", name="search.list")
def saved(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    searches = queries.mine(ctx)
    kinds = {search.kind for search in searches if search.kind in finding.ALL}
    called = {kind: finding.words(ctx, finding.ALL[kind]) for kind in sorted(kinds)}
    return page(
        request,
        "saved/list.html",
        searches=[(one, *_said(request, one, called)) for one in searches],
        watched=queries.watched(ctx),
        rhythms=WORDS,
    )


def _said(request: Request, search: SavedSearch, called: dict[str, Any]) -> tuple[str, str]:
    """A search in words, and the address of what it finds now."""
    address = str(request.app.url_path_for(LISTS.get(search.kind, "search")))
    try:
        asked = core.stored(finding.ALL[search.kind], search.query)
    except (NotFound, KeyError):
        return "a list that is no longer here", address
    query = asked.query()
    return told(asked, called[search.kind]), address + (f"?{query}" if query else "")


# ---- Saving


async def _asked(
    kind: Annotated[str, Query(alias="in")] = "", query: Annotated[str, Query()] = ""
) -> Asked:
    """The question that the address carries along."""
    if kind not in finding.ALL:
        raise NotFound("There is no such list.")
    return core.read(finding.ALL[kind], QueryParams(query))


Question = Annotated[Asked, Depends(_asked)]


@router.get("/saved/new", name=Verb.SEARCH_SAVE)
def new(request: Request, ctx: Context, asked: Question) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    given = {"name": asked.words[:LONGEST], "rhythm": Rhythm.DAILY}
    return _naming(request, ctx, asked, show(Saving, given))


@router.post("/saved/new", name=Verb.SEARCH_SAVE)
def save(request: Request, ctx: Context, asked: Question, form: Saved) -> Response:
    if form.value is None:
        return _naming(request, ctx, asked, form)
    name, rhythm = form.value.name, form.value.rhythm
    try:
        if form.value.replaces:
            search = queries.one(ctx, form.value.replaces)
            actions.change(ctx, search, name, rhythm, asked)
        else:
            actions.save(ctx, asked, name, rhythm)
    except Taken as why:
        return _naming(request, ctx, asked, form.refused("name", str(why)))
    flash(request, f"Saved: {name}")
    return go(request, "search.list")


def _naming(request: Request, ctx: Context, asked: Asked, form: BoundForm[Saving]) -> Response:
    require(ctx, Verb.SEARCH_SAVE, actions.blank(ctx))
    known = [(str(one.id), f"In place of “{one.name}”") for one in queries.mine(ctx)]
    return page(
        request,
        "saved/save.html",
        form=form,
        says=told(asked, finding.words(ctx, asked.scope)),
        carried=urlencode({"in": asked.scope.kind, "query": asked.query()}),
        known=[("", "A new search"), *known] if known else [],
        choices=CHOICES,
    )


# ---- One search


@router.get("/saved/{id}/edit", name=Verb.SEARCH_CHANGE)
def edit(request: Request, ctx: Context, id: UUID) -> Response:
    search = queries.one(ctx, id)
    require(ctx, Verb.SEARCH_CHANGE, search)
    given = {"name": search.name, "rhythm": search.rhythm}
    return _changing(request, search, show(Naming, given))


@router.post("/saved/{id}/edit", name=Verb.SEARCH_CHANGE)
def change(request: Request, ctx: Context, id: UUID, form: Named) -> Response:
    search = queries.one(ctx, id)
    if form.value is None:
        require(ctx, Verb.SEARCH_CHANGE, search)
        return _changing(request, search, form)
    try:
        actions.change(ctx, search, form.value.name, form.value.rhythm)
    except Taken as why:
        return _changing(request, search, form.refused("name", str(why)))
    flash(request, f"Saved: {form.value.name}")
    return go(request, "search.list")


def _changing(request: Request, search: SavedSearch, form: BoundForm[Naming]) -> Response:
    return page(request, "saved/edit.html", search=search, form=form, choices=CHOICES)


@router.get("/saved/{id}/delete", name=Verb.SEARCH_DELETE)
def ask_to_delete(request: Request, ctx: Context, id: UUID) -> Response:
    search = queries.one(ctx, id)
    require(ctx, Verb.SEARCH_DELETE, search)
    return page(request, "saved/delete.html", search=search)


@router.post("/saved/{id}/delete", name=Verb.SEARCH_DELETE)
def delete(request: Request, ctx: Context, id: UUID) -> Response:
    search = queries.one(ctx, id)
    actions.delete(ctx, search)
    flash(request, f"Deleted: {search.name}")
    return go(request, "search.list")


# ---- Watching


@router.post("/watch/{kind}/{id}", name=Verb.WATCH_BEGIN)
def watch(request: Request, ctx: Context, kind: str, id: UUID) -> Response:
    thing = queries.public(ctx, kind, id)
    actions.watch(ctx, kind, thing)
    flash(request, "You watch this: you will be told what comes of it.")
    return go(request, f"{kind}.show", id=id)


@router.post("/watch/{kind}/{id}/end", name=Verb.WATCH_END)
def unwatch(request: Request, ctx: Context, kind: str, id: UUID) -> Response:
    queries.public(ctx, kind, id)
    if not ctx.actor.known:
        return _sign_in(request)
    actions.unwatch(ctx, id)
    flash(request, "You no longer watch this.")
    return go(request, f"{kind}.show", id=id)


def _sign_in(request: Request) -> Response:
    """To the ways in, and back here afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?{urlencode({'then': here})}", 303)
