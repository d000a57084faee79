"""Getting in and out: the page of ways in, asking for a link, and signing out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from auth import cookie
from auth.actor import Kind
from marketplace.accounts import account, actions, by_mail, providers, proving
from marketplace.accounts.forms import Asked, Asking
from marketplace.core.context import Context, Opening
from marketplace.core.errors import TooMany
from marketplace.core.forms import show
from marketplace.core.pages import go, here_only, page
from marketplace.organisations import queries as organisations
from marketplace.organisations.personas import PERSONAS
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
GROUPS = {  # of the demo's personas, in the order of the page
    Kind.AUTHORITY: "For authorities, who buy",
    Kind.SUPPLIER: "For suppliers, who sell",
    Kind.LOTI: "For LOTI, who runs the marketplace",
}


@router.get("/sign-in", name="sign-in")
def choose(request: Request, ctx: Context, then: Annotated[str, Query()] = "") -> Response:
    """The ways in; in the demo the personas, too. `then` is the page that was asked for."""
    form = show(Asking, {"then": here_only(then)})
    return page(request, "accounts/sign-in.html", form=form, **_ways(ctx))


@router.post("/sign-in/link", name=Verb.LINK_ASK)
def ask(request: Request, ctx: Context, form: Asked) -> Response:
    """Sends a link, whether or not anybody is known at the address: who is not becomes known by
    using it. So there is nothing to tell apart.
    """
    if form.value is None:
        return page(request, "accounts/sign-in.html", form=form, **_ways(ctx))
    try:
        by_mail.send(request, ctx, form.value.email, here_only(form.value.then))
    except TooMany as why:
        return by_mail.too_many(request, "accounts/sign-in.html", form, why, **_ways(ctx))
    return go(request, "link.sent")


def _ways(ctx: Context) -> dict[str, Any]:
    known = PERSONAS.values() if ctx.settings.demo else ()
    there = organisations.personas(ctx, known)
    groups = {
        title: [one for one in there if one[1].kind is kind] for kind, title in GROUPS.items()
    }
    return {"groups": groups, "providers": ctx.settings.oidc_providers}


@router.post("/sign-out", name="sign-out")
def sign_out(request: Request, ctx: Context) -> Response:
    actions.end(ctx.session, ctx.now, id=ctx.actor.session_id)
    request.session.clear()
    answer = providers.remember_leaving(request, ctx) or go(request, "front")
    cookie.take_back(answer, secure=ctx.settings.secure)
    return answer


for _part in (by_mail, account, proving):
    router.routes.extend(_part.router.routes)


router.routes.extend(providers.router.routes)  # last: the name in theirs may be any
