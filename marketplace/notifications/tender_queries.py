"""Which organisations news of a tender is for, as statements that the audiences are read by."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from auth.actor import CLOCK
from marketplace.bids.models import Bid
from marketplace.clarifications.models import Asker, Clarification
from marketplace.core.journal import Event
from marketplace.evaluation.finding_models import Exchange
from marketplace.evaluation.models import Seat, SeatRole, SeatStage
from marketplace.notifications.queries import acting
from marketplace.notifications.recipients import Recipient, oneself
from marketplace.notifications.topics import Audience
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.tenders.models import Comment, Party, PartyStage, Tender


def partners(session: Session, event: Event) -> Any:
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


def askers(session: Session, event: Event) -> Any:
    """The suppliers that asked about it."""
    return (
        select(Asker.organisation_id)
        .join(Clarification, col(Clarification.id) == Asker.clarification_id)
        .where(Clarification.tender_id == event.about_id, visible_to(CLOCK, Asker))
    )


def asker(session: Session, event: Event) -> Any:
    """The supplier that asked this question."""
    return select(Asker.organisation_id).where(
        Asker.clarification_id == event.subject_id, visible_to(CLOCK, Asker)
    )


# ---- In its evaluation


def seat_of(session: Session, event: Event) -> list[UUID]:
    """The organisation that a seat is offered to."""
    seat = session.get(Seat, event.subject_id)
    return [seat.organisation_id] if seat else []


def leader(session: Session, event: Event) -> Any:
    return select(Tender.organisation_id).where(
        Tender.id == event.about_id, visible_to(CLOCK, Tender)
    )


ROLES: Mapping[Audience, tuple[SeatRole, ...]] = {
    Audience.SCORERS: (SeatRole.EVALUATOR,),
    Audience.CHAIRS: (SeatRole.CHAIR,),
    Audience.PANEL_ASKERS: (SeatRole.CHAIR, SeatRole.OFFICER),
}


def seated(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Whoever holds the seat that an event is about."""
    return _holders(session, audience, col(Seat.id) == event.subject_id)


def on_panel(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Who sits on the panel of a tender, in the roles of an audience."""
    return _holders(
        session,
        audience,
        col(Seat.tender_id) == event.about_id,
        col(Seat.stage) == SeatStage.SITTING,
        col(Seat.role).in_(ROLES[audience]),
    )


def _holders(session: Session, audience: Audience, *which: ColumnElement[bool]) -> list[Recipient]:
    """The holders of seats: each as a member or, from outside, as a person."""
    member = and_(
        col(Membership.person_id) == Seat.person_id,
        col(Membership.organisation_id) == Seat.organisation_id,
        col(Seat.expert).is_(False),
    )
    its = (
        select(Seat, Person, Organisation, Membership)
        .join(Person, col(Person.id) == Seat.person_id)
        .join(Organisation, col(Organisation.id) == Seat.organisation_id)
        .outerjoin(Membership, member)
        .where(Person.stage == Standing.ACTIVE, *which, visible_to(CLOCK, Seat))
        .order_by(col(Seat.id))
    )
    found = []
    for seat, person, organisation, membership in session.exec(its):
        if membership and membership.stage is Standing.ACTIVE:
            who = acting(membership, person, organisation)
            found.append(Recipient(who, audience.why, membership.id))
        elif seat.expert:
            found.append(oneself(person, audience.why))
    return found


def asked_bidder(session: Session, event: Event) -> Any:
    """The supplier that is asked about its bid."""
    return (
        select(Bid.organisation_id)
        .join(Exchange, col(Exchange.bid_id) == Bid.id)
        .where(Exchange.id == event.subject_id, visible_to(CLOCK, Bid))
    )


def bidder(session: Session, event: Event) -> Any:
    """The supplier whose bid was opened."""
    return select(Bid.organisation_id).where(Bid.id == event.subject_id, visible_to(CLOCK, Bid))
