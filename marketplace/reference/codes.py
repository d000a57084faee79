"""Reading the whole list of CPV codes in, and letting a running server know of it."""

import csv
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session

from marketplace.core.times import now
from marketplace.reference import cpv
from marketplace.reference.codes_queries import labels, state
from marketplace.reference.models import CpvCode

COLUMNS = {"code", "label_en"}
LONGEST = 300  # characters of a label
_CODE = re.compile(r"[0-9]{8}")


class Unreadable(Exception):  # noqa: N818 - an answer for the person who reads it in
    """The file is no list of codes; the message says why in one sentence."""


def read(file: Path) -> Mapping[str, str]:
    """The codes of a file with their labels, every one of them right; else Unreadable."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, strict=True)
            if missing := COLUMNS - set(rows.fieldnames or ()):
                raise Unreadable(
                    f"The first line names no column {' and no '.join(sorted(missing))}."
                )
            return _codes(rows)
    except OSError as why:
        raise Unreadable(f"It cannot be read: {why.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise Unreadable("It is no file of comma-separated values in UTF-8.") from None


def _codes(rows: "csv.DictReader[str]") -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        code, label = (row["code"] or "").strip(), " ".join((row["label_en"] or "").split())
        place = f"Line {rows.line_num}"
        if not _CODE.fullmatch(code):
            raise Unreadable(f"{place}: “{code[:40]}” is not a code of eight digits.")
        if not label or len(label) > LONGEST:
            raise Unreadable(f"{place}: {code} has no label of 1 to {LONGEST} characters.")
        if code in found:
            raise Unreadable(f"{place}: {code} stands there twice.")
        found[code] = label
    if not found:
        raise Unreadable("There is no code in it.")
    divisions = {code[: cpv.DIVISION] for code in (*found, *cpv.SHIPPED) if not code[2:].strip("0")}
    if orphan := next((code for code in found if code[: cpv.DIVISION] not in divisions), None):
        raise Unreadable(f"{orphan} belongs to a division that is not in the list.")
    return found


def replace(session: Session, read_in: Mapping[str, str]) -> None:
    """Lets these be all that was read in, and known from now on."""
    session.exec(delete(CpvCode))
    at = now()
    session.add_all(
        CpvCode(code=code, label=label, created_at=at) for code, label in read_in.items()
    )
    session.flush()
    cpv.know(read_in)


_known: dict[str, tuple[int, datetime | None]] = {}


def refresh(session: Session) -> None:
    """Looks whether codes were read in since the last time, by whatever process."""
    found = state(session)
    if _known.get("state", (0, None)) != found:
        cpv.know(labels(session))
        _known["state"] = found
