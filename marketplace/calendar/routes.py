"""Calendars: what is coming up, as a page and as files that a calendar reads by itself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from marketplace.awards import queries as awards
from marketplace.awards.steps import headline
from marketplace.calendar import actions, queries
from marketplace.calendar.deadlines import TYPE, file, standstill_file
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import flash, go, page
from marketplace.tenders import queries as tenders
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening)


@router.get("/challenges/{id}/calendar.ics", name="challenge.calendar")
def of_challenge(request: Request, ctx: Context, id: UUID) -> Response:
    made = file([queries.of_challenge(ctx, id)], ctx.settings.address)
    return _file(made, "deadline.ics")


@router.get("/tenders/{id}/calendar.ics", name="tender.calendar")
def of_tender(request: Request, ctx: Context, id: UUID) -> Response:
    return _file(file(queries.of_tender(ctx, id), ctx.settings.address), "tender.ics")


@router.get("/tenders/{id}/award/{award_id}/standstill.ics", name="award.calendar")
def of_standstill(request: Request, ctx: Context, id: UUID, award_id: UUID) -> Response:
    tender = tenders.one(ctx, id)
    award = awards.one(ctx, tender, award_id)
    award.tender = tender
    if award.standstill.ends is None:
        raise NotFound("There is no standstill.")
    link = f"{ctx.settings.address}{request.app.url_path_for('award.outcome', id=id)}"
    made = standstill_file(award, link, headline(award), ctx.now)
    return _file(made, "standstill.ics")


@router.get("/calendar.ics", name="calendar.feed")
def feed(request: Request, ctx: Context, key: Annotated[str, Query()] = "") -> Response:
    """A person's calendar, for a program that cannot sign in: whoever has the address sees it."""
    made = file(queries.of_key(ctx, key), ctx.settings.address)
    return _file(made, "loti-marketplace.ics")


def _file(made: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": TYPE}
    return Response(made, headers=headers)


@router.get("/calendar", name="calendar")
def coming_up(request: Request, ctx: Context) -> Response:
    if not ctx.actor.known:
        there = request.app.url_path_for("sign-in")
        return RedirectResponse(f"{there}?then={request.url.path}", status_code=303)
    person = queries.me(ctx)
    feed = request.app.url_path_for("calendar.feed")
    return page(
        request,
        "calendar/calendar.html",
        dates=[one for one in queries.own(ctx) if one.at > ctx.now and not one.is_off],
        address=f"{ctx.settings.address}{feed}?key={queries.key(ctx.settings, person)}"
        if person
        else "",
    )


@router.post("/calendar", name=Verb.CALENDAR_RENEW)
def renew(request: Request, ctx: Context) -> Response:
    person = queries.me(ctx)
    if not person:
        raise NotFound("There is no such calendar.")
    actions.renew(ctx, person)
    flash(request, "Your calendar has a new address. Give it to your calendar program.")
    return go(request, "calendar")
