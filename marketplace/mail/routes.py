"""Mail, as browsers and mail programs reach it: stopping it, seeing what was sent, mending it."""

import hmac
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Form, Header, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from auth.actor import CLOCK, Kind
from marketplace.bids import letters
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.pages import flash, go, page
from marketplace.mail import actions, queries, sending, stopping
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
FAILED = ("permanent-failure", "temporary-failure", "technical-failure")


# ---- No more mail of a kind


@router.get("/unsubscribe/{token}", name="unsubscribe")
def unsubscribe(request: Request, ctx: Context, token: str) -> Response:
    """Only a page with a button: programs that look for danger open every link of a mail."""
    return page(request, "mail/unsubscribe.html", stop=stopping.read(ctx, token), token=token)


@router.post("/unsubscribe/{token}", name=Verb.PREFERENCE_SET)
def stop(request: Request, ctx: Context, token: str, by: Annotated[str, Form()] = "") -> Response:
    """By the button of the page, or by a mail program, which must not be sent on (RFC 8058)."""
    stopping.stop(ctx, stopping.read(ctx, token))
    if by == "hand":
        return go(request, "unsubscribed", token=token)
    return PlainTextResponse("You get no more mail of this kind.")


@router.get("/unsubscribe/{token}/done", name="unsubscribed")
def unsubscribed(request: Request, ctx: Context, token: str) -> Response:
    return page(request, "mail/unsubscribed.html", stop=stopping.read(ctx, token))


# ---- What was sent


@router.get("/outbox", name="outbox")
def outbox(request: Request, ctx: Context) -> Response:
    if not ctx.settings.demo:
        raise NotFound("There is no such page.")
    return page(
        request,
        "mail/outbox.html",
        mails=queries.outbox(ctx),
        sealed=letters.sent(ctx),
        address=ctx.settings.address,
    )


@router.get("/admin/mail", name="mail")
def running(request: Request, ctx: Context) -> Response:
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
    return page(
        request,
        "mail/running.html",
        mails=queries.unsent(ctx),
        numbers=queries.numbers(ctx),
        sender=sending.chosen(ctx.settings).name,
    )


@router.post("/admin/mail/{id}/retry", name=Verb.MAIL_RETRY)
def retry(request: Request, ctx: Context, id: UUID) -> Response:
    actions.retry(ctx, queries.one(ctx, id))
    flash(request, "It will be sent again within a minute.")
    return go(request, "mail")


# ---- What came back


class Receipt(BaseModel):
    """What GOV.UK Notify reports of a mail."""

    id: str
    status: str


@router.post("/mail/notify", name=Verb.MAIL_BOUNCE)
def reported(
    request: Request,
    ctx: Context,
    receipt: Annotated[Receipt, Body()],
    authorization: Annotated[str, Header()] = "",
) -> Response:
    token = ctx.settings.notify_callback_token
    if not token:
        raise NotFound("There is no such page.")
    if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise Forbidden("This is for GOV.UK Notify alone.")
    if receipt.status in FAILED:
        actions.bounce(replace(ctx, actor=CLOCK), receipt.id, receipt.status)
    return Response(status_code=204)


@router.post("/mail/confirm", name=Verb.ADDRESS_CONFIRM)
def confirm(request: Request, ctx: Context) -> Response:
    person = queries.person(ctx, ctx.actor.person_id)
    if not person:
        raise NotFound("Nobody is signed in.")
    actions.confirm(ctx, person)
    flash(request, "We are sending a mail to your address. If it arrives, news comes there again.")
    return go(request, "notification.list")
