"""LOTI helps people: finds them, suspends them, and looks with their eyes where it has to."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts.models import Identity, SignIn
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.verbs import Verb

WHY = "They cannot find their draft."


@pytest.fixture
def support(make):
    return make.actor(make.loti(), Role.SUPPORT, name="Sam Support")


@pytest.fixture
def boss(make):
    return make.actor(make.loti(), Role.ADMINISTRATOR, name="Grace Boateng")


@pytest.fixture
def amara(make):
    return make.actor(
        make.authority("Camden"), Role.AUTHOR, name="Amara Okafor", email="amara@camden.gov.uk"
    )


def signed_in(browser):
    return bool(browser.get("/").select('form[action="/sign-out"]'))


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


def stage(session, table, id):
    session.rollback()
    session.expire_all()
    return session.get_one(table, id).stage


# ---- Finding people


def test_people_are_found_by_name_and_by_address(browser, make, support, amara):
    make.actor(make.authority("Hackney"), Role.APPROVER, name="Joseph Grant")

    for words in ("okaf", "AMARA@camden", "amara okafor"):
        seen = browser.as_(support).get("/admin/people", params={"q": words})
        assert names(seen) == ["Amara Okafor"], words
        assert "Camden: author" in seen.text
    assert names(browser.get("/admin/people", params={"q": "%"})) == []
    assert "Nobody meets all that you ask for" in browser.text


def test_the_list_is_narrowed_by_standing_and_goes_on(browser, make, support):
    camden = make.authority("Camden")
    for number in range(40):
        stage = Standing.SUSPENDED if number % 2 else Standing.ACTIVE
        make.actor(camden, name=f"Person {number:02}", stage=stage)
    browser.as_(support).get("/admin/people?standing=suspended")
    few = len(browser.queries)

    found, address = [], "/admin/people?q=Person"
    while address:
        seen = browser.get(address)
        assert len(browser.queries) <= few + 1
        found += names(seen)
        later = seen.select_one("a[rel=next]")
        address = f"/admin/people{later['href']}" if later else ""
    assert found == [f"Person {number:02}" for number in range(40)]
    assert len(names(browser.get("/admin/people?standing=suspended&q=Person"))) == 20


def test_who_was_erased_is_nobody_to_find_but_their_page_says_so(browser, make, support):
    erased = make.newcomer("Somebody who was erased", stage=Standing.ENDED)
    seen = browser.as_(support).get("/admin/people?q=erased")
    assert names(seen) == []
    seen = browser.main(f"/admin/people/{erased.person_id}")
    assert "Erased" in [tag.get_text() for tag in seen.select(".govuk-tag")]
    assert "Suspend" not in seen.get_text()


def test_a_persons_page_says_how_they_sign_in_and_where_but_not_with_what(
    browser, enter, make, support, amara
):
    make(
        Identity(
            issuer="https://login.example",
            subject="s-123456",
            title="Microsoft (Camden)",
            person_id=amara.person_id,
        )
    )
    enter(amara)
    enter(amara)

    text = browser.as_(support).main(f"/admin/people/{amara.person_id}").get_text(" ", strip=True)

    assert "Ways to sign in Microsoft (Camden)" in text
    assert "Open sessions 2" in text
    assert "s-123456" not in text
    assert "testclient" not in text, "which browsers are their own business"


# ---- Suspending a person


def test_a_suspended_person_is_out_everywhere_at_once(enter, make, boss, amara, session):
    person = session.get_one(Person, amara.person_id)
    elsewhere = make.member(person, make.authority("Hackney"), Role.APPROVER)
    theirs, others, lotis = enter(amara), enter(elsewhere), enter(boss)
    assert signed_in(theirs)
    assert signed_in(others)

    address = f"/admin/people/{amara.person_id}"
    assert "signed out everywhere at once" in lotis.get(f"{address}/suspend").text
    lotis.post(f"{address}/suspend", because=" ")
    assert lotis.status == 422
    assert "Enter why they are suspended" in lotis.text
    assert signed_in(theirs)
    seen = lotis.post(f"{address}/suspend", because="Their laptop was stolen.")

    assert "Their laptop was stolen." in seen.text
    assert not signed_in(theirs)
    assert not signed_in(others)
    assert not signed_in(enter(amara))
    event = session.exec(select(Event).where(Event.verb == Verb.PERSON_SUSPEND)).one()
    assert event.facts == {}, "why somebody is suspended goes when they are erased"
    seen = lotis.post(f"{address}/restore")
    assert "Amara Okafor is restored" in seen.text
    assert "Their laptop was stolen." not in seen.text
    assert not signed_in(theirs), "a session does not come back"
    assert signed_in(enter(amara))


@pytest.mark.parametrize("role", [Role.CURATOR, Role.ASSESSOR, Role.SUPPORT])
def test_only_an_administrator_suspends_each_kind_of_lotis_own_people(
    browser, make, boss, role, session
):
    staff = make.actor(make.loti(), role)
    address = f"/admin/people/{staff.person_id}"

    for other in (Role.CURATOR, Role.ASSESSOR, Role.SUPPORT):
        looking = make.actor(make.loti(), other)
        seen = browser.as_(looking).main(address)
        assert not seen.select("a[href$=suspend], form[action$=suspend]"), other
        browser.post(f"{address}/suspend", because="A reason")
        assert browser.status == 403
        browser.post(f"/organisation/people/{staff.membership_id}/suspend")
        assert browser.status == 403
    assert stage(session, Person, staff.person_id) == Standing.ACTIVE

    browser.as_(boss).post(f"{address}/suspend", because="A reason")
    assert stage(session, Person, staff.person_id) == Standing.SUSPENDED
    browser.post(f"{address}/restore")
    assert stage(session, Person, staff.person_id) == Standing.ACTIVE
    browser.post(f"/organisation/people/{staff.membership_id}/suspend")
    assert stage(session, Membership, staff.membership_id) == Standing.SUSPENDED
    browser.post(f"/organisation/people/{staff.membership_id}/restore")
    assert stage(session, Membership, staff.membership_id) == Standing.ACTIVE


def test_an_administrator_finds_the_way_to_erase_somebody(browser, boss, support, amara):
    seen = browser.as_(boss).get(f"/admin/people/{amara.person_id}")
    browser.get(seen.select_one("a[href$=erase]")["href"])
    assert browser.status == 200
    seen = browser.as_(support).get(f"/admin/people/{amara.person_id}")
    assert not seen.select("a[href$=erase]")


def test_nobody_suspends_themselves(browser, boss):
    seen = browser.as_(boss).get(f"/admin/people/{boss.person_id}")
    assert "Suspend Grace Boateng" not in seen.text
    browser.post(f"/admin/people/{boss.person_id}/suspend", because="A reason")
    assert browser.status == 403


def test_support_suspends_a_suppliers_member_and_another_role_only_looks(
    enter, make, support, session
):
    dan = make.actor(make.supplier("Binfold"), Role.MANAGER, name="Dan Fletcher")
    theirs, lotis = enter(dan), enter(support)
    address = f"/organisation/people/{dan.membership_id}"

    for role in (Role.CURATOR, Role.ASSESSOR):
        other = enter(make.actor(make.loti(), role))
        seen = other.main(f"/admin/people/{dan.person_id}")
        assert "Dan Fletcher" in seen.get_text()
        assert not seen.select("form, a[href*=suspend], a[href*=look]")
        other.post(f"{address}/suspend")
        assert other.status == 403
    assert signed_in(theirs)

    seen = lotis.main(f"/admin/people/{dan.person_id}")
    link = seen.select_one(f"a[href='{address}/suspend']")
    assert link
    seen = lotis.get(link["href"])
    lotis.post(f"{address}/suspend")
    assert lotis.status == 200
    assert not signed_in(theirs)
    assert stage(session, Membership, dan.membership_id) == Standing.SUSPENDED
    seen = lotis.main(f"/admin/people/{dan.person_id}")
    assert seen.select_one(f"form[action='{address}/restore']")
    lotis.post(f"{address}/restore")
    assert stage(session, Membership, dan.membership_id) == Standing.ACTIVE
    assert signed_in(enter(dan))


# ---- Looking with a person's eyes


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


# ---- Whoever is shut out


def test_a_suspended_member_reads_where_they_are_suspended_and_whom_to_ask(enter, support, amara):
    enter(support).post(f"/organisation/people/{amara.membership_id}/suspend")

    seen = enter(amara).get("/home")

    assert "You are suspended at Camden" in seen.text
    assert "marketplace@loti.example" in seen.text
    assert "What do you want to do?" in seen.h1.get_text()
