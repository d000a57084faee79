"""Somebody is invited, and comes in; or the invitation has expired, was revoked or used."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Role
from auth.throttle import LIMITS
from auth.tokens import Signer
from marketplace.accounts.models import BY_MAIL, Identity
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Standing
from marketplace.people import invitations
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage

SENT = {"email": "Lena.Fox@camden.gov.uk", "roles": ["author"]}
NEW = "/organisation/invitations/new"


@pytest.fixture
def sent(session):
    """The invitations, as they are now."""

    def read():
        session.rollback()
        session.expire_all()
        return list(session.exec(select(Invitation).order_by(Invitation.created_at)))

    return read


@pytest.fixture
def link(settings, sent):
    """The path in the mail of the only invitation."""

    def read():
        (one,) = sent()
        return invitations.address(settings, one).removeprefix(settings.address)

    return read


@pytest.fixture
def invited(browser, tom, camden):
    """Lena is invited to Camden as an author."""
    browser.as_(tom).post(NEW, **SENT)
    assert browser.status == 200


# ---- Inviting


def test_an_administrator_invites_a_colleague(browser, tom, camden, sent, happened, settings):
    seen = browser.as_(tom).get(NEW)
    boxes = seen.select("[name=roles]")
    assert len(boxes) == 4
    assert "Commits the authority to a need" in seen.main.text
    seen = browser.post(NEW, **SENT)
    assert "lena.fox@camden.gov.uk is invited." in seen.text
    assert "lena.fox@camden.gov.uk" in seen.select_one("#invitations").text
    (one,) = sent()
    assert (one.email, one.roles, one.serial) == ("lena.fox@camden.gov.uk", [Role.AUTHOR], 1)
    week = timedelta(days=settings.invitation_days)
    assert abs(one.expires_at - now() - week) < timedelta(minutes=1)
    (event,) = happened("invitation.send")
    assert (event.subject_id, event.about_id) == (one.id, camden.id)
    assert event.facts == {"roles": ["author"]}, "no address in the journal"


def test_a_supplier_offers_its_own_roles(browser, make):
    browser.as_(make.administrator(make.supplier()))
    seen = browser.get(NEW)
    assert [box["value"] for box in seen.select("[name=roles]")] == ["manager", "administrator"]
    assert not seen.select("#value_limit")


WRONG = [
    ({"email": ""}, "Enter their work e-mail address"),
    ({"email": "lena"}, "Enter an e-mail address in the right form"),
    ({"email": "lena@camden"}, "Enter an e-mail address in the right form"),
    ({"email": "lena <lena@camden.gov.uk>"}, "Enter an e-mail address in the right form"),
    ({"email": "x" * 250 + "@a.uk"}, "must be 254 characters or fewer"),
    ({"email": "AMARA@camden.gov.uk"}, "is the address of a member of Camden"),
    ({"roles": ["manager"]}, "Select from the roles that Camden has"),
    ({"value_limit": "10"}, "Only an approver has a limit"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_what_is_wrong_gets_a_sentence_and_is_kept(browser, tom, amara, sent, wrong, sentence):
    seen = browser.as_(tom).post(NEW, **(SENT | wrong))
    assert browser.status == 422
    assert sentence in seen.select_one(".govuk-error-summary").text
    assert seen.select_one("#email").get("value", "") == (SENT | wrong)["email"]
    assert not sent()


def test_an_address_is_invited_once_at_a_time(browser, tom, camden, invited, sent):
    seen = browser.post(NEW, **SENT)
    assert browser.status == 422
    assert "Send that invitation again or revoke it" in seen.text
    browser.post(f"/organisation/invitations/{sent()[0].id}/revoke")
    browser.post(NEW, **SENT)
    assert [one.stage for one in sent()] == ["revoked", "sent"]


def test_only_administrators_invite(browser, make, amara, camden, sent):
    for who in (amara, make.actor(camden, Role.APPROVER), make.actor(camden)):
        browser.as_(who).get(NEW)
        assert browser.status == 403
        for wrong in ({}, {"email": ""}, {"roles": ["manager"]}):
            browser.post(NEW, **(SENT | wrong))
            assert browser.status == 403
        assert not browser.get("/organisation").main.select(f"a[href='{NEW}']")
    assert not sent()


def test_too_many_invitations_have_to_wait(browser, tom, camden, sent, monkeypatch):
    assert "invitation" in LIMITS
    monkeypatch.setattr(browser.client.app.state.throttle, "hit", lambda name, key: 600)
    seen = browser.as_(tom).post(NEW, **SENT)
    assert browser.status == 429
    assert "in 10 minutes" in seen.text
    assert not sent(), "nothing is sent that was one too many"


# ---- Sending again, revoking


def test_sending_again_makes_the_earlier_link_worthless(
    browser, invited, sent, link, happened, lena
):
    old = link()
    seen = browser.post(f"/organisation/invitations/{sent()[0].id}/resend")
    assert "Sent again." in seen.text
    assert sent()[0].serial == 2
    assert len(happened("invitation.resend")) == 1
    browser.as_(lena)
    assert "A newer invitation was sent" in browser.get(old).main.text
    browser.post(old)
    assert browser.status == 409
    assert browser.get(link()).main.select_one("#accept")


def test_an_expired_invitation_says_so_and_can_be_sent_again(
    browser, tom, lena, invited, sent, link
):
    old = link()
    with time_machine.travel(now() + timedelta(days=8)):
        seen = browser.as_(tom).get("/organisation")
        assert seen.select_one("#invitations .govuk-tag").text == "Expired"
        seen = browser.as_(lena).get(old)
        assert "This invitation has expired." in seen.main.text
        assert "send the invitation again" in seen.main.text
        browser.post(old)
        assert browser.status == 409
        browser.as_(tom).post(f"/organisation/invitations/{sent()[0].id}/resend")
        assert not browser.get("/organisation").select("#invitations .govuk-tag")


def test_revoking_asks_first_and_the_link_says_so(browser, invited, sent, link, lena, member):
    old, place = link(), f"/organisation/invitations/{sent()[0].id}/revoke"
    assert "The link in the invitation no longer works." in browser.get(place).main.text
    seen = browser.post(place)
    assert "is revoked" in seen.text
    assert not seen.select("#invitations")
    browser.as_(lena)
    assert "Camden has taken this invitation back." in browser.get(old).main.text
    browser.post(old)
    assert browser.status == 409


def test_the_invitations_of_another_organisation_do_not_exist(
    browser, make, amara, hackney, invited, sent
):
    (one,) = sent()
    for who in (make.administrator(hackney), amara, make.newcomer()):
        browser.as_(who)
        browser.get(f"/organisation/invitations/{one.id}/revoke")
        assert browser.status == 404
        for step in ("revoke", "resend"):
            browser.post(f"/organisation/invitations/{one.id}/{step}")
            assert browser.status == 404
    assert sent()[0].serial == 1


def test_an_administrator_of_loti_invites_to_another_organisation(browser, make, camden, sent, tom):
    browser.as_(make.loti_administrator())
    seen = browser.get(f"{NEW}?of={camden.id}")
    assert seen.select_one("form[action*='of=']")
    assert seen.select_one("[name=roles]")["value"] == "author"
    browser.post(f"{NEW}?of={camden.id}", **SENT)
    assert sent()[0].organisation_id == camden.id
    browser.as_(make.administrator(make.authority("Brent"))).post(f"{NEW}?of={camden.id}", **SENT)
    assert browser.status == 403


# ---- Accepting


def test_the_link_says_who_invites_to_what_before_anybody_signs_in(browser, invited, link, make):
    browser.as_(make.actor(make.supplier()))
    browser.client.cookies.clear()
    seen = browser.as_(VISITOR).get(link())
    assert seen.select_one("h1").text == "Act for Camden"
    assert "Tom Whitfield invites you to act for Camden" in seen.main.text
    assert "Writes challenges" in seen.main.text
    assert "lena.fox" not in seen.text.lower(), "whoever finds the link learns no address"
    assert "Sign in with l…@camden.gov.uk" in seen.main.text
    button = seen.main.select_one("a[role=button]")["href"]
    assert button.startswith("/sign-in?then=%2Finvitations%2F")
    browser.post(link())
    assert browser.status == 403


def test_whoever_was_invited_accepts_and_acts_for_the_organisation(
    enter, lena, camden, invited, link, member, sent, happened
):
    theirs = enter(lena)
    seen = theirs.get(link())
    assert seen.select_one("#accept")
    seen = theirs.post(link())
    assert "You act for Camden now." in seen.text
    assert seen.select_one("h1").text == "Home: Camden"
    made = member(lena, camden)
    assert (made.stage, made.roles) == (Standing.ACTIVE, [Role.AUTHOR])
    assert sent()[0].stage == InvitationStage.ACCEPTED
    (event,) = happened("invitation.accept")
    assert (event.about_id, event.person_name) == (camden.id, "Lena Fox")
    people = theirs.get("/organisation").select_one("#people").text
    assert "Lena Fox" in people
    assert "Tom Whitfield" in people


def test_a_used_invitation_says_so(browser, lena, invited, link, make):
    browser.as_(lena).post(link())
    assert "You act for Camden already." in browser.get(link()).main.text
    browser.post(link())
    assert browser.status == 409
    seen = browser.as_(make.newcomer(email="else@camden.gov.uk")).get(link())
    assert "This invitation has been used." in seen.main.text


def test_an_invitation_is_for_the_address_that_it_was_sent_to(
    browser, make, invited, link, camden, session
):
    other = make.newcomer("Someone Else", email="someone@elsewhere.example")
    seen = browser.as_(other).get(link())
    assert "It was sent to l…@camden.gov.uk" in seen.main.text
    assert not seen.select("#accept")
    assert seen.main.select_one("form[action='/sign-out']")
    seen = browser.post(link())
    assert browser.status == 403
    assert "This invitation was sent to l…@camden.gov.uk." in seen.text
    session.rollback()
    assert not session.exec(select(Membership).where(Membership.person_id == other.person_id)).all()


def test_an_address_that_one_signs_in_with_may_accept(browser, make, invited, link, camden, member):
    other = make.newcomer(email="someone@elsewhere.example")
    make(
        Identity(
            issuer=BY_MAIL,
            subject="lena.fox@camden.gov.uk",
            title="A link by e-mail",
            person_id=other.person_id,
        )
    )
    browser.as_(other).post(link())
    assert member(other, camden).stage == Standing.ACTIVE


@pytest.mark.parametrize("what", ["nothing", "", "x.y", "W10.abc"])
def test_a_link_that_we_did_not_make_leads_nowhere(browser, lena, invited, what):
    browser.as_(lena)
    for ask in (browser.get, browser.post):
        ask(f"/invitations/{what}")
        assert browser.status == 404


def test_a_link_that_was_changed_or_is_for_something_else_leads_nowhere(
    browser, lena, invited, link, settings, sent
):
    browser.as_(lena)
    other = Signer(settings.secret_key).sign("unsubscribe", sent()[0].id.hex, 1)
    foreign = Signer("another secret").sign("invitation", sent()[0].id.hex, 1)
    for token in (other, foreign, link().rpartition("/")[2][:-2] + "xx"):
        browser.get(f"/invitations/{token}")
        assert browser.status == 404


def test_accepting_ends_the_request_to_join_the_same_organisation(
    browser, lena, camden, make, invited, link, session
):
    request = make(JoinRequest(person_id=lena.person_id, organisation_id=camden.id))
    browser.as_(lena).post(link())
    session.rollback()
    session.refresh(request)
    assert request.stage == JoinStage.WITHDRAWN


def test_a_suspended_member_is_not_let_back_in_by_an_invitation(
    browser, make, session, lena, camden, invited, link, member
):
    make.session.add(
        Membership(person_id=lena.person_id, organisation_id=camden.id, stage=Standing.SUSPENDED)
    )
    session.commit()
    assert "You were suspended at Camden" in browser.as_(lena).get(link()).main.text
    browser.post(link())
    assert browser.status == 409
    assert member(lena, camden).stage == Standing.SUSPENDED


def test_nobody_joins_a_suspended_organisation(browser, lena, camden, invited, link, session):
    camden.stage = Standing.SUSPENDED
    session.commit()
    assert "Camden is suspended" in browser.as_(lena).get(link()).main.text
    browser.post(link())
    assert browser.status == 409


def test_somebody_with_two_organisations_sees_only_what_the_chosen_one_holds(
    enter, make, lena, camden, hackney, tom, amara, invited, link, member
):
    """Scenario 15, for what this page holds."""
    leila = make.actor(hackney, Role.ADMINISTRATOR, name="Leila Haddad")
    theirs = make.member(
        make.session.get_one(type(make.person()), lena.person_id), hackney, Role.AUTHOR
    )
    window = enter(theirs)
    assert "Leila Haddad" in window.get("/organisation").main.text
    window.post(link())
    seen = window.get("/organisation").main.text
    assert "Tom Whitfield" in seen
    assert "Leila Haddad" not in seen
    assert window.get(f"/organisation/people/{leila.membership_id}").select_one("h1")
    assert window.status == 404
    window.get(f"/organisation/people/{theirs.membership_id}")
    assert window.status == 404, "not even one's own membership of the other"
