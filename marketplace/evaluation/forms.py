"""What a panel may submit, and what a bidder answers."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, create_model

from marketplace.core.forms import Form, WholeNumber
from marketplace.evaluation.finding_models import About, Ground
from marketplace.evaluation.models import DISCUSS_FROM, Interest, SeatRole
from marketplace.onboarding.forms import Mailbox

LONG, LONGER = 2000, 6000  # characters
MOST_SEATS = 5  # offered at once
MOST_PRESENT = 60


def _known(choices: Sequence[str], why: str) -> Callable[[Any], Any]:
    def check(given: Any) -> Any:
        for one in given if isinstance(given, list) else [given]:
            if one not in choices:
                raise ValueError(why)
        return given

    return check


def _lower(address: str) -> str:
    return address.lower()


# ---- The panel


class Offering(Form):
    """Seats for one organisation."""

    organisation_id: UUID = Field(title="Whose seats they are")
    role: SeatRole = Field(
        title="The role",
        description="Evaluators score. The chair leads the panel to agreed scores and does not "
        "score. A procurement officer sees who the bidders are, checks what they declared, writes "
        "to them, and does not score.",
    )
    number: WholeNumber = Field(
        1, title="How many seats", ge=1, le=MOST_SEATS, json_schema_extra={"width": "2"}
    )


class Naming(Form):
    person_id: UUID = Field(title="Who sits for you")


class InvitingExpert(Form):
    email: Annotated[Mailbox, AfterValidator(_lower)] = Field(
        title="Their e-mail address",
        description="They sign in with it, see this tender alone, and no longer once the "
        "evaluation is final.",
        max_length=254,
        json_schema_extra={"control": "email", "autocomplete": "off"},
    )
    expertise: str = Field(title="Why you ask them", max_length=LONG)


class Ending(Form):
    because: str = Field(
        title="The reason",
        description="It stays in the record. Only whoever is named next is told.",
        max_length=LONG,
    )


class Declaring(Form):
    """Sections 81 to 83 of the Procurement Act 2023."""

    interest: Interest = Field(title="Your interests")
    details: str = Field(
        "",
        title="What it is",
        description="Needed when there is one: for example shares, a former employer, a relative, "
        "or a gift. Your authority, and family, count too.",
        max_length=LONG,
    )
    steps: str = Field(
        "",
        title="What you have done about it, or will do",
        max_length=LONG,
    )
    understood: bool = Field(
        False,
        title="I declare it again as soon as anything changes, and keep what I read to myself",
    )

    def missing(self) -> dict[str, str]:
        found = {}
        if self.interest is not Interest.NONE and not self.details:
            found["details"] = "Say what the interest is"
        if not self.understood:
            found["understood"] = "Confirm that you declare changes, and keep what you read"
        return found


class Deciding(Form):
    mitigation: str = Field(
        title="The steps that make it fair, or why they stand aside",
        description="Section 82 asks for steps so that no supplier gains or loses by it. It stays "
        "in the record.",
        max_length=LONG,
    )


class Beginning(Form):
    discuss_from: WholeNumber = Field(
        DISCUSS_FROM,
        title="How far apart scores are before they are discussed",
        description="Points between the highest and the lowest score for a bid.",
        ge=1,
        le=10,
    )


# ---- Scores


def scoring(scale: Sequence[str]) -> type[Form]:
    """One score of one bid for one question."""
    choices = [line.split(" ", 1) for line in scale]
    known = _known([number for number, _ in choices], "Select a score of this tender")
    points = Field(
        title="Your score",
        json_schema_extra={
            "control": "radios",
            "choices": [[number, f"{number}: {meaning}"] for number, meaning in choices],
        },
    )
    comment = Field(
        title="Why",
        description="By what the answer says, so that the bidder could read it.",
        max_length=LONGER,
        json_schema_extra={"rows": 8},
    )
    pages = Field("", title="Where in the bid", description="For example pages 3 to 5 of file 2.")
    return create_model(
        "Scoring",
        __base__=Form,
        points=(Annotated[str, AfterValidator(known)], points),
        comment=(str, comment),
        pages=(Annotated[str, Field(max_length=200)], pages),
    )


def agreeing(scale: Sequence[str], present: Sequence[tuple[str, str]]) -> type[Form]:
    """The score that the panel agreed on."""
    about: Any = scoring(scale).model_fields
    settings = about["points"].json_schema_extra
    points = Field(title="The agreed score", json_schema_extra=settings)
    check = _known([line.split(" ", 1)[0] for line in scale], "Select a score of this tender")
    reason = Field(
        title="The reason of the panel",
        description="It goes into the assessment summary of this bidder, by what the answer says.",
        max_length=LONGER,
        json_schema_extra={"rows": 8},
    )
    return create_model(
        "Agreeing",
        __base__=Form,
        points=(Annotated[str, AfterValidator(check)], points),
        reason=(str, reason),
        **_present(present),
    )


def agreeing_at_once(present: Sequence[tuple[str, str]]) -> type[Form]:
    """The scores on which everybody was of one mind."""
    return create_model("AgreeingAtOnce", __base__=Form, **_present(present))


def _present(present: Sequence[tuple[str, str]]) -> Any:
    known = _known([id for id, _ in present], "Choose among those who sit")
    about = Field(
        title="Who was present",
        min_length=1,
        max_length=MOST_PRESENT,
        json_schema_extra={"control": "checkboxes", "choices": [list(one) for one in present]},
    )
    return {"present": (Annotated[list[str], AfterValidator(known)], about)}


class Opining(Form):
    assents: bool = Field(
        title="Do you assent to the agreed score?", json_schema_extra={"control": "yes-no"}
    )
    words: str = Field(
        "", title="Your words", description="Needed when you do not.", max_length=LONG
    )

    read: str = Field("", max_length=64)  # the fingerprint of what was agreed

    def missing(self) -> dict[str, str]:
        return {} if self.assents or self.words else {"words": "Say why you do not assent"}


class Closing(Form):
    because: str = Field(
        title="Why it goes on without them",
        description="It stays in the record.",
        max_length=LONG,
    )


# ---- Bids


class Judging(Form):
    met: bool = Field(title="Does the bid meet it?", json_schema_extra={"control": "yes-no"})
    because: str = Field(
        title="The reason",
        description="What shows it, or what is equivalent: section 56.",
        max_length=LONG,
    )


class Asking(Form):
    about: About = Field(title="What you ask about")
    question: str = Field(
        title="Your question",
        description="Ask what the bid means. A bid cannot be bettered by its answer.",
        max_length=LONGER,
    )
    answer_by: date = Field(title="The last day to answer")


class Answering(Form):
    answer: str = Field(
        title="Your answer",
        description="The panel reads it as the answer of a number. Do not say who you are.",
        max_length=LONGER * 2,
    )


class Disregarding(Form):
    ground: Ground = Field(title="Why it is not considered")
    because: str = Field(
        title="The reason", description="The bidder is told it at the end.", max_length=LONG
    )


class Reconsidering(Form):
    because: str = Field(
        title="Why it is considered again",
        description="The panel reads it, and it stays in the record.",
        max_length=LONG,
    )


class Finalising(Form):
    read: str = Field("", max_length=64)  # the fingerprint of the ranking
    note: str = Field(
        "",
        title="A note for the record",
        description="Needed when somebody who scored stands aside now: why the scores still hold.",
        max_length=LONG,
    )
