"""Letters that an event of the journal asks for: they go to an address, whoever reads there."""

from collections.abc import Callable

from sqlmodel import Session

from marketplace.accounts.models import MailLink
from marketplace.bids import telling as bids
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.evaluation.models import Seat
from marketplace.mail import actions
from marketplace.organisations.models import Person
from marketplace.people.models import Invitation
from marketplace.verbs import Verb

NAME = "mail"


def listener(context: Callable[[Session], Context]) -> Listener:
    def handle(session: Session, event: Event) -> None:
        ctx = context(session)
        match event.verb:
            case Verb.LINK_ASK:
                if link := session.get(MailLink, event.subject_id):
                    actions.owe(ctx, "link", link.id, link.email)
            case Verb.INVITATION_SEND | Verb.INVITATION_RESEND:
                if invitation := session.get(Invitation, event.subject_id):
                    actions.owe(
                        ctx, "invitation", invitation.id, invitation.email, invitation.serial
                    )
            case Verb.SEAT_INVITE:
                if seat := session.get(Seat, event.subject_id):
                    actions.owe(ctx, "seat", seat.id, seat.email)
            case Verb.ADDRESS_CONFIRM:
                if person := session.get(Person, event.subject_id):
                    actions.owe(ctx, "address", event.id, person.email)
            case Verb.TENDER_AMEND | Verb.TENDER_CANCEL | Verb.PARTY_LEAVE:
                bids.tell(ctx, event)

    return Listener(NAME, handle)
