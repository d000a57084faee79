"""A journal with entries to seal, and hands that reach past the marketplace into its database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from marketplace.audit.sealing import seal
from marketplace.audit.verifying import Found, verify
from marketplace.core import db
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.verbs import Verb

Write = Callable[..., list[Event]]


def event(at: datetime, **more: object) -> Event:
    about = {
        "verb": Verb.CHALLENGE_EDIT,
        "subject_kind": "challenge",
        "subject_id": uuid4(),
        "about_id": uuid4(),
        "was": "draft",
        "became": "open",
        "person_id": uuid4(),
        "person_name": "Ada Lovelace",
        "organisation_id": uuid4(),
        "organisation_name": "Camden",
        "facts": {"because": "It is ready", "value": 1.5, "who": ["Äda", None]},
        "created_at": at,
    }
    return Event(**(about | more))


@pytest.fixture
def write(marketplace) -> Write:
    """Journals so many events, a second apart, the last of them some time ago."""

    def write(number: int, ago: timedelta = timedelta(minutes=5), **more: object) -> list[Event]:
        last = now() - ago
        made = [event(last - timedelta(seconds=number - n), **more) for n in range(number)]
        with db.writing(marketplace.engine) as session:
            session.add_all(made)
            session.commit()
        return made

    return write


@pytest.fixture
def sealed(marketplace, write) -> list[Event]:
    """Ten events in two blocks, none of them the newest that may be sealed."""
    first = write(6, timedelta(minutes=9))
    assert seal(marketplace.engine) == 6
    second = write(4)
    assert seal(marketplace.engine) == 4
    return [*first, *second]


@pytest.fixture
def found(marketplace) -> Callable[..., Found]:
    def found(noted=None) -> Found:
        with db.reading(marketplace.engine) as session:
            return verify(session, noted)

    return found


@pytest.fixture
def tamper(marketplace) -> Callable[..., None]:
    """Does something to the database that the marketplace never does."""

    def tamper(does: Callable[[Session], object]) -> None:
        with db.writing(marketplace.engine) as session:
            does(session)
            session.commit()

    return tamper
