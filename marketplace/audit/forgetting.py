"""When a person is erased, the hashes of their name must not tell it either: their salts go."""

from sqlmodel import Session

from marketplace.audit import canonical, queries
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.verbs import Verb


def listener() -> Listener:
    return Listener("audit", _heard)


def _heard(session: Session, event: Event) -> None:
    """Only where the words are others now, so that what stayed the same can still be checked."""
    if event.verb != Verb.PERSON_ERASE:
        return
    for entry, sealed in queries.sealed_of(session, event.subject_id):
        if canonical.name(sealed, entry.name_salt) != entry.name_hash:
            entry.name_salt = ""
        if canonical.facts(sealed, entry.facts_salt) != entry.facts_hash:
            entry.facts_salt = ""
        session.add(entry)
