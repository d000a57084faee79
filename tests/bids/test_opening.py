"""To the second: until the deadline a bid can be changed, after it two authorities open all."""

from typing import Any

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.bids.models import Bid, BidFile, BidStage, SealedBid
from marketplace.core import db
from marketplace.core.journal import Event
from marketplace.core.outbox import deliver
from marketplace.notifications.models import Mail
from marketplace.perform import perform
from marketplace.tenders import queries as tenders
from marketplace.verbs import Verb
from tests.bids.bidding import ANSWER, Bidder, amended, closing, published
from tests.challenges.answers import events
from tests.mail.post import Office, Server


def test_a_second_before_the_deadline_it_is_taken_and_at_it_nothing_is(bidder: Bidder):
    bidder.start()
    bidder.write()
    with time_machine.travel(closing(bidder.tender, -1), tick=False):
        bidder.save("question-1", **{ANSWER: "In time."})
        assert bidder.browser.status == 200
        bidder.submit()
    for seconds in (0, 1, 90_000):
        with time_machine.travel(closing(bidder.tender, seconds), tick=False):
            seen = bidder.save("question-1", **{ANSWER: "Too late."})
            assert bidder.browser.status == 409
            assert "Bidding closed on" in seen.text
            assert seen.select_one("textarea").text.strip() == "Too late.", "for them to copy"
            bidder.save("question-1", automatic=True, **{ANSWER: "Too late."})
            assert "Not saved. Bidding closed" in bidder.browser.text
            bidder.attach()
            assert bidder.browser.status == 409
            for below in ("/submit", "/withdraw", "/confirm"):
                bidder.browser.post(f"{bidder.at}{below}")
                assert bidder.browser.status == 409, below
            assert "In time." in bidder.main("/receipt")


def test_nobody_begins_a_bid_at_the_deadline(bidder: Bidder):
    with time_machine.travel(closing(bidder.tender), tick=False):
        assert "Bidding closed on" in bidder.main()
        bidder.browser.post(bidder.at)
        assert bidder.browser.status == 409


@pytest.fixture
def two(make, camden, hackney):
    return make.author(camden), make.approver(hackney)


def opened(bidder: Bidder, *people: Any, seconds: int = 1) -> Any:
    work = f"/tenders/{bidder.tender.id}/workspace/bids"
    browser = bidder.browser
    with time_machine.travel(closing(bidder.tender, seconds), tick=False):
        for number, who in enumerate(people, 1):
            step = "open" if number == len(people) else "begin"
            seen = browser.as_(who).post(f"{work}/{step}")
    return seen


def test_bids_are_opened_by_two_people_of_two_authorities(bidder, two, make, camden, session):
    bidder.bid()
    first, second = two
    browser, work = bidder.browser, f"/tenders/{bidder.tender.id}/workspace/bids"
    seen = browser.as_(first).post(f"{work}/begin")
    assert browser.status == 409
    assert "Bids cannot be opened before" in seen.text
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        browser.as_(second).post(f"{work}/open")
        assert browser.status == 409, "somebody has to begin"
        browser.as_(first).post(f"{work}/begin")
        for other in (first, make.approver(camden)):
            seen = browser.as_(other).post(f"{work}/open")
            assert browser.status == 403
            assert "another authority than whoever began" in seen.text
        for other in (make.curator(), make.actor(camden, Role.EVALUATOR)):
            browser.as_(other).post(f"{work}/open")
            assert browser.status == 403
        session.rollback()
        assert session.exec(select(Bid)).all() == []
        seen = browser.as_(second).post(f"{work}/open")
    assert "1 bid was opened" in seen.text
    assert first.name in seen.text
    assert second.name in seen.text
    session.rollback()
    bid = session.exec(select(Bid)).one()
    assert bid.stage is BidStage.OPENED
    [event] = events(session, "opening.finish")
    assert event.facts["bids"] == [{"bid": str(bid.id), "sha256": bid.fingerprint}]
    assert event.facts["first"] == first.name
    assert [event.person_name for event in events(session, "bid.open")] == ["The clock"]
    history = browser.as_(first).main(f"/tenders/{bidder.tender.id}/workspace/history").text
    assert "Bids opened" in history
    assert f"Begun by {first.name}" in history
    assert bid.fingerprint in history


def test_the_other_authority_is_asked_to_finish_until_somebody_has(
    bidder: Bidder, two, news, make, hackney
):
    first, second = two
    browser, work = bidder.browser, f"/tenders/{bidder.tender.id}/workspace/bids"
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        browser.as_(first).post(f"{work}/begin")
        news()
        asked = "Open the bids: Plan repairs"
        assert asked in browser.as_(second).main("/notifications").text
        browser.as_(make.author(hackney)).post(f"{work}/open")
        assert asked not in browser.as_(second).main("/notifications").text


def test_one_person_opens_them_where_one_authority_buys(make, browser, camden, supplier):
    tender = published(make, camden)
    bidder = Bidder(browser, make.manager(supplier), tender)
    bidder.bid()
    seen = opened(bidder, make.author(camden))
    assert "1 bid was opened" in seen.text


def test_what_was_not_submitted_or_not_confirmed_stays_sealed(
    bidder: Bidder, two, make, session, browser
):
    bidder.bid()
    draft = Bidder(browser, make.manager(make.supplier("Fern")), bidder.tender)
    draft.start()
    draft.write()
    amended(make, bidder.tender, material=True)
    late = Bidder(browser, make.manager(make.supplier("Reed")), bidder.tender)
    late.bid()
    seen = opened(bidder, *two)
    assert "1 bid was opened" in seen.text
    session.rollback()
    assert session.exec(select(Bid)).one().organisation.name == "Reed"
    assert len(session.exec(select(SealedBid)).all()) == 2
    with time_machine.travel(closing(bidder.tender, 2), tick=False):
        assert "was not confirmed in time, so it counts as not submitted" in bidder.main()
        assert "This bid was not submitted" in draft.main()


def test_once_opened_nobody_reads_it_or_learns_whose_it_is_but_its_bidder_and_the_panel(
    bidder: Bidder, two, make, camden, news, session
):
    bidder.bid()
    bidder.attach()
    seen = opened(bidder, *two)
    assert "Moss" not in seen.text
    session.rollback()
    bid, file = session.exec(select(Bid)).one(), session.exec(select(BidFile)).one()
    session.rollback()
    page = f"/tenders/{bidder.tender.id}/workspace/bids/{bid.id}"
    browser = bidder.browser
    for who in (make.author(camden), make.approver(camden), make.curator()):
        shown = browser.as_(who).main(f"/tenders/{bidder.tender.id}/workspace/bids").text
        assert "1 bid was opened" in shown
        assert "Moss" not in shown
    outside = (VISITOR, make.author(make.authority("Barnet")), make.manager(make.supplier("Fern")))
    for who in (make.author(camden), make.curator(), *outside):
        for url in (page, f"{page}/files/{file.id}"):
            browser.as_(who).get(url)
            assert browser.status == 404, (who.name, url)
    for who in outside:
        browser.as_(who).get(f"/tenders/{bidder.tender.id}/workspace/bids")
        assert browser.status == 404, who.name
        assert "On a map" not in browser.main(f"/tenders/{bidder.tender.id}/bid").text
    assert "On a map" in bidder.main()
    with time_machine.travel(closing(bidder.tender, 2), tick=False):
        news()
    told = browser.as_(bidder.actor).main("/notifications").text
    assert "Your bid was opened: Plan repairs" in told


def test_a_cancelled_tender_s_bids_are_never_opened(bidder: Bidder, two, make, session):
    bidder.bid()
    tender = bidder.tender
    tender.stage = "cancelled"
    make(tender)
    seen = opened(bidder, *two)
    assert "takes no bids" in seen.text
    assert "no bid will be opened" in bidder.main()


def test_nothing_is_journalled_before_the_opening(bidder: Bidder, marketplace):
    with db.reading(marketplace.engine) as session:
        before = len(session.exec(select(Event)).all())
    bidder.bid()
    bidder.browser.post(f"{bidder.at}/withdraw")
    with db.reading(marketplace.engine) as session:
        assert len(session.exec(select(Event)).all()) == before
        assert Verb.BID_SUBMIT not in {one.verb for one in session.exec(select(Event))}


def test_what_becomes_of_a_tender_is_told_to_its_bidders_by_sealed_letters(
    bidder: Bidder, two, make, marketplace, browser, session
):
    bidder.bid()
    other = Bidder(browser, make.manager(make.supplier("Fern")), bidder.tender)
    other.start()
    other.save("contact", contact_name="Fern", contact_email="bids@fern.example")
    amended(make, bidder.tender, material=True)
    with db.writing(marketplace.engine) as writing:
        ctx = marketplace.context(writing, two[0])
        tender = tenders.one(ctx, bidder.tender.id)
        perform(ctx, Verb.TENDER_AMEND, tender, reason="The dates", number=2)
        writing.commit()
    deliver(marketplace.engine, "mail")
    Office(Server(), marketplace).post()
    assert "Confirm your bid again: Plan repairs" in browser.as_(bidder.actor).main("/outbox").text
    seen = browser.as_(other.actor).main("/outbox").text
    assert "Amended: Plan repairs" in seen
    assert "Confirm your bid" not in seen, "it is not submitted"
    session.rollback()
    assert not session.exec(select(Mail)).all(), "nothing waits in clear"


def test_no_reason_is_recorded_where_every_question_is_answered(bidder: Bidder, two, browser):
    work = f"/tenders/{bidder.tender.id}/workspace/bids"
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        seen = browser.as_(two[0]).post(f"{work}/excuse", because="None were asked.")
        assert browser.status == 409
        assert "Every question is answered" in seen.text
        assert "The reason:" not in browser.main(work).text


def test_bids_wait_for_unanswered_questions_or_for_a_recorded_reason(
    bidder: Bidder, two, make, hackney, browser
):
    bidder.bid()
    asker, (first, second) = make.manager(make.supplier("Asks")), two
    browser.as_(asker).post(f"/tenders/{bidder.tender.id}/questions", asked="Is a trial possible?")
    work = f"/tenders/{bidder.tender.id}/workspace/bids"
    browser.as_(first).post(f"{work}/excuse", because="Too early")
    assert browser.status == 409
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        seen = browser.as_(first).main(work)
        assert "1 question is not answered" in seen.text
        assert not seen.select("form")
        for step in ("begin", "open"):
            browser.post(f"{work}/{step}")
            assert browser.status == 409
        assert "1 question is not answered. Answer, decline or merge first" in (
            browser.post(f"{work}/begin").text
        )
        browser.as_(second).post(f"{work}/excuse", because="It came in the last minute.")
        assert browser.status == 403, "the lead records it"
        browser.as_(first).post(f"{work}/excuse", because=" ")
        assert browser.status == 422
        browser.post(f"{work}/excuse", because="It is about another tender.")
        assert browser.status == 200
        browser.post(f"{work}/begin")
        seen = browser.as_(second).post(f"{work}/open")
        assert "1 bid was opened" in seen.text
        assert "The reason: It is about another tender." in seen.text
        history = browser.main(f"/tenders/{bidder.tender.id}/workspace/history").text
        assert "Opening before all questions are answered" in history
        assert "It is about another tender." in history
