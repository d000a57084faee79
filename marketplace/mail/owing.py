"""The clock's part: news that is due is put into mails, at once one by one or together as a digest.

Each person is locked meanwhile, so that two processes do not tell the same news twice. Which words
it will be, and whether any are left, is seen when the mail is sent.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine
from sqlmodel import Session

from marketplace.core import db
from marketplace.core.context import Context
from marketplace.mail import actions, queries
from marketplace.notifications.audience_queries import rhythms
from marketplace.notifications.models import Notification, Rhythm
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Person

TOGETHER = (Rhythm.DAILY, Rhythm.WEEKLY)


def owe(engine: Engine, context: Callable[[Session], Context]) -> None:
    """Puts all news that is due into mails, some people at a time."""
    full = True
    while full:
        with db.writing(engine) as session:
            ctx = context(session)
            people = queries.owed(ctx)
            for person in people:
                _put_into_mails(ctx, person)
            session.commit()
        full = len(people) == queries.AT_ONCE


def _put_into_mails(ctx: Context, person: Person) -> None:
    due = queries.news(ctx, person.id)
    for one in due:
        one.mailed_at = ctx.now
    if queries.comes_back(ctx, person.email):  # it stands in their inbox, and so does why
        return
    chosen = rhythms(ctx.session, [person.id]).get(person.id, {})
    together = [one for one in due if chosen.get(one.kind, Topic(one.kind).usual) in TOGETHER]
    for one in due:
        if one not in together or len(together) == 1:
            _tell(ctx, person, [one], "notification")
    if len(together) > 1:
        _tell(ctx, person, together, "digest")


def _tell(ctx: Context, person: Person, news: Sequence[Notification], purpose: str) -> None:
    digest = purpose == "digest"
    about = person.id if digest else news[0].id
    serial = queries.digests(ctx, person.id) + 1 if digest else 0
    mail = actions.owe(ctx, purpose, about, person.email, serial)
    for one in news:
        one.mail_id = mail.id if mail else None
