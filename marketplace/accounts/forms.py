"""What a person may submit about getting in, and about themselves."""

import re
from typing import Annotated

from fastapi import Depends
from pydantic import Field, field_validator

from marketplace.core.forms import BoundForm, Form, reads

LONGEST_ADDRESS = 254  # characters that an address can have in mail at all
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# As browsers check it, and with a dot in the domain: nothing in it can end a line of a mail.
_ADDRESS = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@(?:{_LABEL}\.)+{_LABEL}")

Hidden = Annotated[str, Field(json_schema_extra={"control": "hidden"})]


class Asking(Form):
    """Where to send a link, and the page to go to afterwards."""

    email: str = Field(
        title="Your e-mail address",
        description="Use your address at work. We send a link that works once.",
        max_length=LONGEST_ADDRESS,
        json_schema_extra={"control": "email", "autocomplete": "email"},
    )
    then: Hidden = ""

    @field_validator("email")
    @classmethod
    def _address(cls, typed: str) -> str:
        if not _ADDRESS.fullmatch(typed.lower()):
            raise ValueError(
                "Your e-mail address must be like name@example.gov.uk, in plain letters"
            )
        return typed.lower()


class Typing(Form):
    code: str = Field(
        title="The six-figure code",
        description="It stands in the e-mail, below the link.",
        max_length=20,
        json_schema_extra={"width": "10", "autocomplete": "one-time-code"},
    )

    @field_validator("code")
    @classmethod
    def _figures(cls, typed: str) -> str:
        figures = re.sub(r"[\s-]", "", typed)
        if not re.fullmatch(r"[0-9]{6}", figures):
            raise ValueError("The six-figure code must be 6 figures, like 012345")
        return figures


class Naming(Form):
    name: str = Field(
        title="Your full name",
        description="Colleagues see it beside what you do, and so does the history.",
        max_length=100,
        json_schema_extra={"autocomplete": "name"},
    )
    then: Hidden = ""

    @field_validator("name")
    @classmethod
    def _readable(cls, typed: str) -> str:
        if not typed.isprintable() or not any(letter.isalpha() for letter in typed):
            raise ValueError("Your full name must have letters in it")
        return typed


Asked = Annotated[BoundForm[Asking], Depends(reads(Asking))]
Typed = Annotated[BoundForm[Typing], Depends(reads(Typing))]
Named = Annotated[BoundForm[Naming], Depends(reads(Naming))]
