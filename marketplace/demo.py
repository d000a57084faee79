"""The demo's way in: anybody may act as one of the personas. Mounted in demo mode only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from sqlmodel import Session

from auth.actor import VISITOR, Actor, Kind
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import go, page
from marketplace.organisations import queries
from marketplace.organisations.personas import PERSONAS

router = APIRouter(route_class=Opening)
MEMBERSHIP = "membership"
GROUPS = {  # in the order of the page
    Kind.AUTHORITY: "For authorities, who buy",
    Kind.SUPPLIER: "For suppliers, who sell",
    Kind.LOTI: "For LOTI, who runs the marketplace",
}


def who(request: Request, session: Session) -> Actor:
    """The actor of a request. This is the seam that another way of signing in replaces."""
    membership = request.session.get(MEMBERSHIP)
    return queries.actor(session, UUID(membership)) if membership else VISITOR


@router.get("/sign-in", name="sign-in")
def choose(request: Request, ctx: Context) -> Response:
    there = queries.personas(ctx, PERSONAS.values())
    return page(
        request,
        "demo/sign-in.html",
        groups={
            title: [one for one in there if one[1].kind is kind] for kind, title in GROUPS.items()
        },
    )


@router.post("/demo/sign-in", name="demo.sign-in")
def sign_in(request: Request, ctx: Context, persona: Annotated[str, Form()] = "") -> Response:
    chosen = PERSONAS.get(persona)
    if not chosen or queries.actor(ctx.session, chosen.membership_id) is VISITOR:
        raise NotFound("There is no such persona.")
    request.session.clear()
    request.session[MEMBERSHIP] = str(chosen.membership_id)
    return go(request, "home")


@router.post("/sign-out", name="sign-out")
def sign_out(request: Request) -> Response:
    request.session.clear()
    return go(request, "front")
