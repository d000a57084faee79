"""What search shows of the database: everything to the index, and to a person what they may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, SQLModel, col, select

from auth.actor import Kind
from marketplace import policy
from marketplace.catalogue.models import PriceLine, Product, ProductUse, ProductVersion, UseStage
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.documents import needs_text
from marketplace.challenges.models import Challenge, Stage, standing
from marketplace.contracts.models import Contract
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.finding import identity
from marketplace.core.journal import Event
from marketplace.core.listing import Alike
from marketplace.notices.models import Notice
from marketplace.onboarding.models import Signature
from marketplace.organisations.models import Organisation, Standing
from marketplace.policy import visible_to
from marketplace.standards.models import Requirement, StandardVersion
from marketplace.standards.models import Stage as Published
from search.port import Index, Need, Unavailable

BATCH = 500  # rows that the index reads at a time
ALIKE = 5  # notices beside a challenge
SHARED = 4  # telling words that a notice shares with a need
MOST = 100  # products of one supplier that are compared with the open challenges

T = TypeVar("T", bound=SQLModel)

# ---- For the index, which is shown everything: each document says itself who may find it.


def batches(session: Session, kind: type[T], *only: Any) -> Iterator[Sequence[T]]:
    """Every row of a table, with what it belongs to, a batch at a time."""
    rows = select(kind).where(*only).options(*_with_whose(kind))
    found = session.exec(rows.execution_options(yield_per=BATCH))
    return found.partitions()


def suppliers(session: Session) -> Iterator[Sequence[Organisation]]:
    return batches(session, Organisation, Organisation.kind == Kind.SUPPLIER)


def row(session: Session, kind: type[T], id: UUID) -> T | None:
    """The row as it is now, with what it belongs to."""
    return session.get(kind, id, options=_with_whose(kind))


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
    return session.exec(theirs.options(*_with_whose(Product))).all()


def uses(session: Session, products: Iterable[Product]) -> Mapping[UUID, list[ProductUse]]:
    """By product, its uses, each with the authority that it names."""
    ids = [product.id for product in products]
    found = select(ProductUse).where(
        col(ProductUse.product_id).in_(ids), ProductUse.stage != UseStage.DENIED
    )
    by_product: dict[UUID, list[ProductUse]] = defaultdict(list)
    for use in session.exec(found.options(*_with_whose(ProductUse))):
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


def contracts_of(session: Session, supplier_id: UUID) -> Sequence[Contract]:
    theirs = select(Contract).where(Contract.supplier_id == supplier_id)
    return session.exec(theirs.options(*_with_whose(Contract))).all()


def taking_part(
    session: Session, table: type[Any], ids: Iterable[UUID]
) -> Mapping[UUID, list[Organisation]]:
    """By contract, the authorities that a table names: who signs it, or may call off under it."""
    rows = select(table).where(table.contract_id.in_(list(ids))).options(*_with_whose(table))
    by_contract: dict[UUID, list[Organisation]] = defaultdict(list)
    for one in session.exec(rows.order_by(table.created_at, table.id)):
        by_contract[one.contract_id].append(one.organisation)
    return by_contract


def _with_whose(kind: type[Any]) -> list[Any]:
    """What is told of a row beside its own: whose it is, with whom, and what it came from."""
    named = ("organisation", "supplier", "tender")
    return [joinedload(getattr(kind, name)) for name in named if hasattr(kind, name)]


# ---- For a person: the database has the last word on what the index found.


def seen(ctx: Context, kind: type[T], ids: Iterable[UUID]) -> Mapping[UUID, T]:
    """Those of these rows that the actor may see, by id."""
    table: Any = kind
    rows = select(kind).where(col(table.id).in_(list(ids)), visible_to(ctx.actor, kind))
    found: Any = ctx.session.exec(rows.options(*_with_whose(kind)))
    return {row.id: row for row in found}


@dataclass(frozen=True, slots=True)
class Uses:
    """Who uses what, as far as suppliers and authorities say."""

    users: Mapping[UUID, list[Organisation]]  # authorities by product
    confirmed: Mapping[UUID, set[UUID]]  # by product, those of them that say so themselves
    runs: Mapping[UUID, list[str]]  # by authority, names of products that it says it uses


def seen_uses_and_runs(ctx: Context, ids: Iterable[UUID], authorities: Iterable[UUID]) -> Uses:
    """Who uses these products, and what these authorities say that they run, in one go."""
    products, theirs = frozenset(ids), frozenset(authorities)
    rows = (
        select(ProductUse, Product.name)
        .join(Product, col(Product.id) == ProductUse.product_id)
        .where(
            or_(
                col(ProductUse.product_id).in_(products),
                col(ProductUse.organisation_id).in_(theirs),
            ),
            visible_to(ctx.actor, ProductUse),
        )
        .order_by(Product.name, col(ProductUse.id))
    )
    users: dict[UUID, list[Organisation]] = defaultdict(list)
    confirmed: dict[UUID, set[UUID]] = defaultdict(set)
    runs: dict[UUID, list[str]] = defaultdict(list)
    for use, name in ctx.session.exec(rows.options(*_with_whose(ProductUse))):
        if use.product_id in products:
            users[use.product_id].append(use.organisation)
        if use.stage is UseStage.CONFIRMED:
            confirmed[use.product_id].add(use.organisation_id)
            if use.organisation_id in theirs:
                runs[use.organisation_id].append(name)
    return Uses(users, confirmed, runs)


def prices_and_versions(
    ctx: Context, ids: Iterable[UUID]
) -> tuple[Mapping[UUID, list[PriceLine]], Mapping[UUID, ProductVersion]]:
    """By product, what is paid for, as it was entered, and the version that is the current one."""
    wanted = list(ids)
    lines: dict[UUID, list[PriceLine]] = defaultdict(list)
    paid = select(PriceLine).where(
        col(PriceLine.product_id).in_(wanted), visible_to(ctx.actor, PriceLine)
    )
    for line in ctx.session.exec(paid.order_by(col(PriceLine.created_at), col(PriceLine.id))):
        lines[line.product_id].append(line)
    current = select(ProductVersion).where(
        col(ProductVersion.product_id).in_(wanted),
        ProductVersion.is_current,
        visible_to(ctx.actor, ProductVersion),
    )
    return lines, {one.product_id: one for one in ctx.session.exec(current)}


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
    return ctx.session.exec(newest.options(*_with_whose(Product))).all()


def open_now(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Challenge]:
    """Those of these challenges that the actor may see and that are open now, by id."""
    rows = select(Challenge).where(
        col(Challenge.id).in_(list(ids)),
        standing(ctx.today) == Stage.OPEN,
        visible_to(ctx.actor, Challenge),
    )
    found = ctx.session.exec(rows.options(*_with_whose(Challenge)))
    return {challenge.id: challenge for challenge in found}


def own_product(ctx: Context, id: UUID) -> Product:
    """A product of the actor's own organisation."""
    own = select(Product).where(
        Product.id == id,
        Product.organisation_id == ctx.actor.organisation_id,
        visible_to(ctx.actor, Product),
    )
    if product := ctx.session.exec(own.options(*_with_whose(Product))).one_or_none():
        return product
    raise NotFound("There is no such product among yours.")


def notices_alike(ctx: Context, index: Index, challenge: Challenge) -> Alike[Notice]:
    """Published notices that speak of the same need, the most alike first."""
    if not challenge.title:
        return Alike()
    need = Need(
        needs_text(challenge), policy.audience(ctx.actor), frozenset({"notice"}), size=ALIKE
    )
    try:
        answered = index.match(need)
    except Unavailable:
        return Alike(available=False)
    ids = [identity(match.id) for match in answered.matches if len(match.terms) >= SHARED]
    found = seen(ctx, Notice, [id for id in ids if id != challenge.notice_id])
    return Alike([found[id] for id in ids if id in found], answered.basic)
