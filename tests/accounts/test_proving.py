"""What is grave is asked for only shortly after proving who one is; otherwise once more."""

import pytest
from pydantic import SecretStr

from auth.actor import Role
from auth.oidc import Provider
from marketplace.accounts.models import BY_MAIL, DEMO
from marketplace.challenges.models import Stage
from marketplace.core.times import now
from marketplace.organisations.models import Person
from tests.browser_of_pages import HERE

ISSUER = "https://login.example"


@pytest.fixture
def challenge(make):
    return make.challenge(make.authority("Camden"), Stage.SUBMITTED)


@pytest.fixture
def curator(make, by_mail):
    actor = make.curator()
    by_mail(make.session.get_one(Person, actor.person_id), "curator@loti.london")
    return actor


@pytest.fixture
def approve(challenge):
    """Sends the form of the review page, as a browser would."""

    def send(browser):
        place = f"/challenges/{challenge.id}"
        browser.client.headers["referer"] = f"{HERE}{place}/review"
        seen = browser.post(f"{place}/approve")
        del browser.client.headers["referer"]
        return seen

    return send


def test_shortly_after_signing_in_nothing_is_asked(signed_in, curator, approve, later):
    browser = signed_in(curator.person_id)
    with later(minutes=29):
        assert "Published" in approve(browser).text


def test_half_an_hour_later_the_page_asks_and_nothing_was_changed(
    signed_in, curator, approve, challenge, later, rows
):
    browser = signed_in(curator.person_id)
    with later(minutes=31):
        seen = approve(browser)

    assert browser.status == 403
    assert seen.select_one("h1").text == "Confirm that it is you"
    assert "come back to the page that you were on" in seen.main.text
    assert seen.main.select_one("input[name=then]")["value"] == f"/challenges/{challenge.id}/review"
    assert rows(type(challenge))[0].stage == Stage.SUBMITTED


def test_somebody_of_the_demo_presses_one_button(signed_in, curator, approve, later, own):
    browser = signed_in(curator.person_id)
    with later(minutes=31):
        form = approve(browser).select_one("#proving")
        before = browser.client.cookies["session"]
        browser.client.follow_redirects = False
        browser.post(form["action"], then=form.select_one("input")["value"])
        assert browser.headers["location"].endswith("/review")
        assert browser.client.cookies["session"] != before
        assert (now() - own(browser).proved_at).total_seconds() < 60
        browser.client.follow_redirects = True
        assert "Published" in approve(browser).text


@pytest.mark.parametrize("with_code", [True, False])
def test_whoever_came_by_mail_is_sent_a_link_to_their_own_address(
    signed_in, curator, approve, later, post, own, with_code
):
    browser = signed_in(curator.person_id, issuer=BY_MAIL)
    with later(minutes=31):
        form = approve(browser).select_one("#proving")
        assert form.button.text == "Send the link"
        browser.post(form["action"], then=form.select_one("input")["value"])
        assert "curator@loti.london" in browser.text
        before, session = browser.client.cookies["session"], own(browser).id
        if with_code:
            seen = browser.post("/sign-in/link/sent", code=post.code())
        else:
            assert browser.get(post.link()).h1.text == "Confirm that it is you"
            seen = browser.post(post.link())
        assert "You confirmed that it is you" in seen.text
        assert browser.client.cookies["session"] != before
        assert own(browser).id == session
        assert "Published" in approve(browser).text


def test_whoever_came_by_a_provider_goes_there_again(
    signed_in, curator, approve, app, later, challenge
):
    provider = Provider(
        slug="loti",
        title="Microsoft (LOTI)",
        issuer=ISSUER,
        client_id="us",
        client_secret=SecretStr("not told"),
    )
    app.state.settings = app.state.settings.model_copy(update={"oidc_providers": [provider]})
    browser = signed_in(curator.person_id, issuer=ISSUER)
    with later(minutes=31):
        link = approve(browser).main.select_one("a.govuk-button")
        assert link["href"] == f"/sign-in/loti?again=1&then=/challenges/{challenge.id}/review"
        browser.post("/account/prove")
        assert browser.status == 409, "there is no other way"


def test_a_way_that_is_gone_is_said(signed_in, curator, approve, later):
    browser = signed_in(curator.person_id, issuer="https://gone.example")
    with later(minutes=31):
        assert "Sign out and in again" in approve(browser).main.text
        browser.post("/account/prove")
        assert browser.status == 409


def test_outside_the_demo_its_button_proves_nothing(signed_in, curator, app, later, own):
    browser = signed_in(curator.person_id, issuer=DEMO)
    before = own(browser).proved_at
    app.state.settings = app.state.settings.model_copy(update={"demo": False})
    browser.post("/account/prove")
    assert browser.status == 409
    assert own(browser).proved_at == before


def test_a_page_that_leads_to_what_is_grave_asks_at_once(signed_in, curator, later):
    browser = signed_in(curator.person_id)
    with later(minutes=31):
        seen = browser.get("/account/ways-in?x=1")
        assert browser.status == 403
        assert seen.select_one("#proving input[name=then]")["value"] == "/account/ways-in?x=1"


def test_the_page_before_is_taken_from_here_alone(signed_in, curator, challenge, later):
    browser = signed_in(curator.person_id)
    for referer in ("https://evil.example/x", "//evil.example", "", "nonsense"):
        with later(minutes=31):
            browser.client.headers["referer"] = referer
            seen = browser.post(f"/challenges/{challenge.id}/approve")
        assert browser.status == 403
        assert not seen.select("#proving input[name=then]")
    browser.client.follow_redirects = False
    browser.post("/account/prove", then="https://evil.example")
    assert browser.headers["location"] == "/account"


def test_it_can_be_asked_for_beforehand(signed_in, visitor, curator):
    seen = signed_in(curator.person_id).get("/account/prove?then=/products")
    assert seen.select_one("#proving input[name=then]")["value"] == "/products"
    for send in (visitor.get, visitor.post):
        send("/account/prove")
        assert visitor.status == 403


def test_ways_in_are_taken_away_only_after_proving_it(signed_in, make, by_mail, later, rows):
    person = make.person()
    ways = [by_mail(person, f"{name}@camden.gov.uk") for name in ("one", "two")]
    make.member(person, make.authority(), Role.AUTHOR)
    browser = signed_in(person.id)
    with later(minutes=31):
        seen = browser.post(f"/account/ways-in/{ways[0].id}/drop")
    assert seen.select_one("h1").text == "Confirm that it is you"
    assert len(rows(type(ways[0]))) == 2
