"""How a product stands with a standard, as one cell of the matrix says it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from marketplace.claims.queries import Standing, best, standings
from marketplace.claims.standing import Word
from marketplace.core.context import Context
from marketplace.core.times import day
from marketplace.standards.models import Obligation

Stands = Mapping[str, Standing]  # by the short name of a standard, how a product stands with it


class State(StrEnum):
    """From best to worst."""

    NONE = "none"  # it does not apply, and nothing is claimed
    MET = "met"
    ENDING = "ending"  # met, and not for much longer
    PARTLY = "partly"
    CLAIMED = "claimed"
    MISSING = "missing"  # it applies, and nothing is claimed
    NOT_MET = "not-met"  # or no longer

    @property
    def met(self) -> bool:
        return self in (State.MET, State.ENDING)


_STATES: Mapping[Word, State] = {
    Word.MET: State.MET,
    Word.EXPIRING: State.ENDING,
    Word.PARTLY: State.PARTLY,
    Word.CLAIMED: State.CLAIMED,
}


class Cell(NamedTuple):
    state: State
    text: str
    obligation: Obligation | None = None
    href: str = ""


_NOTHING_SAID: Mapping[Obligation | None, Cell] = {
    None: Cell(State.NONE, ""),
    **{one: Cell(State.MISSING, "Not claimed", one) for one in Obligation},
}


def claimed(ctx: Context, product_ids: Sequence[UUID]) -> Mapping[UUID, Stands]:
    """By product, how it stands with each standard, as far as this actor may see it."""
    found = standings(ctx, product_ids)
    return {id: best(of_it) for id, of_it in found.items()}


def counted(ctx: Context, key: str, product_ids: Sequence[UUID]) -> Counter[State]:
    """How many of these products stand how with one standard."""
    stands = claimed(ctx, product_ids)
    return Counter(
        _state(stands[id][key]) if key in stands.get(id, {}) else State.MISSING
        for id in product_ids
    )


def cell(stands: Standing | None, binds: Obligation | None) -> Cell:
    if stands is None:
        return _NOTHING_SAID[binds]
    return Cell(_state(stands), _says(stands), binds, f"/claims/{stands.claim_id}")


def _state(stands: Standing) -> State:
    return _STATES.get(stands.word, State.NOT_MET)


def _says(stands: Standing) -> str:
    """Such as "Met to 3 March 2027" or "Met in part, earlier version"."""
    said = "Met" if stands.word is Word.EXPIRING else stands.word.label
    if stands.word.counts and not stands.current:
        said += ", earlier version"
    if stands.until and stands.word.counts:
        said += f" to {day(stands.until)}"
    return said
