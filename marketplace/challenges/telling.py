"""The history of a challenge in words."""

from collections.abc import Mapping

from auth.actor import Actor
from marketplace.challenges.drafts import PARTS
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry, by
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.CHALLENGE_DRAFT: "Started",
    Verb.CHALLENGE_SUBMIT: "Sent to LOTI",
    Verb.CHALLENGE_RETURN: "Edits requested",
    Verb.CHALLENGE_APPROVE: "Published",
    Verb.CHALLENGE_CLOSE: "Closed",
    Verb.CHALLENGE_TAKE: "Taken into a tender",
    Verb.CHALLENGE_PILOT: "Being piloted",
    Verb.CHALLENGE_SHARE: "Learning shared",
    Verb.CHALLENGE_DROP: "Dropped",
    Verb.CHALLENGE_WITHDRAW: "Withdrawn",
    Verb.COMMITMENT_MAKE: "Has this need too",
    Verb.COMMITMENT_CHANGE: "Changed what it said",
    Verb.COMMITMENT_WITHDRAW: "No longer takes part",
}


def told(event: Event, to: Actor) -> Entry:
    """The event for this reader."""
    return Entry(TITLES.get(event.verb, event.verb), event.created_at, by(event, to), _facts(event))


def _facts(event: Event) -> str:
    facts = event.facts
    if level := facts.get("level"):
        volume = facts.get("volume")
        size = f", {volume:,} {facts.get('unit', '')}" if volume is not None else ""
        return f"{str(level).capitalize()}{size}"
    if part := facts.get("part"):
        return f"About: {PARTS[part]}"
    return str(facts.get("outcome", ""))
