"""What can be seen of standards, and of the products that they may apply to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func
from sqlalchemy.orm import joinedload
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import VISITOR, Actor
from marketplace import history_queries as histories
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.core.context import Context
from marketplace.core.db import kept
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.standards.applicability import Facts
from marketplace.standards.models import Kind, Requirement, Stage, Standard, StandardVersion
from marketplace.verbs import Verb

MOST = 500  # standards in a list
MOST_PRODUCTS = 10_000  # that a rule is tried on


def one(ctx: Context, id: UUID) -> Standard:
    seen = select(Standard).where(Standard.id == id, visible_to(ctx.actor, Standard))
    if standard := ctx.session.exec(seen).one_or_none():
        return standard
    raise NotFound("There is no such standard.")


def versions(ctx: Context, id: UUID) -> Sequence[StandardVersion]:
    """The versions of a standard with the standard itself, the newest first; never none."""
    found = ctx.session.exec(_versions(ctx.actor), params={"standard": id}).all()
    if not found:
        raise NotFound("There is no such standard.")
    return found


@kept
def _versions(who: Actor) -> SelectOfScalar[StandardVersion]:
    seen = select(StandardVersion).where(
        StandardVersion.standard_id == bindparam("standard"), visible_to(who, StandardVersion)
    )
    return seen.order_by(col(StandardVersion.number).desc()).options(_with_standard())


def _with_standard() -> Any:
    """Loads the standard with a version; SQLModel types a relationship as what it holds."""
    its: Any = StandardVersion.standard
    return joinedload(its)


def draft(ctx: Context, id: UUID) -> StandardVersion:
    """The draft of a standard's next version."""
    seen = select(StandardVersion).where(
        StandardVersion.standard_id == id,
        StandardVersion.stage == Stage.DRAFT,
        visible_to(ctx.actor, StandardVersion),
    )
    if found := ctx.session.exec(seen.options(_with_standard())).one_or_none():
        return found
    raise NotFound("There is no draft of this standard.")


def published(ctx: Context, id: UUID) -> StandardVersion | None:
    """The version of a standard that is in force."""
    seen = select(StandardVersion).where(
        StandardVersion.standard_id == id,
        StandardVersion.stage == Stage.PUBLISHED,
        visible_to(ctx.actor, StandardVersion),
    )
    return ctx.session.exec(seen.options(_with_standard())).one_or_none()


def requirements(ctx: Context, version: StandardVersion) -> Sequence[Requirement]:
    """The requirements of a version, in order."""
    of_it = select(Requirement).where(
        Requirement.version_id == version.id, visible_to(ctx.actor, Requirement)
    )
    return ctx.session.exec(of_it.order_by(col(Requirement.position))).all()


def last_number(ctx: Context, standard: Standard) -> int:
    numbers = select(func.max(StandardVersion.number)).where(
        StandardVersion.standard_id == standard.id, visible_to(ctx.actor, StandardVersion)
    )
    return ctx.session.exec(numbers).one() or 0


def taken(ctx: Context, key: str, besides: UUID | None = None) -> bool:
    """Whether another standard has this short name."""
    same = select(Standard.id).where(
        Standard.key == key, Standard.id != besides, visible_to(ctx.actor, Standard)
    )
    return ctx.session.exec(same).first() is not None


# ---- The list


@dataclass(frozen=True, slots=True)
class Listed:
    """A standard as a list and the matrix show it: its version that counts."""

    id: UUID
    key: str
    title: str
    issuer: str
    kind: Kind
    number: int
    label: str
    summary: str
    rules: Sequence[Mapping[str, Any]] = field(default_factory=list)
    stage: Stage = Stage.PUBLISHED


def listed(ctx: Context, stage: Stage = Stage.PUBLISHED) -> Sequence[Listed]:
    """The standards with a version at a stage, by title."""
    return [Listed(*row) for row in ctx.session.exec(_listed(ctx.actor, stage))]


def found(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Listed]:
    """Those of these standards that are published, by id."""
    these = _listed(ctx.actor, Stage.PUBLISHED).where(col(Standard.id).in_(list(ids)))
    return {row.id: Listed(*row) for row in ctx.session.exec(these)}


@kept
def _listed(who: Actor, stage: Stage) -> Any:
    columns: list[Any] = [
        Standard.id,
        Standard.key,
        Standard.title,
        Standard.issuer,
        Standard.kind,
        StandardVersion.number,
        StandardVersion.label,
        StandardVersion.summary,
        StandardVersion.rules,
        StandardVersion.stage,
    ]
    rows = select(*columns).join(StandardVersion, col(StandardVersion.standard_id) == Standard.id)
    seen = rows.where(
        StandardVersion.stage == stage,
        visible_to(who, Standard),
        visible_to(who, StandardVersion),
    )
    if stage is Stage.WITHDRAWN:  # one that came back is not withdrawn
        again = select(StandardVersion.id).where(
            col(StandardVersion.standard_id) == Standard.id,
            StandardVersion.stage == Stage.PUBLISHED,
        )
        seen = seen.where(~again.correlate(Standard).exists())
    return seen.order_by(func.lower(Standard.title), col(Standard.id)).limit(MOST)


def drafts(ctx: Context) -> Sequence[StandardVersion]:
    """Every draft, for curators."""
    seen = select(StandardVersion).where(
        StandardVersion.stage == Stage.DRAFT, visible_to(ctx.actor, StandardVersion)
    )
    newest = seen.order_by(col(StandardVersion.created_at).desc()).limit(MOST)
    return ctx.session.exec(newest.options(_with_standard())).all()


# ---- The products that rules are tried on


@dataclass(frozen=True, slots=True)
class Offer:
    """A listed product, with what decides which standards apply to it."""

    id: UUID
    name: str
    supplier_id: UUID
    supplier: str
    facts: Facts


def offers(ctx: Context) -> Sequence[Offer]:
    """What is listed and everybody may see, by name."""
    rows = ctx.session.exec(_offers())
    return [
        Offer(id, name, supplier_id, supplier, Facts(frozenset(attributes), frozenset(areas)))
        for id, name, supplier_id, supplier, attributes, areas in rows
    ]


@kept
def _offers() -> Any:
    columns: list[Any] = [
        Product.id,
        Product.name,
        Product.organisation_id,
        case(
            (col(Organisation.short_name) != "", Organisation.short_name), else_=Organisation.name
        ),
        Product.attributes,
        Product.areas,
    ]
    rows = select(*columns).join(Organisation, col(Organisation.id) == Product.organisation_id)
    listed = rows.where(Product.stage == Listing.LISTED, visible_to(VISITOR, Product))
    return listed.order_by(func.lower(Product.name), col(Product.id)).limit(MOST_PRODUCTS)


# ---- What happened


def history(
    ctx: Context, id: UUID, after: UUID | None = None
) -> tuple[Sequence[Event], UUID | None]:
    """The steps that the actor may see, newest first; every saved answer would only be noise."""
    return histories.history(ctx, id, col(Event.verb) != Verb.STANDARD_EDIT, after=after)


def last_edit(ctx: Context, version: StandardVersion, section: str) -> Event | None:
    """The last time that somebody saved a section of a draft."""
    edits = (col(Event.subject_id) == version.id, col(Event.verb) == Verb.STANDARD_EDIT)
    return histories.last_save(ctx, section, *edits)
