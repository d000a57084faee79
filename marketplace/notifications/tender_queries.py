"""Which organisations news of a tender is for, as statements that the audiences are read by."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, select

from auth.actor import CLOCK
from marketplace.bids.models import Bid
from marketplace.clarifications.models import Asker, Clarification
from marketplace.core.journal import Event
from marketplace.evaluation.finding_models import Exchange
from marketplace.evaluation.models import Evaluation, Seat, SeatRole, SeatStage
from marketplace.notifications.queries import acting
from marketplace.notifications.recipients import Recipient, oneself
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.tenders.models import Comment, Party, PartyStage, Tender


def partners(event: Event) -> Any:
    """The authorities that take part."""
    return select(Party.organisation_id).where(
        Party.tender_id == event.about_id,
        Party.stage == PartyStage.ACCEPTED,
        visible_to(CLOCK, Party),
    )


def invited(session: Session, event: Event) -> list[UUID]:
    party = session.get(Party, event.subject_id)
    return [party.organisation_id] if party else []


def named(session: Session, event: Event) -> frozenset[str]:
    """The ids of the people whom a comment names."""
    comment = session.get(Comment, event.subject_id)
    return frozenset(comment.mentions if comment else ())


def askers(event: Event) -> Any:
    """The suppliers that asked about it."""
    return (
        select(Asker.organisation_id)
        .join(Clarification, col(Clarification.id) == Asker.clarification_id)
        .where(Clarification.tender_id == event.about_id, visible_to(CLOCK, Asker))
    )


def asker(event: Event) -> Any:
    """The supplier that asked this question."""
    return select(Asker.organisation_id).where(
        Asker.clarification_id == event.subject_id, visible_to(CLOCK, Asker)
    )


# ---- In its evaluation


def seat_of(session: Session, event: Event) -> list[UUID]:
    """The organisation that a seat is offered to."""
    seat = session.get(Seat, event.subject_id)
    return [seat.organisation_id] if seat else []


def leader(event: Event) -> Any:
    return select(Tender.organisation_id).where(
        Tender.id == event.about_id, visible_to(CLOCK, Tender)
    )


def evaluated(session: Session, event: Event) -> UUID:
    """The tender of an event, which may be about its evaluation."""
    evaluation = session.get(Evaluation, event.about_id)
    return evaluation.tender_id if evaluation else event.about_id


def holders(
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


def asked_bidder(event: Event) -> Any:
    """The supplier that is asked about its bid."""
    return (
        select(Bid.organisation_id)
        .join(Exchange, col(Exchange.bid_id) == Bid.id)
        .where(Exchange.id == event.subject_id, visible_to(CLOCK, Bid))
    )


def bidder(event: Event) -> Any:
    """The supplier whose bid was opened."""
    return select(Bid.organisation_id).where(Bid.id == event.subject_id, visible_to(CLOCK, Bid))
