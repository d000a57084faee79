"""How a browser drafts a standard: section by section, saved as one goes."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from auth.actor import NOBODY
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, Form, typed
from marketplace.core.pages import go, page, piece
from marketplace.core.times import clock
from marketplace.perform import require
from marketplace.standards import actions, catching, drafts, queries
from marketplace.standards.forms import Drafted, Drafting, Naming, Revising
from marketplace.standards.models import StandardVersion
from marketplace.standards.rows import Row, Rows, Rules, conditions
from marketplace.verbs import Verb

router = APIRouter(prefix="/standards", route_class=Opening)

SCREENS = {"requirements": "standards/requirements.html", "rules": "standards/rules.html"}
WIDEST: dict[str, type[Form]] = {"about": Naming, "version": Revising}  # of each version's form


@router.get("/new", name="standard.new")
def new(request: Request, ctx: Context) -> Response:
    return _beginning(request, ctx, BoundForm(Drafting))


@router.post("", name=Verb.STANDARD_DRAFT)
def draft(request: Request, ctx: Context, form: Drafted) -> Response:
    if form.value and queries.taken(ctx, form.value.key):
        form = form.refused("key", actions.TAKEN)
    if form.value is None:
        return _beginning(request, ctx, form)
    begun = actions.draft(ctx, form.value)
    return go(request, "standard.tasks", id=begun.standard_id)


def _beginning(request: Request, ctx: Context, form: BoundForm[Drafting]) -> Response:
    require(ctx, Verb.STANDARD_DRAFT, StandardVersion(standard_id=NOBODY))
    return page(request, "standards/new.html", form=form)


@router.post("/{id}/draft", name=Verb.STANDARD_DRAFT)
def draft_next(request: Request, ctx: Context, id: UUID) -> Response:
    actions.draft_next(ctx, queries.one(ctx, id))
    return go(request, "standard.tasks", id=id)


# ---- Section by section


@router.get("/{id}/edit", name="standard.tasks")
def tasks(request: Request, ctx: Context, id: UUID) -> Response:
    version = _draft(ctx, id)
    given = drafts.answers(version, [one.name for one in queries.offers(ctx)])
    groups = [
        (title, [(section, section.status(given)) for section in sections])
        for title, sections in drafts.groups(version)
    ]
    return page(
        request,
        "standards/edit.html",
        version=version,
        groups=groups,
        missing=drafts.incomplete(version, given),
    )


async def _slug(request: Request, section: str) -> str:
    if section not in drafts.SLUGS:
        raise NotFound("There is no such part of a standard.")
    return section


Slug = Annotated[str, Depends(_slug)]


async def _sent(request: Request, slug: Slug) -> tuple[dict[str, Any], str, Opened]:
    """What was typed, the button that was pressed beside a row, and the page it was typed on."""
    data = await request.form()
    section = next(one for _, of_it in drafts.FIRST for one in of_it if one.slug == slug)
    button = str(data.get("do", ""))
    opened = Opened.of(data)
    if isinstance(section, Rows):
        rows = section.pressed(section.typed(data), button)
        return {section.field: rows}, button, opened
    return typed(WIDEST.get(slug, section.form), data), "", opened


Sent = Annotated[tuple[dict[str, Any], str, Opened], Depends(_sent)]


@router.get("/{id}/edit/{section}", name=Verb.STANDARD_EDIT)
def section(request: Request, ctx: Context, id: UUID, slug: Slug) -> Response:
    version = _draft(ctx, id)
    part = drafts.sections(version)[slug]
    return _asked(request, ctx, version, part, part.unjudged(drafts.answers(version)))


@router.post("/{id}/edit/{section}", name=Verb.STANDARD_EDIT)
def edit(
    request: Request, ctx: Context, id: UUID, slug: Slug, sent: Sent, autosave: bool = False
) -> Response:
    version = queries.draft(ctx, id)
    part = drafts.sections(version)[slug]
    answers, button, opened = sent
    if isinstance(part, Rows) and not autosave and not button:
        answers = {part.field: part.filled(answers)}
    try:
        form = actions.edit(ctx, version, part, answers, opened)
    except Overtaken as why:
        told = f"Not saved. {why} Choose “Save and continue” to see both."
        if autosave and not isinstance(part, Rules):
            return piece("saved", told)
        mine = BoundForm(part.form, answers)
        if autosave:
            return _asked(request, ctx, version, part, mine, saved=told)
        return _asked(request, ctx, version, part, mine, overtaken=why)
    saved = f"Saved automatically at {clock(ctx.now)}. Not published yet."
    if autosave and isinstance(part, Rules):
        unjudged = BoundForm(form.kind, form.submitted)
        return _asked(request, ctx, version, part, unjudged, saved=saved)
    if autosave:
        return piece("saved", saved)
    if button and not (button == "try" and form.errors):
        here = request.app.url_path_for(Verb.STANDARD_EDIT, id=id, section=slug)
        return RedirectResponse(f"{here}#{slug}-{_row(button, answers[slug])}", status_code=303)
    if form.errors:
        return _asked(request, ctx, version, part, form, opened=opened)
    return go(request, "standard.tasks", id=id)


def _row(button: str, rows: list[Row]) -> int:
    """The row to look at after a button was pressed."""
    what, _, number = button.partition("-")
    at = int(number) if number.isdecimal() else len(rows) - 1
    moved = {"up": at - 1, "down": at + 1, "add": len(rows) - 1}.get(what, at)
    return max(0, min(moved, len(rows) - 1))


def _asked(
    request: Request,
    ctx: Context,
    version: StandardVersion,
    section: Section,
    form: BoundForm[Any],
    *,
    opened: Opened | None = None,
    overtaken: Overtaken | None = None,
    saved: str = "",
) -> Response:
    """The questions of a section; when a colleague was quicker, with what they saved beside."""
    last = overtaken.saved if overtaken else queries.last_edit(ctx, version, section.slug)
    rows = form.submitted.get(section.field) if isinstance(section, Rows) else None
    catch = _catch(ctx, version, section, form) if isinstance(section, Rules) else None
    return page(
        request,
        SCREENS.get(section.slug, "standards/section.html"),
        status=409 if overtaken else 200,
        version=version,
        section=section,
        form=form,
        rows=(rows or [section.blank()]) if isinstance(section, Rows) else [],
        groups=conditions() if isinstance(section, Rules) else {},
        catch=catch,
        saved=saved,
        page_name=opened.page if opened else uuid4().hex,
        since=last.id if last else "",
        overtaken=overtaken,
        theirs=drafts.read(drafts.answers(version), section) if overtaken else [],
        announce=catch.says if catch and saved else "",
    )


def _catch(
    ctx: Context, version: StandardVersion, section: Section, form: BoundForm[Any]
) -> catching.Catch | None:
    """What the rules as they stand catch; None while something is wrong with them."""
    said = drafts.values(section, form.submitted)
    if not said:
        return None
    before = queries.published(ctx, version.standard_id)
    return catching.of(ctx, said["rules"], before.rules if before else None)


def _draft(ctx: Context, id: UUID) -> StandardVersion:
    """A draft that this actor may edit now."""
    version = queries.draft(ctx, id)
    require(ctx, Verb.STANDARD_EDIT, version)
    return version


# ---- Checking


@router.get("/{id}/check", name="standard.check")
def check(request: Request, ctx: Context, id: UUID) -> Response:
    version = _draft(ctx, id)
    given = drafts.answers(version, [one.name for one in queries.offers(ctx)])
    groups = [
        (title, [(section, drafts.read(given, section)) for section in sections])
        for title, sections in drafts.groups(version)
    ]
    rules = drafts.sections(version)["rules"]
    return page(
        request,
        "standards/check.html",
        version=version,
        groups=groups,
        missing=drafts.incomplete(version, given),
        catch=_catch(ctx, version, rules, rules.unjudged(given)),
    )
