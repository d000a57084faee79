"""What filtering, counting and comparing need of every document, as arrays in memory.

A snapshot does not change: a newer state of the index is another snapshot, which shares the
vectors with the one before. Documents are known by their position.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.port import Found
from search.vectors import Matrix

Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]

FEW_DEAD = 1000  # dropped documents that are carried along in any case
MOST_AUDIENCES = 50  # whose documents are remembered; a byte a document for each


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as it is read from the file."""

    number: int
    kind: str
    title_words: int
    audience: Sequence[str]
    facets: Mapping[str, Sequence[str]]
    numbers: Mapping[str, float]  # among them "at": seconds since 1970
    vector: bytes


@dataclass(frozen=True, slots=True)
class Labels:
    """Which document has which value: pairs of a position and a value's code."""

    codes: Mapping[str, int]
    positions: Positions
    values: Positions

    @classmethod
    def none(cls) -> "Labels":
        return cls({}, np.empty(0, np.intp), np.empty(0, np.intp))

    def extended(self, first: int, rows: Iterable[Iterable[str]]) -> "Labels":
        """With further documents, the first of them at that position."""
        codes = dict(self.codes)
        pairs = [
            (position, codes.setdefault(value, len(codes)))
            for position, values in enumerate(rows, first)
            for value in set(values)
        ]
        added = np.array(pairs, np.intp).reshape(-1, 2)
        return Labels(
            codes,
            np.concatenate([self.positions, added[:, 0]]),
            np.concatenate([self.values, added[:, 1]]),
        )

    def any_of(self, wanted: Iterable[str], size: int) -> Mask:
        """The documents that have at least one of these values."""
        asked = np.zeros(len(self.codes), bool)
        asked[[self.codes[value] for value in wanted if value in self.codes]] = True
        mask = np.zeros(size, bool)
        mask[self.positions[asked[self.values]]] = True
        return mask

    def counts(self, within: Mask) -> dict[str, int]:
        """How many of these documents have each value; most frequent first, then by name."""
        numbers = np.bincount(self.values[within[self.positions]], minlength=len(self.codes))
        counted = [(value, int(numbers[code])) for value, code in self.codes.items()]
        return dict(sorted(((v, n) for v, n in counted if n), key=lambda pair: (-pair[1], pair[0])))


class Vectors:
    """A matrix that grows at its end in place; a view taken earlier keeps its rows."""

    def __init__(self) -> None:
        self._room: Matrix = np.empty((0, 0), np.float32)

    def extended(self, first: int, rows: list[bytes]) -> Matrix:
        """Everything before the first of these rows, and these rows."""
        total = first + len(rows)
        added = np.frombuffer(b"".join(rows), np.float32).reshape(len(rows), -1)
        if total > len(self._room):
            room = np.empty((total + total // 4, added.shape[1]), np.float32)
            if first:
                room[:first] = self._room[:first]
            self._room = room
        self._room[first:total] = added
        return self._room[:total]


@dataclass(frozen=True)
class Snapshot:
    """The index at one version. `alive` is False where a document was dropped or replaced."""

    generation: str
    version: int
    dropped: int  # the last removal that is taken into account
    numbers: NDArray[np.int64]  # ascending
    title_words: NDArray[np.int64]
    numbered: Mapping[str, NDArray[np.float64]]  # not a number where a document has none
    alive: Mask
    vectors: Matrix
    kinds: Labels
    audiences: Labels
    facets: Mapping[str, Labels]
    # The index's words, in the order of their numbers, which begin at 1.
    letters: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def empty(cls, generation: str) -> "Snapshot":
        nothing = np.empty(0)
        return cls(
            generation,
            version=-1,
            dropped=0,
            numbers=nothing.astype(np.int64),
            title_words=nothing.astype(np.int64),
            numbered={},
            alive=nothing.astype(bool),
            vectors=np.empty((0, 0), np.float32),
            kinds=Labels.none(),
            audiences=Labels.none(),
            facets={},
            letters=nothing.astype(np.int64),
            lengths=nothing.astype(np.int64),
        )

    @property
    def size(self) -> int:
        return len(self.numbers)

    @property
    def last(self) -> int:
        """The highest number taken into account."""
        return int(self.numbers[-1]) if self.size else 0

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.alive))

    @property
    def wasteful(self) -> bool:
        """Whether so many documents are gone that it should be read anew."""
        return self.size - self.count > FEW_DEAD + self.size // 4

    @cached_property
    def _seen(self) -> dict[frozenset[str], Mask]:
        return {}

    @cached_property
    def lists(self) -> dict[Hashable, Found]:
        """Answers to questions without words, by what was asked."""
        return {}

    @cached_property
    def newest(self) -> Positions:
        """Every position, the newest document first."""
        return np.argsort(-self.numbers_of("at"), kind="stable")

    @cached_property
    def closing(self) -> Positions:
        """Every position, what closes soonest first, and last what has no end, newest first."""
        return self.newest[np.argsort(self.numbers_of("closes")[self.newest], kind="stable")]

    def numbers_of(self, name: str) -> NDArray[np.float64]:
        """What every document has of this number; not a number where it has none."""
        known = self.numbered.get(name)
        return np.full(self.size, np.nan) if known is None else known

    def positions(self, numbers: NDArray[np.int64]) -> tuple[Positions, Mask]:
        """Where these documents are, and which of them are there at all."""
        if not self.size:
            return np.zeros(len(numbers), np.intp), np.zeros(len(numbers), bool)
        places = np.minimum(np.searchsorted(self.numbers, numbers), self.size - 1)
        return places, self.numbers[places] == numbers

    def seen_by(self, audience: frozenset[str]) -> Mask:
        """The documents that somebody with this audience may find."""
        mask = self._seen.get(audience)
        if mask is None:
            mask = self.audiences.any_of(audience, self.size) & self.alive
            if len(self._seen) < MOST_AUDIENCES:
                self._seen[audience] = mask
        return mask

    def labels(self, facet: str) -> Labels:
        return self.facets.get(facet, Labels.none())

    def extended(self, version: int, entries: list[Entry], vectors: Vectors) -> "Snapshot":
        """The next snapshot: with these documents at the end."""
        first = self.size
        names = {name for entry in entries for name in entry.facets} | set(self.facets)
        return replace(
            self,
            version=version,
            numbers=np.append(self.numbers, [entry.number for entry in entries]),
            title_words=np.append(self.title_words, [entry.title_words for entry in entries]),
            numbered={
                name: np.append(
                    self.numbers_of(name), [entry.numbers.get(name, np.nan) for entry in entries]
                )
                for name in {name for entry in entries for name in entry.numbers}
                | set(self.numbered)
            },
            alive=np.append(self.alive, np.ones(len(entries), bool)),
            vectors=vectors.extended(first, [entry.vector for entry in entries]),
            kinds=self.kinds.extended(first, ((entry.kind,) for entry in entries)),
            audiences=self.audiences.extended(first, (entry.audience for entry in entries)),
            facets={
                name: self.labels(name).extended(
                    first, (entry.facets.get(name, ()) for entry in entries)
                )
                for name in names
            },
        )

    def without(self, version: int, dropped: list[tuple[int, int]]) -> "Snapshot":
        """The next snapshot: after these removals, each with its place in the order of them."""
        gone = np.array([number for _, number in dropped], np.int64)
        places, there = self.positions(gone)
        alive = self.alive.copy()
        alive[places[there]] = False
        last = max((entry for entry, _ in dropped), default=self.dropped)
        return replace(self, version=version, dropped=last, alive=alive)

    def knowing(self, words: list[tuple[int, int]]) -> "Snapshot":
        """The next snapshot: with these further words, as their letters and lengths."""
        added = np.array(words, np.int64).reshape(-1, 2)
        return replace(
            self,
            letters=np.append(self.letters, added[:, 0]),
            lengths=np.append(self.lengths, added[:, 1]),
        )
