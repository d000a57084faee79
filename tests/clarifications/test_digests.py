"""Answers reach bidders and followers by their rhythm, and stand together for everybody."""

from xml.etree import ElementTree

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.bids.models import SealedLetter
from marketplace.clarifications import actions, queries
from marketplace.clarifications.forms import Answering
from marketplace.core import db
from marketplace.core.times import at, in_london
from marketplace.notifications.models import Preference, Rhythm
from marketplace.notifications.topics import Topic
from marketplace.tenders import queries as tenders
from tests.bids.bidding import Bidder, published
from tests.mail.post import Office, Server

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def tender(make, camden):
    return published(make, camden)


@pytest.fixture
def answer(make, marketplace, camden, tender, news):
    """A supplier asks, and the lead answers to everybody."""
    asker, lead = make.manager(make.supplier("Asks")), make.author(camden)
    id = tender.id

    def go(wording: str) -> None:
        with db.writing(marketplace.engine) as session:
            ctx = marketplace.context(session, asker)
            asked = actions.ask(ctx, tenders.one(ctx, id), wording).id
            session.flush()
            ctx = marketplace.context(session, lead)
            question = queries.one(ctx, tenders.one(ctx, id), asked)
            said = Answering(wording=wording, answer=f"So: {wording}", changes_documents=False)
            actions.answer(ctx, question, said)
            actions.publish(ctx, question)
            session.commit()
        news()

    return go


def test_a_bidder_gets_the_answers_of_a_day_in_one_sealed_letter(
    make, browser, tender, answer, marketplace, session
):
    daily, never, watching = (
        Bidder(browser, make.manager(make.supplier(name)), tender) for name in ("A", "B", "C")
    )
    make(Preference(person_id=never.actor.person_id, kind=Topic.TENDERS, rhythm=Rhythm.OFF))
    for bidder in (daily, never, watching):
        bidder.start()
        bidder.save("contact", contact_name="Ash", contact_email="ash@moss.example")
    browser.post(f"/watch/tender/{tender.id}")
    for wording in ("Is a trial possible?", "Do the crews have phones?"):
        answer(wording)
    session.rollback()
    [letter] = session.exec(select(SealedLetter)).all()
    due = letter.due_at
    session.rollback()
    assert in_london(due).hour == 8, "a digest comes in the morning"
    server = Server()
    Office(server, marketplace).post()
    assert "Questions were answered" not in browser.as_(daily.actor).main("/outbox").text
    with at(due):
        Office(server, marketplace).post()
    seen = browser.as_(daily.actor).main("/outbox").text
    assert seen.count("Questions were answered: Plan repairs") == 1
    for words in ("Question: Is a trial possible?", "Answer: So: Do the crews have phones?"):
        assert words in seen
    for bidder in (never, watching):
        assert "Questions were answered" not in browser.as_(bidder.actor).main("/outbox").text
    told = browser.as_(watching.actor).main("/notifications").text
    assert "The question: Is a trial possible?" in told


def test_all_answers_stand_on_one_page_and_in_a_feed(browser, tender, answer):
    address = f"/tenders/{tender.id}/questions"
    browser.as_(VISITOR)
    assert "Nothing has been answered yet." in browser.main(f"{address}/all").text
    for wording in ("Is a <trial> possible?", "Do the crews have phones?"):
        answer(wording)
    links = {str(one["href"]) for one in browser.as_(VISITOR).get(address).select("a[href]")}
    assert {f"{address}/all", f"{address}.atom"} <= links
    headings = [one.text for one in browser.main(f"{address}/all").select("section h2")]
    assert headings == ["1. Is a <trial> possible?", "2. Do the crews have phones?"]
    answered = browser.client.get(f"{address}.atom").content
    feed = ElementTree.fromstring(answered)  # noqa: S314 - it is our own
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == [
        "Do the crews have phones?",
        "Is a <trial> possible?",
    ]
    assert "Asks" not in browser.client.get(f"{address}.atom").text
