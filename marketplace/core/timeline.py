"""What happened to a thing, one line for each step, in words for whoever reads it."""

from dataclasses import dataclass
from datetime import datetime

from auth.actor import Actor, Kind
from marketplace.core.journal import Event


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    at: datetime
    by: str
    text: str = ""


def by(event: Event, to: Actor) -> str:
    """Who did it: the names of people are for authorities and LOTI."""
    if event.organisation_name and to.kind in (Kind.AUTHORITY, Kind.LOTI):
        return f"{event.person_name}, {event.organisation_name}"
    return event.organisation_name or "the marketplace"
