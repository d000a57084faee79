"""What people submit about the searches they save."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from marketplace.core.forms import BoundForm, Form, reads
from marketplace.notifications.models import Rhythm

LONGEST = 80  # characters of a name


class Naming(Form):
    name: str = Field(
        title="Name of the search",
        description="You will read it in alerts. For example, waste in north London.",
        max_length=LONGEST,
    )
    rhythm: Rhythm = Field(
        title="Mail about what it finds",
        description="Whatever you choose, what it finds stands under Notifications, too.",
    )


class Saving(Naming):
    replaces: UUID | None = Field(
        None,
        title="Save it as",
        description="A search that you have saved before can be replaced by this one.",
    )


Named = Annotated[BoundForm[Naming], Depends(reads(Naming))]
Saved = Annotated[BoundForm[Saving], Depends(reads(Saving))]
