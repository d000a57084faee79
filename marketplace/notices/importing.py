"""Writing what a file brings: new notices, newer and older releases of known ones, nothing twice.

All of it is one transaction, so that a file is in or it is not. SQLite lets nobody else write
meanwhile, so everything that takes long was done before, in `staging`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.notices import queries
from marketplace.notices.models import Import, Notice, Release, State
from marketplace.notices.queries import Known
from marketplace.notices.staging import Brought, Content, Kept, Key, Staging, Watch, add, stage
from marketplace.perform import perform
from marketplace.verbs import Verb

ATTEMPTS = 3

Row = dict[str, Any]


def from_file(
    engine: Engine,
    context: Callable[[Session], Context],
    stream: BinaryIO,
    about: Import,
    watch: Watch = lambda position: None,
) -> Import:
    """Reads and writes a file at once, for somebody who waits. Raises Unreadable, and then
    nothing was written.
    """
    with stage(stream, watch) as staging:
        for attempt in range(1, ATTEMPTS + 1):
            import_ = Import(**about.model_dump())
            try:
                with db.writing(engine) as session:
                    write(context(session), import_, staging)
                    session.commit()
            except IntegrityError:  # somebody else reads in the same notices at this moment
                if attempt == ATTEMPTS:
                    raise
            else:
                break
    return import_


def write(ctx: Context, import_: Import, staging: Staging) -> None:
    """Writes all of it in the session of the context, and what came of it on the import.

    An import of which nothing is new leaves no trace unless it has its row already. Raises
    IntegrityError when somebody else writes the same notices at the same moment.
    """
    counts = Counter[str]()
    for brought in staging.portions():
        portion = _Portion(import_, queries.known(ctx.session, [one.key for one in brought]))
        for one in brought:
            portion.add(one)
        if touched := portion.write(ctx):
            perform(ctx, Verb.NOTICE_IMPORT, import_, notices=[str(id) for id in touched])
        counts += portion.counts
    read = staging.result
    import_.read, import_.refused, import_.warnings = read.read, read.refused, read.warnings
    import_.new, import_.updated = counts["new"], counts["updated"]
    import_.unchanged, import_.problems = counts["unchanged"], read.problems
    import_.position, import_.sentence = import_.size, ""
    import_.state, import_.finished_at = State.DONE, now()


class _Portion:
    """Notices that are looked up together, written together and made known by one event."""

    def __init__(self, import_: Import, known: Mapping[Key, Known]) -> None:
        self.counts = Counter[str]()
        self._import, self._known = import_, known
        self._new: list[Row] = []
        self._changed: list[Row] = []
        self._outdated: list[Row] = []
        self._releases: list[Row] = []

    def add(self, brought: Brought) -> None:
        known = self._known.get(brought.key)
        kept = Kept(known.releases if known else {})
        taken = sum(add(kept, release) for release in brought.releases)
        self.counts["unchanged"] += len(brought.releases) - taken
        if known is None:
            self.counts["new"] += 1
            self.counts["updated"] += taken - 1
            id = uuid4()
            self._new.append({**brought.row, "id": id, "import_id": self._import.id})
            self._keep(id, kept, {})
        elif taken:
            self.counts["updated"] += taken
            self._changed.append({**kept.row, "of_notice": known.id})
            self._keep(known.id, kept, known.releases)

    def _keep(self, notice_id: UUID, kept: Kept, before: Mapping[str, Content]) -> None:
        for release_id, given in kept.items():
            if before.get(release_id) == given:
                continue
            if release_id in before:
                self._outdated.append({"of_notice": notice_id, "called": release_id})
            self._releases.append(
                {
                    "id": uuid4(),
                    "notice_id": notice_id,
                    "release_id": release_id,
                    "released_at": datetime.fromisoformat(given[1]),
                    "content": given[2],
                }
            )

    def write(self, ctx: Context) -> list[UUID]:
        """Writes the rows past the session, which would keep each; the notices touched."""
        if not self._releases:
            return []
        ctx.session.add(self._import)
        ctx.session.flush()  # the notices point at it
        for row in (*self._new, *self._releases):
            row["created_at"] = ctx.now
        its_notice = col(Notice.id) == bindparam("of_notice")
        replaced = (col(Release.notice_id) == bindparam("of_notice")) & (
            col(Release.release_id) == bindparam("called")
        )
        connection = ctx.session.connection()
        for statement, rows in (
            (insert(Notice), self._new),
            (update(Notice).where(its_notice), self._changed),
            (delete(Release).where(replaced), self._outdated),
            (insert(Release), self._releases),
        ):
            if rows:
                connection.execute(statement, rows)
        return [row.get("of_notice") or row["id"] for row in (*self._new, *self._changed)]
