"""The words of the index that a typed word may stand for."""

from sqlite3 import Connection

import numpy as np

from search.reading import Reading, marks
from search.typos import distance, distance_to_beginning, forgiven, letters

MOST = 24  # words that one typed word may stand for
MOST_COMPARED = 3_000

# How much a variant counts, the word itself being 1.
SYNONYM = 0.8
BEGINNING = 0.6
SLIPS = (1.0, 0.5, 0.35)


def beginnings(connection: Connection, typed: str) -> dict[str, float]:
    """Stems of the words that begin like this, the shortest words first."""
    if len(typed) < 2:
        return {}
    rows = connection.execute(
        "SELECT stem FROM word WHERE word >= ? AND word < ?"
        " GROUP BY stem ORDER BY min(length(word)) LIMIT ?",
        [typed, f"{typed}\U0010ffff", MOST],
    )
    return {stem: BEGINNING for (stem,) in rows}


def misspellings(reading: Reading, typed: str, *, unfinished: bool) -> dict[str, float]:
    """Stems of the words that somebody may have meant, the nearest first."""
    slips = forgiven(typed)
    if not slips:
        return {}
    found = _near(reading, typed, slips)
    if unfinished and not found:
        found = _nearly_beginning(reading, typed, slips)
    nearest = sorted(found, key=lambda pair: pair[0])[:MOST]
    return {stem: SLIPS[away] for away, stem in reversed(nearest)}


def nearest(reading: Reading, typed: str) -> str:
    """The one word that was most likely meant: of the nearest the one that most documents have."""
    found = _near_words(reading, typed, forgiven(typed))
    known = reading.lexicon.frequencies({stem for _, _, stem in found})
    return min(((away, -known[stem], word) for away, word, stem in found), default=(0, 0, ""))[2]


def _near(reading: Reading, typed: str, slips: int) -> list[tuple[int, str]]:
    return [(away, stem) for away, _, stem in _near_words(reading, typed, slips)]


def _near_words(reading: Reading, typed: str, slips: int) -> list[tuple[int, str, str]]:
    known = reading.snapshot
    likely = np.abs(known.lengths - len(typed)) <= slips
    likely &= np.bitwise_count(known.letters ^ letters(typed)) <= 2 * slips
    rows = _words(reading, np.flatnonzero(likely))
    compared = ((distance(typed, word), word, stem) for word, stem in rows)
    return [one for one in compared if one[0] <= slips]


def _nearly_beginning(reading: Reading, typed: str, slips: int) -> list[tuple[int, str]]:
    """Words that go on after a beginning with a slip in it, but not in its first letter."""
    known = reading.snapshot
    likely = known.lengths > len(typed)
    likely &= np.bitwise_count(letters(typed) & ~known.letters) <= slips
    rows = _words(reading, np.flatnonzero(likely), typed[0])
    compared = ((distance_to_beginning(typed, word), stem) for word, stem in rows)
    return [(away, stem) for away, stem in compared if away <= slips]


def _words(reading: Reading, places: np.ndarray, first: str = "") -> list[tuple[str, str]]:
    numbers = (places + 1).tolist()
    query = f"SELECT word, stem FROM word WHERE number IN ({marks(numbers)})"  # noqa: S608
    rows = reading.connection.execute(query, numbers)
    return [(w, s) for w, s in rows if w.startswith(first)][:MOST_COMPARED]
