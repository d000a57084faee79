"""Who has approved what: the standing of every part with every party, computed and never stored.

An approval stands as long as the content that concerns its party is what was approved. So a change
re-opens only the approvals of those whom it concerns. What everybody sees already waits for nobody:
when an authority leaves a published tender, the marketplace publishes what is left by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from marketplace.core.times import day
from marketplace.tenders.content import Content, concerning, digest
from marketplace.tenders.models import Approval, Part, PartVersion, Party, PartyStage, Tender
from marketplace.tenders.queries import Versions

Approvals = Mapping[tuple[UUID, Part], Approval]
Seen = Mapping[str, int]  # by part, the number of the version that everybody sees


class State(StrEnum):
    APPROVED = "approved"
    REOPENED = "re-opened"  # approved, and changed since
    OBJECTED = "objected"  # a change was asked for
    WAITING = "waiting"
    PUBLISHED = "published"  # not as approved, and nothing is being changed
    EMPTY = "empty"  # nothing has been saved yet
    NOT_NEEDED = "not-needed"


TO_APPROVE = frozenset({State.WAITING, State.REOPENED})


@dataclass(frozen=True, slots=True)
class Cell:
    """One part with one party."""

    party: Party
    part: Part
    state: State
    version: PartVersion | None = None  # the newest
    content: Content | None = None  # as much of it as concerns the party
    approval: Approval | None = None

    @property
    def digest(self) -> str:
        return digest(self.content or {})

    @property
    def blocks(self) -> bool:
        return self.state not in (State.APPROVED, State.PUBLISHED, State.NOT_NEEDED)

    @property
    def says(self) -> str:
        """The words of the cell."""
        number = self.approval.version.number if self.approval else 0
        match self.state:
            case State.APPROVED if self.approval:
                return f"Approved version {number}, {day(self.approval.said_at)}"
            case State.REOPENED:
                return f"Approved version {number}, changed since"
            case State.OBJECTED:
                return f"Asked for a change to version {number}"
            case State.PUBLISHED:
                return "As published"
            case State.EMPTY:
                return "Nothing saved yet"
            case State.NOT_NEEDED:
                return "Does not need approval"
        who = self.party.approver
        return f"Waiting for {who.name}" if who else "Waiting for an approver to be named"


def cells(
    tender: Tender,
    parties: Sequence[Party],
    versions: Versions,
    approvals: Approvals,
    seen: Seen,
) -> list[tuple[Party, list[Cell]]]:
    """The matrix: a row an accepted party, the lead first, and a cell a part."""
    return [
        (party, [cell(tender, party, part, versions, approvals, seen) for part in Part])
        for party in taking_part(parties)
    ]


def taking_part(parties: Sequence[Party]) -> Iterator[Party]:
    return (party for party in parties if party.stage is PartyStage.ACCEPTED)


def cell(
    tender: Tender,
    party: Party,
    part: Part,
    versions: Versions,
    approvals: Approvals,
    seen: Seen,
) -> Cell:
    own = part is Part.ANNEX
    version = versions.get((part, party.id if own else tender.id))
    if own and (version is None or not any(version.content.values())):
        return Cell(party, part, State.NOT_NEEDED)
    if version is None:
        return Cell(party, part, State.EMPTY)
    leads = party.organisation_id == tender.organisation_id
    content = concerning(part, version.content, party.organisation_id, leads=leads)
    approval = approvals.get((party.id, part))
    state = _state(approval, digest(content))
    if state in TO_APPROVE and version.number == seen.get(part):
        state = State.PUBLISHED
    return Cell(party, part, state, version, content, approval)


def _state(approval: Approval | None, present: str) -> State:
    if approval is None:
        return State.WAITING
    if not approval.given:
        return State.OBJECTED if approval.digest == present else State.WAITING
    return State.APPROVED if approval.digest == present else State.REOPENED
