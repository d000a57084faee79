"""What is held on the person who asks, to read and to take along; and how they are erased."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from auth import cookie
from auth.actor import Kind
from marketplace.accounts import erasing, mydata_queries
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Forbidden, NotFound
from marketplace.core.pages import flash, go, page
from marketplace.core.times import in_london
from marketplace.organisations.models import Person
from marketplace.perform import require
from marketplace.saying import SAYS
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)
SHOWN = 10  # entries of the journal; the download has them all


@router.get("/account/data", name="account.data")
def data(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    person = _themselves(ctx)
    return page(
        request,
        "accounts/data.html",
        person=person,
        identities=mydata_queries.identities(ctx, person.id),
        memberships=mydata_queries.memberships(ctx, person.id),
        numbers=mydata_queries.numbers(ctx, mydata_queries.whose(ctx, person.id)),
        events=mydata_queries.newest_events(ctx, person.id, SHOWN),
        months=ctx.settings.inactive_months,
        says={verb.value: words for verb, words in SAYS.items()},
    )


@router.get("/account/data.json", name="account.download")
def download(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    person = _themselves(ctx)
    held = mydata_queries.everything(ctx, mydata_queries.whose(ctx, person.id))
    told = {"Held by": "LOTI Marketplace", "Made at": ctx.now.isoformat(), **held}
    name = f"what-the-marketplace-holds-on-me-{in_london(ctx.now):%Y-%m-%d}.json"
    return Response(
        json.dumps(told, indent=2, ensure_ascii=False, default=_as_text),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _as_text(value: date | UUID | Decimal) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _themselves(ctx: Context) -> Person:
    """The person who asks. Support does not see this with somebody's eyes."""
    if ctx.actor.seen_through:
        raise Forbidden("What is held on a person is for that person alone.")
    return mydata_queries.one(ctx, ctx.actor.person_id)


def _sign_in(request: Request) -> Response:
    return RedirectResponse(f"/sign-in?then={request.url.path}", status_code=303)


# ---- Erasing


@router.get("/account/erase", name=Verb.PERSON_ERASE)
def ask_oneself(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    return _asked(request, ctx, _themselves(ctx))


@router.post("/account/erase", name=Verb.PERSON_ERASE)
def erase_oneself(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        return _sign_in(request)
    erasing.erase(ctx, _themselves(ctx))
    flash(request, "You have been erased. Your name and your addresses are no longer held here.")
    answer = go(request, "front")
    cookie.take_back(answer, secure=ctx.settings.secure)
    return answer


@router.get("/admin/people/{id}/erase", name=Verb.PERSON_ERASE)
def ask(request: Request, ctx: Context, id: UUID) -> Response:
    """For somebody who asked LOTI to do it."""
    return _asked(request, ctx, _anybody(ctx, id))


@router.post("/admin/people/{id}/erase", name=Verb.PERSON_ERASE)
def erase(request: Request, ctx: Context, id: UUID) -> Response:
    erasing.erase(ctx, _anybody(ctx, id))
    flash(request, "The person has been erased. What they did stays, without their name.")
    return go(request, "overseeing.people")


def _anybody(ctx: Context, id: UUID) -> Person:
    """Under /admin there is something for LOTI alone."""
    if ctx.actor.kind is not Kind.LOTI:
        raise NotFound("There is no such page.")
    return mydata_queries.one(ctx, id)


def _asked(request: Request, ctx: Context, person: Person) -> Response:
    require(ctx, Verb.PERSON_ERASE, person)
    own = person.id == ctx.actor.person_id
    return page(
        request,
        "accounts/erase.html",
        person=person,
        own=own,
        left=mydata_queries.left_without_administrator(ctx, person.id),
    )
