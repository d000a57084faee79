"""Choosing CPV codes: by words, by the tree, and from what somebody wrote about a need."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import structlog
from fastapi import Request

from marketplace.core.forms import clean
from marketplace.reference import cpv
from search.port import Document, Need, Question, Unavailable

if TYPE_CHECKING:
    from search.embedded import EmbeddedIndex

log = structlog.get_logger()

EVERYBODY = frozenset({"public"})
CODE = frozenset({"code"})
DAY = datetime(2008, 9, 15, tzinfo=UTC)  # since when these are the codes
FOUND, SUGGESTED = 20, 6
CONSIDERED = 30  # codes that a text comes near to, of which some are suggested
LONGEST = 100  # characters of what is looked for
FEWEST = 20  # characters of a text that says what it is about

Named = tuple[str, str]  # a code and its label


class Codes:
    """The codes to choose from as something to search. The file is made when it is first needed,
    anew whenever the codes are others.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._index: EmbeddedIndex | None = None
        self._of = ""

    def find(self, words: str) -> list[str]:
        """Codes by words of their labels, or by their first digits."""
        words = " ".join(words.split())[:LONGEST]
        if words.isdigit():
            return [code for code in cpv.LABELS if code.startswith(words)][:FOUND]
        question = Question(words, EVERYBODY, CODE, size=FOUND)
        try:
            return [hit.id for hit in self._filled().find(question).hits]
        except Unavailable:
            log.warning("codes.unavailable")
            return []

    def suggest(self, text: str) -> list[str]:
        """Codes that a text is about, the likeliest first, and no more than two of a division."""
        if len(text.strip()) < FEWEST:
            return []
        need = Need(text, EVERYBODY, CODE, size=CONSIDERED)
        try:
            near = [match.id for match in self._filled().match(need).matches]
        except Unavailable:
            log.warning("codes.unavailable")
            return []
        return _spread(near)[:SUGGESTED]

    def close(self) -> None:
        if self._index:
            self._index.close()

    def _filled(self) -> "EmbeddedIndex":
        from search.embedded import EmbeddedIndex  # here, because few pages need it

        with self._lock:
            listed = repr(tuple(cpv.LABELS.items())).encode()
            of = hashlib.sha256(listed).hexdigest()[:16]
            if self._index is None or self._of != of:
                self.close()
                for former in self._folder.glob("codes-*.db*"):
                    if of not in former.name:
                        former.unlink(missing_ok=True)
                self._index, self._of = EmbeddedIndex(self._folder / f"codes-{of}.db"), of
                if not self._index.filled():
                    self._index.replace(map(document, cpv.LABELS))
            return self._index


def document(code: str) -> Document:
    """A code by its label and those of what it belongs to."""
    above = [cpv.LABELS[one] for one in cpv.with_broader([code])[1:]]
    return Document(code, "code", cpv.LABELS[code], "\n".join(above), EVERYBODY, DAY)


def _spread(near: Sequence[str]) -> list[str]:
    """The same, with the third and later codes of a division behind all others."""
    first: list[str] = []
    others: list[str] = []
    for code in near:
        same = sum(one[: cpv.DIVISION] == code[: cpv.DIVISION] for one in first)
        (others if same >= 2 else first).append(code)
    return first + others


# ---- On a page


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody does in the part of a form that chooses codes, instead of sending the form."""

    words: str = ""
    under: str = ""  # a code whose narrower ones are asked for
    asks: bool = False
    ticked: Sequence[str] | None = None  # the codes chosen so far, where an address has them


async def looking(request: Request) -> Looking:
    """Out of the form or, when only this part is redrawn, out of the address."""
    sends = request.method == "POST"
    given = await request.form() if sends else request.query_params
    words = clean(str(given.get("codes-find", "")))
    under = str(given.get("codes-under", ""))
    ticked = None if sends else [str(one) for one in given.getlist("cpv") if str(one)]
    return Looking(
        words,
        under if under in cpv.LABELS else "",
        "codes" in given or "codes-under" in given,
        ticked,
    )


@dataclass(frozen=True, slots=True)
class Picker:
    """The codes as they are drawn: those chosen, and those to choose."""

    chosen: Sequence[Named]
    words: str = ""
    found: Sequence[Named] = ()
    suggested: Sequence[Named] = ()
    path: Sequence[Named] = ()  # in the tree, from the division down
    below: Sequence[tuple[str, str, bool]] = field(default=())  # and whether it goes on


def picker(codes: Codes, chosen: Sequence[str], look: Looking, text: str) -> Picker:
    """What is chosen so far, and what can be: by words, in the tree, from the text."""
    ticked = [(given, cpv.parse(given)) for given in chosen]
    known = {code for _, code in ticked if code}

    def named(offered: Sequence[str]) -> list[Named]:
        return [(code, cpv.LABELS[code]) for code in offered if code not in known]

    path = [look.under, *cpv.with_broader([look.under])[1:]][::-1] if look.under else []
    return Picker(
        [(code or given, cpv.LABELS.get(code, "") if code else "") for given, code in ticked],
        look.words,
        named(codes.find(look.words)) if look.words.strip() else (),
        named(codes.suggest(text)),
        [(code, cpv.LABELS[code]) for code in path],
        [(code, cpv.LABELS[code], bool(cpv.narrower(code))) for code in cpv.narrower(look.under)],
    )
