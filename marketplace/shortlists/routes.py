"""How a browser keeps shortlists: starts one, keeps products with notes, and freezes it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import StreamingResponse

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, page
from marketplace.core.spreadsheets import XLSX, as_csv, as_xlsx
from marketplace.core.times import day, when
from marketplace.discovery import comparing
from marketplace.discovery import queries as discovery
from marketplace.perform import require
from marketplace.shortlists import actions, queries, record, searches
from marketplace.shortlists.forms import (
    LONGEST_NAME,
    MOST_RESULTS,
    Freezing,
    Frozen,
    Kept,
    Named,
    Naming,
    Noted,
    Noting,
    Started,
    Starting,
)
from marketplace.shortlists.models import Shortlist, Stage
from marketplace.shortlists.telling import told
from marketplace.verbs import Verb
from search.port import Index

router = APIRouter(prefix="/shortlists", route_class=Opening)

Chosen = Annotated[list[UUID], Query(alias="id", default_factory=list)]


async def _index(request: Request) -> Index:
    index: Index = request.app.state.index
    return index


Searching = Annotated[Index, Depends(_index)]


@router.get("", name="shortlist.list")
def listed(request: Request, ctx: Context, after: UUID | None = None) -> Response:
    if ctx.actor.kind is not Kind.AUTHORITY:
        raise Forbidden("Only authorities keep shortlists.")
    lists, more = queries.newest(ctx, after)
    return page(
        request,
        "shortlists/list.html",
        lists=lists,
        older=f"{request.url.path}?after={more}" if more else "",
        newest=request.url.path if after else "",
    )


# ---- Beginning


@router.get("/choose", name="shortlist.choose")
def choose(request: Request, ctx: Context, ids: Chosen, found_by: str = "") -> Response:
    """Where what was ticked goes: onto a list there is, or onto a new one."""
    require(ctx, Verb.SHORTLIST_START, _prospect(ctx))
    known = {"id": ids, "challenge_id": searches.challenge_of(found_by)}
    return _choosing(request, ctx, show(Starting, known), ids, found_by)


@router.post("", name=Verb.SHORTLIST_START)
def start(
    request: Request, ctx: Context, form: Started, found_by: Annotated[str, Form()] = ""
) -> Response:
    require(ctx, Verb.SHORTLIST_START, _prospect(ctx))
    made = actions.start(ctx, form, found_by)
    if isinstance(made, BoundForm):
        ids = made.submitted.get("id", [])
        return _choosing(request, ctx, made, [id for id in map(_id, ids) if id], found_by)
    flash(request, f"Started: {made.name}")
    return go(request, "shortlist.show", id=made.id)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _prospect(ctx: Context) -> Shortlist:
    return Shortlist(name="", organisation_id=ctx.actor.organisation_id)


def _choosing(
    request: Request, ctx: Context, form: BoundForm[Starting], ids: list[UUID], found_by: str
) -> Response:
    products = discovery.listed(ctx, ids)
    return page(
        request,
        "shortlists/choose.html",
        form=form,
        products=[(id, products[id].name) for id in dict.fromkeys(ids) if id in products],
        lists=queries.in_progress(ctx),
        challenges=queries.challenges(ctx),
        found_by=searches.kept(found_by),
    )


# ---- One list


@router.get("/{id}", name="shortlist.show")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = queries.one(ctx, id)
    if shortlist.stage is Stage.FROZEN:
        return page(
            request,
            "shortlists/frozen.html",
            shortlist=shortlist,
            record=record.read(shortlist.record),
            history=[told(event) for event in queries.history(ctx, shortlist)],
        )
    return _open(request, ctx, shortlist)


def _open(
    request: Request,
    ctx: Context,
    shortlist: Shortlist,
    form: BoundForm[Any] | None = None,
    about: UUID | None = None,
) -> Response:
    """A list in progress; with a note that is wrong, the product that it is about."""
    kept = queries.kept(ctx, shortlist)
    return page(
        request,
        "shortlists/show.html",
        shortlist=shortlist,
        kept=kept,
        form=form or BoundForm(Noting),
        about=about,
        most=comparing.MOST,
        compared="&".join(f"id={one.product_id}" for one in kept[: comparing.MOST]),
        history=[told(event) for event in queries.history(ctx, shortlist)],
    )


@router.get("/{id}/rename", name=Verb.SHORTLIST_RENAME)
def ask_to_rename(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = queries.one(ctx, id)
    require(ctx, Verb.SHORTLIST_RENAME, shortlist)
    known = {"name": shortlist.name, "challenge_id": shortlist.challenge_id}
    return _renaming(request, ctx, shortlist, show(Naming, known))


@router.post("/{id}/rename", name=Verb.SHORTLIST_RENAME)
def rename(request: Request, ctx: Context, id: UUID, form: Named) -> Response:
    shortlist = queries.one(ctx, id)
    require(ctx, Verb.SHORTLIST_RENAME, shortlist)
    done = actions.rename(ctx, shortlist, form)
    if done.errors:
        return _renaming(request, ctx, shortlist, done)
    return go(request, "shortlist.show", id=id)


def _renaming(
    request: Request, ctx: Context, shortlist: Shortlist, form: BoundForm[Naming]
) -> Response:
    choices = dict(queries.challenges(ctx))
    if shortlist.challenge:
        choices.setdefault(shortlist.challenge.id, shortlist.challenge.called)
    return page(
        request, "shortlists/rename.html", shortlist=shortlist, form=form, challenges=choices
    )


@router.post("/{id}/products", name=Verb.SHORTLIST_KEEP)
def keep(
    request: Request, ctx: Context, id: UUID, form: Kept, found_by: Annotated[str, Form()] = ""
) -> Response:
    shortlist = queries.one(ctx, id)
    require(ctx, Verb.SHORTLIST_KEEP, shortlist)
    if form.value is None:
        wrong = show(Starting, {}).refused("id", form.errors["id"])
        return _choosing(request, ctx, wrong, [], found_by)
    new = actions.keep(ctx, shortlist, form.value.id, found_by)
    says = {0: "They were on the list already.", 1: "1 product kept"}
    flash(request, says.get(new, f"{new} products kept"))
    return go(request, "shortlist.show", id=id)


@router.post("/{id}/products/{product_id}/note", name=Verb.SHORTLIST_NOTE)
def note(request: Request, ctx: Context, id: UUID, product_id: UUID, form: Noted) -> Response:
    shortlist = queries.one(ctx, id)
    require(ctx, Verb.SHORTLIST_NOTE, shortlist)
    if form.value is None:
        return _open(request, ctx, shortlist, form, product_id)
    actions.note(ctx, shortlist, product_id, form.value.note)
    flash(request, "The note is saved.")
    return go(request, "shortlist.show", id=id)


@router.post("/{id}/products/{product_id}/remove", name=Verb.SHORTLIST_REMOVE)
def remove(request: Request, ctx: Context, id: UUID, product_id: UUID) -> Response:
    shortlist = queries.one(ctx, id)
    name = actions.remove(ctx, shortlist, product_id)
    flash(request, f"Removed: {name}")
    return go(request, "shortlist.show", id=id)


@router.get("/{id}/discard", name=Verb.SHORTLIST_DISCARD)
def ask_to_discard(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = queries.one(ctx, id)
    require(ctx, Verb.SHORTLIST_DISCARD, shortlist)
    return page(request, "shortlists/discard.html", shortlist=shortlist)


@router.post("/{id}/discard", name=Verb.SHORTLIST_DISCARD)
def discard(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = queries.one(ctx, id)
    actions.discard(ctx, shortlist)
    flash(request, f"Deleted: {shortlist.name}")
    return go(request, "shortlist.list")


# ---- The record of why


@router.get("/{id}/freeze", name=Verb.SHORTLIST_FREEZE)
def ask_to_freeze(request: Request, ctx: Context, index: Searching, id: UUID) -> Response:
    return _freezing(request, ctx, index, queries.one(ctx, id), BoundForm(Freezing))


@router.post("/{id}/freeze", name=Verb.SHORTLIST_FREEZE)
def freeze(request: Request, ctx: Context, index: Searching, id: UUID, form: Frozen) -> Response:
    shortlist = queries.one(ctx, id)
    if form.value is None:
        return _freezing(request, ctx, index, shortlist, form)
    actions.freeze(ctx, index, shortlist, form.value)
    flash(request, "Frozen. It can be downloaded now, and nobody can change it.")
    return go(request, "shortlist.show", id=id)


def _freezing(
    request: Request, ctx: Context, index: Index, shortlist: Shortlist, form: BoundForm[Freezing]
) -> Response:
    require(ctx, Verb.SHORTLIST_FREEZE, shortlist)
    kept = queries.kept(ctx, shortlist)
    search = actions.found(ctx, index, shortlist)
    return page(
        request,
        "shortlists/freeze.html",
        shortlist=shortlist,
        form=form,
        kept=kept,
        search=search,
        unfit=actions.unfit(kept, search),
        most=MOST_RESULTS,
    )


def _record(ctx: Context, id: UUID) -> Shortlist:
    """A frozen list. Another one cannot be taken along: what it says may change tomorrow."""
    shortlist = queries.one(ctx, id)
    if shortlist.stage is not Stage.FROZEN:
        raise Conflict("Freeze this shortlist first. What is downloaded then stays true.")
    return shortlist


def _named(shortlist: Shortlist, ending: str) -> Mapping[str, str]:
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in shortlist.name.lower())
    on = shortlist.frozen_at.date().isoformat() if shortlist.frozen_at else ""
    name = f"shortlist-{plain[:LONGEST_NAME]}-{on}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@router.get("/{id}/shortlist.csv", name="shortlist.csv")
def as_a_csv(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = _record(ctx, id)
    head, rows = record.table(shortlist.record)
    named = _named(shortlist, "csv")
    return StreamingResponse(as_csv(head, rows), media_type="text/csv", headers=dict(named))


@router.get("/{id}/shortlist.xlsx", name="shortlist.xlsx")
def as_a_workbook(request: Request, ctx: Context, id: UUID) -> Response:
    shortlist = _record(ctx, id)
    head, rows = record.table(shortlist.record)
    kept = record.read(shortlist.record)
    search = kept["search"] or {"says": "None", "filters": [], "total": 0}
    about = {
        "What this is": f"The record of the shortlist “{shortlist.name}”",
        "Authority": kept["authority"],
        "Challenge": kept["challenge"]["title"] if kept["challenge"] else "None",
        "Frozen on": when(shortlist.frozen_at) if shortlist.frozen_at else "",
        "Why": kept["because"],
        "Search": search["says"],
        "Filters": "; ".join(f"{name}: {value}" for name, value in search["filters"]) or "None",
        "Results": str(search["total"]),
        "Fingerprint of the record (SHA-256)": shortlist.sha256,
        "Downloaded by": ctx.actor.organisation_name,
        "Downloaded on": day(ctx.now),
    }
    named = _named(shortlist, "xlsx")
    return Response(as_xlsx(head, rows, about), media_type=XLSX, headers=dict(named))


@router.get("/{id}/shortlist.json", name="shortlist.json")
def as_it_was(request: Request, ctx: Context, id: UUID) -> Response:
    """The record to the letter, which the fingerprint is of."""
    shortlist = _record(ctx, id)
    named = _named(shortlist, "json")
    return Response(shortlist.record, media_type="application/json", headers=dict(named))
