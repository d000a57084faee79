"""What a person may submit of the content of a tender: a form for each section of a draft, and one
for each thing that a list is made of.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import UploadFile
from pydantic import AfterValidator, BeforeValidator, Field, create_model

from marketplace.core.file_kinds import ACCEPTED
from marketplace.core.forms import Form, WholeNumber
from marketplace.core.labels import Labelled
from marketplace.core.money import MOST, VAT, NotMoney, parse
from marketplace.law.points import MOST_POINTS, PriceFormula, TieRule
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.cpv import codes
from marketplace.reference.specialists import Specialist
from marketplace.tenders.models import LONGEST_TITLE, Criterion, CriterionKind
from marketplace.tenders.weighing import HUNDRED

LONG, LONGER = 2000, 20_000  # characters
LONGEST_MEANING = 300  # characters
MOST_UNITS = 1_000_000_000


RATES: list[Any] = [["20", "20%"], ["5", "5%"], ["0", "0%"]]  # of VAT


def gross(typed: Any) -> Any:
    """An amount as people type it; the sentence of what is wrong comes from money itself."""
    if not isinstance(typed, str):
        return typed
    try:
        return parse(typed, vat=VAT.INCLUDED).amount
    except NotMoney as why:
        raise ValueError(str(why)) from None


class Saying(Form):
    """A form whose answers become columns."""

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class Manner(Labelled):
    """How it goes on after a tender that has ended."""

    TOGETHER = "together", "Together again: the same authorities are asked"
    LOTS = "lots", "Together, with a lot for each authority"
    ALONE = "alone", "A separate tender of your authority, with the shared specification"


class Starting(Form):
    title: str = Field(
        title="What you want to buy",
        description="A short title that suppliers understand, like Housing repairs scheduling.",
        max_length=LONGEST_TITLE,
    )
    challenge_id: UUID | None = Field(
        None, title="The challenge", json_schema_extra={"control": "hidden"}
    )
    copy_id: UUID | None = Field(
        None, title="The tender to copy", json_schema_extra={"control": "hidden"}
    )
    manner: Manner = Field(Manner.ALONE, title="How it goes on")


# ---- The specification


class Scoping(Saying):
    title: str = Field(
        title="What you want to buy",
        description="A short title that suppliers understand.",
        max_length=LONGEST_TITLE,
    )
    summary: str = Field(
        title="A summary",
        description="Two or three sentences. Lists and search show them.",
        max_length=600,
    )
    scope: str = Field(
        title="The scope",
        description="What is bought and what is not, for whom, and what it has to achieve.",
        max_length=LONGER,
        json_schema_extra={"rows": 10},
    )
    area: Area = Field(title="The area of work")
    cpv: Annotated[list[str], AfterValidator(codes)] = Field(
        title="The CPV codes",
        description="The most important first. Type a word or a number and choose.",
        min_length=1,
        max_length=10,
    )


class Requiring(Saying):
    functional: str = Field(
        title="What it has to do",
        description="Say what must be possible, not which product does it: section 56 asks for "
        "needs, performance and functions.",
        max_length=LONGER,
        json_schema_extra={"rows": 10},
    )
    technical: str = Field(
        "",
        title="Technical requirements",
        description="Integrations, hosting, data, support. A brand needs “or equivalent”.",
        max_length=LONGER,
    )
    attributes: list[Attribute] = Field(
        default_factory=list,
        title="What is true of it",
        description="This decides which standards apply. It …",
    )


# ---- Lots and criteria


class Dividing(Saying):
    no_lots_because: str = Field(
        "",
        title="Why there are no lots",
        description="Needed when you have none: section 18 asks you to consider lots, and to give "
        "reasons where they are possible and not used.",
        max_length=LONG,
    )
    most_lots: WholeNumber | None = Field(
        None, title="The most lots that one supplier can win", ge=1, le=100
    )


class Dividend(Form):
    """A lot."""

    title: str = Field(title="What the lot is for", max_length=LONGEST_TITLE)
    description: str = Field("", title="What belongs to it", max_length=LONG)
    authorities: list[UUID] = Field(
        title="The authorities that it serves", min_length=1, max_length=60
    )
    value: Annotated[Decimal, BeforeValidator(gross), Field(gt=0, le=MOST)] | None = Field(
        None,
        title="Its estimated value, VAT included",
        description="The most that could be paid for it, with options and extensions. All lots "
        "together come to the shares of all authorities. Notices say it of each lot.",
    )
    vat_rate: WholeNumber = Field(
        20,
        title="Rate of VAT",
        json_schema_extra={"control": "radios", "choices": RATES},
        ge=0,
        le=100,
    )


def _scale(lines: list[str]) -> list[str]:
    """Scores with their meanings, the lowest first."""
    found: dict[int, str] = {}
    for line in lines:
        number, _, meaning = line.partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) <= 2 and meaning.strip()):
            raise ValueError("Begin each line with a score and a space, like 5 Adequate")
        if int(number) > MOST_POINTS or int(number) in found:
            raise ValueError("Give each score from 0 to 10 once at most")
        found[int(number)] = meaning.strip()[:LONGEST_MEANING]
    if not {0, MOST_POINTS} <= found.keys():
        raise ValueError("Say what 0 and what 10 mean")
    return [f"{number} {found[number]}" for number in sorted(found)]


class Judging(Saying):
    price_model: str = Field(
        title="How suppliers give their price",
        description="For example a yearly fee for each authority, with set-up apart.",
        max_length=LONG,
    )
    day_roles: list[Specialist] = Field(
        default_factory=list,
        title="Roles whose day is priced",
        description="Each is a line of the price table in every bid, and no supplier can ask more "
        "for a day than its own rate card says. Leave all open if you buy no days of work.",
    )
    price_formula: PriceFormula = Field(
        title="How prices become points",
        description="Suppliers see an example of it, worked out.",
    )
    prices_sealed: bool = Field(
        title="Prices stay sealed to the panel until it has agreed on quality",
        json_schema_extra={"control": "yes-no"},
    )
    ties: TieRule = Field(title="What decides when the points of two bids are equal")
    scoring: str = Field(
        title="How answers are scored",
        description="Section 23 asks that suppliers can see how they are assessed.",
        max_length=LONG,
    )
    scale: Annotated[list[str], AfterValidator(_scale)] = Field(
        title="What each score means",
        description="A line for each score from 0 to 10 that the panel can give: the score, a "
        "space, and its meaning. 0 and 10 are among them.",
        min_length=2,
        max_length=MOST_POINTS + 1,
        json_schema_extra={"rows": 6},
    )


class Measuring(Form):
    """A criterion with its question."""

    title: str = Field(title="What is judged", max_length=LONGEST_TITLE)
    kind: CriterionKind = Field(title="The kind of criterion")
    question: str = Field(title="The question to suppliers", max_length=LONG)
    guidance: str = Field("", title="What a good answer shows", max_length=LONG)
    organisation_id: UUID | None = Field(
        None,
        title="The authority that it is local to",
        description="It alone scores the answers, and its weight counts for the part of that "
        "authority alone. Leave it open for a criterion that all share.",
        json_schema_extra={"control": "select"},
    )
    words: WholeNumber | None = Field(None, title="The most words of an answer", ge=50, le=10_000)
    minimum: WholeNumber | None = Field(
        None,
        title="The lowest score that can win",
        description="Out of 10. A bid that scores less on this is not awarded.",
        ge=1,
        le=10,
    )


WEIGHT = "weight_"


def weighing(criteria: Sequence[Criterion]) -> type[Form]:
    """The form that asks for the weights of all criteria at once: they belong together."""
    fields: dict[str, Any] = {
        f"{WEIGHT}{one.id.hex}": (
            Annotated[Decimal, Field(ge=0, le=HUNDRED, max_digits=5, decimal_places=2)],
            Field(
                title=f"The weight of {one.title}",
                json_schema_extra={"prefix": "", "suffix": "%", "width": "5"},
            ),
        )
        for one in criteria
    }
    return create_model("Weighing", __base__=Form, **fields)


class Demanding(Form):
    """Whether the tender asks for one standard."""

    included: bool = Field(
        title="Ask suppliers for it", json_schema_extra={"control": "yes-no"}, default=True
    )
    because: str = Field(
        "",
        title="The reason why not",
        description="Needed when a mandatory standard is left out. It is published.",
        max_length=LONG,
    )


# ---- Terms and dates


class Conditioning(Saying):
    conditions: str = Field(
        title="Conditions of participation",
        description="What a supplier must have or show to be considered at all. Only what the "
        "contract needs, with equivalents accepted: section 22.",
        max_length=LONGER,
    )
    terms: str = Field(
        title="The terms",
        description="The terms and conditions that every authority uses, or where they are.",
        max_length=LONGER,
    )


class Receiving(Saying):
    submission: str = Field(
        title="How bids are submitted",
        description="Here in the marketplace, and what else bidders should know, as in the notice.",
        max_length=LONG,
    )
    contact: str = Field(
        title="Whom to contact",
        description="A role and a team mailbox, not a person.",
        max_length=300,
    )


class Attaching(Form):
    file: UploadFile = Field(
        title="A document",
        description=f"{ACCEPTED}, smaller than 20 MB. It is published with the tender.",
    )
