"""What LOTI looks at in the catalogue: changes to listed products, and reports."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.catalogue.models import (
    EditStage,
    Product,
    ProductEdit,
    ProductReport,
    ReportStage,
)
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.policy import visible_to

SIZE = 25  # changes on a page
MOST = 50  # reports on the page


def waiting_edit(ctx: Context, product: Product, section: str) -> ProductEdit | None:
    """The difference of a section that LOTI has not looked at, for its supplier to save into."""
    open_ = select(ProductEdit).where(
        ProductEdit.product_id == product.id,
        ProductEdit.section == section,
        ProductEdit.stage == EditStage.OPEN,
        visible_to(CLOCK, ProductEdit),
    )
    return ctx.session.exec(open_).one_or_none()


def edits(ctx: Context, after: UUID | None = None) -> tuple[Sequence[ProductEdit], UUID | None]:
    """What waits, the oldest first, from the one after `after`; and where to go on."""
    rows = (
        select(ProductEdit)
        .where(ProductEdit.stage == EditStage.OPEN, visible_to(ctx.actor, ProductEdit))
        .order_by(col(ProductEdit.created_at), col(ProductEdit.id))
        .options(_with_product(ProductEdit))
    )
    if after:
        last = edit(ctx, after)
        place = tuple_(col(ProductEdit.created_at), col(ProductEdit.id))
        rows = rows.where(place > (last.created_at, last.id))
    found = ctx.session.exec(rows.limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


def edit(ctx: Context, id: UUID) -> ProductEdit:
    seen = select(ProductEdit).where(ProductEdit.id == id, visible_to(ctx.actor, ProductEdit))
    found = ctx.session.exec(seen.options(_with_product(ProductEdit))).one_or_none()
    if found is None:
        raise NotFound("There is no such change.")
    return found


def reports(ctx: Context) -> Sequence[ProductReport]:
    """Reports that nobody has answered, the oldest first."""
    rows = select(ProductReport).where(
        ProductReport.stage == ReportStage.OPEN, visible_to(ctx.actor, ProductReport)
    )
    oldest_first = rows.order_by(col(ProductReport.created_at), col(ProductReport.id))
    return ctx.session.exec(oldest_first.limit(MOST).options(_with_product(ProductReport))).all()


def report(ctx: Context, id: UUID) -> ProductReport:
    seen = select(ProductReport).where(ProductReport.id == id, visible_to(ctx.actor, ProductReport))
    found = ctx.session.exec(seen.options(_with_product(ProductReport))).one_or_none()
    if found is None:
        raise NotFound("There is no such report.")
    return found


def _with_product(kind: type[Any]) -> Any:
    supplier: Any = Product.organisation
    return joinedload(kind.product).joinedload(supplier)
