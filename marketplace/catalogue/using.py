"""What an authority can say about its own use of a product."""

from marketplace.catalogue import queries
from marketplace.catalogue.models import Product, ProductUse, UseTerms
from marketplace.catalogue.part_forms import Confirming
from marketplace.core.context import Context
from marketplace.perform import lock, perform
from marketplace.verbs import Verb


def confirm(ctx: Context, product: Product, form: Confirming) -> ProductUse:
    """Says that the actor's authority uses it, and what its contract is like."""
    lock(ctx, product)  # its supplier may be claiming the same
    use = queries.own_use(ctx, product) or blank(ctx, product)
    perform(ctx, Verb.USE_CONFIRM, use, about=product)
    ctx.session.flush()
    terms = queries.own_terms(ctx, use) or UseTerms(use_id=use.id, created_at=ctx.now)
    terms.sqlmodel_update(form.model_dump())
    ctx.session.add(terms)
    return use


def deny(ctx: Context, product: Product) -> None:
    """Says that the actor's authority does not use it, whatever anybody claims."""
    lock(ctx, product)
    use = queries.own_use(ctx, product) or blank(ctx, product)
    perform(ctx, Verb.USE_DENY, use, about=product)
    if terms := queries.own_terms(ctx, use):
        ctx.session.delete(terms)


def blank(ctx: Context, product: Product) -> ProductUse:
    """A use by the actor's own authority that nobody has spoken of yet."""
    return ProductUse(
        product_id=product.id, organisation_id=ctx.actor.organisation_id, created_at=ctx.now
    )
