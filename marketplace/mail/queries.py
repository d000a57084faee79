"""What mail there is: what is to be sent, what came back, and whose it is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from auth.actor import CLOCK, NOBODY
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.notifications.models import Mail, MailStage, Notification
from marketplace.organisations.models import Person, Standing
from marketplace.policy import visible_to

SHOWN = 100  # mails on a page
AT_ONCE = 200  # people whose news is put into mails in one go
LETTERS = ("link", "invitation", "seat", "address")  # what somebody asked for, and waits for
IN_A_ROW = 2  # mails that come back before an address gets no more news


def one(ctx: Context, id: UUID) -> Mail:
    seen = select(Mail).where(Mail.id == id, visible_to(ctx.actor, Mail))
    if mail := ctx.session.exec(seen).one_or_none():
        return mail
    raise NotFound("There is no such mail.")


def known(ctx: Context, purpose: str, about_id: UUID, email: str, serial: int) -> bool:
    """Whether there is such a mail already: an event may be told twice."""
    same = select(Mail.id).where(
        Mail.purpose == purpose,
        Mail.about_id == about_id,
        Mail.email == email,
        Mail.serial == serial,
        visible_to(ctx.actor, Mail),
    )
    return ctx.session.exec(same).first() is not None


def digests(ctx: Context, person_id: UUID) -> int:
    """The number of the last digest that a person got."""
    last = select(func.max(Mail.serial)).where(
        Mail.purpose == "digest", Mail.about_id == person_id, visible_to(ctx.actor, Mail)
    )
    return ctx.session.exec(last).one() or 0


# ---- For the courier


def due(ctx: Context) -> Mail | None:
    """The mail to send next, locked. What somebody waits for goes before news."""
    waiting = (
        select(Mail)
        .where(
            Mail.stage == MailStage.QUEUED,
            col(Mail.due_at) <= ctx.now,
            visible_to(ctx.actor, Mail),
        )
        .order_by(col(Mail.purpose).not_in(LETTERS), col(Mail.due_at), col(Mail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return ctx.session.exec(waiting).one_or_none()


def owed(ctx: Context) -> Sequence[Person]:
    """People who have news that is due by mail, locked so that nobody puts it into mails twice."""
    news = select(Notification.person_id).where(*_due(ctx), visible_to(ctx.actor, Notification))
    people = select(Person).where(col(Person.id).in_(news), visible_to(ctx.actor, Person))
    return ctx.session.exec(
        people.order_by(col(Person.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    ).all()


def news(ctx: Context, person_id: UUID) -> Sequence[Notification]:
    """What is due to a person by mail, the oldest first."""
    theirs = select(Notification).where(
        Notification.person_id == person_id, *_due(ctx), visible_to(ctx.actor, Notification)
    )
    return ctx.session.exec(theirs.order_by(col(Notification.created_at))).all()


def _due(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    return col(Notification.mail_due_at) <= ctx.now, col(Notification.mailed_at).is_(None)


def told_by(ctx: Context, mail: Mail) -> Sequence[Notification]:
    """The news that a mail tells, the oldest first."""
    its = select(Notification).where(
        Notification.mail_id == mail.id, visible_to(ctx.actor, Notification)
    )
    return ctx.session.exec(its.order_by(col(Notification.created_at))).all()


def comes_back(ctx: Context, email: str) -> bool:
    """Whether the last mails to an address did not arrive, so that news for it is pointless."""
    over = (MailStage.SENT, MailStage.BOUNCED, MailStage.REFUSED)
    last = (
        select(Mail.stage)
        .where(Mail.email == email, col(Mail.stage).in_(over), visible_to(CLOCK, Mail))
        .order_by(col(Mail.sent_at).desc(), col(Mail.id))
        .limit(IN_A_ROW)
    )
    found = ctx.session.exec(last).all()
    return len(found) == IN_A_ROW and MailStage.SENT not in found


def comes_back_from(ctx: Context) -> str:
    """The reader's own address, when mail to it does not arrive."""
    own = select(Person.email).where(Person.id == ctx.actor.person_id)
    if ctx.actor.seen_through or not ctx.actor.known:
        return ""
    email = ctx.session.exec(own.where(visible_to(ctx.actor, Person))).one_or_none()
    return email if email and comes_back(ctx, email) else ""


# ---- Bounces


def sent_as(ctx: Context, message_id: str) -> Mail | None:
    """The mail that was sent under this id, locked for what is known of it now."""
    same = select(Mail).where(Mail.message_id == message_id, visible_to(ctx.actor, Mail))
    return ctx.session.exec(same.with_for_update()).one_or_none() if message_id else None


# ---- Pages


def numbers(ctx: Context) -> Mapping[str, int]:
    by_stage = select(Mail.stage, func.count()).where(visible_to(ctx.actor, Mail))
    return dict(ctx.session.exec(by_stage.group_by(col(Mail.stage))).all())


def unsent(ctx: Context) -> Sequence[Mail]:
    """What waits, was refused or came back; what failed first, then the newest."""
    stages = (MailStage.QUEUED, MailStage.REFUSED, MailStage.BOUNCED)
    rows = select(Mail).where(col(Mail.stage).in_(stages), visible_to(ctx.actor, Mail))
    waits = (col(Mail.stage) == MailStage.QUEUED) & (col(Mail.attempts) == 0)
    return ctx.session.exec(rows.order_by(waits, col(Mail.created_at).desc()).limit(SHOWN)).all()


def outbox(ctx: Context) -> Sequence[Mail]:
    """In the demo, what would have been sent, newest first: the letters to anybody, since anybody
    may become anybody there, and the reader's own news, which support does not read with their
    eyes.
    """
    reader = NOBODY if ctx.actor.seen_through else ctx.actor.person_id
    own = select(Person.email).where(Person.id == reader, visible_to(ctx.actor, Person))
    shown = select(Mail).where(
        Mail.stage == MailStage.SENT,
        or_(col(Mail.purpose).in_(LETTERS), col(Mail.email).in_(own)),
        visible_to(CLOCK, Mail),
    )
    return ctx.session.exec(shown.order_by(col(Mail.sent_at).desc()).limit(SHOWN)).all()


def person(ctx: Context, id: UUID) -> Person | None:
    """Somebody whom news can be sent to: neither suspended nor gone."""
    seen = select(Person).where(
        Person.id == id, Person.stage == Standing.ACTIVE, visible_to(ctx.actor, Person)
    )
    return ctx.session.exec(seen).one_or_none()
