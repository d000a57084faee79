"""Which organisations news of a tender is for, as statements that the audiences are read by."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from auth.actor import CLOCK
from marketplace.bids.models import Bid, Choice
from marketplace.clarifications.models import Asker, Clarification
from marketplace.core.journal import Event
from marketplace.evaluation.finding_models import Exchange
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


def bidders(event: Event) -> Any:
    """The suppliers whose bids for it were opened; whoever's are sealed cannot be found here."""
    return select(Bid.organisation_id).where(
        Bid.tender_id == event.about_id, visible_to(CLOCK, Bid)
    )


def chosen(event: Event) -> Any:
    """The supplier about which it was decided whether it goes on."""
    return (
        select(Bid.organisation_id)
        .join(Choice, col(Choice.bid_id) == Bid.id)
        .where(Choice.id == event.subject_id, visible_to(CLOCK, Bid))
    )


# ---- In its evaluation


def leader(event: Event) -> Any:
    return select(Tender.organisation_id).where(
        Tender.id == event.about_id, visible_to(CLOCK, Tender)
    )


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
