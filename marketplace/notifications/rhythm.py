"""When mail of a rhythm is due: digests come at eight in the morning, weekly ones on Mondays."""

from datetime import UTC, datetime, time, timedelta

from marketplace.core.times import LONDON, in_london
from marketplace.notifications.models import Rhythm

IN_THE_MORNING = time(8)
MONDAY = 0


def due(rhythm: Rhythm, at: datetime) -> datetime | None:
    """When what happened by `at` goes out; None when it does not."""
    if rhythm is Rhythm.OFF:
        return None
    if rhythm is Rhythm.AT_ONCE:
        return at
    local = in_london(at)
    day = local.date() if local.time() < IN_THE_MORNING else local.date() + timedelta(days=1)
    if rhythm is Rhythm.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return datetime.combine(day, IN_THE_MORNING, LONDON).astimezone(UTC)
