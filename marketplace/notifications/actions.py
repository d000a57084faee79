"""What people can do about what they are told: read it, and choose how often mail of it comes."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlmodel import col

from marketplace.core.context import Context
from marketplace.notifications import queries
from marketplace.notifications.models import Notification, Preference, Rhythm
from marketplace.notifications.rhythm import due
from marketplace.notifications.topics import Topic
from marketplace.perform import perform, permit
from marketplace.verbs import Verb


def read(ctx: Context, notification: Notification) -> None:
    """Marks one as read; one that is read already stays so."""
    permit(ctx, Verb.NOTIFICATION_READ, notification)
    if notification.read_at is None:
        perform(ctx, Verb.NOTIFICATION_READ, notification)
        notification.read_at = ctx.now


def read_all(ctx: Context) -> int:
    """Marks all as read that the reader is told for the organisation they act for, and for
    themselves; how many those were.
    """
    unread = queries.all_unread(ctx)
    if unread:
        perform(ctx, Verb.NOTIFICATION_READ, unread[0], number=len(unread))
        ids = [one.id for one in unread]
        ctx.session.exec(
            update(Notification).where(col(Notification.id).in_(ids)).values(read_at=ctx.now)
        )
    return len(unread)


def choose(ctx: Context, chosen: Mapping[Topic, Rhythm]) -> None:
    """How often mail of each kind of news comes from now on; what waits to be sent, too."""
    known = queries.preferences(ctx)
    for topic, rhythm in chosen.items():
        before = known.get(topic)
        if rhythm == (before.rhythm if before else topic.usual):
            continue
        preference = before or Preference(
            person_id=ctx.actor.person_id, kind=topic, rhythm=rhythm, created_at=ctx.now
        )
        perform(ctx, Verb.PREFERENCE_SET, preference, kind=topic, rhythm=rhythm)
        preference.rhythm = rhythm
        _put(ctx, topic, rhythm)


def _put(ctx: Context, topic: Topic, rhythm: Rhythm) -> None:
    """Moves what waits for a digest. What is due already, and all about the safety of an account
    is, goes out as it was to.
    """
    ctx.session.exec(
        update(Notification)
        .where(
            col(Notification.person_id) == ctx.actor.person_id,
            col(Notification.kind) == topic,
            col(Notification.mailed_at).is_(None),
            col(Notification.mail_due_at) > ctx.now,
        )
        .values(mail_due_at=due(rhythm, ctx.now))
    )
