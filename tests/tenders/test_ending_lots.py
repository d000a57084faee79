"""One lot ends, and the others go on."""

import json

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.bids.models import Bid, SealedBid
from marketplace.core.outbox import deliver
from marketplace.tenders import actions, queries
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Tender
from tests.bids.bidding import Bidder, closing
from tests.challenges.test_races import race
from tests.mail.post import Office, Server
from tests.tenders.drafting import Drafted, drafted

__all__ = ["race"]


@pytest.fixture
def lots(browser, make) -> Drafted:
    """A published tender with a lot for each of two authorities."""
    made = drafted(browser, make)
    author = made.as_author()
    for title, name in (("North", "Camden"), ("South", "Hackney")):
        served = [str(made.organisations[name])]
        author.post(f"{made.work}/lots/new", title=title, authorities=served, value="100,000")
    made.ready()
    made.publish()
    return made


def lot(session, title: str) -> Lot:
    session.rollback()
    found = session.exec(select(Lot).where(Lot.title == title)).one()
    session.rollback()
    return found


def end(tender: Drafted, which: Lot, because: str = "The budget was cut.") -> str:
    tender.browser.post(f"{tender.work}/lots/{which.id}/end", because=because)
    return tender.browser.text


def test_a_lot_ends_with_a_reason_that_everybody_reads(lots: Drafted, make, session, news):
    browser, asker = lots.browser, make.manager(make.supplier("Asks"))
    north, south = lot(session, "North"), lot(session, "South")
    asking = f"/tenders/{lots.id}/questions"
    browser.as_(asker).post(asking, asked="Is a trial possible?", lot_id=str(south.id))
    lots.as_author("Hackney")
    end(lots, south)
    assert browser.status == 403, "the lead ends it"
    lots.as_author()
    assert "Enter the reason" in end(lots, south, because="  ")
    end(lots, south)
    assert browser.status == 200
    seen = browser.as_(VISITOR).main(f"/tenders/{lots.id}").text
    assert "The lot “South” has ended. The budget was cut." in seen
    news()
    told = browser.as_(asker).main("/notifications").text
    assert "The lot South has ended: Housing repairs scheduling" in told
    browser.post(asking, asked="And now?", lot_id=str(south.id))
    assert browser.status == 409
    assert "This lot has ended, so nobody can ask about it any more." in browser.text
    browser.post(asking, asked="And the north?", lot_id=str(north.id))
    assert browser.status == 200
    browser.as_(VISITOR)
    answer = browser.client.get(f"/tenders/{lots.id}/release.json")
    last = json.loads(answer.text)["releases"][-1]
    assert [one["status"] for one in last["tender"]["lots"]] == ["active", "cancelled"]
    lots.as_author()
    assert "No other lot is left. Cancel the tender instead." in end(lots, north)
    assert "at the stage “ended”" in end(lots, south)


def test_a_lot_that_was_not_published_is_removed_and_not_ended(lots: Drafted, session):
    browser = lots.as_author()
    served = [str(lots.organisations["Camden"])]
    browser.post(f"{lots.work}/lots/new", title="East", authorities=served)
    east, north = lot(session, "East"), lot(session, "North")
    assert "This lot has not been published. Remove it instead." in end(lots, east)
    browser.post(f"{lots.work}/lots/{north.id}/remove")
    assert browser.status == 409
    browser.post(f"{lots.work}/lots/{east.id}/remove")
    assert browser.status == 200


def test_bidders_are_told_and_a_bid_for_that_lot_alone_stays_sealed(
    lots: Drafted, make, session, marketplace
):
    managers = [make.manager(make.supplier(name)) for name in ("Both", "One")]
    south = lot(session, "South")
    tender = session.get_one(Tender, lots.id)
    session.rollback()
    bidders = []
    for manager, chosen in zip(managers, (("North", "South"), ("South",)), strict=True):
        bidder = Bidder(lots.browser, manager, tender)
        bidder.start()
        ids = [str(lot(session, title).id) for title in chosen]
        fields = {
            f"answer_{one.id.hex}": "On a map." for one in _criteria(lots) if one.title == "Fit"
        }
        bidder.write(
            **{
                "lots": {"lots": ids},
                "question-1": fields,
                "prices": {
                    "line1_item": "A fee",
                    "line1_quantity": "1",
                    "line1_price": "10",
                    "line1_lot": ids[-1],
                    "vat_rate": "20",
                },
            }
        )
        bidder.submit()
        bidders.append(bidder)
    lots.as_author()
    end(lots, south)
    both, one = bidders
    assert "Every lot that you bid for has ended. Nothing is left to do" in one.main()
    assert "Your bid for the other lots goes on as it is" in both.main()
    for bidder in bidders:
        assert "Submitted. What you see here is what counts." in bidder.main()
    deliver(marketplace.engine, "mail")
    Office(Server(), marketplace).post()
    for bidder, said in ((both, "Nothing is needed from you"), (one, "It stays sealed.")):
        assert said in lots.browser.as_(bidder.actor).main("/outbox").text
    with time_machine.travel(closing(tender, 1), tick=False):
        lots.as_author().post(f"{lots.work}/bids/begin")
        lots.as_author("Hackney").post(f"{lots.work}/bids/open")
    session.rollback()
    [opened] = session.exec(select(Bid)).all()
    assert opened.organisation_id == both.actor.organisation_id
    assert len(session.exec(select(SealedBid)).all()) == 1


def _criteria(tender: Drafted):
    with tender._writing() as ctx:
        return list(queries.criteria(ctx, queries.working(ctx, tender.id)))


def test_two_people_never_end_both_lots(lots: Drafted, session, marketplace, race):
    """The last lot does not end by itself, whoever ends the other at the same time."""

    def ending(title: str):
        lot_id = lot(session, title).id  # read here: the two threads share no session

        def work(opened):
            ctx = marketplace.context(opened, lots.authors["Camden"])
            tender = queries.working(ctx, lots.id)
            actions.end_lot(ctx, tender, queries.lot(ctx, tender, lot_id), "The budget was cut.")

        return work

    told = race(ending("North"), ending("South"))
    assert told == ["No other lot is left. Cancel the tender instead.", "done"]
