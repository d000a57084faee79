"""What a curator may submit about a standard: one form for each section of a draft, one for each
decision.
"""

import re
from datetime import date
from typing import Annotated

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

from marketplace.core.forms import BoundForm, Form, WholeNumber, reads
from marketplace.standards.models import EvidenceKind, Kind, Obligation

LONG, LONGER = 1000, 3000  # characters
LONGEST_TITLE = 160
MOST_MONTHS = 120
_KEY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_ADDRESS = TypeAdapter(HttpUrl)


def _short_name(typed: str) -> str:
    key = typed.upper().replace(" ", "-")
    if not _KEY.fullmatch(key):
        raise ValueError(
            "The short name must be letters, figures and single hyphens, like WCAG22-AA"
        )
    return key


def _web_address(typed: str) -> str:
    try:
        if typed:
            _ADDRESS.validate_python(typed)
    except ValidationError:
        raise ValueError(
            "Where it is published must be an address, like https://www.example.org/standard"
        ) from None
    return typed


Key = Annotated[
    str,
    Field(
        title="The short name",
        description="For tables and exports, such as WCAG22-AA. It cannot be changed once the "
        "standard is published.",
        max_length=40,
        json_schema_extra={"width": "20"},
    ),
    AfterValidator(_short_name),
]
Title = Annotated[str, Field(title="The name of the standard", max_length=LONGEST_TITLE)]
Issuer = Annotated[
    str, Field(title="Who issues it", description="For example, W3C.", max_length=120)
]
TheKind = Annotated[Kind, Field(title="What kind of standard it is")]


class Drafting(Form):
    """The beginning: what it is called and whose it is."""

    title: Title
    key: Key
    issuer: Issuer
    kind: TheKind


# ---- The sections of a draft


class Renaming(Form):
    """What a later version may change of the name: all but the short name."""

    title: Title
    issuer: Issuer
    kind: TheKind
    link: Annotated[str, AfterValidator(_web_address)] = Field(
        "",
        title="Where it is published",
        description="For example, https://www.w3.org/TR/WCAG22/",
        max_length=300,
        json_schema_extra={"control": "url"},
    )


class Naming(Renaming):
    key: Key


class Dating(Form):
    label: str = Field(
        title="The version, as its issuer calls it",
        description="For example, 2.2, or Living guidance.",
        max_length=60,
        json_schema_extra={"width": "20"},
    )
    summary: str = Field(
        title="What it is for",
        description="One or two sentences for an officer who has never heard of it.",
        max_length=LONG,
    )
    issued_on: date | None = Field(
        None, title="The day it was issued", description="For example, 5 10 2023."
    )
    in_force_on: date | None = Field(
        None,
        title="The day from which it counts",
        description="When products begin to be held to this version. For example, 1 4 2027.",
    )

    @field_validator("in_force_on")
    @classmethod
    def _after_issue(cls, in_force_on: date | None, info: ValidationInfo) -> date | None:
        issued_on = info.data.get("issued_on")
        if in_force_on and issued_on and in_force_on < issued_on:
            raise ValueError(
                "The day from which it counts must be the day it was issued or a later one"
            )
        return in_force_on


class Revising(Dating):
    what_changed: str = Field(
        title="What changed",
        description="Against the version before: what suppliers have to do now, and what not any "
        "more.",
        max_length=LONGER,
    )


class Point(Form):
    """One requirement, as a row among others."""

    title: str = Field(title="what is required", max_length=200)
    code: str = Field("", title="its number", max_length=30)
    guidance: str = Field("", title="guidance", max_length=LONGER)
    essential: bool = False


class Requiring(Form):
    requirements: list[Point] = Field(title="the requirements", min_length=1)


class Ruling(Form):
    """When the standard applies, and how far it binds there, as `applicability.Rule` has it."""

    obligation: Obligation
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    contract_over: str | None = None


class Applying(Form):
    rules: list[Ruling] = Field(title="the rules", min_length=1)


class Evidencing(Form):
    evidence: list[EvidenceKind] = Field(title="What is accepted as evidence", min_length=1)
    evidence_hint: str = Field(
        "",
        title="What exactly has to be shown",
        description="For example: number, holder, scope and date of expiry of the certificate.",
        max_length=LONG,
    )
    expiry_needed: bool = Field(
        False,
        title="Evidence must carry a date of expiry",
        description="Evidence without one is then refused.",
    )
    valid_months: WholeNumber | None = Field(
        None,
        title="Months for which evidence is valid",
        description="Counted from the date of the evidence, not from when it was uploaded. Leave "
        "it empty where evidence does not age.",
        ge=1,
        le=MOST_MONTHS,
        json_schema_extra={"suffix": "months", "width": "4"},
    )
    whole_organisation: bool = Field(
        False,
        title="A supplier may claim it for its whole organisation",
        description="For certificates that cover everything a supplier does.",
    )


class Verifying(Form):
    verify: str = Field(
        title="How an assessor checks it",
        description="Which register to look in, what to open, what to compare.",
        max_length=LONGER,
    )


class Wording(Form):
    clause: str = Field(
        title="The words for a tender",
        description="What an authority can put into its requirements as it stands. Where it names "
        "a standard, a mark or a product, add “or equivalent” (Procurement Act 2023, section 56).",
        max_length=LONGER,
        json_schema_extra={"rows": 8},
    )


# ---- Decisions


class Publishing(Form):
    pass


class Withdrawing(Form):
    because: str = Field(
        title="Why it is withdrawn",
        description="Everybody can read it, and suppliers and authorities that it touches are "
        "told.",
        max_length=LONG,
    )


Drafted = Annotated[BoundForm[Drafting], Depends(reads(Drafting))]
Withdrawn = Annotated[BoundForm[Withdrawing], Depends(reads(Withdrawing))]
