"""Are the deadlines of the Act counted as the Act says, and is a wrong example found out?"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.working_days import OutsideCalendar, is_working_day
from marketplace.law import examples, periods
from marketplace.law.examples import check, run

VECTORS = Path(__file__).parents[3] / "shared/data/reference/deadline_test_vectors.json"

STANDSTILL = {
    "rule": "s51 mandatory standstill",
    "contract_award_notice_published": "2026-11-23",
    "standstill_ends": "2026-12-03",
    "earliest_signature": "2026-12-04",
}
TENDERING = {
    "rule": "s54 tendering period",
    "invited": "2026-11-02",
    "min_days": 25,
    "earliest_deadline_date": "2026-11-27",
}
DETAILS = {
    "rule": "s53 contract details notice",
    "starts": "2026-11-02",
    "days": 30,
    "last_day": "2026-12-01",
}


@pytest.mark.reference
def test_the_published_examples_agree(capsys: pytest.CaptureFixture[str]) -> None:
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS} is not there")
    assert run(VECTORS) == 0
    number = len(json.loads(VECTORS.read_text()))
    assert capsys.readouterr().out == f"{number} of {number} worked examples agree.\n"


@pytest.mark.parametrize(
    ("published", "ends"),
    [
        (date(2026, 11, 23), date(2026, 12, 3)),  # over St Andrew's Day
        (date(2026, 11, 28), date(2026, 12, 10)),  # from a Saturday and over it
        (date(2026, 7, 6), date(2026, 7, 16)),  # over the Battle of the Boyne
        (date(2026, 6, 10), date(2026, 6, 22)),  # over Scotland's day of the World Cup
        (date(2026, 8, 3), date(2026, 8, 13)),  # from the first Monday in August
        (date(2027, 12, 31), date(2028, 1, 13)),  # over 3 and 4 January
    ],
)
def test_standstill_is_eight_days_on_which_all_of_the_kingdom_works(
    published: date, ends: date
) -> None:
    assert periods.standstill_ends(published) == ends
    assert periods.earliest_signature(published) == ends + timedelta(days=1)


@given(st.dates(date(2019, 1, 1), date(2028, 12, 1)))
def test_standstill_holds_eight_working_days_and_ends_on_one(published: date) -> None:
    end = periods.standstill_ends(published)
    span = [published + timedelta(days=n) for n in range((end - published).days + 1)]
    assert sum(map(is_working_day, span)) == 8
    assert is_working_day(end)


def test_a_standstill_beyond_the_calendar_is_not_guessed() -> None:
    with pytest.raises(OutsideCalendar):
        periods.standstill_ends(date(2028, 12, 20))


def test_a_period_beginning_with_a_day_counts_that_day() -> None:
    assert periods.last_day(date(2026, 4, 1), 56) == date(2026, 5, 26)


def test_a_tendering_period_begins_the_day_after_the_invitation() -> None:
    assert periods.earliest_deadline(date(2026, 11, 2), 25) == date(2026, 11, 27)


def test_true_examples_agree() -> None:
    assert check([STANDSTILL, TENDERING, DETAILS]) == []


@pytest.mark.parametrize("rule", [name for name in examples.RULES if name != "s54"])
def test_every_section_is_known_by_its_number(rule: str) -> None:
    known = examples.RULES[rule]
    field = known.given[0]
    example: dict[str, Any] = {"rule": f"{rule}(1) {known.says}", field: "2026-11-23"}
    if "days" in known.given:
        days = min(known.days, default=90)
        example |= {"days": days, "last_day": str(date(2026, 11, 22) + timedelta(days=days))}
    else:
        example |= {"standstill_ends": "2026-12-03", "earliest_signature": "2026-12-04"}
    assert check([example]) == []


@pytest.mark.parametrize(
    ("example", "says"),
    [
        (
            STANDSTILL | {"standstill_ends": "2026-12-02"},
            "1. s51 mandatory standstill: standstill_ends is 2026-12-03, and not 2026-12-02.",
        ),
        (
            DETAILS | {"last_day": "2026-12-02"},
            "1. s53 contract details notice: last_day is 2026-12-01, and not 2026-12-02.",
        ),
        (STANDSTILL | {"rule": "s5 nothing"}, "no such rule is known"),
        (STANDSTILL | {"rule": 51}, "1. no rule: no such rule is known"),
        (STANDSTILL | {"rule": "s51A"}, "no such rule is known"),
        (STANDSTILL | {"rule": "s51 \ud800"}, "1. no rule: no such rule is known"),
        ({}, "no such rule is known"),
        ("s51", "not an object"),
        (None, "not an object"),
        (
            {"rule": "s51", "starts": "2026-11-02"},
            "contract_award_notice_published must be a date",
        ),
        (STANDSTILL | {"earliest_signature": "4 December"}, "earliest_signature must be a date"),
        (STANDSTILL | {"standstill_ends": "2026-02-30"}, "2026-02-30, which is no date"),
        (DETAILS | {"days": "30"}, "days must be a whole number"),
        (DETAILS | {"days": True}, "days must be a whole number"),
        (DETAILS | {"days": 31}, "days is 31; for the contract details notice"),
        (DETAILS | {"starts": "9999-12-31"}, "ends after the year 9999"),
        (
            STANDSTILL | {"contract_award_notice_published": "2029-01-08"},
            "Working days are known from 2019 to 2028",
        ),
    ],
)
def test_a_wrong_example_says_what_is_wrong_with_it(example: object, says: str) -> None:
    (mismatch,) = check([example])
    assert says in str(mismatch)


def test_each_wrong_answer_of_an_example_is_told() -> None:
    late = STANDSTILL | {"standstill_ends": "2026-12-04", "earliest_signature": "2026-12-05"}
    assert [(found.number, found.says.split()[0]) for found in check([STANDSTILL, late])] == [
        (2, "standstill_ends"),
        (2, "earliest_signature"),
    ]


def test_mismatches_are_printed_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "examples.json"
    file.write_text(json.dumps([STANDSTILL, DETAILS | {"last_day": "2026-12-02"}]))
    assert run(file) == 1
    assert capsys.readouterr().out == (
        "2. s53 contract details notice: last_day is 2026-12-01, and not 2026-12-02.\n"
        "1 of 2 worked examples agree.\n"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"[{", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"{}", "is not a list"),
        (b"[]", "is not a list"),
    ],
)
def test_a_file_that_holds_no_examples_is_one_sentence(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "examples.json"
    file.write_bytes(content)
    assert run(file) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_a_file_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nothing.json") == 2
    assert "cannot be read: No such file or directory." in capsys.readouterr().err


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from([*STANDSTILL, *TENDERING, *DETAILS]), inner)
    ),
    max_leaves=5,
)


@given(
    st.lists(JSON | st.builds(lambda known, more: known | {"days": more}, st.just(DETAILS), JSON))
)
def test_no_content_of_a_file_breaks_the_check(examples: list[object]) -> None:
    for mismatch in check(examples):
        assert str(mismatch).endswith(".")
