"""What LOTI's assessors see: the queue, who has what, how long it takes, and who may not assess."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from auth.actor import CLOCK, Kind
from marketplace.claims.models import COUNTING, DECIDED, Claim, Interest, Stage
from marketplace.claims.queries import whole
from marketplace.claims.standing import OVER, SOON, STEPS
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.times import in_london
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to

SIZE = 50  # claims in the queue on a page
LATELY = timedelta(days=180)  # decisions of which the median is told
AT_ONCE = 500  # claims that the clock looks after in one go
WAITING = (Stage.SUBMITTED, Stage.ASSESSING, Stage.FIXING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim in the queue, and how many days it has been there."""

    claim: Claim
    days: int


@dataclass(frozen=True, slots=True)
class Queue:
    waiting: Sequence[Waiting]
    more: bool
    median: int | None  # days from sending to the decision, lately
    ending: Sequence[Claim]  # soon

    @property
    def ages(self) -> list[tuple[str, int]]:
        """How many wait for how long."""
        steps = ((0, 7, "Up to a week"), (8, 14, "8 to 14 days"), (15, 30, "15 to 30 days"))
        bars = [
            (words, sum(low <= one.days <= high for one in self.waiting))
            for low, high, words in steps
        ]
        return [*bars, ("More than 30 days", sum(one.days > 30 for one in self.waiting))]


def queue(ctx: Context) -> Queue:
    """What waits, oldest first."""
    rows = select(Claim).where(col(Claim.stage).in_(WAITING), visible_to(ctx.actor, Claim))
    oldest = rows.order_by(col(Claim.submitted_at), col(Claim.id)).limit(SIZE + 1)
    found = ctx.session.exec(whole(oldest)).unique().all()
    return Queue(
        [Waiting(one, _days(one.submitted_at, ctx.now)) for one in found[:SIZE]],
        len(found) > SIZE,
        _median(ctx),
        _ending(ctx),
    )


def _days(since: datetime | None, until: datetime) -> int:
    return (in_london(until).date() - in_london(since).date()).days if since else 0


def _median(ctx: Context) -> int | None:
    columns: list[Any] = [Claim.submitted_at, Claim.decided_at]
    decided = select(*columns).where(
        col(Claim.decided_at) >= ctx.now - LATELY, visible_to(ctx.actor, Claim)
    )
    days = [_days(sent, told) for sent, told in ctx.session.exec(decided) if sent]
    return round(median(days)) if days else None


def _ending(ctx: Context) -> Sequence[Claim]:
    """What counts and ends within the time that is told of, the first to end first."""
    rows = select(Claim).where(
        col(Claim.stage).in_(COUNTING),
        col(Claim.replaced_at).is_(None),
        col(Claim.ends_on) >= ctx.today,
        col(Claim.ends_on) <= ctx.today + timedelta(days=SOON),
        visible_to(ctx.actor, Claim),
    )
    return ctx.session.exec(whole(rows.order_by(col(Claim.ends_on)).limit(SIZE))).unique().all()


# ---- Who may not


def conflict(ctx: Context, claim: Claim) -> str | None:
    """Why this person does not assess this claim; None when nothing stands against it."""
    supplier = claim.organisation.called
    declared = select(Interest.id).where(
        Interest.person_id == ctx.actor.person_id,
        Interest.organisation_id == claim.organisation_id,
        visible_to(ctx.actor, Interest),
    )
    if ctx.session.exec(declared).first():
        return f"You have declared an interest in {supplier}, so a colleague has to assess this."
    member = select(Membership.id).where(
        Membership.person_id == ctx.actor.person_id,
        Membership.organisation_id == claim.organisation_id,
        Membership.stage != Standing.ENDED,
        visible_to(CLOCK, Membership),
    )
    if ctx.session.exec(member).first():
        return f"You act for {supplier}, too, so a colleague has to assess this."
    return None


def interests(ctx: Context) -> Sequence[tuple[Interest, str, str]]:
    """What LOTI's people have declared: the interest, the person and the supplier."""
    columns: list[Any] = [Interest, Person.name, Organisation.name]
    rows = (
        select(*columns)
        .join(Person, col(Person.id) == Interest.person_id)
        .join(Organisation, col(Organisation.id) == Interest.organisation_id)
        .where(visible_to(ctx.actor, Interest), visible_to(CLOCK, Person))
        .order_by(Person.name, Organisation.name)
    )
    return [(one, person, supplier) for one, person, supplier in ctx.session.exec(rows)]


def interest(ctx: Context, id: UUID) -> Interest:
    own = select(Interest).where(Interest.id == id, visible_to(ctx.actor, Interest))
    if found := ctx.session.exec(own).one_or_none():
        return found
    raise NotFound("There is no such declaration.")


def suppliers(ctx: Context) -> Sequence[tuple[UUID, str]]:
    columns: list[Any] = [Organisation.id, Organisation.name]
    rows = select(*columns).where(
        Organisation.kind == Kind.SUPPLIER, visible_to(ctx.actor, Organisation)
    )
    return [(id, name) for id, name in ctx.session.exec(rows.order_by(Organisation.name))]


# ---- What a decision replaces, and what the clock looks after


def before(ctx: Context, claim: Claim) -> Sequence[Claim]:
    """The decided claims for the same thing and the same standard, in whatever version of it,
    locked.
    """
    same: list[Any] = [
        Claim.organisation_id == claim.organisation_id,
        col(Claim.product_id).is_(None)
        if claim.product_id is None
        else Claim.product_id == claim.product_id,
        Claim.product_version == claim.product_version,
        Claim.id != claim.id,
        col(Claim.stage).in_(DECIDED),
        col(Claim.replaced_at).is_(None),
    ]
    rows = select(Claim).where(*same, visible_to(CLOCK, Claim)).with_for_update()
    found = ctx.session.exec(rows).all()
    return [one for one in found if one.version.standard_id == claim.version.standard_id]


def overdue(ctx: Context) -> Sequence[Claim]:
    """Claims of which the time to mend them is over."""
    rows = select(Claim).where(
        Claim.stage == Stage.FIXING,
        col(Claim.fix_by) < ctx.today,
        visible_to(ctx.actor, Claim),
    )
    return ctx.session.exec(rows.limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def to_remind(ctx: Context) -> Sequence[tuple[Claim, int]]:
    """Claims that end, with the step of which nobody has been told yet."""
    rows = select(Claim).where(
        col(Claim.stage).in_(COUNTING),
        col(Claim.replaced_at).is_(None),
        col(Claim.ends_on) <= ctx.today + timedelta(days=STEPS[0]),
        col(Claim.reminded).is_(None) | (col(Claim.reminded) > OVER),
        visible_to(ctx.actor, Claim),
    )
    found = ctx.session.exec(rows.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    steps = ((one, step(one.ends_on, ctx.today)) for one in found if one.ends_on)
    return [
        (one, at)
        for one, at in steps
        if at is not None and (one.reminded is None or one.reminded > at)
    ]


def step(ends_on: date, today: date) -> int | None:
    """The last of the days before an end that are told of and have come."""
    left = (ends_on - today).days
    return min((one for one in (*STEPS, OVER) if left <= one), default=None)
