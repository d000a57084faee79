"""What a bidder may submit. Some forms depend on what the tender asks, so they are made for it."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import UploadFile
from pydantic import AfterValidator, Field, create_model, field_validator

from marketplace.bids.asking import Asked, Lot, Question, Wanted
from marketplace.bids.models import Bid
from marketplace.core import money
from marketplace.core.file_kinds import ACCEPTED
from marketplace.core.forms import Form
from marketplace.law import exclusion
from marketplace.onboarding.forms import Mailbox

LONG, LONGER = 2000, 20_000  # characters
MOST_MEMBERS = 20
MOST_LINES, BLANK_LINES = 50, 3
ELSE = "other"  # no assessed claim of ours shows it
VAT_RATES = {"20": "Standard rate, 20%", "5": "Reduced rate, 5%", "0": "Zero rate or exempt, 0%"}
_QUANTITY = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,9}(?:\.[0-9]{1,2})?")
_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2})?")

Choices = Sequence[tuple[str, str]]


def words(text: str) -> int:
    """As word processors count them: what stands between spaces."""
    return len(text.split())


class Contacting(Form):
    contact_name: str = Field(
        title="Whom the authorities can write to", max_length=120, description="A name or a role."
    )
    contact_email: Mailbox = Field(
        title="Their e-mail address", max_length=254, json_schema_extra={"control": "email"}
    )


class Joining(Form):
    members: list[Annotated[str, Field(max_length=120)]] = Field(
        [],
        title="The other members of the consortium",
        description="Each on a line of its own: find those that are registered here below, or type "
        "the name. Leave it empty if you bid alone.",
        max_length=MOST_MEMBERS,
    )
    brings: str = Field(
        "",
        title="What each of them does, and how it meets the standards and the conditions",
        description="Needed when there are members.",
        max_length=LONG * 4,
    )

    @field_validator("members")
    @classmethod
    def _each_once(cls, names: list[str]) -> list[str]:
        if len({name.casefold() for name in names}) < len(names):
            raise ValueError("Name each member once")
        return names

    def missing(self) -> dict[str, str]:
        if self.members and not self.brings:
            return {"brings": "Say what each member does, and how it meets what is asked for"}
        return {}


def _one_of(known: Sequence[str], why: str) -> Callable[[Any], Any]:
    def check(given: Any) -> Any:
        for one in given if isinstance(given, list) else [given]:
            if one not in known:
                raise ValueError(why)
        return given

    return check


def choosing_lots(lots: Sequence[Lot], ended: Sequence[Lot], most: int | None) -> type[Form]:
    known, over = [one.id for one in lots], {one.id for one in ended}
    choosable = _one_of(known, "Choose lots of this tender")

    def still_there(ids: list[str]) -> list[str]:
        left: list[str] = choosable([id for id in ids if id not in over])
        if not left:
            raise ValueError("Every lot that you chose has ended. Choose another one")
        return left

    allowed = AfterValidator(still_there)
    limit = f" You can win at most {most}." if most else ""
    about = Field(
        title="The lots that you bid for",
        description=f"You can bid for all of them.{limit}",
        min_length=1,
        json_schema_extra={
            "control": "checkboxes",
            "choices": [[one.id, f"Lot {n}: {one.title}"] for n, one in enumerate(lots, 1)],
        },
    )
    return create_model("ChoosingLots", __base__=Form, lots=(Annotated[list[str], allowed], about))


def answering(question: Question) -> type[Form]:
    """The answer to one question; one that is too long says so, and by how much."""

    def short_enough(text: str) -> str:
        if question.words and (given := words(text)) > question.words:
            raise ValueError(
                f"Your answer has {given:,} words. Cut it to {question.words:,} or fewer"
            )
        return text

    about = Field(
        title="Your answer",
        description=f"At most {question.words:,} words." if question.words else "",
        max_length=LONGER,
        json_schema_extra={"rows": 16, **({"words": question.words} if question.words else {})},
    )
    kept: Any = (Annotated[str, AfterValidator(short_enough)], about)
    fields: dict[str, Any] = {question.field: kept}
    return create_model("Answering", __base__=Form, **fields)


# ---- The price


def _price(typed: str) -> str:
    try:
        money.parse(typed)
    except money.NotMoney as why:
        raise ValueError(str(why).removesuffix(".")) from None
    return typed


def _quantity(typed: str) -> str:
    if not _QUANTITY.fullmatch(typed) or not decimal(typed):
        raise ValueError("Enter a number above 0, such as 12 or 1,200")
    return typed


def decimal(typed: str) -> Decimal:
    """What was typed as a number; nothing as long as it is none that can be right."""
    plain = typed.replace(",", "").replace("£", "").replace(" ", "")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else Decimal(0)


def line(number: int, part: str) -> str:
    """The name of a field of the price table."""
    return f"line{number}_{part}"


def pricing(asked: Asked, lines: int) -> type[Form]:
    """A table with that many lines, and the rate of VAT on all of it."""
    fields: dict[str, Any] = {}
    for number in range(1, lines + 1):
        about: dict[str, Any] = {
            "item": (str, "What it is", 250, None),
            "quantity": (str, "How many", 15, _quantity),
            "price": (str, "Price of one, without VAT", 20, _price),
        }
        if asked.lots:
            known = ["", *(one.id for one in (*asked.lots, *asked.ended))]
            about["lot"] = (str, "Lot", 40, _one_of(known, "Choose a lot of this tender"))
        if asked.day_roles:
            roles = ["", *asked.day_roles]
            about["role"] = (str, "A day of", 40, _one_of(roles, "Choose a role of this tender"))
        for part, (kind, title, longest, check) in about.items():
            checked = Annotated[kind, AfterValidator(check)] if check else kind
            label = f"{title}, line {number}"
            fields[line(number, part)] = (checked, Field("", title=label, max_length=longest))
    rate = Field(
        title="The rate of VAT on these prices",
        json_schema_extra={
            "control": "radios",
            "choices": [list(one) for one in VAT_RATES.items()],
        },
    )
    known_rate = AfterValidator(_one_of(list(VAT_RATES), "Select the rate of VAT on these prices"))
    fields["vat_rate"] = (Annotated[str, known_rate], rate)
    return create_model("Pricing", __base__=Form, **fields)


# ---- Standards


def complying(
    standards: Sequence[Wanted], claims: Callable[[Wanted], Choices], said: Mapping[str, Any]
) -> type[Form]:
    """For each standard the assessed claim that shows it is met or, where there is none, how. What
    is only recommended can be left open, and so can the choice where it was said how: the claim
    may have been assessed since.
    """
    fields: dict[str, Any] = {}
    for one in standards:
        held = claims(one)
        if held:
            fields[f"meets_{one.key}"] = _shown_by(
                one, held, needed=one.mandatory and not said.get(f"how_{one.key}")
            )
        needed = one.mandatory and not held
        about = Field(
            *([] if needed else [""]),
            title=f"Or how you meet {one.name} otherwise" if held else one.name,
            description="" if held else one.clause,
            max_length=LONG,
            json_schema_extra={"rows": 2},
        )
        fields[f"how_{one.key}"] = (str, about)
    return create_model("Complying", __base__=Form, **fields)


def _shown_by(wanted: Wanted, claims: Choices, *, needed: bool) -> Any:
    choices = [*claims, (ELSE, "We show it another way, or something equivalent")]
    radios: Any = {"control": "radios", "choices": [list(pair) for pair in choices]}
    known = AfterValidator(_one_of([value for value, _ in choices], "Choose one of these"))
    about = Field(
        *([] if needed else [ELSE]),
        title=wanted.name,
        description=wanted.clause,
        json_schema_extra=radios,
    )
    return Annotated[str, known], about


# ---- Declaration


_YES_NO: Any = {"control": "yes-no"}


def _yes_no(reveals: str) -> Any:
    return {**_YES_NO, "reveals": reveals}


class Declaring(Form):
    """Section 28 and Schedules 6 and 7 of the Procurement Act 2023, as declared by the bidder."""

    mandatory: bool = Field(
        title="Does a mandatory exclusion ground apply to you, a member of your consortium, a "
        "connected person, or a subcontractor you rely on?",
        description=f"{exclusion.MANDATORY.cited} of the Procurement Act 2023.",
        json_schema_extra=_yes_no("mandatory_details"),
    )
    mandatory_details: str = Field(
        "",
        title="If yes: which, when, and what you have done since",
        description="Section 58 lets you show that it is not continuing or likely to recur.",
        max_length=LONG * 2,
    )
    discretionary: bool = Field(
        title="Does a discretionary exclusion ground apply to any of them?",
        description=f"{exclusion.DISCRETIONARY.cited} of the Procurement Act 2023.",
        json_schema_extra=_yes_no("discretionary_details"),
    )
    discretionary_details: str = Field(
        "", title="If yes: which of them, when, and what changed", max_length=LONG * 2
    )
    debarred: bool = Field(
        title="Is any of them on the debarment list?",
        description="Section 62 of the Procurement Act 2023.",
        json_schema_extra=_YES_NO,
    )
    share_code: str = Field(
        "",
        title="Your share code on the central digital platform",
        description="With it the authorities read your supplier information there.",
        max_length=40,
    )
    true_and_ours: bool = Field(
        False,
        title="What we say is true, and we have not agreed our bid with another bidder",
    )

    def missing(self) -> dict[str, str]:
        found = {}
        for ground in ("mandatory", "discretionary"):
            if getattr(self, ground) and not getattr(self, f"{ground}_details"):
                found[f"{ground}_details"] = "Say which ground, when, and what you have done since"
        if not self.true_and_ours:
            found["true_and_ours"] = "Confirm that what you say is true"
        return found


# ---- Who goes on to the next stage


def about(part: str, bid: UUID) -> str:
    """The name of a field about one bid."""
    return f"{part}_{bid.hex}"


def choosing(bids: Sequence[Bid]) -> type[Form]:
    """For each bid its score, whether it goes on, and why. What is not decided yet stays empty."""
    scored = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] | None
    fields: dict[str, Any] = {}
    for one in bids:
        name = one.organisation.name
        goes_on = Field(
            None, title=f"Does {name} go on to the next stage?", json_schema_extra=_YES_NO
        )
        because = Field(
            "", title=f"The reason for {name}", max_length=LONG, json_schema_extra={"rows": 3}
        )
        fields[about("score", one.id)] = (
            scored,
            Field(
                None,
                title=f"The score of {name}",
                json_schema_extra={"control": "number", "suffix": "of 100", "width": "5"},
            ),
        )
        fields[about("goes_on", one.id)] = (bool | None, goes_on)
        fields[about("because", one.id)] = (str, because)
    return create_model("Choosing", __base__=Form, **fields)


class Revoking(Form):
    because: str = Field(
        title="Why it does not go on any more",
        description="Like: it is now excluded, and by which ground. The bidder reads it at once. "
        "Nobody else but your authorities does.",
        max_length=LONG,
    )


class Excusing(Form):
    because: str = Field(
        title="Why bids are opened although questions are not answered",
        description="It stands beside the opening and in the history.",
        max_length=LONG,
    )


class Attaching(Form):
    file: UploadFile = Field(
        title="Add a file", description=f"A {ACCEPTED} of up to 20 MB. It is sealed like the rest."
    )
