"""What a supplier's manager can do with the products of the own organisation."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from marketplace.catalogue import drafts, queries
from marketplace.catalogue.forms import Claiming
from marketplace.catalogue.models import Product, ProductUse, Stage
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.onboarding import queries as onboarding
from marketplace.organisations import queries as organisations
from marketplace.perform import perform, permit
from marketplace.verbs import Verb


class Unsigned(Conflict):
    """The supplier has not signed the platform agreement that is in force."""


def draft(ctx: Context, name: str) -> Product:
    product = Product(
        organisation_id=ctx.actor.organisation_id,
        name=name,
        typed={"name": name},
        created_at=ctx.now,
    )
    perform(ctx, Verb.PRODUCT_DRAFT, product)
    return product


def edit(
    ctx: Context,
    product: Product,
    section: Section,
    typed: Mapping[str, Any],
    opened: Opened | None = None,
) -> BoundForm[Any]:
    """Saves a section; what was there already does nothing. A draft keeps what was typed, right
    or wrong; of a product that others may see only what is right is saved.

    Raises Overtaken, and saves nothing, when a colleague saved the section after it was `opened`.
    """
    permit(ctx, Verb.PRODUCT_EDIT, product)
    given = drafts.answers(product, queries.uses(ctx, product))
    form = _confirmed(ctx, section.judge({**given, **typed}))
    changed = [
        name for name in form.kind.model_fields if form.submitted.get(name) != given.get(name)
    ]
    if not changed or (form.value is None and product.stage != Stage.DRAFT):
        return form
    saved = queries.last_edit(ctx, product, section.slug)
    if opened and saved and not opened.knows(saved):
        raise Overtaken(saved)
    page = opened.page if opened else ""
    perform(ctx, Verb.PRODUCT_EDIT, product, section=section.slug, page=page, changed=changed)
    if product.stage == Stage.DRAFT:
        product.typed = {**product.typed, **form.submitted}
    _write(ctx, product, form)
    return form


def _confirmed(ctx: Context, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form, refused where only the database can tell that it is wrong."""
    if isinstance(form.value, Claiming):
        known = {authority.id for authority in organisations.authorities(ctx)}
        if not set(form.value.users) <= known:
            return form.refused("users", "Select authorities from the list")
    return form


def _write(ctx: Context, product: Product, form: BoundForm[Any]) -> None:
    if isinstance(form.value, Claiming):
        _claim(ctx, product, form.value.users)
    elif form.value is not None:
        for name in form.kind.model_fields:
            setattr(product, name, getattr(form.value, name))


def _claim(ctx: Context, product: Product, users: Collection[UUID]) -> None:
    """Lets these authorities be those that use the product."""
    known = {use.organisation_id: use for use in queries.uses(ctx, product)}
    for authority, use in known.items():
        if authority not in users:
            ctx.session.delete(use)
    ctx.session.add_all(
        ProductUse(product_id=product.id, organisation_id=authority, created_at=ctx.now)
        for authority in dict.fromkeys(users)
        if authority not in known
    )


def list_(ctx: Context, product: Product) -> None:
    """Puts a draft into the catalogue when every section is right, or a paused product back."""
    permit(ctx, Verb.PRODUCT_PUBLISH, product)
    if unsigned := onboarding.unsigned(ctx):
        raise Unsigned(f"You cannot list this yet. {unsigned.says}")
    given = drafts.answers(product, queries.uses(ctx, product))
    if missing := drafts.incomplete(given):
        tasks = "; ".join(section.task[:1].lower() + section.task[1:] for section in missing)
        raise Conflict(f"You cannot list this yet. First {tasks}.")
    perform(ctx, Verb.PRODUCT_PUBLISH, product)
    product.typed = {}


def pause(ctx: Context, product: Product) -> None:
    perform(ctx, Verb.PRODUCT_PAUSE, product)


def retire(ctx: Context, product: Product) -> None:
    perform(ctx, Verb.PRODUCT_RETIRE, product)


def discard(ctx: Context, product: Product) -> None:
    """Deletes a draft. The journal keeps that it was there."""
    perform(ctx, Verb.PRODUCT_DISCARD, product, name=product.name)
    ctx.session.delete(product)
