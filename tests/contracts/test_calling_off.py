"""Call-offs: who may, how much is left, by authority and in all, and never more than there is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from auth.actor import Role
from marketplace.contracts import calling_actions, queries
from marketplace.contracts.models import CallOff, CallOffStage
from marketplace.core import db
from marketplace.organisations.models import Membership
from tests.awards.deciding import Decided
from tests.browser_of_pages import words
from tests.challenges.answers import typed_date
from tests.challenges.test_races import race
from tests.contracts.conftest import AFTER
from tests.contracts.contracting import FIRST, LAST, at, called_off, framework
from tests.tenders.drafting import fine

__all__ = ["race"]

DAY = AFTER.date()


@pytest.fixture
def barnet(confirmed: Decided, make):
    """A fourth authority, that was not in the tender."""
    confirmed.authorities["Barnet"] = make.authority("Barnet")
    confirmed.authors["Barnet"] = make.author(confirmed.authorities["Barnet"])
    confirmed.approvers["Barnet"] = make.actor(
        confirmed.authorities["Barnet"], Role.APPROVER, name="Barnet approver"
    )
    return confirmed.authorities["Barnet"]


def calls(made: Decided) -> list[CallOff]:
    with db.reading(made.browser.engine) as session:
        found = list(session.exec(select(CallOff).order_by(col(CallOff.created_at))))
        session.expunge_all()
    return found


def test_a_named_authority_calls_off_and_an_unnamed_one_learns_why_not(
    confirmed: Decided, barnet, make
):
    url = at(framework(confirmed, DAY, "Barnet"))
    browser = confirmed.as_author("Barnet")
    browser.post(f"{url}/call-offs/new", **called_off("40,000.25"))
    fine(browser)
    browser.post(f"{url}/call-offs/{calls(confirmed)[0].id}/approve")
    assert browser.status == 403, "an author does not approve"
    confirmed.as_approver("Barnet").post(f"{url}/call-offs/{calls(confirmed)[0].id}/approve")
    fine(browser)
    page = words(browser.main(url))
    # 100,000 less 40,000.25, by hand
    assert "£59,999.75 of £100,000 left" in page
    bar = browser.main(url).select_one("#rooms progress")
    assert (bar["value"], bar["max"]) == ("40000.25", "100000")
    other = make.author(make.authority("Enfield"))
    seen = browser.as_(other).post(f"{url}/call-offs/new", **called_off())
    assert browser.status == 409
    assert "Enfield is not among the authorities that may call off" in seen.text
    assert "Ask Camden" in seen.text
    assert "Enfield is not among" in words(browser.main(url))
    assert len(calls(confirmed)) == 1


def test_not_beyond_the_ceiling_nor_after_the_end_nor_beyond_ones_limit(
    confirmed: Decided, barnet, clock, make
):
    url = at(framework(confirmed, DAY, "Barnet"))
    new = f"{url}/call-offs/new"
    browser = confirmed.as_author("Barnet")
    seen = browser.post(new, **called_off("100,000.01"))
    assert browser.status == 422
    assert "£100,000 without VAT is left under this contract, and this is £100,000.01" in seen.text
    assert seen.select_one("#title")["value"] == "Repairs of two estates"
    browser.post(new, **called_off(**typed_date("ends_on", FIRST - timedelta(days=1))))
    assert browser.status == 422
    late = typed_date("starts_on", LAST + timedelta(days=1))
    late |= typed_date("ends_on", LAST + timedelta(days=2))
    browser.post(new, **called_off(**late))
    assert browser.status == 422
    browser.post(new, **called_off("60,000"))
    browser.post(new, **called_off("60,000"))
    fine(browser)
    approver = confirmed.approvers["Barnet"]
    member = make.session.get_one(Membership, approver.membership_id)
    member.value_limit = Decimal(71_999)
    make(member)
    first, second = calls(confirmed)
    seen = browser.as_(approver).post(f"{url}/call-offs/{first.id}/approve")
    assert browser.status == 403
    assert "this call-off is £72,000 with VAT" in seen.text
    member.value_limit = Decimal(72_000)
    make(member)
    browser.post(f"{url}/call-offs/{first.id}/approve")
    fine(browser)
    seen = browser.post(f"{url}/call-offs/{second.id}/approve")
    assert browser.status == 409
    assert "£40,000 without VAT is left" in seen.text
    browser.post(f"{url}/call-offs/{first.id}/cancel", because="No budget.")
    fine(browser)
    browser.post(f"{url}/call-offs/{second.id}/approve")
    fine(browser)
    browser.post(f"{url}/call-offs/{second.id}/decline", because="Too late.")
    assert browser.status == 409
    clock.move_to(AFTER + timedelta(days=800))
    seen = confirmed.as_author("Barnet").post(new, **called_off("1"))
    assert browser.status == 409
    assert "ended on 3 January 2029" in seen.text


@pytest.mark.parametrize("attempt", range(4))
def test_two_at_once_cannot_both_have_the_last_pound(
    confirmed: Decided, barnet, marketplace, race, attempt
):
    contract = framework(confirmed, DAY, "Barnet", "Hackney")
    for name in ("Barnet", "Hackney"):
        confirmed.as_author(name).post(f"{at(contract)}/call-offs/new", **called_off("50,000.50"))
        fine(confirmed.browser)
    people = {confirmed.authorities[name].id: who for name, who in confirmed.approvers.items()}

    def approve(call):
        def work(opened):
            ctx = marketplace.context(opened, people[call.organisation_id])
            found = queries.one(ctx, contract.id)
            calling_actions.approve(ctx, queries.call_off(ctx, found, call.id))

        return work

    both = calls(confirmed)
    told = race(*map(approve, both))
    assert told[0] == "done"
    assert told[1].startswith("£49,999.50 without VAT is left under this contract")
    approved = [one for one in calls(confirmed) if one.stage is CallOffStage.APPROVED]
    assert len(approved) == 1
