"""The steps of a tender and its contracts as an auditor reads them: who, when, what, on which
version and why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from auth.actor import Actor
from marketplace.contracts import telling as contracts
from marketplace.core.journal import Event
from marketplace.core.timeline import by
from marketplace.law import checklist
from marketplace.law.points import MOST_POINTS
from marketplace.saying import SAYS
from marketplace.tenders import telling as tenders
from marketplace.tenders.models import Part
from marketplace.verbs import Verb

WHY = ("because", "reason", "message", "outcome", "note")
ABOUT = ("lot", "question", "supplier", "title", "name", "standard", "authority", "duty", "value")
TITLES: Mapping[str, str] = {
    **tenders.TITLES,
    **contracts.TITLES,
    Verb.CONTRACT_PREPARE: "Contract begun",
    Verb.CONTRACT_EDIT: "Contract written down",
    Verb.CONTRACT_SIGN: "Contract signed",
    Verb.CONTRACT_CHANGE: "Contract changed",
    Verb.CONTRACT_END: "Contract ended",
}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    who: str
    what: str
    about: str
    version: str
    why: str


def lines(events: Sequence[Event], to: Actor, names: Mapping[UUID, str]) -> list[Line]:
    """The decisions; what was only saved by itself is left out. `names` says what the things are
    called that they were about.
    """
    return [_line(one, to, names) for one in events if not _saved_by_itself(one)]


def _saved_by_itself(event: Event) -> bool:
    return event.verb == Verb.TENDER_EDIT and not event.facts.get("part")


def _line(event: Event, to: Actor, names: Mapping[UUID, str]) -> Line:
    facts = event.facts
    return Line(
        event.created_at,
        by(event, to),
        TITLES.get(event.verb) or SAYS.get(Verb(event.verb), event.verb).capitalize(),
        ", ".join(_once(_about(event, names))),
        _version(facts),
        " ".join(_why(event)),
    )


def _once(said: Iterable[str]) -> list[str]:
    """Without what was said before, alone or among other words."""
    kept: list[str] = []
    for text in said:
        if not any(text in before for before in kept):
            kept.append(text)
    return kept


def _about(event: Event, names: Mapping[UUID, str]) -> Iterator[str]:
    facts = event.facts
    ids = [event.about_id, event.subject_id, *map(UUID, filter(None, [facts.get("bid")]))]
    yield from (names[id] for id in ids if id in names)
    yield from (checklist.said(str(facts[name])) for name in ABOUT if facts.get(name))
    if bidder := facts.get("bidder"):
        yield f"Bidder {bidder}"
    if points := facts.get("points"):
        yield f"{points} of {MOST_POINTS}"


def _why(event: Event) -> Iterator[str]:
    """What a seat's holder was told of it is no reason."""
    told = {"outcome"} if event.subject_kind == "seat" else frozenset[str]()
    yield from (str(text) for name in WHY if name not in told and (text := event.facts.get(name)))


def _version(facts: Mapping[str, object]) -> str:
    """The version, or the fingerprint, of what was decided on."""
    if part := facts.get("part"):
        number = f", version {facts['version']}" if facts.get("version") else ""
        return f"{Part(str(part)).label}{number}"
    if cited := facts.get("number"):
        return str(cited)
    digest = str(facts.get("digest") or "")
    return f"Fingerprint {digest[:12]}" if digest else ""
