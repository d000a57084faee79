"""The history of a product in words."""

from collections.abc import Mapping
from typing import Any

from marketplace.catalogue.drafts import SECTIONS
from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.PRODUCT_DRAFT: "Started",
    Verb.PRODUCT_EDIT: "Edited",
    Verb.PRODUCT_PUBLISH: "Listed",
    Verb.PRODUCT_PAUSE: "Paused",
    Verb.PRODUCT_RETIRE: "Retired",
}


def told(event: Event) -> Mapping[str, str]:
    """One line of a timeline."""
    return {
        "title": TITLES[event.verb],
        "when": when(event.created_at),
        "at": event.created_at.isoformat(),
        "by": f"{event.person_name}, {event.organisation_name}",
        "text": _facts(event.facts),
    }


def _facts(facts: Mapping[str, Any]) -> str:
    """Which answers were changed, by the words they were asked with."""
    if "section" not in facts:
        return ""
    fields = SECTIONS[facts["section"]].form.model_fields
    return "; ".join(str(fields[name].title) for name in facts["changed"] if name in fields)
