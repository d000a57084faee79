"""The history of a standard in words."""

from collections.abc import Mapping
from typing import Any

from auth.actor import Actor, Kind
from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.STANDARD_DRAFT: "Version {number} begun",
    Verb.STANDARD_DISCARD: "Draft of version {number} deleted",
    Verb.STANDARD_PUBLISH: "Version {number} published",
    Verb.STANDARD_SUPERSEDE: "Version {number} superseded",
    Verb.STANDARD_WITHDRAW: "Version {number} withdrawn",
}


def told(event: Event, to: Actor) -> Mapping[str, Any]:
    """The event for this reader: the names of people are for authorities and LOTI."""
    by = event.organisation_name or "the marketplace"
    if event.organisation_name and to.kind in (Kind.AUTHORITY, Kind.LOTI):
        by = f"{event.person_name}, {event.organisation_name}"
    facts = event.facts
    return {
        "title": TITLES[event.verb].format(number=facts.get("number", "")),
        "when": when(event.created_at),
        "at": event.created_at.isoformat(),
        "by": by,
        "text": facts.get("what_changed") or facts.get("because") or "",
    }
