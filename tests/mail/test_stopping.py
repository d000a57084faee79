"""No more mail of a kind: with one click, signed in or not, and never because a scanner looked."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from auth.tokens import Signer
from marketplace.app import build
from marketplace.challenges.models import Stage
from marketplace.core.journal import Event
from marketplace.mail import stopping
from marketplace.mail.stopping import Stop
from marketplace.notifications.models import Preference, Rhythm
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE


@pytest.fixture
def curator(make):
    return make.curator()


@pytest.fixture
def path(office, marketplace, session, make, curator):
    """Where a curator ends mail about what needs them, as it stands in a mail."""
    camden = make.authority("Camden")
    challenge = make.challenge(camden, Stage.DRAFT)
    ctx = marketplace.context(session, make.author(camden))
    perform(ctx, Verb.CHALLENGE_SUBMIT, challenge)
    session.commit()
    [mail] = office.send()
    return mail["List-Unsubscribe"].strip("<>").removeprefix(HERE)


@pytest.fixture
def chosen(session):
    def chosen() -> dict[str, Rhythm]:
        session.rollback()
        return {one.kind: one.rhythm for one in session.exec(select(Preference))}

    return chosen


def test_looking_at_the_page_changes_nothing(browser, path, chosen):
    seen = browser.get(path)
    assert "What needs you" in seen.main.text
    assert chosen() == {}


def test_the_button_stops_it_for_somebody_who_is_not_signed_in(browser, path, chosen):
    form = browser.get(path).select_one("main form")
    sent = {box["name"]: box["value"] for box in form.select("input")}
    seen = browser.post(form["action"], **sent)
    assert seen.select_one("h1").text == "You get no more mail of this kind"
    assert chosen() == {Topic.NEEDS_YOU: Rhythm.OFF}


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}], ids=["rfc-8058", "empty"])
@pytest.mark.parametrize("way", ["data", "files"])
def test_a_mail_program_stops_it_without_cookie_origin_or_redirect(
    marketplace, path, chosen, session, curator, body, way
):
    given = {name: (None, value) for name, value in body.items()} if way == "files" else body
    client = TestClient(build(marketplace), base_url=HERE, follow_redirects=False)
    answer = client.post(path, **{way: given})
    again = client.post(path, **{way: given})
    client.close()
    assert (answer.status_code, again.status_code) == (200, 200)
    assert chosen() == {Topic.NEEDS_YOU: Rhythm.OFF}
    [event] = session.exec(select(Event).where(Event.verb == Verb.PREFERENCE_SET))
    assert event.person_id == curator.person_id


def test_a_page_of_another_site_cannot_stop_it(marketplace, path, chosen):
    client = TestClient(build(marketplace), base_url=HERE)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(path, headers=headers).status_code == 403
    client.close()
    assert chosen() == {}


def test_a_link_that_we_did_not_sign_stops_nothing(browser, path, chosen, settings):
    other = Signer("another secret").sign(stopping.PURPOSE, "0" * 32, "challenges")
    purpose = Signer(settings.secret_key).sign("calendar", "0" * 32, 1)
    for wrong in (path[:-1], f"/unsubscribe/{other}", f"/unsubscribe/{purpose}", "/unsubscribe/x"):
        browser.get(wrong)
        assert browser.status == 404, wrong
        browser.post(wrong)
        assert browser.status == 404, wrong
    assert chosen() == {}


def test_several_kinds_are_stopped_at_once_where_a_digest_held_them(
    browser, session, curator, settings, chosen
):
    person = session.get_one(Person, curator.person_id)
    stop = Stop(person, (Topic.CHALLENGES, Topic.PRODUCTS))
    address = stopping.address(settings, stop).removeprefix(HERE)
    assert "Challenges, Products and suppliers" in browser.get(address).main.text
    browser.post(address)
    assert chosen() == {Topic.CHALLENGES: Rhythm.OFF, Topic.PRODUCTS: Rhythm.OFF}
