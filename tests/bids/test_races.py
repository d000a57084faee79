"""Two at once: real connections on one database, and the deadline passing while somebody waits."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from marketplace.bids import actions, opening_actions, queries
from marketplace.bids.models import Bid, SealedBid
from marketplace.core import db
from marketplace.core.drafts import Opened
from marketplace.core.errors import Conflict
from marketplace.core.times import now
from marketplace.perform import lock
from marketplace.tenders import queries as tenders
from tests.bids.bidding import ANSWER, Bidder, closing
from tests.challenges.answers import events
from tests.challenges.test_races import race

__all__ = ["race"]


@pytest.mark.parametrize("attempt", range(4))
def test_two_colleagues_begin_one_bid(make, marketplace, bidder: Bidder, session, race, attempt):
    def begin(opened):
        ctx = marketplace.context(opened, bidder.actor)
        actions.start(ctx, tenders.one(ctx, bidder.tender.id))

    assert race(begin, begin) == ["done", "done"]
    session.rollback()
    assert len(session.exec(select(SealedBid)).all()) == 1


@pytest.mark.parametrize("attempt", range(4))
def test_two_colleagues_save_one_task_and_one_of_them_is_told(
    marketplace, bidder: Bidder, race, attempt
):
    bidder.start()

    def save(text):
        def work(opened):
            ctx = marketplace.context(opened, bidder.actor)
            tender = tenders.one(ctx, bidder.tender.id)
            actions.edit(ctx, tender, "question-1", {ANSWER: text}, Opened(text, ""))

        return work

    told = race(save("First"), save("Second"))
    assert told == ["Someone at Moss Repairs changed this part after you opened it.", "done"]


@pytest.mark.parametrize("attempt", range(4))
def test_two_people_finish_an_opening_once(
    make, marketplace, bidder: Bidder, camden, hackney, session, race, attempt
):
    bidder.bid()
    people, first = [make.author(hackney), make.approver(hackney)], make.author(camden)

    def finish(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            opening_actions.finish(ctx, tenders.working(ctx, bidder.tender.id))

        return work

    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        with db.writing(marketplace.engine) as opened:
            ctx = marketplace.context(opened, first)
            opening_actions.begin(ctx, tenders.working(ctx, bidder.tender.id))
            opened.commit()
        told = race(*map(finish, people))
    assert told == ["You cannot finish an opening that is at the stage “done”.", "done"]
    session.rollback()
    assert len(session.exec(select(Bid)).all()) == 1
    assert len(events(session, "opening.finish")) == 1


@pytest.mark.parametrize("attempt", range(4))
def test_two_people_of_two_authorities_begin_once(
    make, marketplace, bidder: Bidder, camden, hackney, session, race, attempt
):
    def begin(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            opening_actions.begin(ctx, tenders.working(ctx, bidder.tender.id))

        return work

    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        told = race(begin(make.author(camden)), begin(make.author(hackney)))
    assert told[-1] == "done"
    assert told[0] in (
        "You cannot begin an opening that is at the stage “begun”.",
        "Somebody else has just begun to open the bids.",
    )


@pytest.mark.parametrize("what", ["save", "submit"])
def test_what_began_before_the_deadline_and_is_in_hand_after_it_is_refused(
    make, marketplace, bidder: Bidder, camden, what
):
    """Another connection holds the tender until the deadline has passed: the time counts at which
    the bid is in hand, not that at which the request came.
    """
    bidder.start()
    bidder.write()
    tender = bidder.tender
    tender.closes_at = now() + timedelta(seconds=1)
    make(tender)
    holder = make.author(camden)
    asked, told = threading.Event(), []

    def late() -> None:
        asked.set()
        with db.writing(marketplace.engine) as opened:
            ctx = marketplace.context(opened, bidder.actor)
            found = tenders.one(ctx, tender.id)
            try:
                if what == "submit":
                    actions.submit(ctx, found)
                else:
                    typed = {ANSWER: "Too late."}
                    actions.edit(ctx, found, "question-1", typed, Opened("late", ""))
            except Conflict as why:
                told.append(str(why))

    with db.writing(marketplace.engine) as holding:
        ctx = marketplace.context(holding, holder)
        lock(ctx, tenders.one(ctx, tender.id))
        waiting = threading.Thread(target=late)
        assert now() < tender.closes_at, "it begins in time"
        waiting.start()
        assert asked.wait(timeout=5)
        while now() < tender.closes_at:
            pass
        holding.commit()
    waiting.join(timeout=10)
    assert [one.partition(" on ")[0] for one in told] == ["Bidding closed"]
    with db.reading(marketplace.engine) as opened:
        ctx = marketplace.context(opened, bidder.actor)
        box = queries.one_own(ctx, tenders.one(ctx, tender.id))
    assert box.bid.submitted_at is None
    assert box.typed[ANSWER] != "Too late."
