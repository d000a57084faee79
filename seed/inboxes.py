"""What the people of the story were told: the news of the last two weeks, most of it read."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from marketplace.core.outbox import Listener
from marketplace.core.times import at, now
from seed import queries

BACK = timedelta(days=14)
UNREAD = timedelta(days=3)  # what is younger lies there unread
UNSENT = timedelta(days=1)  # and what is younger still has yet to be mailed


def fill(session: Session, listeners: Sequence[Listener]) -> None:
    """Tells the listeners what happened lately, each event at its own moment; first those whom
    searches are kept for, because an alert is news to the others.
    """
    alerts = [one for one in listeners if one.name == "alerts"]
    for hearing in (alerts, [one for one in listeners if one not in alerts]):
        session.flush()
        for event in queries.events_since(session, now() - BACK):
            with at(event.created_at):
                for listener in hearing:
                    listener.handle(session, event)
    session.flush()
    for told in queries.notifications(session):
        age = now() - told.created_at
        if age > UNREAD:
            told.read_at = told.created_at + timedelta(hours=5)
        if age > UNSENT and told.mail_due_at:
            told.mailed_at = told.mail_due_at
