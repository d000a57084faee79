"""The steps of a tender and its contracts as an auditor reads them: who, when, what, on which
version and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from auth.actor import Actor
from marketplace.contracts import telling as contracts
from marketplace.core.journal import Event
from marketplace.core.timeline import by
from marketplace.saying import SAYS
from marketplace.tenders import telling as tenders
from marketplace.tenders.models import Part
from marketplace.verbs import Verb

WHY = ("because", "reason", "message", "outcome", "note")
ABOUT = ("lot", "supplier", "title", "name", "standard", "authority", "duty", "value")
TITLES: Mapping[str, str] = {**tenders.TITLES, **contracts.TITLES}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    who: str
    what: str
    about: str
    version: str
    why: str


def lines(events: Sequence[Event], to: Actor) -> list[Line]:
    """The decisions; what was only saved by itself is left out."""
    return [_line(one, to) for one in events if not _saved_by_itself(one)]


def _saved_by_itself(event: Event) -> bool:
    return event.verb == Verb.TENDER_EDIT and not event.facts.get("part")


def _line(event: Event, to: Actor) -> Line:
    facts = event.facts
    said = [str(facts[name]) for name in ABOUT if facts.get(name)]
    if bidder := facts.get("bidder"):
        said.append(f"Bidder {bidder}")
    why = [str(facts[name]) for name in WHY if facts.get(name)]
    return Line(
        event.created_at,
        by(event, to),
        TITLES.get(event.verb) or SAYS.get(Verb(event.verb), event.verb).capitalize(),
        ", ".join(said),
        _version(facts),
        " ".join(why),
    )


def _version(facts: Mapping[str, object]) -> str:
    """The version, or the fingerprint, of what was decided on."""
    if part := facts.get("part"):
        number = f", version {facts['version']}" if facts.get("version") else ""
        return f"{Part(str(part)).label}{number}"
    if cited := facts.get("number"):
        return str(cited)
    digest = str(facts.get("digest") or "")
    return f"Fingerprint {digest[:12]}" if digest else ""
