"""LOTI sees who asks to join, and decides where nobody else can."""

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.organisations.models import Membership, Standing
from marketplace.people.models import Invitation, JoinRequest, JoinStage


@pytest.fixture
def support(make):
    return make.support()


@pytest.fixture
def ask(make):
    """Somebody asks to join an organisation."""

    def ask(organisation, name="Amara Okafor", **more):
        who = make.newcomer(name)
        about = {"person_id": who.person_id, "organisation_id": organisation.id}
        return make(JoinRequest(**about, **more))

    return ask


def titles(seen):
    return [title.get_text(strip=True) for title in seen.select(".app-list__title")]


def test_what_only_loti_can_decide_comes_first_and_the_rest_can_be_seen(
    browser, make, support, ask
):
    camden, hackney, brent = (make.authority(name) for name in ("Camden", "Hackney", "Brent"))
    make.administrator(camden)
    make.author(brent)
    ask(camden, "Amara Okafor")
    ask(hackney, "Leila Haddad", message="I buy for waste.")
    ask(brent, "Nadia Rahman")
    ask(brent, "Paul Smith", stage=JoinStage.DECLINED)

    seen = browser.as_(support).get("/admin/requests")
    assert titles(seen) == [
        "Leila Haddad asks to join Hackney",
        "Nadia Rahman asks to join Brent",
    ]
    assert "I buy for waste." in seen.text
    seen = browser.get("/admin/requests?which=all")
    assert len(titles(seen)) == 3
    assert "Its administrator can decide" in seen.text


@pytest.mark.parametrize("why", ["membership", "person"])
def test_an_administrator_who_is_suspended_decides_nothing(
    browser, make, support, ask, session, why
):
    camden = make.authority("Camden")
    about = {"stage": Standing.SUSPENDED} if why == "person" else {}
    administrator = make.actor(camden, Role.ADMINISTRATOR, **about)
    if why == "membership":
        session.get_one(Membership, administrator.membership_id).stage = Standing.SUSPENDED
        session.commit()
    ask(camden)
    seen = browser.as_(support).get("/admin/requests")
    assert titles(seen) == ["Amara Okafor asks to join Camden"]


def test_support_approves_with_roles_and_comes_back_to_the_authority(
    browser, make, support, ask, session
):
    hackney = make.authority("Hackney")
    asked = ask(hackney, "Leila Haddad")

    link = browser.as_(support).get("/admin/requests").select_one(".app-list__title a")
    seen = browser.get(link["href"])
    assert "Unless this person becomes one" in seen.text
    seen = browser.post(link["href"], roles=["author", "administrator"])

    assert seen.h1.get_text() == "Hackney"
    assert "Leila Haddad" in seen.select_one("#members").get_text()
    session.expire_all()
    made = session.exec(select(Membership).where(Membership.organisation_id == hackney.id)).one()
    assert (made.person_id, made.roles) == (asked.person_id, ["administrator", "author"])
    assert not titles(browser.get("/admin/requests"))


def test_support_declines(browser, make, support, ask, session):
    asked = ask(make.authority("Hackney"))
    seen = browser.as_(support).post(
        f"/organisation/requests/{asked.id}/decline", because="You do not work there."
    )
    assert seen.h1.get_text() == "Hackney"
    session.expire_all()
    assert session.get_one(JoinRequest, asked.id).stage == JoinStage.DECLINED


def test_another_role_of_loti_only_looks(browser, make, ask, session):
    asked = ask(make.authority("Hackney"))
    for role in (Role.CURATOR, Role.ASSESSOR):
        browser.as_(make.actor(make.loti(), role))
        for page in ("/admin/requests", f"/admin/organisations/{asked.organisation_id}"):
            seen = browser.main(page)
            assert "Amara Okafor" in seen.get_text()
            assert not seen.select("a[href*=approve], a[href*=invitations]")
        browser.post(f"/organisation/requests/{asked.id}/approve", roles=["author"])
        assert browser.status == 403
        browser.post(f"/organisation/requests/{asked.id}/decline", because="No")
        assert browser.status == 403
    session.expire_all()
    assert session.get_one(JoinRequest, asked.id).stage == JoinStage.ASKED


def test_many_requests_cost_no_more_queries_and_go_on(browser, make, support, ask):
    hackney = make.authority("Hackney")
    ask(hackney, "Person 00")
    browser.as_(support).get("/admin/requests")
    few = len(browser.queries)
    for number in range(1, 60):
        ask(hackney, f"Person {number:02}")

    found, address = [], "/admin/requests"
    while address:
        seen = browser.get(address)
        assert len(browser.queries) <= few + 1  # where the page before ended
        found += titles(seen)
        later = seen.select_one("a[rel=next]")
        address = later["href"] if later else ""
    assert found == [f"Person {number:02} asks to join Hackney" for number in range(60)]


def test_an_administrator_of_loti_invites_the_first_people_of_an_authority(browser, make, session):
    opdc = make.authority("Old Oak")
    seen = browser.as_(make.loti_administrator()).get(f"/admin/organisations/{opdc.id}")
    assert "Nobody acts for it yet" in seen.text
    link = seen.find("a", string="Invite somebody")["href"]
    assert browser.get(link).h1.get_text() == "Invite somebody"

    seen = browser.post(link, email="jo@opdc.gov.uk", roles=["administrator"])

    assert seen.h1.get_text() == "Old Oak"
    assert "jo@opdc.gov.uk" in seen.select_one("main").get_text()
    assert session.exec(select(Invitation)).one().organisation_id == opdc.id
