"""How two versions of what a tender says differ, line by line and word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from marketplace.tenders.content import Content, rows

Pieces = Sequence[tuple[str, bool]]  # a piece of text, and whether it differs


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs between two versions, word by word."""

    label: str
    before: Pieces
    after: Pieces


def changes(before: Content, after: Content) -> list[Change]:
    old, new = ({row.key: row for row in rows(one)} for one in (before, after))
    found = []
    for key in (*new, *(key for key in old if key not in new)):
        was, now = old.get(key), new.get(key)
        before_, after_ = was.said if was else "", now.said if now else ""
        if before_ != after_:
            label = (now or was).label  # type: ignore[union-attr]  # one of the two is there
            found.append(Change(label, *_words(before_, after_)))
    return found


def _words(before: str, after: str) -> tuple[Pieces, Pieces]:
    old, new = before.split(" "), after.split(" ")
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal"
        if b > a:
            left.append((" ".join(old[a:b]) + " ", differs))
        if d > c:
            right.append((" ".join(new[c:d]) + " ", differs))
    return ([] if not before else left), ([] if not after else right)
