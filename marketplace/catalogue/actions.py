"""What a supplier's manager can do with the products of the own organisation."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from marketplace.catalogue import drafts, queries, reviewing
from marketplace.catalogue.forms import ATTRIBUTES, LONGEST_NAME, Applying, Claiming
from marketplace.catalogue.models import PriceLine, Product, ProductUse, Stage, UseStage
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import Conflict
from marketplace.core.files import ObjectStore
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
    *,
    looked: bool = True,
) -> BoundForm[Any]:
    """Saves a section; what was there already does nothing. A draft keeps what was typed, right
    or wrong; of a product that others may see only what is right is saved. Somebody who has
    `looked` at a section of a copy has reviewed it.

    Raises Overtaken, and saves nothing, when a colleague saved the section after it was `opened`.
    """
    permit(ctx, Verb.PRODUCT_EDIT, product)
    given = drafts.answers(product, queries.uses(ctx, product))
    form = _confirmed(ctx, product, section.judge({**given, **typed}))
    changed = [
        name for name in form.kind.model_fields if form.submitted.get(name) != given.get(name)
    ]
    reviewed = looked and section.slug in product.to_review
    if not (changed or reviewed) or (form.value is None and product.stage != Stage.DRAFT):
        return form
    saved = queries.last_edit(ctx, product, section.slug)
    if opened and saved and not opened.knows(saved):
        raise Overtaken(saved)
    page = opened.page if opened else ""
    perform(ctx, Verb.PRODUCT_EDIT, product, section=section.slug, page=page, changed=changed)
    if product.stage == Stage.DRAFT:
        product.typed = {**product.typed, **form.submitted}
    else:
        before = drafts.own(given, section)
        reviewing.note(ctx, product, section.slug, before, dict(form.submitted))
    if reviewed:
        product.to_review = [one for one in product.to_review if one != section.slug]
    write(ctx, product, form)
    return form


def _confirmed(ctx: Context, product: Product, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form, refused where only the database can tell that it is wrong."""
    if isinstance(form.value, Claiming):
        known = {one.id: one.called for one in organisations.authorities(ctx)}
        if not set(form.value.users) <= known.keys():
            return form.refused("users", "Select authorities from the list")
        denials = queries.denials(ctx, product)
        denied = [known[id] for id in form.value.users if id in denials]
        if denied:
            called = " and ".join(denied)
            return form.refused("users", f"Leave out {called}, which says it does not use it")
    return form


def write(ctx: Context, product: Product, form: BoundForm[Any]) -> None:
    """Lets a product be what a form says; one that is wrong changes nothing."""
    if isinstance(form.value, Claiming):
        _claim(ctx, product, form.value.users)
    elif isinstance(form.value, Applying):
        product.attributes = [one.value for name in ATTRIBUTES for one in getattr(form.value, name)]
    elif form.value is not None:
        for name in form.kind.model_fields:
            setattr(product, name, getattr(form.value, name))


def _claim(ctx: Context, product: Product, users: Collection[UUID]) -> None:
    """Lets these authorities be those that use the product, beside those that say so themselves."""
    known = {use.organisation_id: use for use in queries.uses(ctx, product)}
    for authority, use in known.items():
        if authority not in users and use.stage is UseStage.CLAIMED:
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
    if missing := drafts.incomplete(given, product.to_review):
        tasks = "; ".join(section.task[:1].lower() + section.task[1:] for section in missing)
        raise Conflict(f"You cannot list this yet. First {tasks}.")
    perform(ctx, Verb.PRODUCT_PUBLISH, product)
    product.typed = {}


def pause(ctx: Context, product: Product) -> None:
    perform(ctx, Verb.PRODUCT_PAUSE, product)


def retire(ctx: Context, product: Product) -> None:
    perform(ctx, Verb.PRODUCT_RETIRE, product)


def discard(ctx: Context, product: Product, store: ObjectStore) -> None:
    """Deletes a draft with its files. The journal keeps that it was there."""
    keys = [row.key for row in queries.files(ctx, product)]
    perform(ctx, Verb.PRODUCT_DISCARD, product, name=product.name)
    ctx.session.delete(product)
    scanning.remove_once_committed(ctx.session, store, keys)


def copy(ctx: Context, product: Product) -> Product:
    """Starts a draft with what is said of another product. Each section waits to be reviewed, and
    there is one draft a product at a time.
    """
    permit(ctx, Verb.PRODUCT_COPY, product)
    if product.id in queries.copied(ctx):
        raise Conflict(f"There is a draft copied from {product.name} already. Finish it first.")
    made = Product(
        **product.model_dump(include=drafts.COLUMNS - {"name"}),
        name=f"Copy of {product.name}"[:LONGEST_NAME],
        attributes=list(product.attributes),
        organisation_id=product.organisation_id,
        copied_from_id=product.id,
        to_review=[slug for slug in drafts.SECTIONS if slug != "users"],
        created_at=ctx.now,
    )
    made.typed = {"name": made.name}
    perform(ctx, Verb.PRODUCT_DRAFT, made)
    perform(ctx, Verb.PRODUCT_COPY, product, into=str(made.id))
    ctx.session.add_all(
        PriceLine(**line.model_dump(exclude={"id", "product_id"}), product_id=made.id)
        for line in queries.parts(ctx, product, PriceLine)
    )
    return made
