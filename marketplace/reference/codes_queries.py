"""The CPV codes in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.reference.models import CpvCode


def labels(session: Session) -> Mapping[str, str]:
    """Every code that was read in, with its label."""
    return dict(session.exec(select(CpvCode.code, CpvCode.label)).all())


def state(session: Session) -> tuple[int, datetime | None]:
    """How many there are and when the last one came: it changes when they do."""
    return session.exec(select(func.count(), func.max(col(CpvCode.created_at)))).one()
