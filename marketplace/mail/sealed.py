"""The courier of sealed letters: opens one that is due, hands it over, and forgets it.

Neither a log line nor a row says whom one was to. In the demo it is kept, sealed, for its reader.
"""

from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from marketplace.bids import letters, queries
from marketplace.bids.letters import Said
from marketplace.bids.models import SealedLetter
from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.mail.letters import Letter, Words, drawn
from marketplace.mail.posting import LEASE, WAITS
from marketplace.mail.sending import Refused, Sender, Unreachable

log = structlog.get_logger()


def post(engine: Engine, context: Callable[[Session], Context], sender: Sender) -> int:
    """Sends what is due; how many were sent. It stops where the server does not answer."""
    sent = 0
    while leased := _lease(engine, context):
        letter, attempts = leased
        try:
            sender.send(letter)
        except Refused:
            log.warning("letter.refused")
        except Exception as why:
            _put_off(engine, letter.id, attempts)
            log.warning("letter.put_off", attempts=attempts, error=type(why).__name__)
            if isinstance(why, Unreachable):
                break
            continue
        _forget(engine, context, letter.id)
        sent += 1
    return sent


def _lease(engine: Engine, context: Callable[[Session], Context]) -> tuple[Letter, int] | None:
    with db.writing(engine) as session:
        ctx = context(session)
        due = queries.due_letter(ctx)
        if due is None:
            return None
        due.attempts += 1
        due.due_at = ctx.now + LEASE  # if we die now, another takes it then
        said = letters.read(ctx, due)
        session.commit()
        return drawn(words(said), due.id, said["to"], ctx.settings.address), due.attempts


def words(said: Said) -> Words:
    return Words(
        subject=said["subject"],
        why=said["why"],
        lines=tuple(said["lines"]),
        link=("Open your bid", said["href"]),
    )


def _forget(engine: Engine, context: Callable[[Session], Context], id: UUID) -> None:
    with db.writing(engine) as session:
        letter = session.get(SealedLetter, id, with_for_update=True)
        if letter and context(session).settings.demo:
            letter.due_at = None
        elif letter:
            session.delete(letter)
        session.commit()


def _put_off(engine: Engine, id: UUID, attempts: int) -> None:
    with db.writing(engine) as session:
        if letter := session.get(SealedLetter, id, with_for_update=True):
            letter.due_at = now() + WAITS[min(attempts, len(WAITS)) - 1]
        session.commit()
