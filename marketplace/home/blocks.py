"""What a home page is made of: lines that lead somewhere and say why, and counts that are links."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from marketplace.challenges.models import UNPUBLISHED, Challenge, Stage
from marketplace.core import times
from search.port import Marked

MOST = 7  # lines of a block; the rest is a link away
FEW = 3  # lines of one kind among them, where there may be many
AHEAD = timedelta(days=30)  # what is coming up
LATELY = timedelta(days=30)  # what is new


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link leads: a route with its parameters, and what its list is narrowed to."""

    route: str
    params: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""  # of the page
    path: str = ""  # instead of a route, where that is all that is known


def place(route: str, **params: Any) -> Place:
    return Place(route, params)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: what the link says, where it leads, why the reader sees it, and its date."""

    text: str
    to: Place
    why: str = ""
    about: str = ""  # the thing, when the link's text is what to do with it
    due: str = ""
    on: date | None = None
    fit: str = ""
    reasons: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block that are shown, how many more there are, and what to say without any."""

    shown: Sequence[Line]
    more: int
    empty: str
    rest: Place | None = None  # where the others are


def lines(found: Sequence[Line], empty: str, rest: Place | None = None) -> Lines:
    return Lines(found[:MOST], max(0, len(found) - MOST), empty, rest)


def folded(found: Sequence[Line], rest: Place, many: str, most: int = FEW) -> list[Line]:
    """So many lines of a kind and one for all others of it, so that no kind crowds out the rest."""
    if len(found) <= most:
        return list(found)
    shown, others = found[: most - 1], found[most - 1 :]
    more = Line(others[0].text, rest, others[0].why, f"{len(others)} more {many}", on=others[0].on)
    return [*shown, more]


@dataclass(frozen=True, slots=True)
class Week:
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something there are, leading to them."""

    number: int
    words: str
    to: Place


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody can do, and why one would."""

    text: str
    to: Place
    why: str = ""


def about(why: str, challenge: Challenge, due: str = "", on: date | None = None) -> Line:
    """A line that leads to a challenge under its own title."""
    to = place("challenge.show", id=challenge.id)
    return Line(challenge.called, to, why, due=due, on=on)


def by_stage(challenges: Mapping[Stage, int], **narrowed: str) -> list[Count]:
    """How many challenges stand at each stage. What is not published stands in no list but one's
    own.
    """
    return [
        Count(
            challenges[stage],
            stage.label,
            Place("home.challenges", part=stage.value)
            if stage in UNPUBLISHED
            else Place("challenge.list", query={**narrowed, "stage": stage.value}),
        )
        for stage in Stage
        if stage in challenges
    ]


def by_week(dated: Iterable[Line], today: date) -> Sequence[Week]:
    """The lines of the next days, the first one first, under the week that they lie in."""
    coming = [line for line in dated if line.on and today <= line.on <= today + AHEAD]
    in_order = sorted(coming, key=lambda line: (line.on or today, line.text))
    week: Callable[[Line], date] = lambda line: _monday(line.on or today)  # noqa: E731 - a key
    return [Week(_week(monday, today), list(those)) for monday, those in groupby(in_order, week)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date, today: date) -> str:
    weeks = (monday - _monday(today)).days // 7
    return ("This week", "Next week")[weeks] if weeks < 2 else f"Week of {times.day(monday)}"


def closing(challenge: Challenge) -> str:
    """Such as "Closes 3 December 2026, in 10 days"."""
    return f"Closes {how_soon(challenge.closes_on)}" if challenge.closes_on else ""


def how_soon(on: date) -> str:
    """Such as "3 December 2026, in 10 days"."""
    left = times.days_until(on)
    how_long = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    return f"{times.day(on)}, {how_long}"


def some(number: int, one: str, many: str = "") -> str:
    """Such as "1 authority" or "3 authorities"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def named(names: Sequence[str], most: int = 3) -> str:
    """Such as "Brent, Hackney and 2 more"."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
