"""Who may do what, and who sees what. There is no other place.

`PERMISSIONS` says for each verb what must hold; what does not hold refuses with a sentence.
`VISIBILITY` says for each table which of its rows an actor may see; every other row does not exist
for that actor. Both are put together from one file a capability.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from auth.actor import Actor, Kind
from marketplace.core.db import kept
from marketplace.core.journal import Event
from marketplace.core.workflow import Refusal
from marketplace.policy import (
    audit,
    awards,
    bids,
    catalogue,
    challenges,
    claims,
    contracts,
    evaluation,
    people,
    saved,
    shortlists,
    standards,
    tenders,
)
from marketplace.policy.clauses import VISIBILITY, loti, own
from marketplace.policy.people import ASKING, OWN_NEWS, in_the_directory
from marketplace.policy.tenders import inside
from marketplace.rules import Rules
from marketplace.verbs import Verb

__all__ = [
    "ASKING",
    "FRESHLY",
    "LOOKING",
    "OWN_NEWS",
    "PERMISSIONS",
    "VISIBILITY",
    "audience",
    "in_the_directory",
    "inside",
    "refusal",
    "visible_to",
]

# A capability's file has as many of these as it needs: PERMISSIONS; VISIBILITY; FRESHLY; UNSENT,
# the events that LOTI does not see; `events`, which of its events others see.
CAPABILITIES = (
    people,
    standards,
    catalogue,
    claims,
    challenges,
    tenders,
    bids,
    evaluation,
    awards,
    contracts,
    shortlists,
    saved,
    audit,
)
PERMISSIONS: Mapping[Verb, Rules] = {
    verb: rules for one in CAPABILITIES for verb, rules in getattr(one, "PERMISSIONS", {}).items()
}
# What is asked of somebody who signed in long ago only after they prove once more who they are.
FRESHLY: frozenset[Verb] = frozenset().union(*(getattr(one, "FRESHLY", ()) for one in CAPABILITIES))
# All that somebody may do who looks with another's eyes.
LOOKING = frozenset({Verb.SUPPORT_STOP})
EVENTS = tuple(one.events for one in CAPABILITIES if hasattr(one, "events"))
UNSENT: frozenset[Verb] = frozenset().union(*(getattr(one, "UNSENT", ()) for one in CAPABILITIES))


def _events(who: Actor) -> ColumnElement[bool]:
    """An organisation sees what its own people did, LOTI all but drafting, and everybody what the
    capabilities say.
    """
    return or_(
        own(Event.organisation_id, who),
        *(shown(who) for shown in EVENTS),
        and_(loti(who), col(Event.verb).not_in(UNSENT)),
    )


for _capability in CAPABILITIES:
    VISIBILITY.update(getattr(_capability, "VISIBILITY", {}))
VISIBILITY[Event] = _events


def refusal(who: Actor, verb: Verb, what: object) -> Refusal:
    """Why this actor may not do this to that; None when nothing forbids it."""
    if who.seen_through and verb not in LOOKING:
        return "You look at this with somebody else's eyes, so you cannot change anything."
    broken = (rule for rule in PERMISSIONS[verb] if not rule.holds(who, what))
    return next((f"To do this you must {rule.says}." for rule in broken), None)


def visible_to(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    """The rows of a table that this actor may see, as a clause for `where`."""
    return _clause(who, kind)  # type: ignore[arg-type]  # classes are hashable; mypy doubts it


@kept
def _clause(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    return VISIBILITY[kind](who)


def audience(who: Actor) -> frozenset[str]:
    """The audiences of search documents that this actor belongs to."""
    belongs = {"public"}
    if who.kind in (Kind.AUTHORITY, Kind.LOTI):
        belongs.add("authorities")
    if who.kind is Kind.LOTI:
        belongs.add("loti")
    if who.kind is not Kind.PUBLIC:
        belongs.add(f"organisation-{who.organisation_id}")
    return frozenset(belongs)
