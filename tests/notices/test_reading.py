"""Files: which are read, how their records are named, and what makes a whole file unreadable."""

import json
from datetime import UTC, datetime
from io import BytesIO, RawIOBase

import pytest

from marketplace.notices import streaming
from marketplace.notices.reading import Reader, Refused, Taken, Unreadable
from tests.notices.releases import OCID, WHOLE, package, read, refused, release, taken


def complaint(file: bytes) -> str:
    with pytest.raises(Unreadable) as unreadable:
        read(file)
    return str(unreadable.value)


# ---- files that are read


def test_a_release_package_gives_its_releases_in_order() -> None:
    first, second = taken(WHOLE, release(id="two"))

    assert (first.record, second.record) == (f"release 1 ({OCID})", f"release 2 ({OCID})")
    assert (first.ocid, first.release_id) == (OCID, "one-1")
    assert (first.buyer_key, first.date) == ("GB-LAE-XMP", datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert second.release_id == "two"
    assert first.warnings == second.warnings == ()


def test_a_single_release_is_read_as_a_package_of_one() -> None:
    [only] = read(json.dumps(WHOLE).encode())

    assert isinstance(only, Taken)
    assert only.content == taken(WHOLE)[0].content
    assert only.record == f"release 1 ({OCID})"


def test_a_bare_list_of_releases_is_read() -> None:
    outcomes = read(json.dumps([WHOLE, "stray", WHOLE]).encode())

    assert [type(outcome) for outcome in outcomes] == [Taken, Refused, Taken]


def test_an_empty_package_is_readable() -> None:
    assert read(package()) == []
    assert read(b'{"": 1, "releases": [], "": []}') == []


def test_a_record_package_gives_the_releases_that_are_in_it() -> None:
    records = [{"ocid": OCID, "releases": [WHOLE, release(id="two")], "compiledRelease": WHOLE}]
    first, second = read(json.dumps({"records": records}).encode())

    assert first.record == f"record 1, release 1 ({OCID})"
    assert second.record == f"record 1, release 2 ({OCID})"


def test_a_record_of_links_gives_its_compiled_release() -> None:
    link = {"url": "https://notices.example/1", "date": "2026-03-02T09:00:00Z", "tag": ["award"]}
    records = [{"ocid": OCID, "releases": [link], "compiledRelease": release(tag=["compiled"])}]
    [only] = read(json.dumps({"records": records}).encode())

    assert isinstance(only, Taken)
    assert only.record == f"record 1 ({OCID})"
    assert only.content["tag"] == ["compiled"]


def test_a_record_of_links_alone_is_refused() -> None:
    records = [{"ocid": OCID, "releases": [{"url": "https://notices.example/1"}]}]
    [outcome] = read(json.dumps({"records": records}).encode())

    assert isinstance(outcome, Refused)
    assert (outcome.record, outcome.field) == (f"record 1, release 1 ({OCID})", "url")
    assert outcome.reason == "It is only a link to a release that is not in the file."


@pytest.mark.parametrize("record", [None, "text", {"ocid": OCID}, {"releases": {}}, {}])
def test_a_record_without_releases_is_refused(record: object) -> None:
    [outcome] = read(json.dumps({"records": [record]}).encode())

    assert isinstance(outcome, Refused)
    assert outcome.record.startswith("record 1")


@pytest.mark.parametrize(
    ("ocid", "source"),
    [
        ("ocds-h6vhtk-067fb8", "Find a Tender"),
        ("ocds-b5fd17-1", "Contracts Finder"),
        ("ocds-kuma6s-148440", "Sell2Wales"),
        ("ocds-abc123-1", "A portal"),
    ],
)
def test_the_source_is_the_portal_of_the_prefix_or_else_the_publisher(
    ocid: str, source: str
) -> None:
    assert taken(release(ocid=ocid))[0].content["source"] == source


def test_a_publisher_named_after_the_releases_is_found() -> None:
    releases = [release(ocid=f"ocds-abc123-{n}") for n in range(100)]
    file = json.dumps({"releases": releases, "publisher": {"name": "A late portal"}}).encode()

    assert {o.content["source"] for o in read(file) if isinstance(o, Taken)} == {"A late portal"}


class _Pipe(RawIOBase):
    def __init__(self, file: bytes) -> None:
        self._file = BytesIO(file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the only buffer here
        return self._file.readinto(buffer)


def test_a_stream_that_cannot_seek_falls_back_on_the_prefix() -> None:
    file = json.dumps({"releases": [release(ocid="ocds-abc123-1")], "publisher": {"name": "Late"}})
    [only] = Reader(_Pipe(file.encode()))  # type: ignore[arg-type]  # a pipe reads like a file

    assert isinstance(only, Taken)
    assert only.content["source"] == "ocds-abc123"


def test_reading_tells_how_far_it_is() -> None:
    file = package(*[WHOLE] * 200)
    reader = Reader(BytesIO(file))
    positions = [reader.position for _ in reader]

    assert 0 < positions[0] < positions[100] < len(file)
    assert positions == sorted(positions)
    assert reader.position == len(file)


# ---- how a file may be written


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    text = json.dumps({"releases": [release("tender.title", "£5 café")]}, ensure_ascii=False)
    [only] = read(text.encode(encoding))

    assert isinstance(only, Taken)
    assert only.content["tender"]["title"] == "£5 café"
    assert only.warnings == ()


def test_raw_control_characters_inside_text_are_read_as_spaces() -> None:
    file = package(release("tender.title", "Waste@collection")).replace(b"@", b"\n\t")
    [only] = read(file)

    assert isinstance(only, Taken)
    assert only.content["tender"]["title"] == "Waste collection"


def test_words_and_numbers_are_read_whole_wherever_the_pieces_are_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = 'NaN, "1e99999999999999999999" and \\ Infinity'
    file = package(release("tender.title", text), release("tender.value.amount", float("-inf")))
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr(streaming, "CHUNK", size)
        first, second = read(file)
        assert isinstance(first, Taken)
        assert first.content["tender"]["title"] == text
        assert isinstance(second, Taken)
        assert [warning.field for warning in second.warnings] == ["tender.value.amount"]


# ---- files that are not


@pytest.mark.parametrize("file", [b"", b"  \r\n ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_unreadable(file: bytes) -> None:
    assert complaint(file) == "The file is empty."


@pytest.mark.parametrize("file", [b"<html></html>", b"PK\x03\x04", b"ocid;title", b"{'a': 1}"])
def test_a_file_that_is_not_json_is_unreadable(file: bytes) -> None:
    assert complaint(file).startswith("The file is not JSON")


def test_what_follows_the_json_makes_a_file_unreadable() -> None:
    assert complaint(package(WHOLE) + package(WHOLE)).startswith("The file is not JSON")


@pytest.mark.parametrize(
    "value", [{}, {"type": "FeatureCollection"}, {"releases": {}}, {"records": 1}, [], [1], 5, "x"]
)
def test_json_that_is_not_ocds_is_unreadable(value: object) -> None:
    assert complaint(json.dumps(value).encode()).startswith("The file is not OCDS")


@pytest.mark.parametrize("left", [2, 20, 2_000])
def test_a_file_cut_short_is_unreadable_after_its_good_releases(left: int) -> None:
    outcomes = iter(Reader(BytesIO(package(*[WHOLE] * 50)[:-left])))

    assert isinstance(next(outcomes), Taken)
    with pytest.raises(Unreadable, match="cut short"):
        list(outcomes)


@pytest.mark.parametrize("start", ["", '{"extra":', '{"releases":[', '{"releases":[{"tender":'])
@pytest.mark.parametrize("step", ["[", '{"a":'])
def test_a_file_nested_a_thousand_deep_is_unreadable(start: str, step: str) -> None:
    assert "levels deep" in complaint((start + step * 1000).encode())


def test_a_value_of_endless_length_is_unreadable_before_memory_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "LONGEST", 1024**2)

    for value in (b'"' + b"x" * 2 * 1024**2, b'"' + rb"\"," * 1024**2, b"1" * 2 * 1024**2):
        assert "longer than 1 MB" in complaint(b'{"releases": [' + value)


# ---- records that are refused, while the rest goes on


@pytest.mark.parametrize("record", [None, 5, "text", [], [[]], True])
def test_a_release_that_is_no_object_is_refused(record: object) -> None:
    before, outcome, after = read(package(WHOLE, record, WHOLE))

    assert isinstance(before, Taken)
    assert isinstance(after, Taken)
    assert outcome == Refused("release 2", "", "It is not an object with fields.")


@pytest.mark.parametrize("ocid", [None, "", "  ", {}, ["ocds-b5fd17-1"], True, "x" * 300])
def test_a_release_without_an_ocid_is_refused(ocid: object) -> None:
    [outcome] = refused(release(ocid=ocid))

    assert outcome.field == "ocid"
    assert outcome.reason == "There is no OCID, so it cannot be told which notice this is."


def test_a_release_without_any_date_is_refused() -> None:
    [outcome] = refused({"ocid": OCID, "id": "1", "tender": {"title": "Bins"}})

    assert (outcome.record, outcome.field) == (f"release 1 ({OCID})", "date")


def test_a_release_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LARGEST", 100_000)
    large = release("tender.items", [{"id": str(number)} for number in range(5_000)])
    before, outcome, after = read(package(WHOLE, large, WHOLE))

    assert isinstance(before, Taken)
    assert isinstance(after, Taken)
    assert isinstance(outcome, Refused)
    assert "larger than" in outcome.reason
    [single] = read(json.dumps(large).encode())
    assert isinstance(single, Refused)
    assert single.field == "tender"
