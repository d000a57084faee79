"""What of an event is hashed, written the same way every time.

The name of a person and the facts are hashed apart, each with a salt of its own. When the law takes
a name out of an event its salt goes, too: the rest of the event and the chain still hold, and the
hash that stays no longer tells whether a name that somebody guesses was there.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from marketplace.core.journal import Event

BEGINNING = "0" * 64  # what the first block names as the one before it


def salt() -> str:
    return secrets.token_hex(16)


def name(event: Event, salted: str) -> str:
    return _hash([salted, event.person_name])


def facts(event: Event, salted: str) -> str:
    return _hash([salted, event.facts])


def entry(event: Event, name_hash: str, facts_hash: str) -> str:
    """The hash of one event, with those of its name and its facts in their place."""
    return _hash(
        {
            "id": str(event.id),
            "at": moment(event.created_at),
            "verb": event.verb,
            "subject_kind": event.subject_kind,
            "subject_id": str(event.subject_id),
            "about_id": str(event.about_id),
            "was": event.was,
            "became": event.became,
            "person_id": str(event.person_id),
            "organisation_id": str(event.organisation_id),
            "organisation_name": event.organisation_name,
            "name": name_hash,
            "facts": facts_hash,
        }
    )


def root(hashes: list[str]) -> str:
    """One hash over those of a block's entries, in their order."""
    return _hash(hashes)


def block(
    *,
    number: int,
    first: int,
    last: int,
    root: str,
    previous: str,
    newest: datetime,
    at: datetime,
) -> str:
    return _hash(
        {
            "number": number,
            "first": first,
            "last": last,
            "root": root,
            "previous": previous,
            "newest": moment(newest),
            "at": moment(at),
        }
    )


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A lone surrogate can stand in JSON and not in UTF-8.
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
