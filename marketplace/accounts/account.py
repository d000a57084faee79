"""What is somebody's own: their name, ways in, sessions and the organisations they act for."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response

from marketplace.accounts import actions, by_mail, queries, seam
from marketplace.accounts.forms import Asked, Asking, Named, Naming
from marketplace.accounts.models import BY_MAIL, Identity
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, TooMany
from marketplace.core.forms import BoundForm, show
from marketplace.core.pages import flash, go, here_only, onward, page
from marketplace.people.abilities import in_words
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening, prefix="/account")

BROWSERS = (  # by what a browser calls itself; most say that they are others, too
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("an iPhone", r"iPhone"),
    ("an iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("a Mac", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def called(browser: str) -> str:
    """What somebody would call a browser: "Chrome on Windows"."""
    name = next((name for name, says in BROWSERS if re.search(says, browser)), "A browser")
    system = next((name for name, says in SYSTEMS if re.search(says, browser)), "")
    return f"{name} on {system}" if system else f"{name} of an unknown kind"


@router.get("", name="account")
def account(request: Request, ctx: Context) -> Response:
    _alone(ctx)
    return page(
        request,
        "accounts/account.html",
        person=queries.oneself(ctx),
        identities=queries.identities(ctx),
        sessions=[(one, called(one.browser)) for one in queries.sessions(ctx)],
        memberships=queries.memberships(ctx.session, ctx.actor.person_id),
        shut_out=queries.shut_out(ctx),
        loti=ctx.settings.contact,
        providers=ctx.settings.oidc_providers,
        mail=BY_MAIL,
        in_words=in_words,
    )


@router.get("/start", name="account.start")
def start(request: Request, ctx: Context) -> Response:
    """Where somebody who acts for no organisation yet chooses what they want to do."""
    _alone(ctx)
    return page(
        request,
        "accounts/start.html",
        shut_out=queries.shut_out(ctx),
        loti=ctx.settings.contact,
    )


# ---- Name


@router.get("/name", name=Verb.PERSON_RENAME)
def name(request: Request, ctx: Context, then: Annotated[str, Query()] = "") -> Response:
    _alone(ctx)
    values = {"name": queries.oneself(ctx).name, "then": here_only(then)}
    return page(request, "accounts/name.html", form=show(Naming, values))


@router.post("/name", name=Verb.PERSON_RENAME)
def rename(request: Request, ctx: Context, form: Named) -> Response:
    _alone(ctx)
    if form.value is None:
        return page(request, "accounts/name.html", form=form)
    actions.rename(ctx, form.value.name)
    flash(request, f"Your name is {form.value.name}.")
    return onward(request, form.value.then, "account" if ctx.actor.organisations else "home")


# ---- Ways in


@router.get("/ways-in", name=Verb.IDENTITY_ADD)
def another(request: Request, ctx: Context) -> Response:
    _may_add(ctx)
    return page(request, "accounts/another.html", form=BoundForm(Asking))


@router.post("/ways-in", name=Verb.IDENTITY_ADD)
def add(request: Request, ctx: Context, form: Asked) -> Response:
    """Has a link sent to an address; using it, in this session, adds it."""
    _may_add(ctx)
    if form.value is None:
        return page(request, "accounts/another.html", form=form)
    try:
        by_mail.send(request, ctx, form.value.email, own=True)
    except TooMany as why:
        return by_mail.too_many(request, "accounts/another.html", form, why)
    return go(request, "link.sent")


@router.post("/ways-in/{id}/drop", name=Verb.IDENTITY_DROP)
def drop(request: Request, ctx: Context, id: UUID) -> Response:
    identity = queries.own_identity(ctx, id)
    actions.drop_way_in(ctx, identity)
    flash(
        request, f"“{identity.title}” is no way in any more. Open sessions stay until you end them."
    )
    return go(request, "account")


# ---- Sessions


@router.post("/sessions/{id}/end", name=Verb.SESSION_END)
def end(request: Request, ctx: Context, id: UUID) -> Response:
    actions.end_one(ctx, queries.own_session(ctx, id))
    flash(request, "That session is over.")
    return go(request, "account")


@router.post("/sessions/end", name=Verb.SESSION_END)
def end_others(request: Request, ctx: Context) -> Response:
    _alone(ctx)
    ended = actions.end_others(ctx)
    flash(request, f"{ended} other {'session is' if ended == 1 else 'sessions are'} over.")
    return go(request, "account")


@router.get("/here", name="account.here")
def here(request: Request, ctx: Context) -> Response:
    """Keeps the session of a page open whose reader says that they are still there."""
    if not ctx.actor.known:
        raise Forbidden("You are signed out.")
    left = seam.stay(request, ctx)
    return Response(status_code=204, headers={"Session-Left": str(left)})


# ---- Organisations


@router.post("/organisation", name=Verb.SESSION_SWITCH)
def switch(request: Request, ctx: Context, membership: Annotated[UUID, Form()]) -> Response:
    organisation = actions.switch(ctx, membership)
    answer = go(request, "home")
    flash(request, f"You now act for {organisation.called}.")
    seam.renew(request, ctx, answer, membership_id=membership)
    return answer


def _alone(ctx: Context) -> None:
    """These pages are for the person alone: not for visitors, nor for support with their eyes."""
    if not ctx.actor.known:
        raise Forbidden("To see your account you must sign in.")
    if ctx.actor.seen_through:
        raise Forbidden("Only the person themselves sees their account.")


def _may_add(ctx: Context) -> None:
    _alone(ctx)
    prospect = Identity(issuer=BY_MAIL, subject="", title="", person_id=ctx.actor.person_id)
    require(ctx, Verb.IDENTITY_ADD, prospect)
