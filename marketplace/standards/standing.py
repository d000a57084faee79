"""How a product stands with a standard, as one cell of the matrix says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from marketplace.core.context import Context
from marketplace.standards.models import Obligation

Stands = Mapping[str, Any]  # by the short name of a standard, how a product stands with it


class State(StrEnum):
    """From best to worst."""

    NONE = "none"  # it does not apply, and nothing is claimed
    MET = "met"
    ENDING = "ending"  # met, and not for much longer
    PARTLY = "partly"
    CLAIMED = "claimed"
    MISSING = "missing"  # it applies, and nothing is claimed
    NOT_MET = "not-met"

    @property
    def met(self) -> bool:
        return self in (State.MET, State.ENDING)


@dataclass(frozen=True, slots=True)
class Cell:
    state: State
    text: str
    obligation: Obligation | None = None
    href: str = ""


def claimed(ctx: Context, product_ids: Sequence[UUID]) -> Mapping[UUID, Stands]:
    return {}


def cell(stands: Any, binds: Obligation | None) -> Cell:
    if stands is None:
        return Cell(State.MISSING, "Not claimed", binds) if binds else Cell(State.NONE, "")
    return Cell(State.MET, "Met", binds)
