"""Who a session is, and what its person may see of their own ways in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from auth.actor import NOBODY, VISITOR, Actor, Kind, Role
from marketplace.accounts.models import BY_MAIL, Identity, MailLink, SignIn
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.settings import Settings

LOOKING = timedelta(hours=1)  # the longest that support looks with a person's eyes


def session_of(session: Session, token_hash: str, at: datetime, settings: Settings) -> Any:
    """The live session with this token and the actor it makes; None when there is none.

    It is the one question that every request of somebody who signed in asks, so it is one query.
    """
    themselves = aliased(Person)  # who signed in; `Person` is whose eyes they look with
    theirs, whose = aliased(Membership), aliased(Organisation)
    how_many = (
        select(func.count())
        .select_from(theirs)
        .join(whose, col(whose.id) == theirs.organisation_id)
        .where(
            theirs.person_id == SignIn.person_id,
            theirs.stage == Standing.ACTIVE,
            whose.stage == Standing.ACTIVE,
        )
        .correlate(SignIn)
        .scalar_subquery()
    )
    looking = col(SignIn.looking_since) > at - LOOKING  # later they are themselves again
    acting = case((looking, SignIn.looking_as), else_=SignIn.membership_id)
    columns: list[Any] = [
        SignIn.id,
        SignIn.proved_at,
        SignIn.seen_at,
        SignIn.created_at,
        SignIn.issuer,
        SignIn.membership_id,
        how_many,
        col(themselves.id).label("own_person_id"),
        themselves.name,
        case((looking, themselves.name), else_=""),
        Membership.id,
        Membership.stage,
        Membership.roles,
        Person.id,
        Person.name,
        Person.stage,
        Organisation.id,
        Organisation.kind,
        Organisation.stage,
        Organisation.short_name,
        Organisation.name,
    ]
    return session.exec(
        select(*columns)
        .select_from(SignIn)
        .join(themselves, col(themselves.id) == SignIn.person_id)
        .outerjoin(Membership, col(Membership.id) == acting)
        .outerjoin(Person, col(Person.id) == Membership.person_id)
        .outerjoin(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            SignIn.token_hash == token_hash,
            col(SignIn.ended_at).is_(None),
            col(SignIn.seen_at) > at - timedelta(hours=settings.session_idle_hours),
            col(SignIn.created_at) > at - timedelta(days=settings.session_days),
            themselves.stage == Standing.ACTIVE,
        )
    ).one_or_none()


def actor(found: Any, seen_at: datetime, settings: Settings) -> Actor:
    """The actor of a session as `session_of` found it, in use since `seen_at`: a visitor when it
    counts no more.
    """
    if found is None:
        return VISITOR
    (
        session_id,
        proved_at,
        _,
        began_at,
        issuer,
        own,
        organisations,
        own_person_id,
        own_name,
        seen_through,
        membership_id,
        membership_stage,
        roles,
        person_id,
        name,
        person_stage,
        organisation_id,
        kind,
        organisation_stage,
        short_name,
        organisation_name,
    ) = found
    ends_at = min(
        seen_at + timedelta(hours=settings.session_idle_hours),
        began_at + timedelta(days=settings.session_days),
    )
    if membership_id is None:
        if own is not None:
            return VISITOR
        return Actor(
            own_name,
            Kind.PUBLIC,
            person_id=own_person_id,
            session_id=session_id,
            signed_in_at=proved_at,
            signed_in_by=issuer,
            ends_at=ends_at,
            organisations=organisations,
        )
    if {membership_stage, person_stage, organisation_stage} != {Standing.ACTIVE}:
        return VISITOR
    return Actor(
        name=name,
        kind=kind,
        roles=frozenset(Role(role) for role in roles),
        person_id=person_id,
        organisation_id=organisation_id,
        organisation_name=short_name or organisation_name,
        membership_id=membership_id,
        session_id=session_id,
        signed_in_at=proved_at,
        seen_through=seen_through,
        signed_in_by=issuer,
        ends_at=ends_at,
        organisations=organisations,
    )


def memberships(session: Session, person_id: UUID) -> Sequence[tuple[Membership, Organisation]]:
    """The organisations that a person can act for at the moment, by name."""
    if person_id == NOBODY:
        return []
    theirs = (
        select(Membership, Organisation)
        .join(Organisation)
        .where(
            Membership.person_id == person_id,
            Membership.stage == Standing.ACTIVE,
            Organisation.stage == Standing.ACTIVE,
        )
    )
    return session.exec(theirs.order_by(Organisation.name)).all()


def shut_out(ctx: Context) -> Sequence[tuple[Membership, Organisation]]:
    """The organisations that the asking person cannot act for at the moment, because they or their
    membership are suspended, by name.
    """
    theirs = (
        select(Membership, Organisation)
        .join(Organisation)
        .where(
            Membership.person_id == ctx.actor.person_id,
            Membership.stage != Standing.ENDED,
            or_(
                col(Membership.stage) == Standing.SUSPENDED,
                col(Organisation.stage) == Standing.SUSPENDED,
            ),
        )
    )
    return ctx.session.exec(theirs.order_by(Organisation.name)).all()


def last_membership(session: Session, person_id: UUID) -> UUID | None:
    """By which membership a person acted last."""
    theirs = select(SignIn.membership_id).where(
        SignIn.person_id == person_id, col(SignIn.membership_id).is_not(None)
    )
    return session.exec(theirs.order_by(col(SignIn.seen_at).desc())).first()


def sessions(ctx: Context) -> Sequence[SignIn]:
    """The person's open sessions, the one used last first."""
    limit = ctx.now - timedelta(hours=ctx.settings.session_idle_hours)
    oldest = ctx.now - timedelta(days=ctx.settings.session_days)
    theirs = select(SignIn).where(
        SignIn.person_id == ctx.actor.person_id,
        visible_to(ctx.actor, SignIn),
        col(SignIn.ended_at).is_(None),
        col(SignIn.seen_at) > limit,
        col(SignIn.created_at) > oldest,
    )
    return ctx.session.exec(theirs.order_by(col(SignIn.seen_at).desc())).all()


def identities(ctx: Context) -> Sequence[Identity]:
    """The person's ways in, the oldest first."""
    theirs = select(Identity).where(
        Identity.person_id == ctx.actor.person_id, visible_to(ctx.actor, Identity)
    )
    return ctx.session.exec(theirs.order_by(col(Identity.created_at))).all()


def own_session(ctx: Context, id: UUID) -> SignIn:
    """One of the person's open sessions."""
    if found := next((one for one in sessions(ctx) if one.id == id), None):
        return found
    raise NotFound("You have no such session.")


def own_identity(ctx: Context, id: UUID) -> Identity:
    if found := next((one for one in identities(ctx) if one.id == id), None):
        return found
    raise NotFound("You have no such way in.")


def own_address(ctx: Context) -> str:
    """The address that a person's links go to: the one that was used last."""
    by_mail = [one for one in identities(ctx) if one.issuer == BY_MAIL]
    return max(by_mail, key=lambda one: one.used_at or one.created_at).subject if by_mail else ""


def oneself(ctx: Context) -> Person:
    """The person who asks."""
    seen = select(Person).where(Person.id == ctx.actor.person_id, visible_to(ctx.actor, Person))
    if person := ctx.session.exec(seen).one_or_none():
        return person
    raise NotFound("There is no such person.")


# ---- Before anybody is known: whoever asks shows by what they know that it is theirs


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """The way in that an issuer vouches for."""
    known = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return session.exec(known).one_or_none()


def at_address(session: Session, email: str) -> Person | None:
    """Whose address this is, as they or a provider gave it."""
    known = select(Person).where(func.lower(Person.email) == email.lower())
    return session.exec(known.order_by(col(Person.created_at))).first()


def reader(session: Session, email: str) -> Person | None:
    """Who a link to this address is for, as far as anybody is known there."""
    known = identity(session, BY_MAIL, email)
    return known.person if known else at_address(session, email)


def ways_in(session: Session, person_id: UUID) -> list[str]:
    """What a person's ways in are called."""
    known = select(Identity.title).where(Identity.person_id == person_id)
    return list(dict.fromkeys(session.exec(known.order_by(col(Identity.created_at)))))


def link(session: Session, id: UUID) -> MailLink | None:
    return session.get(MailLink, id)


def asked(session: Session, browser_hash: str, at: datetime) -> MailLink | None:
    """The newest link that a browser asked for and that can still be used."""
    open_ = select(MailLink).where(
        MailLink.browser_hash == browser_hash,
        col(MailLink.used_at).is_(None),
        col(MailLink.expires_at) > at,
    )
    return session.exec(open_.order_by(col(MailLink.created_at).desc())).first()
