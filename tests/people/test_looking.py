"""LOTI's support looks with a person's eyes where it has to, and changes nothing."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts.models import SignIn
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.verbs import Verb
from tests.people.seeing import signed_in

WHY = "They cannot find their draft."


@pytest.fixture
def look(enter, support):
    """A browser of support that looks with somebody's eyes."""

    def look(at, then=""):
        browser = enter(support)
        where = f"?then={then}" if then else ""
        browser.post(f"/admin/memberships/{at.membership_id}/look{where}", because=WHY)
        assert browser.status == 200, browser.text
        return browser

    return look


def banner(seen):
    shown = seen.select_one(".app-looking")
    return " ".join(shown.get_text(" ", strip=True).split()) if shown else ""


def test_support_sees_what_the_person_sees_and_every_page_says_so(look, make, amara):
    camden = make.session.get_one(Organisation, amara.organisation_id)
    draft = make.challenge(camden, title="A draft that only Camden sees", stage="draft")

    browser = look(amara)

    for page in ("/", "/products", "/challenges", f"/challenges/{draft.id}", "/help", "/nothing"):
        seen = browser.get(page)
        assert banner(seen) == (
            "You look at this as Amara Okafor of Camden . Nothing can be changed. Stop"
        ), page
    assert "A draft that only Camden sees" in browser.get(f"/challenges/{draft.id}/preview").text
    browser.get("/admin")
    assert browser.status == 404, "what LOTI sees, the person does not"


def test_nothing_can_be_changed_while_looking(look, make, amara, session):
    camden = session.get_one(Organisation, amara.organisation_id)
    draft = make.challenge(camden, stage="draft")
    hackneys = make.challenge(make.authority("Hackney"))
    browser = look(amara)
    before = len(session.exec(select(Event)).all())

    for address in (
        f"/challenges/{draft.id}/discard",
        f"/challenges/{hackneys.id}/commit",
        "/challenges",
        "/account/name",
        "/account/switch",
        "/organisation/leave",
        f"/admin/memberships/{amara.membership_id}/look",
    ):
        seen = browser.post(address, title="Mine", name="Mine", level="watching")
        assert browser.status in (403, 404, 422), address
        assert banner(seen)
    session.rollback()
    assert len(session.exec(select(Event)).all()) == before


def test_what_is_the_persons_own_is_not_shown(look, enter, amara):
    enter(amara)
    browser = look(amara)
    for page in (
        "/account",
        "/account/start",
        "/account/data",
        "/notifications",
        "/notifications/settings",
    ):
        seen = browser.get(page)
        assert browser.status in (403, 404), page
        assert "testclient" not in seen.text
        assert amara.name not in seen.select_one("main").get_text()


def test_looking_is_journalled_as_supports_doing_about_the_persons_organisation(
    look, amara, support, session, browser
):
    looking = look(amara)
    looking.post("/support/stop")

    events = session.exec(
        select(Event).where(Event.about_id == amara.organisation_id).order_by(Event.created_at)
    ).all()
    assert [event.verb for event in events] == [Verb.SUPPORT_LOOK, Verb.SUPPORT_STOP]
    for event in events:
        assert event.person_id == support.person_id
        assert event.person_name == "Sam Support"
        assert event.organisation_name == "LOTI"
        assert event.subject_id == amara.membership_id
    assert events[0].facts == {"because": WHY}
    text = browser.as_(amara).main("/organisation/history").get_text(" ", strip=True)
    assert WHY in text
    assert "Sam Support" in text


def test_stop_leads_back_to_where_one_was(look, amara, support):
    where = f"/admin/organisations/{amara.organisation_id}"
    browser = look(amara, then=where)

    seen = browser.post("/support/stop")

    assert not banner(seen)
    assert "You no longer look with the eyes of Amara Okafor" in seen.text
    assert seen.h1.get_text() == "Camden"
    browser = look(amara, then="https://evil.example/")
    seen = browser.post("/support/stop")
    assert seen.h1.get_text() == "Amara Okafor"
    assert browser.get("/admin").h1, "support is itself again"


def test_stopping_twice_does_no_harm(look, amara, session):
    browser = look(amara)
    browser.post("/support/stop")
    browser.post("/support/stop")
    assert browser.status == 200
    assert len(session.exec(select(Event).where(Event.verb == Verb.SUPPORT_STOP)).all()) == 1


def test_looking_ends_after_an_hour_and_at_signing_out(look, amara, session):
    browser = look(amara)
    begun = now()
    with time_machine.travel(begun + timedelta(minutes=59)):
        assert banner(browser.get("/"))
    with time_machine.travel(begun + timedelta(minutes=61)):
        assert not banner(browser.get("/"))
        assert browser.get("/admin/people").h1.get_text() == "People"
        assert browser.post("/support/stop").h1

    browser = look(amara)
    browser.post("/sign-out")
    assert not signed_in(browser)
    session.rollback()
    latest = session.exec(select(SignIn).order_by(SignIn.created_at.desc())).first()
    assert latest.ended_at


def test_the_person_is_not_noted_as_seen(look, amara, support, session):
    browser = look(amara)
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert banner(browser.get("/"))
    session.rollback()
    session.expire_all()
    assert session.get_one(Person, amara.person_id).last_seen_at is None
    assert session.get_one(Person, support.person_id).last_seen_at > now() + timedelta(minutes=19)


def test_looking_needs_a_reason_and_a_recent_sign_in(enter, support, amara):
    address = f"/admin/memberships/{amara.membership_id}/look"
    browser = enter(support)
    seen = browser.get(address)
    assert "You cannot change anything" in seen.text
    seen = browser.post(address, because="")
    assert browser.status == 422
    assert "Enter why you need to look" in seen.text
    assert not banner(browser.get("/"))

    stale = enter(support, timedelta(minutes=45))
    stale.post(address, because=WHY)
    assert stale.status == 403
    assert "Confirm that it is you" in stale.text


def test_nobody_looks_as_lotis_own_people(enter, make, support, boss):
    for browser, at in ((enter(support), boss), (enter(boss), support), (enter(boss), boss)):
        address = f"/admin/memberships/{at.membership_id}/look"
        browser.get(address)
        assert browser.status == 403
        browser.post(address, because=WHY)
        assert browser.status == 403
        assert not browser.get(f"/admin/people/{at.person_id}").select("a[href*=look]")


@pytest.mark.parametrize("role", [Role.CURATOR, Role.ASSESSOR])
def test_other_roles_of_loti_do_not_look(enter, make, amara, role):
    browser = enter(make.actor(make.loti(), role))
    browser.post(f"/admin/memberships/{amara.membership_id}/look", because=WHY)
    assert browser.status == 403
    assert not banner(browser.get("/"))


@pytest.mark.parametrize("what", [Person, Organisation, Membership])
def test_there_is_nothing_to_see_where_something_is_suspended(enter, support, amara, session, what):
    id = {
        Person: amara.person_id,
        Organisation: amara.organisation_id,
        Membership: amara.membership_id,
    }[what]
    session.get_one(what, id).stage = Standing.SUSPENDED
    session.commit()
    browser = enter(support)
    for ask in (browser.get, browser.post):
        more = {"because": WHY} if ask == browser.post else {}
        ask(f"/admin/memberships/{amara.membership_id}/look", **more)
        assert browser.status == 409


def test_when_what_is_looked_at_is_suspended_support_is_itself_again(look, enter, boss, amara):
    looking = look(amara)
    enter(boss).post(f"/admin/people/{amara.person_id}/suspend", because="A reason")
    seen = looking.get("/admin/people")
    assert seen.h1.get_text() == "People"
    assert not banner(seen)


def test_whoever_loses_the_role_stops_looking_at_once(look, enter, make, boss, amara, support):
    looking = look(amara)
    assert banner(looking.get("/"))
    enter(boss).post(
        f"/organisation/people/{support.membership_id}/roles", roles=[Role.CURATOR.value]
    )
    assert not banner(looking.get("/"))
