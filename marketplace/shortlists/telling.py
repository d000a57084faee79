"""The history of a shortlist in words."""

from collections.abc import Mapping

from marketplace.core.journal import Event
from marketplace.core.timeline import Entry
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.SHORTLIST_START: "Started",
    Verb.SHORTLIST_RENAME: "Renamed",
    Verb.SHORTLIST_KEEP: "Products kept",
    Verb.SHORTLIST_NOTE: "Note changed",
    Verb.SHORTLIST_REMOVE: "Product removed",
    Verb.SHORTLIST_FREEZE: "Frozen",
}


def told(event: Event) -> Entry:
    """One line of a timeline."""
    products = ", ".join(event.facts.get("products", []))
    return Entry(TITLES[event.verb], event.created_at, event.person_name, products)
