"""How an authority says whether it uses a product, and what its contract is like."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.catalogue import queries, using
from marketplace.catalogue.models import Product
from marketplace.catalogue.part_forms import Confirming
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, reads, show
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/products", route_class=Opening)

Confirmed = Annotated[BoundForm[Confirming], Depends(reads(Confirming))]


@router.get("/{id}/use", name="use.show")
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    product = queries.one(ctx, id)
    use = queries.own_use(ctx, product)
    require(ctx, Verb.USE_CONFIRM, use or using.blank(ctx, product))
    terms = queries.own_terms(ctx, use) if use else None
    return _asked(request, ctx, product, show(Confirming, terms.model_dump() if terms else {}))


@router.post("/{id}/use/confirm", name=Verb.USE_CONFIRM)
def confirm(request: Request, ctx: Context, id: UUID, form: Confirmed) -> Response:
    product = queries.one(ctx, id)
    require(ctx, Verb.USE_CONFIRM, queries.own_use(ctx, product) or using.blank(ctx, product))
    if form.value is None:
        return _asked(request, ctx, product, form)
    using.confirm(ctx, product, form.value)
    flash(request, f"{ctx.actor.organisation_name} says that it uses {product.name}.")
    return go(request, "product.show", id=id)


@router.post("/{id}/use/deny", name=Verb.USE_DENY)
def deny(request: Request, ctx: Context, id: UUID) -> Response:
    product = queries.one(ctx, id)
    using.deny(ctx, product)
    flash(request, f"{ctx.actor.organisation_name} says that it does not use {product.name}.")
    return go(request, "product.show", id=id)


def _asked(
    request: Request, ctx: Context, product: Product, form: BoundForm[Confirming]
) -> Response:
    use = queries.own_use(ctx, product)
    return page(request, "catalogue/use.html", product=product, use=use, form=form)
