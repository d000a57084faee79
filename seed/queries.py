"""What the story has to look up of what it made itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.core.journal import Event
from marketplace.notifications.models import Notification


def events_since(session: Session, moment: datetime) -> Sequence[Event]:
    lately = select(Event).where(Event.created_at > moment)
    return session.exec(lately.order_by(col(Event.created_at), col(Event.id))).all()


def notifications(session: Session) -> Sequence[Notification]:
    return session.exec(select(Notification)).all()
