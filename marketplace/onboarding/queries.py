"""What can be seen of a supplier coming in, of what it confirmed, and of what it signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from auth.actor import CLOCK, NOBODY, Actor, Kind, Role
from marketplace import history_queries as histories
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.onboarding import agreement
from marketplace.onboarding.models import (
    Checked,
    Identifier,
    Registration,
    RegistrationStage,
    Signature,
    SupplierFacts,
)
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import refusal, visible_to
from marketplace.verbs import Verb

MOST = 200  # suppliers that LOTI is shown at once


# ---- Registering


def registration(ctx: Context) -> Registration | None:
    """The draft that the reader has under way."""
    own = select(Registration).where(
        Registration.person_id == ctx.actor.person_id,
        Registration.stage == RegistrationStage.DRAFT,
        visible_to(ctx.actor, Registration),
    )
    return ctx.session.exec(own).one_or_none()


def draft(ctx: Context) -> Registration:
    if found := registration(ctx):
        return found
    raise NotFound("You have no registration under way.")


def last_edit(ctx: Context, registration: Registration, section: str) -> Event | None:
    """The last time that a section was saved."""
    edits = (col(Event.about_id) == registration.id, col(Event.verb) == Verb.REGISTRATION_EDIT)
    return histories.last_save(ctx, section, *edits)


def taken(
    ctx: Context, numbers: Mapping[str, str], besides: UUID | None = None
) -> Mapping[str, Organisation]:
    """By field, the other organisation that has this number already.

    Whoever asks, every organisation counts: the numbers of a suspended one are not free.
    """
    columns: Mapping[str, Any] = {
        "companies_house_number": Organisation.companies_house_number,
        "ppon": Organisation.ppon,
        "vat_number": SupplierFacts.vat_number,
    }
    own = {name: numbers[name] for name in columns if name in numbers}
    others = {text: name for name, text in numbers.items() if name not in columns}
    found: dict[str, Organisation] = {}
    if own:
        rows = (
            select(Organisation, SupplierFacts.vat_number)
            .outerjoin(SupplierFacts, col(SupplierFacts.organisation_id) == Organisation.id)
            .where(
                or_(*(columns[name] == number for name, number in own.items())),
                visible_to(CLOCK, Organisation),
            )
        )
        for one, vat in ctx.session.exec(rows):
            has = {**one.model_dump(include={"companies_house_number", "ppon"}), "vat_number": vat}
            found |= {name: one for name, number in own.items() if has[name] == number}
    if others:
        listed = (
            select(Identifier.text, Organisation)
            .join(Organisation)
            .where(col(Identifier.text).in_(others), visible_to(CLOCK, Organisation))
        )
        found |= {others[text]: one for text, one in ctx.session.exec(listed)}
    return {name: one for name, one in found.items() if one.id != besides}


def slugs(ctx: Context, beginning: str) -> frozenset[str]:
    """The slugs that are taken and begin like this, of whatever organisation."""
    like = select(Organisation.slug).where(
        col(Organisation.slug).startswith(beginning, autoescape=True),
        visible_to(CLOCK, Organisation),
    )
    return frozenset(ctx.session.exec(like))


# ---- What was confirmed


def own_organisation(ctx: Context) -> Organisation:
    """The supplier that the reader acts for."""
    own = select(Organisation).where(
        Organisation.id == ctx.actor.organisation_id,
        Organisation.kind == Kind.SUPPLIER,
        visible_to(ctx.actor, Organisation),
    )
    if organisation := ctx.session.exec(own).one_or_none():
        return organisation
    raise NotFound("Only suppliers have this page.")


def supplier(ctx: Context, id: UUID) -> Organisation:
    seen = select(Organisation).where(
        Organisation.id == id,
        Organisation.kind == Kind.SUPPLIER,
        visible_to(ctx.actor, Organisation),
    )
    if organisation := ctx.session.exec(seen).one_or_none():
        return organisation
    raise NotFound("There is no such supplier.")


def facts(ctx: Context, organisation: Organisation) -> SupplierFacts | None:
    """What a supplier confirmed, for those who may read it."""
    seen = select(SupplierFacts).where(
        SupplierFacts.organisation_id == organisation.id, visible_to(ctx.actor, SupplierFacts)
    )
    return ctx.session.exec(seen).one_or_none()


def identifiers(ctx: Context, organisation: Organisation) -> Sequence[Identifier]:
    seen = select(Identifier).where(
        Identifier.organisation_id == organisation.id, visible_to(ctx.actor, Identifier)
    )
    return ctx.session.exec(seen.order_by(Identifier.text)).all()


def corrections(ctx: Context, organisation: Organisation) -> Sequence[Event]:
    """What LOTI corrected, the newest first."""
    seen = select(Event).where(
        Event.about_id == organisation.id,
        Event.verb == Verb.ORGANISATION_CORRECT,
        visible_to(ctx.actor, Event),
    )
    return ctx.session.exec(seen.order_by(col(Event.created_at).desc()).limit(20)).all()


def to_check(ctx: Context) -> Sequence[tuple[SupplierFacts, Organisation, str]]:
    """Suppliers whose facts nobody but themselves has checked, the oldest first, each with the
    name of whoever typed them.
    """
    by_hand = (
        select(SupplierFacts, Organisation, Event.person_name)
        .join(Organisation, col(Organisation.id) == SupplierFacts.organisation_id)
        .outerjoin(
            Event,
            (col(Event.about_id) == Organisation.id)
            & (col(Event.verb) == Verb.REGISTRATION_CONFIRM)
            & visible_to(ctx.actor, Event),
        )
        .where(
            SupplierFacts.checked_how == Checked.BY_HAND,
            visible_to(ctx.actor, SupplierFacts),
            visible_to(ctx.actor, Organisation),
        )
    )
    found = ctx.session.exec(by_hand.order_by(col(SupplierFacts.checked_at)).limit(MOST)).all()
    return [(facts, organisation, name or "") for facts, organisation, name in found]


# ---- What was signed


def signatures(ctx: Context, organisation: Organisation) -> Sequence[Signature]:
    """What an organisation signed, the newest first, for those who may read who did."""
    seen = select(Signature).where(
        Signature.organisation_id == organisation.id, visible_to(ctx.actor, Signature)
    )
    return ctx.session.exec(seen.order_by(col(Signature.signed_at).desc())).all()


@dataclass(frozen=True, slots=True)
class Unsigned:
    """That a supplier has not signed the version in force."""

    before: bool  # it signed an earlier one, so what it has listed stays
    may_sign: bool  # whether the reader can

    @property
    def says(self) -> str:
        if self.before:
            return "The platform agreement has a new version, and nobody has signed it yet."
        return "Nobody has signed the platform agreement for your organisation yet."

    @property
    def means(self) -> str:
        if self.before:
            return "What you have listed stays. Until it is signed, you cannot list anything new."
        return "Until it is signed, nobody finds your organisation, and you cannot list a product."


@dataclass(frozen=True, slots=True)
class _ToSign:
    """A signature that is not there yet."""

    id: UUID
    organisation_id: UUID


def unsigned(ctx: Context) -> Unsigned | None:
    """None when the supplier that the reader acts for has signed the version in force."""
    if ctx.actor.kind is not Kind.SUPPLIER:
        return None
    own = select(Signature.version).where(
        Signature.organisation_id == ctx.actor.organisation_id, visible_to(ctx.actor, Signature)
    )
    signed = set(ctx.session.exec(own))
    if agreement.IN_FORCE in signed:
        return None
    to_sign = _ToSign(NOBODY, ctx.actor.organisation_id)
    return Unsigned(bool(signed), refusal(ctx.actor, Verb.AGREEMENT_SIGN, to_sign) is None)


def who_may_sign(ctx: Context, organisation: Organisation) -> Sequence[str]:
    """The names of those who can sign, for their colleagues."""
    people = (
        select(Person.name, Membership.roles)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            visible_to(ctx.actor, Membership),
            visible_to(ctx.actor, Person),
        )
    )
    found = ctx.session.exec(people.order_by(Person.name)).all()
    return [name for name, roles in found if Role.ADMINISTRATOR in roles]


def signed(ctx: Context, ids: Iterable[UUID], actor: Actor = CLOCK) -> frozenset[UUID]:
    """Those of these suppliers that have signed the agreement, in any version."""
    seen = select(Signature.organisation_id).where(
        col(Signature.organisation_id).in_(list(ids)), visible_to(actor, Signature)
    )
    return frozenset(ctx.session.exec(seen))
