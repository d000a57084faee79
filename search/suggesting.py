"""Did you mean: what was typed, with the words put right that nobody here has."""

from collections.abc import Mapping

import numpy as np

from search.reading import Reading, marks, phrase
from search.snapshot import Mask
from search.typos import distance
from search.words import spans, stem, with_stems

LOOKED_AT = 5  # documents, the newest, in which a word is looked for as it is written


def suggestion(reading: Reading, typed: str, wrong: Mapping[str, list[str]], seen: Mask) -> str:
    """What was typed, with each of these words replaced by the likeliest of the stems beside it.

    Words are taken from documents that the asker may find, never from the list of all words: that
    somebody else's document has a word is not told.
    """
    right = {word: _likeliest(reading, word, stems, seen) for word, stems in wrong.items()}
    pieces, at = [], 0
    for word in spans(typed):
        if better := right.get(word.folded):
            pieces += [typed[at : word.start], better]
            at = word.end
    return "".join([*pieces, typed[at:]]) if pieces else ""


def _likeliest(reading: Reading, typed: str, stems: list[str], seen: Mask) -> str:
    """The nearest word, then the one that most documents have; empty when there is none."""
    found = []
    for one in stems:
        there = (reading.strengths(phrase([one])) > 0) & seen
        if written := _as_written(reading, one, typed, there):
            found.append((distance(typed, written), -int(np.count_nonzero(there)), written))
    return min(found)[2] if found else ""


def _as_written(reading: Reading, one: str, typed: str, there: Mask) -> str:
    """The form of a stem nearest to what was typed, from the newest documents that have it."""
    newest = reading.snapshot.newest
    numbers = reading.snapshot.numbers[newest[there[newest]][:LOOKED_AT]].tolist()
    query = f"SELECT title || ' ' || body FROM document WHERE number IN ({marks(numbers)})"  # noqa: S608
    forms = {
        word.folded
        for (text,) in reading.connection.execute(query, numbers)
        for word in with_stems(text, {one})
    }
    return min(
        forms, key=lambda form: (distance(typed, form), stem(form) != form, form), default=""
    )
