"""Who may act for an organisation: what can be seen of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, true, tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import CLOCK, NOBODY, Kind, Role
from marketplace import history_queries as histories
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import BY_MAIL
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import (
    Invitation,
    InvitationStage,
    JoinRequest,
    JoinStage,
    MailDomain,
)
from marketplace.policy import ASKING, OWN_NEWS, visible_to
from marketplace.verbs import Verb

SIZE = 50  # people on a page
ENTRIES = 30  # of the history on a page
MOST = 100  # open invitations, open requests and own requests that are shown
LIVE = (Standing.ACTIVE, Standing.SUSPENDED)


def _with(relationship: Any) -> Any:
    """Loads what a row belongs to with it; SQLModel types a relationship as what it holds."""
    return joinedload(relationship, innerjoin=True)


def _one(ctx: Context, rows: Any, what: str) -> Any:
    if found := ctx.session.exec(rows).one_or_none():
        return found
    raise NotFound(f"There is no such {what}.")


def _here(ctx: Context, column: Any) -> Any:
    """Rows of the organisation that the actor acts for; LOTI may open those of any."""
    return true() if ctx.actor.kind is Kind.LOTI else col(column) == ctx.actor.organisation_id


# ---- The person who wants to come in


def addresses(ctx: Context) -> frozenset[str]:
    """The mail addresses that the asking person has shown to be theirs."""
    own = select(Person.email).where(
        Person.id == ctx.actor.person_id, visible_to(ctx.actor, Person)
    )
    by_mail = {one.subject for one in accounts.identities(ctx) if one.issuer == BY_MAIL}
    return frozenset(address.lower() for address in {*ctx.session.exec(own), *by_mail})


def open_to(ctx: Context) -> Sequence[Organisation]:
    """The authorities that own the domain of one of the asking person's addresses, by name."""
    domains = {address.rpartition("@")[2] for address in addresses(ctx)}
    theirs = (
        select(Organisation)
        .where(
            col(Organisation.id).in_(
                select(MailDomain.organisation_id).where(
                    col(MailDomain.domain).in_(domains), visible_to(ctx.actor, MailDomain)
                )
            ),
            Organisation.kind == Kind.AUTHORITY,
            Organisation.stage == Standing.ACTIVE,
            visible_to(ctx.actor, Organisation),
        )
        .order_by(Organisation.name)
    )
    return ctx.session.exec(theirs).all()


def is_run(ctx: Context, organisation_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the organisations that have an administrator, whoever asks."""
    run = (
        select(Membership.organisation_id)
        .join(Person)
        .where(
            col(Membership.organisation_id).in_(organisation_ids),
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            _administers(),
            visible_to(CLOCK, Membership),
        )
        .distinct()
    )
    return frozenset(ctx.session.exec(run))


def _administers() -> Any:
    """The roles are a list in one column, as JSON, in which a role stands in quotation marks."""
    return cast(col(Membership.roles), String).contains(f'"{Role.ADMINISTRATOR}"')


def own_requests(ctx: Context) -> Sequence[JoinRequest]:
    """What the asking person asked, the newest first."""
    newest = _own_requests(ctx).order_by(
        col(JoinRequest.created_at).desc(), col(JoinRequest.id).desc()
    )
    return ctx.session.exec(newest.limit(MOST)).all()


def own_request(ctx: Context, id: UUID) -> JoinRequest:
    found: JoinRequest = _one(ctx, _own_requests(ctx).where(JoinRequest.id == id), "request")
    return found


def standing_request(ctx: Context, organisation_id: UUID) -> JoinRequest | None:
    """The asking person's open request to an organisation."""
    theirs = _own_requests(ctx).where(
        JoinRequest.organisation_id == organisation_id, JoinRequest.stage == JoinStage.ASKED
    )
    return ctx.session.exec(theirs).one_or_none()


def _own_requests(ctx: Context) -> SelectOfScalar[JoinRequest]:
    theirs = select(JoinRequest).where(
        JoinRequest.person_id == ctx.actor.person_id, visible_to(ctx.actor, JoinRequest)
    )
    return theirs.options(_with(JoinRequest.organisation))


def own_memberships(ctx: Context) -> Mapping[UUID, Membership]:
    """The asking person's memberships that have not ended, by organisation."""
    theirs = select(Membership).where(
        Membership.person_id == ctx.actor.person_id,
        col(Membership.stage).in_(LIVE),
        visible_to(ctx.actor, Membership),
    )
    return {one.organisation_id: one for one in ctx.session.exec(theirs)}


def invited(ctx: Context, id: UUID) -> Invitation | None:
    """The invitation that a signed link is for. Whoever holds the link may read it, so the
    marketplace itself looks.
    """
    sent = select(Invitation).where(Invitation.id == id, visible_to(CLOCK, Invitation))
    return ctx.session.exec(sent.options(_with(Invitation.organisation))).one_or_none()


def invited_by(ctx: Context, invitation: Invitation) -> str:
    """The name of whoever sent an invitation last, for whoever holds its link."""
    sending = (Verb.INVITATION_SEND, Verb.INVITATION_RESEND)
    sent = (
        select(Event.person_name)
        .where(
            Event.subject_id == invitation.id,
            col(Event.verb).in_(sending),
            Event.person_id != NOBODY,
            visible_to(CLOCK, Event),
        )
        .order_by(col(Event.created_at).desc())
        .limit(1)
    )
    return ctx.session.exec(sent).one_or_none() or ""


def membership_of(ctx: Context, person_id: UUID, organisation_id: UUID) -> Membership | None:
    """A person's membership, ended or not, for an action that lets them in; whoever asks."""
    theirs = select(Membership).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        visible_to(CLOCK, Membership),
    )
    return ctx.session.exec(theirs).one_or_none()


# ---- The organisation


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another active member of an organisation."""

    id: UUID  # of the membership
    name: str
    roles: frozenset[Role]


def people(
    ctx: Context, organisation: Organisation, after: UUID | None = None
) -> tuple[Sequence[tuple[Membership, Person]], UUID | None]:
    """Who acts for an organisation, by name, from the one after `after`; and where to go on."""
    them = (
        select(Membership, Person)
        .join(Person)
        .where(
            Membership.organisation_id == organisation.id,
            col(Membership.stage).in_(LIVE),
            visible_to(ctx.actor, Membership),
            visible_to(ctx.actor, Person),
        )
        .order_by(Person.name, col(Membership.id))
        .limit(SIZE + 1)
    )
    if after:
        last = membership(ctx, after)
        them = them.where(
            tuple_(col(Person.name), col(Membership.id)) > (last.person.name, last.id)
        )
    found = ctx.session.exec(them).all()
    return found[:SIZE], found[SIZE - 1][0].id if len(found) > SIZE else None


def how_many_administer(ctx: Context, organisation: Organisation) -> int:
    counted = (
        select(func.count())
        .select_from(Membership)
        .join(Person)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            _administers(),
            visible_to(ctx.actor, Membership),
        )
    )
    return ctx.session.exec(counted).one()


def membership(ctx: Context, id: UUID) -> Membership:
    """One of the people of the organisation that the actor acts for; for LOTI, of any."""
    theirs = select(Membership).where(
        Membership.id == id,
        _here(ctx, Membership.organisation_id),
        col(Membership.stage).in_(LIVE),
        visible_to(ctx.actor, Membership),
    )
    loaded = theirs.options(_with(Membership.person), _with(Membership.organisation))
    found: Membership = _one(ctx, loaded, "member")
    return found


def colleagues(ctx: Context, membership: Membership) -> list[Colleague]:
    """The other active members of the same organisation, by name."""
    others = (
        select(Membership.id, Person.name, Membership.roles)
        .join(Person)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.id != membership.id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            visible_to(ctx.actor, Membership),
        )
        .order_by(Person.name, col(Membership.id))
    )
    return [
        Colleague(id, name, frozenset(map(Role, roles)))
        for id, name, roles in ctx.session.exec(others)
    ]


def has_member(ctx: Context, organisation: Organisation, email: str) -> bool:
    """Whether somebody with this address is a member, suspended or not."""
    theirs = (
        select(Membership.id)
        .join(Person)
        .where(
            Membership.organisation_id == organisation.id,
            col(Membership.stage).in_(LIVE),
            func.lower(Person.email) == email,
            visible_to(ctx.actor, Membership),
        )
    )
    return ctx.session.exec(theirs).first() is not None


def invitations(ctx: Context, organisation: Organisation) -> Sequence[Invitation]:
    """The invitations that were not accepted or revoked, expired or not, the newest first."""
    newest = _open_invitations(ctx, organisation).order_by(
        col(Invitation.created_at).desc(), col(Invitation.id).desc()
    )
    return ctx.session.exec(newest.limit(MOST)).all()


def open_invitation(ctx: Context, organisation: Organisation, email: str) -> Invitation | None:
    """The one to this address."""
    sent = _open_invitations(ctx, organisation).where(Invitation.email == email)
    return ctx.session.exec(sent).one_or_none()


def _open_invitations(ctx: Context, organisation: Organisation) -> SelectOfScalar[Invitation]:
    return select(Invitation).where(
        Invitation.organisation_id == organisation.id,
        Invitation.stage == InvitationStage.SENT,
        visible_to(ctx.actor, Invitation),
    )


def invitation(ctx: Context, id: UUID) -> Invitation:
    """An invitation of the organisation that the actor acts for; for LOTI, of any."""
    sent = select(Invitation).where(
        Invitation.id == id,
        _here(ctx, Invitation.organisation_id),
        visible_to(ctx.actor, Invitation),
    )
    found: Invitation = _one(ctx, sent.options(_with(Invitation.organisation)), "invitation")
    return found


def asked(ctx: Context, organisation: Organisation) -> Sequence[tuple[JoinRequest, Person]]:
    """The open requests to join an organisation, the oldest first."""
    waiting = (
        select(JoinRequest, Person)
        .join(Person)
        .where(
            JoinRequest.organisation_id == organisation.id,
            JoinRequest.stage == JoinStage.ASKED,
            visible_to(ctx.actor, JoinRequest),
            visible_to(ctx.actor, Person),
        )
        .order_by(col(JoinRequest.created_at), col(JoinRequest.id))
        .limit(MOST)
    )
    return ctx.session.exec(waiting).all()


def request(ctx: Context, id: UUID) -> JoinRequest:
    """A request to join the organisation that the actor acts for; for LOTI, any."""
    waiting = select(JoinRequest).where(
        JoinRequest.id == id,
        _here(ctx, JoinRequest.organisation_id),
        visible_to(ctx.actor, JoinRequest),
    )
    loaded = waiting.options(_with(JoinRequest.person), _with(JoinRequest.organisation))
    found: JoinRequest = _one(ctx, loaded, "request")
    return found


# ---- What happened


def history(
    ctx: Context, organisation: Organisation, after: UUID | None = None
) -> tuple[Sequence[Event], UUID | None]:
    """What was done about an organisation and its people, the newest first; and where to go on."""
    told = col(Event.verb).in_(OWN_NEWS | ASKING)
    return histories.history(ctx, organisation.id, told, after=after, size=ENTRIES)


def whom(ctx: Context, events: Iterable[Event]) -> Mapping[UUID, str]:
    """Whom events are about, by their subject: the journal itself keeps no names but the doer's."""
    of: dict[str, list[UUID]] = {}
    for event in events:
        of.setdefault(event.subject_kind, []).append(event.subject_id)
    names: dict[UUID, str] = {}
    for kind, table in (("membership", Membership), ("support", Membership), ("join", JoinRequest)):
        if kind in of:
            theirs = (
                select(table.id, Person.name)
                .join(Person, col(Person.id) == table.person_id)
                .where(col(table.id).in_(of[kind]), visible_to(ctx.actor, table))
            )
            names |= dict(ctx.session.exec(theirs).all())
    if "invitation" in of:
        sent = select(Invitation.id, Invitation.email).where(
            col(Invitation.id).in_(of["invitation"]), visible_to(ctx.actor, Invitation)
        )
        names |= dict(ctx.session.exec(sent).all())
    return names
