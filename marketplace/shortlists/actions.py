"""What an authority's people can do with a shortlist, until one of them freezes it."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound, Unavailable
from marketplace.core.forms import BoundForm
from marketplace.discovery import queries as discovery
from marketplace.perform import perform, permit
from marketplace.shortlists import queries, record, searches
from marketplace.shortlists.forms import (
    MOST_KEPT,
    MOST_RESULTS,
    UNKNOWN_CHALLENGE,
    UNKNOWN_PRODUCT,
    Freezing,
    Naming,
    Starting,
)
from marketplace.shortlists.models import Shortlist, ShortlistedProduct
from marketplace.shortlists.searches import Search
from marketplace.verbs import Verb
from search.port import Index
from search.port import Unavailable as EngineUnavailable


def start(
    ctx: Context, form: BoundForm[Starting], found_by: str = ""
) -> Shortlist | BoundForm[Starting]:
    """A new list with the products to begin with, or the form with what is wrong."""
    if form.value is None:
        return form
    chosen = form.value
    if refused := _unknown_challenge(ctx, form, chosen.challenge_id):
        return refused
    listed = discovery.listed(ctx, chosen.id)
    if len(listed) < len(set(chosen.id)):
        return form.refused("id", UNKNOWN_PRODUCT)
    shortlist = Shortlist(
        name=chosen.name,
        challenge_id=chosen.challenge_id,
        found_by=searches.kept(found_by),
        organisation_id=ctx.actor.organisation_id,
        created_at=ctx.now,
    )
    names = [product.name for product in listed.values()]
    perform(ctx, Verb.SHORTLIST_START, shortlist, name=chosen.name, products=names)
    ctx.session.flush()
    _add(ctx, shortlist, dict.fromkeys(chosen.id))
    return shortlist


def _unknown_challenge(
    ctx: Context, form: BoundForm[Starting], id: UUID | None
) -> BoundForm[Starting] | None:
    if id is None or id in queries.challenges(ctx):
        return None
    return form.refused("challenge_id", UNKNOWN_CHALLENGE)


def rename(ctx: Context, shortlist: Shortlist, form: BoundForm[Naming]) -> BoundForm[Naming]:
    if form.value is None:
        return form
    id = form.value.challenge_id
    if id not in (None, shortlist.challenge_id) and id not in queries.challenges(ctx):
        return form.refused("challenge_id", UNKNOWN_CHALLENGE)
    perform(ctx, Verb.SHORTLIST_RENAME, shortlist, name=form.value.name)
    shortlist.name, shortlist.challenge_id = form.value.name, id
    return form


def keep(ctx: Context, shortlist: Shortlist, ids: Collection[UUID], found_by: str = "") -> int:
    """Keeps products on a list, and says how many are new there. The list's search becomes the one
    that they were found by.
    """
    permit(ctx, Verb.SHORTLIST_KEEP, shortlist)
    listed = discovery.listed(ctx, ids)
    if len(listed) < len(set(ids)):
        raise NotFound("There is no such product in the catalogue.")
    known = {one.product_id for one in queries.kept(ctx, shortlist)}
    new = [id for id in dict.fromkeys(ids) if id not in known]
    search = searches.kept(found_by) or shortlist.found_by
    if not new and search == shortlist.found_by:
        return 0
    if len(known) + len(new) > MOST_KEPT:
        raise Conflict(f"A shortlist can have {MOST_KEPT} products. Remove some first.")
    names = [listed[id].name for id in new]
    perform(ctx, Verb.SHORTLIST_KEEP, shortlist, products=names)
    shortlist.found_by = search
    _add(ctx, shortlist, new)
    return len(new)


def _add(ctx: Context, shortlist: Shortlist, ids: Iterable[UUID]) -> None:
    ctx.session.add_all(
        ShortlistedProduct(shortlist_id=shortlist.id, product_id=id, created_at=ctx.now)
        for id in ids
    )


def note(ctx: Context, shortlist: Shortlist, product_id: UUID, text: str) -> None:
    permit(ctx, Verb.SHORTLIST_NOTE, shortlist)
    one = _kept(ctx, shortlist, product_id)
    perform(ctx, Verb.SHORTLIST_NOTE, shortlist, products=[one.product.name])
    one.note = text
    ctx.session.add(one)


def remove(ctx: Context, shortlist: Shortlist, product_id: UUID) -> str:
    """Takes a product off the list, and returns its name."""
    permit(ctx, Verb.SHORTLIST_REMOVE, shortlist)
    one = _kept(ctx, shortlist, product_id)
    perform(ctx, Verb.SHORTLIST_REMOVE, shortlist, products=[one.product.name])
    ctx.session.delete(one)
    return one.product.name


def _kept(ctx: Context, shortlist: Shortlist, product_id: UUID) -> ShortlistedProduct:
    for one in queries.kept(ctx, shortlist):
        if one.product_id == product_id:
            return one
    raise NotFound("This product is not on the list.")


def discard(ctx: Context, shortlist: Shortlist) -> None:
    """Deletes a list that is not frozen; that it was there stays in the journal."""
    perform(ctx, Verb.SHORTLIST_DISCARD, shortlist, name=shortlist.name)
    ctx.session.delete(shortlist)


# ---- The record of why


def freeze(ctx: Context, index: Index, shortlist: Shortlist, form: Freezing) -> None:
    """Keeps everything as it is now, for ever. Afterwards nothing on the list can be changed."""
    permit(ctx, Verb.SHORTLIST_FREEZE, shortlist)
    kept = queries.kept(ctx, shortlist)  # under the lock, so that nothing comes in between
    search = found(ctx, index, shortlist)
    if why := unfit(kept, search):
        raise Conflict(" ".join(why))
    text = record.write(ctx, shortlist, kept, search, form.because)
    perform(
        ctx, Verb.SHORTLIST_FREEZE, shortlist, name=shortlist.name, sha256=record.fingerprint(text)
    )
    shortlist.record, shortlist.sha256 = text, record.fingerprint(text)
    shortlist.frozen_at = ctx.now


def found(ctx: Context, index: Index, shortlist: Shortlist) -> Search | None:
    """What the list's search finds now."""
    try:
        return searches.run(ctx, index, shortlist.found_by, MOST_RESULTS)
    except EngineUnavailable:
        raise Unavailable(
            "Search is not available at the moment, so what it finds cannot be kept."
        ) from None


def unfit(kept: Sequence[ShortlistedProduct], search: Search | None) -> list[str]:
    """What stands between a list and its record, each a sentence."""
    says = []
    if not kept:
        says.append("Keep at least one product before you freeze the list.")
    if len(kept) > MOST_RESULTS:
        says.append(
            f"The list has {len(kept)} products, and a record can hold {MOST_RESULTS}. "
            "Remove those that are out of the question."
        )
    if search and search.total > MOST_RESULTS:
        says.append(
            f"The search finds {search.total:,} products, and a record can hold {MOST_RESULTS}. "
            "Narrow it, and keep something from the narrower search."
        )
    return says
