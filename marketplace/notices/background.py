"""Reading uploaded files in: a listener that does the work the journal speaks of.

A large file takes minutes. Nobody may have to wait for a lock meanwhile, so how far it is stands
in small transactions of their own, and the notices are written at the end in one. A crash before
that end leaves nothing, and the import runs again from the start; one that is over never does.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from marketplace.core import db, files, outbox
from marketplace.core.context import Context
from marketplace.core.errors import Unavailable
from marketplace.core.files import ObjectStore
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.core.times import now
from marketplace.notices import importing
from marketplace.notices.models import Import, State
from marketplace.notices.reading import Unreadable
from marketplace.notices.staging import Staging, stage
from marketplace.perform import perform
from marketplace.verbs import Verb

NAME = "imports"
TROUBLE = "Something went wrong on our side. We will try again by ourselves."
EVERY = 1  # seconds between two notes of how far it is


def listener(engine: Engine, store: ObjectStore, context: Callable[[Session], Context]) -> Listener:
    def handle(session: Session, event: Event) -> None:
        if event.verb != Verb.NOTICE_IMPORT:
            return
        import_ = session.get(Import, event.subject_id)
        session.close()  # or its transaction would be open for minutes
        if import_ and not import_.is_over:
            _Run(engine, context, import_, event).run(store)

    return Listener(NAME, handle, writes=False)


class _Run:
    """One attempt to read in one file."""

    def __init__(
        self, engine: Engine, context: Callable[[Session], Context], import_: Import, event: Event
    ) -> None:
        self._engine, self._context = engine, context
        self._import, self._event = import_, event
        self._noted = 0.0

    def run(self, store: ObjectStore) -> None:
        try:
            with (
                files.opened(store, self._import.key) as stream,
                stage(stream, self._watch) as staging,
            ):
                self._write(staging)
        except Unreadable as why:
            self._end(state=State.FAILED, sentence=str(why), finished_at=now())
        except Exception:
            self._note(state=State.WAITING, sentence=TROUBLE)
            raise
        with suppress(Unavailable):  # a file that nobody can ask for any more
            files.drop(store, self._import.key)

    def _write(self, staging: Staging) -> None:
        with db.writing(self._engine) as session:
            import_ = self._locked(session)
            if not import_.is_over:  # else another courier was quicker
                ctx = self._context(session)
                importing.write(ctx, import_, staging)
                perform(ctx, Verb.NOTICE_IMPORT, import_, over=True)
            session.commit()

    def _end(self, **facts: Any) -> None:
        """Nothing came of it, which is news to whoever waits for it, too."""
        with db.writing(self._engine) as session:
            import_ = self._locked(session)
            if not import_.is_over:
                perform(self._context(session), Verb.NOTICE_IMPORT, import_, over=True)
                import_.sqlmodel_update(facts)
            session.commit()

    def _watch(self, position: int) -> None:
        if time.monotonic() > self._noted + EVERY:
            self._note(state=State.RUNNING, position=position, sentence="")
            self._noted = time.monotonic()

    def _note(self, **facts: Any) -> None:
        with db.writing(self._engine) as session:
            import_ = self._locked(session)
            if not import_.is_over:
                import_.sqlmodel_update(facts)
                outbox.renew(session, NAME, self._event)
            session.commit()

    def _locked(self, session: Session) -> Import:
        return session.get_one(Import, self._import.id, with_for_update=True)
