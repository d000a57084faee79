"""Two engines as one: where the preferred one does not answer, the other does, and it is said."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TypeVar

from search.port import Document, Found, Index, Matched, Need, Question, Unavailable

T = TypeVar("T")

FAILURES = 3  # one after the other, and nobody waits for the engine any more
PAUSE = 10.0  # seconds until one question tries it again


class LeftAlone(Unavailable):
    """It was not even asked, because it did not answer the last times."""


class Breaker:
    """Keeps what does not answer from costing everybody its time limit."""

    def __init__(
        self, failures: int = FAILURES, pause: float = PAUSE, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most, self._pause, self._clock = failures, pause, clock
        self._lock = Lock()
        self._failed = 0
        self._closed_until = 0.0

    def run(self, work: Callable[[], T]) -> T:
        """Does the work, unless it failed so often that it is not even tried: then LeftAlone."""
        self._let_through()
        try:
            done = work()
        except Unavailable:
            self._note_failure()
            raise
        with self._lock:
            self._failed = 0
        return done

    def _let_through(self) -> None:
        with self._lock:
            if self._failed < self._most:
                return
            if self._clock() < self._closed_until:
                raise LeftAlone("It did not answer, and is left alone for a moment.")
            self._closed_until = self._clock() + self._pause  # this one tries, the others do not

    def _note_failure(self) -> None:
        with self._lock:
            self._failed += 1
            self._closed_until = self._clock() + self._pause


class WithFallback:
    """An `Index` of two, of which both are told everything and one is asked first."""

    def __init__(
        self,
        preferred: Index,
        spare: Index,
        breaker: Breaker | None = None,
        tell: Callable[[str], object] = lambda why: None,
    ) -> None:
        """`tell` hears why the preferred engine did not answer, each time that it was asked."""
        self.engines: tuple[Index, ...] = (spare, preferred)  # the one that fails less, first
        self._preferred, self._spare, self._tell = preferred, spare, tell
        self._breaker = breaker or Breaker()

    @property
    def name(self) -> str:
        return self._preferred.name

    def put(self, documents: Iterable[Document]) -> None:
        documents = list(documents)
        for engine in self.engines:
            engine.put(documents)

    def drop(self, ids: Iterable[str]) -> None:
        ids = list(ids)
        for engine in self.engines:
            engine.drop(ids)

    def replace(self, documents: Iterable[Document]) -> int:
        documents = list(documents)
        return [engine.replace(documents) for engine in self.engines][-1]

    def find(self, question: Question) -> Found:
        try:
            return self._breaker.run(lambda: self._preferred.find(question))
        except Unavailable as why:
            self._note(why)
            return replace(self._spare.find(question), basic=True)

    def match(self, need: Need) -> Matched:
        try:
            return self._breaker.run(lambda: self._preferred.match(need))
        except Unavailable as why:
            self._note(why)
            return replace(self._spare.match(need), basic=True)

    def count(self) -> int:
        """Of the preferred engine. Raises Unavailable when that does not answer."""
        return self._preferred.count()

    def _note(self, why: Unavailable) -> None:
        if not isinstance(why, LeftAlone):
            self._tell(str(why))

    def close(self) -> None:
        for engine in self.engines:
            engine.close()


def engines(index: Index) -> tuple[Index, ...]:
    """The engines that are to be told of every change, each for itself."""
    return index.engines if isinstance(index, WithFallback) else (index,)
