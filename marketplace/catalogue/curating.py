"""What LOTI can do with products: look at changes, take them back, suspend, answer reports."""

from marketplace.catalogue import actions, drafts, queries, reviewing
from marketplace.catalogue.models import Product, ProductEdit, ProductReport
from marketplace.catalogue.parts import PARTS, Part, restored, snapshot
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.files import ObjectStore
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb


def acknowledge(ctx: Context, edit: ProductEdit, saves: int, store: ObjectStore) -> None:
    """LOTI has seen a difference as it was after so many saves."""
    lock(ctx, edit.product)  # its supplier may be saving
    permit(ctx, Verb.EDIT_ACKNOWLEDGE, edit)
    _still(edit, saves)
    perform(ctx, Verb.EDIT_ACKNOWLEDGE, edit, about=edit.product, **_facts(edit))
    _drop_files(ctx, edit, store)


def revert(ctx: Context, edit: ProductEdit, saves: int, because: str, store: ObjectStore) -> None:
    """Puts back exactly what was there before, and tells the supplier why."""
    product = edit.product
    lock(ctx, product)
    permit(ctx, Verb.EDIT_REVERT, edit)
    _still(edit, saves)
    facts = _facts(edit) | {"because": because}
    perform(ctx, Verb.EDIT_REVERT, edit, about=product, **facts)
    edit.because = because
    if edit.section in PARTS:
        _put_back(ctx, product, PARTS[edit.section], edit)
    else:
        section = drafts.SECTIONS[edit.section]
        form = section.judge(edit.before)
        if form.value is None:
            raise Conflict("What was there before would be refused today, so it cannot come back.")
        actions.write(ctx, product, form)
    _drop_files(ctx, edit, store)


def _still(edit: ProductEdit, saves: int) -> None:
    if edit.saves != saves:
        raise Conflict(
            "The supplier changed this again after you opened it. Look at the difference once more."
        )


def _facts(edit: ProductEdit) -> dict[str, str]:
    return {"section": edit.section, "part": reviewing.title(edit.section)}


def _put_back(ctx: Context, product: Product, part: Part, edit: ProductEdit) -> None:
    rows = {str(row.id): row for row in queries.parts(ctx, product, part.table)}
    if snapshot(list(rows.values())) != edit.after:
        raise Conflict("Something newer was saved, so this cannot be taken back.")
    before = {row["id"]: restored(part, row) for row in edit.before["rows"]}
    for id, row in rows.items():
        if id not in before:
            ctx.session.delete(row)
    ctx.session.flush()  # a label that is free again can be given back
    for row in before.values():
        ctx.session.merge(row)
    ctx.session.flush()


def _drop_files(ctx: Context, edit: ProductEdit, store: ObjectStore) -> None:
    """Files of rows that nothing can bring back any more."""
    part = PARTS.get(edit.section)
    if part is None:
        return
    held = reviewing.keys(snapshot(queries.parts(ctx, edit.product, part.table)))
    gone = (reviewing.keys(edit.before) | reviewing.keys(edit.after)) - held
    if gone:
        scanning.remove_once_committed(ctx.session, store, gone)


# ---- The product as a whole


def suspend(ctx: Context, product: Product, because: str) -> None:
    perform(ctx, Verb.PRODUCT_SUSPEND, product, because=because)
    product.suspended_because = because


def restore(ctx: Context, product: Product) -> None:
    perform(ctx, Verb.PRODUCT_RESTORE, product)
    product.suspended_because = ""


def report(ctx: Context, product: Product, message: str) -> ProductReport:
    """Tells LOTI that a product stands in the wrong area of work."""
    told = ProductReport(
        product_id=product.id,
        message=message,
        organisation_id=ctx.actor.organisation_id if ctx.actor.organisation_name else None,
        created_at=ctx.now,
    )
    perform(ctx, Verb.REPORT_MAKE, told, about=product)
    return told


def close(ctx: Context, report: ProductReport) -> None:
    perform(ctx, Verb.REPORT_CLOSE, report, about=report.product)
