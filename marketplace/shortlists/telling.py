"""The history of a shortlist in words."""

from collections.abc import Mapping

from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.SHORTLIST_START: "Started",
    Verb.SHORTLIST_RENAME: "Renamed",
    Verb.SHORTLIST_KEEP: "Products kept",
    Verb.SHORTLIST_NOTE: "Note changed",
    Verb.SHORTLIST_REMOVE: "Product removed",
    Verb.SHORTLIST_FREEZE: "Frozen",
}


def told(event: Event) -> Mapping[str, str]:
    """One line of a timeline."""
    return {
        "title": TITLES[event.verb],
        "when": when(event.created_at),
        "at": event.created_at.isoformat(),
        "by": event.person_name,
        "text": ", ".join(event.facts.get("products", [])),
    }
