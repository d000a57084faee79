"""A JSON file of any size, taken apart one member at a time, with the damage that files carry
repaired.
"""

import codecs
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]  # it ships no types

CHUNK = 64 * 1024
# Bytes of one text or number. The parser reads a text again from its start with every piece.
LONGEST = 4 * 1024 * 1024
LARGEST = 20_000_000  # of one member: its characters, and _COST for every value
DEEPEST = 64  # levels; the standard with all its extensions needs about 15
LISTS = frozenset({"releases", "records"})

_COST = 50
_BLANK = bytes.maketrans(bytes(range(32)), b" " * 32)
_REPAIR = "marketplace.private-use"
# Numbers that neither int() nor Decimal holds, and the words that some writers put for them.
_ENDLESS = re.compile(rb"NaN|Infinity|[0-9]{300}|[eE][+-]?[0-9]{18}")
_FLAT = bytes.maketrans(b"123456789E", b"000000000e")
_FLAT_SIGNS = (b"0" * 300, b"e" + b"0" * 18)
_TOKEN = re.compile(
    rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?(?:NaN|Infinity)|-?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?',
    re.DOTALL,
)
_STAND_IN = b"1e9999"  # legal JSON, and still seen to be no amount of anything

_Event = tuple[str, Any]


class Unreadable(Exception):  # noqa: N818 - an answer to somebody's file, not a fault of ours
    """One sentence saying why nothing can be taken from a file."""


@dataclass(slots=True)
class Member:
    """A value at the top of a file: `number` counts from 1 in a list that is read one by one."""

    name: str | None  # None for a list that is the whole file
    number: int | None
    value: object
    notes: list[tuple[str, str]] = field(default_factory=list)  # field, what was repaired in it
    oversize: bool = False


class Source:
    """A stream as the UTF-8 JSON that the parser accepts; `position` is in bytes of the stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.position = 0
        self._is_empty = True

    def members(self) -> Iterator[Member]:
        """The elements of a bare list, of `releases` and of `records` one by one, after
        the list itself, which is empty; every other member whole. In the order of the file.
        Raises Unreadable, possibly late."""
        events = self._events()
        opening, _ = next(events)
        if opening == "start_array":
            yield from _elements(None, events)
        elif opening == "start_map":
            for event, name in events:
                if event == "end_map":
                    break
                yield from _member(str(name), events)
        else:
            raise Unreadable("The file is not OCDS: it holds a single value, no releases.")
        for _ in events:  # to the end, where the parser complains of what follows
            pass

    def first(self, prefix: str) -> object:
        """The first plain value at a path such as `publisher.name`; None where there is none."""
        found = ijson.sendable_list()
        parser = ijson.items_coro(found, prefix)
        try:
            for chunk in self.chunks():
                parser.send(chunk)
                if found:
                    return found[0]
        except (Unreadable, ijson.JSONError, ArithmeticError, ValueError):
            pass  # reading the file as a whole says what is wrong with it
        return None

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces that divide no number, no word and no escape, each safe to parse."""
        inside = False  # a text that began in an earlier piece
        length = 0  # of that text so far
        for piece in _whole_tokens(self._decoded()):
            if _may_be_endless(piece):
                yield _without_endless_numbers(piece, inside)
            else:
                yield piece
            unescaped = piece.replace(rb"\\", b"").replace(rb"\"", b"")
            quotes = unescaped.count(b'"')
            inside ^= quotes % 2 == 1
            length = 0 if quotes or not inside else length + len(piece)
            _refuse_beyond_longest(length)

    def _decoded(self) -> Iterator[bytes]:
        decoder: codecs.IncrementalDecoder | None = None
        while True:
            raw = self._stream.read(CHUNK)
            self.position += len(raw)
            decoder = decoder or codecs.getincrementaldecoder(_encoding(raw))(_REPAIR)
            text = decoder.decode(raw, final=not raw)
            # A control character is illegal inside a text and means nothing outside.
            yield text.encode("utf-8", "replace").translate(_BLANK)
            if not raw:
                return

    def _events(self) -> Iterator[_Event]:
        events = ijson.sendable_list()
        parser = ijson.basic_parse_coro(events)
        try:
            for chunk in self.chunks():
                parser.send(chunk)
                self._is_empty = self._is_empty and not events
                yield from events
                events.clear()
            parser.close()
            yield from events  # a number at the very end
        except ijson.JSONError as error:
            raise Unreadable(self._complaint(str(error))) from error
        except (ArithmeticError, ValueError) as error:
            raise Unreadable(f"The file cannot be read after byte {self.position:,}.") from error

    def _complaint(self, error: str) -> str:
        if "premature EOF" not in error:
            return f"The file is not JSON: it cannot be read after byte {self.position:,}."
        if self._is_empty:
            return "The file is empty."
        return "The file is cut short: it ends in the middle of the JSON."


def windows_1252(text: str) -> str:
    """Text whose broken bytes _private_use kept aside, with those bytes read as Windows-1252."""
    return _KEPT_ASIDE.sub(_windows_1252, text)


_KEPT_ASIDE = re.compile("[\uf780-\uf7ff]")


def _windows_1252(found: re.Match[str]) -> str:
    return bytes([ord(found[0]) - 0xF700]).decode("windows-1252", "replace")


def _private_use(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 become private characters, so that each field tells of its own."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(chr(0xF700 + byte) for byte in broken), error.end


codecs.register_error(_REPAIR, _private_use)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\0" else "utf-8-sig"


def _whole_tokens(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        cut = max(chunk.rfind(b","), chunk.rfind(b'"')) + 1
        if cut:
            yield held + chunk[:cut]
            held = chunk[cut:]
        else:
            held += chunk
        _refuse_beyond_longest(len(held))
    yield held


def _refuse_beyond_longest(length: int) -> None:
    if length > LONGEST:
        raise Unreadable(f"The file holds a single value longer than {LONGEST // 1024**2} MB.")


def _may_be_endless(piece: bytes) -> bool:
    """A quick look, many times faster than the expression: no number escapes it, but digits of
    other things may look the same."""
    if b"NaN" in piece or b"Infinity" in piece:
        return True
    flat = piece.translate(_FLAT, b"+-")
    return any(sign in flat for sign in _FLAT_SIGNS)


def _without_endless_numbers(piece: bytes, inside: bool) -> bytes:
    if inside:  # the quotation mark that opened the text is in an earlier piece
        return _TOKEN.sub(_stand_in, b'"' + piece)[1:]
    return _TOKEN.sub(_stand_in, piece)


def _stand_in(found: re.Match[bytes]) -> bytes:
    token = found[0]
    return token if token.startswith(b'"') or not _ENDLESS.search(token) else _STAND_IN


def _member(name: str, events: Iterator[_Event]) -> Iterator[Member]:
    opening = next(events)
    if name in LISTS and opening[0] == "start_array":
        return _elements(name, events)
    return iter([_built(Member(name, None, None), opening, events)])


def _elements(name: str | None, events: Iterator[_Event]) -> Iterator[Member]:
    yield Member(name, None, [])
    for number, opening in enumerate(events, 1):
        if opening[0] == "end_array":
            return
        yield _built(Member(name, number, None), opening, events)


def _built(member: Member, opening: _Event, events: Iterator[_Event]) -> Member:
    """The member with the value that `opening` begins. A loop of its own, because ijson's builders
    neither stop at a depth nor say that a name was given twice."""
    root: list[Any] = []
    at: Any = root
    key = ""
    above: list[tuple[Any, str]] = []  # what each container is in, and under which name
    room = LARGEST
    for event, value in itertools.chain((opening,), events):
        if event == "map_key":
            key = value
            if key in at or " " in key:
                key = _mended(member, at, key, above)
            continue
        if event == "end_map" or event == "end_array":
            at, key = above.pop()
        else:
            opens = event == "start_map" or event == "start_array"
            if opens:
                value = {} if event == "start_map" else []
            room -= _COST + len(value) if event == "string" else _COST
            if room < 0:
                member.oversize = True
            elif type(at) is dict:
                at[key] = value
            else:
                at.append(value)
            if opens:
                above.append((at, key))
                at, key = value, ""
                if len(above) > DEEPEST:
                    raise Unreadable(f"The file is nested more than {DEEPEST} levels deep.")
        if not above:
            break
    member.value = None if member.oversize else root[0]
    return member


def _mended(member: Member, at: Any, written: str, above: list[tuple[Any, str]]) -> str:
    """The name of a field. Names of the standard have no spaces: those of files once wrapped do."""
    name = "".join(written.split())
    path = ".".join([key for _, key in above if key] + [name])
    if name != written:
        reason = f"The name is written “{written}”; it was read as “{name}”."
    else:
        reason = "It is given twice; the last one was used."
    member.notes.append((path, reason))
    return name
