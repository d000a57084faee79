"""Checks the whole chain once a day, and keeps what was found for LOTI to see."""

from datetime import timedelta

import structlog
from sqlalchemy import Engine

from marketplace.audit import queries
from marketplace.audit.models import Check
from marketplace.audit.verifying import Found, Noted, verify
from marketplace.core.db import reading, writing
from marketplace.core.times import now

EVERY = timedelta(days=1)
log = structlog.get_logger()


def check(engine: Engine, noted: Noted | None = None) -> Found:
    """Looks at all of it, and writes down that it did."""
    with reading(engine) as session:
        found = verify(session, noted)
    with writing(engine) as session:
        session.add(Check(entries=found.entries, finding=found.finding))
        session.commit()
    return found


def check_when_due(engine: Engine) -> None:
    with reading(engine) as session:
        last, newest = queries.last_check(session), queries.newest(session)
    if newest is None or (last and now() - last.created_at < EVERY):
        return
    if finding := check(engine).finding:
        log.error("audit.broken", finding=finding)
