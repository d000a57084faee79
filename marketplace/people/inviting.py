"""How a browser invites somebody to an organisation, and how whoever was invited comes in."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from marketplace.accounts import seam
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm
from marketplace.core.pages import flash, go, page
from marketplace.core.times import when
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation, Standing
from marketplace.people import abilities, actions, invitations, queries
from marketplace.people.actions import AtField
from marketplace.people.forms import Invited, Inviting
from marketplace.people.models import Invitation
from marketplace.people.own import back_to, elsewhere, organisation
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
TOO_MANY = "Your organisation has sent very many invitations."


# ---- Inviting


@router.get("/organisation/invitations/new", name=Verb.INVITATION_SEND)
def new(request: Request, ctx: Context, of: UUID | None = None) -> Response:
    """`of` is another organisation than the actor's own, which LOTI may help."""
    if away := elsewhere(request, ctx):
        return away
    return _inviting(request, ctx, _organisation(ctx, of), BoundForm(Inviting))


@router.post("/organisation/invitations/new", name=Verb.INVITATION_SEND)
def send(request: Request, ctx: Context, form: Invited, of: UUID | None = None) -> Response:
    ours = _organisation(ctx, of)
    if form.value is None:
        return _inviting(request, ctx, ours, form)
    asked = form.value
    try:
        sent = actions.invite(ctx, ours, asked.email, asked.roles, asked.value_limit)
    except AtField as why:
        return _inviting(request, ctx, ours, form.refused(why.field, str(why)))
    _count(request, ours)
    flash(request, f"{sent.email} is invited. The invitation works until {when(sent.expires_at)}.")
    return _back(request, ctx, ours)


def _organisation(ctx: Context, of: UUID | None) -> Organisation:
    return organisations.one(ctx, of) if of else organisation(ctx)


def _back(request: Request, ctx: Context, ours: Organisation) -> Response:
    return RedirectResponse(back_to(request, ctx, ours), status_code=303)


@router.post("/organisation/invitations/{id}/resend", name=Verb.INVITATION_RESEND)
def resend(request: Request, ctx: Context, id: UUID) -> Response:
    sent = queries.invitation(ctx, id)
    actions.resend(ctx, sent)
    _count(request, sent.organisation)
    flash(request, f"Sent again. The invitation works until {when(sent.expires_at)}.")
    return _back(request, ctx, sent.organisation)


@router.get("/organisation/invitations/{id}/revoke", name=Verb.INVITATION_REVOKE)
def ask_to_revoke(request: Request, ctx: Context, id: UUID) -> Response:
    sent = queries.invitation(ctx, id)
    require(ctx, Verb.INVITATION_REVOKE, sent)
    return page(
        request,
        "people/revoke.html",
        invitation=sent,
        back=back_to(request, ctx, sent.organisation),
    )


@router.post("/organisation/invitations/{id}/revoke", name=Verb.INVITATION_REVOKE)
def revoke(request: Request, ctx: Context, id: UUID) -> Response:
    sent = queries.invitation(ctx, id)
    actions.revoke(ctx, sent)
    flash(request, f"The invitation to {sent.email} is revoked. Its link no longer works.")
    return _back(request, ctx, sent.organisation)


def _inviting(
    request: Request, ctx: Context, ours: Organisation, form: BoundForm[Inviting]
) -> Response:
    prospect = Invitation(email="", organisation_id=ours.id, organisation=ours, expires_at=ctx.now)
    require(ctx, Verb.INVITATION_SEND, prospect)
    return page(
        request,
        "people/invite.html",
        organisation=ours,
        form=form,
        choices=abilities.choices(ours.kind),
        days=ctx.settings.invitation_days,
        of="" if ours.id == ctx.actor.organisation_id else str(ours.id),
        back=back_to(request, ctx, ours),
    )


def _count(request: Request, ours: Organisation) -> None:
    """Refusing rolls back what was just done."""
    throttle.hit(request, "invitation", str(ours.id), says=TOO_MANY)


# ---- Accepting


@router.get("/invitations/{token}", name="invitation.show")
def read(request: Request, ctx: Context, token: str) -> Response:
    invitation, serial = _from_link(ctx, token)
    return _shown(request, ctx, token, invitation, serial)


@router.post("/invitations/{token}", name=Verb.INVITATION_ACCEPT)
def accept(request: Request, ctx: Context, token: str) -> Response:
    invitation, serial = _from_link(ctx, token)
    membership = actions.accept(ctx, invitation, serial)
    flash(request, f"You act for {invitation.organisation.called} now.")
    answer = go(request, "home")
    seam.renew(request, ctx, answer, membership_id=membership.id)
    return answer


def _from_link(ctx: Context, token: str) -> tuple[Invitation, int]:
    if carried := invitations.read(ctx.settings, token):
        id, serial = carried
        if invitation := queries.invited(ctx, id):
            return invitation, serial
    raise NotFound("There is no such invitation.")


def _shown(
    request: Request, ctx: Context, token: str, invitation: Invitation, serial: int
) -> Response:
    ours = invitation.organisation
    membership = queries.own_memberships(ctx).get(ours.id) if ctx.actor.known else None
    return page(
        request,
        "people/invitation.html",
        token=token,
        invitation=invitation,
        organisation=ours,
        over=actions.standing(ctx, invitation, serial),
        by=queries.invited_by(ctx, invitation),
        roles=[
            (title, allows)
            for value, title, allows in abilities.choices(ours.kind)
            if value in invitation.roles
        ],
        sent_to=invitations.masked(invitation.email),
        theirs=invitation.email in queries.addresses(ctx),
        member=membership is not None and membership.stage is Standing.ACTIVE,
        suspended=membership is not None and membership.stage is Standing.SUSPENDED,
        here=request.url.path,
    )
