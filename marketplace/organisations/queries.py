"""What can be seen of organisations, and who somebody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from auth.actor import VISITOR, Actor, Kind, Role
from marketplace.core.context import Context
from marketplace.core.db import kept
from marketplace.core.errors import NotFound
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.organisations.personas import Persona
from marketplace.policy import visible_to


def actor(session: Session, membership_id: UUID) -> Actor:
    """The actor that a membership makes of its person; without one, a visitor."""
    columns: list[Any] = [
        Person.name,
        Organisation.kind,
        Membership.roles,
        Person.id,
        Organisation.id,
        Organisation.short_name,
        Organisation.name,
        Membership.id,
    ]
    found = session.exec(
        select(*columns)
        .select_from(Membership)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(Membership.id == membership_id, Membership.stage == Standing.ACTIVE)
    ).one_or_none()
    if not found:
        return VISITOR
    person, kind, roles, person_id, organisation_id, short_name, name, membership_id = found
    return Actor(
        name=person,
        kind=kind,
        roles=frozenset(Role(role) for role in roles),
        person_id=person_id,
        organisation_id=organisation_id,
        organisation_name=short_name or name,
        membership_id=membership_id,
    )


def one(ctx: Context, id: UUID) -> Organisation:
    seen = select(Organisation).where(Organisation.id == id, visible_to(ctx.actor, Organisation))
    if organisation := ctx.session.exec(seen).one_or_none():
        return organisation
    raise NotFound("There is no such organisation.")


def limit(ctx: Context) -> Decimal | None:
    """Up to what the reader may approve for the organisation that they act for; None: anything."""
    member = ctx.session.get(Membership, ctx.actor.membership_id)
    return member.value_limit if member else None


def approvers(ctx: Context, value: Decimal) -> Sequence[str]:
    """The people of the reader's organisation who may approve so much, by name."""
    able = or_(col(Membership.value_limit).is_(None), col(Membership.value_limit) >= value)
    its = (
        select(Person.name, Membership.roles)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.organisation_id == ctx.actor.organisation_id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            able,
            visible_to(ctx.actor, Membership),
        )
        .order_by(Person.name, col(Membership.id))
    )
    return [name for name, roles in ctx.session.exec(its) if Role.APPROVER in roles]


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation to choose."""

    id: UUID
    slug: str
    called: str


def authorities(ctx: Context) -> list[Named]:
    """Every authority, by name. Lists ask at every page, so only for what they show."""
    found = ctx.session.exec(_authorities(ctx.actor))
    return [Named(id, slug, short_name or name) for id, slug, short_name, name in found]


@kept
def _authorities(who: Actor) -> Any:
    seen = select(
        Organisation.id, Organisation.slug, Organisation.short_name, Organisation.name
    ).where(Organisation.kind == Kind.AUTHORITY, visible_to(who, Organisation))
    return seen.order_by(Organisation.name)


def personas(ctx: Context, known: Iterable[Persona]) -> Sequence[tuple[Persona, Organisation]]:
    """The demo's personas that are in this database, each with its organisation."""
    by_membership = {persona.membership_id: persona for persona in known}
    found = ctx.session.exec(
        select(Membership.id, Organisation)
        .join(Organisation)
        .where(col(Membership.id).in_(by_membership))
    )
    organisations = dict(found.all())
    return [
        (persona, organisations[id]) for id, persona in by_membership.items() if id in organisations
    ]


def by_slug(ctx: Context, slug: str) -> Organisation | None:
    seen = select(Organisation).where(
        Organisation.slug == slug, visible_to(ctx.actor, Organisation)
    )
    return ctx.session.exec(seen).one_or_none()


def slugs(ctx: Context) -> frozenset[str]:
    """The slugs that are taken."""
    seen = select(Organisation.slug).where(visible_to(ctx.actor, Organisation))
    return frozenset(ctx.session.exec(seen))


def everybody(ctx: Context) -> Sequence[Organisation]:
    """Every organisation, by name."""
    seen = select(Organisation).where(visible_to(ctx.actor, Organisation))
    return ctx.session.exec(seen.order_by(Organisation.name)).all()
