"""What can be seen of suppliers and authorities, with what each has listed, posted and joined."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import String, case, cast, func, or_, tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import Kind
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import (
    PUBLISHED,
    Challenge,
    Commitment,
    CommitmentStage,
    Level,
    Stage,
    standing,
)
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation
from marketplace.policy import in_the_directory, visible_to
from marketplace.reference.areas import Area
from marketplace.reference.regions import Region

Named = TypeVar("Named", Organisation, Product)

SIZE = 25  # on a page
MOST = 50  # challenges of an authority on its page


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of suppliers is narrowed to."""

    name: str = ""  # a part of it
    sme: bool = False
    vcse: bool = False
    regions: frozenset[Region] = frozenset()  # any of them


# ---- Suppliers


def supplier(ctx: Context, id: UUID) -> Organisation:
    return _of_kind(ctx, id, Kind.SUPPLIER)


def suppliers(
    ctx: Context, filters: Filters, after: UUID | None = None
) -> tuple[Sequence[Organisation], UUID | None]:
    """Suppliers by name, from the one after `after`; and where to go on."""
    rows = select(Organisation).where(
        Organisation.kind == Kind.SUPPLIER,
        visible_to(ctx.actor, Organisation),
        in_the_directory(ctx.actor),
    )
    if filters.name:
        names = (col(Organisation.name), col(Organisation.short_name))
        rows = rows.where(or_(*(one.icontains(filters.name, autoescape=True) for one in names)))
    if filters.sme:
        rows = rows.where(col(Organisation.is_sme))
    if filters.vcse:
        rows = rows.where(col(Organisation.is_vcse))
    if filters.regions:
        rows = rows.where(or_(*map(_works_in, {*filters.regions, Region.UK_WIDE})))
    return _by_name(ctx, rows, Organisation, supplier(ctx, after) if after else None)


def _works_in(region: Region) -> Any:
    """The regions are a list in one column, as JSON, in which a label stands in quotation marks."""
    return cast(col(Organisation.regions), String).contains(f'"{region.label}"', autoescape=True)


def found(ctx: Context, ids: Collection[UUID]) -> Mapping[UUID, Organisation]:
    """Those of these suppliers that stand in the lists which this actor sees, by id."""
    rows = select(Organisation).where(
        col(Organisation.id).in_(ids),
        Organisation.kind == Kind.SUPPLIER,
        visible_to(ctx.actor, Organisation),
        in_the_directory(ctx.actor),
    )
    return {one.id: one for one in ctx.session.exec(rows)}


def how_many_listed(ctx: Context, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """By supplier, how many products it has in the catalogue."""
    theirs = select(Organisation.id).where(
        col(Organisation.id).in_(ids),
        visible_to(ctx.actor, Organisation),
        in_the_directory(ctx.actor),
    )
    listed = (
        select(Product.organisation_id, func.count())
        .where(col(Product.organisation_id).in_(theirs), Product.stage == Listing.LISTED)
        .group_by(col(Product.organisation_id))
    )
    return dict(ctx.session.exec(listed).all())


def listed_by(
    ctx: Context, supplier: Organisation, after: UUID | None = None
) -> tuple[Sequence[Product], UUID | None]:
    """A supplier's products in the catalogue by name, from the one after `after`; and where to
    go on.
    """
    listed = select(Product).where(
        Product.organisation_id == supplier.id,
        Product.stage == Listing.LISTED,
        visible_to(ctx.actor, Product),
    )
    last = ctx.session.exec(listed.where(Product.id == after)).one_or_none() if after else None
    if after and not last:
        raise NotFound("There is no such part of the list.")
    return _by_name(ctx, listed, Product, last)


def _by_name(
    ctx: Context, rows: SelectOfScalar[Named], table: type[Named], last: Named | None
) -> tuple[Sequence[Named], UUID | None]:
    """One page of rows by name, after the last row of the page before; and where to go on."""
    place = tuple_(col(table.name), col(table.id))
    if last:
        rows = rows.where(place > (last.name, last.id))
    found = ctx.session.exec(rows.order_by(col(table.name), col(table.id)).limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


def _of_kind(ctx: Context, id: UUID, kind: Kind) -> Organisation:
    found = organisations.one(ctx, id)
    if found.kind is not kind:
        raise NotFound(f"There is no such {kind.value}.")
    return found


# ---- Authorities


@dataclass(frozen=True, slots=True)
class Taking:
    """How an authority takes part: how many challenges it posted, shares, and watches."""

    authority: Organisation
    posted: int
    joined: int
    watching: int

    @property
    def part(self) -> int:
        return self.posted + self.joined + self.watching


def authority(ctx: Context, id: UUID) -> Organisation:
    return _of_kind(ctx, id, Kind.AUTHORITY)


def taking_part(ctx: Context, *, area: Area | None = None, ever: bool = False) -> Sequence[Taking]:
    """Every authority by name, and how it takes part in what is open now, or was ever published."""
    stages = PUBLISHED if ever else (Stage.OPEN,)
    which = standing(ctx.today).in_(stages) & visible_to(ctx.actor, Challenge)
    if area:
        which &= col(Challenge.area) == area
    posted = (
        select(Challenge.organisation_id, func.count().label("posted"))
        .where(which)
        .group_by(col(Challenge.organisation_id))
        .subquery()
    )
    watches = col(Commitment.level) == Level.WATCHING
    shared = (
        select(
            Commitment.organisation_id,
            func.sum(case((watches, 0), else_=1)).label("joined"),
            func.sum(case((watches, 1), else_=0)).label("watching"),
        )
        .join(Challenge)
        .where(which, Commitment.stage == CommitmentStage.LIVE, visible_to(ctx.actor, Commitment))
        .group_by(col(Commitment.organisation_id))
        .subquery()
    )
    found = (
        select(
            Organisation,
            func.coalesce(posted.c.posted, 0),
            func.coalesce(shared.c.joined, 0),
            func.coalesce(shared.c.watching, 0),
        )
        .outerjoin(posted, posted.c.organisation_id == Organisation.id)
        .outerjoin(shared, shared.c.organisation_id == Organisation.id)
        .where(Organisation.kind == Kind.AUTHORITY, visible_to(ctx.actor, Organisation))
        .order_by(Organisation.name)
    )
    return [Taking(*row) for row in ctx.session.exec(found)]


def commitments(ctx: Context, authority: Organisation) -> Sequence[Commitment]:
    """What the authority has joined, newest first, each with the challenge and who posted it."""
    challenge: Any = Commitment.challenge
    poster: Any = Challenge.organisation
    live = (
        select(Commitment)
        .where(
            Commitment.organisation_id == authority.id,
            Commitment.stage == CommitmentStage.LIVE,
            visible_to(ctx.actor, Commitment),
        )
        .order_by(col(Commitment.created_at).desc(), col(Commitment.id).desc())
        .limit(MOST)
        .options(joinedload(challenge).joinedload(poster))
    )
    return ctx.session.exec(live).all()
