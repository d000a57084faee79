"""How a browser works out the law of a procurement: the address holds all that was asked."""

from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from icalendar import Event
from starlette.datastructures import FormData

from marketplace import law
from marketplace.calculator.forms import Asking
from marketplace.calendar.deadlines import TYPE, calendar
from marketplace.core.context import Context, Opening
from marketplace.core.forms import PARTS, BoundForm, bind, is_date, show, typed
from marketplace.core.pages import page
from marketplace.core.times import day, in_london
from marketplace.core.working_days import OutsideCalendar
from marketplace.law.contracts import INDICATORS_RULE
from marketplace.law.notices import BELOW_DETAILS
from marketplace.law.regimes import CHANGES
from marketplace.settings import Settings

DAYS_ASKED = tuple(
    name for name, about in Asking.model_fields.items() if is_date(about) and name != "begins"
)

router = APIRouter(route_class=Opening)


@router.get("/law", name="law")
def calculator(request: Request, ctx: Context) -> Response:
    if not request.query_params:
        usual = {"begins": in_london(ctx.now).date(), "route": law.Route.OPEN}
        return _page(request, show(Asking, usual | {"contract": law.Contract.GOODS_SERVICES}))
    form = _asked(request)
    form, found = _answered(form, _readings(ctx.settings))
    return _page(request, form, found)


@router.get("/law/dates.ics", name="law.calendar")
def dates(request: Request, ctx: Context) -> Response:
    form = _asked(request)
    form, found = _answered(form, _readings(ctx.settings))
    query = _query(form)
    here = request.app.url_path_for("law") + (f"?{query}" if query else "")
    if found is None:  # the page says what is wrong
        return RedirectResponse(here, status_code=303)
    link = f"{ctx.settings.address}{here}"
    events = [_event(one, link, ctx) for one in law.timetable(found)]
    headers = {"Content-Disposition": 'attachment; filename="dates.ics"', "Content-Type": TYPE}
    return Response(calendar(events), headers=headers)


def _page(
    request: Request, form: BoundForm[Asking], found: law.Assessment | None = None
) -> Response:
    return page(
        request,
        "law/calculator.html",
        announce=_says(found) if found else "",
        form=form,
        found=found,
        days=law.timetable(found) if found else (),
        steps=_steps(found) if found else {},
        indicators=INDICATORS_RULE,
        changes=CHANGES,
        notifiable=BELOW_DETAILS.where,
        days_asked=DAYS_ASKED,
        opened={
            "circumstances": bool(form.submitted.get("circumstances")),
            "dates": any(_filled(form, name) for name in DAYS_ASKED),
        },
        query=_query(form),
        says=_says(found) if found else "",
    )


def _filled(form: BoundForm[Asking], name: str) -> bool:
    return any(form.submitted.get(f"{name}-{part}") for part in PARTS)


def _asked(request: Request) -> BoundForm[Asking]:
    return bind(
        Asking,
        typed(
            Asking, FormData([(name, given) for name, given in request.query_params.multi_items()])
        ),
    )


def _answered(
    form: BoundForm[Asking], readings: law.Readings
) -> tuple[BoundForm[Asking], law.Assessment | None]:
    """What the law says, or the form with a sentence at each fact that does not fit."""
    if form.value is None:
        return form, None
    try:
        found = law.assess(form.value.procurement, readings)
    except OutsideCalendar as why:
        return form.refused("award_notice", str(why)), None
    for misfit in found.misfits:
        form = form.refused(misfit.about, misfit.says)
    return form, None if form.errors else found


def _readings(settings: Settings) -> law.Readings:
    return law.Readings(settings.law_proposals_in_force, settings.law_payment_notice_live)


def _query(form: BoundForm[Asking]) -> str:
    """The part of an address that asks the same again, without what was left empty."""
    filled: dict[str, Any] = {name: given for name, given in form.submitted.items() if given}
    return urlencode(filled, doseq=True)


def _says(found: law.Assessment) -> str:
    """The answer in one sentence."""
    if found.threshold is None:
        return f"It is under the {found.regime.label}, which this page does not work out."
    if found.procurement.pounds is None:
        stands = "counts as reaching"
    else:
        stands = "reaches" if found.is_above else "is below"
    return f"It is under the {found.regime.label}, and its value {stands} the threshold."


def _steps(found: law.Assessment) -> dict[str, list[law.Item]]:
    """The checklist by the step that a thing has to be done by."""
    steps: dict[str, list[law.Item]] = {}
    for item in found.checklist:
        steps.setdefault(item.before.value, []).append(item)
    return steps


def _event(one: law.Day, link: str, ctx: Context) -> Event:
    written = "; ".join(str(source) for source in one.rule.sources)
    unsure = f" {one.rule.unsure}" if one.rule.unsure else ""
    return Event.new(
        uid=f"law-{uuid5(NAMESPACE_URL, f'{link}#{one.key}')}@loti-marketplace",
        summary=one.what,
        description=f"{day(one.day)}. {one.rule.says} ({written}.){unsure} {link}",
        start=one.day,
        stamp=ctx.now,
        url=link,
    )
