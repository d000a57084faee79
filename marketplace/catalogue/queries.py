"""What can be seen of products and of who uses them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import bindparam, func, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import CLOCK, Actor
from marketplace import history_queries as histories
from marketplace.catalogue.models import (
    EDITING,
    Deployment,
    Picture,
    Product,
    ProductDocument,
    ProductUse,
    Stage,
    UseStage,
    UseTerms,
)
from marketplace.core.context import Context
from marketplace.core.db import eager, kept
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.policy.clauses import among
from marketplace.reference.bands import Band
from marketplace.standards.models import Standard
from marketplace.verbs import Verb

T = TypeVar("T")

SIZE = 20  # products on a page
MOST_OWN = 500  # products on a supplier's own page


def one(ctx: Context, id: UUID) -> Product:
    """The product with its supplier."""
    if product := ctx.session.exec(_one(ctx.actor), params={"id": id}).one_or_none():
        return product
    raise NotFound("There is no such product.")


@kept
def _one(who: Actor) -> SelectOfScalar[Product]:
    seen = select(Product).where(Product.id == bindparam("id"), visible_to(who, Product))
    return seen.options(eager(Product.organisation))


def uses(ctx: Context, product: Product) -> Sequence[ProductUse]:
    """Its uses with their authorities, by name."""
    claimed = (
        select(ProductUse)
        .join(Organisation)
        .where(ProductUse.product_id == product.id, visible_to(ctx.actor, ProductUse))
        .order_by(Organisation.name)
    )
    return ctx.session.exec(claimed.options(eager(ProductUse.organisation))).all()


@dataclass(frozen=True, slots=True)
class Used:
    """An authority that uses a product, and who says so."""

    id: UUID
    name: str
    stage: UseStage

    @property
    def confirmed(self) -> bool:
        return self.stage is UseStage.CONFIRMED


@kept
def _users(who: Actor) -> Any:
    claimed = (
        select(Organisation.id, Organisation.name, ProductUse.stage)
        .join(ProductUse, col(ProductUse.organisation_id) == Organisation.id)
        .where(ProductUse.product_id == bindparam("product"), visible_to(who, ProductUse))
    )
    return claimed.order_by(Organisation.name)


# ---- The catalogue


@dataclass(frozen=True, slots=True)
class Listed:
    """A product as a list shows it."""

    id: UUID
    name: str
    summary: str
    band: Band | None
    deployment: Deployment | None
    supplier: str
    users: int  # authorities that use it as its supplier claims
    stage: Stage


def listed(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Listed]:
    """Those of these products that are listed now, by id."""
    rows = ctx.session.exec(_short(ctx.actor).where(col(Product.id).in_(list(ids))))
    # Asked for the stage too, SQLite would look through all that are listed for these few.
    return {row.id: Listed(*row) for row in rows if row.stage is Stage.LISTED}


def standards(ctx: Context) -> Mapping[str, str]:
    """By its key, what each standard is called."""
    every = select(Standard.key, Standard.title).where(visible_to(ctx.actor, Standard))
    return dict(ctx.session.exec(every.order_by(Standard.title)).all())


def newest(ctx: Context, after: UUID | None = None) -> tuple[Sequence[Listed], UUID | None]:
    """What is listed, newest first, from the one after `after`; and where to go on."""
    rows = (
        _short(ctx.actor)
        .where(Product.stage == Stage.LISTED)
        .order_by(col(Product.created_at).desc(), col(Product.id).desc())
    )
    if after:
        last = one(ctx, after)
        rows = rows.where(
            tuple_(col(Product.created_at), col(Product.id)) < (last.created_at, last.id)
        )
    found = [Listed(*row) for row in ctx.session.exec(rows.limit(SIZE + 1))]
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


@kept
def _short(who: Actor) -> Any:
    """Only the columns that a list shows: making whole objects would take longer than all the
    rest of a page.
    """
    users = select(func.count(col(ProductUse.id))).where(
        ProductUse.product_id == Product.id, visible_to(who, ProductUse)
    )
    columns: list[Any] = [
        Product.id,
        Product.name,
        Product.summary,
        Product.band,
        Product.deployment,
        Organisation.name,
        users.scalar_subquery(),
        Product.stage,
    ]
    rows = select(*columns).join(Organisation, col(Organisation.id) == Product.organisation_id)
    return rows.where(visible_to(who, Product))


# ---- What happened


def history(
    ctx: Context, product: Product, after: UUID | None = None
) -> tuple[Sequence[Event], UUID | None]:
    """The steps that the actor may see, newest first; how a draft was typed would be noise."""
    told = ~among(col(Event.verb), EDITING) | (col(Event.was) != Stage.DRAFT)
    return histories.history(ctx, product.id, told, after=after)


def last_edit(ctx: Context, product: Product, section: str) -> Event | None:
    """The last time that somebody saved a section, or LOTI took a change to it back."""
    edits = among(col(Event.verb), (Verb.PRODUCT_EDIT, Verb.EDIT_REVERT))
    return histories.last_save(ctx, section, col(Event.about_id) == product.id, edits)


# ---- What a listing has several of


def parts(ctx: Context, product: Product, table: type[T]) -> Sequence[T]:
    """Its price lines, documents, pictures or versions, in the order they came in."""
    found = ctx.session.exec(_parts(ctx.actor, cast("Any", table)), params={"product": product.id})
    return cast("Sequence[T]", found.all())


@kept
def _parts(who: Actor, table: Any) -> Any:
    theirs = select(table).where(table.product_id == bindparam("product"), visible_to(who, table))
    return theirs.order_by(table.created_at, table.id)


def part(ctx: Context, product: Product, table: type[T], id: UUID) -> T:
    rows: Any = table
    seen = select(rows).where(
        rows.id == id, rows.product_id == product.id, visible_to(ctx.actor, table)
    )
    if row := ctx.session.exec(seen).one_or_none():
        return cast("T", row)
    raise NotFound("There is no such part of a product.")


def files(ctx: Context, product: Product) -> Sequence[ProductDocument | Picture]:
    """Everything of it that is kept as a file."""
    documents = parts(ctx, product, ProductDocument)
    return [*(one for one in documents if one.key), *parts(ctx, product, Picture)]


# ---- Who uses it


def named(ctx: Context, product: Product) -> Sequence[Used]:
    """The authorities that use it, by name, and whether they say so themselves."""
    rows = ctx.session.exec(_users(ctx.actor), params={"product": product.id})
    return [Used(*row) for row in rows]


def own_use(ctx: Context, product: Product) -> ProductUse | None:
    """What is said of the reader's own authority, denied or not."""
    said = select(ProductUse).where(
        ProductUse.product_id == product.id,
        ProductUse.organisation_id == ctx.actor.organisation_id,
        visible_to(CLOCK, ProductUse),
    )
    return ctx.session.exec(said).one_or_none()


def denials(ctx: Context, product: Product) -> frozenset[UUID]:
    """The authorities that say they do not use it, for its supplier to leave out."""
    said = select(ProductUse.organisation_id).where(
        ProductUse.product_id == product.id,
        ProductUse.stage == UseStage.DENIED,
        visible_to(CLOCK, ProductUse),
    )
    return frozenset(ctx.session.exec(said))


def own_terms(ctx: Context, use: ProductUse) -> UseTerms | None:
    told = select(UseTerms).where(UseTerms.use_id == use.id, visible_to(ctx.actor, UseTerms))
    return ctx.session.exec(told).one_or_none()


def terms(ctx: Context, product: Product) -> Sequence[tuple[str, UseTerms]]:
    """Contracts for it, as authorities tell each other and LOTI, by the name of the authority."""
    told = (
        select(Organisation.name, UseTerms)
        .join(ProductUse, col(ProductUse.id) == UseTerms.use_id)
        .join(Organisation, col(Organisation.id) == ProductUse.organisation_id)
        .where(
            ProductUse.product_id == product.id,
            visible_to(ctx.actor, ProductUse),
            visible_to(ctx.actor, UseTerms),
        )
    )
    return ctx.session.exec(told.order_by(Organisation.name)).all()


# ---- For its supplier, here and on the home page


def mine(ctx: Context) -> Mapping[Stage, Sequence[Product]]:
    """The products of the reader's own organisation by stage, the newest first."""
    own = select(Product).where(
        Product.organisation_id == ctx.actor.organisation_id, visible_to(ctx.actor, Product)
    )
    newest_first = own.order_by(col(Product.created_at).desc(), col(Product.id).desc())
    found = ctx.session.exec(newest_first.limit(MOST_OWN)).all()
    return {stage: [one for one in found if one.stage == stage] for stage in Stage}


def drafts(ctx: Context) -> Sequence[Product]:
    """The reader's organisation's products that are not in the catalogue yet."""
    return mine(ctx)[Stage.DRAFT]


def copied(ctx: Context) -> frozenset[UUID]:
    """The products of which the reader's organisation has a draft copy."""
    drafted = select(Product.copied_from_id).where(
        Product.organisation_id == ctx.actor.organisation_id,
        Product.stage == Stage.DRAFT,
        col(Product.copied_from_id).is_not(None),
        visible_to(ctx.actor, Product),
    )
    return frozenset(filter(None, ctx.session.exec(drafted)))


def copyable(ctx: Context) -> Sequence[Product]:
    """The products of the reader's organisation that a draft can begin from."""
    already = copied(ctx)
    by_stage = mine(ctx)
    listed = [one for stage in Stage if stage != Stage.DRAFT for one in by_stage[stage]]
    return [one for one in listed if one.id not in already]
