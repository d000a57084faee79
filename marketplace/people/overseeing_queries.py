"""What LOTI sees of all organisations, and of the requests to join them."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from auth.actor import Kind, Role
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.onboarding import identifiers
from marketplace.onboarding.models import Identifier, SupplierFacts
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, JoinRequest, JoinStage, MailDomain
from marketplace.policy import visible_to

SIZE = 25  # on a page


def for_loti(ctx: Context) -> None:
    """LOTI's pages do not exist for anybody else."""
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")


def one(ctx: Context, id: UUID) -> Organisation:
    for_loti(ctx)
    return organisations.one(ctx, id)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of organisations is narrowed to."""

    words: str = ""
    kinds: frozenset[Kind] = frozenset()
    standing: frozenset[Standing] = frozenset()


def listed(
    ctx: Context, filters: Filters, after: UUID | None = None
) -> tuple[Sequence[tuple[Organisation, str | None]], UUID | None]:
    """Organisations by name, each with its legal name if it gave one; and where to go on."""
    its_own = and_(
        col(SupplierFacts.organisation_id) == Organisation.id, visible_to(ctx.actor, SupplierFacts)
    )
    rows = (
        select(Organisation, SupplierFacts.legal_name)
        .outerjoin(SupplierFacts, its_own)
        .where(visible_to(ctx.actor, Organisation))
    )
    if filters.words:
        rows = rows.where(_known_by(ctx, filters.words))
    if filters.kinds:
        rows = rows.where(col(Organisation.kind).in_(filters.kinds))
    if filters.standing:
        rows = rows.where(col(Organisation.stage).in_(filters.standing))
    place = tuple_(col(Organisation.name), col(Organisation.id))
    if after:
        last = organisations.one(ctx, after)
        rows = rows.where(place > (last.name, last.id))
    ordered = rows.order_by(Organisation.name, col(Organisation.id))
    found = ctx.session.exec(ordered.limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1][0].id if len(found) > SIZE else None


def _known_by(ctx: Context, words: str) -> ColumnElement[bool]:
    """A part of one of its names or domains, or one of its identifiers however it is written."""

    def holds(column: Any) -> ColumnElement[bool]:
        return col(column).icontains(words, autoescape=True)

    written = "".join(words.split()).upper()
    bare = re.sub(r"^GB-(COH|PPON|VAT)-|^DUNS-?|^GB(?=[0-9])", "", written)
    ways = {written, bare, f"GB{bare}", f"DUNS-{bare}"}
    with suppress(ValueError):
        ways.add(identifiers.company(bare))
    others = select(Identifier.organisation_id).where(
        or_(
            col(Identifier.text).in_(ways),
            col(Identifier.text).endswith(f"-{written}", autoescape=True),
        ),
        visible_to(ctx.actor, Identifier),
    )
    part = words.rpartition("@")[2].strip()
    domains = select(MailDomain.organisation_id).where(
        col(MailDomain.domain).icontains(part, autoescape=True), visible_to(ctx.actor, MailDomain)
    )
    numbers = (
        Organisation.org_id,
        Organisation.ppon,
        Organisation.gss_code,
        Organisation.companies_house_number,
        SupplierFacts.vat_number,
    )
    return or_(
        holds(Organisation.name),
        holds(Organisation.short_name),
        holds(SupplierFacts.legal_name),
        *(func.upper(number).in_(ways) for number in numbers),
        *(col(Organisation.id).in_(ids) for ids in (others, domains)),
    )


def called_alike(ctx: Context, name: str) -> Organisation | None:
    """The organisation of this name, however it is written."""
    seen = select(Organisation).where(
        func.lower(Organisation.name) == " ".join(name.split()).lower(),
        visible_to(ctx.actor, Organisation),
    )
    return ctx.session.exec(seen.limit(1)).first()


def history(
    ctx: Context, organisation: Organisation, after: UUID | None = None, *, size: int = SIZE
) -> tuple[Sequence[tuple[Event, str | None]], UUID | None]:
    """What was done about an organisation and its people, the newest first, each with the name or
    address of the person whom it concerns; and where to go on.
    """
    seen = and_(col(Event.about_id) == organisation.id, visible_to(ctx.actor, Event))
    subject = col(Event.subject_id)
    rows = (
        select(Event, func.coalesce(Person.name, Invitation.email))
        .outerjoin(Membership, col(Membership.id) == subject)
        .outerjoin(JoinRequest, col(JoinRequest.id) == subject)
        .outerjoin(Invitation, col(Invitation.id) == subject)
        .outerjoin(
            Person,
            col(Person.id) == func.coalesce(Membership.person_id, JoinRequest.person_id),
        )
        .where(seen)
    )
    if after:
        last = ctx.session.exec(select(Event).where(Event.id == after, seen)).one_or_none()
        if not last:
            raise NotFound("There is no such part of the history.")
        place = tuple_(col(Event.created_at), col(Event.id))
        rows = rows.where(place < (last.created_at, last.id))
    ordered = rows.order_by(col(Event.created_at).desc(), col(Event.id).desc())
    found = ctx.session.exec(ordered.limit(size + 1)).all()
    return found[:size], found[size - 1][0].id if len(found) > size else None


# ---- Who acts for them, and who asks to


@dataclass(frozen=True, slots=True)
class Crew:
    """How many people act for an organisation, and how many of them look after the others."""

    people: int = 0
    administrators: int = 0


def crews(ctx: Context, ids: Sequence[UUID]) -> Mapping[UUID, Crew]:
    """By organisation, who acts for it."""
    counted = (
        select(
            Membership.organisation_id, func.count(), func.count().filter(_is_an_administrator())
        )
        .join(Person)
        .where(
            col(Membership.organisation_id).in_(ids),
            _counts(),
            visible_to(ctx.actor, Membership),
        )
        .group_by(col(Membership.organisation_id))
    )
    return {id: Crew(people, above) for id, people, above in ctx.session.exec(counted)}


def _counts() -> ColumnElement[bool]:
    return and_(col(Membership.stage) == Standing.ACTIVE, col(Person.stage) == Standing.ACTIVE)


def _is_an_administrator() -> ColumnElement[bool]:
    """The roles are a list in one column, as JSON, in which each stands in quotation marks."""
    return cast(col(Membership.roles), String).contains(f'"{Role.ADMINISTRATOR.value}"')


def requests(
    ctx: Context, *, nobody_elses: bool = False, after: UUID | None = None
) -> tuple[Sequence[tuple[JoinRequest, bool]], UUID | None]:
    """The requests to join that wait, the oldest first, each with whether the organisation has an
    administrator who can decide on it; and where to go on. `nobody_elses` are those that only LOTI
    can decide on.
    """
    its = (
        select(Membership.id)
        .join(Person)
        .where(
            Membership.organisation_id == JoinRequest.organisation_id,
            _counts(),
            _is_an_administrator(),
            visible_to(ctx.actor, Membership),
        )
    )
    is_run = its.correlate(JoinRequest).exists()
    waiting = and_(col(JoinRequest.stage) == JoinStage.ASKED, visible_to(ctx.actor, JoinRequest))
    person: Any = JoinRequest.person
    organisation: Any = JoinRequest.organisation
    rows = (
        select(JoinRequest, is_run)
        .where(waiting)
        .options(joinedload(person), joinedload(organisation))
    )
    if nobody_elses:
        rows = rows.where(~is_run)
    if after:
        last = ctx.session.exec(select(JoinRequest).where(JoinRequest.id == after)).one_or_none()
        if not last:
            raise NotFound("There is no such part of the list.")
        place = tuple_(col(JoinRequest.created_at), col(JoinRequest.id))
        rows = rows.where(place > (last.created_at, last.id))
    ordered = rows.order_by(col(JoinRequest.created_at), col(JoinRequest.id))
    found = ctx.session.exec(ordered.limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1][0].id if len(found) > SIZE else None
