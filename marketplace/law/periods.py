"""How the Procurement Act 2023 counts days."""

from datetime import date, timedelta

from marketplace.core.working_days import ONE_DAY, last_of

STANDSTILL = 8  # working days: s51(2), and no fewer for a voluntary one: s51(5), s76(4)


def standstill_ends(published: date) -> date:
    """The last day of the standstill that begins with the day of the contract award notice.

    s51(2), counted in the working days of s123: publication day is the first when it is one, and
    otherwise the next working day is. Raises OutsideCalendar beyond the known bank holidays.
    """
    return last_of(STANDSTILL, beginning=published)


def earliest_signature(published: date) -> date:
    """The first day on which the contract may be entered into: the day after standstill, s51(1)."""
    return standstill_ends(published) + ONE_DAY


def last_day(starts: date, days: int) -> date:
    """The end of "the period of so many days beginning with the day": that day is the first.

    Plain calendar days; nothing moves the end off a weekend or a bank holiday.
    """
    return starts + timedelta(days=days - 1)


def earliest_deadline(invited: date, days: int) -> date:
    """The first day on which a tendering or participation period of so many days may end.

    s54: the period starts with the day after the invitation, in plain calendar days.
    """
    return invited + timedelta(days=days)
