"""Real packages of the portals, and the standard's own example: every record is taken."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from marketplace.notices.merging import Facts, compiled, project
from marketplace.notices.reading import Reader, Refused, Taken

OCDS = Path(__file__).parents[3] / "shared" / "data" / "ocds"
EXAMPLE = "ocds-213czf-000-00001"

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not OCDS.is_dir(), reason="the reference data is not there"),
]


def read(name: str) -> list[Taken]:
    with (OCDS / name).open("rb") as file:
        outcomes = list(Reader(file))
    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == []
    return [outcome for outcome in outcomes if isinstance(outcome, Taken)]


def notices(name: str) -> list[Facts]:
    releases = defaultdict(list)
    for one in read(name):
        releases[one.ocid, one.buyer_key].append(one.content)
    return [project(compiled(contents)) for contents in releases.values()]


def test_contracts_finder_gives_a_hundred_releases_of_94_notices() -> None:
    found = notices("contracts_finder_2024-11.json")

    assert len(read("contracts_finder_2024-11.json")) == 100
    assert len(found) == 94
    for notice in found:
        assert notice.source == "Contracts Finder"
        assert notice.buyer_key
        assert notice.buyer_name
        assert notice.title
        assert notice.description
        assert notice.cpv
        assert notice.status
        assert notice.link.startswith("https://")
    assert sum(bool(notice.suppliers) for notice in found) == 70


def test_the_notice_about_commercial_waste_is_whole() -> None:
    [notice] = [
        one
        for one in notices("contracts_finder_2024-11.json")
        if one.title.endswith("Commercial Waste Management System")
    ]
    with (OCDS / "contracts_finder_2024-11.json").open() as file:
        [published] = [one for one in json.load(file)["releases"] if one["ocid"] == notice.ocid]

    assert notice.buyer_name == published["buyer"]["name"]
    assert notice.cpv[0] == published["tender"]["classification"]["id"]
    assert "value" not in published["tender"]
    assert (notice.amount, notice.currency) == (None, "")


@pytest.mark.parametrize(
    ("name", "tag", "cpv"),
    [
        ("find_a_tender_032703-2026_UK4.json", "tender", ["09323000", "79314000"]),
        ("find_a_tender_037689-2026_UK1.json", "planning", None),
    ],
)
def test_find_a_tender_gives_values_without_and_with_vat(
    name: str, tag: str, cpv: list[str] | None
) -> None:
    [notice] = notices(name)

    assert (notice.source, notice.tags) == ("Find a Tender", [tag])
    assert notice.buyer_identifiers[0]["scheme"] == "GB-PPON"
    assert notice.vat_included is False
    assert notice.amount is not None
    assert notice.amount_gross is not None
    assert notice.amount_gross > notice.amount
    assert notice.link == f"https://www.find-tender.service.gov.uk/Notice/{notice.release_id}"
    assert cpv is None or notice.cpv == cpv


def test_sell2wales_gives_ninety_notices_and_mends_its_wrapped_names() -> None:
    found = notices("sell2wales_2025.json")

    assert len(found) == 90
    assert {notice.source for notice in found} == {"Sell2Wales"}
    assert all(notice.cpv and notice.buyer_name and notice.lots for notice in found)
    warnings = [one for release in read("sell2wales_2025.json") for one in release.warnings]
    assert "tender.documents.url" in {warning.field for warning in warnings}


def test_a_life_cycle_adds_up_to_what_its_record_says_in_any_order_of_files() -> None:
    stages = sorted(path.name for path in (OCDS / "fictional").glob(f"{EXAMPLE}-0*.json"))
    contents = [one.content for stage in reversed(stages) for one in read(f"fictional/{stage}")]
    merged = project(compiled(contents))
    [recorded] = notices(f"fictional/record/{EXAMPLE}.json")

    assert len(contents) == 6
    assert [merged] == notices(f"fictional/{EXAMPLE}.json")
    own = {name: getattr(merged, name) for name in ("release_id", "tags", "published_at")}
    assert replace(recorded, **own) == merged
    assert recorded.tags == ["compiled"]
    assert [recorded] == notices(f"fictional/record/{EXAMPLE}-withversions.json")
