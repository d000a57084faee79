"""The demo's outbox: what would have been sent, for a newcomer to follow its links."""

import pytest

from auth.actor import Role
from marketplace.accounts import actions as accounts
from marketplace.challenges.models import Stage
from marketplace.core.outbox import deliver
from marketplace.mail import owing
from marketplace.mail.posting import post
from marketplace.mail.sending import Outbox
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb


@pytest.fixture
def send(marketplace):
    def send() -> int:
        deliver(marketplace.engine)
        owing.owe(marketplace.engine, marketplace.context)
        return post(marketplace.engine, marketplace.context, Outbox())

    return send


def test_a_newcomer_follows_the_link_to_sign_in(browser, marketplace, session, send):
    assert "Nothing has been sent" in browser.get("/outbox").main.text
    accounts.ask(marketplace.context(session), "amara@camden.gov.uk", "a browser", "")
    session.commit()
    assert send() == 1

    seen = browser.get("/outbox")
    assert [one.text for one in seen.select("main h2")] == [
        "Sign in with this link: LOTI Marketplace"
    ]
    assert "To amara@camden.gov.uk" in seen.main.text
    link = seen.select_one("main a[href^='/sign-in/link/']")
    browser.get(str(link["href"]))
    assert browser.status == 200


def test_news_is_shown_to_whom_it_is_for_alone(browser, marketplace, session, make, send):
    camden, curator = make.authority("Camden"), make.curator()
    challenge = make.challenge(camden, Stage.DRAFT)
    perform(marketplace.context(session, make.author(camden)), Verb.CHALLENGE_SUBMIT, challenge)
    session.commit()
    assert send() == 1

    assert challenge.title in browser.as_(curator).get("/outbox").main.text
    to = session.get_one(Person, curator.person_id).email
    for other in (make.author(camden), make.actor(make.loti(), Role.SUPPORT)):
        page = browser.as_(other).get("/outbox").main.text
        assert challenge.title not in page
        assert to not in page


def test_outside_the_demo_there_is_no_such_page(browser, marketplace):
    browser.client.app.state.settings = marketplace.settings.model_copy(update={"demo": False})
    browser.get("/outbox")
    assert browser.status == 404
