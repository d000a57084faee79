"""Files that people upload: checked, kept under a key of our own, and handed out as downloads.

They are kept in a folder or, by address, in S3, Azure or Google storage.
"""

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO
from urllib.parse import quote
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from marketplace.core.db import Table
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.file_kinds import Kind, Refused, kind_of, weight

__all__ = [
    "LIMIT",
    "FileRow",
    "ObjectStore",
    "Refused",
    "Stored",
    "chunks",
    "connect",
    "download_headers",
    "drop",
    "keep",
    "opened",
    "picture_headers",
    "save",
]

LIMIT = 20_000_000  # bytes
CHUNK = 256 * 1024  # bytes
IN_MEMORY = 1_000_000  # bytes of an upload before it is put on disk
LONGEST_NAME = 100  # characters, before the ending

_SECOND_ENDING = re.compile(
    r"\.(app|aspx?|bat|cgi|cmd|com|cpl|dll|exe|hta|html?|jar|jse?|jsp|lnk|mhtm?l?|msi|phar|php|pif"
    r"|pl|ps1|py|rb|scr|sh|svg|swf|vb[es]?|wsf|xht|xhtml|xml)$",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,10})$")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file. The name is safe to show and to offer; the key says nothing about it."""

    key: str
    name: str
    size: int  # bytes
    media_type: str
    sha256: str

    @property
    def columns(self) -> dict[str, Any]:
        """What a `FileRow` has of it."""
        return asdict(self)


class FileRow(Table):
    """The columns of a row that stands for one kept file."""

    name: str
    size: int  # bytes
    media_type: str
    sha256: str
    key: str  # where the file store has it

    @property
    def weight(self) -> str:
        """Such as "1.2 MB"."""
        return weight(self.size)

    @property
    def stored(self) -> Stored:
        return Stored(self.key, self.name, self.size, self.media_type, self.sha256)


def connect(place: str) -> ObjectStore:
    """The store at a folder, or at an address such as s3://, az:// or gs://.

    A store that is down is given up within seconds, so that pages can say so.
    """
    if "://" not in place:
        return LocalStore(Path(place), mkdir=True)
    if place.startswith("file://"):
        return from_url(place, mkdir=True)
    return from_url(
        place,
        client_options={
            "allow_http": True,  # where the operator's endpoint says so, as inside one network
            "connect_timeout": timedelta(seconds=1),
            "read_timeout": timedelta(seconds=5),
        },
        retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=2)},
    )


def save(
    store: ObjectStore,
    upload: IO[bytes],
    name: str,
    limit: int = LIMIT,
    cover: Callable[[bytes], bytes] | None = None,
) -> Stored:
    """Keeps an upload of at most `limit` bytes; with a `cover`, what that makes of it.

    Raises Refused with a sentence for the person, or Unavailable; then nothing has been kept.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        size, sha256 = _copy(upload, copy, limit)
        plain = _plain(name)
        kind = kind_of(copy, _ending(plain))
        shown = _name_for(plain, kind)
        key = uuid4().hex
        copy.seek(0)
        try:
            obstore.put(store, key, BytesIO(cover(copy.read())) if cover else copy)
        except (BaseError, OSError):
            raise Unavailable("Files cannot be kept at the moment. Try again later.") from None
    return Stored(key, shown, size, kind.media_type, sha256)


def keep(store: ObjectStore, upload: IO[bytes]) -> str:
    """Keeps an upload as it is, for a program to read and never to hand out; its key."""
    key = uuid4().hex
    upload.seek(0)
    try:
        obstore.put(store, key, upload)
    except (BaseError, OSError):
        raise Unavailable("Files cannot be kept at the moment. Try again later.") from None
    return key


def put(store: ObjectStore, key: str, content: bytes) -> None:
    """Puts other content in the place of a file. Raises Unavailable."""
    try:
        obstore.put(store, key, BytesIO(content))
    except (BaseError, OSError):
        raise Unavailable("Files cannot be kept at the moment. Try again later.") from None


def opened(store: ObjectStore, key: str) -> BinaryIO:
    """A kept file to read and seek in. Raises NotFound or Unavailable."""
    try:
        reader = obstore.open_reader(store, key, buffer_size=CHUNK)
    except FileNotFoundError:
        raise NotFound("There is no such file.") from None
    except (BaseError, OSError):
        raise Unavailable("Files cannot be read at the moment. Try again later.") from None
    return BufferedReader(_Raw(reader), CHUNK)


class _Raw(RawIOBase):
    """obstore's reader as a file of Python: its own hands out another kind of bytes."""

    def __init__(self, reader: "obstore.ReadableFile") -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()

    def readinto(self, buffer: Any) -> int:
        piece = memoryview(self._reader.read(len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


def chunks(store: ObjectStore, key: str) -> Iterator[bytes]:
    """What is in a kept file, piece by piece. Raises NotFound or Unavailable at once."""
    try:
        found = obstore.get(store, key)
    except FileNotFoundError:
        raise NotFound("There is no such file.") from None
    except (BaseError, OSError):
        raise Unavailable("Files cannot be read at the moment. Try again later.") from None
    return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))


def drop(store: ObjectStore, key: str) -> None:
    """Removes a kept file; one that is gone already is no matter."""
    try:
        obstore.delete(store, key)
    except FileNotFoundError:
        return
    except (BaseError, OSError):
        raise Unavailable("Files cannot be removed at the moment. Try again later.") from None


def download_headers(stored: Stored) -> dict[str, str]:
    """Headers that make a browser save a file and never open it within our pages."""
    ascii_name = re.sub(r'[^ -~]|["\\%]', "_", stored.name)
    names = f"filename=\"{ascii_name}\"; filename*=UTF-8''{quote(stored.name, safe='')}"
    return {
        "Content-Type": stored.media_type,
        "Content-Length": str(stored.size),
        # RFC 6266: the second form is for names beyond ASCII, the first for whoever ignores it
        "Content-Disposition": f"attachment; {names}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def picture_headers(stored: Stored) -> dict[str, str]:
    """Headers for a picture within one of our pages; opened by itself it can do nothing, either."""
    return {
        "Content-Type": stored.media_type,
        "Content-Length": str(stored.size),
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }


def _copy(upload: IO[bytes], copy: IO[bytes], limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while piece := upload.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise Refused(f"The file must be smaller than {_megabytes(limit)}.")
        digest.update(piece)
        copy.write(piece)
    return size, digest.hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"


def _plain(name: str) -> str:
    """The last part of a name, without what could mislead whoever reads it or opens it."""
    last = re.split(r"[/\\]", name)[-1]
    readable = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        # C: control, format (which includes writing direction) and unassigned characters
        if not unicodedata.category(character).startswith("C")
    )
    return " ".join(_NOT_IN_NAMES.sub("-", readable).split()).strip(". ")


def _ending(plain: str) -> str:
    found = _ENDING.search(plain)
    return found[1].lower() if found else ""


def _name_for(plain: str, kind: Kind) -> str:
    """The name to keep, if it says truly what the file is. Raises Refused."""
    ending = _ending(plain)
    if ending and ending not in kind.endings:
        raise Refused(
            f"The name ends in .{ending}, but the file is {kind.name}. "
            f"Rename it to end in .{kind.endings[0]}."
        )
    stem = plain[: -len(ending) - 1].rstrip(". ") if ending else plain
    if second := _SECOND_ENDING.search(stem):
        raise Refused(f"The name has two endings, {second[0]} and .{ending}. Rename the file.")
    return f"{stem[:LONGEST_NAME].rstrip('. ') or 'document'}.{ending or kind.endings[0]}"
