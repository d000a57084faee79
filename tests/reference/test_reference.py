"""Are the constants of the field true, whole and easy to use?"""

import csv
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band

STANDARD = Path(__file__).parents[3] / "shared/data/reference/cpv_2008_en.csv"
codes = st.sampled_from(sorted(cpv.LABELS))


@pytest.mark.reference
def test_every_shipped_label_is_the_label_of_the_standard() -> None:
    if not STANDARD.exists():
        pytest.skip(f"{STANDARD} is not there")
    with STANDARD.open(encoding="utf-8-sig") as file:
        standard = {row["code"]: row for row in csv.DictReader(file)}
    for code, label in cpv.LABELS.items():
        assert label == " ".join(standard[code]["label_en"].split())
    divisions = {code for code, row in standard.items() if row["level"] == "division"}
    assert divisions <= set(cpv.LABELS)


@pytest.mark.reference
def test_every_code_of_the_standard_is_read_and_has_a_label() -> None:
    if not STANDARD.exists():
        pytest.skip(f"{STANDARD} is not there")
    with STANDARD.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            assert cpv.parse(f"{row['code']}-{row['check_digit']}") == row["code"]
            assert cpv.label(row["code"])


@pytest.mark.parametrize(
    "written",
    ["48000000", "48000000-8", " 48000000-8 ", "48000000 Software", "48000000-8: Software"],
)
def test_a_code_is_read_however_it_is_written(written: str) -> None:
    assert cpv.parse(written) == "48000000"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Software",
        "4800000",
        "480000001",
        "48000000-88",
        "48000000x",
        "99000000",
        "\uff14\uff18000000",
    ],
)
def test_what_is_no_code_is_not_read(written: str) -> None:
    assert cpv.parse(written) is None


def test_a_code_that_is_not_shipped_has_the_label_of_the_next_broader() -> None:
    assert "48311999" not in cpv.LABELS
    assert cpv.label("48311999") == cpv.LABELS["48311000"]


def test_a_code_of_no_division_has_no_label() -> None:
    assert cpv.label("99000000") == ""


@pytest.mark.parametrize(
    ("one", "other", "digits"),
    [
        ("48000000", "48311000", 2),
        ("48311000", "48312000", 4),
        ("48311000", "48311000", 5),
        ("44000000", "48000000", 0),
        ("30000000", "30200000", 2),
    ],
)
def test_codes_share_their_leading_digits(one: str, other: str, digits: int) -> None:
    assert cpv.covers(one, other) == digits


@given(codes, codes)
def test_sharing_goes_both_ways_and_never_beyond_what_a_code_shares_with_itself(
    one: str, other: str
) -> None:
    assert cpv.covers(one, other) == cpv.covers(other, one) <= cpv.covers(one, one) <= 8


def test_bands_leave_no_price_out_and_meet_without_a_gap() -> None:
    bands = list(Band)
    assert bands[0].low == Decimal(0)
    assert [band.high for band in bands[:-1]] == [band.low for band in bands[1:]]
    assert bands[-1].high is None
    assert all(lower.low < upper.low for lower, upper in pairwise(bands))


def test_areas_and_bands_are_found_by_their_slugs_and_say_their_names() -> None:
    assert Area("street-sensors").label == "Street sensors and connected places"
    assert f"{Area.WASTE}" == "waste"
    assert Band("25k-100k").label == "£25,000 to £100,000 a year"
    assert len({area.label for area in Area}) == len(Area)
