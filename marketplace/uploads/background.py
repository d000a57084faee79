"""Scanning what was uploaded: beside the requests, as soon as there is something and every minute.

Nobody waits for a lock while the scanner looks: its verdict is written in a transaction of its own.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from marketplace.core import db, files, scanning
from marketplace.core.context import Context
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.files import ObjectStore
from marketplace.core.scanning import Clamd, Scan, Verdict
from marketplace.core.sealing import seal
from marketplace.core.times import now
from marketplace.organisations.models import Organisation
from marketplace.perform import perform
from marketplace.verbs import Verb

log = structlog.get_logger()


def scan(
    engine: Engine, store: ObjectStore, context: Callable[[Session], Context], scanner: Clamd
) -> int:
    """Looks at every file that waits, once; how many there is a verdict on now."""
    with db.reading(engine) as session:
        due = scanning.waiting(session)
    return sum(_one(engine, store, context, scanner, each) for each in due)


def _one(
    engine: Engine,
    store: ObjectStore,
    context: Callable[[Session], Context],
    scanner: Clamd,
    due: Scan,
) -> bool:
    try:
        with _opened(store, context, engine, due) as file:
            found = scanner.scan(file)
    except NotFound:  # it was removed before anybody looked
        found = ""
    except Unavailable as why:  # it stays held, and is tried again
        log.warning("scanning.failed", scan_id=str(due.id), error=str(why))
        _note(engine, due, now())
        return False
    with db.writing(engine) as session:
        scan = session.get(Scan, due.id, with_for_update=True)
        if scan is None or scan.verdict is not Verdict.WAITING:  # another process was quicker
            return False
        scan.tried_at = now()
        scan.verdict, scan.found = (Verdict.INFECTED, found) if found else (Verdict.CLEAN, "")
        if found and not scan.sealed:  # the bidder reads it on the page of the bid
            uploader = session.get_one(Organisation, scan.organisation_id)
            facts = {"upload": scan.file_name, "virus": found}
            perform(context(session), Verb.FILE_REFUSE, scan, about=uploader, **facts)
        session.commit()
    if found:
        with suppress(Unavailable):  # nobody gets it, removed or not
            files.drop(store, due.key)
    return True


def _opened(
    store: ObjectStore, context: Callable[[Session], Context], engine: Engine, due: Scan
) -> BinaryIO:
    if not due.sealed:
        return files.opened(store, due.key)
    with db.reading(engine) as session:
        return seal(context(session).settings).opened_file(store, due.key)


def _note(engine: Engine, due: Scan, at: datetime) -> None:
    """That it was tried, so that the others have their turn."""
    with db.writing(engine) as session:
        if scan := session.get(Scan, due.id):
            scan.tried_at = at
        session.commit()
