"""What search shows of the database: everything to the index, and to a person what they may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import Session, SQLModel, col, select

from auth.actor import Kind
from marketplace.catalogue.models import Product, ProductUse, UseStage
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Stage, standing
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.onboarding.models import Signature
from marketplace.organisations.models import Organisation, Standing
from marketplace.policy import visible_to
from marketplace.standards.models import Requirement, StandardVersion
from marketplace.standards.models import Stage as Published

BATCH = 500  # rows that the index reads at a time
MOST = 100  # products of one supplier that are compared with the open challenges

T = TypeVar("T", bound=SQLModel)

# ---- For the index, which is shown everything: each document says itself who may find it.


def batches(session: Session, kind: type[T], *only: Any) -> Iterator[Sequence[T]]:
    """Every row of a table, with the organisation it belongs to, a batch at a time."""
    rows = select(kind).where(*only).options(*_with_organisation(kind))
    found = session.exec(rows.execution_options(yield_per=BATCH))
    return found.partitions()


def suppliers(session: Session) -> Iterator[Sequence[Organisation]]:
    return batches(session, Organisation, Organisation.kind == Kind.SUPPLIER)


def row(session: Session, kind: type[T], id: UUID) -> T | None:
    """The row as it is now, with the organisation it belongs to."""
    return session.get(kind, id, options=_with_organisation(kind))


def trading(session: Session, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these suppliers that are not suspended and have signed the agreement."""
    signed = (
        select(Signature.organisation_id)
        .join(Organisation, col(Organisation.id) == Signature.organisation_id)
        .where(col(Signature.organisation_id).in_(list(ids)), Organisation.stage == Standing.ACTIVE)
    )
    return frozenset(session.exec(signed))


def products_of(session: Session, organisation_id: UUID) -> Sequence[Product]:
    theirs = select(Product).where(Product.organisation_id == organisation_id)
    return session.exec(theirs.options(*_with_organisation(Product))).all()


def uses(session: Session, products: Iterable[Product]) -> Mapping[UUID, list[ProductUse]]:
    """By product, its uses, each with the authority that it names."""
    ids = [product.id for product in products]
    found = select(ProductUse).where(
        col(ProductUse.product_id).in_(ids), ProductUse.stage != UseStage.DENIED
    )
    by_product: dict[UUID, list[ProductUse]] = defaultdict(list)
    for use in session.exec(found.options(*_with_organisation(ProductUse))):
        by_product[use.product_id].append(use)
    return by_product


def events(session: Session, since: datetime, kinds: Iterable[str]) -> Sequence[Event]:
    """What happened to things of these kinds since then, in order."""
    happened = select(Event).where(
        Event.created_at >= since, col(Event.subject_kind).in_(list(kinds))
    )
    return session.exec(happened.order_by(col(Event.created_at))).all()


def standards(
    session: Session, id: UUID | None = None
) -> Iterator[tuple[StandardVersion, Sequence[Requirement]]]:
    """The versions of standards that count, each with its requirements: of one standard, or all."""
    its: Any = StandardVersion.standard
    published = select(StandardVersion).where(StandardVersion.stage == Published.PUBLISHED)
    if id:
        published = published.where(StandardVersion.standard_id == id)
    found = session.exec(published.options(joinedload(its))).all()
    asked: dict[UUID, list[Requirement]] = defaultdict(list)
    ids = [version.id for version in found]
    points = select(Requirement).where(col(Requirement.version_id).in_(ids))
    for one in session.exec(points.order_by(col(Requirement.position))):
        asked[one.version_id].append(one)
    return ((version, asked[version.id]) for version in found)


def _with_organisation(kind: type[Any]) -> list[Any]:
    return [joinedload(kind.organisation)] if hasattr(kind, "organisation") else []


# ---- For a person: the database has the last word on what the index found.


def seen(ctx: Context, kind: type[T], ids: Iterable[UUID]) -> Mapping[UUID, T]:
    """Those of these rows that the actor may see, by id."""
    table: Any = kind
    rows = select(kind).where(col(table.id).in_(list(ids)), visible_to(ctx.actor, kind))
    found: Any = ctx.session.exec(rows.options(*_with_organisation(kind)))
    return {row.id: row for row in found}


def seen_uses(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, list[Organisation]]:
    """By product, the authorities that use it as its supplier claims."""
    rows = select(ProductUse).where(
        col(ProductUse.product_id).in_(list(ids)), visible_to(ctx.actor, ProductUse)
    )
    by_product: dict[UUID, list[Organisation]] = defaultdict(list)
    for use in ctx.session.exec(rows.options(*_with_organisation(ProductUse))):
        by_product[use.product_id].append(use.organisation)
    return by_product


def listed(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Product]:
    """Those of these products that are listed now, by id."""
    rows = seen(ctx, Product, ids)
    return {id: product for id, product in rows.items() if product.stage == Listing.LISTED}


def listed_by(ctx: Context, supplier_id: UUID) -> Sequence[Product]:
    """The products that a supplier has listed, newest first."""
    theirs = select(Product).where(
        Product.organisation_id == supplier_id,
        Product.stage == Listing.LISTED,
        visible_to(ctx.actor, Product),
    )
    newest = theirs.order_by(col(Product.created_at).desc()).limit(MOST)
    return ctx.session.exec(newest.options(*_with_organisation(Product))).all()


def open_now(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Challenge]:
    """Those of these challenges that the actor may see and that are open now, by id."""
    rows = select(Challenge).where(
        col(Challenge.id).in_(list(ids)),
        standing(ctx.today) == Stage.OPEN,
        visible_to(ctx.actor, Challenge),
    )
    found = ctx.session.exec(rows.options(*_with_organisation(Challenge)))
    return {challenge.id: challenge for challenge in found}


def own_product(ctx: Context, id: UUID) -> Product:
    """A product of the actor's own organisation."""
    own = select(Product).where(
        Product.id == id,
        Product.organisation_id == ctx.actor.organisation_id,
        visible_to(ctx.actor, Product),
    )
    if product := ctx.session.exec(own.options(*_with_organisation(Product))).one_or_none():
        return product
    raise NotFound("There is no such product among yours.")
