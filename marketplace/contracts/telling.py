"""The history of a contract in words."""

from collections.abc import Mapping

from auth.actor import Actor
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry, by
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.CONTRACT_PREPARE: "Begun",
    Verb.CONTRACT_EDIT: "Written down",
    Verb.CONTRACT_ATTACH: "Document added",
    Verb.CONTRACT_DETACH: "Document removed",
    Verb.CONTRACT_RELY: "Relies on a finding",
    Verb.CONTRACT_SIGN: "Signed",
    Verb.CONTRACT_CITE: "Recorded as done",
    Verb.CONTRACT_CHANGE: "Changed",
    Verb.CONTRACT_EXTEND: "Extension decided",
    Verb.CONTRACT_END: "Ended",
    Verb.CONTRACT_REPORT: "Breach or poor performance recorded",
    Verb.CONTRACT_CORRECT: "What was recorded of a breach or poor performance corrected",
    Verb.CONTRACT_REMIND: "Reminded",
    Verb.CALLOFF_PROPOSE: "Call-off proposed",
    Verb.CALLOFF_APPROVE: "Call-off approved",
    Verb.CALLOFF_DECLINE: "Call-off declined",
    Verb.CALLOFF_CANCEL: "Call-off cancelled",
    Verb.MILESTONE_ADD: "Milestone added",
    Verb.MILESTONE_MEET: "Milestone met",
    Verb.REVIEW_WRITE: "Delivery reviewed",
    Verb.REVIEW_ANSWER: "Review answered",
}
SAID = (
    *("title", "name", "standard", "duty", "failing", "value", "reason", "ground", "number"),
    *("outcome", "because"),
)


def told(event: Event, to: Actor) -> Entry:
    """The event for this reader."""
    said = [str(text) for name in SAID if (text := event.facts.get(name))]
    title = TITLES.get(event.verb, event.verb)
    return Entry(title, event.created_at, by(event, to), ". ".join(said))
