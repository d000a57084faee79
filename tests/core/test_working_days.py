"""Is a working day one on which all of the United Kingdom works, and is nothing guessed?"""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.working_days import OutsideCalendar, is_working_day, last_of, why_not

PUBLISHED = Path(__file__).parents[3] / "shared/data/reference/uk_bank_holidays_all_divisions.json"
FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)
days = st.dates(FIRST, date(2028, 11, 1))


@pytest.mark.reference
def test_every_day_of_the_calendar_is_what_the_four_nations_have_published() -> None:
    if not PUBLISHED.exists():
        pytest.skip(f"{PUBLISHED} is not there")
    holidays = {date.fromisoformat(row["date"]) for row in json.loads(PUBLISHED.read_text())}
    day = FIRST
    while day <= LAST:
        assert is_working_day(day) == (day.weekday() < 5 and day not in holidays), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 1, 2), "New Year Holiday in Scotland"),
        (date(2026, 3, 17), "Saint Patrick's Day in Northern Ireland"),
        (date(2026, 4, 6), "Easter Monday in England, Wales and Northern Ireland"),
        (date(2026, 6, 15), "Scotland's participation in the FIFA World Cup final in Scotland"),
        (date(2026, 7, 13), "Battle of the Boyne (observed) in Northern Ireland"),
        (date(2026, 8, 3), "Summer Bank Holiday in Scotland"),
        (date(2026, 11, 30), "Saint Andrew's Day in Scotland"),
        (date(2026, 12, 25), "Christmas Day in the United Kingdom"),
        (date(2026, 11, 28), "Saturday"),
        (date(2026, 11, 29), "Sunday"),
        (date(2026, 11, 23), None),
    ],
)
def test_a_day_that_is_not_counted_says_why_and_where(day: date, reason: str | None) -> None:
    assert why_not(day) == reason


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_outside_the_known_years_it_refuses(day: date) -> None:
    with pytest.raises(OutsideCalendar, match="from 2019 to 2028"):
        is_working_day(day)


def test_a_period_that_runs_out_of_the_known_years_is_refused() -> None:
    assert last_of(1, beginning=date(2028, 12, 29)) == date(2028, 12, 29)
    with pytest.raises(OutsideCalendar):
        last_of(2, beginning=date(2028, 12, 29))


def test_the_day_itself_is_the_first_when_it_is_a_working_day() -> None:
    assert last_of(1, beginning=date(2026, 11, 23)) == date(2026, 11, 23)
    assert last_of(1, beginning=date(2026, 11, 28)) == date(2026, 12, 1)  # over 30 November


def test_a_period_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        last_of(0, beginning=date(2026, 11, 23))


@given(days, st.integers(1, 20))
def test_a_period_holds_exactly_its_number_of_working_days(beginning: date, number: int) -> None:
    end = last_of(number, beginning)
    span = [beginning + timedelta(days=n) for n in range((end - beginning).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, span)) == number


def test_a_day_with_two_names_tells_both() -> None:
    reason = why_not(date(2023, 1, 2))
    assert reason is not None
    assert "New Year's Day (observed) in England, Wales and Northern Ireland" in reason
    assert "in Scotland" in reason
