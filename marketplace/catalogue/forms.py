"""What a supplier may submit about a product: one form for each section."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import (
    AfterValidator,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from marketplace.catalogue.models import Deployment, PriceModel
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.bands import Band
from marketplace.reference.cpv import existing

LONGEST_NAME = 120  # characters
LONGEST_LINE = 200
MOST_LINES = 20
MOST_AREAS = 5
MOST_CODES = 10
LONGEST_TEXT = 2000
_ADDRESS = TypeAdapter(HttpUrl)

# What decides which standards apply, as somebody is asked about it.
PEOPLE = (
    Attribute.USER_INTERFACE,
    Attribute.RESIDENT_FACING,
    Attribute.IDENTITY_CHECKS,
    Attribute.PEOPLE_SERVICE,
    Attribute.HEALTH,
    Attribute.CLINICAL,
    Attribute.TELECARE,
)
DATA = (
    Attribute.PERSONAL_DATA,
    Attribute.SPECIAL_CATEGORY,
    Attribute.HIGH_RISK_DATA,
    Attribute.NHS_DATA,
    Attribute.HOLDS_ADDRESSES,
    Attribute.SERVICES_DIRECTORY,
    Attribute.CONTRACT_DATA,
)
TECHNOLOGY = (
    Attribute.SUPPLIER_HOSTED,
    Attribute.EXPOSES_API,
    Attribute.MOBILE_APP,
    Attribute.USES_AI,
    Attribute.DECIDES,
    Attribute.TAKES_PAYMENTS,
    Attribute.TELEPHONY,
)
PLACES = (Attribute.PUBLIC_REALM, Attribute.CRITICAL_SERVICE)
ATTRIBUTES: Mapping[str, tuple[Attribute, ...]] = {
    "about_people": PEOPLE,
    "about_data": DATA,
    "about_technology": TECHNOLOGY,
    "about_places": PLACES,
}


def _lines(typed: list[str]) -> list[str]:
    if any(len(line) > LONGEST_LINE for line in typed):
        raise ValueError(f"Each line must be {LONGEST_LINE} characters or fewer")
    return list(dict.fromkeys(typed))


def web_address(typed: str, why: str) -> str:
    try:
        if typed:
            _ADDRESS.validate_python(typed)
    except ValidationError:
        raise ValueError(why) from None
    return typed


def _web_page(typed: str) -> str:
    return web_address(
        typed, "Its web page must be an address, like https://www.example.co.uk/product"
    )


Name = Annotated[str, Field(title="The name of the product", max_length=LONGEST_NAME)]
Lines = Annotated[list[str], Field(max_length=MOST_LINES), AfterValidator(_lines)]


class Drafting(Form):
    """The beginning: a name."""

    name: Name


class Describing(Form):
    name: Name
    summary: str = Field(
        title="A summary in one sentence",
        description="What it does for whom. Lists and search results show it.",
        max_length=LONGEST_LINE,
    )
    description: str = Field(
        title="What it is",
        description="In words that an officer understands who has never seen it. Say what it does "
        "not do as well.",
        max_length=5000,
        json_schema_extra={"rows": 12},
    )


class Featuring(Form):
    features: Lines = Field(
        title="What it does",
        description="One feature a line, for example: missed collections reported by phone.",
        json_schema_extra={"rows": 8},
    )
    integrations: Lines = Field(
        [],
        title="What it works with",
        description="One system, standard or service a line, for example: GOV.UK Notify.",
    )
    areas: list[Area] = Field(
        title="The areas of work it is for",
        description=f"Up to {MOST_AREAS}.",
        max_length=MOST_AREAS,
    )
    cpv: Annotated[list[str], AfterValidator(existing)] = Field(
        [],
        title="The CPV codes",
        description="Common Procurement Vocabulary codes say to the market what is bought. "
        "Tick those that fit, from the broad to the narrow.",
        max_length=MOST_CODES,
    )


class Providing(Form):
    deployment: Deployment = Field(title="How it is provided")
    price_model: PriceModel = Field(title="How it is priced")
    band: Band | None = Field(
        None,
        title="The price for one authority",
        description="What a typical authority pays, VAT excluded. Leave it if it is free.",
        validate_default=True,
    )
    site: Annotated[str, AfterValidator(_web_page)] = Field(
        "",
        title="Its web page",
        description="For example, https://www.example.co.uk/product",
        max_length=LONGEST_LINE,
        json_schema_extra={"control": "url"},
    )

    @field_validator("band")
    @classmethod
    def _priced(cls, band: Band | None, info: ValidationInfo) -> Band | None:
        if band is None and info.data.get("price_model") not in (None, PriceModel.FREE):
            raise ValueError("Select the price for one authority")
        return band


def _sub_processors(typed: list[str]) -> list[str]:
    """Each line a name, a country and a purpose."""
    for line in _lines(typed):
        parts = [part.strip() for part in line.split(",", 2)]
        if len(parts) < 3 or not all(parts):
            raise ValueError(
                f"Give a name, a country and a purpose, with commas between them: “{line}”"
            )
    return _lines(typed)


def _applies(*attributes: Attribute, title: str) -> Any:
    """A question with a tick for each attribute that it is about."""
    choices: Any = [[one.value, one.label] for one in attributes]
    return Field([], title=title, json_schema_extra={"choices": choices})


def _one_of(*attributes: Attribute) -> Any:
    """Ticks that are among these."""

    def check(ticked: list[Attribute]) -> list[Attribute]:
        if not set(ticked) <= set(attributes):
            raise ValueError("Select answers from the list")
        return ticked

    return AfterValidator(check)


class Applying(Form):
    """What is true of a product, by what it is about; together its attributes."""

    about_people: Annotated[list[Attribute], _one_of(*PEOPLE)] = _applies(
        *PEOPLE, title="Who uses it, and for what. The product …"
    )
    about_data: Annotated[list[Attribute], _one_of(*DATA)] = _applies(
        *DATA, title="What it holds. The product …"
    )
    about_technology: Annotated[list[Attribute], _one_of(*TECHNOLOGY)] = _applies(
        *TECHNOLOGY, title="How it is made. The product …"
    )
    about_places: Annotated[list[Attribute], _one_of(*PLACES)] = _applies(
        *PLACES, title="Where it is used. The product …"
    )


class Serving(Form):
    hosted_in: str = Field(
        "",
        title="Where it is hosted, and where data is kept",
        description="The country and, if you know it, the place. For example, London, in the UK. "
        "Leave it if it runs on the authority's own machines.",
        max_length=LONGEST_LINE,
    )
    support_hours: str = Field(
        "",
        title="When support answers",
        description="For example, Monday to Friday, 8am to 6pm, and a number for emergencies.",
        max_length=LONGEST_LINE,
    )
    service_levels: str = Field(
        "",
        title="The service levels",
        description="How much of the time it is there, how soon a fault is answered and mended, "
        "and what an authority gets back when it is not.",
        max_length=LONGEST_TEXT,
    )


class Securing(Form):
    security: str = Field(
        "",
        title="How it is kept safe",
        description="How people sign in, what is encrypted, how it is tested, how a breach is "
        "told. Certificates go with your claims to standards.",
        max_length=LONGEST_TEXT,
    )
    sub_processors: Annotated[
        list[str], Field(max_length=MOST_LINES), AfterValidator(_sub_processors)
    ] = Field(
        [],
        title="Sub-processors of personal data",
        description="One a line, with its name, country and purpose. For example: Brightmail Ltd, "
        "Ireland, sends e-mail.",
    )


class Leaving(Form):
    data_export: str = Field(
        "",
        title="How an authority takes its data along",
        description="In which formats, how long it takes, and whether it costs anything.",
        max_length=LONGEST_TEXT,
    )
    leaving: str = Field(
        "",
        title="What happens at the end of a contract",
        description="Help with moving, when data is deleted, and what costs extra.",
        max_length=LONGEST_TEXT,
    )
    roadmap: str = Field(
        "",
        title="What is planned",
        description="What you mean to change in the next year. Nobody can hold you to it.",
        max_length=LONGEST_TEXT,
    )


class Claiming(Form):
    users: list[UUID] = Field(
        [],
        title="The authorities that use it",
        description="Tick only those that use it now. Everybody will read this as your claim.",
    )


Drafted = Annotated[BoundForm[Drafting], Depends(reads(Drafting))]
