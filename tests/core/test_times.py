"""Does a moment read in London as people expect, also when the clocks change?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import times

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "reads"),
    [
        (datetime(2026, 11, 23, 12, 0), "Monday 23 November 2026 at 12 noon (UK time)"),
        (datetime(2026, 11, 23, 14, 31), "Monday 23 November 2026 at 2:31pm (UK time)"),
        (datetime(2026, 11, 23, 9, 0), "Monday 23 November 2026 at 9am (UK time)"),
        (datetime(2026, 11, 23, 0, 5), "Monday 23 November 2026 at 12:05am (UK time)"),
        (datetime(2026, 11, 23, 23, 59, 59), "Monday 23 November 2026 at 11:59pm (UK time)"),
        (
            datetime(2026, 7, 31, 23, 0),
            "Saturday 1 August 2026 at midnight, as the day begins (UK time)",
        ),
        (datetime(2026, 7, 1, 11, 0), "Wednesday 1 July 2026 at 12 noon (UK time)"),
    ],
)
def test_a_moment_says_day_hour_and_zone(moment: datetime, reads: str) -> None:
    assert times.when(moment.replace(tzinfo=UTC)) == reads


def test_when_the_clocks_go_forward_the_hour_is_left_out() -> None:
    last_of_winter = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert times.when(last_of_winter) == "Sunday 29 March 2026 at 12:59am (UK time)"
    minute_later = last_of_winter + timedelta(minutes=1)
    assert times.when(minute_later) == "Sunday 29 March 2026 at 2am (UK time)"


def test_when_the_clocks_go_back_the_hour_says_which_of_the_two_it_is() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert times.when(first) == "Sunday 25 October 2026 at 1:30am (UK time, BST)"
    second = first + timedelta(hours=1)
    assert times.when(second) == "Sunday 25 October 2026 at 1:30am (UK time, GMT)"
    third = second + timedelta(minutes=30)
    assert times.when(third) == "Sunday 25 October 2026 at 2am (UK time)"


@given(st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_no_two_minutes_read_alike(moment: datetime) -> None:
    for apart in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)):
        assert times.when(moment) != times.when(moment + apart)


def test_a_day_is_the_day_it_is_in_london() -> None:
    assert times.day(date(2026, 11, 3)) == "3 November 2026"
    assert times.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"


def test_a_moment_of_no_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        times.when(datetime(2026, 11, 23, 12, 0))


def test_days_are_counted_by_the_calendar_in_london_and_not_by_hours() -> None:
    with times.at(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):  # 1 July in London
        assert times.days_until(date(2026, 7, 1)) == 0
        assert times.days_until(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == 1
        assert times.days_until(date(2026, 6, 30)) == -1


@pytest.mark.parametrize(
    ("before", "reads"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "on 16 November 2026"),
    ],
)
def test_how_long_ago(before: timedelta, reads: str) -> None:
    with times.at(MOMENT):
        assert times.ago(MOMENT - before) == reads


def test_the_clock_stops_inside_and_runs_again_outside() -> None:
    with times.at(MOMENT.astimezone(ZoneInfo("America/New_York"))):
        assert times.now() == MOMENT
        assert times.now().tzinfo is UTC
        with times.at(MOMENT + timedelta(days=1)):
            assert times.now() == MOMENT + timedelta(days=1)
        assert times.now() == MOMENT
    assert abs(times.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_runs_again_after_a_failure() -> None:
    with pytest.raises(KeyError), times.at(MOMENT):
        raise KeyError
    assert times.now() != MOMENT
