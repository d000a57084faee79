"""How a browser adds, changes and removes what a listing has several of, and hands out files."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from marketplace.catalogue import part_actions, queries
from marketplace.catalogue.models import Picture, Product, ProductDocument, Stage
from marketplace.catalogue.part_actions import Doubled, Upload
from marketplace.catalogue.parts import PARTS, Part
from marketplace.core import files, scanning
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.file_kinds import Refused
from marketplace.core.files import Stored
from marketplace.core.forms import BoundForm, bind, show, typed
from marketplace.core.money import VAT
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/products", route_class=Opening)


async def _part(request: Request, kind: str) -> Part:
    if kind not in PARTS:
        raise NotFound("There is no such part of a product.")
    return PARTS[kind]


OnePart = Annotated[Part, Depends(_part)]


async def _sent(
    request: Request, part: OnePart
) -> AsyncIterator[tuple[BoundForm[Any], Upload | None]]:
    """What was typed, and the file that came with it, open until the answer is made."""
    async with request.form() as data:
        file = data.get("file")
        upload: Upload | None = None
        if isinstance(file, UploadFile) and file.filename:
            upload = Upload(file.file, file.filename, request.app.state.files)
        yield bind(part.form, typed(part.form, data)), upload


Sent = Annotated[tuple[BoundForm[Any], Upload | None], Depends(_sent)]


@router.get("/{id}/parts/{kind}", name="product.parts")
def listed(request: Request, ctx: Context, id: UUID, kind: str, part: OnePart) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_ADD, product)
    return _asked(request, ctx, product, part, BoundForm(part.form))


@router.post("/{id}/parts/{kind}", name=Verb.PRODUCT_ADD)
def add(request: Request, ctx: Context, id: UUID, kind: str, part: OnePart, sent: Sent) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_ADD, product)  # before the page of a draft is drawn
    form, upload = sent
    form, wrong = _with_file(part, form, upload)
    if form.value is None or wrong:
        return _asked(request, ctx, product, part, form, wrong)
    try:
        part_actions.add(ctx, product, part, form.value, upload)
    except Refused as why:
        return _asked(request, ctx, product, part, form, str(why))
    except Doubled as why:
        return _asked(request, ctx, product, part, form.refused("label", str(why)))
    flash(request, f"The {part.one} is added." + _seen(product))
    return go(request, "product.parts", id=id, kind=kind)


def _with_file(
    part: Part, form: BoundForm[Any], upload: Upload | None
) -> tuple[BoundForm[Any], str]:
    """The form, and what is wrong with the file that has to come with it."""
    if upload and not part.accepts:
        raise NotFound("Nothing is uploaded here.")
    if part.needs_file and not upload:
        return form, "Select a picture"
    if part.table is ProductDocument and form.value is not None:
        if upload and form.value.link:
            return form, "Give a file or a link, not both"
        if not upload and not form.value.link:
            return form.refused("link", "Give a link, or select a file"), ""
    return form, ""


@router.get("/{id}/parts/{kind}/{part_id}", name=Verb.PRODUCT_CHANGE)
def ask(
    request: Request, ctx: Context, id: UUID, kind: str, part_id: UUID, part: OnePart
) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_CHANGE, product)
    row = queries.part(ctx, product, part.table, part_id)
    known = row.model_dump(include=part.form.model_fields.keys())
    if "includes_vat" in part.form.model_fields:
        known["includes_vat"] = row.vat is VAT.INCLUDED
    return _asked(request, ctx, product, part, show(part.form, known), row=row)


@router.post("/{id}/parts/{kind}/{part_id}", name=Verb.PRODUCT_CHANGE)
def change(
    request: Request, ctx: Context, id: UUID, kind: str, part_id: UUID, part: OnePart, sent: Sent
) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_CHANGE, product)
    row = queries.part(ctx, product, part.table, part_id)
    form, _ = sent
    if isinstance(row, ProductDocument) and not row.key and form.value and not form.value.link:
        form = form.refused("link", "Enter a link to it")
    if form.value is None:
        return _asked(request, ctx, product, part, form, row=row)
    try:
        part_actions.change(ctx, product, part, row, form.value)
    except Doubled as why:
        return _asked(request, ctx, product, part, form.refused("label", str(why)), row=row)
    flash(request, f"The {part.one} is changed." + _seen(product))
    return go(request, "product.parts", id=id, kind=kind)


@router.post("/{id}/parts/{kind}/{part_id}/remove", name=Verb.PRODUCT_REMOVE)
def remove(
    request: Request, ctx: Context, id: UUID, kind: str, part_id: UUID, part: OnePart
) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.PRODUCT_REMOVE, product)
    row = queries.part(ctx, product, part.table, part_id)
    part_actions.remove(ctx, product, part, row, request.app.state.files)
    flash(request, f"The {part.one} is removed." + _seen(product))
    return go(request, "product.parts", id=id, kind=kind)


def _seen(product: Product) -> str:
    return " Everybody sees it now." if product.stage == Stage.LISTED else ""


def _asked(
    request: Request,
    ctx: Context,
    product: Product,
    part: Part,
    form: BoundForm[Any],
    wrong_file: str = "",
    row: Any = None,
) -> Response:
    """The rows that there are and the questions for one more, or for the `row` to change."""
    rows = queries.parts(ctx, product, part.table)
    return page(
        request,
        "catalogue/part.html" if row else "catalogue/parts.html",
        status=422 if wrong_file else 200,
        product=product,
        part=part,
        form=form,
        wrong_file=wrong_file,
        row=row,
        rows=rows,
        held=scanning.held(ctx, [one.key for one in rows if getattr(one, "key", "")]),
    )


# ---- Handing out


@router.get("/{id}/documents/{part_id}", name="product.document")
def document(request: Request, ctx: Context, id: UUID, part_id: UUID) -> Response:
    found = queries.part(ctx, queries.one(ctx, id), ProductDocument, part_id)
    if not found.key:
        raise NotFound("There is no such file.")
    return _handed_out(request, ctx, found, files.download_headers)


@router.get("/{id}/pictures/{part_id}", name="product.picture")
def picture(request: Request, ctx: Context, id: UUID, part_id: UUID) -> Response:
    found = queries.part(ctx, queries.one(ctx, id), Picture, part_id)
    return _handed_out(request, ctx, found, files.picture_headers)


def _handed_out(
    request: Request,
    ctx: Context,
    found: ProductDocument | Picture,
    headers: Callable[[Stored], dict[str, str]],
) -> Response:
    stored = Stored(found.key, found.file_name, found.size, found.media_type, found.sha256)
    pieces = scanning.chunks(ctx, request.app.state.files, found.key)
    return StreamingResponse(pieces, headers=headers(stored))
