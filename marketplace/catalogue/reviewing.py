"""What changed on a listing since LOTI last looked: one difference a section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.catalogue import drafts, review_queries
from marketplace.catalogue.models import Product, ProductEdit
from marketplace.catalogue.parts import PARTS, restored
from marketplace.core.context import Context


def note(
    ctx: Context,
    product: Product,
    section: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Notes that a section was saved, for LOTI to look at. Its caller holds the product's lock."""
    if before == after:
        return
    waiting = review_queries.waiting_edit(ctx, product, section)
    if waiting is None:
        first = ProductEdit(
            product_id=product.id,
            section=section,
            before=dict(before),
            after=dict(after),
            saved_at=ctx.now,
            created_at=ctx.now,
        )
        ctx.session.add(first)
    elif waiting.before == after:  # the supplier took it back
        ctx.session.delete(waiting)
    else:
        waiting.after, waiting.saved_at = dict(after), ctx.now
        waiting.saves += 1
        ctx.session.add(waiting)


def title(section: str) -> str:
    """What a section is called, as a task."""
    return PARTS[section].task if section in PARTS else drafts.SECTIONS[section].task


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer is another one now."""

    question: str
    before: str
    now: str


def changes(edit: ProductEdit, names: Mapping[str, str]) -> Sequence[Change]:
    """The difference, question by question; `names` are those of authorities."""
    if edit.section in PARTS:
        return _of_rows(edit)
    section = drafts.SECTIONS[edit.section]
    was = drafts.read(edit.before, section, names)
    now = drafts.read(edit.after, section, names)
    return [
        Change(question, old, new)
        for (question, old), (_, new) in zip(was, now, strict=True)
        if old != new
    ]


def _of_rows(edit: ProductEdit) -> list[Change]:
    part = PARTS[edit.section]
    was, now = (
        {row["id"]: part.says(restored(part, row)) for row in told["rows"]}
        for told in (edit.before, edit.after)
    )
    every = dict.fromkeys([*was, *now])
    told = ((was.get(id, ""), now.get(id, "")) for id in every)
    return [Change(part.one.capitalize(), old, new) for old, new in told if old != new]


def keys(told: Mapping[str, Any]) -> set[str]:
    """The files that a snapshot speaks of."""
    return {row["key"] for row in told.get("rows", []) if row.get("key")}
