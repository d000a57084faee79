"""Dirt in a release: what is made of it, and that a warning names the field."""

import json
from typing import Any

import pytest

from marketplace.notices.merging import Facts, compiled, project
from marketplace.notices.reading import Taken
from tests.notices.releases import OCID, WHOLE, package, read, release, taken


def facts(*releases: object) -> Facts:
    return project(compiled([one.content for one in taken(*releases)]))


def warned(changed: object) -> dict[str, str]:
    """Field to reason."""
    [one] = taken(changed)
    assert all(warning.record == one.record for warning in one.warnings)
    return {warning.field: warning.reason for warning in one.warnings}


# ---- numbers


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (float("inf"), "It is no possible amount of money, so it was left out."),
        (float("nan"), "It is no possible amount of money, so it was left out."),
        (10**13, "It is no possible amount of money, so it was left out."),
        (int("9" * 4_000), "It is no possible amount of money, so it was left out."),
        (-5, "It is below zero, so it was left out."),
        ("about a million", "It is not a number, so it was left out."),
        (True, "It is not a number, so it was left out."),
        ([5], "It is not a number, so it was left out."),
    ],
)
def test_an_amount_that_cannot_be_is_left_out(amount: object, reason: str) -> None:
    changed = release("awards.0.value.amount", amount)

    assert warned(changed) == {"awards[0].value.amount": reason}
    assert facts(changed).awarded is None
    assert facts(changed).title == "Waste collection rounds"


@pytest.mark.parametrize(
    "written", ["1e9999", "-1e9999", "1e99999999999999999999", "9" * 6_000, "NaN", "-Infinity"]
)
def test_a_number_that_no_program_holds_costs_its_field_alone(written: str) -> None:
    file = package(release("tender.minValue.amount", 424242)).replace(b"424242", written.encode())
    [one] = read(file)

    assert isinstance(one, Taken)
    assert [warning.field for warning in one.warnings] == ["tender.minValue.amount"]


def test_an_amount_written_as_text_is_read() -> None:
    changed = release("awards.0.value.amount", "£1,234.50")

    assert str(facts(changed).awarded) == "1234.50"
    assert "read as a number" in warned(changed)["awards[0].value.amount"]


def test_a_currency_that_is_none_is_left_out() -> None:
    assert "awards[0].value.currency" in warned(release("awards.0.value.currency", "pounds"))


# ---- dates


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-06-30", "2026-06-30T22:59:59+00:00"),  # the end of that day in London
        ("2026-06-30T12:00:00", "2026-06-30T11:00:00+00:00"),
        ("2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00.123456+00:00"),
    ],
)
def test_dates_without_time_or_zone_are_read_as_in_the_uk(written: str, read_as: str) -> None:
    changed = release("tender.tenderPeriod.endDate", written)
    ends_at = facts(changed).tender_ends_at

    assert ends_at is not None
    assert ends_at.isoformat() == read_as
    assert ("tender.tenderPeriod.endDate" in warned(changed)) == (not written.endswith("Z"))


def test_a_bare_date_of_a_release_is_the_start_of_that_day() -> None:
    assert facts(release(date="2026-07-01")).published_at.isoformat() == "2026-06-30T23:00:00+00:00"


@pytest.mark.parametrize(
    "written", ["soon", "", "31/01/2026", "2026-02-30", "0001-01-01T00:00:00Z", 20260131, {}, []]
)
def test_what_is_no_date_is_left_out(written: object) -> None:
    changed = release("tender.tenderPeriod.endDate", written)

    assert facts(changed).tender_ends_at is None
    assert "tender.tenderPeriod.endDate" in warned(changed)


def test_a_release_without_a_date_takes_that_of_its_newest_document() -> None:
    changed = release(date=None)

    assert facts(changed).published_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert warned(changed)["date"] == "There is none; the date of the newest document was used."


# ---- ids


def test_a_release_without_an_id_gets_the_same_one_each_time() -> None:
    first, again, other = taken(release(id=None), release(id=None), release(id="", title="Other"))

    assert first.release_id == again.release_id != other.release_id
    assert "id" in warned(release(id=None))


def test_parts_with_one_id_are_both_kept() -> None:
    items = [
        {"id": "1", "classification": {"scheme": "CPV", "id": "72000000"}},
        {"id": "1", "classification": {"scheme": "CPV", "id": "79000000"}},
        {"classification": {"scheme": "CPV", "id": "85000000"}},
    ]
    changed = release("tender.items", items)

    assert facts(changed).cpv[2:] == ["72000000", "79000000", "85000000"]
    assert warned(changed) == {
        "tender.items[1].id": "“1” is used twice in this list; both were kept.",
        "tender.items[2].id": "There is none; its place in the list was used.",
    }


def test_numbers_serve_as_ids() -> None:
    assert taken(release(id=17))[0].release_id == "17"
    assert taken(release(id=17.0))[0].release_id == "17"


# ---- web addresses


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//notices.example/1",
        "www.notices.example",
        "https://",
        "http://[bad",
        "https://notices.example:port/",
        "https://notices.example/a b",
        'https://notices.example/"><script>',
        "https://www.gov.uk@elsewhere.example/",
        "https://notices.example/" + "x" * 3_000,
        17,
    ],
)
def test_only_an_address_that_a_page_may_link_to_is_kept(url: object) -> None:
    changed = release("tender.documents.0.url", url)

    assert "https://notices.example/spec.pdf" not in [d.url for d in facts(changed).documents]
    assert len(facts(changed).documents) == 3
    assert list(warned(changed)) == ["tender.documents[0].url"]


# ---- organisations


def test_parties_without_a_scheme_are_known_by_their_portal_id_or_name() -> None:
    parties = [
        {"id": "GB-CFS-1", "name": "Exampleham", "identifier": {"legalName": "Exampleham"}},
        {"id": "org-2", "name": "Bins & Routes", "identifier": {"id": "99"}, "roles": ["supplier"]},
    ]
    changed = release(parties=parties, buyer={"id": "GB-CFS-1"}, awards=[])

    assert facts(changed).buyer_key == "GB-CFS-1"
    assert facts(changed).buyer_name == "Exampleham"
    assert facts(changed).buyer_identifiers == [{"scheme": "GB-CFS", "id": "1"}]
    assert facts(changed).suppliers[0]["key"] == "name:bins and routes"
    assert warned(changed)["parties.identifier.scheme"].startswith("2 of 2 organisations")


def test_a_buyer_is_found_by_role_where_the_release_names_none() -> None:
    assert facts(release(buyer=None)).buyer_name == "London Borough of Exampleham"
    assert facts(release(buyer="Exampleham")).buyer_key == "GB-LAE-XMP"


def test_a_release_without_any_buyer_is_taken_with_a_warning() -> None:
    changed = release(buyer=None, parties=[])

    assert facts(changed).buyer_key == ""
    assert warned(changed)["buyer"] == "No buyer is named."


def test_a_party_listed_twice_is_told_apart_by_its_name() -> None:
    parties = [
        {"id": "GB-CFS-1", "name": "Somebody else", "identifier": {"scheme": "GB-NHS", "id": "X"}},
        {"id": "GB-CFS-1", "name": "Exampleham", "identifier": {"scheme": "GB-LAE", "id": "XMP"}},
    ]
    changed = release(parties=parties, buyer={"id": "GB-CFS-1", "name": "Exampleham"})

    assert facts(changed).buyer_key == "GB-LAE-XMP"
    assert warned(changed)["parties.id"] == "“GB-CFS-1” is used for 2 entries."


def test_a_supplier_listed_twice_is_kept_once() -> None:
    supplier = {"id": "GB-COH-1234567", "name": "Bins & Routes Ltd"}
    changed = release("awards.0.suppliers", [supplier, supplier, {"id": None}, {"id": "s-2"}])

    assert [s["key"] for s in facts(changed).suppliers] == ["GB-COH-01234567", "id:s-2"]
    assert "awards[0].suppliers" in warned(changed)


def test_two_suppliers_under_one_id_are_both_kept() -> None:
    suppliers = [{"id": "GB-CFS-7", "name": "One Ltd"}, {"id": "GB-CFS-7", "name": "Two Ltd"}]

    assert [s["name"] for s in facts(release("awards.0.suppliers", suppliers)).suppliers] == [
        "One Ltd",
        "Two Ltd",
    ]


# ---- wrong types


@pytest.mark.parametrize("field", ["parties", "awards", "contracts", "tender", "planning", "buyer"])
@pytest.mark.parametrize("value", ["text", 5, True, [5], ["text"], [[]]])
def test_a_part_of_the_wrong_type_is_left_out(field: str, value: object) -> None:
    changed = release(**{field: value})

    assert any(name.startswith(field) for name in warned(changed))
    assert facts(changed).ocid == OCID


def test_an_object_where_a_list_belongs_and_the_reverse_are_understood() -> None:
    swapped = release(awards=WHOLE["awards"][0], tender=[WHOLE["tender"]], tag="award")

    assert facts(swapped) == facts(WHOLE)
    assert set(warned(swapped)) == {"awards", "tender", "tag"}


def test_text_of_the_wrong_type_is_read_where_it_can_be() -> None:
    assert facts(release("tender.title", 2026)).title == "2026"
    assert "read as text" in warned(release("tender.title", 2026))["tender.title"]
    assert warned(release("tender.title", ["x"])) == {
        "tender.title": "It is not text, so it was left out."
    }


def test_a_code_that_is_not_in_the_standard_is_left_out() -> None:
    assert facts(release("tender.status", "Active")).status == "active"
    assert facts(release("tender.status", "opened")).status == ""
    assert "tender.status" in warned(release("tender.status", "opened"))


@pytest.mark.parametrize("code", ["4800", "lorries", "99999999", None, 5, {}, "48000000x"])
def test_what_is_no_cpv_code_is_left_out(code: object) -> None:
    changed = release("tender.classification", {"scheme": "CPV", "id": code})

    assert facts(changed).cpv == ["48000000", "72212000"]
    assert "tender.classification" in warned(changed)


def test_classifications_of_other_schemes_are_passed_over_in_silence() -> None:
    changed = release("tender.classification", {"scheme": "UNSPSC", "id": "43230000"})

    assert facts(changed).cpv == ["48000000", "72212000"]
    assert warned(changed) == {}


def test_unknown_extensions_are_passed_over_in_silence() -> None:
    extended = release(x_extension={"deep": [[1, {}]]}, bids="none")

    assert taken(extended)[0].content == taken(WHOLE)[0].content


# ---- text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("&lt;p&gt;Escaped&lt;/p&gt; &pound;5", "Escaped\n£5"),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
        ("<script>alert(1)</script>Bins<style>p{}</style>", "Bins"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;Bins", "Bins"),
        ("Under <5 and over >3 at R&D &notices", "Under <5 and over >3 at R&D &notices"),
        ("A\x00B\x07 C\u202e\ufeffD\u200b", "AB CD"),
        ("One\r\n\r\n\r\n\r\nTwo\rThree", "One\n\nTwo\nThree"),
    ],
)
def test_descriptions_are_plain_text(written: str, plain: str) -> None:
    assert facts(release("tender.description", written)).description == plain


def test_titles_are_one_line() -> None:
    assert (
        facts(release("tender.title", " <b>Bins</b>\r\n and\trounds ")).title == "Bins and rounds"
    )


def test_text_that_is_too_long_is_cut() -> None:
    changed = release("tender.description", "bins " * 10_000)

    assert len(facts(changed).description) <= 20_000
    assert facts(changed).description.endswith("…")
    assert "was cut" in warned(changed)["tender.description"]


def test_bytes_that_are_not_utf_8_are_read_as_windows_1252() -> None:
    file = package(release("tender.title", "@5 for caf@")).replace(b"@5", b"\xa35")
    [one] = read(file.replace(b"caf@", b"caf\xe9"))

    assert isinstance(one, Taken)
    assert one.content["tender"]["title"] == "£5 for café"
    assert [(w.field, w.reason) for w in one.warnings] == [
        ("tender.title", "Some letters are not UTF-8; they were read as Windows-1252.")
    ]


def test_half_a_character_does_not_reach_the_database() -> None:
    [one] = read(package(WHOLE).replace(b"Waste collection", b"Waste \\ud83d collection"))

    assert isinstance(one, Taken)
    one.content["tender"]["title"].encode("utf-8")


def test_a_field_given_twice_is_reported_and_the_last_one_counts() -> None:
    file = package(WHOLE).replace(
        b'"status": "complete"', b'"status": "active", "status": "complete"'
    )
    [one] = read(file)

    assert isinstance(one, Taken)
    assert one.content["tender"]["status"] == "complete"
    assert [(w.field, w.reason) for w in one.warnings] == [
        ("tender.status", "It is given twice; the last one was used.")
    ]


def test_names_broken_by_wrapping_are_mended() -> None:
    [one] = read(package(WHOLE).replace(b'"title": "Waste', b'"ti    tle": "Waste'))

    assert isinstance(one, Taken)
    assert one.content["tender"]["title"] == "Waste collection rounds"
    assert [warning.field for warning in one.warnings] == ["tender.title"]


def test_an_ocid_without_a_registered_prefix_is_taken_with_a_warning() -> None:
    assert "ocid" in warned(release(ocid="our-own-17"))


def test_what_is_kept_can_be_stored_as_json() -> None:
    content: dict[str, Any] = taken(WHOLE)[0].content

    assert json.loads(json.dumps(content, allow_nan=False)) == content
