"""How a browser asks to join an organisation, and how the organisation answers."""

from email.utils import parseaddr
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from auth.actor import Kind
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm
from marketplace.core.pages import flash, go, page
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation, Standing
from marketplace.people import abilities, actions, queries
from marketplace.people.actions import AtField
from marketplace.people.forms import Asked, Asking, Declined, Declining, Granted, Granting
from marketplace.people.models import JoinRequest, JoinStage
from marketplace.people.own import back_to, to_sign_in
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
STATES = {
    JoinStage.ASKED: "Waiting",
    JoinStage.APPROVED: "Approved",
    JoinStage.DECLINED: "Declined",
    JoinStage.WITHDRAWN: "Withdrawn",
}


# ---- Asking


@router.get("/join", name="join")
def join(request: Request, ctx: Context) -> Response:
    """The authorities that a person may ask to join, and what became of what they asked."""
    if not ctx.actor.known:
        return to_sign_in(request)
    requests = queries.own_requests(ctx)
    memberships = queries.own_memberships(ctx)
    known = sorted({address.rpartition("@")[2] for address in queries.addresses(ctx)})
    waiting = {one.organisation_id for one in requests if one.stage is JoinStage.ASKED}
    theirs = queries.open_to(ctx)
    return page(
        request,
        "people/join.html",
        domains=known,
        authorities=[one for one in theirs if one.id not in waiting and one.id not in memberships],
        joined=[one for one in theirs if one.id in memberships],
        requests=requests,
        states=STATES,
        memberships={id: one.id for id, one in memberships.items() if one.stage is Standing.ACTIVE},
        waiting=waiting,
        is_run=queries.is_run(ctx, waiting),
        loti=loti_address(ctx),
    )


def loti_address(ctx: Context) -> str:
    """Where LOTI can be written to: what its mail comes from."""
    return parseaddr(ctx.settings.mail_from)[1]


@router.get("/organisations/{id}/join", name=Verb.JOIN_ASK)
def ask_to_join(request: Request, ctx: Context, id: UUID) -> Response:
    if not ctx.actor.known:
        return to_sign_in(request)
    return _asking(request, ctx, organisations.one(ctx, id), BoundForm(Asking))


@router.post("/organisations/{id}/join", name=Verb.JOIN_ASK)
def ask(request: Request, ctx: Context, id: UUID, form: Asked) -> Response:
    organisation = organisations.one(ctx, id)
    if form.value is None:
        return _asking(request, ctx, organisation, form)
    actions.ask(ctx, organisation, form.value.message)
    flash(request, f"You have asked to join {organisation.called}.")
    return go(request, "join")


@router.post("/join/{id}/withdraw", name=Verb.JOIN_WITHDRAW)
def withdraw(request: Request, ctx: Context, id: UUID) -> Response:
    asked = queries.own_request(ctx, id)
    actions.withdraw(ctx, asked)
    flash(request, f"You no longer ask to join {asked.organisation.called}.")
    return go(request, "join")


def _asking(
    request: Request, ctx: Context, organisation: Organisation, form: BoundForm[Asking]
) -> Response:
    prospect = JoinRequest(person_id=ctx.actor.person_id, organisation_id=organisation.id)
    require(ctx, Verb.JOIN_ASK, prospect)
    there = queries.own_memberships(ctx).get(organisation.id)
    return page(
        request,
        "people/ask.html",
        organisation=organisation,
        form=form,
        why_not=actions.may_ask(ctx, organisation),
        member=there is not None and there.stage is Standing.ACTIVE,
        suspended=there is not None and there.stage is Standing.SUSPENDED,
        standing=queries.standing_request(ctx, organisation.id) is not None,
        is_run=bool(queries.is_run(ctx, [organisation.id])),
        authority=organisation.kind is Kind.AUTHORITY,
        loti=loti_address(ctx),
    )


# ---- Answering


@router.get("/organisation/requests/{id}/approve", name=Verb.JOIN_APPROVE)
def ask_to_approve(request: Request, ctx: Context, id: UUID) -> Response:
    return _approving(request, ctx, queries.request(ctx, id), BoundForm(Granting))


@router.post("/organisation/requests/{id}/approve", name=Verb.JOIN_APPROVE)
def approve(request: Request, ctx: Context, id: UUID, form: Granted) -> Response:
    asked = queries.request(ctx, id)
    if form.value is None:
        return _approving(request, ctx, asked, form)
    try:
        actions.approve(ctx, asked, form.value.roles, form.value.value_limit)
    except AtField as why:
        return _approving(request, ctx, asked, form.refused(why.field, str(why)))
    flash(request, f"{asked.person.name} can act for {asked.organisation.called} now.")
    return RedirectResponse(back_to(request, ctx, asked.organisation), status_code=303)


def _approving(
    request: Request, ctx: Context, asked: JoinRequest, form: BoundForm[Granting]
) -> Response:
    require(ctx, Verb.JOIN_APPROVE, asked)
    return page(
        request,
        "people/approve.html",
        asked=asked,
        form=form,
        choices=abilities.choices(asked.organisation.kind),
        is_run=bool(queries.is_run(ctx, [asked.organisation_id])),
        back=back_to(request, ctx, asked.organisation),
    )


@router.get("/organisation/requests/{id}/decline", name=Verb.JOIN_DECLINE)
def ask_to_decline(request: Request, ctx: Context, id: UUID) -> Response:
    return _declining(request, ctx, queries.request(ctx, id), BoundForm(Declining))


@router.post("/organisation/requests/{id}/decline", name=Verb.JOIN_DECLINE)
def decline(request: Request, ctx: Context, id: UUID, form: Declined) -> Response:
    asked = queries.request(ctx, id)
    if form.value is None:
        return _declining(request, ctx, asked, form)
    actions.decline(ctx, asked, form.value.because)
    flash(request, f"You declined the request of {asked.person.name}, who is told why.")
    return RedirectResponse(back_to(request, ctx, asked.organisation), status_code=303)


def _declining(
    request: Request, ctx: Context, asked: JoinRequest, form: BoundForm[Declining]
) -> Response:
    require(ctx, Verb.JOIN_DECLINE, asked)
    return page(
        request,
        "people/decline.html",
        asked=asked,
        form=form,
        back=back_to(request, ctx, asked.organisation),
    )
