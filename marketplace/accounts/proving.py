"""Proving that it is still you: the page that what is grave leads to, and the ways to do it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from auth.oidc import Provider
from marketplace.accounts import by_mail, queries, seam
from marketplace.accounts.models import BY_MAIL, DEMO
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, Forbidden, Stale
from marketplace.core.pages import back, flash, go, here_only, onward, page
from marketplace.settings import Settings

router = APIRouter(route_class=Opening)

NOT_KNOWN = "You must be signed in to confirm that it is you."


def provider(settings: Settings, issuer: str) -> Provider | None:
    """The provider that vouched for a session, if it is still one of ours."""
    return next((one for one in settings.oidc_providers if one.issuer == issuer), None)


def stale(request: Request, why: Exception) -> Response:
    """The answer to what is asked for too long after signing in."""
    return _page(request, status=Stale.status, then=back(request), why=str(why))


@router.get("/account/prove", name="account.prove")
def ask(request: Request, ctx: Context, then: Annotated[str, Query()] = "") -> Response:
    if not ctx.actor.known:
        raise Forbidden(NOT_KNOWN)
    return _page(request, status=200, then=here_only(then), why="")


@router.post("/account/prove", name="account.prove")
def prove(request: Request, ctx: Context, then: Annotated[str, Form()] = "") -> Response:
    """In the way in which the session began: by a provider, by mail or, in the demo, at once."""
    who = ctx.actor
    if not who.known or who.seen_through:
        raise Forbidden(NOT_KNOWN)
    if who.signed_in_by == BY_MAIL:
        if not (address := queries.own_address(ctx)):
            raise Conflict("You have no link by e-mail any more. Sign out and in again.")
        by_mail.send(request, ctx, address, here_only(then), own=True)
        return go(request, "link.sent")
    if who.signed_in_by == DEMO and ctx.settings.demo:
        answer = onward(request, then, "account")
        flash(request, "You confirmed that it is you. You can go on.")
        seam.renew(request, ctx, answer, proved_at=ctx.now)
        return answer
    raise Conflict("You signed in in a way that is no longer there. Sign out and in again.")


def _page(request: Request, *, status: int, then: str, why: str) -> Response:
    settings: Settings = request.app.state.settings
    issuer = request.state.actor.signed_in_by
    return page(
        request,
        "accounts/prove.html",
        status=status,
        instead="main",
        then=then,
        why=why,
        provider=provider(settings, issuer),
        by_mail=issuer == BY_MAIL,
        at_once=issuer == DEMO and settings.demo,
    )
