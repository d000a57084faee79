"""LOTI helps people: finds them, suspends them, and looks with their eyes where it has to."""

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts.models import Identity
from marketplace.core.journal import Event
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.verbs import Verb
from tests.people.seeing import signed_in, stage


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


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


# ---- Whoever is shut out


def test_a_suspended_member_reads_where_they_are_suspended_and_whom_to_ask(enter, support, amara):
    enter(support).post(f"/organisation/people/{amara.membership_id}/suspend")

    seen = enter(amara).get("/home")

    assert "You are suspended at Camden" in seen.text
    assert "marketplace@loti.example" in seen.text
    assert "What do you want to do?" in seen.h1.get_text()
