"""One question's view of the index: what the full text and the vectors say of every document."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log, sqrt
from sqlite3 import Connection

import numpy as np

from search.fusion import Scores
from search.port import Need, Question, as_number
from search.snapshot import Mask, Snapshot
from search.vectors import Embedder, Matrix
from search.words import stem

TITLE_WEIGHT = 2.0  # a word in the title counts like so many in the body
# bm25() multiplies by an inverse document frequency, which FTS5 never lets fall below this.
FTS5_LEAST_IDF = 1e-6
MOST_STRENGTH = 2.2  # what a word's strength tends to, however often it stands there: k1 + 1


@dataclass
class Lexicon:
    """What the full text knows of words: how rare they are, and which documents have them."""

    connection: Connection
    documents: int
    _frequencies: dict[str, int] = field(default_factory=dict)

    def frequencies(self, stems: Iterable[str]) -> Mapping[str, int]:
        """In how many documents each of these stems stands (and others asked for before)."""
        query = "SELECT documents FROM stem WHERE stem = ?"
        for one in stems:
            if one not in self._frequencies:
                found = self.connection.execute(query, [one]).fetchone()
                self._frequencies[one] = found[0] if found else 0
        return self._frequencies

    def rarity(self, documents: int) -> float:
        """How much a word says that so many documents have: its inverse document frequency."""
        return log(1 + max(0.0, self.documents - documents + 0.5) / (documents + 0.5))

    def weight(self, folded: str) -> float:
        """How much a word says to the vectors; the root keeps rare words from drowning the rest."""
        one = stem(folded)
        return sqrt(self.rarity(self.frequencies([one])[one]))


@dataclass
class Reading:
    """One state of the file, the snapshot that goes with it, and who turns words into vectors."""

    connection: Connection
    snapshot: Snapshot
    lexicon: Lexicon
    embed: Embedder

    def strengths(self, phrase: str) -> Scores:
        """For every document how strongly it has a phrase in FTS5's syntax: 0, or up to 2.2.

        This is the BM25 of one term without its document frequency: how often the words stand
        there, saturating, in relation to the document's length (k1 = 1.2 and b = 0.75, fixed in
        FTS5).
        """
        rows = self.connection.execute(
            "SELECT rowid, bm25(entry, ?, 1.0) FROM entry WHERE entry MATCH ?",
            [TITLE_WEIGHT, phrase],
        ).fetchall()
        strengths = np.zeros(self.snapshot.size)
        if rows:
            pairs = np.fromiter(chain.from_iterable(rows), float, 2 * len(rows)).reshape(-1, 2)
            ratio = (self.lexicon.documents - len(rows) + 0.5) / (len(rows) + 0.5)
            fts5_idf = max(log(ratio), FTS5_LEAST_IDF)
            places, there = self.snapshot.positions(pairs[:, 0].astype(np.int64))
            strengths[places[there]] = -pairs[there, 1] / fts5_idf
        return strengths

    def vectors(self, texts: Sequence[str]) -> Matrix:
        return self.embed(texts, self.lexicon.weight)

    def similarities(self, text: str) -> Scores:
        """How near in meaning every document is: the cosine, -1 to 1."""
        if not self.snapshot.size:
            return np.zeros(0)
        # Not `@`: that waits for a second thread, 20 ms when the cores are busy, to save one.
        cosines = np.einsum("ij,j->i", self.snapshot.vectors, self.vectors([text])[0])
        return np.asarray(cosines, float)

    def names(self, places: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Position → id and kind. A document that has just gone is not among them."""
        numbers = {int(self.snapshot.numbers[place]): int(place) for place in places}
        query = f"SELECT number, id, kind FROM document WHERE number IN ({marks(numbers)})"  # noqa: S608
        rows = self.connection.execute(query, list(numbers))
        return {numbers[number]: (id, kind) for number, id, kind in rows}

    def allowed(self, need: Need) -> Mask:
        """The documents that somebody may find and that the filters leave."""
        mask = self.snapshot.seen_by(need.audience) & self.of_kinds(need.kinds)
        for facet, values in need.filters.items():
            mask &= self.having(facet, values)
        return mask & self.demanded(need)

    def demanded(self, asked: Question | Need) -> Mask:
        """The documents with everything that is required, and within every range."""
        mask = np.ones(self.snapshot.size, bool)
        for facet, values in asked.required.items():
            for value in values:
                mask &= self.having(facet, [value])
        for name, one in asked.ranges.items():
            numbers = self.snapshot.numbers_of(name)
            mask &= ~np.isnan(numbers)
            if one.least is not None:
                mask &= numbers >= as_number(one.least)
            if one.most is not None:
                mask &= numbers <= as_number(one.most)
        return mask

    def of_kinds(self, kinds: Collection[str]) -> Mask:
        """The documents of these kinds; without kinds, all."""
        if not kinds:
            return np.ones(self.snapshot.size, bool)
        return self.snapshot.kinds.any_of(kinds, self.snapshot.size)

    def having(self, facet: str, values: Collection[str]) -> Mask:
        """The documents with one of these values; without values, all."""
        if not values:
            return np.ones(self.snapshot.size, bool)
        return self.snapshot.labels(facet).any_of(values, self.snapshot.size)


def phrase(stems: Sequence[str]) -> str:
    """Stems in a row as an FTS5 phrase. They hold no quotation mark: folding took it out."""
    return f'"{" ".join(stems)}"'


def marks(values: Iterable[object]) -> str:
    """As many placeholders for an SQL list."""
    return ", ".join("?" for _ in values)
