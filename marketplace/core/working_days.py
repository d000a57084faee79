"""The calendar of days on which all of the United Kingdom works.

A working day here is not a Saturday, a Sunday or a bank holiday in any part of the United
Kingdom: one nation's holiday is nobody's working day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

FIRST_YEAR, LAST_YEAR = 2019, 2028  # outside these, one-off holidays are not known
NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
SATURDAY = 5  # as date.weekday() counts
ONE_DAY = timedelta(days=1)


class OutsideCalendar(ValueError):  # noqa: N818 - a refusal to guess, told to a person
    """No calendar of bank holidays is known for this day."""


def is_working_day(day: date) -> bool:
    return why_not(day) is None


def why_not(day: date) -> str | None:
    """Why nobody counts this day, such as "St Andrew's Day in Scotland"; None on a working day.

    Raises OutsideCalendar where bank holidays are not known.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutsideCalendar(
            f"Working days are known from {FIRST_YEAR} to {LAST_YEAR}; "
            f"{day.isoformat()} is outside that, and bank holidays cannot be guessed."
        )
    if day.weekday() >= SATURDAY:
        return f"{day:%A}"
    return _bank_holidays().get(day)


def last_of(working_days: int, beginning: date) -> date:
    """The last day of a period of so many working days beginning with that day.

    The day itself is the first when it is a working day; otherwise the next working day is.
    Raises OutsideCalendar when the period leaves the known years.
    """
    if working_days < 1:
        raise ValueError("A period has at least one working day.")
    days = _working_days_from(beginning)
    for _ in range(working_days - 1):
        next(days)
    return next(days)


def _working_days_from(day: date) -> Iterator[date]:
    while True:
        if is_working_day(day):
            yield day
        day += ONE_DAY


@cache
def _bank_holidays() -> dict[date, str]:
    """Every bank holiday on a weekday, with its name and the nations that have it."""
    nations: dict[tuple[date, str], list[str]] = {}
    for code, nation in NATIONS.items():
        years = range(FIRST_YEAR, LAST_YEAR + 1)
        for day, name in country_holidays("GB", subdiv=code, years=years).items():
            nations.setdefault((day, name), []).append(nation)
    described: dict[date, str] = {}
    for (day, name), where in sorted(nations.items()):
        words = f"{name} in {_listed(where)}"
        described[day] = f"{described[day]}; {words}" if day in described else words
    return described


def _listed(nations: list[str]) -> str:
    if len(nations) == len(NATIONS):
        return "the United Kingdom"
    return " and ".join([", ".join(nations[:-1]), nations[-1]] if nations[1:] else nations)
