"""From the final ranking to the award: agreed, told to all at once, published, stood still."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.awards import actions
from marketplace.awards.models import AwardStage
from marketplace.core import db
from marketplace.core.working_days import is_working_day
from marketplace.evaluation.models import Ranked
from marketplace.tenders.models import Publication
from tests.awards.deciding import BIDS, LOT, MONDAY, NUMBER, OTHER_LOT, Decided, decided
from tests.browser_of_pages import words
from tests.challenges.answers import events, typed_date
from tests.tenders.drafting import fine

pytestmark = pytest.mark.usefixtures("on_monday")
TODAY = MONDAY.date()


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
    told = {one.bid_id: one.content["why"] for one in joint.summaries()}
    why = "Its supplier is excluded or excludable. It is debarred."
    assert told[joint.bids["Moss Repairs"].id] == why, "it had more points than the winner"
    assert told[joint.bids["Fern Systems"].id] == ""
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
    reed = Ranked.bid_id == made.bids["Reed Works"].id, Ranked.lot_id == UUID(OTHER_LOT)
    third = session.exec(select(Ranked).where(*reed)).one()
    third.position, third.because = 3, ""
    make(third)
    seen = made.recommend("Reed Works", lot=OTHER_LOT, passed_over="limit", **other)
    assert browser.status == 422
    assert "Fern Systems has not won as many lots" in words(seen), "the second could win"
    made.recommend("Fern Systems", lot=OTHER_LOT, passed_over="limit", **other)
    fine(browser)
    made.as_author().post(f"{made.at(LOT)}/set-aside", because="It cannot.", withdrew="false")
    made.as_author().post(f"{made.at(OTHER_LOT)}/set-aside", because="Anew.", withdrew="false")
    made.recommend(lot=OTHER_LOT)
    fine(browser)
    assert made.award(OTHER_LOT).passed_over is None, "it is the first, and nobody is passed over"
    assert made.award(OTHER_LOT).supplier_id == made.suppliers["Moss Repairs"].id


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
    told = {one.bid_id: one.content["why"] for one in joint.summaries()}
    assert told[joint.bids["Moss Repairs"].id] == "An award to it was set aside"
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
    seen = joint.recommend()
    assert joint.browser.status == 409
    assert "nothing is awarded. That stays." in words(seen)
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


def test_a_tender_is_late_until_each_of_its_lots_is_decided(browser, make):
    made = decided(browser, make, "Camden", lots=True, closed=timedelta(days=61))

    def is_late() -> bool:
        block = browser.as_(made.authors["Camden"]).main("/home").select_one("#needs-you")
        return block is not None and "Record what came of it" in words(block)

    found = [is_late()]
    for lot in (LOT, OTHER_LOT):
        made.recommend(lot=lot)
        fine(browser)
        found.append(is_late())
    assert found == [True, True, False]


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
    lead = notice.partition("Lead authority")[2].partition("Other authorities")[0]
    assert lead.startswith("Camden")
    assert lead.strip().endswith("1 Town Square, London, N1 1AA, United Kingdom")


def test_a_lot_with_an_outcome_does_not_end_and_one_that_ended_gets_none(browser, make):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    work = f"/tenders/{made.tender.id}/workspace"
    made.recommend(lot=LOT)
    fine(browser)
    ending = f"{work}/lots/{LOT}/end"
    for seen in (
        made.as_author().get(ending),
        made.as_author().post(ending, because="The budget was cut."),
    ):
        assert browser.status == 409
        assert "This lot has an award (recommended). Set that aside first" in words(seen)
    aside = f"{made.at(LOT)}/set-aside"
    seen = made.as_author().post(aside, because="Cut.")
    assert "Answer “Did the supplier withdraw its bid?”" in words(seen)
    made.as_author().post(aside, because="Cut.", withdrew="false")
    fine(browser)
    made.as_author().post(ending, because="The budget was cut.")
    fine(browser)
    made.recommend(lot=LOT)
    assert browser.status == 404, "there is nothing to decide of it"
    nothing = {"unawarded": "none-suitable", "because": "All were too dear."}
    made.as_author().post(f"{made.work}/lots/{OTHER_LOT}/end", **nothing)
    fine(browser)
    seen = made.as_author().post(f"{work}/lots/{OTHER_LOT}/end", because="Again.")
    assert browser.status == 409
    assert "Nothing is awarded of this lot, so it is over already." in words(seen)


def test_a_tender_with_a_confirmed_award_is_not_cancelled(browser, make, on_monday):
    made = decided(browser, make, "Camden", "Hackney", "Southwark", lots=True)
    cancelling = f"/tenders/{made.tender.id}/workspace/cancel"
    made.noticed("Camden", "Hackney", on=TODAY, lot=LOT)
    on_monday.move_to(MONDAY.replace(month=12, day=4))
    made.confirm(LOT)
    fine(browser)
    seen = made.as_author().post(cancelling, outcome="The budget was cut.")
    assert browser.status == 409
    assert "North is awarded, and its contracts can be signed." in words(seen)
    made.as_author().post(f"{made.at(LOT)}/set-aside", because="Cut.", withdrew="false")
    fine(browser)
    made.as_author().post(cancelling, outcome="The budget was cut.")
    fine(browser)
