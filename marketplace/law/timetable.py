"""Every day that the law gives a procurement, in order, each with the rule that it follows from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from marketplace.law.assessing import Assessment
from marketplace.law.sources import Rule


@dataclass(frozen=True, slots=True)
class Day:
    """The first day on which something may happen, or the last by which it has to."""

    key: str  # stays the same when words change: "tendering"
    day: date
    what: str  # a whole phrase, such as "Tenders may be due from this day"
    rule: Rule

    @property
    def weekday(self) -> str:
        return f"{self.day:%A}"


def timetable(assessment: Assessment) -> tuple[Day, ...]:
    """By day; things of the same day in the order in which they happen."""
    return tuple(sorted(_days(assessment), key=lambda day: day.day))


def _days(assessment: Assessment) -> Iterator[Day]:
    asked, tender, stands = assessment.participation, assessment.tendering, assessment.standstill
    if asked and asked.earliest:
        what = "First day on which the time for requests to take part may end"
        yield Day("participation", asked.earliest, what, asked.rule)
    if tender and tender.earliest:
        what = "First day on which the time for tenders may end"
        yield Day("tendering", tender.earliest, what, tender.rule)
    if stands and stands.ends and stands.earliest_signature:
        yield Day("standstill", stands.ends, "Standstill ends at the end of this day", stands.rule)
        what = "First day on which the contract may be signed"
        yield Day("signature", stands.earliest_signature, what, stands.rule)
    for due in assessment.due:
        yield Day(due.key, due.by, f"Last day: {due.what[:1].lower()}{due.what[1:]}", due.rule)
