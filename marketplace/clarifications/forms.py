"""What a person may submit about a question on a tender."""

from uuid import UUID

from pydantic import Field

from marketplace.core.forms import Form

LONG = 4000  # characters


class Asking(Form):
    asked: str = Field(
        title="Your question",
        description="It is published to everybody with the answer. Do not say who you are, in "
        "the text either.",
        max_length=LONG,
    )
    lot_id: UUID | None = Field(
        None, title="The lot it is about", json_schema_extra={"control": "select"}
    )


class Answering(Form):
    wording: str = Field(
        title="The question as it is published",
        description="Take out what would give away who asked. Leave the meaning as it is.",
        max_length=LONG,
    )
    answer: str = Field(title="The answer", max_length=LONG)
    changes_documents: bool = Field(
        False,
        title="The answer changes a document",
        description="Then publish an amendment too.",
    )


class Declining(Form):
    because: str = Field(
        title="The reason why it is not answered",
        description="Only the supplier that asked reads it.",
        max_length=1000,
    )


class Merging(Form):
    into: UUID = Field(
        title="The question that asks the same", json_schema_extra={"control": "select"}
    )
