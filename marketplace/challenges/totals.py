"""What the commitments to a challenge add up to, as far as everybody may know it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.challenges.models import Commitment, Level
from marketplace.core.money import pounds
from marketplace.reference.bands import Band

FEWEST = 3  # authorities that gave a budget, before what they add up to is shown
# Pounds a year. A total is told in these steps only: an exact one would give away the budget of
# whoever joined last.
STEPS = tuple(
    Decimal(step) * 10**power for power in range(5, 10) for step in (1, Decimal("2.5"), 5)
)


@dataclass(frozen=True, slots=True)
class Totals:
    levels: Mapping[Level, int]  # authorities at each level, the furthest first
    volumes: Sequence[tuple[int, str, int]]  # how many, of what, said by how many authorities
    budget: str

    @property
    def joined(self) -> int:
        return sum(self.levels.values())

    @property
    def says(self) -> str:
        if not self.joined:
            return "No other authority has joined yet"
        return f"{how_many(self.joined)} this need too"

    @property
    def bars(self) -> list[tuple[str, int]]:
        return [(level.value.capitalize(), count) for level, count in self.levels.items()]


def how_many(joined: int) -> str:
    """Such as "3 other authorities have"."""
    return f"{joined} other {'authority has' if joined == 1 else 'authorities have'}"


def totals(
    commitments: Iterable[Commitment], budgets: Mapping[Band, int], own: Band | None
) -> Totals:
    """`budgets` counts the bands of those who joined; `own` is that of the challenge, which is
    public anyway.
    """
    live = list(commitments)
    return Totals(
        levels={level: sum(one.level == level for one in live) for level in reversed(Level)},
        volumes=_volumes(live),
        budget=_budget(budgets, own),
    )


def _volumes(live: Sequence[Commitment]) -> list[tuple[int, str, int]]:
    """By unit, whatever its capitals; the unit is shown as the first one wrote it."""
    by_unit: dict[str, list[Commitment]] = {}
    for one in live:
        if one.volume is not None:
            by_unit.setdefault(one.unit.casefold(), []).append(one)
    return [
        (sum(one.volume or 0 for one in alike), alike[0].unit, len(alike))
        for _, alike in sorted(by_unit.items())
    ]


def _budget(budgets: Mapping[Band, int], own: Band | None) -> str:
    if not budgets:
        return "Nobody who joined has given a budget yet"
    if sum(budgets.values()) < FEWEST:
        return "Small numbers are not shown"
    bands = [band for band, count in budgets.items() for _ in range(count)]
    bands += [own] if own else []
    low = sum(band.low for band in bands)
    least = max((step for step in STEPS if step <= low), default=Decimal(0))
    if any(band.high is None for band in bands):
        return f"More than {pounds(least)} a year together, VAT excluded"
    high = sum(band.high or 0 for band in bands)
    most = next(step for step in STEPS if step >= high)
    between = f"{pounds(least)} to {pounds(most)}" if least else f"Up to {pounds(most)}"
    return f"{between} a year together, VAT excluded"
