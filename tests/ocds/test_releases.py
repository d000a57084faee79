"""A tender as open data: what it says, what it never says, and that it keeps to the standard."""

import json

import pytest

from auth.actor import VISITOR, Role
from marketplace.organisations.models import Organisation
from tests.challenges.answers import typed_date
from tests.ocds.schema import Schema
from tests.tenders.drafting import Drafted, dates, drafted, in_days

NAME = "Quokka Systems"


@pytest.fixture
def joint(browser, make) -> Drafted:
    """Published by three authorities in two lots, asked about, amended by one that left."""
    made = drafted(browser, make, "Camden", "Hackney", "Southwark")
    ids = {name: str(id) for name, id in made.organisations.items()}
    author = made.as_author()
    lots = (("North", ("Camden", "Hackney"), "200,000"), ("South", ("Southwark",), "100,000"))
    for title, names, value in lots:
        about = {"title": title, "value": value, "vat_rate": "20"}
        author.post(f"{made.work}/lots/new", authorities=[ids[name] for name in names], **about)
    made.ready()
    made.publish()
    supplier = make.actor(make.supplier(NAME), Role.MANAGER, name="Wallaby Jones")
    browser.as_(supplier).post(f"/tenders/{made.id}/questions", asked="Do the crews have phones?")
    page = made.as_author().get(f"{made.work}/questions")
    place = str(page.select_one(".app-card a")["href"])
    browser.post(place, wording="Do the crews have phones?", answer="Yes, all of them.")
    browser.post(f"{place}/publish")
    made.as_author("Southwark").post(f"{made.work}/leave", because="Our budget was cut.")
    made.as_author().post(f"{made.work}/notices/UK4", **cited("032703-2026"))
    return made


def cited(number: str) -> dict[str, str]:
    return {"number": number, "on__day": "1", "on__month": "11", "on__year": "2026"}


def package(tender: Drafted, place: str = "") -> dict:
    answer = tender.browser.client.get(place or f"/tenders/{tender.id}/release.json")
    assert answer.status_code == 200
    return json.loads(answer.text)


def test_a_release_names_every_authority_and_the_lead_and_no_asker(joint: Drafted):
    joint.browser.as_(VISITOR)
    found = package(joint)
    tags = [one["tag"][0] for one in found["releases"]]
    assert tags == ["tender", "tenderAmendment", "tenderUpdate"]
    first, amended, last = found["releases"]
    names = [[party["name"] for party in one["parties"]] for one in (first, amended)]
    assert names == [["Camden", "Hackney", "Southwark"], ["Camden", "Hackney"]]
    [lead] = [one for one in first["parties"] if "procuringEntity" in one["roles"]]
    assert (lead["id"], lead["name"]) == ("GB-PPON-PCAM-1234-ABCD", "Camden")
    assert first["buyer"]["id"] == lead["id"]
    values = [one["value"] for one in first["tender"]["lots"]]
    assert values == [
        {"amount": 166_666.67, "amountGross": 200_000, "currency": "GBP"},
        {"amount": 83_333.33, "amountGross": 100_000, "currency": "GBP"},
    ]
    whole = {"amount": 250_000, "amountGross": 300_000, "currency": "GBP"}
    assert first["tender"]["value"] == whole
    assert lead["address"] == {
        "streetAddress": "1 Town Square",
        "locality": "London",
        "region": "UKI",
        "postalCode": "N1 1AA",
        "country": "GB",
        "countryName": "United Kingdom",
    }
    assert amended["tender"]["value"] == {"amountGross": 200_000, "currency": "GBP"}
    assert [one["title"] for one in first["tender"]["lots"]] == ["North", "South"]
    weights = [
        one["numbers"][0]["number"]
        for one in first["tender"]["lots"][0]["awardCriteria"]["criteria"]
    ]
    assert weights == [60, 40]
    [question] = last["tender"]["enquiries"]
    assert question["answer"] == "Yes, all of them."
    assert len({one["id"] for one in found["releases"]}) == 3
    assert "032703-2026" in str(last["tender"]["documents"])
    for secret in (NAME, "Wallaby", "150,000", "150000", "Camden/2026/7", "approver"):
        assert secret not in json.dumps(found), secret


def test_an_address_that_changes_later_changes_no_release(joint: Drafted, make):
    before = package(joint)
    hackney = make.session.get(Organisation, joint.organisations["Hackney"])
    hackney.street = "2 Other Square"
    make(hackney)
    assert package(joint) == before
    draft = package(joint, f"{joint.work}/notices/UK4/release.json")
    assert "2 Other Square" in str(draft["releases"][0]["parties"])


def test_it_is_the_same_for_everybody_and_a_draft_has_none(joint: Drafted, make, browser):
    seen = []
    for person in (VISITOR, joint.authors["Camden"], make.curator()):
        browser.as_(person)
        seen.append(package(joint))
    assert seen[0] == seen[1] == seen[2]
    browser.as_(joint.authors["Camden"]).post("/tenders", title="A draft")
    draft = browser.last.split("/")[2]
    for person in (VISITOR, joint.authors["Camden"]):
        assert browser.as_(person).client.get(f"/tenders/{draft}/release.json").status_code == 404


def test_the_number_of_a_notice_is_taken_down_and_never_claimed(tender: Drafted):
    browser = tender.as_author()
    seen = browser.get(f"{tender.work}/notices")
    assert "The marketplace publishes no notice." in seen.text
    for code in ("UK2", "UK3", "UK4"):
        assert f"({code})" in seen.text
        assert "No number is recorded." in seen.text
    place = f"{tender.work}/notices/UK4"
    for number in ("12", "032703/2026", "032703-2026x"):
        seen = browser.post(place, **cited(number))
        assert browser.status == 422
        assert seen.select_one("#number")["value"] == number
    browser.post(place, **(cited("032703-2026") | {"on__year": "2126"}))
    assert browser.status == 422
    seen = browser.post(place, **cited("032703-2026"))
    assert "as the lead has recorded" in seen.text
    assert "UK4, 032703-2026" in browser.main(f"{tender.work}/history").text
    tender.as_author("Hackney").post(place, **cited("999999-2026"))
    assert browser.status == 403
    browser.get(f"{tender.work}/notices/UK5")
    assert browser.status == 404


def test_what_the_notices_ask_besides_is_asked_checked_and_in_them(tender: Drafted):
    browser, at = tender.as_author(), f"{tender.work}/sections/market"
    for wrong, why in (
        ({}, "Say either how the market is engaged, or why it is not"),
        (
            {"engagement": "A call.", "no_engagement_because": "No need."},
            "Say either how the market is engaged, or why it is not",
        ),
        (
            {
                "engagement": "",
                "no_engagement_because": "No need.",
                **typed_date("engaged_until", in_days(3)),
            },
            "Say how the market is engaged, or leave the last day empty",
        ),
    ):
        assert why in browser.post(at, **wrong).text
        assert browser.status == 422, wrong
    told = {
        "no_engagement_because": "",
        "engagement": "A call with suppliers.",
        "events": "Online, Monday at 2pm",
        "suits": ["sme", "vcse"],
        "risks": "Hosting may cost more.",
        "renewal": "In 2031",
        "payment": "Quarterly in arrears",
        "treaties": ["gpa"],
        **typed_date("engaged_until", in_days(5)),
    }
    browser.post(at, **told)
    assert browser.status == 200
    late = dates() | typed_date("award_on", in_days(20))
    assert "The day of the award must be after the deadline" in (
        browser.post(f"{tender.work}/sections/dates", **late).text
    )
    browser.post(f"{tender.work}/sections/dates", **dates())
    missing = tender.blockers()
    assert "The engagement of the market ends after the day you mean to publish" in missing
    assert "Record the number of the preliminary market engagement notice (UK2)" in missing
    tender.write("market", "dates")
    seen = tender.as_author().main(f"{tender.work}/notices")
    first, _, last = (one.text for one in seen.select("dl"))
    for words in ("A call with suppliers.", "Online, Monday at 2pm"):
        assert words in first
    for words in ("Small and medium-sized", "Voluntary, community", "Hosting may cost more."):
        assert words in last
    for words in ("In 2031", "Quarterly in arrears", "(GPA)", "Award expected on"):
        assert words in last
    assert "The marketplace does not ask for it" not in seen.text
    [planned] = package(tender, f"{tender.work}/notices/UK4/release.json")["releases"]
    assert planned["tender"]["status"] == "active"
    assert planned["planning"]["milestones"][0]["type"] == "engagement"
    assert planned["tender"]["riskDetails"] == "Hosting may cost more."
    assert planned["tender"]["awardPeriod"]["endDate"]
    assert planned["tender"]["lots"][0]["suitability"] == {"sme": True, "vcse": True}


@pytest.mark.reference
def test_every_release_keeps_to_the_standard_and_its_extensions(joint: Drafted, shared):
    joint.as_author().post(f"{joint.work}/cancel", outcome="The budget was cut.")
    vendor = shared / "data" / "ocds_vendor"
    found = package(joint)
    assert found["releases"][-1]["tag"] == ["tenderCancellation"]
    schema = Schema(vendor, found["extensions"])
    assert schema.errors(found) == []
    for code in ("UK2", "UK3", "UK4"):
        joint.as_author()
        draft = package(joint, f"{joint.work}/notices/{code}/release.json")
        assert schema.errors(draft) == [], code


@pytest.mark.reference
def test_what_does_not_keep_to_the_standard_is_noticed(shared):
    vendor = shared / "data" / "ocds_vendor"
    bad = json.loads((vendor / "sample_invalid.json").read_text(encoding="utf-8"))
    assert len(Schema(vendor, []).errors(bad)) >= 4
    good = json.loads((vendor / "sample_joint_tender.json").read_text(encoding="utf-8"))
    assert Schema(vendor, good["extensions"]).errors(good) == []
