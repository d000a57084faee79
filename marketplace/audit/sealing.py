"""Seals the journal: one block after another, by one sealer at a time.

Events are written without a hash, so that writers never wait for one another. The sealer sees only
those whose transactions are over, orders them by time and id, and appends them. Transactions end
out of order, so an event may be sealed later than a younger one, but never twice, and none is
skipped. One that turns up an hour behind what is sealed already was not written by the
marketplace: it stays outside, and the check names it.
"""

from datetime import timedelta

from sqlalchemy import Engine

from marketplace.audit import canonical, queries
from marketplace.audit.models import Block, Entry
from marketplace.core.db import reading, writing
from marketplace.core.times import now

MOST = 1_000  # entries in a block
SETTLED = timedelta(seconds=30)  # by then, transactions that began before an event are mostly over
LATEST = timedelta(hours=1)  # a transaction lasts no longer


def seal(engine: Engine) -> int:
    """Seals all that is settled; the number of events."""
    sealed = 0
    while _is_any(engine) and (more := _append(engine)):
        sealed += more
    return sealed


def _is_any(engine: Engine) -> bool:
    """Whether there is something to seal, without the lock of a writer."""
    with reading(engine) as session:
        last = queries.newest(session)
        since = last.newest_at - LATEST if last else None
        return bool(queries.unsealed(session, since, now() - SETTLED, most=1))


def _append(engine: Engine) -> int:
    with writing(engine) as session:
        queries.only_sealer(session)
        last = queries.newest(session)
        since = last.newest_at - LATEST if last else None
        events = queries.unsealed(session, since, now() - SETTLED, MOST)
        if not events:
            return 0
        first = last.last + 1 if last else 1
        entries = []
        for number, event in enumerate(events, first):
            of_name, of_facts = canonical.salt(), canonical.salt()
            name, facts = canonical.name(event, of_name), canonical.facts(event, of_facts)
            entries.append(
                Entry(
                    number=number,
                    event_id=event.id,
                    hash=canonical.entry(event, name, facts),
                    name_hash=name,
                    name_salt=of_name,
                    facts_hash=facts,
                    facts_salt=of_facts,
                )
            )
        block = Block(
            number=last.number + 1 if last else 1,
            first=first,
            last=entries[-1].number,
            root=canonical.root([entry.hash for entry in entries]),
            previous=last.hash if last else canonical.BEGINNING,
            hash="",
            newest_at=max(events[-1].created_at, last.newest_at if last else events[-1].created_at),
            created_at=now(),
        )
        block.hash = hash_of(block)
        session.add_all([block, *entries])
        session.commit()
    return len(entries)


def hash_of(block: Block) -> str:
    return canonical.block(
        number=block.number,
        first=block.first,
        last=block.last,
        root=block.root,
        previous=block.previous,
        newest=block.newest_at,
        at=block.created_at,
    )
