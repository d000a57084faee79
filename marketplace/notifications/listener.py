"""What turns news of the journal into notifications: nobody calls it, it listens."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from auth.actor import VISITOR
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.core.times import now
from marketplace.news import NEWS, News
from marketplace.notifications import audience_queries, queries
from marketplace.notifications.models import Notification, Rhythm
from marketplace.notifications.recipients import Recipient
from marketplace.notifications.rhythm import due
from marketplace.verbs import Verb

NAME = "notifications"


def listener() -> Listener:
    return Listener(NAME, tell)


def tell(session: Session, event: Event) -> None:
    """Notes for everybody concerned that they are told of the event, once, and when by mail."""
    told = NEWS[Verb(event.verb)]
    if not isinstance(told, tuple):
        return
    already = audience_queries.told_already(session, event)
    chosen = [
        one for one in _recipients(session, event, told) if one[1].who.person_id not in already
    ]
    rhythms = audience_queries.rhythms(session, [one.who.person_id for _, one in chosen])
    at = now()
    for news, recipient in chosen:
        own = rhythms.get(recipient.who.person_id, {})
        session.add(_notification(event, news, recipient, own.get(news.topic), at))
    session.flush()


def _recipients(
    session: Session, event: Event, told: tuple[News, ...]
) -> Iterator[tuple[News, Recipient]]:
    """Each person once, for the first audience that they belong to, if they may see what it is
    about. What a visitor may see, everybody may.
    """
    open_to_all = queries.sees(session, VISITOR, event)
    met = set()
    for news in told:
        for one in audience_queries.people(session, news.to, event):
            if one.who.person_id in met:
                continue
            met.add(one.who.person_id)
            own_doing = one.who.person_id == event.person_id and not news.security
            if not own_doing and (open_to_all or queries.sees(session, one.who, event)):
                yield news, one


def _notification(
    event: Event, news: News, recipient: Recipient, chosen: Rhythm | None, at: datetime
) -> Notification:
    rhythm = Rhythm.AT_ONCE if news.security else chosen or news.topic.usual
    if recipient.rhythm and chosen is not Rhythm.OFF:
        rhythm = recipient.rhythm
    return Notification(
        person_id=recipient.who.person_id,
        event_id=event.id,
        membership_id=recipient.membership_id,
        kind=news.topic,
        audience=news.to,
        why=recipient.why,
        mail_due_at=due(rhythm, at),
        created_at=event.created_at,
    )
