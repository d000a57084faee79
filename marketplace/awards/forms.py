"""What a person may submit about an award."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, create_model, field_validator

from marketplace.core.forms import Form
from marketplace.core.times import in_london, now
from marketplace.law.awarding import Disregarded, Unawarded
from marketplace.tenders.deciding_forms import Citing

LONG = 2000  # characters
GROUNDS: list[Any] = [[one.value, one.label] for one in Disregarded]
OWN, WINNERS = "reason_", "winner_"  # begin the names of the fields of a summary


class Recommending(Form):
    bid_id: UUID = Field(title="The bid that wins", json_schema_extra={"control": "radios"})
    passed_over: Disregarded | None = Field(
        None,
        title="Why a bid that is ranked before it does not win",
        description="Only where you choose another one than the first.",
        json_schema_extra={
            "control": "select",
            "choices": GROUNDS,
        },
    )
    because: str = Field(
        "",
        title="The reason, in words",
        description="Needed where you choose another one than the first.",
        max_length=LONG,
    )


class Agreeing(Form):
    """Which content was read: its fingerprint."""

    digest: str = Field(max_length=64)


class Parting(Form):
    because: str = Field(
        title="The reason",
        description="The other authorities read it, and it stays in the record.",
        max_length=LONG,
    )


class Publishing(Citing):
    """That the award notice is out, which begins the standstill."""

    offered: bool = Field(
        False,
        title="The notice states a standstill, although the Act asks for none",
        description="It is then at least eight working days, and it binds.",
    )


class SettingAside(Form):
    because: str = Field(title="The reason", max_length=LONG)
    withdrew: bool = Field(
        title="Did the supplier withdraw its bid?",
        description="Then it cannot be awarded to it again.",
        json_schema_extra={"control": "yes-no"},
    )


class Ending(Form):
    unawarded: Unawarded = Field(title="Why nothing is awarded")
    because: str = Field(
        title="The reason, in words", description="Everybody reads it.", max_length=LONG
    )


class Proceeding(Form):
    reference: str = Field(
        title="The court's reference", description="Like HT-2026-000123.", max_length=60
    )
    what: str = Field(title="What they are about", max_length=LONG)
    told_on: date = Field(
        title="The day on which you were told that they are begun",
        description="Within the standstill it stops the signature: section 101.",
    )

    @field_validator("told_on")
    @classmethod
    def _past(cls, told_on: date) -> date:
        if told_on > in_london(now()).date():
            raise ValueError("The day on which you were told must be today or in the past")
        return told_on


class Resolving(Form):
    outcome: str = Field(
        title="Why the signature may go on",
        description="The court's order, or how the proceedings ended, with its date.",
        max_length=LONG,
    )


def wording(content: Mapping[str, Any]) -> type[Form]:
    """The form in which a summary is worded: every reason in it, and why the bid did not win."""
    fields: dict[str, Any] = {}
    for prefix, criteria in _reasons(content):
        for one in criteria:
            whose = "The winner: " if prefix == WINNERS else ""
            fields[f"{prefix}{UUID(one['id']).hex}"] = (
                str,
                Field(title=f"{whose}{one['title']}", max_length=LONG),
            )
    if not content["wins"]:
        fields["why"] = (
            str,
            Field(
                title="Why the bid did not win",
                description="By reference to its content and the criteria: regulation 31.",
                max_length=LONG,
            ),
        )
    return create_model("Wording", __base__=Form, **fields)


def _reasons(content: Mapping[str, Any]) -> Sequence[tuple[str, Sequence[Mapping[str, Any]]]]:
    winner = content["winner"]["criteria"] if content["winner"] else ()
    return (
        (OWN, [one for one in content["criteria"] if one["reason"]]),
        (WINNERS, [one for one in winner if one["reason"]]),
    )


def worded(content: Mapping[str, Any]) -> dict[str, str]:
    """What the reasons of a summary are, by the names of the fields."""
    known = {
        f"{prefix}{UUID(one['id']).hex}": one["reason"]
        for prefix, criteria in _reasons(content)
        for one in criteria
    }
    return known | {"why": content["why"]}


def reworded(content: Mapping[str, Any], said: Form) -> dict[str, Any]:
    """The content with the reasons as they were worded."""
    given = said.model_dump()

    def anew(prefix: str, criteria: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**one, "reason": given.get(f"{prefix}{UUID(one['id']).hex}", one["reason"])}
            for one in criteria
        ]

    made = {**content, "criteria": anew(OWN, content["criteria"])}
    made["why"] = given.get("why", content["why"])
    if winner := content["winner"]:
        made["winner"] = {**winner, "criteria": anew(WINNERS, winner["criteria"])}
    return made
