"""One's account: name, ways in and sessions, for oneself alone."""

from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import SecretStr

from auth.actor import VISITOR
from auth.oidc import Provider
from marketplace.accounts.account import called
from marketplace.accounts.models import Identity, SignIn
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Person, Standing

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def jo(make, by_mail):
    actor = make.author(make.authority("Camden"))
    by_mail(make.session.get_one(Person, actor.person_id), "jo@camden.gov.uk")
    return actor


def test_it_shows_who_one_is_and_how_one_gets_in(signed_in, jo):
    main = signed_in(jo.person_id, browser=CHROME).main("/account")

    for text in (jo.name, "jo@camden.gov.uk", "A link by e-mail", "Author", "Chrome on Windows"):
        assert text in main.text
    assert "This one" in main.text
    assert not main.select("form[action$='/drop']"), "the last way in cannot go"
    links = {link["href"] for link in main.select("a[href]")}
    assert {"/notifications/settings", "/account/data", "/organisation/leave"} < links


@pytest.mark.parametrize(
    "place", ["/account", "/account/name", "/account/ways-in", "/account/start"]
)
def test_a_visitor_and_support_with_somebodys_eyes_do_not_see_it(browser, jo, place):
    for who in (VISITOR, replace(jo, seen_through="Grace Boateng")):
        browser.as_(who).get(place)
        assert browser.status == 403


def test_the_header_leads_to_it(signed_in, jo):
    header = signed_in(jo.person_id).get("/home").header
    assert header.select_one("a[href='/account']").text.endswith(jo.name)
    assert not header.select("a[href='/account#organisations']"), "with one, there is no switch"


# ---- Name


def test_the_name_is_changed_and_journalled_without_it(signed_in, jo, rows):
    browser = signed_in(jo.person_id)
    assert browser.main("/account/name").select_one("#name")["value"] == jo.name
    seen = browser.post("/account/name", name="  Jo Newly-Named ")

    assert "Jo Newly-Named" in seen.header.text
    (event,) = rows(Event, verb="person.rename")
    assert event.facts == {}
    assert event.subject_id == jo.person_id


@pytest.mark.parametrize("typed", ["", "   ", "123", "x" * 101, "Jo\u202eBloggs", "Jo\nBloggs"])
def test_what_is_no_name_is_said_and_kept(signed_in, jo, typed, rows):
    browser = signed_in(jo.person_id)
    seen = browser.post("/account/name", name=typed, then="/products")
    assert browser.status == 422
    assert seen.select_one("#name")["value"].split() == typed.split()
    assert seen.select_one("input[name=then]")["value"] == "/products"
    assert rows(Person, id=jo.person_id)[0].name == jo.name


# ---- Ways in


def test_a_link_by_mail_is_added_by_using_it_in_that_session(signed_in, jo, post, rows):
    browser = signed_in(jo.person_id)
    browser.main("/account/ways-in")
    browser.post("/account/ways-in", email="Jo@Home.example")
    assert "Open the link in this browser" in browser.text
    seen = browser.get(post.link())
    assert seen.select_one("h1").text == "Add this way to sign in"
    seen = browser.post(post.link())

    assert "a link sent to jo@home.example" in seen.text
    assert [one.subject for one in rows(Identity)] == ["jo@camden.gov.uk", "jo@home.example"]
    (event,) = rows(Event, verb="identity.add")
    assert event.person_id == jo.person_id
    assert "home.example" not in str(event.facts)


def test_the_code_adds_it_too(signed_in, jo, post, rows):
    browser = signed_in(jo.person_id)
    browser.post("/account/ways-in", email="jo@home.example")
    browser.post("/sign-in/link/sent", code=post.code())
    assert len(rows(Identity)) == 2


def test_such_a_link_does_nothing_where_nobody_or_somebody_else_is_signed_in(
    signed_in, window, make, jo, post, rows
):
    signed_in(jo.person_id).post("/account/ways-in", email="sam@hackney.gov.uk")
    sam = signed_in(make.author(make.authority("Hackney")).person_id)
    for browser in (window(), sam):
        seen = browser.get(post.link())
        assert "works only in the browser" in seen.main.text
        assert not seen.select("main form")
        browser.post(post.link())
        assert browser.status == 409
    assert len(rows(Identity)) == 1
    assert post.newest().used_at is None


def test_what_is_somebody_elses_way_in_is_not_joined(signed_in, make, by_mail, jo, post, rows):
    sam = make.person("Sam")
    by_mail(sam, "sam@hackney.gov.uk")
    browser = signed_in(jo.person_id)
    browser.post("/account/ways-in", email="sam@hackney.gov.uk")
    seen = browser.post(post.link())

    assert browser.status == 409
    assert "Somebody else gets in this way" in seen.main.text
    assert {one.person_id for one in rows(Identity, subject="sam@hackney.gov.uk")} == {sam.id}


def test_adding_says_what_is_wrong_with_an_address(signed_in, jo):
    browser = signed_in(jo.person_id)
    seen = browser.post("/account/ways-in", email="not one")
    assert browser.status == 422
    assert seen.select_one("#email")["value"] == "not one"


def test_one_of_two_ways_in_can_go_and_the_last_cannot(signed_in, make, by_mail, jo, rows):
    by_mail(make.session.get_one(Person, jo.person_id), "jo@home.example")
    browser = signed_in(jo.person_id)
    drops = [form["action"] for form in browser.main("/account").select("form[action$='/drop']")]
    assert len(drops) == 2
    browser.post(drops[0])
    assert "is no way in any more" in browser.text
    browser.post(drops[1])

    assert browser.status == 409
    assert "only way in" in browser.text
    assert [one.subject for one in rows(Identity)] == ["jo@home.example"]
    assert len(rows(Event, verb="identity.drop")) == 1


def test_nobody_takes_away_anothers_way_in(signed_in, make, by_mail, jo, rows):
    sam = make.person("Sam")
    others = [by_mail(sam, "sam@hackney.gov.uk"), by_mail(sam, "sam@home.example")]
    by_mail(make.session.get_one(Person, jo.person_id), "jo@home.example")
    browser = signed_in(jo.person_id)
    for id in (others[0].id, uuid4()):
        browser.post(f"/account/ways-in/{id}/drop")
        assert browser.status == 404
    assert len(rows(Identity)) == 4


def test_a_provider_is_offered_to_add(signed_in, jo, app):
    provider = Provider(
        slug="camden",
        title="Microsoft (Camden)",
        issuer="https://login.example",
        client_id="us",
        client_secret=SecretStr("not told"),
    )
    settings = app.state.settings
    app.state.settings = settings.model_copy(update={"oidc_providers": [provider]})
    main = signed_in(jo.person_id).main("/account")
    assert main.select_one("a[href='/sign-in/camden?join=1']").text == "Add Microsoft (Camden)"


# ---- Sessions


def test_sessions_are_listed_in_plain_words_and_one_can_be_ended(signed_in, jo, own, rows):
    desk, phone = signed_in(jo.person_id, browser=CHROME), signed_in(jo.person_id, browser=SAFARI)
    main = desk.main("/account")
    assert "Chrome on Windows" in main.text
    assert "Safari on an iPhone" in main.text
    (end,) = main.select("form[action*='/sessions/'][action$='/end']:has(span)")
    seen = desk.post(end["action"])

    assert "That session is over" in seen.text
    assert own(phone) is None
    assert phone.get("/home").select_one("h1").text == "Sign in", "it dies at its next request"
    assert own(desk)
    assert len(rows(Event, verb="session.end")) == 1


def test_all_the_others_are_ended_at_once(signed_in, jo, own):
    desk, *others = (signed_in(jo.person_id) for _ in range(4))
    seen = desk.post("/account/sessions/end")
    assert "3 other sessions are over" in seen.text
    assert own(desk)
    assert not any(map(own, others))


def test_nobody_ends_anothers_session(signed_in, make, jo, own, rows):
    mine, theirs = signed_in(jo.person_id), signed_in(make.author(make.authority()).person_id)
    for id in (own(theirs).id, uuid4()):
        mine.post(f"/account/sessions/{id}/end")
        assert mine.status == 404
    mine.post("/account/sessions/end")
    assert own(theirs)


def test_a_session_that_is_over_is_not_listed(signed_in, jo, later):
    signed_in(jo.person_id, browser=SAFARI)
    with later(hours=13):
        assert "Safari" not in signed_in(jo.person_id, browser=CHROME).main("/account").text


@pytest.mark.parametrize(
    ("browser", "name"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/142.0.0.0", "Edge on Windows"),
        (SAFARI, "Safari on an iPhone"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18 Safari/605",
            "Safari on a Mac",
        ),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537", "Chrome on Android"),
        ("curl/8.5.0", "A browser of an unknown kind"),
        ("", "A browser of an unknown kind"),
        ("<script>alert(1)</script>", "A browser of an unknown kind"),
    ],
)
def test_a_browser_is_called_what_people_call_it(browser, name):
    assert called(browser) == name


# ---- How long a session lasts


def test_a_session_ends_after_twelve_hours_without_use(signed_in, jo, later):
    browser = signed_in(jo.person_id)
    with later(hours=11):
        assert "Home: Camden" in browser.get("/home").text
    with later(hours=22):
        assert "Home: Camden" in browser.get("/home").text, "it was used meanwhile"
    with later(hours=35):
        assert browser.get("/home").select_one("h1").text == "Sign in"


def test_saving_counts_as_use(signed_in, jo, later):
    browser = signed_in(jo.person_id)
    with later(hours=11):
        browser.post("/account/name", name="")
        assert browser.status == 422
    with later(hours=22):
        assert "Home: Camden" in browser.get("/home").text


def test_what_a_page_asks_by_itself_is_no_use(signed_in, jo, later):
    browser = signed_in(jo.person_id)
    for hours in range(1, 12):
        with later(hours=hours):
            assert browser.client.get("/home", headers={"Unasked": "yes"}).status_code == 200
    with later(hours=12, minutes=1):
        assert browser.get("/home").select_one("h1").text == "Sign in"


def test_a_session_ends_after_seven_days_whatever_happens(signed_in, jo, later):
    browser = signed_in(jo.person_id)
    for hours in range(10, 7 * 24, 10):
        with later(hours=hours):
            assert "Home: Camden" in browser.get("/home").text, hours
    with later(hours=7 * 24 + 1):
        assert browser.get("/home").select_one("h1").text == "Sign in"


def test_staying_counts_as_use_and_says_how_long_there_is(signed_in, jo, later, own):
    browser = signed_in(jo.person_id)
    with later(hours=11, minutes=57):
        answer = browser.client.get("/account/here")
        assert answer.status_code == 204
        assert int(answer.headers["session-left"]) == 12 * 60 * 60
        assert (now() - own(browser).seen_at).total_seconds() < 60
    for hours in range(20, 7 * 24, 10):
        with later(hours=hours):
            left = int(browser.client.get("/account/here").headers["session-left"])
    assert 7 * 60 * 60 < left <= 8 * 60 * 60, "it gets no longer than any session may be"


def test_nobody_stays_who_is_not_signed_in(visitor):
    assert visitor.client.get("/account/here").status_code == 403


def test_a_suspended_person_is_out_at_the_next_request(signed_in, jo, make):
    browser = signed_in(jo.person_id)
    assert "Home: Camden" in browser.get("/home").text
    person = make.session.get_one(Person, jo.person_id)
    person.stage = Standing.SUSPENDED
    make(person)
    assert browser.get("/home").select_one("h1").text == "Sign in"
    assert browser.client.get("/account").status_code == 403


def test_the_browser_is_kept_as_far_as_it_helps(window, post, rows):
    browser = window()
    browser.client.headers["user-agent"] = "x" * 5000
    browser.post("/sign-in/link", email="new@camden.gov.uk")
    browser.post(post.link())
    assert len(rows(SignIn)[0].browser) == 200


# ---- Without an organisation


def test_home_leads_somebody_without_organisation_to_what_they_can_do(signed_in, make):
    browser = signed_in(make.person("New Here").id)
    seen = browser.get("/home")

    assert seen.select_one("h1").text == "What do you want to do?"
    for href in ("/join", "/register"):
        assert seen.main.select_one(f"a[href='{href}']")
    assert "invitation" in seen.main.text
    assert "You act for no organisation yet" in browser.main("/account").text
