"""Which kind of file something is, judged by what is in it. Names and headers are not believed."""

import codecs
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

import puremagic

from marketplace.core.errors import Problem


class Refused(Problem):
    """A file that is not taken; the text says why and what to do."""

    status = 422
    title = "The file was not accepted"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken, as a sentence names it. The first ending is the usual one."""

    name: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

PDF = Kind("a PDF document", "application/pdf", ("pdf",))
PNG = Kind("a PNG picture", "image/png", ("png",))
JPEG = Kind("a JPEG picture", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
DOCX = Kind("a Word document", f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = Kind("an Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
PPTX = Kind("a PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", ("pptx",))
ODT = Kind("an OpenDocument text", f"{_OPEN}.text", ("odt",))
ODS = Kind("an OpenDocument spreadsheet", f"{_OPEN}.spreadsheet", ("ods",))
ODP = Kind("an OpenDocument presentation", f"{_OPEN}.presentation", ("odp",))
TEXT = Kind("a text file", "text/plain", ("txt",))
CSV = Kind("a CSV file", "text/csv", ("csv",))

KINDS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, CSV, TEXT, PNG, JPEG)
ACCEPTED = ", ".join(kind.endings[0].upper() for kind in KINDS[:-1]) + " or JPG"

_BY_TYPE = {kind.media_type: kind for kind in (PDF, PNG, JPEG)}
_BY_MIMETYPE_ENTRY = {kind.media_type.encode(): kind for kind in (ODT, ODS, ODP)}
_BY_FOLDER = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}

_EDGE = 4096  # bytes at the beginning and end in which a second nature shows
_MARKUP = re.compile(r"<(?:!doctype|html|script|svg|iframe|object|embed|\?php)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_ENCRYPTED = 1  # the flag of an entry
_END_RECORD, _END_WITHIN, _LOCATOR = 18, 66_000, 20  # bytes, of the archive's end
_MOST_DIRECTORY = 1_000_000  # bytes
_MOST_ENTRIES = 2_000
_MOST_UNPACKED = 200_000_000  # bytes
_RATIO, _RATIO_FROM = 100, 1_000_000  # times packed size, for an entry of that many bytes
_RUNS = re.compile(r"vbaProject\.bin$|^(?:Basic|Scripts)/|^META-INF/MANIFEST\.MF$", re.IGNORECASE)


def weight(size: int) -> str:
    """A number of bytes, such as "1.2 MB"."""
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


def kind_of(file: IO[bytes], ending: str) -> Kind:
    """The kind of a file, opened for reading and seeking. Raises Refused.

    The ending of the name only tells a CSV file from other text.
    """
    file.seek(0)
    head = file.read(_EDGE)
    if not head:
        raise Refused("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        _refuse_markup_at_the_edges(head, file)
        return _archive_kind(file)
    if kind := _BY_TYPE.get(_signature(head)):
        _refuse_markup_at_the_edges(head, file)
        _refuse_hidden_archive(file)
        return kind
    file.seek(0)
    _refuse_unless_plain_text(file.read())
    return CSV if ending in CSV.endings else TEXT


def _signature(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True)
    except puremagic.PureError:
        return ""


def _refuse_markup_at_the_edges(head: bytes, file: IO[bytes]) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - _EDGE))
    for edge in (head, file.read()):
        _refuse_markup(edge.decode("latin-1"))


def _refuse_markup(text: str) -> None:
    if _MARKUP.search(text):
        raise Refused("The file holds a web page or a script. Save it again as a plain document.")


def _refuse_hidden_archive(file: IO[bytes]) -> None:
    if zipfile.is_zipfile(file):
        raise Refused("The file is two files in one. Save it again as a plain document.")


def _refuse_unless_plain_text(content: bytes) -> None:
    text = _decoded(content)
    if text is None or _CONTROL.search(text):
        raise Refused(f"The file is of a kind that is not accepted. Upload a {ACCEPTED}.")
    if text.lstrip().startswith(("<", "#!", "{\\rtf")):
        raise Refused(f"The file is a web page, drawing or script. Upload a {ACCEPTED}.")
    _refuse_markup(text)


def _decoded(content: bytes) -> str | None:
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _archive_kind(file: IO[bytes]) -> Kind:
    """Office files are archives: what is packed in them says which, once it is safe to unpack."""
    _refuse_long_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries)
            _refuse_hazards(entries)
            kind = _kind_inside(archive)
            if archive.testzip() is None:
                return kind
    except _DAMAGED:
        pass
    raise Refused("The file is damaged. Save it again and upload that.")


def _refuse_long_directory(file: IO[bytes]) -> None:
    """An archive's directory is read whole into memory, so its size is looked at beforehand."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_WITHIN))
    before, end, after = file.read().rpartition(b"PK\x05\x06")
    if not end or len(after) < _END_RECORD:
        raise Refused("The file is damaged. Save it again and upload that.")
    large_format = before[-_LOCATOR:].startswith(b"PK\x06\x07")
    if large_format or int.from_bytes(after[8:12], "little") > _MOST_DIRECTORY:
        raise Refused("The file has too many parts in it. Split it into smaller files.")


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise Refused("The file has too many parts in it. Split it into smaller files.")
    swollen = any(
        entry.file_size > _RATIO_FROM and entry.file_size > _RATIO * entry.compress_size
        for entry in entries
    )
    if swollen or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Refused("The file is too large when it is unpacked. Split it into smaller files.")


def _refuse_hazards(entries: list[zipfile.ZipInfo]) -> None:
    if not entries or min(entry.header_offset for entry in entries) > 0:
        raise Refused("The file is two files in one. Save it again as a plain document.")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise Refused("The file is protected by a password. Upload it without one.")
        if _RUNS.search(entry.filename):
            raise Refused("The file has macros or programs in it. Save it without them.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("The file is packed in an unusual way. Save it again and upload that.")
        if entry.filename.startswith("/") or ".." in entry.filename.split("/"):
            raise Refused("The file is not a plain document. Save it again and upload that.")


def _kind_inside(archive: zipfile.ZipFile) -> Kind:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        kinds = {_BY_FOLDER.get(name[: name.find("/") + 1]) for name in names} - {None}
    elif "mimetype" in names:
        with archive.open("mimetype") as entry:
            kinds = {_BY_MIMETYPE_ENTRY.get(entry.read(_EDGE))} - {None}
    else:
        kinds = set()
    if len(kinds) != 1 or (kind := kinds.pop()) is None:
        raise Refused(f"The file is an archive, which is not accepted. Upload a {ACCEPTED}.")
    return kind
