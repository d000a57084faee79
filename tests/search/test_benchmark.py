"""The benchmark: its measures, its command line, and the goals that it must show as reached."""

import json
import re
import subprocess
import sys
from math import log2
from pathlib import Path

import pytest

from search.benchmark import main, ndcg, recall, reciprocal_rank
from search.probes import double as double_it
from search.probes import drop, swap, synonym, typo
from tests.search.meilisearch_double import Meilisearch

ROOT = Path(__file__).parents[2]
KEYS = ["set", "engine", "queries", "ndcg@10", "mrr@10", "recall@10", "p50_ms", "p95_ms"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One set of three documents and two queries, of which one asks for what is not there."""
    folder = tmp_path / "data"
    folder.mkdir()
    queries = {"q1": "refuse rounds and missed bins", "q2": "zzzz"}
    texts = {"d1": "Refuse rounds, missed bins", "d2": "Missed calls", "d3": "Planning"}
    lines = [json.dumps({"id": id, "text": text}) for id, text in texts.items()]
    (folder / "tiny.queries.json").write_text(json.dumps(queries))
    (folder / "tiny.docs.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "tiny.qrels.tsv").write_text("q1\td1\t3\nq1\td2\t1\nq2\tunknown\t1\n")
    return folder


def test_ndcg_gains_two_to_the_grade_less_one_and_discounts_by_place() -> None:
    grades = {"a": 3, "b": 1, "c": 0}
    ideal = 7 / log2(2) + 1 / log2(3)
    assert ndcg(["a", "b"], grades) == pytest.approx(1)
    assert ndcg(["b", "a"], grades) == pytest.approx((1 / log2(2) + 7 / log2(3)) / ideal)
    assert ndcg(["c", "x", "a"], grades) == pytest.approx((7 / log2(4)) / ideal)
    assert ndcg([], grades) == 0


def test_measures_look_at_the_first_ten_only() -> None:
    ranking = [f"other-{n}" for n in range(10)] + ["a"]
    assert ndcg(ranking, {"a": 1}) == 0
    assert reciprocal_rank(ranking, {"a": 1}) == 0
    assert recall(ranking, {"a": 1}) == 0
    many = {f"other-{n}": 1 for n in range(20)}
    assert ndcg(ranking, many) == pytest.approx(1)
    assert recall(ranking, many) == pytest.approx(0.5)


def test_the_first_relevant_place_counts_for_mrr() -> None:
    assert reciprocal_rank(["x", "b", "a"], {"a": 3, "b": 1, "x": 0}) == pytest.approx(1 / 2)


def test_json_is_a_list_with_an_object_for_each_set(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(data), "--engine", "embedded", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert list(result) == KEYS
    assert result["set"] == "tiny"
    assert result["engine"] == "embedded"
    assert result["queries"] == 2
    assert result["ndcg@10"] == pytest.approx(0.5)  # one query whole, the other a miss
    assert result["mrr@10"] == pytest.approx(0.5)
    assert result["recall@10"] == pytest.approx(0.5)
    assert 0 < result["p50_ms"] <= result["p95_ms"]


def test_without_json_it_is_a_table(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data)]) == 0
    shown = capsys.readouterr().out
    assert "tiny" in shown
    assert "0.500" in shown


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: folder / "missing", "There is no folder"),
        (lambda folder: (folder / "empty").mkdir() or folder / "empty", "There is no set"),
        (lambda folder: (folder / "tiny.qrels.tsv").unlink() or folder, "lacks the file"),
        (lambda folder: (folder / "tiny.docs.jsonl").write_text("{") and folder, "cannot be read"),
        (lambda folder: (folder / "tiny.qrels.tsv").write_text("q1") and folder, "cannot be read"),
        (lambda folder: (folder / "tiny.qrels.tsv").write_text("") or folder, "no judged query"),
    ],
)
def test_data_that_cannot_be_used_is_one_sentence_and_exit_code_2(
    data: Path, capsys: pytest.CaptureFixture[str], spoil: object, sentence: str
) -> None:
    assert callable(spoil)
    assert main(["--data", str(spoil(data))]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert sentence in output.err
    assert output.err.count("\n") == 1


def test_it_runs_as_a_module(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "search.benchmark", "--data", str(data), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)[0]["set"] == "tiny"


@pytest.mark.reference
def test_the_first_goals_are_reached_on_every_set(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared / "data" / "benchmark"
    readme = (folder / "README.md").read_text()
    goals = {
        name: float(goal)
        for name, goal in re.findall(r"^\| (\w+_\w+) .*\| ([\d.]+) \|$", readme, re.MULTILINE)
    }
    assert main(["--data", str(folder), "--json"]) == 0
    reached = {one["set"]: one["ndcg@10"] for one in json.loads(capsys.readouterr().out)}
    assert reached.keys() == goals.keys()
    assert [name for name in goals if reached[name] < goals[name]] == []


def test_a_meilisearch_server_is_measured_where_one_is_set(
    data: Path,
    double: Meilisearch,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEILI_URL", double.address)
    monkeypatch.setenv("MEILI_API_KEY", double.key)
    before = set(double.indexes)
    assert main(["--data", str(data), "--engine", "meilisearch", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["engine"] == "meilisearch"
    assert result["ndcg@10"] == pytest.approx(0.5)
    assert set(double.indexes) == before


@pytest.mark.parametrize(
    ("url", "key", "sentence"),
    [
        ("", "", "Set MEILI_URL"),
        ("http://127.0.0.1:1", "", "does not answer"),
        (None, "wrong", "key"),
    ],
)
def test_a_server_that_cannot_be_measured_is_one_sentence(
    data: Path,
    double: Meilisearch,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    url: str | None,
    key: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("MEILI_URL", double.address if url is None else url)
    monkeypatch.setenv("MEILI_API_KEY", key)
    assert main(["--data", str(data), "--engine", "meilisearch"]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        (drop("lettings", 3), "letings"),
        (swap("waste", 1), "wsate"),
        (double_it("bins", 1), "biins"),
    ],
)
def test_a_slip_leaves_a_letter_out_or_swaps_two_or_doubles_one(changed: str, word: str) -> None:
    assert changed == word


def test_a_probe_puts_one_slip_into_the_longest_telling_word_and_always_the_same() -> None:
    text = "We need software for LETTINGS, with 48000000 homes"
    probed = typo(text)
    changed = [
        (was, now) for was, now in zip(text.split(), probed.split(), strict=True) if was != now
    ]
    assert [was for was, _ in changed] == ["software"]
    assert probed == typo(text)
    assert typo("IT and HR") == "IT and HR"


def test_a_probe_calls_things_by_another_name() -> None:
    assert synonym("Rotas for ASC, and bins") == "Rotas for adult social care, and waste collection"
