"""The time scale of the pictures beside our tables: where a day falls on a line 1,000 wide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

WIDTH = 1000
MOST_TICKS = 7
MONTHS_BETWEEN_TICKS = (1, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class TimeScale:
    """From one day to another; what lies outside is drawn at the edge."""

    first: date
    last: date

    @classmethod
    def around(cls, days: Iterable[date | None]) -> "TimeScale | None":
        """Whole months that hold all the days; None when there is no day at all."""
        known = [day for day in days if day is not None]
        return cls(min(known).replace(day=1), _month_after(max(known), 1)) if known else None

    def x(self, day: date) -> int:
        whole = max((self.last - self.first).days, 1)
        return round(WIDTH * min(max((day - self.first).days / whole, 0), 1))

    def ticks(self) -> tuple[Tick, ...]:
        """Firsts of months, as close together as stays readable."""
        for step in MONTHS_BETWEEN_TICKS:
            days = list(self._months(step))
            if len(days) <= MOST_TICKS:
                break
        yearly = step >= 12
        return tuple(Tick(self.x(day), f"{day:%Y}" if yearly else f"{day:%b %Y}") for day in days)

    def _months(self, step: int) -> Iterator[date]:
        day = self.first.replace(month=1, day=1)
        while day <= self.last:
            if day >= self.first:
                yield day
            day = _month_after(day, step)


def _month_after(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
