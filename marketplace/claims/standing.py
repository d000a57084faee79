"""How a claim stands on a day, and when it ends: what only the clock decides, in Python and SQL."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, cast, literal
from sqlalchemy.types import String
from sqlmodel import col

from marketplace.claims.models import COUNTING, UNDECIDED, Claim, Stage

SOON = 60  # days before its end from which a claim is said to expire soon
STEPS = (60, 30, 0)  # days before its end that its supplier and those who rely on it are told
OVER = -1  # the step when it has ended
YEAR = 12  # months


class Word(StrEnum):
    """How a claim stands, for everybody."""

    MET = "met"
    PARTLY = "partly-met"
    EXPIRING = "expiring"  # met, or met in part, and for not much longer
    CLAIMED = "claimed"
    NOT_MET = "not-met"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.capitalize())

    @property
    def counts(self) -> bool:
        """Whether LOTI's finding holds today."""
        return self in (Word.MET, Word.PARTLY, Word.EXPIRING)


_LABELS = {
    Word.PARTLY: "Met in part",
    Word.EXPIRING: "Met, expires soon",
    Word.NOT_MET: "Not met",
}


def word(stage: Stage, ends_on: date | None, today: date) -> Word:
    if stage in UNDECIDED:
        return Word.CLAIMED
    if stage in COUNTING and ends_on and ends_on < today:
        return Word.EXPIRED
    if stage == Stage.MET and ends_on and ends_on <= today + timedelta(days=SOON):
        return Word.EXPIRING
    return Word(stage.value)


def standing(today: date) -> ColumnElement[str]:
    """`word` for SQL."""
    stage, ends_on = col(Claim.stage), col(Claim.ends_on)
    counting = stage.in_(COUNTING)
    over = and_(counting, ends_on < today)
    soon = and_(stage == Stage.MET, ends_on <= today + timedelta(days=SOON))
    return case(
        (stage.in_(UNDECIDED), literal(Word.CLAIMED.value)),
        (over, literal(Word.EXPIRED.value)),
        (soon, literal(Word.EXPIRING.value)),
        else_=cast(stage, String),
    )


def counts(today: date) -> ColumnElement[bool]:
    """LOTI found it met, or met in part, and it has not ended or been replaced."""
    ends_on = col(Claim.ends_on)
    return and_(
        col(Claim.stage).in_(COUNTING),
        col(Claim.replaced_at).is_(None),
        ends_on.is_(None) | (ends_on >= today),
    )


def ends_on(issued_on: date | None, expires_on: date | None, months: int | None) -> date | None:
    """The last day that a piece of evidence counts: so many months after its own date, or the day
    it expires itself when that is earlier.
    """
    known = [expires_on] if expires_on else []
    if issued_on and months:
        known.append(later(issued_on, months))
    return min(known, default=None)


def first_end(ends: Iterable[date | None]) -> date | None:
    """A claim counts as long as all that shows it does."""
    return min(filter(None, ends), default=None)


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, YEAR)
    for number in range(day.day, 27, -1):
        try:
            return date(day.year + years, month + 1, number)
        except ValueError:
            continue
    return date(day.year + years, month + 1, day.day)
