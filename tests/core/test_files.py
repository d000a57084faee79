"""Is a file taken only for what it is, kept whole, and handed out without harm?"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from marketplace.core import files
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.file_kinds import KINDS
from marketplace.core.files import ObjectStore, Refused, Stored, chunks, connect, save

TYPES = "[Content_Types].xml"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def packed(
    entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.comment = comment
    return file.getvalue()


def office(folder: str, **more: bytes) -> bytes:
    return packed(
        {TYPES: b"<Types/>", "_rels/.rels": b"<r/>", f"{folder}/main.xml": b"<x/>"} | more
    )


def open_document(kind: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": mimetype, "content.xml": b"<x/>"}, zipfile.ZIP_STORED)


def png() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\x00\xff\xff\xff")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


PDF = (
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\n%%EOF\n"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
DOCX, XLSX, PPTX = office("word"), office("xl"), office("ppt")

GENUINE = {
    "need.pdf": PDF,
    "plan.png": png(),
    "photo.jpg": JPEG,
    "photo.jpeg": JPEG,
    "need.docx": DOCX,
    "prices.xlsx": XLSX,
    "talk.pptx": PPTX,
    "need.odt": open_document("text"),
    "prices.ods": open_document("spreadsheet"),
    "talk.odp": open_document("presentation"),
    "prices.csv": "item,price\nbin,£12\n".encode(),
    "windows.csv": "item,price\nbin,£12\n".encode("cp1252"),
    "excel.csv": "item,price\nbin,£12\n".encode("utf-16"),
    "marked.csv": "item,price\nbin,£12\n".encode("utf-8-sig"),
    "note.txt": b"BMI and weight < 90 kg\r\n\tas agreed & signed\r\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(folder: Path) -> ObjectStore:
    return connect(str(folder))


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_file_is_kept_and_comes_back_as_it_was(
    name: str, store: ObjectStore, folder: Path
) -> None:
    content = GENUINE[name]
    stored = save(store, io.BytesIO(content), name)
    assert b"".join(chunks(store, stored.key)) == content
    assert stored.name == name
    assert stored.size == len(content)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    ending = name.rpartition(".")[2]
    assert [kind.media_type for kind in KINDS if ending in kind.endings] == [stored.media_type]
    assert [path.name for path in kept(folder)] == [stored.key]


def test_a_large_file_is_kept_whole(store: ObjectStore) -> None:
    content = b"item,price\n" + b"bin,12\n" * 1_000_000
    stored = save(store, io.BytesIO(content), "prices.csv")
    assert stored.size == len(content)
    assert b"".join(chunks(store, stored.key)) == content


def test_the_same_file_twice_is_two_files(store: ObjectStore) -> None:
    one, other = (save(store, io.BytesIO(PDF), "need.pdf") for _ in range(2))
    assert one.key != other.key
    files.drop(store, one.key)
    with pytest.raises(NotFound):
        chunks(store, one.key)
    assert b"".join(chunks(store, other.key)) == PDF
    files.drop(store, one.key)


BOMB = office("xl", **{"xl/sheet.xml": bytes(5_000_000)})
MANY = packed({TYPES: b""} | {f"word/{number}.xml": b"" for number in range(2_001)})
DIRECTORY = packed({f"word/{number:0200}.xml": b"" for number in range(5_000)})

REFUSED = {
    "an empty file": ("empty.txt", b"", "empty"),
    "a web page": ("page.html", HTML, "web page"),
    "a web page named as text": ("page.txt", HTML, "web page"),
    "a web page in UTF-16": ("page.txt", HTML.decode().encode("utf-16"), "web page"),
    "a web page named as a document": ("need.pdf", HTML, "web page"),
    "a script inside text": ("note.txt", b"Hello <script>alert(1)</script>", "script"),
    "a drawing": ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing"),
    "a drawing after its declaration": ("plan.svg", b"<?xml version='1.0'?><svg/>", "drawing"),
    "a drawing named as a picture": ("plan.png", b" <svg onload='alert(1)'/>", "drawing"),
    "a shell script": ("run.txt", b"#!/bin/sh\nrm -rf /\n", "script"),
    "rich text": ("need.rtf", b"{\\rtf1 hello}", "script"),
    "a program": ("need.pdf", b"MZ\x90\x00" + bytes(600), "kind that is not accepted"),
    "an old Word document": (
        "need.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "kind that is not accepted",
    ),
    "a moving picture": ("a.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "not accepted"),
    "text with control characters": ("note.txt", b"Hello \x1b[2J", "kind that is not accepted"),
    "a picture named as a document": ("need.pdf", png(), "Rename it to end in .png"),
    "a document named as a workbook": ("prices.xlsx", DOCX, "Rename it to end in .docx"),
    "text named as a document": ("need.pdf", b"Hello", "Rename it to end in .txt"),
    "a document named as a program": ("need.pdf.exe", PDF, "ends in .exe"),
    "a program's name before the ending": ("need.exe.pdf", PDF, "two endings, .exe and .pdf"),
    "a page's name before the ending": ("need.HTML.pdf", PDF, "two endings, .HTML and .pdf"),
    "a name written backwards": ("need\u202efdp.exe", PDF, "ends in .exe"),
    "a document that is an archive too": ("need.pdf", PDF + packed({"a": b"b"}), "two files"),
    "a picture that is an archive too": ("plan.png", png() + packed({"a": b"b"}), "two files"),
    "a document with a page behind it": ("need.pdf", PDF + HTML, "web page or a script"),
    "a picture with a script inside": (
        "photo.jpg",
        JPEG[:-2] + b"\xff\xfe\x00\x20<script>alert(1)</script>" + JPEG[-2:],
        "web page or a script",
    ),
    "a picture with a program behind it": ("plan.png", png() + b"<?php x(); ?>", "script"),
    "an archive with a page behind it": (
        "need.docx",
        packed({TYPES: b"", "word/main.xml": b""}, comment=HTML),
        "web page or a script",
    ),
    "an archive before another": ("need.docx", packed({"a": b"b"}) + DOCX, "two files"),
    "an archive": ("files.zip", packed({"a.txt": b"Hello"}), "archive"),
    "an archive named as a document": ("need.docx", packed({"a.txt": b"Hello"}), "archive"),
    "an archive of nothing": ("need.docx", packed({}), "not accepted"),
    "two documents in one": ("need.docx", office("word", **{"xl/a.xml": b""}), "archive"),
    "a macro": ("need.docx", office("word", **{"word/vbaProject.bin": b"x"}), "macros"),
    "a program in a document": (
        "need.docx",
        office("word", **{"META-INF/MANIFEST.MF": b""}),
        "pro",
    ),
    "a way out of a folder": ("need.docx", office("word", **{"word/../../x": b""}), "plain"),
    "a small file that unpacks to a large one": ("prices.xlsx", BOMB, "when it is unpacked"),
    "a file of too many parts": ("need.docx", MANY, "too many parts"),
    "a directory too large to read": ("need.docx", DIRECTORY, "too many parts"),
    "a torn archive": ("need.docx", DOCX[:-30], "damaged"),
    "an archive whose parts are not what its directory says": (
        "need.docx",
        packed({TYPES: b"<Types/>", "word/main.xml": b""}, zipfile.ZIP_STORED).replace(
            b"<Types/>", b"<Other/>"
        ),
        "damaged",
    ),
    "unusual packing": (
        "need.docx",
        packed({TYPES: b"", "word/main.xml": b"x" * 99}, zipfile.ZIP_LZMA),
        "unusual",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_a_sentence_and_nothing_left_behind(
    what: str, store: ObjectStore, folder: Path
) -> None:
    name, content, says = REFUSED[what]
    with pytest.raises(Refused) as refusal:
        save(store, io.BytesIO(content), name)
    sentence = str(refusal.value)
    assert says in sentence
    assert sentence.startswith("The ")
    assert sentence.endswith(".")
    assert refusal.value.status == 422
    assert kept(folder) == []


def test_a_protected_archive_is_refused(store: ObjectStore) -> None:
    directory = DOCX.find(b"PK\x01\x02")
    protected = bytearray(DOCX)
    protected[directory + 8] |= 1
    with pytest.raises(Refused, match="password"):
        save(store, io.BytesIO(bytes(protected)), "need.docx")


def test_parts_that_are_large_together_are_refused(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.core.file_kinds._MOST_UNPACKED", 1_000)
    with pytest.raises(Refused, match="when it is unpacked"):
        save(store, io.BytesIO(office("xl", **{"xl/a": bytes(600), "xl/b": bytes(600)})), "a.xlsx")


class Endless(io.BytesIO):
    """An upload that never ends, and counts what was taken of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "an upload is never read whole"
        self.taken += size
        return b"a" * size


def test_too_large_is_refused_before_the_whole_has_been_read(
    store: ObjectStore, folder: Path
) -> None:
    endless = Endless()
    with pytest.raises(Refused, match="smaller than 20 MB"):
        save(store, endless, "note.txt")
    assert endless.taken < 21_000_000
    assert kept(folder) == []


def test_the_limit_itself_is_taken(store: ObjectStore) -> None:
    assert save(store, io.BytesIO(b"12345"), "note.txt", limit=5).size == 5
    with pytest.raises(Refused):
        save(store, io.BytesIO(b"123456"), "note.txt", limit=5)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/need.pdf", "need.pdf"),
        ("C:\\fakepath\\need.pdf", "need.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("need.PDF", "need.pdf"),
        ("need.pdf. .", "need.pdf"),
        ("Report v1.2 (final).pdf", "Report v1.2 (final).pdf"),
        ("ne\x00ed\r\nSet-Cookie: a.pdf", "needSet-Cookie- a.pdf"),
        ("\u202eneed\u2066.pdf", "need.pdf"),
        ('"><img src=x>.pdf', "---img src=x-.pdf"),
        ("  Bedarf   Größe.pdf", "Bedarf Größe.pdf"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ("a" * 5_000 + ".pdf", "a" * 100 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_kept_readable(name: str, shown: str, store: ObjectStore) -> None:
    assert save(store, io.BytesIO(PDF), name).name == shown


def test_a_file_without_an_ending_gets_the_one_of_its_kind(store: ObjectStore) -> None:
    assert save(store, io.BytesIO(DOCX), "need").name == "need.docx"
    assert save(store, io.BytesIO(b"a,b\n"), "need").name == "need.txt"


@given(st.text())
def test_whatever_the_name_it_never_becomes_a_path(name: str) -> None:
    store = MemoryStore()
    try:
        stored = save(store, io.BytesIO(PDF), name)
    except Refused:
        return
    assert stored.name == Path(stored.name).name
    assert stored.name.endswith(".pdf")
    assert len(stored.name) <= 105
    assert stored.name.isprintable()
    assert [item["path"] for item in obstore.list(store).collect()] == [stored.key]
    headers = files.download_headers(stored)
    assert "".join(headers.values()).isascii()
    assert "\r" not in headers["Content-Disposition"]
    assert "\n" not in headers["Content-Disposition"]


@given(st.binary(max_size=2_000), st.sampled_from([*GENUINE]), st.integers(0, 2_000))
def test_no_content_breaks_the_check(noise: bytes, name: str, place: int) -> None:
    genuine = GENUINE[name]
    for content in (noise, genuine[:place] + noise, genuine[:place] + noise + genuine[place:]):
        try:
            stored = save(MemoryStore(), io.BytesIO(content), name)
        except Refused:
            continue
        assert stored.size == len(content)


def test_a_download_is_saved_under_its_name_and_never_opened_in_the_page() -> None:
    stored = Stored("key", 'Größe "1" 100%.pdf', 5, "application/pdf", "")
    headers = files.download_headers(stored)
    assert headers["Content-Disposition"] == (
        'attachment; filename="Gr__e _1_ 100_.pdf"; '
        "filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%20100%25.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == "5"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_that_is_not_there_says_so(store: ObjectStore) -> None:
    with pytest.raises(NotFound, match="no such file"):
        chunks(store, "nothing")


def test_a_store_may_be_named_by_an_address(tmp_path: Path) -> None:
    store = connect((tmp_path / "by address").as_uri())
    stored = save(store, io.BytesIO(PDF), "need.pdf")
    assert (tmp_path / "by address" / stored.key).read_bytes() == PDF


def test_a_store_that_cannot_write_says_so_and_leaves_nothing(
    store: ObjectStore, folder: Path
) -> None:
    folder.rmdir()
    folder.write_text("a file where the folder was")
    with pytest.raises(Unavailable, match="Try again later"):
        save(store, io.BytesIO(PDF), "need.pdf")
    assert folder.read_text() == "a file where the folder was"


def test_a_store_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    store = connect("s3://bucket/files")
    with pytest.raises(Unavailable, match="cannot be kept"):
        save(store, io.BytesIO(PDF), "need.pdf")
    with pytest.raises(Unavailable, match="cannot be read"):
        chunks(store, "key")
    with pytest.raises(Unavailable, match="cannot be removed"):
        files.drop(store, "key")
