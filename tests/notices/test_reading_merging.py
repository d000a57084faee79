"""The releases of a notice: what they add up to, and what the notice then says."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from marketplace.notices.merging import Facts, Link, compiled, project, supersedes
from tests.notices.releases import OCID, WHOLE, release, taken


def facts(*releases: object) -> Facts:
    return project(compiled([one.content for one in taken(*releases)]))


def at(day: int, release_id: str, **fields: object) -> dict[str, object]:
    buyer = {"id": "GB-LAE-XMP", "name": "Exampleham"}
    date = f"2026-03-{day:02}T09:00:00Z"
    return {"ocid": OCID, "id": release_id, "date": date, "buyer": buyer, **fields}


def test_a_release_says_everything_that_a_notice_shows() -> None:
    assert facts(WHOLE) == Facts(
        ocid=OCID,
        buyer_key="GB-LAE-XMP",
        source="Contracts Finder",
        release_id="one-1",
        tags=["award"],
        buyer_name="London Borough of Exampleham",
        buyer_identifiers=[{"scheme": "GB-LAE", "id": "XMP"}],
        title="Waste collection rounds",
        description="Software that plans rounds.\nIt runs on handsets.",
        cpv=["90511000", "48000000", "72212000"],
        amount=Decimal("100000.00"),
        amount_gross=Decimal("120000.50"),
        minimum=Decimal("80000.00"),
        awarded=Decimal("95000.50"),
        currency="GBP",
        vat_included=False,
        status="complete",
        method="open",
        method_details="Open procedure",
        published_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        updated_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        tender_starts_at=datetime(2026, 1, 10, 9, tzinfo=UTC),
        tender_ends_at=datetime(2026, 2, 10, 12, tzinfo=UTC),
        enquiries_end_at=datetime(2026, 1, 31, 17, tzinfo=UTC),
        contract_starts_at=datetime(2026, 3, 31, 23, tzinfo=UTC),
        contract_ends_at=datetime(2029, 3, 31, 22, 59, 59, tzinfo=UTC),
        awarded_at=datetime(2026, 3, 1, tzinfo=UTC),
        suppliers=[
            {
                "key": "GB-COH-01234567",
                "name": "Bins & Routes Ltd",
                "identifiers": [
                    {"scheme": "GB-COH", "id": "01234567"},
                    {"scheme": "GB-PPON", "id": "PXMP-1234-WXYZ"},
                ],
            }
        ],
        lots=2,
        link="https://notices.example/award",
        documents=[
            Link("https://notices.example/planned", "", "plannedProcurementNotice"),
            Link("https://notices.example/spec.pdf", "Specification", ""),
            Link("https://notices.example/tender", "", "tenderNotice"),
            Link("https://notices.example/award", "", "awardNotice"),
        ],
    )


# ---- merging


STORY = (
    at(1, "a", tag=["planning"], tender={"title": "Bins", "status": "planned"}),
    at(
        2,
        "b",
        tag=["tender"],
        tender={"status": "active", "items": [{"id": "1", "classification": {"id": "90511000"}}]},
    ),
    at(3, "c", tag=["tenderUpdate"], tender={"title": "Bins and rounds"}),
    at(3, "d", tag=["award"], awards=[{"id": "1", "suppliers": [{"name": "One Ltd"}]}]),
    at(4, "e", tag=["awardUpdate"], awards=[{"id": "1", "date": "2026-03-04T00:00:00Z"}]),
)


def test_later_releases_add_to_and_replace_what_earlier_ones_said() -> None:
    notice = facts(*STORY)

    assert (notice.title, notice.status) == ("Bins and rounds", "active")
    assert notice.cpv == ["90511000"]
    assert [supplier["name"] for supplier in notice.suppliers] == ["One Ltd"]
    assert notice.awarded_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert (notice.release_id, notice.tags) == ("e", ["awardUpdate"])
    assert (notice.published_at.day, notice.updated_at.day) == (1, 4)


def test_the_order_of_import_does_not_matter() -> None:
    assert {repr(facts(*order)) for order in itertools.permutations(STORY)} == {repr(facts(*STORY))}


def test_a_release_imported_twice_changes_nothing() -> None:
    assert facts(*STORY, *STORY) == facts(*STORY)


def test_releases_of_one_moment_are_ordered_by_id() -> None:
    one = at(1, "a", tender={"title": "First"})
    two = at(1, "b", tender={"title": "Second"})

    assert facts(one, two).title == facts(two, one).title == "Second"


def test_one_release_merges_to_what_it_says_alone() -> None:
    assert facts(WHOLE, WHOLE) == facts(WHOLE)
    emptied = release("tender.value", None, title=None)
    assert facts(emptied, emptied) == facts(emptied)


@pytest.mark.parametrize("emptied", [{"amount": None, "currency": None, "amountGross": None}, None])
def test_an_explicit_null_removes_what_was_said_before(emptied: object) -> None:
    one = at(1, "a", tender={"title": "Bins", "value": {"amount": 5, "currency": "GBP"}})
    two = at(2, "b", tender={"value": emptied})

    assert facts(one).amount == 5
    assert facts(one, two).amount is None
    assert facts(one, two).title == "Bins"


def test_a_field_that_cannot_be_read_leaves_what_was_said_before() -> None:
    one = at(1, "a", tender={"title": "Bins", "status": "active"})
    two = at(2, "b", tender={"title": ["?"], "status": "opened"})

    assert (facts(one, two).title, facts(one, two).status) == ("Bins", "active")


def test_codes_replace_and_parts_merge_by_id() -> None:
    one = at(1, "a", tender={"items": [{"id": "1", "additionalClassifications": ["72000000"]}]})
    two = at(2, "b", tender={"items": [{"id": "1", "additionalClassifications": ["79000000"]}]})
    three = at(3, "c", tender={"items": [{"id": "2", "additionalClassifications": ["85000000"]}]})

    assert facts(one, two, three).cpv == ["79000000", "85000000"]


def test_organisations_are_not_mixed_up_by_numbers_that_mean_one_release() -> None:
    def numbered(day: int, court: str, buyer: str) -> dict[str, object]:
        parties = [
            {"id": court, "name": "High Court", "roles": ["reviewBody"]},
            {"id": buyer, "name": "Exampleham", "roles": ["buyer"]},
        ]
        return at(day, f"r{day}", parties=parties, buyer={"id": buyer})

    notice = facts(numbered(1, "org-1", "org-2"), numbered(2, "org-2", "org-1"))

    assert (notice.buyer_key, notice.buyer_name) == ("name:exampleham", "Exampleham")


def test_of_two_releases_with_one_id_the_later_is_kept() -> None:
    early, late, other = (
        one.content
        for one in taken(at(1, "a"), at(2, "a", title="Bins"), at(2, "a", title="Carts"))
    )

    assert supersedes(late, early)
    assert not supersedes(early, late)
    assert not supersedes(late, late)
    assert supersedes(late, other) != supersedes(other, late)


# ---- what is said where


def test_the_value_is_that_of_the_tender_then_the_budget_then_the_awards() -> None:
    budget = {"budget": {"amount": {"amount": 7, "currency": "EUR"}}}
    award = {"id": "1", "value": {"amount": 3, "currency": "GBP"}}
    dead = {"id": "2", "status": "cancelled", "value": {"amount": 99, "currency": "GBP"}}
    awards = [award, award | {"id": "3"}, dead]

    of_tender = facts(at(1, "a", tender={"value": {"amount": 5}}, planning=budget, awards=awards))
    assert (of_tender.amount, of_tender.currency, of_tender.awarded) == (5, "GBP", 6)
    of_budget = facts(at(1, "a", planning=budget, awards=awards))
    assert (of_budget.amount, of_budget.currency) == (7, "EUR")
    assert facts(at(1, "a", tender={"value": {"amount": 0}}, awards=awards)).amount == 6


def test_awards_in_two_currencies_are_not_added_up() -> None:
    pounds = {"id": "1", "value": {"amount": 3, "currency": "GBP"}}
    euros = {"id": "2", "value": {"amount": 3, "currency": "EUR"}}

    assert facts(at(1, "a", awards=[pounds, euros])).awarded is None


@pytest.mark.parametrize(
    ("value", "amount", "vat_included"),
    [
        ({"amount": 100}, 100, None),
        ({"amount": 100, "amountGross": 120}, 100, False),
        ({"amountGross": 120}, 120, True),
        ({}, None, None),
    ],
)
def test_whether_vat_is_in_a_value_is_known_from_its_gross_amount_alone(
    value: object, amount: int | None, vat_included: bool | None
) -> None:
    notice = facts(at(1, "a", tender={"value": value}))

    assert (notice.amount, notice.vat_included) == (amount, vat_included)


def test_the_contract_period_is_that_of_the_latest_stage_and_spans_its_lots() -> None:
    lots = [
        {
            "contractPeriod": {
                "startDate": "2026-05-01T00:00:00Z",
                "endDate": "2027-05-01T00:00:00Z",
            }
        },
        {"contractPeriod": {"startDate": "2026-04-01T00:00:00Z"}},
    ]
    of_lots = facts(at(1, "a", tender={"lots": lots}))
    assert of_lots.contract_starts_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert of_lots.contract_ends_at == datetime(2027, 5, 1, tzinfo=UTC)

    signed = {"id": "1", "period": {"startDate": "2026-06-01T00:00:00Z"}}
    of_contract = facts(at(1, "a", tender={"lots": lots}, contracts=[signed]))
    assert of_contract.contract_starts_at == datetime(2026, 6, 1, tzinfo=UTC)


def test_cancelled_awards_name_no_suppliers() -> None:
    award = {"id": "1", "status": "cancelled", "suppliers": [{"name": "One Ltd"}]}

    assert facts(at(1, "a", awards=[award])).suppliers == []


def test_suppliers_without_awards_are_those_among_the_parties() -> None:
    parties = [
        {"name": "One Ltd", "roles": ["supplier"]},
        {"name": "Two Ltd", "roles": "supplier"},
        {"name": "Three Ltd", "roles": None},
    ]

    assert len(facts(at(1, "a", parties=parties)).suppliers) == 2


def test_a_notice_without_a_title_is_called_by_its_ocid() -> None:
    assert facts(at(1, "a")).title == f"Notice {OCID}"
    assert facts(at(1, "a", contracts=[{"id": "1", "title": "Bins"}])).title == "Bins"


def test_the_link_is_the_page_of_the_newest_notice_or_the_releases_own() -> None:
    links = [
        {"rel": "next", "href": "https://x.example/2"},
        {"rel": "canonical", "href": "https://x.example/1"},
    ]

    assert facts(WHOLE).link == "https://notices.example/award"
    assert facts(at(1, "a", links=links)).link == "https://x.example/1"
    assert facts(at(1, "a")).link == ""
