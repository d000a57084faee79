"""The organisation whose pages somebody opens, and where they are led instead or afterwards."""

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from auth.actor import Kind
from marketplace.core.context import Context
from marketplace.core.pages import go
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation


def to_sign_in(request: Request) -> Response:
    """To the ways in, and back here afterwards."""
    return RedirectResponse(f"/sign-in?then={quote(request.url.path)}", status_code=303)


def elsewhere(request: Request, ctx: Context) -> Response | None:
    """To the ways in, or to where one asks to join; None for whoever acts for an organisation."""
    if ctx.actor.kind is not Kind.PUBLIC:
        return None
    return go(request, "join") if ctx.actor.known else to_sign_in(request)


def organisation(ctx: Context) -> Organisation:
    """The organisation that the actor acts for."""
    return organisations.one(ctx, ctx.actor.organisation_id)


def back_to(request: Request, ctx: Context, organisation: Organisation) -> str:
    """The page of an organisation's people: one's own, or what LOTI sees of another's."""
    if organisation.id == ctx.actor.organisation_id:
        return str(request.app.url_path_for("organisation.people"))
    return str(request.app.url_path_for("organisation.show", id=organisation.id))
