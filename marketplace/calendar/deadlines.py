"""Deadlines as a calendar file, so that they stand where people look every day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from icalendar import STATUS, Calendar, Event

from marketplace.awards.models import Award
from marketplace.challenges.models import Stage
from marketplace.core.times import LONDON, day, in_london, when

EVERY = timedelta(hours=8)  # how often a calendar should ask again; many take a day
SHOWN = timedelta(hours=1)  # a deadline fills the hour before it
NAME, PRODUCT = "LOTI Marketplace", "-//LOTI//Marketplace//EN"
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day on which a challenge closes to others, as everybody may know it."""

    id: UUID  # of the challenge
    title: str
    authority: str
    closes_on: date
    changes: int  # how often something about it was decided
    changed_at: datetime  # the last time
    stage: Stage

    @property
    def uid(self) -> str:
        return f"challenge-{self.id}@loti-marketplace"

    @property
    def is_off(self) -> bool:
        """Whether it ended before that day was over, so that nothing happens then."""
        too_early = in_london(self.changed_at).date() <= self.closes_on
        return self.stage == Stage.WITHDRAWN or (self.stage != Stage.OPEN and too_early)

    @property
    def at(self) -> datetime:
        """The moment: the end of that day in London."""
        return datetime.combine(self.closes_on + timedelta(days=1), time(), LONDON)

    @property
    def says(self) -> str:
        """Such as "the end of Monday 23 November 2026 (UK time)"."""
        return f"the end of {self.closes_on:%A} {day(self.closes_on)} (UK time)"


@dataclass(frozen=True, slots=True)
class TenderDate:
    """A date of a published tender: when questions or a stage end, or when bids have to be in."""

    id: UUID  # of the tender
    what: str  # a word for its UID
    said: str  # what people read
    title: str
    authority: str
    at: datetime
    changes: int  # how often the tender was published anew
    changed_at: datetime
    is_off: bool

    @property
    def uid(self) -> str:
        return f"tender-{self.what}-{self.id}@loti-marketplace"

    @property
    def says(self) -> str:
        """Such as "Monday 23 November 2026 at 12 noon (UK time)"."""
        return when(self.at)


Dated = Deadline | TenderDate


def file(dates: Iterable[Dated], address: str) -> bytes:
    """The calendar file; `address` is where the marketplace is found.

    A deadline keeps its UID for ever, and SEQUENCE grows with each change, so that a calendar
    which has it already changes it.
    """
    return calendar([_event(one, address) for one in dates])


def calendar(events: Iterable[Event]) -> bytes:
    """A calendar file of these, with the time zone where one has an hour."""
    made = Calendar.new(name=NAME, prodid=PRODUCT, method="PUBLISH", refresh_interval=EVERY)
    del made["UID"]  # another one each time would make it another calendar each time
    made["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986 wants it said
    made.add("X-PUBLISHED-TTL", f"PT{EVERY // timedelta(hours=1)}H")
    years = set()
    for one in events:
        made.add_component(one)
        if isinstance(one.start, datetime):
            years.add(one.start.year)
    if years:
        made.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 1, 12, 31))
    return bytes(made.to_ical())


def standstill_file(award: Award, link: str, says: str, stamp: datetime) -> bytes:
    """The last day of the standstill of an award that has one."""
    ends = award.standstill.ends
    assert ends is not None  # noqa: S101 - whoever asks has looked
    last = Event.new(
        uid=f"standstill-{award.id}@loti-marketplace",
        summary=f"Last day of the standstill: {award.called}",
        description=f"{says} {link}",
        start=ends,
        end=ends + timedelta(days=1),
        stamp=stamp,
        url=link,
    )
    return calendar([last])


def _event(one: Dated, address: str) -> Event:
    if isinstance(one, TenderDate):
        return _tender_event(one, address)
    return _challenge_event(one, address)


def _tender_event(one: TenderDate, address: str) -> Event:
    link = f"{address}/tenders/{one.id}"
    at = in_london(one.at)
    return Event.new(
        uid=one.uid,
        summary=f"{'Cancelled' if one.is_off else one.said}: {one.title}",
        description=f"A tender led by {one.authority}: {link}",
        start=at - SHOWN,
        end=at,
        sequence=one.changes,
        stamp=one.changed_at,
        status=STATUS.CANCELLED if one.is_off else STATUS.CONFIRMED,
        url=link,
    )


def _challenge_event(one: Deadline, address: str) -> Event:
    link = f"{address}/challenges/{one.id}"
    return Event.new(
        uid=one.uid,
        summary=f"{'Ended early' if one.is_off else 'Last day to join'}: {one.title}",
        description=(
            f"A challenge of {one.authority}. Authorities can say that they have this need too "
            f"until the end of this day (UK time): {link}"
        ),
        start=one.at - SHOWN,
        end=one.at,
        sequence=one.changes,
        stamp=one.changed_at,
        status=STATUS.CANCELLED if one.is_off else STATUS.CONFIRMED,
        url=link,
    )
