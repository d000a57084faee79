"""How a browser drafts and edits a product: section by section, a draft saved as one goes."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request, Response

from marketplace.catalogue import actions, drafts, queries
from marketplace.catalogue.forms import Claiming, Drafted, Drafting
from marketplace.catalogue.models import Product, Stage
from marketplace.catalogue.parts import PARTS, Part
from marketplace.core.context import Context, Opening
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, typed
from marketplace.core.pages import flash, go, page, piece
from marketplace.core.times import clock
from marketplace.organisations import queries as organisations
from marketplace.perform import require
from marketplace.reference.choosing import Looking, Picker, looking, picker
from marketplace.verbs import Verb

router = APIRouter(prefix="/products", route_class=Opening)


@router.get("/new", name="product.new")
def new(request: Request, ctx: Context) -> Response:
    return _beginning(request, ctx, BoundForm(Drafting))


@router.post("", name=Verb.PRODUCT_DRAFT)
def draft(request: Request, ctx: Context, form: Drafted) -> Response:
    if form.value is None:
        return _beginning(request, ctx, form)
    return go(request, "product.edit", id=actions.draft(ctx, form.value.name).id)


def _beginning(request: Request, ctx: Context, form: BoundForm[Drafting]) -> Response:
    require(ctx, Verb.PRODUCT_DRAFT, Product(organisation_id=ctx.actor.organisation_id))
    return page(request, "catalogue/new.html", form=form, copyable=queries.copyable(ctx))


@router.post("/{id}/copy", name=Verb.PRODUCT_COPY)
def copy(request: Request, ctx: Context, id: UUID) -> Response:
    made = actions.copy(ctx, queries.one(ctx, id))
    flash(request, "Copied. Look at each section before you list it.")
    return go(request, "product.edit", id=made.id)


@router.get("/{id}/edit", name="product.edit")
def tasks(request: Request, ctx: Context, id: UUID) -> Response:
    product = _editable(ctx, id)
    given = drafts.answers(product, queries.uses(ctx, product))
    groups = [
        (title, [_task(one.slug, one.task, drafts.status(given, one, product)) for one in sections])
        for title, sections in drafts.GROUPS
    ]
    counted = [(part, len(queries.parts(ctx, product, part.table))) for part in PARTS.values()]
    groups.append(("What belongs to it", [_part(part, number) for part, number in counted]))
    return page(
        request,
        "catalogue/edit.html",
        product=product,
        groups=groups,
        missing=drafts.incomplete(given, product.to_review),
    )


def _task(slug: str, text: str, status: str) -> Mapping[str, str]:
    return {"slug": slug, "text": text, "status": status, "part": "", "hint": ""}


def _part(part: Part, number: int) -> Mapping[str, str]:
    status = "Completed" if number else "Optional"
    hint = f"{number} so far" if number else ""
    return {"slug": part.slug, "text": part.task, "status": status, "part": "yes", "hint": hint}


async def _section(request: Request, section: str) -> Section:
    if section not in drafts.SECTIONS:
        raise NotFound("There is no such part of a product.")
    return drafts.SECTIONS[section]


OneSection = Annotated[Section, Depends(_section)]


async def _sent(request: Request, section: OneSection) -> tuple[dict[str, Any], Opened]:
    """What was typed, and the page it was typed on."""
    data = await request.form()
    return typed(section.form, data), Opened.of(data)


Sent = Annotated[tuple[dict[str, Any], Opened], Depends(_sent)]


Look = Annotated[Looking, Depends(looking)]
NOT_LOOKING = Looking()


@router.get("/{id}/edit/{section}", name=Verb.PRODUCT_EDIT)
def section(request: Request, ctx: Context, id: UUID, section: OneSection, look: Look) -> Response:
    product = _editable(ctx, id)
    given = drafts.answers(product, queries.uses(ctx, product))
    form = section.unjudged({**given, "cpv": look.ticked} if look.asks else given)
    return _asked(request, ctx, product, section, form, look=look)


@router.post("/{id}/edit/{section}", name=Verb.PRODUCT_EDIT)
def edit(
    request: Request,
    ctx: Context,
    id: UUID,
    section: OneSection,
    sent: Sent,
    look: Look,
    autosave: bool = False,
) -> Response:
    product = queries.one(ctx, id)
    answers, opened = sent
    if look.asks:  # a code is looked for, and nothing is saved yet
        require(ctx, Verb.PRODUCT_EDIT, product)
        form = BoundForm(section.form, answers)
        return _asked(request, ctx, product, section, form, opened=opened, look=look)
    try:
        form = actions.edit(ctx, product, section, answers, opened, looked=not autosave)
    except Overtaken as why:
        if autosave:
            return piece("saved", f"Not saved. {why} Choose “Save and continue” to see both.")
        mine = BoundForm(section.form, answers)
        return _asked(request, ctx, product, section, mine, overtaken=why, look=look)
    if autosave:
        return piece("saved", f"Saved automatically at {clock(ctx.now)}. Not listed yet.")
    if form.errors:
        return _asked(request, ctx, product, section, form, opened=opened, look=look)
    if product.stage == Stage.LISTED:
        flash(request, "Saved. Everybody sees it now.")
    return go(request, "product.edit", id=id)


def _asked(
    request: Request,
    ctx: Context,
    product: Product,
    section: Section,
    form: BoundForm[Any],
    *,
    opened: Opened | None = None,
    overtaken: Overtaken | None = None,
    look: Looking = NOT_LOOKING,
) -> Response:
    """The questions of a section; when a colleague was quicker, with what they saved beside."""
    saved = overtaken.saved if overtaken else queries.last_edit(ctx, product, section.slug)
    authorities = organisations.authorities(ctx) if section.form is Claiming else ()
    names = {str(one.id): one.called for one in sorted(authorities, key=lambda one: one.called)}
    theirs = drafts.answers(product, queries.uses(ctx, product)) if overtaken else {}
    return page(
        request,
        "catalogue/section.html",
        status=409 if overtaken else 200,
        product=product,
        section=section,
        form=form,
        names=names,
        picker=_picker(request, product, form, look),
        page_name=opened.page if opened else uuid4().hex,
        since=saved.id if saved else "",
        overtaken=overtaken,
        theirs=drafts.read(theirs, section, names) if overtaken else [],
    )


def _picker(
    request: Request, product: Product, form: BoundForm[Any], look: Looking
) -> Picker | None:
    """The codes of a section that asks for some, with those that the product's words suggest."""
    if "cpv" not in form.kind.model_fields:
        return None
    text = "\n".join((product.name, product.summary, product.description, *product.features))
    return picker(request.app.state.codes, form.submitted.get("cpv", ()), look, text)


def _editable(ctx: Context, id: UUID) -> Product:
    """A product that this actor may edit now."""
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_EDIT, product)
    return product
