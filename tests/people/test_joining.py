"""Somebody asks to join an organisation, and the organisation answers."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts.models import BY_MAIL, Identity
from marketplace.organisations.models import Standing
from marketplace.people.models import JoinRequest, JoinStage, MailDomain
from tests.people.conftest import HERE


@pytest.fixture
def asked(make, camden, lena):
    return make(
        JoinRequest(
            message="I buy software for housing.",
            person_id=lena.person_id,
            organisation_id=camden.id,
        )
    )


@pytest.fixture
def requests(session):
    def read():
        session.rollback()
        session.expire_all()
        return list(session.exec(select(JoinRequest)))

    return read


# ---- Asking


@pytest.mark.parametrize("path", ["/join", "/organisation", f"/organisations/{UUID(int=7)}/join"])
def test_a_visitor_is_led_to_the_ways_in_and_back(browser, path):
    answer = browser.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?then={path}")


def test_somebody_with_a_known_domain_asks_to_join_the_authority(
    browser, lena, camden, tom, requests, happened
):
    seen = browser.as_(lena).get("/join")
    assert "Your mail comes from camden.gov.uk" in seen.main.text
    seen = browser.get(seen.main.select_one("li a")["href"])
    assert "The administrators of Camden see your name" in seen.main.text
    seen = browser.post(f"/organisations/{camden.id}/join", message="I buy for housing.")
    assert "You have asked to join Camden." in seen.text
    assert seen.select_one(".app-list .govuk-tag").text == "Waiting"
    assert "The administrators of Camden decide." in seen.main.text
    (request,) = requests()
    assert (request.person_id, request.message) == (lena.person_id, "I buy for housing.")
    (event,) = happened("join.ask")
    assert (event.about_id, event.person_name) == (camden.id, "Lena Fox")
    assert event.facts == {}


def test_without_an_administrator_it_is_said_that_loti_decides(browser, lena, camden):
    seen = browser.as_(lena).get(f"/organisations/{camden.id}/join")
    assert "Camden has no administrator yet, so LOTI" in seen.main.text
    seen = browser.post(f"/organisations/{camden.id}/join")
    assert "so LOTI decides" in seen.main.text


def test_an_unknown_domain_is_explained_and_nothing_is_made(browser, make, camden, tom, requests):
    browser.as_(make.newcomer(email="lena@elsewhere.example"))
    seen = browser.get("/join")
    assert "No authority here uses elsewhere.example" in seen.main.text
    assert seen.main.select_one("a[href='mailto:marketplace@loti.example']")
    seen = browser.get(f"/organisations/{camden.id}/join")
    assert "at none of the domains of Camden" in seen.main.text
    assert not seen.main.select("form")
    seen = browser.post(f"/organisations/{camden.id}/join")
    assert browser.status == 403
    assert not requests()


@pytest.mark.parametrize("domain", ["it.camden.gov.uk", "notcamden.gov.uk", "camden.gov.uk.x.org"])
def test_a_domain_beneath_or_beside_does_not_count(browser, make, camden, domain):
    browser.as_(make.newcomer(email=f"lena@{domain}"))
    assert f"No authority here uses {domain}" in browser.get("/join").main.text
    browser.post(f"/organisations/{camden.id}/join")
    assert browser.status == 403


def test_where_authorities_share_a_domain_one_chooses(browser, make, lena, camden, hackney):
    make(MailDomain(domain="camden.gov.uk", organisation_id=hackney.id))
    seen = browser.as_(lena).get("/join")
    assert "Choose your authority" in seen.main.text
    links = [a.text for a in seen.main.select("li a[href$='/join']")]
    assert links == ["Ask to join Camden", "Ask to join Hackney"]
    browser.post(f"/organisations/{hackney.id}/join")
    assert browser.status == 200


def test_an_address_that_one_signs_in_with_counts_too(browser, make, camden):
    lena = make.newcomer(email="lena@elsewhere.example")
    make(
        Identity(
            issuer=BY_MAIL,
            subject="lena@camden.gov.uk",
            title="A link by e-mail",
            person_id=lena.person_id,
        )
    )
    seen = browser.as_(lena).get("/join")
    assert seen.main.select(f"a[href='/organisations/{camden.id}/join']")


def test_a_second_press_says_that_the_request_stands(browser, lena, camden, requests):
    place = f"/organisations/{camden.id}/join"
    browser.as_(lena).post(place)
    seen = browser.post(place)
    assert browser.status == 409
    assert "You have asked to join Camden already. Your request stands." in seen.text
    assert len(requests()) == 1
    assert "Your request stands." in browser.get(place).main.text
    assert not browser.get("/join").main.select(f"a[href='{place}']")


def test_too_long_a_message_is_refused_and_kept(browser, lena, camden, requests):
    seen = browser.as_(lena).post(f"/organisations/{camden.id}/join", message="x" * 1001)
    assert browser.status == 422
    assert "Message to those who decide must be 1000 characters or fewer" in seen.text
    assert "x" * 1001 in seen.select_one("textarea").text
    assert not requests()


def test_a_supplier_is_asked_by_its_link_whatever_the_domain(browser, make, tom, lena, requests):
    supplier = make.supplier("Binfold")
    seen = browser.as_(lena).get(f"/organisations/{supplier.id}/join")
    assert seen.main.select_one("form textarea")
    browser.post(f"/organisations/{supplier.id}/join")
    assert [one.organisation_id for one in requests()] == [supplier.id]


def test_loti_and_suspended_organisations_cannot_be_joined(browser, make, session, lena, camden):
    loti = make.loti()
    assert (
        "LOTI invites its own people"
        in browser.as_(lena).get(f"/organisations/{loti.id}/join").main.text
    )
    browser.post(f"/organisations/{loti.id}/join")
    assert browser.status == 403
    camden.stage = Standing.SUSPENDED
    session.commit()
    assert not browser.get("/join").main.select("li a[href$='/join']")
    browser.post(f"/organisations/{camden.id}/join")
    assert browser.status == 403
    browser.get(f"/organisations/{uuid4()}/join")
    assert browser.status == 404


def test_a_member_cannot_ask_again(browser, make, session, tom, camden, member):
    seen = browser.as_(tom).post(f"/organisations/{camden.id}/join")
    assert browser.status == 409
    assert "You are a member already." in seen.text
    member(tom).stage = Standing.SUSPENDED
    session.commit()
    seen = browser.post(f"/organisations/{camden.id}/join")
    assert browser.status == 409
    assert "You are suspended there." in seen.text


def test_who_acts_for_another_organisation_asks_as_themselves(
    browser, make, camden, hackney, happened
):
    """Otherwise the people of the one would read in its history who goes to the other."""
    leila = make.author(hackney)
    make(
        Identity(
            issuer=BY_MAIL,
            subject="leila@camden.gov.uk",
            title="A link by e-mail",
            person_id=leila.person_id,
        )
    )
    browser.as_(leila).post(f"/organisations/{camden.id}/join")
    (event,) = happened("join.ask")
    assert event.organisation_name == ""
    assert event.organisation_id != hackney.id


def test_a_request_can_be_withdrawn_and_made_anew(browser, lena, camden, requests):
    browser.as_(lena).post(f"/organisations/{camden.id}/join")
    (request,) = requests()
    seen = browser.post(f"/join/{request.id}/withdraw")
    assert "You no longer ask to join Camden." in seen.text
    browser.post(f"/join/{request.id}/withdraw")
    assert browser.status == 409
    browser.post(f"/organisations/{camden.id}/join")
    assert sorted(one.stage for one in requests()) == [JoinStage.ASKED, JoinStage.WITHDRAWN]


# ---- Answering


def test_administrators_see_who_asks_and_others_do_not(browser, tom, amara, asked):
    seen = browser.as_(tom).get("/organisation")
    assert "1 person asks to join" in seen.main.text
    assert "lena.fox@camden.gov.uk" in seen.main.text
    assert "I buy software for housing." in seen.main.text
    assert "Lena Fox" not in browser.as_(amara).get("/organisation").text


def test_approving_lets_the_person_in_with_the_roles_that_were_ticked(
    browser, tom, lena, camden, asked, member, happened, requests
):
    seen = browser.as_(tom).get(f"/organisation/requests/{asked.id}/approve")
    assert [box["value"] for box in seen.select("[name=roles]")] == [
        "author",
        "approver",
        "evaluator",
        "administrator",
    ]
    seen = browser.post(
        f"/organisation/requests/{asked.id}/approve",
        roles=["approver", "author"],
        value_limit="£50,000",
    )
    assert "Lena Fox can act for Camden now." in seen.text
    assert "Author, approver up to £50,000" in seen.main.text
    made = member(lena, camden)
    assert (made.stage, made.roles, made.value_limit) == ("active", ["approver", "author"], 50_000)
    assert requests()[0].stage == JoinStage.APPROVED
    (event,) = happened("join.approve")
    assert (event.about_id, event.facts) == (camden.id, {"roles": ["approver", "author"]})


def test_who_was_approved_goes_on_to_act_for_the_authority(
    browser, enter, tom, lena, camden, asked
):
    theirs = enter(lena)
    browser.as_(tom).post(f"/organisation/requests/{asked.id}/approve", roles=["author"])
    seen = theirs.get("/join")
    button = seen.main.select_one("form[action='/account/organisation'] input")
    seen = theirs.post("/account/organisation", membership=button["value"])
    assert seen.select_one("h1").text == "Home: Camden"


def test_declining_needs_a_reason_which_the_person_reads(browser, tom, lena, asked, requests):
    place = f"/organisation/requests/{asked.id}/decline"
    seen = browser.as_(tom).post(place)
    assert browser.status == 422
    assert "Enter why you decline" in seen.text
    browser.post(place, because="You work for Islington now.")
    assert requests()[0].stage == JoinStage.DECLINED
    seen = browser.as_(lena).get("/join")
    assert "You work for Islington now." in seen.main.text
    again = seen.main.find("a", string="Ask Camden again")["href"]
    assert browser.get(again).main.select("form textarea")


def test_a_request_is_answered_once(browser, tom, lena, asked):
    place = f"/organisation/requests/{asked.id}"
    browser.as_(tom).post(f"{place}/approve")
    for answer in ({"url": f"{place}/approve"}, {"url": f"{place}/decline", "because": "No."}):
        browser.post(**answer)
        assert browser.status == 409
        browser.get(answer["url"])
        assert browser.status == 409


WRONG = [
    ({"roles": ["king"]}, "Select"),
    ({"roles": ["curator"]}, "Select from the roles that Camden has"),
    ({"roles": ["author"], "value_limit": "10"}, "Only an approver has a limit"),
    ({"roles": ["approver"], "value_limit": "much"}, "Enter an amount in figures"),
    ({"roles": ["approver"], "value_limit": "0"}, "must be 1 or more"),
]


@pytest.mark.parametrize(("sent", "sentence"), WRONG)
def test_roles_that_cannot_be_are_refused_at_the_field(
    browser, tom, asked, requests, sent, sentence
):
    seen = browser.as_(tom).post(f"/organisation/requests/{asked.id}/approve", **sent)
    assert browser.status == 422
    assert sentence in seen.select_one(".govuk-error-summary").text
    ticked = [box["value"] for box in seen.select("[name=roles][checked]")]
    assert ticked == [role for role in sent["roles"] if role in ("author", "approver")]
    assert requests()[0].stage == JoinStage.ASKED


def test_the_requests_of_another_organisation_do_not_exist(browser, make, amara, hackney, asked):
    theirs = make.administrator(hackney)
    for step in ("approve", "decline"):
        for who, status in ((theirs, 404), (amara, 404)):
            browser.as_(who)
            browser.get(f"/organisation/requests/{asked.id}/{step}")
            assert browser.status == status
            browser.post(f"/organisation/requests/{asked.id}/{step}", because="No.")
            assert browser.status == status
    browser.post(f"/join/{asked.id}/withdraw")
    assert browser.status == 404


def test_somebody_who_asks_cannot_approve_themselves(browser, lena, asked, requests):
    browser.as_(lena).post(f"/organisation/requests/{asked.id}/approve", roles=["administrator"])
    assert browser.status in (403, 404)
    assert requests()[0].stage == JoinStage.ASKED


def test_support_of_loti_lets_the_first_one_in(browser, make, camden, lena, asked, member):
    seen = browser.as_(make.support()).get(f"/organisation/requests/{asked.id}/approve")
    assert "has no administrator yet" in seen.main.text
    browser.client.post(
        f"/organisation/requests/{asked.id}/approve",
        data={"roles": ["administrator"]},
        headers={"Origin": HERE},
        follow_redirects=False,
    )
    assert member(lena, camden).roles == [Role.ADMINISTRATOR]


def test_an_ended_membership_is_brought_back_to_life(browser, make, session, tom, camden, member):
    old = make.actor(camden, Role.ADMINISTRATOR, email="old@camden.gov.uk")
    ended = member(old)
    ended.stage = Standing.ENDED
    session.commit()
    request = make(JoinRequest(person_id=old.person_id, organisation_id=camden.id))
    browser.as_(tom).post(f"/organisation/requests/{request.id}/approve", roles=["author"])
    again = member(old)
    assert (again.id, again.stage, again.roles) == (ended.id, Standing.ACTIVE, [Role.AUTHOR])
