"""An event of the journal in words."""

from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.saying import SAYS
from marketplace.verbs import Verb


def told(event: Event) -> str:
    """Such as "Camden published a challenge, Monday 23 November 2026 at 12 noon (UK time)"."""
    who = event.organisation_name or "The marketplace"
    return f"{who} {SAYS[Verb(event.verb)]}, {when(event.created_at)}"
