"""Compares the journal with what was sealed, and names the first row that is not as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.erasing import NAMELESS
from marketplace.audit import canonical, queries
from marketplace.audit.models import Block, Entry
from marketplace.audit.sealing import LATEST, hash_of
from marketplace.core.journal import Event


@dataclass(frozen=True, slots=True)
class Found:
    """How far all is as it was sealed, and the first thing that is not; empty when all is."""

    entries: int
    blocks: int
    newest: str  # the hash of the last block that was looked at
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A block's hash that somebody wrote down elsewhere."""

    number: int
    hash: str


def verify(session: Session, noted: Noted | None = None) -> Found:
    """Goes through the whole chain, then looks for events that were put beside it."""
    queries.snapshot(session)
    people, all_of_theirs = queries.erased(session)
    judge = _Judge(people, all_of_theirs)
    entries, number, previous = 0, 0, canonical.BEGINNING
    newest: Block | None = None
    for block in queries.blocks(session):
        number += 1
        for finding in _of_block(session, block, number, entries, previous, judge):
            return Found(entries, number - 1, previous, finding)
        if noted and noted.number == number and noted.hash != block.hash:
            finding = f"Block {number} is not the one that was noted: its hash is {block.hash}."
            return Found(entries, number - 1, previous, finding)
        entries, previous, newest = block.last, block.hash, block
        session.expunge_all()  # what was looked at need not be remembered
    return Found(entries, number, previous, _beside(session, entries, number, newest, noted))


def _of_block(
    session: Session, block: Block, number: int, entries: int, previous: str, judge: "_Judge"
) -> Iterator[str]:
    """What is wrong with a block, the first thing first."""
    if block.number != number:
        yield f"Block {number} was removed."
    if block.first != entries + 1 or block.last < block.first:
        yield f"Block {number} was changed: it does not begin after entry {entries}."
    rows = queries.entries(session, block)
    yield from judge.rows(block, rows)
    if canonical.root([entry.hash for entry, _ in rows]) != block.root:
        yield f"Block {number} was changed: its entries have another root."
    if block.previous != previous:
        yield f"Block {number} was changed: it names another block before it."
    if hash_of(block) != block.hash:
        yield f"Block {number} was changed: its hash is another."


def _beside(
    session: Session, entries: int, blocks: int, newest: Block | None, noted: Noted | None
) -> str:
    if noted and noted.number > blocks:
        return f"Block {noted.number} was noted, and there are only {blocks}."
    if stray := queries.first_beyond(session, entries):
        return f"Entry {stray.number} was inserted: it stands in no block."
    event = queries.first_inserted(session, newest.newest_at - LATEST) if newest else None
    return f"{_told(event)} was inserted: it is older than what was sealed." if event else ""


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says what is wrong with the rows of a block, knowing who was erased by law."""

    erased: frozenset[UUID]  # people
    all_of_theirs: frozenset[UUID]  # and what they were members by

    def rows(self, block: Block, rows: Sequence[tuple[Entry, Event | None]]) -> Iterator[str]:
        before: tuple[str, str] | None = None
        expected = block.first
        for entry, event in rows:
            if entry.number != expected:
                yield f"Entry {expected} was removed from the chain."
            expected += 1
            if event is None:
                yield f"Entry {entry.number} was removed: event {entry.event_id} is not there."
                return
            if self.is_changed(entry, event):
                yield f"Entry {entry.number} was changed: {_told(event)} is not as it was sealed."
            place = canonical.moment(event.created_at), str(event.id)
            if before is not None and place < before:
                late = f"{_told(event)} is older than the one before."
                yield f"Entry {entry.number} was reordered: {late}"
            before = place
        if expected != block.last + 1:
            yield f"Entry {expected} was removed from the chain."

    def is_changed(self, entry: Entry, event: Event) -> bool:
        if canonical.entry(event, entry.name_hash, entry.facts_hash) != entry.hash:
            return True
        name_holds = entry.name_salt and canonical.name(event, entry.name_salt) == entry.name_hash
        facts_hold = (
            entry.facts_salt and canonical.facts(event, entry.facts_salt) == entry.facts_hash
        )
        return not (name_holds or self.is_nameless(event)) or not (
            facts_hold or self.is_redacted(event)
        )

    def is_nameless(self, event: Event) -> bool:
        return event.person_name == NAMELESS and event.person_id in self.erased

    def is_redacted(self, event: Event) -> bool:
        """Whether a name was taken out of the words of others about somebody who was erased."""
        told = any(isinstance(fact, str) and NAMELESS in fact for fact in event.facts.values())
        return told and event.subject_id in self.all_of_theirs


def _told(event: Event) -> str:
    at = canonical.moment(event.created_at)
    return f"event {event.id} ({event.verb} at {at})"
