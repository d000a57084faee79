"""`python -m marketplace import-notices`, as a person types it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, text

from tests.commands import TypeIn
from tests.notices.releases import package, release

COUNTS = ("read", "new", "updated", "unchanged", "refused", "warnings")


@pytest.fixture
def run(type_in: TypeIn) -> TypeIn:
    return lambda *arguments: type_in("import-notices", *arguments)


@pytest.fixture
def told(run: TypeIn) -> Callable[[Path], dict[str, Any]]:
    """What --json says of a file that can be read."""

    def told(file: Path) -> dict[str, Any]:
        answer = run(file, "--json")
        assert (answer.exit_code, answer.stderr) == (0, "")
        said: dict[str, Any] = json.loads(answer.stdout)
        assert list(said) == [*COUNTS, "problems"]
        return said

    return told


def counts(said: dict[str, Any]) -> list[int]:
    return [said[name] for name in COUNTS]


@pytest.fixture
def held(session: Session) -> Callable[[str], int]:
    """How many rows there are of something."""

    def held(of: str) -> int:
        return int(session.connection().execute(text(f"SELECT count(*) FROM {of}")).scalar_one())

    return held


def test_dirty_releases_are_taken_or_refused_one_by_one(told, held, tmp_path):
    file = tmp_path / "dirty.json"
    fine = release(ocid="ocds-b5fd17-fine")
    endless = release("tender.value.amount", float("inf"), ocid="ocds-b5fd17-endless")
    nameless = release(ocid=None)
    file.write_bytes(package(fine, endless, nameless, 7, fine))
    said = told(file)

    assert counts(said)[:5] == [5, 2, 0, 1, 2]
    refused = [(p["record"], p["field"]) for p in said["problems"] if "release 3" in p["record"]]
    assert refused[-1] == ("release 3", "ocid")
    assert {"release 4"} == {p["record"] for p in said["problems"] if p["record"][8] == "4"}
    assert "tender.value.amount" in {p["field"] for p in said["problems"]}
    assert len(said["problems"]) == said["refused"] + said["warnings"]
    assert held("notice") == 2
    assert held("delivery WHERE done_at IS NULL") == 0

    assert counts(told(file))[:5] == [5, 0, 0, 3, 2]


def test_for_people_it_prints_a_table_and_the_first_problems(run, tmp_path):
    file = tmp_path / "notices.json"
    file.write_bytes(package(release(), *[7] * 20))
    answer = run(file)
    assert (answer.exit_code, answer.stderr) == (0, "")
    head, numbers, *rest = answer.stdout.splitlines()
    assert head.split() == [name.capitalize() for name in COUNTS]
    assert numbers.split()[:5] == ["21", "1", "0", "0", "20"]
    assert sum("It is not an object with fields." in line for line in rest) == 15
    assert "… and " in rest[-1]


@pytest.mark.parametrize(
    ("content", "how"),
    [
        (b"", []),
        (b"", ["--json"]),
        (b"no JSON", []),
        (b'{"a": 1}', ["--json"]),
        (b"[]", []),
        (package(release())[:-30], ["--json"]),
        (b'{"releases": ' + b"[" * 1000 + b"]" * 1000 + b"}", []),
    ],
    ids=["empty", "empty, told as JSON", "no JSON", "no OCDS", "no release", "cut", "very deep"],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_written(
    run, held, tmp_path, content, how
):
    file = tmp_path / "notices.json"
    file.write_bytes(content)
    answer = run(file, *how)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"{file}: The file ")
    assert answer.stderr.count("\n") == 1
    assert [held(table) for table in ("notice", "release", "import", "event")] == [0] * 4


def test_a_file_that_is_not_there_or_a_folder_is_one_sentence(run, tmp_path):
    for missing in (tmp_path / "nothing.json", tmp_path):
        answer = run(missing, "--json")
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.startswith(f"Cannot read {missing}: ")
        assert answer.stderr.count("\n") == 1


@pytest.mark.reference
def test_real_files_of_every_portal_are_read_in(told, held, shared):
    folder = shared / "data" / "ocds"
    for name, notices, later_releases in (
        ("contracts_finder_2024-11.json", 94, 6),
        ("sell2wales_2025.json", 90, 0),
        ("find_a_tender_032703-2026_UK4.json", 1, 0),
        ("find_a_tender_037689-2026_UK1.json", 1, 0),
    ):
        releases = notices + later_releases
        assert counts(told(folder / name))[:5] == [releases, notices, later_releases, 0, 0]
    assert held("notice") == 186
    assert counts(told(folder / "contracts_finder_2024-11.json"))[:5] == [100, 0, 0, 100, 0]
