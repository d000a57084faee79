"""The part of the story in which suppliers declare the most that they charge for a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from pydantic import TypeAdapter, with_config

from marketplace.catalogue import rate_actions as actions
from marketplace.reference.specialists import Specialist
from seed import world
from seed.scene import Scene, Step


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class CardText:
    key: str
    supplier: str
    days_ago: int
    day: Mapping[Specialist, Decimal]  # all that is on the card from then on


def texts() -> tuple[CardText, ...]:
    return world.read("rates.toml", "card", TypeAdapter(CardText))


class Rates(Scene):
    def rates(self) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            yield Step(self.moment(text.days_ago, turn), partial(self._declare, text))

    def _declare(self, text: CardText) -> None:
        said = actions.Declaring(**{actions.field(one): text.day[one] for one in text.day})
        actions.declare(self.writes(text.supplier), self.organisations[text.supplier], said)
