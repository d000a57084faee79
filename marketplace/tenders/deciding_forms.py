"""What a person may submit for their own authority, and about a tender as a whole."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from marketplace.core.forms import Form, WholeNumber
from marketplace.core.money import MOST
from marketplace.core.times import in_london, now
from marketplace.tenders.forms import LONG, LONGER, Saying, gross
from marketplace.tenders.models import Part

MOST_UNITS = 1_000_000_000
Cited = Literal["UK2", "UK3", "UK4"]  # the notices that come before bids


def _as_shown(number: str) -> str:
    if number and not re.fullmatch(r"[0-9]{6}-[0-9]{4}", number):
        raise ValueError("Enter the number as Find a Tender shows it, like 032703-2026")
    return number


NoticeNumber = Annotated[str, AfterValidator(_as_shown)]


# ---- What a party brings with it


class Sharing(Saying):
    approver_id: UUID = Field(
        title="Who approves for your authority",
        description="An approver of your authority. They are named in the list of what is missing.",
        json_schema_extra={"control": "select"},
    )
    volume: WholeNumber | None = Field(None, title="How many", ge=1, le=MOST_UNITS)
    unit: str = Field(
        "", title="What you count", description="Like homes or permits a year.", max_length=60
    )
    value: Decimal = Field(
        title="The most you could pay",
        description="VAT included, with options and extensions: section 4. Threshold and law look "
        "at the sum of all authorities.",
        gt=0,
        le=MOST,
    )
    cap: Decimal = Field(
        title="The most your authority decided to spend", description="VAT included.", gt=0, le=MOST
    )
    decision: str = Field(
        title="The reference of that decision",
        description="Of the cabinet, the committee or the officer. It is not published.",
        max_length=120,
    )
    decided_on: date = Field(title="The day of that decision")

    @field_validator("value", "cap", mode="before")
    @classmethod
    def _amount(cls, typed: Any) -> Any:
        return gross(typed)

    @field_validator("cap")
    @classmethod
    def _enough(cls, cap: Decimal, info: ValidationInfo) -> Decimal:
        value = info.data.get("value")
        if value and cap < value:
            raise ValueError(
                "The most your authority decided to spend must cover the most you could pay"
            )
        return cap


class Annexing(Saying):
    contract_route: str = Field(
        "",
        title="How you contract",
        description="For example your own contract, or through the lead.",
        max_length=300,
    )
    own_requirements: str = Field("", title="Your own requirements", max_length=LONGER)
    own_terms: str = Field("", title="Your own terms", max_length=LONGER)
    own_criteria: str = Field(
        "",
        title="What you judge besides",
        description="Within the shared criteria; it does not change their weights.",
        max_length=LONG,
    )


# ---- Decisions


class Inviting(Form):
    authorities: list[UUID] = Field(title="The authorities to invite", min_length=1, max_length=60)


class Reasoning(Form):
    because: str = Field(title="The reason", max_length=LONG)


class Withdrawing(Form):
    outcome: str = Field(
        title="The reason",
        description="Every authority that prepared it reads it.",
        max_length=LONG,
    )


class Cancelling(Form):
    outcome: str = Field(
        title="The reason",
        description="It stands in the banner on the tender's page.",
        max_length=LONG,
    )


class Separating(Form):
    """Nothing is asked: every authority of the tender gets one."""


class EndingLot(Form):
    because: str = Field(
        title="The reason",
        description="Everybody reads it on the tender's page.",
        max_length=LONG,
    )


class HandingOver(Form):
    to: UUID = Field(title="The authority that leads from now on")


class Amending(Form):
    reason: str = Field(
        title="What changes, and why",
        description="Everybody reads it above the list of differences.",
        max_length=LONG,
    )
    material: bool = Field(
        title="Could it change who bids, or what they bid?",
        description="Then bidders need more time: section 31.",
        json_schema_extra={"control": "yes-no"},
    )
    not_extended_because: str = Field(
        "",
        title="Why the deadline stays",
        description="Needed when it could, and the deadline is not later than before.",
        max_length=LONG,
    )


class Approving(Form):
    """Which version was read: its fingerprint."""

    part: Part
    digest: str = Field(max_length=64)


class Objecting(Form):
    message: str = Field(title="What should change, and why", max_length=LONG)


class Commenting(Form):
    text: str = Field(
        title="Your comment",
        description="Write @ and a name to tell somebody of the authorities, like @Tom Whitfield.",
        max_length=LONG,
    )


class Recording(Form):
    note: str = Field(
        title="How it was done",
        description="For example where the record is kept, and its date.",
        max_length=LONG,
    )


class Citing(Form):
    """That a notice was published on Find a Tender."""

    number: NoticeNumber = Field(
        title="The number of the notice",
        description="As Find a Tender shows it, like 032703-2026.",
        json_schema_extra={"width": "10"},
    )
    on: date = Field(title="The day it was published")

    @field_validator("on")
    @classmethod
    def _past(cls, on: date) -> date:
        if on > in_london(now()).date():
            raise ValueError("The day it was published must be today or in the past")
        return on
