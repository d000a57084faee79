"""Whether a kept file is free of viruses: nobody gets one before a scanner has said so.

Every upload that people can get again is noted as waiting. Where a scanner is configured, it is
held until it is clean; one in which something is found is removed and stays refused.
"""

import socket
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import IO, BinaryIO, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Field, Index, Session, col, delete, select

from auth.actor import NOBODY
from marketplace.core import files
from marketplace.core.context import Context
from marketplace.core.db import TIMELESS, Moment, Table, choice
from marketplace.core.errors import Conflict, Unavailable
from marketplace.core.files import ObjectStore, Stored

ROUND = 100  # files that are looked at in one go
CONNECTING, ANSWERING = 5.0, 120.0  # seconds
_REPLY = 4096  # bytes
_PORT = 3310
HELD: Final = "Being checked for viruses"
INFECTED: Final = "Removed, because a virus was found in it"


class Verdict(StrEnum):
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


class Scan(Table, table=True):
    """What is known of one kept file, and who uploaded it."""

    __table_args__ = (Index("ix_scan_waiting", "verdict", "tried_at"),)

    key: str = Field(unique=True)  # where the file store has it
    file_name: str
    verdict: Verdict = Field(default=Verdict.WAITING, sa_type=choice(Verdict))
    found: str = ""  # what the scanner calls it
    tried_at: datetime | None = Field(default=None, sa_type=Moment)
    person_id: UUID
    organisation_id: UUID = Field(index=True)

    @property
    def sealed(self) -> bool:
        """Whether the file stands sealed in the store, and nobody is to know whose it is."""
        return self.organisation_id == NOBODY


class Clamd:
    """The daemon of ClamAV, spoken to by its INSTREAM command."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def scan(self, file: BinaryIO) -> str:
        """What was found in the file, by its name; nothing when it is clean.

        Raises Unavailable when there is no answer that says one or the other.
        """
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                while piece := file.read(files.CHUNK):
                    line.sendall(len(piece).to_bytes(4, "big") + piece)
                line.sendall(bytes(4))
                return _judged(_reply(line))
        except OSError as why:
            raise Unavailable(f"The virus scanner does not answer: {why}.") from None

    def _connected(self) -> socket.socket:
        if self._url.scheme == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(CONNECTING)
            try:
                line.connect(self._url.path)
            except OSError:
                line.close()
                raise
        else:
            place = (self._url.hostname or "", self._url.port or _PORT)
            line = socket.create_connection(place, timeout=CONNECTING)
        line.settimeout(ANSWERING)
        return line


def _reply(line: socket.socket) -> str:
    told = b""
    while not told.endswith(b"\0") and len(told) < _REPLY and (piece := line.recv(_REPLY)):
        told += piece
    return told.rstrip(b"\0\n").decode("utf-8", "replace")


def _judged(reply: str) -> str:
    """Such as "stream: OK" or "stream: Eicar-Signature FOUND"."""
    said = reply.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise Unavailable(f"The virus scanner could not judge a file: {said or 'no answer'}.")


# ---- Keeping files, and getting them again


def save(ctx: Context, store: ObjectStore, upload: IO[bytes], name: str) -> Stored:
    """What `files.save` does, with the file noted as one to be scanned."""
    stored = files.save(store, upload, name, ctx.settings.file_limit)
    ctx.session.add(
        Scan(
            key=stored.key,
            file_name=stored.name,
            person_id=ctx.actor.person_id,
            organisation_id=ctx.actor.organisation_id,
            created_at=ctx.now,
        )
    )
    return stored


def note_sealed(ctx: Context, key: str) -> None:
    """A sealed file is scanned, too: neither its name nor who uploaded it stands in the note."""
    ctx.session.add(
        Scan(key=key, file_name="", person_id=NOBODY, organisation_id=NOBODY, created_at=TIMELESS)
    )


def chunks(ctx: Context, store: ObjectStore, key: str) -> Iterator[bytes]:
    """What is in a file that may be handed out. Raises Conflict while it is held and when it was
    refused, and NotFound when it is not there.
    """
    must_be_clean(ctx, key)
    return files.chunks(store, key)


def must_be_clean(ctx: Context, key: str) -> None:
    why = held(ctx, [key]).get(key)
    if why == INFECTED:
        raise Conflict("This file was removed, because a virus was found in it.")
    if why:
        raise Conflict("This file is being checked for viruses. Try again in a few minutes.")


def held(ctx: Context, keys: Collection[str]) -> Mapping[str, str]:
    """Those of these files that nobody gets now, with the words for why."""
    if not keys:
        return {}
    known = select(Scan.key, Scan.verdict).where(col(Scan.key).in_(set(keys)))
    verdicts = {key: Verdict(verdict) for key, verdict in ctx.session.exec(known)}
    scanned = bool(ctx.settings.clamd_url)
    told = {key: _why(verdicts.get(key, Verdict.WAITING), scanned) for key in keys}
    return {key: why for key, why in told.items() if why}


def _why(verdict: Verdict, scanned: bool) -> str:
    if verdict is Verdict.INFECTED:
        return INFECTED
    return HELD if scanned and verdict is Verdict.WAITING else ""


def remove_once_committed(session: Session, store: ObjectStore, keys: Iterable[str]) -> None:
    """A file outlives the row that speaks of it, never the other way round. That something was
    found in one stays known.
    """
    gone = list(keys)
    forgotten = col(Scan.key).in_(gone) & (col(Scan.verdict) != Verdict.INFECTED)
    session.exec(delete(Scan).where(forgotten))

    def remove(_: Session) -> None:
        for key in gone:
            with suppress(Unavailable):  # a file that nobody can ask for any more
                files.drop(store, key)

    event.listen(session, "after_commit", remove, once=True)


# ---- For the work of scanning


def waiting(session: Session) -> Sequence[Scan]:
    """Files that nothing is known of yet: those never tried first, then the longest ago."""
    unknown = select(Scan).where(Scan.verdict == Verdict.WAITING)
    in_turn = unknown.order_by(col(Scan.tried_at).nulls_first(), col(Scan.created_at))
    return session.exec(in_turn.limit(ROUND)).all()
