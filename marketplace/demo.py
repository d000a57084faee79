"""The demo's way in: anybody may act as one of the personas. Mounted in demo mode only."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from auth.actor import VISITOR
from marketplace.accounts import seam
from marketplace.accounts.models import DEMO
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import onward
from marketplace.organisations import queries
from marketplace.organisations.personas import PERSONAS

router = APIRouter(route_class=Opening)


@router.post("/demo/sign-in", name="demo.sign-in")
def sign_in(
    request: Request,
    ctx: Context,
    persona: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "",
) -> Response:
    chosen = PERSONAS.get(persona)
    actor = queries.actor(ctx.session, chosen.membership_id) if chosen else VISITOR
    if actor is VISITOR:
        raise NotFound("There is no such persona.")
    answer = onward(request, then, "home")
    seam.sign_in(
        request, ctx, answer, actor.person_id, issuer=DEMO, membership_id=actor.membership_id
    )
    return answer
