"""What notices ask besides: how the market is engaged, whom the contract suits, and its risks."""

from datetime import date
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from marketplace.core.labels import Labelled
from marketplace.tenders.forms import LONG, Saying


class Suits(Labelled):
    SME = "sme", "Small and medium-sized enterprises"
    VCSE = "vcse", "Voluntary, community and social enterprises"


class Treaty(Labelled):
    GPA = "gpa", "The Agreement on Government Procurement (GPA)"
    CPTPP = "cptpp", "The Trans-Pacific Partnership (CPTPP)"


class Engaging(Saying):
    engagement: str = Field(
        "",
        title="How the market is engaged before the tender notice",
        description="What suppliers are asked, and how. It goes into the preliminary market "
        "engagement notice (UK2): sections 16 and 17.",
        max_length=LONG,
    )
    events: str = Field(
        "",
        title="The events",
        description="The place, the day and the time of each on a line of its own.",
        max_length=LONG,
    )
    engaged_until: date | None = Field(None, title="The last day of the engagement")
    no_engagement_because: str = Field(
        "",
        title="If the market is not engaged: the reason",
        description="Section 17 wants it in the tender notice when no UK2 was published.",
        max_length=LONG,
        validate_default=True,
    )
    suits: list[Suits] = Field(
        default_factory=list,
        title="Whom the contract suits in particular",
        description="If any. The tender notice says so: UK4.",
    )
    risks: str = Field(
        "",
        title="Known risks",
        description="What could happen while the contract runs and change it: Schedule 8. It can "
        "be changed for such a risk only if the tender notice names it.",
        max_length=LONG,
    )
    renewal: str = Field(
        "",
        title="When it is expected to be bought again",
        description="For example once the contract ends, in 2031.",
        max_length=300,
    )
    payment: str = Field(
        "",
        title="Terms of payment besides those of the Act",
        description="Payment within 30 days is implied: section 68.",
        max_length=LONG,
    )
    auction: bool = Field(False, title="There is an electronic auction")
    treaties: list[Treaty] = Field(
        default_factory=list, title="International agreements that cover it"
    )

    @field_validator("engaged_until")
    @classmethod
    def _with_what(cls, on: date | None, info: ValidationInfo) -> date | None:
        if on and not info.data.get("engagement"):
            raise ValueError("Say how the market is engaged, or leave the last day empty")
        return on

    @field_validator("no_engagement_because")
    @classmethod
    def _one_of_both(cls, because: str, info: ValidationInfo) -> str:
        if bool(because) == bool(info.data.get("engagement")):
            raise ValueError("Say either how the market is engaged, or why it is not")
        return because

    def columns(self) -> dict[str, Any]:
        return {"market": self.model_dump(mode="json")}
