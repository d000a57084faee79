"""What a published tender asks of whoever bids: read from what was published, never from the rows
that its authorities may be changing for an amendment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.law import FlexibleStage
from marketplace.law.points import SCALE, PriceFormula, TieRule
from marketplace.reference.specialists import Specialist
from marketplace.standards.models import Obligation
from marketplace.tenders.models import CriterionKind, Publication
from marketplace.tenders.rounds import WHOLE


@dataclass(frozen=True, slots=True)
class Question:
    """A criterion, and what is asked about it."""

    id: str
    number: int
    title: str
    kind: str
    weight: str  # of 100
    text: str
    guidance: str
    words: int | None  # that an answer may have
    minimum: int | None
    local_to: str = ""  # the id of an authority, which alone scores it

    @property
    def priced(self) -> bool:
        """Whether prices answer it, and not words."""
        return self.kind == CriterionKind.PRICE.label

    @property
    def field(self) -> str:
        return f"answer_{UUID(self.id).hex}"

    @property
    def slug(self) -> str:
        return f"question-{self.number}"


@dataclass(frozen=True, slots=True)
class Lot:
    id: str
    title: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A standard that the tender asks for."""

    version_id: str
    name: str
    obligation: str
    clause: str

    @property
    def mandatory(self) -> bool:
        return self.obligation == Obligation.MANDATORY.label

    @property
    def key(self) -> str:
        return UUID(self.version_id).hex


@dataclass(frozen=True, slots=True)
class Asked:
    publication: int  # the number of what was published last
    material: int  # the number of the last that bids could depend on
    changed_at: datetime  # when that was published
    questions: Sequence[Question]
    every_lot: Sequence[Lot]
    most_lots: int | None
    standards: Sequence[Wanted]
    price_model: str
    day_roles: Sequence[Specialist]  # a line of the price table has to be for a day of each
    scoring: str
    scale: Sequence[str]  # what each score means, the lowest first
    price_formula: PriceFormula
    prices_sealed: bool  # to the panel, until it has agreed on quality
    ties: TieRule
    value: Decimal  # the estimate of all authorities, VAT included
    starts_on: date | None
    ends_on: date | None
    stage: str = ""  # the title of the stage that this is asked in, and what it asks in words
    stage_asks: str = ""
    priced: bool = True  # whether it is for tenders, with prices, and not to be let take part

    @property
    def lots(self) -> Sequence[Lot]:
        return [one for one in self.every_lot if not one.ended]

    @property
    def ended(self) -> Sequence[Lot]:
        """Nobody can bid for these any more."""
        return [one for one in self.every_lot if one.ended]

    @property
    def before_ends(self) -> "Asked":
        """What was asked as if no lot had ended since."""
        return replace(self, every_lot=[replace(one, ended=False) for one in self.every_lot])


def asked(publications: Sequence[Publication], round: str = WHOLE) -> Asked:
    """What is asked, in one round where there are several; the newest publication comes first."""
    whole = _whole(publications)
    said = publications[0].content["terms"].get("rounds", ())
    its = next((one for one in said if one["id"] == round), None)
    if its is None:
        return whole
    found = replace(whole, stage=its["title"], stage_asks=its["asks"])
    if its["kind"] != FlexibleStage.PARTICIPATION.label:
        return found
    about: dict[str, Any] = {"kind": "Request to take part", "weight": "", "words": None}
    request = _question(1, {"id": round, "title": its["title"], "question": its["asks"], **about})
    return replace(found, questions=[request], every_lot=(), day_roles=(), priced=False)


def _whole(publications: Sequence[Publication]) -> Asked:
    newest = publications[0]
    counts = next((one for one in publications if one.material or one.number == 1), newest)
    said = newest.content
    criteria, lots, terms = said["criteria"], said["lots"], said["terms"]
    return Asked(
        publication=newest.number,
        material=counts.number,
        changed_at=counts.created_at,
        questions=[_question(*pair) for pair in enumerate(criteria["criteria"], 1)],
        every_lot=[Lot(one["id"], one["title"], "ended" in one) for one in lots["lots"]],
        most_lots=lots.get("most_lots"),
        standards=_mandatory_first(
            Wanted(one["id"], one["name"], one["obligation"], one["clause"])
            for one in said["specification"].get("standards", ())
            if one["included"]
        ),
        price_model=criteria.get("price_model", ""),
        day_roles=[Specialist(one) for one in criteria.get("day_roles", ())],
        scoring=criteria.get("scoring", ""),
        scale=criteria.get("scale") or SCALE,
        price_formula=PriceFormula(criteria.get("price_formula", PriceFormula.LOWEST)),
        prices_sealed=criteria.get("prices_sealed", False),
        ties=TieRule(criteria.get("ties", TieRule.QUALITY)),
        value=Decimal(said["value"].get("total") or 0),
        starts_on=_day(terms.get("starts_on")),
        ends_on=_day(terms.get("ends_on")),
    )


def _question(number: int, said: Mapping[str, Any]) -> Question:
    return Question(
        id=said["id"],
        number=number,
        title=said["title"],
        kind=said["kind"],
        weight=said["weight"],
        text=said.get("question", ""),
        guidance=said.get("guidance", ""),
        words=said.get("words"),
        minimum=said.get("minimum"),
        local_to=(said.get("local_to") or {}).get("id", ""),
    )


def _mandatory_first(standards: Iterable[Wanted]) -> Sequence[Wanted]:
    return sorted(standards, key=lambda one: not one.mandatory)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
