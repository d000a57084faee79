"""To whom a seat on a panel can be given."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from auth.actor import CLOCK
from marketplace.core.context import Context
from marketplace.evaluation.models import Declaration, Seat, SeatRole, SeatStage
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.policy import visible_to


def colleagues(ctx: Context, of: Seat) -> Sequence[tuple[Person, Membership]]:
    """Whom an organisation can give its seat: its people, less those who have one already and,
    where bids are scored, who knew whose they are.
    """
    known = frozenset() if of.role is SeatRole.OFFICER else were_officers(ctx, of)
    taken = select(Seat.person_id).where(
        Seat.tender_id == of.tender_id,
        Seat.stage != SeatStage.ENDED,
        col(Seat.person_id).is_not(None),
        visible_to(CLOCK, Seat),
    )
    active = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.organisation_id == of.organisation_id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            col(Person.id).not_in(taken),
            col(Person.id).not_in(known),
            visible_to(ctx.actor, Membership),
        )
        .order_by(Person.name, col(Person.id))
    )
    return ctx.session.exec(active).all()


def were_officers(ctx: Context, of: Seat) -> frozenset[UUID]:
    """Who has been a procurement officer of this panel, and so knows whose the bids are."""
    its = (
        select(Seat.person_id)
        .join(Declaration, col(Declaration.seat_id) == Seat.id)
        .where(
            Seat.tender_id == of.tender_id,
            Seat.role == SeatRole.OFFICER,
            Seat.stage == SeatStage.ENDED,
            visible_to(CLOCK, Seat),
        )
    )
    return frozenset(one for one in ctx.session.exec(its) if one)


def address(ctx: Context) -> str:
    """The reader's own."""
    own = select(Person.email).where(Person.id == ctx.actor.person_id, visible_to(CLOCK, Person))
    return ctx.session.exec(own).one_or_none() or ""
