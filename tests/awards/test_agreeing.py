"""Each authority approves an award or parts from it, and every bidder reads why."""

import re
from decimal import Decimal

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.awards.models import SummaryStage
from marketplace.organisations.models import Membership
from marketplace.tenders.content import digest
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Tender
from tests.awards.deciding import BIDS, LOT, Decided, decided
from tests.browser_of_pages import words
from tests.challenges.answers import events
from tests.tenders.drafting import fine

pytestmark = pytest.mark.usefixtures("on_monday")


# ---- Agreeing


def test_every_authority_approves_what_it_read_and_one_parts(joint: Decided, session):
    joint.recommend()
    award = joint.award()
    at = joint.at()
    seen = joint.as_approver("Hackney").post(f"{at}/approve", digest="another")
    assert joint.browser.status == 409
    assert "not the one that you read" in seen.text
    joint.as_author("Hackney").post(f"{at}/approve", digest=award.digest)
    assert joint.browser.status == 403, "an author does not approve"
    joint.approve("Camden")
    joint.as_author().post(f"{at}/inform")
    assert joint.browser.status == 409
    joint.as_approver("Hackney").post(f"{at}/part")
    assert joint.browser.status == 422
    seen = joint.as_approver("Hackney").post(f"{at}/part", because="Our cabinet said no.")
    fine(joint.browser)
    assert "parted from it, Hackney approver" in words(seen)
    assert "Our cabinet said no." in words(seen)
    joint.as_approver("Hackney").post(f"{at}/approve", digest=award.digest)
    assert joint.browser.status == 409, "it has said already"
    assert joint.award().buyers == [], "Camden approved its share, and now it would pay for all"
    page = joint.as_approver("Camden").main(at)
    assert "The share of Camden is £60,000.60 with VAT. Hackney parted from it" in words(page)
    joint.browser.post(f"{at}/approve", digest=award.digest)
    assert joint.browser.status == 409, "as it was read before"
    joint.browser.post(f"{at}/approve", digest=page.select_one("input[name=digest]")["value"])
    fine(joint.browser)
    assert joint.award().buyers == ["Camden"]
    approved = [one.facts for one in events(session, "award.approve")]
    assert [one["digest"] for one in approved] == [award.digest, award.digest]
    assert [one["share"] for one in approved] == ["£40,000.40", "£60,000.60"]


def test_an_approver_approves_an_award_up_to_their_limit_and_reads_who_can_instead(
    joint: Decided, make, session
):
    joint.recommend()
    at, digest = joint.at(), joint.award().digest
    approver = joint.approvers["Hackney"]
    member = session.get_one(Membership, approver.membership_id)
    # A third of £60,000.60: the shares of the tender are £100,000 and £50,000.
    member.value_limit = Decimal("20000.19")
    make(member)
    page = words(joint.as_approver("Hackney").main(at))
    assert "The share of Hackney is £20,000.20 with VAT." in page
    refused = "You may approve up to £20,000.19, and the share of Hackney is £20,000.20 with VAT. "
    seen = joint.browser.post(f"{at}/approve", digest=digest)
    assert joint.browser.status == 403
    assert f"{refused}Nobody at Hackney has a limit that is high enough" in words(seen)
    make.actor(joint.authorities["Hackney"], Role.APPROVER, name="Head of Finance")
    make.actor(joint.authorities["Camden"], Role.APPROVER, name="Somebody of Camden's")
    seen = joint.browser.post(f"{at}/approve", digest=digest)
    assert f"{refused}Head of Finance can approve it instead." in words(seen)
    assert joint.award().buyers == []
    member.value_limit = Decimal("20000.20")
    make(member)
    joint.approve("Hackney")
    assert joint.award().buyers == ["Hackney"]


def test_an_authority_that_parted_begins_its_own_tender_from_it(joint: Decided, make, session):
    joint.recommend()
    at = joint.at()
    joint.as_author("Hackney").post(f"{at}/own-tender", title="Our own")
    assert joint.browser.status == 404, "it has not parted"
    joint.as_approver("Hackney").post(f"{at}/part", because="No.")
    form = joint.as_author("Hackney").main(at).select_one("form:has(#own-tender)")
    assert form["action"] == f"{at}/own-tender"
    joint.browser.post(f"{at}/own-tender", title="Our own")
    fine(joint.browser)
    session.rollback()
    own = session.exec(select(Tender).where(Tender.continues_id == joint.tender.id)).one()
    assert own.organisation_id == joint.authorities["Hackney"].id
    assert own.partners == [str(own.organisation_id)]
    link = f"a[href$='/tenders/{own.id}']"
    assert joint.as_author("Hackney").get(f"/tenders/{joint.tender.id}").select_one(link)
    assert not joint.as_author().get(f"/tenders/{joint.tender.id}").select_one(link), (
        "still a draft"
    )


def test_of_several_lots_an_authority_begins_again_the_one_that_it_parted_from(
    browser, make, session
):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    made.recommend(lot=LOT)
    at = made.at(LOT)
    made.as_approver("Hackney").post(f"{at}/part", because="No.")
    made.as_author("Hackney").post(f"{at}/own-tender", title="Our own")
    fine(browser)
    session.rollback()
    own = session.exec(select(Tender).where(Tender.continues_id == made.tender.id)).one()
    lots = session.exec(select(Lot.title).where(Lot.tender_id == own.id)).all()
    assert lots == ["North"], "South serves Hackney too, and goes on here"


# ---- Summaries


def test_every_bidder_reads_its_own_and_the_winners_and_nothing_of_another(joint: Decided, news):
    joint.recommend()
    joint.approve("Camden", "Hackney")
    seen = joint.inform()
    assert joint.browser.status == 409
    assert "Not checked: Fern Systems, Moss Repairs, Reed Works" in seen.text or (
        "Not checked: Moss Repairs" in seen.text
    )
    joint.check()
    for name in BIDS:
        joint.as_bidder(name).get(f"/tenders/{joint.tender.id}/summary")
        assert joint.browser.status == 404, "not before it is sent"
    joint.inform()
    fine(joint.browser)
    assert len({one.sent_at for one in joint.summaries()}) == 1, "all at one moment"
    news()
    own = {name: f"{name} shows {points} of ten things." for name, (points, _) in BIDS.items()}
    for name in BIDS:
        page = words(joint.as_bidder(name).main(f"/tenders/{joint.tender.id}/summary"))
        told = {"Moss Repairs", name}
        for other in BIDS:
            assert (own[other] in page) == (other in told), (name, other)
            assert (other in page) == (other in told), (name, other)
        assert f"{BIDS[name][0]} of 10" in page
        inbox = words(joint.browser.main("/notifications"))
        assert "Read how your bid was assessed" in inbox
    # 8 of ten are 48 of 60 points; 40,000 / 50,000.50 of 40 points are 32.00: 80 of 100
    page = words(joint.as_bidder("Moss Repairs").main(f"/tenders/{joint.tender.id}/summary"))
    assert "80 of 100: 48 for quality, 32 for the price" in re.sub(r"\.00\b", "", page)
    assert "The winning bid" not in page


def test_reasons_are_worded_and_checked_again_before_they_are_sent(joint: Decided):
    joint.recommend()
    joint.approve("Camden", "Hackney")
    joint.check()
    fern = next(one for one in joint.summaries() if one.bid_id == joint.bids["Fern Systems"].id)
    url = f"{joint.at()}/summaries/{fern.id}"
    page = joint.as_author("Hackney").get(url)
    fields = {str(box["name"]): box.text.strip() for box in page.select("main form textarea[name]")}
    assert len(fields) == 3, "its own reason, the winner's, and why it did not win"
    fields["read"] = digest(fern.content)
    joint.browser.send(url, {**fields, "why": ""})
    assert joint.browser.status == 422
    joint.browser.send(url, {**fields, "why": "Your map had no skills."})
    fine(joint.browser)
    joint.inform()
    assert joint.browser.status == 409, "it has to be checked again"
    joint.as_author().post(f"{url}/check", read=digest(fern.content))
    assert joint.browser.status == 409, "that is not what it says any more"
    seen = joint.as_author().send(url, {**fields, "why": "My own words."})
    assert joint.browser.status == 409
    assert "A colleague worded this summary after you opened it" in words(seen)
    assert "Your map had no skills." in words(seen)
    assert "My own words." in seen.select_one("#why").text, "nothing typed is lost"
    now = seen.select_one("#check").find_parent("form").select_one("[name=read]")["value"]
    joint.browser.post(f"{url}/check", read=now)
    fine(joint.browser)
    joint.inform()
    fine(joint.browser)
    joint.as_author().send(url, {**fields, "why": "Changed."})
    assert joint.browser.status == 409
    page = words(joint.as_bidder("Fern Systems").main(f"/tenders/{joint.tender.id}/summary"))
    assert "Your map had no skills." in page
    assert {one.stage for one in joint.summaries()} == {SummaryStage.SENT}
