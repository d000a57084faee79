"""When the present contracts of those who take part end, and what each would have to do so that
they begin together: extend or bridge the time that lacks, or join when its own contract is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

WINDOW = timedelta(days=366)  # whose contracts end within a year of one another can begin together
A_DAY = timedelta(days=1)
QUARTERS = (1, 4, 7, 10)  # contracts begin with a quarter, as a rule
MOST_STARTS = 24


@dataclass(frozen=True, slots=True)
class Step:
    """What one authority would have to do for a common start."""

    organisation: str
    ends: date
    days: int  # from the end of its contract to the start; below nothing where it runs beyond

    @property
    def says(self) -> str:
        if self.days > 1:
            return f"Extend or bridge {self.days:,} days"
        if self.days == 1:
            return "Extend or bridge 1 day"
        if self.days == 0:
            return "Nothing, it ends the day before"
        return f"Join {-self.days:,} {'day' if self.days == -1 else 'days'} later"


@dataclass(frozen=True, slots=True)
class Group:
    """Authorities whose contracts end close enough together to begin at one time."""

    start: date
    steps: Sequence[Step]

    @property
    def gap(self) -> Sequence[Step]:
        return [one for one in self.steps if one.days > 0]


def steps(ends: Mapping[str, date], start: date) -> Sequence[Step]:
    """What each would have to do to begin on a day, who has to bridge longest first."""
    found = [Step(who, end, (start - end - A_DAY).days) for who, end in ends.items()]
    return sorted(found, key=lambda one: (-one.days, one.organisation))


def groups(ends: Mapping[str, date], today: date) -> Sequence[Group]:
    """Who could begin together, the largest group first: contracts that go on today and end within
    a year of one another. They begin on the day after the last of them ends.
    """
    left = sorted((end, who) for who, end in ends.items() if end >= today)
    found = []
    while left:
        within = [
            [one for one in left[place:] if one[0] <= left[place][0] + WINDOW]
            for place in range(len(left))
        ]
        largest = max(within, key=len)  # of those as large as it the earliest
        if len(largest) == 1:
            break
        start = largest[-1][0] + A_DAY
        found.append(Group(start, steps({who: end for end, who in largest}, start)))
        left = [one for one in left if one not in largest]
    return found


def starts(ends: Mapping[str, date], today: date) -> Sequence[date]:
    """The days to choose from: the quarters from now until all contracts are over."""
    last = max(ends.values(), default=today)
    found: list[date] = []
    for year in count(today.year):
        for month in QUARTERS:
            day = date(year, month, 1)
            if day > today:
                found.append(day)
            if (day > last and day > today) or len(found) == MOST_STARTS:
                return found
    return found
