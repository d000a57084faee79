"""What a person may submit about a challenge: one form for each section of a draft, one for each
decision, and one for an authority that has the need too.
"""

import re
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, UploadFile
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from marketplace.challenges.models import LONGEST_TITLE, Level
from marketplace.core.file_kinds import ACCEPTED
from marketplace.core.forms import BoundForm, Form, WholeNumber, reads
from marketplace.core.labels import Labelled
from marketplace.core.times import in_london, now
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.bands import Band
from marketplace.reference.cpv import codes

LONG, LONGER = 2000, 5000  # characters
MOST_CODES = 10
MOST_SYSTEMS, LONGEST_SYSTEM = 20, 100
OPEN_AT_MOST = timedelta(days=2 * 365)
START_AT_MOST = timedelta(days=10 * 365)
MOST = 1_000_000_000
_MAILBOX = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

Title = Annotated[
    str,
    Field(
        title="A title for the challenge",
        description="Say what goes wrong or what you want to be able to do, not what to buy.",
        max_length=LONGEST_TITLE,
    ),
]


class Part(Labelled):
    """The parts of a draft: the slug in addresses, the label as a task."""

    NEED = "need", "Describe the need"
    OUTCOMES = "outcomes", "Say who is affected and what should change"
    TODAY = "today", "Say what exists today"
    HANDLES = "handles", "Say what it must handle"
    AREA = "area", "Choose the area of work and CPV codes"
    BUDGET = "budget", "Give an indicative budget"
    DATES = "dates", "Set the dates"
    CONTACT = "contact", "Say who to contact"
    DOCUMENTS = "documents", "Add documents"


class Drafting(Form):
    """The beginning: a title, and the published notice it starts from, if it does."""

    title: Title
    notice_id: UUID | None = Field(
        None, title="The notice", json_schema_extra={"control": "hidden"}
    )


# ---- The sections of a draft


class Describing(Form):
    title: Title
    need: str = Field(
        title="What the problem is",
        description="Describe what you need to solve, in words that a newcomer understands. "
        "Leave the solution to suppliers.",
        max_length=LONGER,
        json_schema_extra={"rows": 12},
    )


class Aiming(Form):
    affected: str = Field(
        title="Who is affected",
        description="Residents, staff or partners, and roughly how many.",
        max_length=LONG,
    )
    outcomes: str = Field(
        title="What should be different afterwards",
        description="The outcomes you will judge success by.",
        max_length=LONG,
    )


class Situating(Form):
    today: str = Field(
        title="What exists today",
        description="Systems, contracts and ways of working that this would replace or work with.",
        max_length=LONG,
    )
    constraints: str = Field(
        "",
        title="Constraints",
        description="What a solution has to fit: law, integrations, data, accessibility, people.",
        max_length=LONG,
    )


def _systems(typed: list[str]) -> list[str]:
    if any(len(name) > LONGEST_SYSTEM for name in typed):
        raise ValueError(f"Each system must be {LONGEST_SYSTEM} characters or fewer")
    return list(dict.fromkeys(typed))


class Handling(Form):
    """What decides which standards apply, and what a solution has to fit beside."""

    attributes: list[Attribute] = Field(
        [],
        title="What is true of what you need",
        description="It decides which standards products are held to. Tick what you know.",
    )
    standards: list[str] = Field(
        [],
        title="Standards that you ask for as well",
        description="Beside those that follow from what you ticked above.",
    )
    systems: Annotated[list[str], Field(max_length=MOST_SYSTEMS), AfterValidator(_systems)] = Field(
        [],
        title="Systems that it has to work with",
        description="What you run already, one a line, for example: GOV.UK Notify.",
    )


class Classifying(Form):
    area: Area = Field(title="The area of work")
    cpv: Annotated[list[str], AfterValidator(codes)] = Field(
        title="The CPV codes",
        description="Common Procurement Vocabulary codes say to the market what is bought. "
        "Tick those that fit, from the broad to the narrow.",
        min_length=1,
        max_length=MOST_CODES,
    )


class Budgeting(Form):
    band: Band = Field(
        title="The indicative budget",
        description="For your authority alone, VAT excluded. It is published and binds nobody.",
    )


class Scheduling(Form):
    closes_on: date = Field(
        title="The last day to join",
        description="The challenge closes at the end of this day, UK time. For example, 27 3 2027.",
    )
    starts_on: date | None = Field(
        None,
        title="The earliest day it should be in use",
        description="For example, 1 10 2027.",
    )

    @field_validator("closes_on")
    @classmethod
    def _ahead(cls, closes_on: date) -> date:
        today = in_london(now()).date()
        if closes_on <= today:
            raise ValueError("The last day to join must be in the future")
        if closes_on > today + OPEN_AT_MOST:
            raise ValueError("The last day to join must be within the next 2 years")
        return closes_on

    @field_validator("starts_on")
    @classmethod
    def _after_closing(cls, starts_on: date | None, info: ValidationInfo) -> date | None:
        if starts_on is None:
            return None
        closes_on = info.data.get("closes_on")
        if closes_on and starts_on <= closes_on:
            raise ValueError(
                "The earliest day it should be in use must be after the last day to join"
            )
        if starts_on > in_london(now()).date() + START_AT_MOST:
            raise ValueError(
                "The earliest day it should be in use must be within the next 10 years"
            )
        return starts_on


class Introducing(Form):
    contact_role: str = Field(
        title="The role to contact",
        description="A role, not a person, for example Head of Waste Services.",
        max_length=100,
    )
    contact_email: str = Field(
        "",
        title="A team mailbox",
        description="It is published with the challenge, so give one that colleagues read.",
        max_length=200,
        json_schema_extra={"control": "email"},
    )

    @field_validator("contact_email")
    @classmethod
    def _mailbox(cls, typed: str) -> str:
        if typed and not _MAILBOX.fullmatch(typed):
            raise ValueError("A team mailbox must be an email address, like digital@camden.gov.uk")
        return typed


class Attaching(Form):
    file: UploadFile = Field(
        title="A document",
        description=f"{ACCEPTED}, smaller than 20 MB. It is published with the challenge.",
    )


# ---- Decisions


class Returning(Form):
    message: str = Field(
        title="What should be changed, and why",
        description="The authors read this beside the part that it is about.",
        max_length=LONG,
    )
    about: Part | None = Field(None, title="The part it is about")


class Closing(Form):
    """Nothing to say: the challenge takes no more commitments."""


class Ending(Form):
    """What came of a challenge. Every kind of ending asks for it in its own words."""

    outcome: str


class Taking(Ending):
    outcome: str = Field(
        title="The reference of the tender",
        description="As it is published, for example the notice number on Find a Tender.",
        max_length=200,
    )


class Piloting(Ending):
    outcome: str = Field(title="What is being tried, where and until when", max_length=LONG)


class Sharing(Ending):
    outcome: str = Field(
        title="What was learnt",
        description="Others will read this before they start: what worked and what did not.",
        max_length=LONGER,
    )


class Dropping(Ending):
    outcome: str = Field(title="The reason why it is dropped", max_length=LONG)


class Withdrawing(Ending):
    outcome: str = Field(
        title="The reason why it is withdrawn",
        description="It stands in the banner on the challenge's page.",
        max_length=LONG,
    )


# ---- "We have this need too"


class Committing(Form):
    level: Level = Field(title="How far you go along")
    volume: WholeNumber | None = Field(
        None, title="How many", description="The size of your need, like 24,000.", ge=1, le=MOST
    )
    unit: str = Field(
        "",
        title="What you count",
        description="In your own words, like homes or permits a year.",
        max_length=60,
        validate_default=True,
    )
    band: Band | None = Field(
        None,
        title="Your budget",
        description="VAT excluded.",
        json_schema_extra={"control": "select"},
    )
    earliest_start: date | None = Field(
        None, title="The earliest day you could start", description="For example, 1 4 2027."
    )
    contract_ends: date | None = Field(
        None, title="The day your present contract ends", description="For example, 31 3 2027."
    )
    note: str = Field(
        "",
        title="A note",
        description="For example options to extend, or what you would need to join.",
        max_length=1000,
    )

    @field_validator("unit")
    @classmethod
    def _counted(cls, unit: str, info: ValidationInfo) -> str:
        if info.data.get("volume") is not None and not unit:
            raise ValueError("Enter what you count, like homes or permits a year")
        return unit


Drafted = Annotated[BoundForm[Drafting], Depends(reads(Drafting))]
Returned = Annotated[BoundForm[Returning], Depends(reads(Returning))]
Committed = Annotated[BoundForm[Committing], Depends(reads(Committing))]
