"""Who on the panel of an evaluation is told."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, select

from auth.actor import CLOCK
from marketplace.core.journal import Event
from marketplace.evaluation.models import Evaluation, Seat, SeatRole, SeatStage
from marketplace.notifications.queries import acting
from marketplace.notifications.recipients import Recipient, oneself
from marketplace.notifications.topics import Audience
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to

_ROLES: Mapping[Audience, Collection[SeatRole]] = {
    Audience.SCORERS: (SeatRole.EVALUATOR,),
    Audience.CHAIRS: (SeatRole.CHAIR,),
    Audience.PANEL_ASKERS: (SeatRole.CHAIR, SeatRole.OFFICER),
}


def seat_of(event: Event) -> Any:
    """The organisation that a seat is offered to."""
    return select(Seat.organisation_id).where(Seat.id == event.subject_id, visible_to(CLOCK, Seat))


def seated(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    return _holders(session, audience.why, seat_id=event.subject_id)


def holding(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Who holds the seats that an audience is of."""
    tender_id = _evaluated(session, event)
    return _holders(session, audience.why, tender_id=tender_id, roles=_ROLES[audience])


def _evaluated(session: Session, event: Event) -> UUID:
    """The tender of an event, which may be about its evaluation."""
    evaluation = session.get(Evaluation, event.about_id)
    return evaluation.tender_id if evaluation else event.about_id


def _holders(
    session: Session,
    why: str,
    *,
    seat_id: UUID | None = None,
    tender_id: UUID | None = None,
    roles: Collection[SeatRole] = (),
) -> list[Recipient]:
    """Who holds a seat, or these seats of a tender: as a member or, from outside, as a person."""
    its = (
        select(Seat, Person, Organisation, Membership)
        .join(Person, col(Person.id) == Seat.person_id)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .outerjoin(
            Membership,
            and_(
                col(Membership.person_id) == Seat.person_id,
                col(Membership.organisation_id) == Seat.organisation_id,
                col(Seat.expert).is_(False),
            ),
        )
        .where(Person.stage == Standing.ACTIVE, visible_to(CLOCK, Seat))
        .order_by(col(Seat.id))
    )
    if seat_id:
        its = its.where(Seat.id == seat_id)
    else:
        its = its.where(
            Seat.tender_id == tender_id,
            Seat.stage == SeatStage.SITTING,
            col(Seat.role).in_(roles),
        )
    found = []
    for seat, person, organisation, membership in session.exec(its):
        if membership and membership.stage is Standing.ACTIVE:
            who = acting(membership, person, organisation)
            found.append(Recipient(who, why, membership.id))
        elif seat.expert:
            found.append(oneself(person, why))
    return found
