"""How a browser changes what a member may do, and suspends, restores or ends a membership."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from auth.actor import Role
from marketplace.accounts import queries as accounts
from marketplace.accounts import seam
from marketplace.core.context import Context, Opening
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, page
from marketplace.organisations.models import Membership
from marketplace.people import abilities, actions, queries
from marketplace.people.actions import AtField
from marketplace.people.forms import Granted, Granting, HandedOver, HandingOver
from marketplace.people.own import back_to, elsewhere
from marketplace.perform import require
from marketplace.policy import refusal
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/organisation/people/{id}", name="membership.show")
def show_member(request: Request, ctx: Context, id: UUID) -> Response:
    member = queries.membership(ctx, id)
    return page(
        request,
        "people/member.html",
        member=member,
        in_words=abilities.in_words(member.roles, member.value_limit),
        choices=abilities.choices(member.organisation.kind),
        themselves=member.person_id == ctx.actor.person_id,
        back=back_to(request, ctx, member.organisation),
    )


@router.get("/organisation/people/{id}/roles", name=Verb.MEMBERSHIP_GRANT)
def ask_to_grant(request: Request, ctx: Context, id: UUID) -> Response:
    member = queries.membership(ctx, id)
    known = {"roles": member.roles, "value_limit": member.value_limit}
    return _granting(request, ctx, member, show(Granting, known))


@router.post("/organisation/people/{id}/roles", name=Verb.MEMBERSHIP_GRANT)
def grant(request: Request, ctx: Context, id: UUID, form: Granted) -> Response:
    member = queries.membership(ctx, id)
    if form.value is None:
        return _granting(request, ctx, member, form)
    try:
        actions.grant(ctx, member, form.value.roles, form.value.value_limit)
    except AtField as why:
        return _granting(request, ctx, member, form.refused(why.field, str(why)))
    now = abilities.in_words(member.roles, member.value_limit)
    flash(request, f"{member.person.name}: {now}. It counts from their next page on.")
    return RedirectResponse(back_to(request, ctx, member.organisation), status_code=303)


def _granting(
    request: Request, ctx: Context, member: Membership, form: BoundForm[Granting]
) -> Response:
    require(ctx, Verb.MEMBERSHIP_GRANT, member)
    return page(
        request,
        "people/grant.html",
        member=member,
        form=form,
        choices=abilities.choices(member.organisation.kind),
    )


@router.post("/organisation/people/{id}/restore", name=Verb.MEMBERSHIP_RESTORE)
def restore(request: Request, ctx: Context, id: UUID) -> Response:
    member = queries.membership(ctx, id)
    actions.restore(ctx, member)
    flash(request, f"{member.person.name} can act for {member.organisation.called} again.")
    return RedirectResponse(back_to(request, ctx, member.organisation), status_code=303)


# ---- Somebody goes, for a while or for good: a page of its own says what that means


@dataclass(frozen=True, slots=True)
class Farewell:
    """A way for a member to go, and the words to ask it with."""

    verb: Verb
    title: str  # with the name of the person
    button: str
    consequences: tuple[str, ...]  # with the organisation
    done: str  # with both
    act: Callable[[Context, Membership, Membership | None], None]


SUSPENDING = Farewell(
    Verb.MEMBERSHIP_SUSPEND,
    "Suspend {name}",
    "Suspend",
    (
        "They are signed out of {organisation} at once and cannot come back in.",
        "Their roles are kept. You can restore them at any time.",
        "They are told.",
    ),
    "{name} is suspended at {organisation}.",
    actions.suspend,
)
REMOVING = Farewell(
    Verb.MEMBERSHIP_REMOVE,
    "Remove {name}",
    "Remove",
    (
        "They are signed out of {organisation} at once and lose their roles here.",
        "What they did stays in the history with their name.",
        "They are told. To come back they have to be invited or ask to join.",
    ),
    "{name} no longer acts for {organisation}.",
    actions.remove,
)
LEAVING = Farewell(
    Verb.MEMBERSHIP_LEAVE,
    "Leave {organisation}",
    "Leave {organisation}",
    (
        "You no longer see what only {organisation} sees, and lose your roles here.",
        "What you did stays in the history with your name.",
        "To come back you have to be invited or ask to join.",
    ),
    "You no longer act for {organisation}.",
    actions.leave,
)


@router.get("/organisation/people/{id}/suspend", name=Verb.MEMBERSHIP_SUSPEND)
def ask_to_suspend(request: Request, ctx: Context, id: UUID) -> Response:
    return _asked(request, ctx, queries.membership(ctx, id), SUSPENDING, BoundForm(HandingOver))


@router.post("/organisation/people/{id}/suspend", name=Verb.MEMBERSHIP_SUSPEND)
def suspend(request: Request, ctx: Context, id: UUID, form: HandedOver) -> Response:
    return _decided(request, ctx, queries.membership(ctx, id), SUSPENDING, form)


@router.get("/organisation/people/{id}/remove", name=Verb.MEMBERSHIP_REMOVE)
def ask_to_remove(request: Request, ctx: Context, id: UUID) -> Response:
    return _asked(request, ctx, queries.membership(ctx, id), REMOVING, BoundForm(HandingOver))


@router.post("/organisation/people/{id}/remove", name=Verb.MEMBERSHIP_REMOVE)
def remove(request: Request, ctx: Context, id: UUID, form: HandedOver) -> Response:
    return _decided(request, ctx, queries.membership(ctx, id), REMOVING, form)


@router.get("/organisation/leave", name=Verb.MEMBERSHIP_LEAVE)
def ask_to_leave(request: Request, ctx: Context) -> Response:
    if away := elsewhere(request, ctx):
        return away
    own = queries.membership(ctx, ctx.actor.membership_id)
    return _asked(request, ctx, own, LEAVING, BoundForm(HandingOver))


@router.post("/organisation/leave", name=Verb.MEMBERSHIP_LEAVE)
def leave(request: Request, ctx: Context, form: HandedOver) -> Response:
    own = queries.membership(ctx, ctx.actor.membership_id)
    others = [one.id for one, _ in accounts.memberships(ctx.session, ctx.actor.person_id)]
    answer = _decided(request, ctx, own, LEAVING, form)
    if answer.status_code == 303:  # they stay signed in, for another of theirs or for none
        others.remove(own.id)
        answer = go(request, "home" if others else "join")
        seam.renew(request, ctx, answer, membership_id=others[0] if others else None, ended_at=None)
    return answer


def _asked(
    request: Request,
    ctx: Context,
    member: Membership,
    farewell: Farewell,
    form: BoundForm[HandingOver],
) -> Response:
    require(ctx, farewell.verb, member)
    colleagues = queries.colleagues(ctx, member)
    only_theirs = actions.only_theirs(member, colleagues)
    may_hand_over = refusal(ctx.actor, Verb.MEMBERSHIP_GRANT, member) is None
    if only_theirs and colleagues and may_hand_over:
        require(ctx, Verb.MEMBERSHIP_GRANT, member)  # asks who they are before they choose
    words = {"name": member.person.name, "organisation": member.organisation.called}
    return page(
        request,
        "people/farewell.html",
        member=member,
        form=form,
        title=farewell.title.format(**words),
        button=farewell.button.format(**words),
        consequences=[text.format(**words) for text in farewell.consequences],
        action=_action(request, farewell, member),
        back=back_to(request, ctx, member.organisation),
        leaving=farewell is LEAVING,
        may_invite=may_hand_over,  # the same people do both
        held=[
            (title, allows)
            for value, title, allows in abilities.choices(member.organisation.kind)
            if value in member.roles
        ],
        only_theirs=abilities.in_words(only_theirs).lower() if only_theirs else "",
        blocked=Role.ADMINISTRATOR in only_theirs and not (colleagues and may_hand_over),
        heirs=[
            (str(one.id), f"{one.name} ({abilities.in_words(one.roles).lower()})")
            for one in colleagues
        ]
        if only_theirs and may_hand_over
        else [],
    )


def _action(request: Request, farewell: Farewell, member: Membership) -> str:
    params = {} if farewell is LEAVING else {"id": member.id}
    return str(request.app.url_path_for(farewell.verb, **params))


def _decided(
    request: Request,
    ctx: Context,
    member: Membership,
    farewell: Farewell,
    form: BoundForm[HandingOver],
) -> Response:
    if form.value is None:
        return _asked(request, ctx, member, farewell, form)
    chosen = form.value.heir
    heirs = {str(one.id): one.id for one in queries.colleagues(ctx, member)} if chosen else {}
    if chosen and chosen not in heirs:
        refused = form.refused("heir", "Select one of the other members")
        return _asked(request, ctx, member, farewell, refused)
    try:
        farewell.act(ctx, member, queries.membership(ctx, heirs[chosen]) if chosen else None)
    except AtField as why:
        return _asked(request, ctx, member, farewell, form.refused(why.field, str(why)))
    words = {"name": member.person.name, "organisation": member.organisation.called}
    flash(request, farewell.done.format(**words))
    return RedirectResponse(back_to(request, ctx, member.organisation), status_code=303)
