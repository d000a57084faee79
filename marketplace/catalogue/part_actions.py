"""What can be done with what a listing has several of: a price line, a document, a version …"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import queries, reviewing
from marketplace.catalogue.models import Picture, Product, ProductDocument, ProductVersion, Stage
from marketplace.catalogue.parts import Part, snapshot
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.file_kinds import JPEG, PNG, Refused, kind_of
from marketplace.core.files import ObjectStore
from marketplace.core.money import VAT
from marketplace.perform import perform, permit
from marketplace.verbs import Verb

PICTURES = (PNG, JPEG)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with its name, and where it shall be kept."""

    file: IO[bytes]
    name: str
    store: ObjectStore


class Doubled(Conflict):
    """Two versions with one label."""


def add(
    ctx: Context, product: Product, part: Part, form: Any, upload: Upload | None = None
) -> None:
    """Raises Refused for a file that is not taken, and Doubled."""
    permit(ctx, Verb.PRODUCT_ADD, product)
    rows = queries.parts(ctx, product, part.table)
    if len(rows) >= part.most:
        raise Conflict(f"A product can have {part.most} of these. Remove one first.")
    before = snapshot(rows)
    kept = _kept(ctx, part, upload) if upload else {}
    row = part.table(product_id=product.id, created_at=ctx.now, **_values(form), **kept)
    perform(ctx, Verb.PRODUCT_ADD, product, section=part.slug, text=part.says(row))
    _put(ctx, row, rows, {})
    _noted(ctx, product, part, before)


def change(ctx: Context, product: Product, part: Part, row: Any, form: Any) -> None:
    permit(ctx, Verb.PRODUCT_CHANGE, product)
    rows = queries.parts(ctx, product, part.table)
    before = snapshot(rows)
    values = _values(form)
    if isinstance(row, ProductDocument) and row.key:  # a file stays a file
        values.pop("link", None)
    text = part.says(part.table(**row.model_dump() | values))
    perform(ctx, Verb.PRODUCT_CHANGE, product, section=part.slug, text=text)
    _put(ctx, row, rows, values)
    _noted(ctx, product, part, before)


def remove(ctx: Context, product: Product, part: Part, row: Any, store: ObjectStore) -> None:
    permit(ctx, Verb.PRODUCT_REMOVE, product)
    before = snapshot(queries.parts(ctx, product, part.table))
    perform(ctx, Verb.PRODUCT_REMOVE, product, section=part.slug, text=part.says(row))
    try:
        with ctx.session.begin_nested():
            ctx.session.delete(row)
    except IntegrityError:
        raise Conflict(f"This {part.one} is spoken of elsewhere, so it has to stay.") from None
    key: str = getattr(row, "key", "")
    if key and product.stage == Stage.DRAFT:  # else LOTI may put it back
        scanning.remove_once_committed(ctx.session, store, [key])
    _noted(ctx, product, part, before)


def _values(form: Any) -> dict[str, Any]:
    values = form.model_dump()
    if "includes_vat" in values:
        values["vat"] = VAT.INCLUDED if values.pop("includes_vat") else VAT.EXCLUDED
    return dict(values)


def _kept(ctx: Context, part: Part, upload: Upload) -> Mapping[str, Any]:
    if part.table is Picture and kind_of(upload.file, "") not in PICTURES:
        raise Refused("The file must be a PNG or JPG picture.")
    upload.file.seek(0)
    stored = scanning.save(ctx, upload.store, upload.file, upload.name)
    return {
        "file_name": stored.name,
        "size": stored.size,
        "media_type": stored.media_type,
        "sha256": stored.sha256,
        "key": stored.key,
    }


def _put(ctx: Context, row: Any, rows: Iterable[Any], values: Mapping[str, Any]) -> None:
    """Writes a row with these values. One version is the current one."""
    try:
        with ctx.session.begin_nested():
            row.sqlmodel_update(values)
            if isinstance(row, ProductVersion) and row.is_current:
                for other in rows:
                    other.is_current = other.id == row.id
            ctx.session.add(row)
            ctx.session.flush()
    except IntegrityError:
        raise Doubled("There is a version with this label already") from None


def _noted(ctx: Context, product: Product, part: Part, before: Mapping[str, Any]) -> None:
    ctx.session.flush()
    if product.stage != Stage.DRAFT:
        after = snapshot(queries.parts(ctx, product, part.table))
        reviewing.note(ctx, product, part.slug, before, after)
