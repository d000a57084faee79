"""What an authority's people may submit about a shortlist."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import BeforeValidator, Field, field_validator

from marketplace.core.forms import BoundForm, Form, reads

LONGEST_NAME = 120  # characters
MOST_KEPT = 100  # products on a list
MOST_RESULTS = 30  # that a record can hold


UNKNOWN_PRODUCT = "Select products that are in the catalogue"
UNKNOWN_CHALLENGE = "Select a challenge from the list"


def _id_or(sentence: str) -> BeforeValidator:
    def read(typed: Any) -> UUID:
        try:
            return UUID(str(typed))
        except ValueError:
            raise ValueError(sentence) from None

    return BeforeValidator(read)


ProductIds = list[Annotated[UUID, _id_or(UNKNOWN_PRODUCT)]]


class Naming(Form):
    name: str = Field(
        title="The name of the list",
        description="Colleagues find it by this, for example: Case management, spring 2027.",
        max_length=LONGEST_NAME,
    )
    challenge_id: Annotated[UUID, _id_or(UNKNOWN_CHALLENGE)] | None = Field(
        None, title="The challenge it is for", json_schema_extra={"control": "select"}
    )


class Starting(Naming):
    """The products to begin with stand in a list of ticks."""

    id: ProductIds = Field([], title="Products to keep", max_length=MOST_KEPT)


class Keeping(Form):
    id: ProductIds = Field(title="Products to keep", min_length=1, max_length=MOST_KEPT)


class Noting(Form):
    note: str = Field(
        "",
        title="A note for colleagues",
        description="For example why it is here, or what to ask its supplier.",
        max_length=2000,
    )


class Freezing(Form):
    because: str = Field(
        title="Why these products",
        description="Whoever asks later reads this: how you looked, and what decided.",
        max_length=5000,
    )
    understood: bool = Field(
        False, title="I understand that the search will be locked", validate_default=True
    )

    @field_validator("understood")
    @classmethod
    def _ticked(cls, understood: bool) -> bool:
        if not understood:
            raise ValueError("Tick that you understand that the search will be locked")
        return understood


class Discarding(Form):
    """Nothing to say: an open list is deleted with its notes."""


Started = Annotated[BoundForm[Starting], Depends(reads(Starting))]
Named = Annotated[BoundForm[Naming], Depends(reads(Naming))]
Kept = Annotated[BoundForm[Keeping], Depends(reads(Keeping))]
Noted = Annotated[BoundForm[Noting], Depends(reads(Noting))]
Frozen = Annotated[BoundForm[Freezing], Depends(reads(Freezing))]
