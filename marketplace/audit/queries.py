"""What sealing and checking read. Both go through all of the journal, whoever may see it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from marketplace.audit.models import Block, Check, Entry
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.organisations.models import Membership
from marketplace.policy import visible_to
from marketplace.verbs import Verb

SEALER = 7_215_040_915  # the advisory lock that one sealer at a time holds
PORTION = 1_000  # entries looked at together
SHOWN = 20  # blocks on a page


def only_sealer(session: Session) -> None:
    """Waits for the end of another's sealing. SQLite has one writer at a time as it is."""
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(SEALER)))


def snapshot(session: Session) -> None:
    """All that is read from here on is of one moment, however long it takes."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite reads so anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def newest(session: Session) -> Block | None:
    return session.exec(select(Block).order_by(col(Block.number).desc()).limit(1)).first()


def unsealed(
    session: Session, since: datetime | None, until: datetime | None, most: int
) -> Sequence[Event]:
    """The oldest events of that time that stand in no entry, kept from changing meanwhile. One
    that a name is just being erased from is for the next time.
    """
    sealed = exists().where(col(Entry.event_id) == col(Event.id))
    found = select(Event).where(~sealed).order_by(col(Event.created_at), col(Event.id)).limit(most)
    if since:
        found = found.where(col(Event.created_at) >= since)
    if until:
        found = found.where(col(Event.created_at) <= until)
    return session.exec(found.with_for_update(read=True, skip_locked=True)).all()


def blocks(session: Session) -> Iterator[Block]:
    """Every block, by number."""
    after = 0
    while portion := session.exec(
        select(Block).where(col(Block.number) > after).order_by(col(Block.number)).limit(PORTION)
    ).all():
        yield from portion
        after = portion[-1].number


def entries(session: Session, block: Block) -> Sequence[tuple[Entry, Event | None]]:
    """What stands in a block, by number, each with the event where that is still there."""
    joined = select(Entry, Event).join(Event, col(Event.id) == col(Entry.event_id), isouter=True)
    inside = joined.where(col(Entry.number).between(block.first, block.last))
    return session.exec(inside.order_by(col(Entry.number))).all()


def first_beyond(session: Session, last: int) -> Entry | None:
    """An entry that stands in no block."""
    beyond = select(Entry).where((col(Entry.number) > last) | (col(Entry.number) < 1))
    return session.exec(beyond.order_by(col(Entry.number)).limit(1)).first()


def first_inserted(session: Session, before: datetime) -> Event | None:
    """The oldest event that should have been sealed long ago and is not."""
    sealed = exists().where(col(Entry.event_id) == col(Event.id))
    older = select(Event).where(~sealed, col(Event.created_at) < before)
    return session.exec(older.order_by(col(Event.created_at), col(Event.id)).limit(1)).first()


def erased(session: Session) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """People who were erased, and these together with what they were members by."""
    gone = select(Event.subject_id).where(Event.verb == Verb.PERSON_ERASE)
    theirs = select(Membership.id).where(col(Membership.person_id).in_(gone))
    people = frozenset(session.exec(gone))
    return people, people | frozenset(session.exec(theirs))


def sealed_of(session: Session, person_id: UUID) -> Sequence[tuple[Entry, Event]]:
    """What is sealed of what a person did, and of what was done to them."""
    joined = select(Entry, Event).join(Event, col(Event.id) == col(Entry.event_id))
    theirs = select(Membership.id).where(Membership.person_id == person_id)
    about = (col(Event.subject_id) == person_id) | col(Event.subject_id).in_(theirs)
    return session.exec(joined.where((col(Event.person_id) == person_id) | about)).all()


def last_check(session: Session) -> Check | None:
    return session.exec(select(Check).order_by(col(Check.created_at).desc()).limit(1)).first()


# ---- What pages show


def newest_block(ctx: Context) -> Block | None:
    seen = select(Block).where(visible_to(ctx.actor, Block)).order_by(col(Block.number).desc())
    return ctx.session.exec(seen.limit(1)).first()


def newest_check(ctx: Context) -> Check | None:
    seen = select(Check).where(visible_to(ctx.actor, Check)).order_by(col(Check.created_at).desc())
    return ctx.session.exec(seen.limit(1)).first()


def page_of_blocks(ctx: Context, before: int | None) -> tuple[Sequence[Block], int | None]:
    """Blocks from the newest, and the number before which there are more."""
    seen = select(Block).where(visible_to(ctx.actor, Block)).order_by(col(Block.number).desc())
    if before is not None:
        seen = seen.where(col(Block.number) < before)
    found = ctx.session.exec(seen.limit(SHOWN + 1)).all()
    shown = found[:SHOWN]
    return shown, shown[-1].number if len(found) > SHOWN else None
