"""The embedded engine's own promises: its file, other processes, its vectors, its BM25."""

import math
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from search import storage
from search.embedded import EmbeddedIndex
from search.port import Question, Unavailable
from search.vectors import Matrix, Weigh, WordLlama
from tests.search.documents import PRODUCTS, PUBLIC, document, find, found, match

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "search.db"


@pytest.fixture
def index(path: Path) -> Iterator[EmbeddedIndex]:
    index = EmbeddedIndex(path)
    index.replace(PRODUCTS)
    yield index
    index.close()


def in_another_process(path: Path, code: str) -> subprocess.Popen[str]:
    start = (
        "import sys; from pathlib import Path;"
        "from search.embedded import EmbeddedIndex;"
        "from tests.search.documents import *;"
        f"index = EmbeddedIndex(Path({str(path)!r}));"
    )
    return subprocess.Popen(
        [sys.executable, "-c", start + code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def count(path: Path) -> int:
    """How many documents somebody who opens the file finds in it."""
    with closing(EmbeddedIndex(path)) as opened:
        return opened.count()


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output.strip()


def damage(path: Path, start: int) -> None:
    """Everything from there on becomes rubbish, the journal beside the file too."""
    for file in (path, Path(f"{path}-wal")):
        if file.exists():
            size = file.stat().st_size
            with file.open("r+b") as opened:
                opened.seek(min(start, size))
                opened.write(b"rubbish!" * (max(0, size - start) // 8 + 1))


# The file


def test_a_file_that_is_no_database_gives_way_to_an_empty_one(path: Path) -> None:
    path.write_bytes(b"This is not a database, however long it is looked at. " * 100)
    index = EmbeddedIndex(path)
    assert index.count() == 0
    assert not index.filled()
    assert index.replace(PRODUCTS) == len(PRODUCTS)
    assert index.filled()
    index.close()


def test_an_empty_file_is_as_good_as_none(path: Path) -> None:
    path.touch()
    assert count(path) == 0


@pytest.mark.parametrize("start", [0, 100, 4096 * 3])
def test_a_file_damaged_before_the_start_gives_way_to_an_empty_one(
    index: EmbeddedIndex, path: Path, start: int
) -> None:
    index.close()
    damage(path, start)
    again = EmbeddedIndex(path)
    assert find(again, "waste").total == 0
    assert again.count() == 0
    assert not again.filled()
    again.close()


def test_a_file_damaged_while_it_is_used_gives_way_to_an_empty_one(
    index: EmbeddedIndex, path: Path
) -> None:
    assert found(index, "mendline") == ["product-3"]
    index.close()  # the idle connections, so that nothing of the file is in a cache
    damage(path, 0)
    assert found(index, "mendline") == []
    index.put(PRODUCTS[:1])
    assert index.count() == 1
    assert not index.filled()


def test_a_file_deleted_while_it_is_used_is_begun_anew(index: EmbeddedIndex, path: Path) -> None:
    assert found(index, "mendline") == ["product-3"]
    for file in path.parent.glob("search.db*"):
        file.unlink()
    assert index.count() == 0
    assert not index.filled()
    index.put(PRODUCTS)
    assert found(index, "mendline") == ["product-3"]


def test_a_file_of_another_version_is_begun_anew(
    index: EmbeddedIndex, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.close()
    monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
    assert count(path) == 0


def test_a_database_of_somebody_else_is_begun_anew(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE state (something TEXT)")
    other.close()
    assert count(path) == 0


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    assert count(tmp_path / "deep" / "down" / "search.db") == 0


def test_a_path_that_cannot_be_a_file_is_unavailable(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    with pytest.raises(Unavailable):
        index.count()
    with pytest.raises(Unavailable):
        index.find(Question("waste", PUBLIC))
    with pytest.raises(Unavailable):
        index.put(PRODUCTS)


def test_a_writer_that_waits_too_long_is_told_and_reading_goes_on(
    index: EmbeddedIndex, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    patient = EmbeddedIndex(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            patient.put([document("product-90", "Late")])
        assert found(patient, "mendline") == ["product-3"]
        other.execute("ROLLBACK")
    other.close()
    patient.put([document("product-90", "Late")])
    assert found(patient, "late") == ["product-90"]
    patient.close()


# Others who use it


def test_what_another_process_writes_is_found(index: EmbeddedIndex, path: Path) -> None:
    assert index.count() == len(PRODUCTS)
    assert found(index, "astrolabe") == []
    finish(in_another_process(path, "index.put([document('product-70', 'Astrolabe')])"))
    assert found(index, "astrolabe") == ["product-70"]
    assert found(index, "astrolbae") == ["product-70"]
    finish(in_another_process(path, "index.drop(['product-70'])"))
    assert found(index, "astrolabe") == []
    finish(in_another_process(path, "index.replace([document('product-71', 'Sextant')])"))
    assert found(index, "") == ["product-71"]
    assert found(index, "sextant") == ["product-71"]


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    code = "[index.put([document(f'product-{n}', 'Buoy')]) for n in range(%d, %d)]"
    writers = [in_another_process(path, code % (n, n + 25)) for n in (100, 200, 300)]
    for writer in writers:
        finish(writer)
    with_all = EmbeddedIndex(path)
    assert with_all.count() == 75
    assert find(with_all, "buoy").total == 75
    with_all.close()


def test_questions_are_answered_from_the_former_index_until_the_new_one_is_full(
    index: EmbeddedIndex,
) -> None:
    seen: list[list[str]] = []

    def documents() -> Iterator[object]:
        yield document("product-80", "Sextant")
        seen.append(found(index, "mendline"))
        seen.append(found(index, "sextant"))

    index.replace(documents())  # type: ignore[arg-type]  # it only goes through them
    assert seen == [["product-3"], []]
    assert found(index, "sextant") == ["product-80"]


def test_threads_share_it(index: EmbeddedIndex) -> None:
    def work(number: int) -> int:
        index.put([document(f"product-{number}", "Lantern")])
        match(index, "lantern and waste")
        return find(index, "lantern", size=100).total

    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(work, range(100, 140)))
    assert max(totals) == find(index, "lantern").total == 40


def test_documents_replaced_again_and_again_stay_one_each(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.snapshot.FEW_DEAD", 3)
    for round_ in range(20):
        index.put([document("product-1", f"Round {round_}", "Changes.")])
        assert find(index, "round").total == 1
    assert index._snapshot.size < len(PRODUCTS) + 20
    assert index.count() == len(PRODUCTS)


# Vectors and weights


class Compass:
    """An embedder with two directions: cold and everything else."""

    name = "compass"
    size = 2

    def __call__(self, texts: Sequence[str], weigh: Weigh) -> Matrix:
        rows = [[1, 0] if "cold" in text.lower() else [0, 1] for text in texts]
        return np.array(rows, np.float32)


def test_another_embedder_can_be_put_in_and_its_vectors_are_not_mixed(
    index: EmbeddedIndex, path: Path
) -> None:
    index.close()
    other = EmbeddedIndex(path, Compass())
    assert other.count() == 0
    other.put([document("product-1", "Cold store"), document("product-2", "Ovens")])
    assert [one.id for one in match(other, "something cold")] == ["product-1"]
    other.close()


def test_a_vector_that_comes_with_the_document_is_used(path: Path) -> None:
    index = EmbeddedIndex(path, Compass())
    index.put([document("product-1", "Ovens", vector=(3.0, 0.0))])
    assert [one.id for one in match(index, "cold")] == ["product-1"]
    with pytest.raises(ValueError, match="must have 2 numbers"):
        index.put([document("product-2", "Ovens", vector=(1.0,))])
    index.close()


def test_word_vectors_are_of_unit_length_and_near_in_meaning() -> None:
    staff, hiring, lorry, nothing = WordLlama()(
        ["recruiting staff", "hiring employees", "a lorry", "🙂"], lambda word: 1.0
    )
    assert np.linalg.norm(staff) == pytest.approx(1)
    assert staff @ hiring > 0.3 > staff @ lorry
    assert not nothing.any()


def test_the_strength_of_a_word_is_bm25_without_the_frequency(path: Path) -> None:
    bodies = ["rain " * times + "dry " * (12 - times) for times in range(6)]
    index = EmbeddedIndex(path)
    index.replace([document(f"product-{n}", "", body) for n, body in enumerate(bodies)])
    with index._reading() as reading:
        strengths = reading.strengths('"rain"')  # in most documents: FTS5's least frequency
        rare = reading.strengths('"dri"')
    expected = [times * 2.2 / (times + 1.2) for times in range(6)]  # all of one length
    assert strengths == pytest.approx(expected)
    assert rare == pytest.approx([n * 2.2 / (n + 1.2) for n in range(12, 6, -1)])
    index.close()


def test_stems_are_counted_as_documents_come_and_go(index: EmbeddedIndex) -> None:
    def documents_with_waste() -> int:
        with index._reading() as reading:
            return reading.lexicon.frequencies(["wast"])["wast"]

    assert documents_with_waste() == 3
    index.put([document("product-1", "Kerbside", "Nothing.")])
    index.drop(["product-2"])
    assert documents_with_waste() == 1
    with index._reading() as reading:
        assert reading.lexicon.rarity(1) == pytest.approx(math.log(1 + (8 - 0.5) / 1.5))
