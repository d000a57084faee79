"""How the service runs: LOTI sees it, its administrators have what failed tried again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from auth.actor import VISITOR, Role
from marketplace.admin.telling import SAYS
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.core.times import now
from marketplace.verbs import Verb
from search.port import Unavailable


@pytest.fixture
def administrator(make):
    return make.actor(make.loti(), Role.CURATOR, Role.ADMINISTRATOR)


@pytest.fixture
def failed(make):
    """A delivery that was set aside."""

    def failed(**more):
        camden = make.authority("Camden")
        challenge = make.challenge(camden, title="Secret plan")
        event = make(
            Event(
                verb=Verb.CHALLENGE_APPROVE,
                subject_kind="challenge",
                subject_id=challenge.id,
                about_id=challenge.id,
                was="submitted",
                became="open",
                person_id=uuid4(),
                person_name="Ravi Menon",
                organisation_id=camden.id,
                organisation_name="LOTI",
            )
        )
        about = {
            "listener": "search",
            "event_id": event.id,
            "subject_id": challenge.id,
            "event_at": event.created_at,
            "due_at": event.created_at,
            "set_aside_at": now() - timedelta(hours=5),
            "attempts": 6,
            "error": "OSError: the disk is full",
        }
        return make(Delivery(**(about | more)))

    return failed


def test_for_everybody_but_loti_there_is_no_such_page(browser, make, failed):
    delivery = failed()
    camden = make.authority("Hackney")
    strangers = (VISITOR, make.author(camden), make.manager(make.supplier()))

    for actor in strangers:
        browser.as_(actor).get("/admin")
        assert browser.status == 404, actor.name
        assert "disk" not in browser.text
        browser.post(f"/admin/deliveries/{delivery.id}/retry")
        assert browser.status == 404, actor.name


def test_what_was_set_aside_is_told_in_words(browser, administrator, failed):
    failed()

    seen = browser.as_(administrator).get("/admin")

    row = seen.select_one("#set-aside tbody tr").get_text(" ", strip=True)
    assert "LOTI published a challenge" in row
    assert "search OSError: the disk is full 6" in row
    assert "Try again" in row


def test_a_curator_sees_what_failed_but_only_an_administrator_has_it_tried_again(
    browser, make, administrator, failed, session
):
    delivery = failed()

    seen = browser.as_(make.actor(make.loti(), Role.CURATOR)).get("/admin")
    assert "the disk is full" in seen.text
    assert not seen.select("main button")
    seen = browser.post(f"/admin/deliveries/{delivery.id}/retry")
    assert browser.status == 403
    assert "be an administrator of LOTI" in seen.text

    browser.as_(administrator).post(f"/admin/deliveries/{delivery.id}/retry")
    session.expire_all()
    again = session.get_one(Delivery, delivery.id)
    assert (again.set_aside_at, again.attempts) == (None, 0)


def test_trying_again_delivers_and_is_journalled(browser, administrator, failed, session, news):
    delivery = failed()

    seen = browser.as_(administrator).post(f"/admin/deliveries/{delivery.id}/retry")
    assert "It will be delivered again" in seen.text
    assert "Nothing is set aside" in seen.text
    news()

    session.expire_all()
    assert session.get_one(Delivery, delivery.id).done_at
    retried = session.exec(select(Event).where(Event.verb == Verb.DELIVERY_RETRY)).one()
    assert retried.subject_id == delivery.id
    assert retried.person_name == administrator.name


def test_pressing_twice_says_that_it_was_done(browser, administrator, failed, session):
    delivery = failed()

    browser.as_(administrator).post(f"/admin/deliveries/{delivery.id}/retry")
    seen = browser.post(f"/admin/deliveries/{delivery.id}/retry")

    assert browser.status == 409
    assert "not set aside" in seen.text
    assert len(session.exec(select(Event).where(Event.verb == Verb.DELIVERY_RETRY)).all()) == 1


def test_a_delivery_that_is_not_there_is_not_found(browser, administrator):
    for id in (uuid4(), "nothing"):
        browser.as_(administrator).post(f"/admin/deliveries/{id}/retry")
        assert browser.status == 404


def test_what_waits_and_what_can_be_found_are_counted(
    browser, administrator, failed, index, monkeypatch
):
    failed(set_aside_at=None, attempts=2)
    failed(set_aside_at=None, attempts=0)
    failed(done_at=now(), set_aside_at=None)

    def facts() -> dict[str, str]:
        rows = browser.as_(administrator).get("/admin").select(".govuk-summary-list__row")
        return {row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in rows}

    before = facts()
    assert before["Waiting to be delivered"].startswith("2, the oldest from")
    assert before["Of these, failing at present"] == "1"
    assert before["Documents that can be found"] == "0"
    assert before["Search engine"] == index.name

    def out():
        raise Unavailable("The engine does not answer.")

    monkeypatch.setattr(index, "count", out)
    assert facts()["Documents that can be found"] == "It does not answer"


def test_the_home_of_a_curator_leads_to_what_was_set_aside(browser, administrator, failed):
    failed()

    seen = browser.as_(administrator).get("/home")

    link = seen.find("a", string="Look at: 1 delivery")
    assert link
    assert link["href"] == "/admin"


def test_every_verb_has_its_words():
    assert set(SAYS) == set(Verb)


def test_much_data_costs_no_more_queries(browser, administrator, failed, session):
    failed()
    browser.as_(administrator).get("/admin")
    few = len(browser.queries)
    for _ in range(20):
        failed()

    browser.get("/admin")

    assert len(browser.queries) == few
    assert len(session.exec(select(Delivery).where(col(Delivery.attempts) > 0)).all()) == 21
