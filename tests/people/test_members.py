"""What a member may do is changed, and members are suspended, restored, removed or leave; an
organisation always keeps an administrator.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from auth.actor import Role
from marketplace.core.times import now
from marketplace.organisations.models import Standing
from marketplace.people.models import Invitation, JoinRequest


def page_of(actor):
    return f"/organisation/people/{actor.membership_id}"


def roles_of(actor):
    return f"{page_of(actor)}/roles"


@pytest.fixture
def grace(make, camden):
    """A second administrator of Camden."""
    return make.actor(camden, Role.ADMINISTRATOR, name="Grace Hall")


# ---- Roles


def test_an_administrator_changes_what_a_colleague_may_do(
    browser, tom, amara, camden, member, happened
):
    seen = browser.as_(tom).get(roles_of(amara))
    assert [box["value"] for box in seen.select("[name=roles][checked]")] == ["author"]
    seen = browser.post(roles_of(amara), roles=["author", "approver"], value_limit="1,000")
    assert "Amara Okafor: Author, approver up to £1,000." in seen.text
    changed = member(amara)
    assert (changed.roles, changed.value_limit) == (["approver", "author"], 1000)
    (event,) = happened("membership.grant")
    assert (event.subject_id, event.about_id) == (amara.membership_id, camden.id)
    assert event.facts == {"roles": ["approver", "author"], "before": ["author"]}
    assert browser.get(roles_of(amara)).select_one("#value_limit")["value"] == "1000"


def test_saving_what_is_there_already_is_no_news(browser, tom, amara, happened):
    browser.as_(tom).post(roles_of(amara), roles=["author"])
    assert browser.status == 200
    assert not happened("membership.grant")


def test_taking_every_role_leaves_a_member_who_reads(browser, tom, amara, member):
    seen = browser.as_(tom).post(roles_of(amara))
    assert "Amara Okafor: Member." in seen.text
    assert member(amara).roles == []


def test_a_role_taken_away_counts_at_the_next_request(browser, enter, tom, amara):
    window = enter(amara)
    window.get("/challenges/new")
    assert window.status == 200
    browser.as_(tom).post(roles_of(amara), roles=["evaluator"])
    window.get("/challenges/new")
    assert window.status == 403
    browser.post(roles_of(amara), roles=["author"])
    window.get("/challenges/new")
    assert window.status == 200


@pytest.mark.parametrize(
    "sent", [{"roles": ["king"]}, {"roles": ["manager"]}, {"value_limit": "5"}]
)
def test_roles_that_cannot_be_are_refused(browser, tom, amara, member, sent):
    browser.as_(tom).post(roles_of(amara), **sent)
    assert browser.status == 422
    assert member(amara).roles == ["author"]


def test_only_administrators_change_roles(browser, make, camden, tom, amara, member):
    for who in (amara, make.actor(camden, Role.APPROVER)):
        seen = browser.as_(who).get(page_of(amara))
        assert not seen.select("main form")
        for sent in ({"roles": ["administrator"]}, {"roles": ["king"]}):
            browser.post(roles_of(amara), **sent)
            assert browser.status == 403
        for step in ("suspend", "restore", "remove"):
            browser.post(f"{page_of(tom)}/{step}")
            assert browser.status == 403
    assert member(amara).roles == ["author"]


def test_the_members_of_another_organisation_do_not_exist(browser, make, hackney, amara, member):
    browser.as_(make.administrator(hackney))
    for url in (page_of(amara), f"/organisation/people/{uuid4()}"):
        browser.get(url)
        assert browser.status == 404
        browser.post(f"{url}/roles", roles=["administrator"])
        assert browser.status == 404
        for step in ("roles", "suspend", "remove"):
            browser.get(f"{url}/{step}")
            assert browser.status == 404
        for step in ("suspend", "restore", "remove"):
            browser.post(f"{url}/{step}")
            assert browser.status == 404
    assert member(amara).stage == Standing.ACTIVE


def test_who_signed_in_long_ago_confirms_who_they_are_before_it_counts(
    enter, make, lena, camden, tom, amara, member
):
    """They are asked on the way to the form, so that nothing they tick is lost."""
    asked = make(JoinRequest(person_id=lena.person_id, organisation_id=camden.id))
    window = enter(tom, ago=timedelta(minutes=40))
    assert window.get(page_of(amara)).select_one("h1").text == "Amara Okafor"
    assert window.status == 200
    grave = {
        roles_of(amara): {"roles": ["administrator"]},
        f"{page_of(amara)}/remove": {},
        "/organisation/invitations/new": {"email": "x@camden.gov.uk"},
        f"/organisation/requests/{asked.id}/approve": {"roles": ["administrator"]},
    }
    for url, sent in grave.items():
        for seen in (window.get(url), window.post(url, **sent)):
            assert window.status == 403
            assert seen.select_one("h1").text == "Confirm that it is you"
    assert (member(amara).roles, member(amara).stage) == (["author"], Standing.ACTIVE)


# ---- Suspending, restoring, removing


def test_suspending_signs_somebody_out_at_once_and_restoring_lets_them_back(
    browser, enter, tom, amara, member, happened
):
    window = enter(amara)
    assert window.get("/organisation").select_one("#people")
    seen = browser.as_(tom).get(f"{page_of(amara)}/suspend")
    assert "Writes challenges" in seen.main.text, "what they can still do here"
    assert "They are signed out of Camden at once" in seen.main.text
    seen = browser.post(f"{page_of(amara)}/suspend")
    assert "Amara Okafor is suspended at Camden." in seen.text
    assert seen.select_one("#people .govuk-tag").text == "Suspended"
    assert window.get("/").select_one("header a[href='/sign-in']")
    assert member(amara).stage == Standing.SUSPENDED

    button = browser.get(page_of(amara)).select_one("#restore")
    assert button
    seen = browser.post(f"{page_of(amara)}/restore")
    assert "can act for Camden again" in seen.text
    assert (member(amara).stage, member(amara).roles) == (Standing.ACTIVE, ["author"])
    assert enter(amara).get("/organisation").select_one("#people")
    assert [one.about_id for one in happened("membership.suspend")] == [amara.organisation_id]


def test_removing_ends_the_sessions_for_this_organisation_only(
    browser, enter, make, tom, amara, hackney, member
):
    """Scenario 10, its end."""
    elsewhere = make.member(member(amara).person, hackney, Role.AUTHOR)
    here, there = enter(amara), enter(elsewhere)
    assert here.get("/organisation").select_one("#people")
    seen = browser.as_(tom).get(f"{page_of(amara)}/remove")
    assert "To come back they have to be invited" in seen.main.text
    seen = browser.post(f"{page_of(amara)}/remove")
    assert "Amara Okafor no longer acts for Camden." in seen.text
    assert "Amara" not in seen.select_one("#people").text
    assert here.get("/").select_one("header a[href='/sign-in']")
    assert "Hackney" in there.get("/organisation").select_one("h1").text
    browser.get(page_of(amara))
    assert browser.status == 404
    assert member(amara).stage == Standing.ENDED


def test_who_is_removed_does_not_come_back_by_an_old_invitation(
    browser, make, tom, amara, camden, session
):
    waiting = make(
        Invitation(email="amara@camden.gov.uk", organisation_id=camden.id, expires_at=now())
    )
    browser.as_(tom).post(f"{page_of(amara)}/remove")
    session.rollback()
    session.refresh(waiting)
    assert waiting.stage == "revoked"


def test_nobody_suspends_or_removes_themselves(browser, tom, grace):
    for step in ("suspend", "remove"):
        browser.as_(tom).get(f"{page_of(tom)}/{step}")
        assert browser.status == 403
        seen = browser.post(f"{page_of(tom)}/{step}")
        assert browser.status == 403
        assert "ask somebody else" in seen.text
    assert not browser.get(page_of(tom)).select("main a[href$='/suspend'], main a[href$='/remove']")


def test_what_only_one_person_may_do_is_handed_over_in_the_same_step(
    browser, make, camden, tom, amara, member
):
    approver = make.actor(camden, Role.APPROVER, name="Ben Shah")
    seen = browser.as_(tom).get(f"{page_of(amara)}/remove")
    assert "Nobody else at Camden has the role: author." in seen.main.text
    names = [option.text for option in seen.select("#heir option")]
    assert names == ["Choose", "Ben Shah (approver)", "Tom Whitfield (administrator)"]
    browser.post(f"{page_of(amara)}/remove", heir=str(approver.membership_id))
    assert member(approver).roles == ["approver", "author"]
    assert member(amara).stage == Standing.ENDED


@pytest.mark.parametrize("heir", ["nobody", str(UUID(int=7))])
def test_nobody_else_takes_over(browser, make, hackney, tom, amara, member, heir):
    for wrong in (heir, str(make.author(hackney).membership_id), str(amara.membership_id)):
        browser.as_(tom).post(f"{page_of(amara)}/remove", heir=wrong)
        assert browser.status == 422
        assert "Select one of the other members" in browser.text
    assert member(amara).stage == Standing.ACTIVE


# ---- The last administrator


def test_the_last_administrator_cannot_be_demoted(browser, tom, amara, member):
    seen = browser.as_(tom).post(roles_of(tom), roles=["author"])
    assert browser.status == 422
    said = seen.select_one(".govuk-error-summary a[href='#roles']").text
    assert said == (
        "Tom Whitfield is the only administrator of Camden. Make somebody else an administrator "
        "first"
    )
    assert member(tom).roles == ["administrator"]


def test_with_a_second_administrator_one_may_step_back(browser, tom, grace, member):
    browser.as_(tom).post(roles_of(tom), roles=["author"])
    assert member(tom).roles == ["author"]


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.ENDED])
def test_an_administrator_who_is_not_active_does_not_count(
    browser, session, tom, grace, member, standing
):
    member(grace).stage = standing
    session.commit()
    browser.as_(tom).post(roles_of(tom), roles=["author"])
    assert browser.status == 422


def test_an_administrator_who_cannot_sign_in_does_not_count(browser, session, tom, grace, member):
    member(grace).person.stage = Standing.SUSPENDED
    session.commit()
    browser.as_(tom).post(roles_of(tom), roles=["author"])
    assert browser.status == 422


def test_the_last_administrator_leaves_only_after_handing_over(
    browser, tom, amara, member, happened
):
    seen = browser.as_(tom).get("/organisation/leave")
    assert "Nobody else at Camden has your role: administrator." in seen.main.text
    seen = browser.post("/organisation/leave")
    assert browser.status == 422
    assert "Make somebody else an administrator first" in seen.select_one("#heir-error").text
    assert member(tom).stage == Standing.ACTIVE
    browser.post("/organisation/leave", heir=str(amara.membership_id))
    assert member(tom).stage == Standing.ENDED
    assert member(amara).roles == ["administrator", "author"]
    assert len(happened("membership.grant")) == len(happened("membership.leave")) == 1


def test_who_is_alone_is_told_the_way_out(browser, tom, member):
    seen = browser.as_(tom).get("/organisation/leave")
    assert "Somebody else has to become an administrator first." in seen.main.text
    assert seen.main.select_one("#heir a[href='/organisation/invitations/new']")
    assert not seen.select("main form")
    browser.post("/organisation/leave")
    assert browser.status == 422
    assert member(tom).stage == Standing.ACTIVE


def test_loti_cannot_take_the_last_administrator_either(browser, make, tom, amara, member):
    for who, steps in ((make.support(), ["suspend"]), (make.loti_administrator(), ["remove"])):
        browser.as_(who)
        for step in steps:
            assert browser.get(f"{page_of(tom)}/{step}").select_one("#heir")
            browser.post(f"{page_of(tom)}/{step}")
            assert browser.status == 422
    assert member(tom).stage == Standing.ACTIVE


# ---- Leaving


def test_somebody_leaves_and_goes_on_for_their_other_organisation(
    enter, make, tom, amara, hackney, member
):
    make.member(member(amara).person, hackney, Role.AUTHOR)
    window = enter(amara)
    assert "Writes challenges" in window.get("/organisation/leave").main.text
    seen = window.post("/organisation/leave")
    assert "You no longer act for Camden." in seen.text
    assert seen.select_one("h1").text == "Home: Hackney"
    assert member(amara).stage == Standing.ENDED


def test_somebody_leaves_their_only_organisation_and_stays_signed_in(enter, tom, amara, member):
    window, other = enter(amara), enter(amara)
    assert other.get("/organisation").select_one("#people")
    seen = window.post("/organisation/leave")
    assert "You no longer act for Camden." in seen.text
    assert seen.select_one("h1").text == "Join an organisation"
    assert "Amara Okafor" in seen.header.text
    assert other.get("/").select_one("header a[href='/sign-in']"), "the others are over"


def test_a_refused_leaving_leaves_the_session_alone(enter, tom):
    window = enter(tom)
    window.post("/organisation/leave")
    assert window.status == 422
    assert window.get("/organisation").select_one("#people")
