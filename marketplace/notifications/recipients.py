"""Somebody to tell."""

from dataclasses import dataclass
from uuid import UUID

from auth.actor import Actor, Kind
from marketplace.notifications.models import Rhythm
from marketplace.organisations.models import Person


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, as they act for the organisation that it concerns, and why."""

    who: Actor
    why: str
    membership_id: UUID | None
    rhythm: Rhythm | None = None  # of mail, where it is not that of the topic


def oneself(person: Person, why: str) -> Recipient:
    return Recipient(Actor(person.name, Kind.PUBLIC, person_id=person.id), why, None)
