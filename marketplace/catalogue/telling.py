"""The history of a product in words."""

from collections.abc import Mapping
from typing import Any

from marketplace.catalogue.drafts import SECTIONS
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.PRODUCT_DRAFT: "Started",
    Verb.PRODUCT_EDIT: "Edited",
    Verb.PRODUCT_PUBLISH: "Listed",
    Verb.PRODUCT_PAUSE: "Paused",
    Verb.PRODUCT_RETIRE: "Retired",
    Verb.PRODUCT_ADD: "Added",
    Verb.PRODUCT_CHANGE: "Changed",
    Verb.PRODUCT_REMOVE: "Removed",
    Verb.PRODUCT_COPY: "Copied into a new draft",
    Verb.PRODUCT_SUSPEND: "Suspended by LOTI",
    Verb.PRODUCT_RESTORE: "Restored by LOTI",
    Verb.EDIT_ACKNOWLEDGE: "A change was acknowledged",
    Verb.EDIT_REVERT: "A change was taken back",
    Verb.REPORT_MAKE: "Reported to LOTI",
    Verb.REPORT_CLOSE: "A report was closed",
    Verb.USE_CONFIRM: "An authority says that it uses it",
    Verb.USE_DENY: "An authority says that it does not use it",
}


def told(event: Event) -> Entry:
    """One line of a timeline."""
    who = f"{event.person_name}, {event.organisation_name}"
    return Entry(TITLES[event.verb], event.created_at, who, _facts(event.facts))


def _facts(facts: Mapping[str, Any]) -> str:
    """Which answers were changed, by the words they were asked with; what was added; and why."""
    said = [str(facts[name]) for name in ("text", "part", "because") if facts.get(name)]
    if "changed" in facts:
        fields = SECTIONS[facts["section"]].form.model_fields
        said += [str(fields[name].title) for name in facts["changed"] if name in fields]
    return "; ".join(said)
