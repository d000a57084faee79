"""An archive that is sent while it is made: no file of it is ever whole on this machine but one
that lies sealed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.times import in_london

SUMS, LEFT_OUT = "SHA256SUMS", "LEFT-OUT.txt"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file for the archive, under a name of its own."""

    name: str
    size: int
    pieces: Callable[[], Iterable[bytes]]  # raises NotFound or Unavailable


class _Outgoing(RawIOBase):
    """What the archive writes into, and what is sent comes out of. It cannot go back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        written, self._written = self._written, []
        yield from written


def stream(
    texts: Iterable[tuple[str, str]],
    files: Iterable[Enclosed],
    left_out: Iterable[str],
    at: datetime,
) -> Iterator[bytes]:
    """The archive, piece by piece, with the fingerprint of everything in it. A file that is not to
    be had is named in the list of what is left out.
    """
    written = in_london(at).timetuple()[:6]
    outgoing, sums, missing = _Outgoing(), [], list(left_out)
    with ZipFile(outgoing, "w", ZIP_DEFLATED) as zipped:

        def put(name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
            about, sum_ = ZipInfo(name, written), hashlib.sha256()
            about.compress_type, about.file_size = ZIP_DEFLATED, size
            with zipped.open(about, "w") as entry:
                for piece in pieces:
                    sum_.update(piece)
                    entry.write(piece)
                    yield from outgoing.taken()
            sums.append(f"{sum_.hexdigest()}  {name}\n")
            yield from outgoing.taken()

        def put_text(name: str, text: str) -> Iterator[bytes]:
            body = text.encode()
            return put(name, len(body), [body])

        for name, text in texts:
            yield from put_text(name, text)
        for one in files:
            try:
                pieces = one.pieces()
            except (NotFound, Unavailable) as why:
                missing.append(f"{one.name}: {why}")
                continue
            yield from put(one.name, one.size, pieces)
        if missing:
            yield from put_text(LEFT_OUT, "".join(f"{line}\n" for line in missing))
        yield from put_text(SUMS, "".join(sums))
    yield from outgoing.taken()
