"""What a person may submit about a contract and what is called off under it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import UploadFile
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from marketplace.core.file_kinds import ACCEPTED
from marketplace.core.forms import Form, WholeNumber
from marketplace.core.labels import Labelled
from marketplace.core.money import MOST, VAT, NotMoney, parse
from marketplace.core.times import in_london, now
from marketplace.law import Ground
from marketplace.law.contracts import Failing
from marketplace.tenders.deciding_forms import NoticeNumber
from marketplace.tenders.forms import RATES

LONG = 2000  # characters
GROUNDS: list[Any] = [[one.value, one.label] for one in Ground]
FAILINGS: list[Any] = [[one.value, one.label] for one in Failing]


def _pounds(typed: Any) -> Any:
    """An amount as people type it; the sentence of what is wrong comes from money itself."""
    if not isinstance(typed, str) or not typed.strip():
        return typed
    try:
        return parse(typed, vat=VAT.EXCLUDED).amount
    except NotMoney as why:
        raise ValueError(str(why)) from None


Pounds = Annotated[Decimal, BeforeValidator(_pounds), Field(ge=0, le=MOST)]


def _not_ahead(on: date, what: str) -> date:
    if on > in_london(now()).date():
        raise ValueError(f"{what} must be today or in the past")
    return on


class Manner(Labelled):
    """How the authorities of a lot contract."""

    EACH = "each", "A contract for each authority"
    TOGETHER = "together", "One contract that all of them sign"


class Confirming(Form):
    manner: Manner = Field(title="How they contract")


class Editing(Form):
    title: str = Field(title="What the contract is about", max_length=120)
    number: str = Field("", title="Your own number of the contract", max_length=60)
    value: Pounds = Field(title="Its value without VAT", description="For its first term.", gt=0)
    vat_rate: WholeNumber = Field(
        title="Rate of VAT", json_schema_extra={"control": "radios", "choices": RATES}, ge=0, le=100
    )
    starts_on: date = Field(title="Its first day")
    ends_on: date = Field(title="Its last day, without extensions")
    extension: str = Field(
        "", title="How it can be extended", description="As it says itself.", max_length=LONG
    )
    extends_to: date | None = Field(None, title="Its last day with every extension")
    decide_by: date | None = Field(
        None,
        title="The day by which you decide on the extension",
        description="You are reminded 60 days before it.",
    )
    indicators: list[str] = Field(
        [],
        title="Key performance indicators, one a line",
        description="A contract over £5 million with VAT needs at least three, or the reason why "
        "not: section 52.",
        max_length=20,
    )
    no_indicators_because: str = Field(
        "", title="Why key performance indicators are not appropriate", max_length=LONG
    )
    permitted: list[UUID] = Field(
        [],
        title="Other authorities that may call off under it",
        description="Only those that the tender notice named.",
        max_length=60,
    )
    ceiling: Pounds | None = Field(
        None,
        title="The most that may be called off in all, without VAT",
        description="Needed where anybody may call off.",
    )

    @field_validator("ends_on")
    @classmethod
    def _after(cls, ends_on: date, info: ValidationInfo) -> date:
        starts_on = info.data.get("starts_on")
        if starts_on and ends_on < starts_on:
            raise ValueError("The last day must not be before the first day")
        return ends_on

    @field_validator("extends_to")
    @classmethod
    def _later(cls, extends_to: date | None, info: ValidationInfo) -> date | None:
        ends_on = info.data.get("ends_on")
        if extends_to and ends_on and extends_to <= ends_on:
            raise ValueError("The last day with extensions must be after the one without")
        return extends_to

    @field_validator("decide_by")
    @classmethod
    def _in_time(cls, decide_by: date | None, info: ValidationInfo) -> date | None:
        ends_on = info.data.get("ends_on")
        if decide_by and ends_on and decide_by > ends_on:
            raise ValueError("Decide on the extension before the last day of the contract")
        return decide_by


class Signing(Form):
    signatory: str = Field(title="Who signed for your authority", max_length=120)
    position: str = Field(title="In which position", max_length=120)
    supplier_signatory: str = Field("", title="Who signed for the supplier", max_length=120)
    supplier_position: str = Field("", title="In which position", max_length=120)
    signed_on: date = Field(title="The day on which you signed")

    @field_validator("signed_on")
    @classmethod
    def _past(cls, on: date) -> date:
        return _not_ahead(on, "The day on which you signed")


class Attaching(Form):
    file: UploadFile = Field(title="File", json_schema_extra={"accept": ACCEPTED})


class Noting(Form):
    """That something due was done."""

    number: NoticeNumber = Field(
        "",
        title="The number of the notice",
        description="As Find a Tender shows it, like 032703-2026.",
        json_schema_extra={"width": "10"},
    )
    on: date = Field(title="The day on which it was done")
    note: str = Field("", title="What to know of it", max_length=LONG)

    @field_validator("on")
    @classmethod
    def _past(cls, on: date) -> date:
        return _not_ahead(on, "The day on which it was done")


class Changing(Form):
    ground: Ground = Field(
        title="Why it may be changed without a new procurement",
        json_schema_extra={"control": "select", "choices": GROUNDS},
    )
    reason: str = Field(title="What changes, and why the ground holds", max_length=LONG)
    value: Pounds = Field(title="The value then, without VAT", gt=0)
    ends_on: date = Field(title="The last day then")
    on: date = Field(title="The day from which it counts")
    notice_number: NoticeNumber = Field(
        "",
        title="The number of the contract change notice (UK10)",
        description="Needed where the notice has to come first; the page says when.",
        json_schema_extra={"width": "10"},
    )


class Extending(Form):
    extended: bool = Field(
        title="Is the contract extended?", json_schema_extra={"control": "yes-no"}
    )
    ends_on: date | None = Field(None, title="Its last day then")
    because: str = Field(title="The reason", max_length=LONG)


class Ending(Form):
    because: str = Field(title="The reason", max_length=LONG)
    ended_on: date = Field(title="Its last day")

    @field_validator("ended_on")
    @classmethod
    def _past(cls, on: date) -> date:
        return _not_ahead(on, "Its last day")


class Reporting(Form):
    failing: Failing = Field(
        title="What it came to", json_schema_extra={"control": "radios", "choices": FAILINGS}
    )
    on: date = Field(
        title="The day on which it came to that",
        description="The day of the award of damages, of the settlement or of the end. For poor "
        "performance: the day on which you considered that the supplier had not put it right.",
    )
    warned_on: date | None = Field(
        None,
        title="For poor performance: the day on which you told the supplier to improve",
    )
    what: str = Field(
        title="What happened, in the words of your authority",
        description="Which duty of the contract it was, what went wrong and for how long, what "
        "followed from it, and how the supplier could put it right. It is published, so name no "
        "person.",
        max_length=LONG,
    )
    outcome: str = Field(
        "",
        title="What was awarded or settled, or has been done since",
        description="For damages, a settlement and the end of a part it is needed.",
        max_length=LONG,
    )

    @field_validator("on")
    @classmethod
    def _past(cls, on: date) -> date:
        return _not_ahead(on, "The day on which it came to that")


class Correcting(Reporting):
    stands: bool = Field(
        title="Does the entry still stand?",
        description="Answer no if it was recorded by mistake.",
        json_schema_extra={"control": "yes-no"},
    )
    because: str = Field(title="Why it is corrected", max_length=LONG)


class CallingOff(Form):
    title: str = Field(title="What you call off", max_length=120)
    value: Pounds = Field(title="Its value without VAT", gt=0)
    starts_on: date = Field(title="Its first day")
    ends_on: date = Field(title="Its last day")

    @field_validator("ends_on")
    @classmethod
    def _after(cls, ends_on: date, info: ValidationInfo) -> date:
        starts_on = info.data.get("starts_on")
        if starts_on and ends_on < starts_on:
            raise ValueError("The last day must not be before the first day")
        return ends_on


class Reasoning(Form):
    because: str = Field(title="The reason", max_length=LONG)


class Planning(Form):
    title: str = Field(title="What is delivered", max_length=120)
    due_on: date = Field(title="By when")


class Meeting(Form):
    met_on: date = Field(title="The day on which it was met")

    @field_validator("met_on")
    @classmethod
    def _past(cls, on: date) -> date:
        return _not_ahead(on, "The day on which it was met")


class Reviewing(Form):
    text: str = Field(
        title="How the delivery was",
        description="Other authorities read it before they buy, and the supplier can answer.",
        max_length=LONG,
    )


class Answering(Form):
    answer: str = Field(
        title="Your answer",
        description="It stands beneath the review. You have one.",
        max_length=LONG,
    )


class Relying(Form):
    claim_id: UUID = Field(title="The finding", json_schema_extra={"control": "select"})
    condition: str = Field("", title="Your own condition", max_length=LONG)
    revoked_means: str = Field(
        "", title="What the contract says happens when it holds no more", max_length=LONG
    )


class Standing(StrEnum):
    """How the register is narrowed."""

    PREPARED = "prepared"
    FORCE = "in-force"
    OVER = "over"

    @property
    def label(self) -> str:
        return {
            "prepared": "Being prepared",
            "in-force": "Signed, and not over",
            "over": "Over",
        }[self.value]
