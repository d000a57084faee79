"""What a supplier may submit about one price, document, picture or version."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from marketplace.catalogue.forms import LONGEST_LINE, LONGEST_NAME, web_address
from marketplace.catalogue.models import DocumentKind, Rhythm
from marketplace.core import money
from marketplace.core.forms import Form

LONGEST_NOTES = 1000


def _pounds(typed: Any) -> Any:
    return money.parse(typed).amount if isinstance(typed, str) else typed


def _web_address(typed: str) -> str:
    return web_address(typed, "The link must be an address, like https://www.example.co.uk/terms")


Pounds = Annotated[Decimal, BeforeValidator(_pounds)]


class Pricing(Form):
    what: str = Field(
        title="What is paid for",
        description="For example, a licence, setting up, a day of training.",
        max_length=LONGEST_NAME,
    )
    amount: Pounds = Field(title="The price in pounds")
    unit: str = Field(
        "",
        title="For each",
        description="One of what it is counted by: user, property, site. Leave it for a price as a "
        "whole.",
        max_length=60,
    )
    rhythm: Rhythm = Field(title="How often it is paid")
    includes_vat: bool = Field(
        False, title="The price includes VAT", json_schema_extra={"control": "tick"}
    )
    is_extra: bool = Field(
        False,
        title="It is an extra, beside the price",
        json_schema_extra={"control": "tick"},
    )
    since: date | None = Field(None, title="The price holds since")


class Documenting(Form):
    title: str = Field(title="What the document is called", max_length=LONGEST_NAME)
    kind: DocumentKind = Field(title="What kind of document it is")
    link: Annotated[str, AfterValidator(_web_address)] = Field(
        "",
        title="A link to it",
        description="Where it stands on a web page. Leave it if you upload a file.",
        max_length=LONGEST_LINE,
        json_schema_extra={"control": "url"},
    )


class Picturing(Form):
    alt: str = Field(
        title="What the picture shows",
        description="In a sentence, for people who cannot see it.",
        max_length=250,
    )


class Versioning(Form):
    label: str = Field(
        title="The version",
        description="As you count them, for example 5.2 or 2026 spring.",
        max_length=60,
    )
    released_on: date | None = Field(None, title="The day it was released")
    notes: str = Field("", title="What is new in it", max_length=LONGEST_NOTES)
    is_current: bool = Field(
        False,
        title="This is the version that new customers get",
        json_schema_extra={"control": "tick"},
    )


class Reverting(Form):
    because: str = Field(
        title="The reason",
        description="The supplier reads it.",
        max_length=500,
        json_schema_extra={"rows": 3},
    )


class Suspending(Form):
    because: str = Field(
        title="The reason",
        description="The supplier reads it, with what it has to mend.",
        max_length=500,
        json_schema_extra={"rows": 3},
    )


class Reporting(Form):
    message: str = Field(
        title="What is wrong with its area of work",
        description="One sentence for LOTI. The supplier does not see who wrote it.",
        max_length=300,
        json_schema_extra={"control": "textarea", "rows": 3},
    )


class Confirming(Form):
    ends_on: date | None = Field(None, title="The day the contract ends")
    extension: str = Field(
        "",
        title="How it can be extended",
        description="For example, twice by a year.",
        max_length=LONGEST_LINE,
    )
    value: Pounds | None = Field(None, title="What it costs a year, VAT excluded")
    note: str = Field("", title="A note for other authorities", max_length=LONGEST_NOTES)
