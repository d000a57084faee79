"""The courier of mail: leases a mail that is due, writes its words, hands it over, marks it.

A mail is handed over outside of any transaction, so a server that is slow holds up nobody. What is
promised: each mail is handed over at least once, however long the server is down, and twice only
if this process dies, or loses the database, between the server's "yes" and the mark. Then it has
the same Message-ID both times.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.mail import queries, writing
from marketplace.mail.actions import LONGEST
from marketplace.mail.letters import Letter, drawn
from marketplace.mail.sending import Refused, Sender, Trouble, Unreachable
from marketplace.notifications.models import Mail, MailStage

LEASE = timedelta(minutes=10)  # far longer than one letter may take
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 86400))
log = structlog.get_logger()


def post(engine: Engine, context: Callable[[Session], Context], sender: Sender) -> int:
    """Sends what is due, one after the other; how many were sent. It stops where the server does
    not answer: each mail would wait as long for nothing.
    """
    sent = 0
    while leased := _lease(engine, context):
        id, attempts = leased
        try:
            sent += _send(engine, context, sender, id)
        except Exception as why:  # words that cannot be made are tried again, too
            _put_off(engine, id, attempts, why)
            if isinstance(why, Unreachable):
                break
    return sent


def _lease(engine: Engine, context: Callable[[Session], Context]) -> tuple[UUID, int] | None:
    with db.writing(engine) as session:
        ctx = context(session)
        mail = queries.due(ctx)
        if mail is None:
            return None
        mail.attempts += 1
        mail.due_at = ctx.now + LEASE  # if we die now, another takes it then
        session.commit()
        return mail.id, mail.attempts


def _send(engine: Engine, context: Callable[[Session], Context], sender: Sender, id: UUID) -> bool:
    with db.reading(engine) as session:
        ctx = context(session)
        mail = session.get_one(Mail, id)
        words = writing.words(ctx, mail)
        letter = drawn(words, id, mail.email, ctx.settings.address) if words else None
        keep = ctx.settings.demo
    if letter is None:
        _mark(engine, id, stage=MailStage.DROPPED)
        return False
    try:
        message_id = sender.send(letter)
    except Refused as why:
        _mark(engine, id, stage=MailStage.REFUSED, error=str(why)[:LONGEST], sent_at=now())
        return False
    kept = _words(letter) if keep else {}
    _mark(engine, id, stage=MailStage.SENT, message_id=message_id, sent_at=now(), error="", **kept)
    return True


def _words(letter: Letter) -> dict[str, str]:
    return {"subject": letter.subject, "text": letter.text, "html": letter.html}


def _mark(engine: Engine, id: UUID, **facts: Any) -> None:
    with db.writing(engine) as session:
        mail = session.get(Mail, id, with_for_update=True)
        if mail is None:  # whoever it was for has been erased meanwhile
            return
        mail.sqlmodel_update(facts)
        log.info("mail.over", mail_id=str(id), purpose=mail.purpose, stage=str(mail.stage))
        session.commit()


def _put_off(engine: Engine, id: UUID, attempts: int, why: Exception) -> None:
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    known = isinstance(why, Trouble)
    said = str(why) if known else f"{type(why).__name__}: {why}"
    log.warning("mail.put_off", mail_id=str(id), attempts=attempts, error=type(why).__name__)
    with db.writing(engine) as session:
        mail = session.get(Mail, id, with_for_update=True)
        if mail and mail.stage == MailStage.QUEUED:
            mail.due_at, mail.error = now() + wait, said[:LONGEST]
        session.commit()
