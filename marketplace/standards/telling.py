"""The history of a standard in words."""

from collections.abc import Mapping

from auth.actor import Actor
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry, by
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.STANDARD_DRAFT: "Version {number} begun",
    Verb.STANDARD_DISCARD: "Draft of version {number} deleted",
    Verb.STANDARD_PUBLISH: "Version {number} published",
    Verb.STANDARD_SUPERSEDE: "Version {number} superseded",
    Verb.STANDARD_WITHDRAW: "Version {number} withdrawn",
}


def told(event: Event, to: Actor) -> Entry:
    """The event for this reader."""
    facts = event.facts
    title = TITLES[event.verb].format(number=facts.get("number", ""))
    text = facts.get("what_changed") or facts.get("because") or ""
    return Entry(title, event.created_at, by(event, to), text)
