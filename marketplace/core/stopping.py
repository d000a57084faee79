"""Whether this process was told to stop: what would last for minutes then ends at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_told = Event()


def told() -> bool:
    return _told.is_set()


@contextmanager
def listening() -> Iterator[None]:
    """Hears of the signals that stop a server before the server does: it would first wait for every
    answer to be over.
    """
    _told.clear()
    if current_thread() is not main_thread():  # where no signal arrives
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def hear(number: int, frame: FrameType | None) -> None:
        _told.set()
        servers: Any = before[signal.Signals(number)]
        if callable(servers):
            servers(number, frame)

    for number in _SIGNALS:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
