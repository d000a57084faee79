"""What a person may submit about a claim: the claim, an answer, evidence, what an assessor found,
and that an authority relies on it.
"""

from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, ValidationInfo, field_validator

from marketplace.claims.models import Purpose, Reason, Verdict, Visibility
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.times import in_london, now
from marketplace.standards.models import EvidenceKind

LONG = 2000  # characters
FIX_AT_LEAST, FIX_AT_MOST = timedelta(days=1), timedelta(days=90)
ACCEPTED = "PDF, PNG, JPG, ODT, DOCX, XLSX, CSV or TXT"


class Claiming(Form):
    version: UUID = Field(title="The standard", json_schema_extra={"control": "select"})
    product: UUID | None = Field(None, title="The product", json_schema_extra={"control": "hidden"})
    product_version: str = Field(
        "",
        title="The version of the product",
        description="Leave it empty when every version meets the standard.",
        json_schema_extra={"control": "select"},
        max_length=100,
    )
    scope: str = Field(
        title="What exactly meets it",
        description="Name the parts, the hosting and the services that are within, and say what "
        "is left out.",
        max_length=LONG,
    )


class Answering(Form):
    text: str = Field(
        title="How you meet it",
        description="In plain words, with where the evidence shows it.",
        max_length=LONG,
    )


class Evidencing(Form):
    requirement: UUID | None = Field(
        None,
        title="The point that it shows",
        description="Leave it empty when it shows the whole standard.",
        json_schema_extra={"control": "select"},
    )
    kind: EvidenceKind = Field(title="The kind of evidence")
    number: str = Field("", title="Its number", max_length=100)
    issuer: str = Field(title="Who issued it", max_length=200)
    holder: str = Field(
        title="In whose name it is",
        description="As it stands there: your organisation, unless you say why not.",
        max_length=200,
    )
    holder_because: str = Field(
        "",
        title="Why it counts, if it is in the name of another organisation",
        description="For example that of the hosting provider whose service you use.",
        max_length=500,
    )
    covers: Literal["yes", "no"] = Field(title="Whether it covers what you claim")
    issued_on: date | None = Field(
        None, title="The date of issue", description="For example, 27 3 2026."
    )
    expires_on: date | None = Field(
        None, title="The date it expires", description="For example, 26 3 2027."
    )
    link: str = Field(
        "",
        title="A link to it, if there is no file",
        max_length=500,
        json_schema_extra={"control": "url"},
    )
    seen_on: date | None = Field(None, title="When you looked at the link")
    seen: str = Field(
        "",
        title="What stood there",
        description="Pages change, so say what an assessor should find.",
        max_length=500,
    )
    visibility: Visibility = Field(
        title="Who may see it once LOTI has assessed it",
        description="Until then, only your organisation and LOTI see it.",
    )

    @field_validator("issued_on", "seen_on")
    @classmethod
    def _not_ahead(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day and day > in_london(now()).date():
            what = "date of issue" if info.field_name == "issued_on" else "day you looked at it"
            raise ValueError(f"The {what} must be today or in the past")
        return day

    @field_validator("expires_on")
    @classmethod
    def _in_date(cls, expires_on: date | None, info: ValidationInfo) -> date | None:
        if expires_on is None:
            return None
        issued_on = info.data.get("issued_on")
        if issued_on and expires_on <= issued_on:
            raise ValueError("The date it expires must be after the date of issue")
        if expires_on < in_london(now()).date():
            raise ValueError("It has expired. Give evidence that is in date")
        return expires_on

    @field_validator("link")
    @classmethod
    def _address(cls, link: str) -> str:
        if link and (not link.startswith(("https://", "http://")) or " " in link):
            raise ValueError("The link must be an address, like https://certificates.example/4711")
        return link


class Reusing(Form):
    earlier: UUID = Field(
        title="Evidence that you gave before", json_schema_extra={"control": "select"}
    )
    requirement: UUID | None = Field(None, json_schema_extra={"control": "hidden"})


class Marking(Form):
    verdict: Verdict = Field(title="What you found")
    reason: Reason | None = Field(
        None,
        title="The reason, unless it is met",
        json_schema_extra={"control": "select"},
        validate_default=True,
    )
    feedback: str = Field(
        "",
        title="What the supplier should know",
        description="The supplier reads it with the reason; authorities do after the decision.",
        max_length=LONG,
        validate_default=True,
    )

    @field_validator("reason")
    @classmethod
    def _reasoned(cls, reason: Reason | None, info: ValidationInfo) -> Reason | None:
        verdict = info.data.get("verdict")
        if verdict == Verdict.MET:
            return None
        if verdict and reason is None:
            raise ValueError(f"Select the reason why it is “{verdict.label.lower()}”")
        return reason

    @field_validator("feedback")
    @classmethod
    def _equivalent(cls, feedback: str, info: ValidationInfo) -> str:
        if info.data.get("verdict") == Verdict.EQUIVALENT and not feedback:
            raise ValueError("Say what is equivalent, and why it is as good")
        return feedback


class Returning(Form):
    message: str = Field(title="What the supplier should mend, and why", max_length=LONG)
    fix_by: date = Field(
        title="The last day to mend it",
        description="To the end of that day (UK time). Afterwards nothing can be changed.",
    )

    @field_validator("fix_by")
    @classmethod
    def _ahead(cls, day: date) -> date:
        today = in_london(now()).date()
        if not today + FIX_AT_LEAST <= day <= today + FIX_AT_MOST:
            raise ValueError(
                f"The last day to mend it must be after today and within {FIX_AT_MOST.days} days"
            )
        return day


class Deciding(Form):
    feedback: str = Field(
        "",
        title="What you want to say about the whole",
        description="The supplier and authorities read it with the decision.",
        max_length=LONG,
    )


class Revoking(Form):
    because: str = Field(
        title="The reason why it is revoked",
        description="The supplier and every authority that relies on it read this.",
        max_length=LONG,
    )


class Relying(Form):
    purpose: Purpose = Field(title="What you rely on it for")
    reference: str = Field(
        "",
        title="Which one",
        description="The name or number of the tender or contract.",
        max_length=200,
        validate_default=True,
    )
    condition: str = Field(
        "",
        title="A condition of your own",
        description="What you ask for on top, for example that data stays in the UK.",
        max_length=LONG,
    )
    named: bool = Field(
        False,
        title="The supplier may see that we rely on it, and our condition",
        description="Otherwise it sees only how many authorities do.",
    )

    @field_validator("reference")
    @classmethod
    def _which(cls, reference: str, info: ValidationInfo) -> str:
        purpose = info.data.get("purpose")
        if purpose and purpose != Purpose.GENERAL and not reference:
            raise ValueError(f"Enter which {purpose.value} it is")
        return reference


class Interesting(Form):
    organisation: UUID = Field(title="The supplier", json_schema_extra={"control": "select"})
    what: str = Field(
        title="What your interest is",
        description="For example that you worked there until 2025. LOTI's people can read it.",
        max_length=500,
    )


Claimed = Annotated[BoundForm[Claiming], Depends(reads(Claiming))]
Answered = Annotated[BoundForm[Answering], Depends(reads(Answering))]
Evidenced = Annotated[BoundForm[Evidencing], Depends(reads(Evidencing))]
Marked = Annotated[BoundForm[Marking], Depends(reads(Marking))]
Returned = Annotated[BoundForm[Returning], Depends(reads(Returning))]
Decided = Annotated[BoundForm[Deciding], Depends(reads(Deciding))]
Revoked = Annotated[BoundForm[Revoking], Depends(reads(Revoking))]
Relied = Annotated[BoundForm[Relying], Depends(reads(Relying))]
Declared = Annotated[BoundForm[Interesting], Depends(reads(Interesting))]
