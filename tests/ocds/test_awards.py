"""What came of a tender as open data: awards and contracts, each step a release for good."""

import json
from datetime import date

import pytest

from auth.actor import VISITOR, Role
from marketplace.organisations.models import Organisation
from tests.awards.deciding import MONDAY, NUMBER, Decided
from tests.challenges.answers import typed_date
from tests.contracts.conftest import AFTER, clock, confirmed
from tests.contracts.contracting import LAST, at, called_off, framework, sign, written
from tests.ocds.schema import Schema
from tests.tenders.drafting import fine

__all__ = ["clock", "confirmed"]


def package(made: Decided) -> dict:
    made.browser.as_(VISITOR)
    answer = made.browser.client.get(f"/tenders/{made.tender.id}/release.json")
    assert answer.status_code == 200
    return json.loads(answer.text)


def test_an_award_is_released_with_its_notice_and_each_contract_when_it_is_signed(
    confirmed: Decided,
):
    winner = confirmed.make.session.get(Organisation, confirmed.award().supplier_id)
    winner.sqlmodel_update({"street": "2 Wharf Road", "town": "Leeds", "postcode": "LS1 4AP"})
    confirmed.make(winner)
    before = package(confirmed)["releases"]
    [supplier] = [one for one in before[1]["parties"] if one["roles"] == ["supplier"]]
    assert supplier["address"] == {
        "streetAddress": "2 Wharf Road",
        "locality": "Leeds",
        "postalCode": "LS1 4AP",
        "country": "GB",
        "countryName": "United Kingdom",
    }
    assert [one["tag"][0] for one in before] == ["tender", "award", "awardUpdate"]
    first, second = (one["awards"][0] for one in before[1:])
    assert (first["status"], second["status"]) == ("pending", "active")
    assert first["value"] == {"amount": 50000.5, "amountGross": 60000.6, "currency": "GBP"}
    assert [one["name"] for one in first["suppliers"]] == ["Moss Repairs"]
    assert NUMBER in str(first["documents"])
    sign(confirmed, "Camden", AFTER.date())
    after = package(confirmed)["releases"]
    assert after[:3] == before, "what was released stays as it was"
    [contract] = after[3]["contracts"]
    assert (after[3]["tag"], contract["awardID"]) == (["contract"], first["id"])
    assert contract["value"]["amountGross"] == 40000.4
    assert contract["dateSigned"] == "2026-12-04T00:00:00Z"
    told = json.dumps(after)
    for secret in ("Fern Systems", "Reed Works", "ten things", "Ada Osei", "approver"):
        assert secret not in told, secret


def test_a_change_and_an_end_are_releases_of_their_own(confirmed: Decided, clock):
    sign(confirmed, "Camden", AFTER.date())
    signed = package(confirmed)["releases"][3]
    url = at(confirmed.contracts()["Camden"])
    about = {"reason": "More homes", "ground": "additional", "value": "34,000"}
    dates = {**typed_date("ends_on", LAST), **typed_date("on", AFTER.date())}
    clock.move_to(AFTER.replace(day=5))
    confirmed.as_author().post(f"{url}/change", **about, **dates)
    fine(confirmed.browser)
    clock.move_to(AFTER.replace(day=6))
    ended = {"because": "The supplier failed.", **typed_date("ended_on", AFTER.date())}
    confirmed.as_author().post(f"{url}/end", **ended)
    fine(confirmed.browser)
    found = package(confirmed)["releases"]
    assert found[3] == signed
    assert [one["tag"][0] for one in found[4:]] == ["contractAmendment", "contractTermination"]
    assert found[4]["contracts"][0]["value"]["amount"] == 34_000
    assert found[5]["contracts"][0]["status"] == "terminated"


def called_off_and_noticed(made: Decided, clock) -> None:
    """Barnet calls off under Camden's contract, has it cancelled, and asks for more, which nobody
    has approved; two notices of the contract are published.
    """
    barnet = made.authorities["Barnet"] = made.make.authority("Barnet")
    made.authors["Barnet"] = made.make.author(barnet)
    made.approvers["Barnet"] = made.make.actor(barnet, Role.APPROVER)
    contract = framework(made, AFTER.date(), "Barnet")
    url, browser = at(contract), made.as_author("Barnet")
    browser.post(f"{url}/call-offs/new", **called_off("40,000.25"))
    fine(browser)
    approve = made.as_approver("Barnet").main(url).select_one("form[action$='/approve']")
    assert approve
    browser.post(str(approve["action"]))
    fine(browser)
    made.as_author("Barnet").post(f"{url}/call-offs/new", **called_off("1,000", title="More"))
    fine(browser)
    clock.move_to(AFTER.replace(day=5))
    cancel = str(approve["action"]).replace("/approve", "/cancel")
    browser.post(cancel, because="The estate was sold.")
    fine(browser)
    about = {"number": "045678-2026", **typed_date("on", AFTER.date())}
    made.as_author().post(f"{url}/due/contract-details", **about)
    fine(browser)


def test_what_is_called_off_is_one_more_contract_of_the_award_once_it_is_approved(
    confirmed: Decided, clock
):
    called_off_and_noticed(confirmed, clock)
    released = package(confirmed)
    found = [one for one in released["releases"] if "contracts" in one]
    tags = [one["tag"][0] for one in found]
    assert sorted(tags) == ["contract", "contract", "contractTermination", "contractUpdate"]
    both = [one["contracts"][0] for one in found if one["tag"] == ["contract"]]
    bought, framed = sorted(both, key=lambda one: one["title"], reverse=True)
    assert bought["awardID"] == framed["awardID"]
    assert bought["value"] == {"amount": 40000.25, "amountGross": 48000.3, "currency": "GBP"}
    [ended] = [one for one in found if one["tag"] == ["contractTermination"]]
    assert (ended["contracts"][0]["id"], ended["contracts"][0]["status"]) == (
        bought["id"],
        "terminated",
    )
    assert {"Barnet": ["buyer"]}.items() <= {
        one["name"]: one["roles"] for one in ended["parties"]
    }.items()
    [noticed] = [one for one in found if one["tag"] == ["contractUpdate"]]
    assert noticed["contracts"][0]["documents"][0]["id"] == "045678-2026"
    told = json.dumps(released)
    for secret in ("More", "The estate was sold.", "approver"):
        assert secret not in told, secret


def performed_changed_and_ended(made: Decided, clock) -> None:
    """Camden's contract of more than five million, with the notices of its whole life."""
    url, browser = at(made.contracts()["Camden"]), made.as_author()
    three = "Calls answered\nJobs done\nHomes safe"
    browser.post(f"{url}/edit", **written(value="4,200,000", indicators=three))
    fine(browser)
    sign(made, "Camden", AFTER.date())
    clock.move_to(AFTER.replace(year=2027))
    about = {"reason": "More homes", "ground": "additional", "value": "5,000,000"}
    dates = {**typed_date("ends_on", LAST), **typed_date("on", date(2027, 11, 1))}
    made.as_author().post(f"{url}/change", **about, **dates, notice_number="050010-2027")
    fine(browser)
    # A year that begins on 4 December 2026 ends on the third.
    cited(made, "performance-2027-12-03", "050009-2027", date(2027, 12, 1))
    clock.move_to(AFTER.replace(year=2028, month=6))
    ended = {"because": "It failed us.", **typed_date("ended_on", date(2028, 6, 1))}
    made.as_author().post(f"{url}/end", **ended)
    fine(browser)
    cited(made, "performance-2028-06-01", "060009-2028", date(2028, 6, 2))
    cited(made, "termination", "060011-2028", date(2028, 6, 3))


def cited(made: Decided, key: str, number: str, on: date) -> None:
    url = at(made.contracts()["Camden"])
    made.as_author().post(f"{url}/due/{key}", number=number, **typed_date("on", on))
    fine(made.browser)


def test_performance_change_and_termination_are_released_with_their_notices(
    confirmed: Decided, clock
):
    performed_changed_and_ended(confirmed, clock)
    found = [one for one in package(confirmed)["releases"] if "contracts" in one]
    assert [one["tag"][0] for one in found] == [
        *("contract", "contractAmendment", "implementation"),
        *("contractTermination", "implementation", "contractUpdate"),
    ]
    told = []
    for release in found:
        [contract] = release["contracts"]
        told += contract.get("documents", contract.get("implementation", {}).get("documents", []))
    assert [(one["noticeType"], one["id"]) for one in told] == [
        ("UK10", "050010-2027"),
        ("UK9", "050009-2027"),
        ("UK9", "060009-2028"),
        ("UK11", "060011-2028"),
    ]
    ended = found[3]["contracts"][0]
    assert ended["period"]["endDate"] == "2028-05-31T23:00:00Z", "1 June begins in London then"
    url = at(confirmed.contracts()["Camden"])
    duties = confirmed.as_author().main(url).select_one("#duties")
    rows = [" ".join(one.text.split()) for one in duties.select("li")]
    done = [one for one in rows if "performance" in one or "termination" in one]
    assert len(done) == 3
    assert all("as 0" in one for one in done), "each with its number"
    assert "It failed us." not in json.dumps(package(confirmed))


@pytest.mark.reference
@pytest.mark.parametrize("story", [called_off_and_noticed, performed_changed_and_ended])
def test_the_record_of_tender_award_and_contracts_keeps_to_the_standard(
    confirmed: Decided, clock, shared, story
):
    story(confirmed, clock)
    found = package(confirmed)
    schema = Schema(shared / "data" / "ocds_vendor", found["extensions"])
    assert schema.errors(found) == []
    assert MONDAY.date().isoformat() in str(found["releases"][1]["date"])
