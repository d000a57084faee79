"""What time it is, and how a moment reads in London. Moments are aware; they are kept in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR = 60, 3600  # seconds
WEEK = 7  # days

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """This moment in UTC, or the one that `at` has stopped the clock at."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stops the clock of everything done inside: the demo's past is played like this."""
    token = _frozen.set(_aware(moment).astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def in_london(moment: datetime) -> datetime:
    return _aware(moment).astimezone(LONDON)


def when(moment: datetime) -> str:
    """Such as "Monday 23 November 2026 at 12 noon (UK time)".

    Midnight says which end of the day it is. The hour that happens twice when the clocks go back
    says which of the two it is.
    """
    local = in_london(moment)
    zone = f"UK time, {local.tzname()}" if _happens_twice(local) else "UK time"
    return f"{local:%A} {day(local)} at {_clock(local)} ({zone})"


def clock(moment: datetime) -> str:
    """Such as "2:31pm", in London."""
    return _clock(in_london(moment))


def day(value: date) -> str:
    """Such as "23 November 2026"; of a moment, the day it is in London."""
    local = _day_in_london(value)
    return f"{local.day} {local:%B %Y}"


def end_of(value: date) -> datetime:
    """The moment at which a day in London is over."""
    return datetime.combine(value + timedelta(days=1), time(), LONDON).astimezone(UTC)


def days_until(value: date) -> int:
    """Whole days from today in London: 0 today, 1 tomorrow, negative when it is over."""
    return (_day_in_london(value) - in_london(now()).date()).days


def ago(moment: datetime) -> str:
    """Such as "5 minutes ago", "yesterday" or, after a week, "on 16 November 2026"."""
    seconds = int((now() - _aware(moment)).total_seconds())
    days = -days_until(moment)
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{_count(seconds // MINUTE, 'minute')} ago"
    if days == 0:
        return f"{_count(seconds // HOUR, 'hour')} ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < WEEK else f"on {day(moment)}"


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} does not say which time zone it is in.")
    return moment


def _day_in_london(value: date) -> date:
    return in_london(value).date() if isinstance(value, datetime) else value


def _happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _clock(local: datetime) -> str:
    if (local.hour, local.minute) == (0, 0):
        return "midnight, as the day begins"
    if (local.hour, local.minute) == (12, 0):
        return "12 noon"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
