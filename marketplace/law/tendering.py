"""The shortest time that suppliers must be given: section 54 of the Act, as a table.

Periods start with the day after the invitation and are plain calendar days; nothing moves their
end off a weekend or a bank holiday.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.core.times import day
from marketplace.law.periods import earliest_deadline
from marketplace.law.sources import Rule, rule, section

QUALIFYING_NOT_AFTER = timedelta(days=40)  # s15(3): at least so long before the tender notice


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What makes the periods shorter or longer."""

    electronic: bool = True  # tenders may be submitted electronically
    documents_together: bool = True  # every tender document comes with the tender notice
    planned_notice_qualifies: bool = False  # see `qualifies`
    urgent: bool = False  # a state of urgency makes the usual period impractical
    only_preselected: bool = False  # only suppliers selected beforehand may tender
    agreed_with_preselected: bool = False  # and all of them agreed to the period
    within_dynamic_market: bool = False
    light_touch: bool = False
    sub_central: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table in section 54: when it fits, and the days that it asks for."""

    fits: Callable[[Circumstances], bool]
    days: int  # 0: no minimum
    says: str  # completes "because …"


PARTICIPATION: tuple[Row, ...] = (
    Row(lambda c: c.light_touch, 0, "it is a light touch contract"),
    Row(lambda c: c.urgent, 10, "a state of urgency makes the usual period impractical"),
    Row(lambda c: True, 25, "no shorter period applies"),
)
TENDERING: tuple[Row, ...] = (
    Row(lambda c: c.light_touch, 0, "it is a light touch contract"),
    Row(
        lambda c: c.sub_central and c.agreed_with_preselected,
        0,
        "the period is agreed with every supplier selected beforehand",
    ),
    Row(
        lambda c: c.sub_central and c.only_preselected,
        10,
        "only suppliers selected beforehand may tender",
    ),
    Row(
        lambda c: c.planned_notice_qualifies, 10, "a qualifying planned procurement notice was out"
    ),
    Row(lambda c: c.urgent, 10, "a state of urgency makes the usual period impractical"),
    Row(
        lambda c: c.within_dynamic_market,
        10,
        "the award is made by reference to membership of a dynamic market",
    ),
    Row(
        lambda c: c.electronic and c.documents_together,
        25,
        "tenders come in electronically and all documents are out with the notice",
    ),
    Row(
        lambda c: c.electronic,
        30,
        "tenders come in electronically, but not all documents are out with the notice",
    ),
    Row(
        lambda c: c.documents_together,
        30,
        "tenders do not come in electronically, though all documents are out with the notice",
    ),
    Row(
        lambda c: True,
        35,
        "tenders do not come in electronically, and not all documents are out with the notice",
    ),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A minimum period, and the first day on which it may end when its first day is known."""

    name: str  # "tendering period"
    days: int  # 0: the Act sets no minimum
    rule: Rule
    invited: date | None = None
    earliest: date | None = None

    def refusal(self, ends: date) -> str | None:
        """Why the period may not end on that day; None when it may."""
        if self.invited is not None and ends < self.invited:
            return f"The {self.name} cannot end before it begins on {day(self.invited)}."
        if self.earliest is None or self.invited is None or ends >= self.earliest:
            return None
        return (
            f"The {self.name} must end on {self.earliest:%A} {day(self.earliest)} or later. "
            f"{self.rule.says} The first day is the day after the invitation of "
            f"{day(self.invited)} ({self.rule.sources[0]})."
        )


def participation(circumstances: Circumstances, invited: date | None = None) -> Period:
    """How long suppliers must have to ask to take part."""
    return _shortest("participation period", "3", PARTICIPATION, circumstances, invited)


def tendering(circumstances: Circumstances, invited: date | None = None) -> Period:
    """How long suppliers must have to submit a tender."""
    return _shortest("tendering period", "4", TENDERING, circumstances, invited)


def qualifies(planned_notice: date, tender_notice: date) -> bool:
    """Whether a planned procurement notice shortens the tendering period: s15(3).

    It was published at least 40 days and not more than 12 months before the tender notice.
    """
    return _a_year_before(tender_notice) <= planned_notice <= tender_notice - QUALIFYING_NOT_AFTER


def _shortest(
    name: str,
    subsection: str,
    table: tuple[Row, ...],
    circumstances: Circumstances,
    invited: date | None,
) -> Period:
    """If several rows fit, the shortest is the floor."""
    row = min((row for row in table if row.fits(circumstances)), key=lambda row: row.days)
    source = section(f"54({subsection})")
    if not row.days:
        says = f"The Act sets no minimum {name}, because {row.says}; it must still be reasonable."
        return Period(name, 0, rule(says, source, section("54(1)")), invited)
    says = f"The {name} is at least {row.days} days, because {row.says}."
    earliest = earliest_deadline(invited, row.days) if invited else None
    return Period(name, row.days, rule(says, source), invited, earliest)


def _a_year_before(when: date) -> date:
    try:
        return when.replace(year=when.year - 1)
    except ValueError:  # 29 February
        return when.replace(year=when.year - 1, day=28)
