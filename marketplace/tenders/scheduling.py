"""The dates of a tender as a person types them, judged by the minimum periods of the law."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from marketplace.core.forms import Form, WholeNumber
from marketplace.core.times import LONDON
from marketplace.law import Circumstances, Contract, FlexibleStage, Route
from marketplace.law.tendering import qualifies, tendering
from marketplace.tenders.forms import LONG, Saying
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round

# Nothing is competed for by these, so there is nothing to prepare here.
NOT_TENDERED = frozenset({Route.DIRECT, Route.BELOW_UNCOMPETED})
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|noon)?", re.IGNORECASE)


def moment(on: date, at: str) -> datetime:
    """A day and a time of day in London, as they were typed and found right."""
    hour, minute = map(int, at.split(":"))
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LONDON)


def _time(typed: str) -> str:
    """ "12 noon", "5pm", "17:00" as "17:00". Between 6am and 10pm every day has each time once."""
    found = _TIME.fullmatch(typed.strip())
    if not found:
        raise ValueError("Enter a time of day, like 12 noon or 5:30pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half in ("am", "pm") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not (6 <= hour <= 22 and minute < 60) or (hour, minute) > (22, 0):
        raise ValueError("The time of day must be between 6am and 10pm")
    return f"{hour:02}:{minute:02}"


Time = Annotated[str, AfterValidator(_time)]
_AT: dict[str, Any] = {"width": "10"}


class Scheduling(Saying):
    route: Route = Field(title="The route", json_schema_extra={"control": "radios"})
    contract: Contract = Field(title="What sort of contract it is")
    urgent: bool = Field(
        False,
        title="A state of urgency makes the usual period impractical",
        description="Section 54 then allows 10 days. Keep the reason on record.",
    )
    planned_notice_on: date | None = Field(
        None,
        title="The day of the planned procurement notice",
        description="If one was published. At least 40 days and no more than 12 months before "
        "the tender notice it shortens the period: section 15.",
    )
    publish_on: date = Field(
        title="The day you mean to publish",
        description="The day of the tender notice too. For example, 30 11 2026.",
    )
    questions_on: date = Field(title="The last day for questions")
    questions_at: Time = Field("12:00", title="The time on that day", json_schema_extra=_AT)
    deadline_on: date = Field(title="The day of the deadline for bids")
    deadline_at: Time = Field("12:00", title="The time of the deadline", json_schema_extra=_AT)
    award_on: date = Field(
        title="The day you expect to decide on the award",
        description="An estimate, for the tender notice.",
    )
    starts_on: date = Field(title="The day the contract starts")
    ends_on: date = Field(title="The day it ends, without extensions")
    extensions: str = Field("", title="Possible extensions", max_length=LONG)
    options: str = Field("", title="Options", max_length=LONG)

    @field_validator("route")
    @classmethod
    def _competed(cls, route: Route) -> Route:
        if route in NOT_TENDERED:
            raise ValueError("Nothing is tendered by this route. Choose a route with competition")
        return route

    @field_validator("questions_on")
    @classmethod
    def _after_publishing(cls, on: date, info: ValidationInfo) -> date:
        publish = info.data.get("publish_on")
        if publish and on <= publish:
            raise ValueError("The last day for questions must be after the day you publish")
        return on

    @field_validator("deadline_on")
    @classmethod
    def _long_enough(cls, on: date, info: ValidationInfo) -> date:
        questions, publish = info.data.get("questions_on"), info.data.get("publish_on")
        if questions and on <= questions:
            raise ValueError("The deadline for bids must be after the last day for questions")
        route, contract = info.data.get("route"), info.data.get("contract")
        if publish and route and contract and route.is_competitive_tendering:
            planned = info.data.get("planned_notice_on")
            period = tendering(
                circumstances(
                    route, contract, planned, publish, urgent=bool(info.data.get("urgent"))
                ),
                publish,
            )
            if why := period.refusal(on):
                raise ValueError(why.removesuffix("."))
        return on

    @field_validator("award_on")
    @classmethod
    def _after_the_deadline(cls, on: date, info: ValidationInfo) -> date:
        deadline = info.data.get("deadline_on")
        if deadline and on <= deadline:
            raise ValueError("The day of the award must be after the deadline for bids")
        return on

    @field_validator("starts_on")
    @classmethod
    def _after_the_award(cls, on: date, info: ValidationInfo) -> date:
        deadline, award = info.data.get("deadline_on"), info.data.get("award_on")
        if deadline and on <= deadline:
            raise ValueError("The day the contract starts must be after the deadline for bids")
        if award and on <= award:
            raise ValueError("The day the contract starts must be after the day of the award")
        return on

    @field_validator("ends_on")
    @classmethod
    def _after_the_start(cls, on: date, info: ValidationInfo) -> date:
        start = info.data.get("starts_on")
        if start and on <= start:
            raise ValueError("The day it ends must be after the day it starts")
        return on

    def columns(self) -> dict[str, Any]:
        apart = {"questions_on", "questions_at", "deadline_on", "deadline_at"}
        plain = {name: value for name, value in super().columns().items() if name not in apart}
        return plain | {
            "questions_until": moment(self.questions_on, self.questions_at),
            "deadline": moment(self.deadline_on, self.deadline_at),
        }


class Staging(Form):
    """A stage of a competitive flexible procedure."""

    kind: FlexibleStage = Field(title="What sort of stage it is")
    title: str = Field(
        title="What it is called", description="Like Short demonstration.", max_length=120
    )
    asks: str = Field(
        title="What is asked of suppliers",
        description="What they submit or do, and how it is decided who goes on: section 20 asks "
        "that the tender notice describes it.",
        max_length=LONG,
    )
    most: WholeNumber | None = Field(
        None,
        title="The most suppliers that go on from it",
        description="Leave it empty where there is no limit. It is published, with how they are "
        "chosen, and stays: regulation 19(2)(d) of the Procurement Regulations 2024.",
        ge=1,
        le=99,
    )
    opens_on: date = Field(title="The day it begins")
    opens_at: Time = Field(
        "09:00",
        title="The time it begins",
        description="9am if you leave it empty.",
        json_schema_extra=_AT,
    )
    closes_on: date = Field(title="The day it ends")
    closes_at: Time = Field(
        "12:00",
        title="The time it ends",
        description="12 noon if you leave it empty.",
        json_schema_extra=_AT,
    )
    agreed_on: date | None = Field(
        None,
        title="The day on which every supplier that goes on had agreed to this time",
        description="If they did, the law sets no minimum for it: section 54(4). Leave it empty "
        "otherwise.",
    )
    agreed_how: str = Field(
        "",
        title="How they agreed",
        description="Like: each in writing, and where that is kept. It is published, so name no "
        "supplier.",
        max_length=300,
    )

    def round(self, id: str) -> Round:
        opens = moment(self.opens_on, self.opens_at)
        closes = moment(self.closes_on, self.closes_at)
        agreed = (self.agreed_on, self.agreed_how)
        about = (self.kind, self.title, self.asks, opens, closes)
        return Round(id, *about, *agreed, self.most)


def circumstances_of(tender: Tender) -> Circumstances | None:
    """The same for a tender, once that is known of it."""
    if tender.route is None or tender.contract is None or tender.publish_on is None:
        return None
    planned, publish = tender.planned_notice_on, tender.publish_on
    return circumstances(tender.route, tender.contract, planned, publish, urgent=tender.urgent)


def circumstances(
    route: Route, contract: Contract, planned: date | None, publish: date, *, urgent: bool
) -> Circumstances:
    """What the law asks about to say how long suppliers must have."""
    return Circumstances(
        urgent=urgent,
        planned_notice_qualifies=planned is not None and qualifies(planned, publish),
        within_dynamic_market=route is Route.DYNAMIC_MARKET,
        light_touch=contract.is_light_touch,
    )
