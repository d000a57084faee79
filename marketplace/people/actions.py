"""Who may act for an organisation: asking to come in, being let in, and what becomes of members.

Whatever changes who acts for an organisation holds the row of the organisation first, so that two
hands never both count on the other's administrator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from auth.actor import NOBODY, OFFERED, Kind, Role
from marketplace.accounts import actions as accounts
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, Forbidden
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people import queries
from marketplace.people.forms import Describing
from marketplace.people.invitations import masked
from marketplace.people.models import Invitation, InvitationStage, JoinRequest
from marketplace.people.queries import Colleague
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb


class AtField(Conflict):
    """A refusal that belongs to one answer of a form; nothing was changed."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def _as_oneself(ctx: Context) -> Context:
    """A person comes in for themselves, not for the organisation that they happen to act for, whose
    journal would otherwise tell its members.
    """
    oneself = replace(
        ctx.actor,
        kind=Kind.PUBLIC,
        roles=frozenset(),
        organisation_id=NOBODY,
        organisation_name="",
        membership_id=NOBODY,
    )
    return replace(ctx, actor=oneself)


# ---- What an organisation says of itself


def describe(ctx: Context, organisation: Organisation, form: Describing) -> None:
    regions = [region.label for region in form.regions]
    perform(ctx, Verb.ORGANISATION_DESCRIBE, organisation)
    organisation.description, organisation.site = form.description, form.site
    organisation.regions = regions
    organisation.sqlmodel_update(form.place.kept())


# ---- Asking to join


def may_ask(ctx: Context, organisation: Organisation) -> str:
    """Why the asking person cannot ask to join an organisation; empty when they can."""
    called = organisation.called
    if organisation.kind is Kind.LOTI:
        return "LOTI invites its own people. Ask somebody who works there."
    if organisation.stage is not Standing.ACTIVE:
        return f"{called} is suspended, so nobody can join it at the moment."
    if organisation.kind is Kind.AUTHORITY and organisation.id not in {
        one.id for one in queries.open_to(ctx)
    }:
        return (
            f"Your e-mail address is at none of the domains of {called}. Ask one of its "
            "administrators to invite you."
        )
    return ""


def ask(ctx: Context, organisation: Organisation, message: str) -> JoinRequest:
    """Asks to act for an organisation, as a person of its own."""
    if reason := may_ask(ctx, organisation):
        raise Forbidden(reason)
    _not_there(queries.membership_of(ctx, ctx.actor.person_id, organisation.id), "You are")
    request = JoinRequest(
        message=message,
        person_id=ctx.actor.person_id,
        organisation_id=organisation.id,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            perform(_as_oneself(ctx), Verb.JOIN_ASK, request, about=organisation)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(
            f"You have asked to join {organisation.called} already. Your request stands."
        ) from None
    return request


def withdraw(ctx: Context, request: JoinRequest) -> None:
    perform(_as_oneself(ctx), Verb.JOIN_WITHDRAW, request, about=request.organisation)


def approve(
    ctx: Context, request: JoinRequest, roles: Iterable[Role], value_limit: Decimal | None
) -> Membership:
    """Lets whoever asked act for the organisation, in these roles."""
    organisation = request.organisation
    lock(ctx, organisation)
    permit(ctx, Verb.JOIN_APPROVE, request)
    held = _fitting(organisation, roles, value_limit)
    there = queries.membership_of(ctx, request.person_id, organisation.id)
    _not_there(there, f"{request.person.name} is")
    if request.person.stage is not Standing.ACTIVE:
        raise Conflict(f"{request.person.name} can no longer sign in, so decline the request.")
    perform(ctx, Verb.JOIN_APPROVE, request, about=organisation, roles=held)
    return _let_in(ctx, request.person_id, organisation, there, held, value_limit)


def decline(ctx: Context, request: JoinRequest, because: str) -> None:
    perform(ctx, Verb.JOIN_DECLINE, request, about=request.organisation)
    request.because = because


# ---- Invitations


def invite(
    ctx: Context,
    organisation: Organisation,
    email: str,
    roles: Iterable[Role],
    value_limit: Decimal | None = None,
) -> Invitation:
    """Asks whoever reads mail at an address to act for an organisation. The journal's event is what
    sends the mail.
    """
    email = email.lower()
    invitation = Invitation(
        email=email,
        value_limit=value_limit,
        organisation_id=organisation.id,
        expires_at=_expiry(ctx),
        created_at=ctx.now,
    )
    permit(ctx, Verb.INVITATION_SEND, invitation)
    invitation.roles = _fitting(organisation, roles, value_limit)
    if organisation.stage is not Standing.ACTIVE:
        raise Conflict(f"{organisation.called} is suspended, so nobody can be invited to it.")
    lock(ctx, organisation)
    if queries.has_member(ctx, organisation, email):
        raise AtField("email", f"{email} is the address of a member of {organisation.called}")
    if queries.open_invitation(ctx, organisation, email):
        raise AtField("email", f"{email} has been invited. Send that invitation again or revoke it")
    held = list(invitation.roles)
    perform(ctx, Verb.INVITATION_SEND, invitation, about=organisation, roles=held)
    return invitation


def resend(ctx: Context, invitation: Invitation) -> None:
    """Sends an invitation once more; only the newest link works."""
    perform(ctx, Verb.INVITATION_RESEND, invitation, about=invitation.organisation)
    invitation.serial += 1
    invitation.expires_at = _expiry(ctx)


def revoke(ctx: Context, invitation: Invitation) -> None:
    perform(ctx, Verb.INVITATION_REVOKE, invitation, about=invitation.organisation)


def accept(ctx: Context, invitation: Invitation, serial: int) -> Membership:
    """Lets whoever was invited act for the organisation, and their session with it."""
    organisation = invitation.organisation
    lock(ctx, organisation)
    lock(ctx, invitation)
    if over := standing(ctx, invitation, serial):
        raise Conflict(over)
    if invitation.email not in queries.addresses(ctx):
        raise Forbidden(f"This invitation was sent to {masked(invitation.email)}.")
    there = queries.membership_of(ctx, ctx.actor.person_id, organisation.id)
    _not_there(there, "You are")
    as_oneself = _as_oneself(ctx)
    if asked := queries.standing_request(ctx, organisation.id):
        withdraw(ctx, asked)  # it has no more to ask for
    perform(
        as_oneself,
        Verb.INVITATION_ACCEPT,
        invitation,
        about=organisation,
        roles=list(invitation.roles),
    )
    return _let_in(
        ctx,
        ctx.actor.person_id,
        organisation,
        there,
        list(invitation.roles),
        invitation.value_limit,
    )


def standing(ctx: Context, invitation: Invitation, serial: int) -> str:
    """Why the link of an invitation no longer works; empty when it does."""
    called = invitation.organisation.called
    if invitation.stage is InvitationStage.ACCEPTED:
        return "This invitation has been used."
    if invitation.stage is InvitationStage.REVOKED:
        return f"{called} has taken this invitation back."
    if serial != invitation.serial:
        return "A newer invitation was sent, and only the link in that one works."
    if ctx.now >= invitation.expires_at:
        return "This invitation has expired."
    if invitation.organisation.stage is not Standing.ACTIVE:
        return f"{called} is suspended, so nobody can join it at the moment."
    return ""


def _expiry(ctx: Context) -> datetime:
    return ctx.now + timedelta(days=ctx.settings.invitation_days)


def _not_there(membership: Membership | None, who: str) -> None:
    """Refuses to let in who is in already, or was suspended and has to be restored."""
    if membership is None or membership.stage is Standing.ENDED:
        return
    if membership.stage is Standing.SUSPENDED:
        raise Conflict(f"{who} suspended there. An administrator can restore the membership.")
    raise Conflict(f"{who} a member already.")


def _fitting(
    organisation: Organisation, roles: Iterable[Role], value_limit: Decimal | None
) -> list[Role]:
    """The roles as they are kept, when the organisation has them all."""
    held = sorted(set(roles))
    if not set(held) <= set(OFFERED[organisation.kind]):
        raise AtField("roles", f"Select from the roles that {organisation.called} has")
    if value_limit is not None and Role.APPROVER not in held:
        raise AtField(
            "value_limit", "Only an approver has a limit: tick approver or leave it empty"
        )
    return held


def _let_in(
    ctx: Context,
    person_id: UUID,
    organisation: Organisation,
    there: Membership | None,
    roles: list[Role],
    value_limit: Decimal | None,
) -> Membership:
    """Makes the membership of somebody, or brings an ended one back to life."""
    membership = there or Membership(
        person_id=person_id, organisation_id=organisation.id, created_at=ctx.now
    )
    membership.stage = Standing.ACTIVE
    membership.roles, membership.value_limit = roles, value_limit
    ctx.session.add(membership)
    ctx.session.flush()
    return membership


# ---- Members


def grant(
    ctx: Context, membership: Membership, roles: Iterable[Role], value_limit: Decimal | None
) -> None:
    """Changes what a member may do, from their next request on."""
    organisation = membership.organisation
    lock(ctx, organisation)
    permit(ctx, Verb.MEMBERSHIP_GRANT, membership)
    held = _fitting(organisation, roles, value_limit)
    if Role.ADMINISTRATOR not in held:
        _keep_an_administrator(ctx, membership, "roles")
    if (held, value_limit) == (sorted(membership.roles), membership.value_limit):
        return
    before = sorted(membership.roles)
    perform(ctx, Verb.MEMBERSHIP_GRANT, membership, about=organisation, roles=held, before=before)
    membership.roles, membership.value_limit = held, value_limit
    accounts.look_no_more(ctx, membership_id=[membership.id])  # whoever does may no longer


def suspend(ctx: Context, membership: Membership, heir: Membership | None = None) -> None:
    _step_back(ctx, Verb.MEMBERSHIP_SUSPEND, membership, heir)


def restore(ctx: Context, membership: Membership) -> None:
    perform(ctx, Verb.MEMBERSHIP_RESTORE, membership, about=membership.organisation)


def remove(ctx: Context, membership: Membership, heir: Membership | None = None) -> None:
    """Ends a membership. An invitation that still waits for the person would let them back in."""
    _step_back(ctx, Verb.MEMBERSHIP_REMOVE, membership, heir)
    person: Person = membership.person
    waiting = queries.open_invitation(ctx, membership.organisation, person.email.lower())
    if waiting:
        revoke(ctx, waiting)


def leave(ctx: Context, membership: Membership, heir: Membership | None = None) -> None:
    _step_back(ctx, Verb.MEMBERSHIP_LEAVE, membership, heir)


def only_theirs(membership: Membership, colleagues: Sequence[Colleague]) -> list[Role]:
    """The roles that this member has and no other active member."""
    others = {role for colleague in colleagues for role in colleague.roles}
    return [role for role in Role if role in set(membership.roles) - others]


def _step_back(ctx: Context, verb: Verb, membership: Membership, heir: Membership | None) -> None:
    """Somebody no longer acts for the organisation. The heir takes over what only they could do."""
    organisation = membership.organisation
    lock(ctx, organisation)
    permit(ctx, verb, membership)
    if heir:
        lock(ctx, heir)
        theirs = only_theirs(membership, queries.colleagues(ctx, membership))
        limit = membership.value_limit if Role.APPROVER in theirs else heir.value_limit
        grant(ctx, heir, {*heir.roles, *theirs}, limit)
    _keep_an_administrator(ctx, membership, "heir")
    perform(ctx, verb, membership, about=organisation)
    accounts.end_for(ctx, membership_ids=[membership.id])


def _keep_an_administrator(ctx: Context, membership: Membership, field: str) -> None:
    """The one rule: an organisation that has an administrator keeps one."""
    if membership.stage is not Standing.ACTIVE or Role.ADMINISTRATOR not in membership.roles:
        return
    if Role.ADMINISTRATOR in only_theirs(membership, queries.colleagues(ctx, membership)):
        raise AtField(
            field,
            f"{membership.person.name} is the only administrator of "
            f"{membership.organisation.called}. Make somebody else an administrator first",
        )
