"""How large the part of each authority in a lot is, which its own criteria count for: as the
volumes that were published are to one another; where not all are stated in one unit, equal parts.
The value of an authority's part is not published, so bidders could not check what is made of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from marketplace.core.labels import Labelled

HUNDREDTH = Decimal("0.01")


class Measure(Labelled):
    VOLUME = "volume", "by the volumes that were published"
    EQUAL = "equal", "in equal parts, because not every authority states a volume in one unit"


def parts(
    parties: Sequence[Mapping[str, Any]], authorities: Collection[str]
) -> tuple[Mapping[str, Fraction], Measure]:
    """The parts of these authorities, which make 1, and what they are measured by."""
    those = [one for one in parties if one["id"] in authorities]
    stated = {one["id"] for one in those} == set(authorities)
    alike = len({one["unit"] for one in those}) == 1
    if stated and alike and all(one["volume"] for one in those):
        whole = sum(one["volume"] for one in those)
        return {str(one["id"]): Fraction(one["volume"], whole) for one in those}, Measure.VOLUME
    return {id: Fraction(1, len(authorities)) for id in authorities}, Measure.EQUAL


@dataclass(frozen=True, slots=True)
class Told:
    """The parts in a lot, as pages show them."""

    lot: str
    by: Measure
    percent: Sequence[tuple[str, Decimal]]  # by the name of the authority


def told(said: Mapping[str, Any]) -> list[Told]:
    """The parts in every lot of what was published, where a criterion is local to an authority."""
    if not any(one.get("local_to") for one in said["criteria"]["criteria"]):
        return []
    parties = said["value"]["parties"]
    names = {str(one["id"]): one["name"] for one in parties}
    lots = [one for one in said["lots"]["lots"] if "ended" not in one]
    pieces = [(one["title"], one["authorities"]) for one in lots]
    found = []
    for title, whose in pieces or [("", names)]:
        each, by = parts(parties, whose)
        percent = [(name, _percent(each[id])) for id, name in whose.items()]
        found.append(Told(title, by, percent))
    return found


def _percent(part: Fraction) -> Decimal:
    exact = Decimal(part.numerator * 100) / part.denominator
    return exact.quantize(HUNDREDTH, ROUND_HALF_UP)
