"""Letters that an event of the journal asks for: they go to an address, whoever reads there."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import MailLink
from marketplace.bids import telling as bids
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.evaluation.models import Seat
from marketplace.mail import actions
from marketplace.notifications import audience_queries
from marketplace.notifications.rhythm import due
from marketplace.notifications.topics import Audience, Topic
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
            case Verb.TENDER_AMEND | Verb.TENDER_CANCEL | Verb.PARTY_LEAVE | Verb.LOT_END:
                bids.tell(ctx, event)
            case Verb.CLARIFICATION_PUBLISH:
                bids.tell_answer(ctx, event, _rhythm_of_questions(ctx, event))

    return Listener(NAME, handle)


def _rhythm_of_questions(ctx: Context, event: Event) -> bids.Due:
    """When each person wants mail of tenders. Who asked or watches is told by a notification, and
    so by no letter.
    """
    told = {
        one.who.person_id
        for audience in (Audience.ASKERS, Audience.WATCHERS)
        for one in audience_queries.people(ctx.session, audience, event)
    }

    def when(person_id: UUID) -> datetime | None:
        if person_id in told:
            return None
        chosen = audience_queries.rhythms(ctx.session, [person_id]).get(person_id, {})
        return due(chosen.get(Topic.TENDERS, Topic.TENDERS.usual), ctx.now)

    return when
