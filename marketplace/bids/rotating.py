"""Puts all that was sealed with the key before under the new one.

People bid and read meanwhile: both keys open. It can be started again after it broke off.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from marketplace.bids import letters, queries
from marketplace.bids.boxes import where
from marketplace.core import db
from marketplace.core.errors import NotFound
from marketplace.core.files import ObjectStore
from marketplace.core.sealing import Seal


@dataclass
class Rotated:
    boxes: int = 0
    letters: int = 0
    files: int = 0


def rotate(engine: Engine, store: ObjectStore, key: Seal) -> Rotated:
    """Raises Unavailable when something was sealed with a key that is neither of both."""
    done = Rotated()
    while _some_boxes(engine, store, key, done):
        pass
    last: UUID | None = None
    while last := _some_letters(engine, key, last, done):
        pass
    with db.reading(engine) as session:
        opened = queries.opened_files(session)
    _files(store, key, opened, done)
    return done


def _some_boxes(engine: Engine, store: ObjectStore, key: Seal, done: Rotated) -> bool:
    """A box gets its new mark after its files have theirs, so none is left behind."""
    with db.writing(engine) as session:
        rows = queries.under_another_key(session, key.mark)
        for row in rows:
            plain = key.open(row.box, row.id.bytes)
            told: dict[str, Any] = json.loads(plain)
            _files(store, key, [one["key"] for one in told["files"]], done)
            bid = told["bid"]
            whose = UUID(bid["tender_id"]), UUID(bid["organisation_id"])
            row.place = key.place(*where(*whose, bid["round"]))
            row.box, row.mark = key.close(plain, row.id.bytes), key.mark
            session.add(row)
        session.commit()
    done.boxes += len(rows)
    return bool(rows)


def _some_letters(engine: Engine, key: Seal, after: UUID | None, done: Rotated) -> UUID | None:
    with db.writing(engine) as session:
        rows = queries.every_letter(session, after)
        for row in rows:
            letters.close(key, row, json.loads(key.open(row.box, row.id.bytes)))
            session.add(row)
        session.commit()
    done.letters += len(rows)
    return rows[-1].id if rows else None


def _files(store: ObjectStore, key: Seal, names: Iterable[str], done: Rotated) -> None:
    for name in names:
        with suppress(NotFound):  # it was removed, or held back by the virus scanner
            done.files += key.close_file_anew(store, name)
