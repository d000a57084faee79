"""The history of a claim in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from auth.actor import Actor, Kind
from marketplace.claims.models import Stage
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry
from marketplace.core.times import day
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.CLAIM_MAKE: "Claimed",
    Verb.CLAIM_SUBMIT: "Sent to LOTI",
    Verb.CLAIM_TAKE: "Assessment begun",
    Verb.CLAIM_RELEASE: "Put back into the queue",
    Verb.CLAIM_RETURN: "Edits requested",
    Verb.CLAIM_LAPSE: "The time to mend it is over",
    Verb.CLAIM_DECIDE: "Decided",
    Verb.CLAIM_REVOKE: "Revoked",
    Verb.CLAIM_REPLACE: "A newer assessment has taken its place",
    Verb.CLAIM_REMIND: "Reminded of its end",
    Verb.CLAIM_EXPIRE: "Expired",
    Verb.CLAIM_RENEW: "Renewal begun",
    Verb.CLAIM_WITHDRAW: "Withdrawn",
}


def told(event: Event, to: Actor) -> Entry:
    """One line of a timeline. Suppliers read LOTI's name, not those of its people."""
    ours = event.organisation_id == to.organisation_id or to.kind is Kind.LOTI
    by = event.organisation_name or "the marketplace"
    if ours and event.organisation_name:
        by = f"{event.person_name}, {event.organisation_name}"
    return Entry(TITLES.get(event.verb, event.verb), event.created_at, by, _facts(event.facts))


def _facts(facts: Mapping[str, Any]) -> str:
    said = []
    if outcome := facts.get("outcome"):
        said.append(f"{Stage(outcome).label}.")
    if until := facts.get("until") or facts.get("ends"):
        said.append(f"Until {day(date.fromisoformat(until))}.")
    said += [str(facts[name]) for name in ("remark", "because") if facts.get(name)]
    return " ".join(said)
