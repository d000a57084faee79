"""What can be seen of claims: how products stand by the standards, and which apply to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, union_all
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import CLOCK, Actor
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.claims.models import COUNTING, UNDECIDED, Claim, Reliance, RelianceStage, named
from marketplace.claims.models import Stage as ClaimStage
from marketplace.claims.standing import Word, word
from marketplace.core.context import Context
from marketplace.core.db import kept
from marketplace.core.errors import NotFound
from marketplace.core.times import in_london
from marketplace.policy import visible_to
from marketplace.standards.applicability import Facts, binding, read
from marketplace.standards.models import Obligation, Standard, StandardVersion
from marketplace.standards.models import Stage as VersionStage

PUBLIC = (*UNDECIDED, *COUNTING)  # what search may know
MOST_OWN = 500  # claims of an organisation on its home page, with the standards in force


def one(ctx: Context, id: UUID) -> Claim:
    """The claim with its standard, its supplier and its product."""
    if claim := ctx.session.exec(_one(ctx.actor), params={"id": id}).unique().one_or_none():
        return claim
    raise NotFound("There is no such claim.")


@kept
def _one(who: Actor) -> SelectOfScalar[Claim]:
    return whole(select(Claim).where(Claim.id == bindparam("id"), visible_to(who, Claim)))


def whole(rows: SelectOfScalar[Claim]) -> SelectOfScalar[Claim]:
    """Claims with all that they belong to."""
    version: Any = Claim.version
    standard: Any = StandardVersion.standard
    return rows.options(
        joinedload(version).joinedload(standard),
        *(joinedload(it) for it in _PARENTS),
    )


_PARENTS: tuple[Any, ...] = (Claim.organisation, Claim.product)


# ---- How products stand


class Standing(NamedTuple):
    """How one product stands by a version of a standard; the matrix has thousands of them."""

    key: str
    title: str
    label: str  # of the version
    number: int  # of the version, in the order they were made
    current: bool  # whether that version is the published one
    claim_id: UUID
    word: Word
    since: datetime
    until: date | None
    whose: str  # what it was claimed for: the product, one version of it, or the organisation

    @property
    def says(self) -> str:
        """Such as "Met (assessed against previous version)"."""
        before = self.word.counts and not self.current
        return (
            f"{self.word.label} (assessed against previous version)"
            if before
            else (self.word.label)
        )


def standings(ctx: Context, product_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Standing]]:
    """How these products stand, as this actor may see it: the best for each standard first."""
    found: dict[UUID, list[Standing]] = {id: [] for id in product_ids}
    rows = ctx.session.exec(_standings(ctx.actor), params={"products": list(product_ids)})
    today = ctx.today
    for row in rows:
        found[row.of_product].append(_standing(row, today))
    return {id: sorted(those, key=_best_first) for id, those in found.items()}


@dataclass(frozen=True, slots=True)
class Own:
    """A claim of the reader's own organisation, as its home page tells of it."""

    id: UUID
    stage: ClaimStage
    word: Word
    standard: str
    subject: str
    product_id: UUID | None
    ends_on: date | None
    fix_by: date | None
    previous_id: UUID | None
    standing: Standing


Published = tuple[StandardVersion, Standard]


def own(ctx: Context) -> tuple[Sequence[Own], Sequence[Published]]:
    """The claims of the reader's own organisation that stand or are under way, the first to end
    first, not those for products that it no longer offers; and what is in force now, by name.
    Home pages need both, and ask once.
    """
    its = (
        (col(Claim.version_id) == StandardVersion.id)
        & (col(Claim.organisation_id) == ctx.actor.organisation_id)
        & and_(*_standing_ones(ctx.actor))
    )
    in_force = (col(StandardVersion.stage) == VersionStage.PUBLISHED) & visible_to(
        ctx.actor, StandardVersion
    )
    columns: list[Any] = [
        *_COLUMNS,
        Claim.product_id,
        Claim.fix_by,
        Claim.previous_id,
        Product.name,
        col(Product.stage).label("listing"),
        StandardVersion,
        Standard,
    ]
    asked = (
        select(*columns)
        .select_from(StandardVersion)
        .join(Standard, col(Standard.id) == StandardVersion.standard_id)
        .outerjoin(Claim, its)
        .outerjoin(Product, col(Product.id) == Claim.product_id)
        .where(in_force | col(Claim.id).is_not(None))
        .order_by(col(Claim.ends_on).is_(None), col(Claim.ends_on), col(Claim.created_at))
    )
    rows = ctx.session.exec(asked.limit(MOST_OWN)).all()
    offered = [row for row in rows if row.claim_id and row.listing != Listing.RETIRED]
    published = {
        row.StandardVersion.id: (row.StandardVersion, row.Standard)
        for row in rows
        if row.version_stage == VersionStage.PUBLISHED
    }
    by_name = sorted(published.values(), key=lambda one: one[1].title)
    return [_own(row, ctx) for row in offered], by_name


def _own(row: Any, ctx: Context) -> Own:
    version = f", version {row.product_version}" if row.product_version else ""
    of_all = f"all that {ctx.actor.organisation_name} does"
    return Own(
        row.claim_id,
        row.stage,
        word(row.stage, row.ends_on, ctx.today),
        named(row.title, row.label),
        f"{row.name}{version}" if row.product_id else of_all,
        row.product_id,
        row.ends_on,
        row.fix_by,
        row.previous_id,
        _standing(row, ctx.today),
    )


def found(
    session: Session, product_ids: Collection[UUID], at: datetime
) -> tuple[Mapping[UUID, set[str]], Mapping[UUID, set[str]]]:
    """For each product the keys of the standards that it meets as everybody may know, and of those
    that it only claims to.
    """
    met: dict[UUID, set[str]] = {id: set() for id in product_ids}
    claimed: dict[UUID, set[str]] = {id: set() for id in product_ids}
    today = in_london(at).date()
    for row in session.exec(_standings(CLOCK, PUBLIC), params={"products": list(product_ids)}):
        standing = word(row.stage, row.ends_on, today)
        if standing in (Word.MET, Word.EXPIRING):
            met[row.of_product].add(row.key)
        elif standing is Word.CLAIMED:
            claimed[row.of_product].add(row.key)
    return met, {id: keys - met[id] for id, keys in claimed.items()}


def best(standings: Sequence[Standing]) -> Mapping[str, Standing]:
    """Of each standard, by its key, the one standing that says most."""
    chosen: dict[str, Standing] = {}
    for one in standings:
        known = chosen.setdefault(one.key, one)
        if known is not one and _best_first(one) < _best_first(known):
            chosen[one.key] = one
    return chosen


_RANK = {one: place for place, one in enumerate(Word)}


def _best_first(one: Standing) -> tuple[str, int, int]:
    return one.key, _RANK[one.word], -one.number


def _standing(row: Any, today: date) -> Standing:
    of = "the organisation" if row.of_all else "the product"
    return Standing(
        key=row.key,
        title=row.title,
        label=row.label,
        number=row.number,
        current=row.version_stage == VersionStage.PUBLISHED,
        claim_id=row.claim_id,
        word=word(row.stage, row.ends_on, today),
        since=row.since,
        until=row.ends_on,
        whose=f"version {row.product_version}" if row.product_version else of,
    )


@kept
def _standings(who: Actor, stages: Sequence[ClaimStage] = tuple(ClaimStage)) -> Any:
    """These products with the claims for them and, where the standard allows it, for all that their
    supplier does. Only columns: the matrix asks for thousands of claims, and making whole objects
    would take longer than all the rest of it.
    """
    of_all = col(Claim.product_id).is_(None)
    return union_all(  # each half has an index; for both at once every claim would be read
        _claimed(who, stages, col(Claim.product_id) == Product.id),
        _claimed(who, stages, of_all & (col(Claim.organisation_id) == Product.organisation_id)),
    )


def _claimed(who: Actor, stages: Sequence[ClaimStage], its: ColumnElement[bool]) -> Any:
    columns: list[Any] = [col(Product.id).label("of_product"), *_COLUMNS]
    rows = (
        select(*columns)
        .select_from(Product)
        .join(Claim, its)
        .join(StandardVersion, col(StandardVersion.id) == Claim.version_id)
        .join(Standard, col(Standard.id) == StandardVersion.standard_id)
    )
    these = col(Product.id).in_(bindparam("products", expanding=True))
    stage = col(Claim.stage).in_(stages)
    return rows.where(these, stage, visible_to(who, Product), *_standing_ones(who))


def _standing_ones(who: Actor) -> tuple[Any, ...]:
    """Claims that are neither withdrawn nor replaced."""
    return (
        visible_to(who, Claim),
        col(Claim.stage) != ClaimStage.WITHDRAWN,
        col(Claim.replaced_at).is_(None),
    )


_COLUMNS: list[Any] = [
    col(Claim.id).label("claim_id"),
    col(Claim.product_id).is_(None).label("of_all"),
    Claim.product_version,
    Claim.stage,
    Claim.ends_on,
    func.coalesce(Claim.decided_at, Claim.created_at).label("since"),
    StandardVersion.label,
    StandardVersion.number,
    col(StandardVersion.stage).label("version_stage"),
    Standard.key,
    Standard.title,
]


# ---- Which standards apply


@dataclass(frozen=True, slots=True)
class Applying:
    """A standard that applies to a product, and how the product stands by it."""

    key: str
    title: str
    version_id: UUID
    label: str  # of the version
    obligation: Obligation
    standing: Standing | None

    @property
    def missing(self) -> bool:
        """Nothing says that it is met today, nor claims to."""
        word = self.standing.word if self.standing else None
        return word is None or not (word.counts or word is Word.CLAIMED)


def published(ctx: Context) -> list[Published]:
    """What is in force now, by name."""
    return list(ctx.session.exec(_published(ctx.actor)))


@kept
def _published(who: Actor) -> Any:
    return (
        select(StandardVersion, Standard)
        .join(Standard, col(Standard.id) == StandardVersion.standard_id)
        .where(StandardVersion.stage == VersionStage.PUBLISHED, visible_to(who, StandardVersion))
        .order_by(Standard.title)
    )


def applying(
    ctx: Context, product: Product, known: Sequence[Standing] | None = None
) -> Sequence[Applying]:
    """The standards that apply to a product: mandatory first, and of those what is missing first.
    `known` is how it stands, where that has been asked already.
    """
    by_key = best(standings(ctx, [product.id])[product.id] if known is None else known)
    facts = Facts(frozenset(product.attributes), frozenset(product.areas))
    found = [
        Applying(row.key, row.title, row.id, row.label, binds, by_key.get(row.key))
        for row in ctx.session.exec(_in_force(ctx.actor))
        if (binds := binding(read(row.rules), facts))
    ]
    return sorted(
        found,
        key=lambda one: (
            one.obligation != Obligation.MANDATORY,
            not one.missing,
            one.title,
        ),
    )


@kept
def _in_force(who: Actor) -> Any:
    """Only what decides whether a standard applies, and its name: every page of a product asks."""
    columns: list[Any] = [
        Standard.key,
        Standard.title,
        StandardVersion.id,
        StandardVersion.label,
        cast(col(StandardVersion.rules), String).label("rules"),
    ]
    rows = select(*columns).join(Standard, col(Standard.id) == StandardVersion.standard_id)
    return rows.where(
        StandardVersion.stage == VersionStage.PUBLISHED, visible_to(who, StandardVersion)
    )


def reliers(ctx: Context, claim_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many authorities rely on each of these claims: a number that everybody may know."""
    return dict(ctx.session.exec(_reliers(), params={"claims": list(claim_ids)}).all())


@kept
def _reliers() -> Any:
    counted = select(Reliance.claim_id, func.count(func.distinct(Reliance.organisation_id)))
    return counted.where(
        col(Reliance.claim_id).in_(bindparam("claims", expanding=True)),
        Reliance.stage == RelianceStage.STANDING,
        visible_to(CLOCK, Reliance),
    ).group_by(col(Reliance.claim_id))
