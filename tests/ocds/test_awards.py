"""What came of a tender as open data: awards and contracts, each step a release for good."""

import json

import pytest

from auth.actor import VISITOR, Role
from tests.awards.deciding import MONDAY, NUMBER, Decided
from tests.challenges.answers import typed_date
from tests.contracts.conftest import AFTER, clock, confirmed
from tests.contracts.contracting import LAST, at, called_off, framework, sign
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
    before = package(confirmed)["releases"]
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


@pytest.mark.reference
def test_the_record_of_tender_award_and_contracts_keeps_to_the_standard(
    confirmed: Decided, clock, shared
):
    called_off_and_noticed(confirmed, clock)
    found = package(confirmed)
    schema = Schema(shared / "data" / "ocds_vendor", found["extensions"])
    assert schema.errors(found) == []
    assert MONDAY.date().isoformat() in str(found["releases"][1]["date"])
