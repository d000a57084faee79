"""From the final ranking to the award: agreed, told to all at once, published, stood still."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.awards import actions
from marketplace.awards.models import AwardStage, SummaryStage
from marketplace.core import db
from marketplace.core.working_days import is_working_day
from marketplace.organisations.models import Membership
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Publication, Tender
from tests.awards.deciding import BIDS, LOT, MONDAY, NUMBER, OTHER_LOT, Decided, decided
from tests.challenges.answers import events, typed_date
from tests.tenders.drafting import fine

TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def on_monday():
    """A clock that a test moves on by itself."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def words(seen) -> str:
    return " ".join(seen.text.split())


# ---- Recommending


def test_the_first_of_the_ranking_wins_without_a_reason_and_bids_are_listed_by_name(joint: Decided):
    page = joint.as_author().main(f"{joint.work}/lots/{joint.tender.id}/recommend")
    names = [one.text.strip() for one in page.select(".govuk-radios__label")]
    assert names == sorted(BIDS)
    chosen = page.select_one("input[name=bid_id][checked]")
    assert chosen["value"] == str(joint.bids["Moss Repairs"].id), "the first is chosen already"
    joint.recommend()
    assert joint.browser.status == 200
    award = joint.award()
    # 50,000.50 with 20% of VAT, by hand
    assert (award.value, award.gross) == (Decimal("50000.50"), Decimal("60000.60"))
    assert "£60,000.60" in joint.browser.text


def test_another_than_the_first_needs_a_reason_of_the_law_and_some_cannot_win(joint: Decided):
    seen = joint.recommend("Fern Systems")
    assert joint.browser.status == 422
    assert "The bid of Moss Repairs is ranked before it" in seen.text
    seen = joint.recommend("Fern Systems", passed_over="excluded")
    assert joint.browser.status == 422
    assert "Enter the reason, in words" in seen.text
    seen = joint.recommend("Reed Works", passed_over="low", because="Too cheap")
    assert "This bid cannot be awarded: It is below the minimum for planning." in seen.text
    assert seen.select_one("#because").text.strip() == "Too cheap", "nothing typed is lost"
    seen = joint.recommend("Fern Systems", passed_over="nonsense", because="x")
    assert joint.browser.status == 422
    joint.recommend("Fern Systems", passed_over="excluded", because="It is debarred.")
    fine(joint.browser)
    assert "It is debarred." in joint.browser.text
    seen = joint.recommend("Moss Repairs")
    assert joint.browser.status == 409
    assert "has an outcome already" in seen.text


def test_only_the_lead_recommends_and_strangers_find_nothing(joint: Decided, make):
    url = f"{joint.work}/lots/{joint.tender.id}/recommend"
    bid = str(joint.bids["Moss Repairs"].id)
    joint.as_author("Hackney").post(url, bid_id=bid)
    assert joint.browser.status == 403
    joint.as_approver("Camden").post(url, bid_id=bid)
    assert joint.browser.status == 403
    for who in (VISITOR, make.author(make.authority("Barnet")), joint.managers["Moss Repairs"]):
        for below in ("", f"/lots/{joint.tender.id}/recommend"):
            joint.browser.as_(who).get(f"{joint.work}{below}")
            assert joint.browser.status == 404


def test_a_lot_is_awarded_by_itself_with_its_own_price(browser, make):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    made.recommend(lot=LOT)
    made.recommend("Fern Systems", lot=OTHER_LOT, passed_over="excluded", because="Debarred.")
    fine(browser)
    assert made.award(LOT).value == Decimal("50000.50"), "one of its two lines"
    assert made.award(OTHER_LOT).value == 40_000
    page = words(made.as_author().main(made.work))
    assert "North" in page
    assert "Southwark" in page
    assert made.award(LOT).parties == [str(made.authorities[n].id) for n in ("Camden", "Hackney")]


def test_nobody_wins_more_lots_than_the_tender_lets_one_supplier(browser, make, session):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    publication = session.exec(
        select(Publication).where(Publication.tender_id == made.tender.id)
    ).one()
    publication.content = {
        **publication.content,
        "lots": {**publication.content["lots"], "most_lots": 1},
    }
    make(publication)
    url = f"{made.work}/lots/{OTHER_LOT}/recommend"
    inset = made.as_author().main(url).select_one("#limit")
    assert words(inset) == "One supplier can win 1 lot of this tender. Nobody has one yet."
    other = {"because": "It cannot have both."}
    seen = made.recommend("Fern Systems", lot=OTHER_LOT, passed_over="limit", **other)
    assert browser.status == 422
    assert "Moss Repairs has not won as many lots as one supplier can" in seen.text
    made.recommend(lot=LOT)
    fine(browser)
    page = made.as_author().main(url)
    assert "Moss Repairs has North." in words(page.select_one("#limit"))
    seen = made.recommend(lot=OTHER_LOT)
    assert browser.status == 422
    refused = "One supplier can win 1 lot of this tender, and Moss Repairs has North"
    assert refused in words(seen)
    made.recommend("Fern Systems", lot=OTHER_LOT, passed_over="limit", **other)
    fine(browser)
    made.as_author().post(f"{made.at(LOT)}/set-aside", because="It cannot.", withdrew="false")
    made.as_author().post(f"{made.at(OTHER_LOT)}/set-aside", because="Anew.", withdrew="false")
    made.recommend(lot=OTHER_LOT)
    fine(browser)
    assert made.award(OTHER_LOT).supplier_id == made.suppliers["Moss Repairs"].id


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
    approved = [one.facts["digest"] for one in events(session, "award.approve")]
    assert approved == [award.digest, award.digest]


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
    joint.browser.send(url, {**fields, "why": ""})
    assert joint.browser.status == 422
    joint.browser.send(url, {**fields, "why": "Your map had no skills."})
    fine(joint.browser)
    joint.inform()
    assert joint.browser.status == 409, "it has to be checked again"
    joint.as_author().post(f"{url}/check")
    joint.inform()
    fine(joint.browser)
    joint.as_author().send(url, {**fields, "why": "Changed."})
    assert joint.browser.status == 409
    page = words(joint.as_bidder("Fern Systems").main(f"/tenders/{joint.tender.id}/summary"))
    assert "Your map had no skills." in page
    assert {one.stage for one in joint.summaries()} == {SummaryStage.SENT}


# ---- The notice and the standstill


def eight_working_days(first: date) -> date:
    """Counted day by day, apart from the law's own way."""
    counted, day = 0, first - timedelta(days=1)
    while counted < 8:
        day += timedelta(days=1)
        counted += is_working_day(day)
    return day


def test_nobody_signs_before_the_standstill_is_over(joint: Decided, on_monday):
    joint.recommend()
    joint.cite(TODAY)
    assert joint.browser.status == 409, "summaries come first"
    joint.approve("Camden", "Hackney")
    joint.check()
    joint.inform()
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        seen = joint.cite(wrong)
        assert joint.browser.status == 422
        assert seen.select_one("#number")["value"] == NUMBER
    joint.browser.as_(VISITOR).get(f"/tenders/{joint.tender.id}/outcome")
    assert "Moss Repairs" not in joint.browser.text
    joint.cite(TODAY)
    fine(joint.browser)
    ends = eight_working_days(TODAY)
    assert ends == date(2026, 12, 3), "30 November is St Andrew's Day"
    assert "Standstill ends at the end of Thursday 3 December 2026." in joint.browser.text
    assert "You can sign from Friday 4 December 2026." in joint.browser.text
    days = joint.as_author().main(joint.at()).select(".app-day__number")
    assert [one.text.split()[-1] for one in days] == list("12345678")
    public = words(joint.browser.as_(VISITOR).main(f"/tenders/{joint.tender.id}/outcome"))
    for told in ("Moss Repairs", "£50,000.50", "£60,000.60", "Camden, Hackney", NUMBER):
        assert told in public
    assert "Fern Systems" not in public
    file = joint.browser.client.get(
        f"/tenders/{joint.tender.id}/award/{joint.award().id}/standstill.ics"
    )
    assert "DTSTART;VALUE=DATE:20261203" in file.text
    for day, status in ((3, 409), (4, 200)):
        on_monday.move_to(MONDAY.replace(month=12, day=day))
        joint.confirm()
        assert joint.browser.status == status, day
    assert joint.award().stage is AwardStage.CONFIRMED


def test_proceedings_in_the_standstill_stop_the_signature_until_they_are_over(
    joint: Decided, on_monday
):
    joint.noticed("Camden", "Hackney", on=TODAY)
    url = f"{joint.at()}/proceedings"
    about = {"reference": "HT-2026-000123", "what": "The scores"}
    early = {**about, **typed_date("told_on", TODAY - timedelta(days=1))}
    joint.as_author().post(url, **early)
    assert joint.browser.status == 422
    on_monday.move_to(MONDAY.replace(month=12, day=3))
    seen = joint.as_author().post(url, **about, **typed_date("told_on", date(2026, 12, 3)))
    fine(joint.browser)
    assert "Stopped by proceedings" in seen.text
    on_monday.move_to(MONDAY.replace(month=12, day=7))
    seen = joint.confirm()
    assert joint.browser.status == 409
    assert "section 101" in seen.text
    late = {
        "reference": "HT-2026-000200",
        "what": "Late",
        **typed_date("told_on", date(2026, 12, 7)),
    }
    joint.as_author().post(url, **late)
    assert "do not stop the signature by themselves" in joint.browser.text
    page = joint.as_author().main(joint.at())
    for link in page.select("a[href$='/end']"):
        joint.browser.post(str(link["href"]), outcome="Dismissed on 6 December 2026.")
        fine(joint.browser)
    joint.confirm()
    fine(joint.browser)


def test_it_falls_through_and_the_next_of_the_ranking_follows(joint: Decided, on_monday):
    joint.noticed("Camden", "Hackney", on=TODAY)
    joint.as_author().post(f"{joint.at()}/set-aside", because="It withdrew.", withdrew="true")
    fine(joint.browser)
    public = words(joint.browser.as_(VISITOR).main(f"/tenders/{joint.tender.id}/outcome"))
    assert "Still evaluating" in public
    assert "This award was set aside." in public
    seen = joint.recommend("Moss Repairs")
    assert joint.browser.status == 422
    assert "withdrew this bid" in seen.text
    joint.recommend("Fern Systems")
    fine(joint.browser)
    assert joint.award().number == 2
    page = words(joint.as_author().main(joint.work))
    assert "Moss Repairs. It withdrew." in page
    assert "Fern Systems" in page


def test_nothing_is_awarded_and_everybody_reads_why(joint: Decided, news):
    url = f"{joint.work}/lots/{joint.tender.id}/end"
    outcome = f"/tenders/{joint.tender.id}/outcome"
    assert "Still evaluating" in words(joint.browser.as_(VISITOR).main(outcome))
    joint.as_author().post(url, unawarded="none-suitable")
    assert joint.browser.status == 422
    joint.as_author().post(url, unawarded="none-suitable", because="All were too dear.")
    fine(joint.browser)
    public = words(joint.browser.as_(VISITOR).main(outcome))
    assert "No tender was suitable" in public
    assert "All were too dear." in public
    joint.cite(TODAY)
    fine(joint.browser)
    joint.recommend()
    assert joint.browser.status == 409
    news()
    inbox = words(joint.as_bidder("Fern Systems").main("/notifications"))
    assert "Nothing is awarded of the tender" in inbox


def test_what_came_of_a_tender_is_asked_for_once_an_interval(browser, make, marketplace, news):
    made = decided(browser, make, closed=timedelta(days=61))

    def remind() -> int:
        with db.writing(marketplace.engine) as session:
            actions.remind(marketplace.context(session))
            session.commit()
        with db.reading(marketplace.engine) as session:
            return len(events(session, "tender.remind"))

    def needed(who) -> str:
        block = browser.as_(who).main("/home").select_one("#needs-you")
        return words(block) if block else ""

    author, approver = made.authors["Camden"], made.approvers["Hackney"]
    assert [remind(), remind()] == [1, 1]
    news()
    assert "Record what came of it" in words(browser.as_(author).main("/notifications"))
    assert "Record what came of it" in needed(author)
    with time_machine.travel(MONDAY + timedelta(days=15), tick=False):
        assert remind() == 2
        assert "Approve the award" not in needed(approver)
        made.recommend()
        assert "Record what came of it" not in needed(author)
        assert "Approve the award" in needed(approver)
        made.approve("Hackney")
        assert "Approve the award" not in needed(approver)


def test_a_lot_that_ended_by_itself_stands_beside_those_that_are_awarded(browser, make, on_monday):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    ending = f"/tenders/{made.tender.id}/workspace/lots/{OTHER_LOT}/end"
    made.as_author().post(ending, because="No money is left for it.")
    fine(browser)
    made.noticed("Camden", "Hackney", on=TODAY, lot=LOT)
    page = made.browser.as_(VISITOR).main(f"/tenders/{made.tender.id}/outcome")
    north, south = map(words, page.select("section"))
    assert north.startswith("North")
    assert "Moss Repairs" in north
    assert south.startswith("South")
    ended = "This lot ended on 23 November 2026. Nothing is awarded."
    assert ended in south
    assert "No money is left for it." in south
    assert "Still evaluating" not in south
    notice = words(made.as_author().main(made.at(LOT)))
    assert "South: ended on 23 November 2026. No money is left for it." in notice
