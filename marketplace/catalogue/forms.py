"""What a supplier may submit about a product: one form for each section."""

from typing import Annotated
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
from marketplace.reference.bands import Band
from marketplace.reference.cpv import existing

LONGEST_NAME = 120  # characters
LONGEST_LINE = 200
MOST_LINES = 20
MOST_AREAS = 5
MOST_CODES = 10
_ADDRESS = TypeAdapter(HttpUrl)


def _lines(typed: list[str]) -> list[str]:
    if any(len(line) > LONGEST_LINE for line in typed):
        raise ValueError(f"Each line must be {LONGEST_LINE} characters or fewer")
    return list(dict.fromkeys(typed))


def _web_address(typed: str) -> str:
    try:
        if typed:
            _ADDRESS.validate_python(typed)
    except ValidationError:
        raise ValueError(
            "Its web page must be an address, like https://www.example.co.uk/product"
        ) from None
    return typed


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
    site: Annotated[str, AfterValidator(_web_address)] = Field(
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


class Claiming(Form):
    users: list[UUID] = Field(
        [],
        title="The authorities that use it",
        description="Tick only those that use it now. Everybody will read this as your claim.",
    )


Drafted = Annotated[BoundForm[Drafting], Depends(reads(Drafting))]
