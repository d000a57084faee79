"""New ids: random, or from a sequence that is the same each time, for a story that is retold."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random
from uuid import UUID, uuid4

_sequence: ContextVar[Random | None] = ContextVar("sequence", default=None)


def new() -> UUID:
    sequence = _sequence.get()
    return UUID(int=sequence.getrandbits(128), version=4) if sequence else uuid4()


@contextmanager
def sequence(begin: str) -> Iterator[None]:
    """Everything made inside gets the ids that always follow from `begin`."""
    token = _sequence.set(Random(begin))  # noqa: S311 - these ids need to be repeatable, not secret
    try:
        yield
    finally:
        _sequence.reset(token)
