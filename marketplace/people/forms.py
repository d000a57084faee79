"""What a person may submit about an organisation's people: asking to join, inviting, roles."""

import re
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends
from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, TypeAdapter, ValidationError

from auth.actor import Role
from marketplace.core import money
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.organisations.addresses import Locating
from marketplace.reference.regions import Region

LONGEST = 1000  # characters
LONGEST_ADDRESS = 254
LONGEST_DESCRIPTION = 2000
_MAILBOX = re.compile(r"[^@\s<>,;\"]+@[^@\s.<>,;\"]+(\.[^@\s.<>,;\"]+)+")
_SITE = TypeAdapter(HttpUrl)


def _mailbox(typed: str) -> str:
    if not _MAILBOX.fullmatch(typed):
        raise ValueError("Enter an e-mail address in the right form, like name@example.gov.uk")
    return typed.lower()


def _amount(typed: Any) -> Any:
    return money.parse(typed).amount if isinstance(typed, str) else typed


def _site(typed: str) -> str:
    try:
        if typed:
            _SITE.validate_python(typed)
    except ValidationError:
        raise ValueError("Website must be an address, like https://www.example.gov.uk") from None
    return typed


class Granting(Form):
    """What somebody may do for an organisation."""

    roles: list[Role] = Field(
        [],
        title="What they may do",
        description="Every member can read what the organisation sees. Tick nothing more than "
        "they need.",
    )
    value_limit: Annotated[Decimal, BeforeValidator(_amount), Field(ge=1)] | None = Field(
        None,
        title="The most that an approver may commit to",
        description="In pounds, without VAT. Leave empty for no limit.",
    )


class Inviting(Granting):
    """Asking somebody at an address to act for the organisation."""

    email: Annotated[str, AfterValidator(_mailbox)] = Field(
        title="Their work e-mail address",
        description="The invitation works for this address only.",
        max_length=LONGEST_ADDRESS,
        json_schema_extra={"control": "email", "autocomplete": "off"},
    )


class Asking(Form):
    message: str = Field(
        "",
        title="Message to those who decide",
        description="For example which team you work in, and what you want to do here.",
        max_length=LONGEST,
    )


class Declining(Form):
    because: str = Field(
        title="Why you decline",
        description="The person reads this and may ask again.",
        max_length=LONGEST,
    )


class HandingOver(Form):
    """Who takes over what only one person may do, before that person goes."""

    heir: str = Field("", title="Who takes over", json_schema_extra={"control": "select"})


class Describing(Locating):
    """What an organisation says of itself."""

    description: str = Field(
        "",
        title="What the organisation does",
        description="Everybody can read it.",
        max_length=LONGEST_DESCRIPTION,
    )
    site: Annotated[str, AfterValidator(_site)] = Field(
        "",
        title="Website",
        description="Such as https://www.example.gov.uk",
        max_length=200,
        json_schema_extra={"control": "url"},
    )
    regions: list[Region] = Field([], title="Where it works")


Granted = Annotated[BoundForm[Granting], Depends(reads(Granting))]
Invited = Annotated[BoundForm[Inviting], Depends(reads(Inviting))]
Asked = Annotated[BoundForm[Asking], Depends(reads(Asking))]
Declined = Annotated[BoundForm[Declining], Depends(reads(Declining))]
HandedOver = Annotated[BoundForm[HandingOver], Depends(reads(HandingOver))]
Described = Annotated[BoundForm[Describing], Depends(reads(Describing))]
