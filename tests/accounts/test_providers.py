"""What signing in with a provider means here: who one is, further ways in, and out again."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import col, select

from auth import oidc_flow, oidc_wire
from marketplace.accounts.models import Identity, SignIn
from marketplace.app import build
from marketplace.core.times import now
from marketplace.organisations.models import Person, Standing
from tests.auth.going import Going, going, issuer, second, settings
from tests.browser_of_pages import HERE, Browser
from tests.challenges.answers import events

__all__ = ["going", "issuer", "second", "settings"]


@pytest.fixture
def people(session):
    """Everybody there is, as they are now."""

    def find():
        session.rollback()
        return session.exec(select(Person)).all()

    return find


@pytest.fixture
def another(marketplace, issuer, second):
    """Opens one more browser."""
    opened = []

    def open_():
        client = TestClient(build(marketplace), base_url=HERE)
        opened.append(client)
        browser = Browser(client, marketplace.engine)
        return Going(browser, issuers={"camden": issuer, "one-login": second})

    yield open_
    for client in opened:
        client.close()


@pytest.fixture
def open_sessions(session):
    def find():
        session.rollback()
        begun = select(SignIn).where(SignIn.ended_at == None)  # noqa: E711
        return session.exec(begun.order_by(col(SignIn.id))).all()

    return find


def buttons(seen):
    return [one.get_text(strip=True) for one in seen.select("main a[role=button]")]


def shifted(**much):
    return time_machine.travel(now() + timedelta(**much), tick=True)


# ---- The sign-in page


def test_the_sign_in_page_has_a_button_for_each_provider(going):
    seen = going.look("/sign-in?then=/search")

    assert buttons(seen) == ["Sign in with Microsoft (Camden)", "Sign in with GOV.UK One Login"]
    links = [one["href"] for one in seen.select("main a[role=button]")]
    assert links[0].startswith("/sign-in/camden?then=")
    going.sign_in(query=links[0].removeprefix("/sign-in/camden"))
    assert going.led_to == "/search"


def test_signing_in_puts_a_new_session_in_the_place_of_the_old(going, open_sessions):
    going.sign_in()
    before = going.browser.client.cookies["session"]
    going.sign_in()

    assert going.browser.client.cookies["session"] != before
    [one] = open_sessions()
    assert one.issuer == going.issuers["camden"].address
    assert one.id_token.count(".") == 2


def test_what_is_journalled_names_the_way_and_nothing_secret(going, session):
    going.sign_in()

    [event] = events(session, "identity.add")
    assert event.person_name == "Jo Bloggs"
    assert event.facts["way"] == "Microsoft (Camden)"
    assert "@" not in str(event.facts)


# ---- Who is known already


def test_an_address_alone_does_not_make_anybody_somebody_who_is_known(
    going, make, session, people, open_sessions
):
    owner = make.person("The owner", email="jo@camden.example")
    make(Identity(issuer="mail", subject=owner.email, title="By e-mail", person_id=owner.id))
    going.sign_in(sub="thief", email="JO@camden.example")

    assert (going.status, going.heading()) == (409, "You already get in another way")
    assert "By e-mail" in going.seen.main.text
    assert going.who == ""
    assert open_sessions() == []
    assert len(people()) == 1
    session.rollback()
    assert len(session.exec(select(Identity)).all()) == 1


@pytest.mark.parametrize("stage", [Standing.SUSPENDED, Standing.ENDED])
def test_who_is_suspended_gets_a_page_that_says_so(going, people, session, stage):
    going.sign_in()
    going.sign_out()
    [person] = people()
    person.stage = stage
    session.commit()
    going.sign_in()

    assert (going.status, going.heading()) == (403, "Your account is suspended")
    assert going.who == ""


def test_a_first_time_in_two_browsers_at_once_makes_one_person(going, another, people, issuer):
    browsers = [another() for _ in range(3)]
    answers = [issuer.approve(one.set_out(), sub="jo") for one in browsers]
    start = Barrier(len(browsers))

    def come_back(pair):
        one, answer = pair
        start.wait(timeout=20)
        url = "/sign-in/camden/callback"
        return one.browser.client.get(url, params=answer, follow_redirects=False).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        statuses = list(pool.map(come_back, zip(browsers, answers, strict=True)))

    assert statuses == [303, 303, 303]
    assert len(people()) == 1
    assert {one.who for one in browsers} == {"Jo Bloggs"}


# ---- One more way in


def test_a_second_way_in_is_added_by_somebody_who_is_signed_in(going, people, session):
    going.sign_in("camden", sub="jo")
    going.sign_in("one-login", "?join=1", sub="jo-at-one-login", email="jo@home.example")
    assert going.led_to == "/sign-in/one-login/join"
    assert "jo@home.example" in going.seen.main.text
    assert len(session.exec(select(Identity)).all()) == 1

    seen = going.browser.post("/sign-in/one-login/join")
    assert "You can now sign in with GOV.UK One Login." in seen.text
    assert [one.facts["way"] for one in events(session, "identity.add")] == [
        "Microsoft (Camden)",
        "GOV.UK One Login",
    ]
    going.sign_out()
    going.sign_in("one-login", sub="jo-at-one-login", email="jo@home.example")
    assert going.who == "Jo Bloggs"
    assert len(people()) == 1


def test_what_is_to_be_added_is_called_by_its_name(going, second):
    second.userinfo = {"sub": "jo-at-one-login", "email": "jo@home.example"}
    going.sign_in("camden", sub="jo")
    going.sign_in("one-login", "?join=1", sub="jo-at-one-login", name=None, email=None)

    assert "jo@home.example" in going.seen.main.text


def test_a_way_that_is_theirs_already_is_not_added_twice(going, session):
    going.sign_in("camden")
    going.sign_in("camden", "?join=1")
    seen = going.browser.post("/sign-in/camden/join")

    assert "You could sign in already with Microsoft (Camden)." in seen.text
    assert len(session.exec(select(Identity)).all()) == 1


def test_what_somebody_else_gets_in_by_cannot_be_added(going, another, session):
    other = another()
    other.sign_in("one-login", sub="other")
    going.sign_in("camden", sub="jo")
    going.sign_in("one-login", "?join=1", sub="other")
    seen = going.browser.post("/sign-in/one-login/join")

    assert going.status == 409
    assert "Somebody else gets in this way already" in seen.main.text
    assert len(session.exec(select(Identity)).all()) == 2


def test_a_visitor_has_nothing_to_add_to(going):
    for what in ("join", "again"):
        going.look(f"/sign-in/camden?{what}=1")
        assert going.status == 403
        assert "sign in" in going.seen.main.text


def test_nothing_is_added_without_having_come_back_with_it(going, session):
    going.sign_in("camden")
    for method in (going.browser.get, going.browser.post):
        method("/sign-in/one-login/join")
        assert going.status == 400
    going.sign_in("one-login", "?join=1", sub="other")
    going.browser.post("/sign-in/camden/join")  # at the other's door
    assert going.status == 400
    assert len(session.exec(select(Identity)).all()) == 1


def test_another_site_cannot_add_its_own_way_in(going, session):
    """It can send the browser there and back, but not press the button."""
    going.sign_in("camden")
    going.sign_in("one-login", "?join=1", sub="thief")
    answer = going.browser.client.post(
        "/sign-in/one-login/join", headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert len(session.exec(select(Identity)).all()) == 1


def test_what_one_person_came_back_with_is_not_added_to_the_next(going, session):
    going.sign_in("camden", sub="jo")
    going.sign_in("one-login", "?join=1", sub="jos-other")
    going.sign_in("camden", sub="next")
    going.browser.post("/sign-in/one-login/join")

    assert going.status == 400
    assert len(session.exec(select(Identity)).all()) == 2


def test_who_signed_out_meanwhile_adds_nothing(going, issuer, second, session):
    going.sign_in("camden")
    answer = second.approve(going.set_out("one-login", "?join=1"), sub="other")
    page = going.browser.client.cookies["page"]
    going.sign_out()
    going.browser.client.cookies.set("page", page, domain="testserver.local", path="/")
    going.come_back("one-login", **answer)

    assert (going.status, going.heading()) == (400, "Start again")
    assert len(session.exec(select(Identity)).all()) == 1


def test_adding_is_asked_for_only_shortly_after_signing_in(going, session):
    going.sign_in("camden")
    with shifted(minutes=31):
        going.look("/sign-in/one-login?join=1")
        assert (going.status, going.heading()) == (403, "Confirm that it is you")


def test_who_waits_too_long_before_adding_begins_again(going, session):
    going.sign_in("camden")
    going.sign_in("one-login", "?join=1", sub="other")
    with shifted(minutes=11):
        going.browser.post("/sign-in/one-login/join")
    assert going.status == 400
    assert len(session.exec(select(Identity)).all()) == 1


# ---- Proving that it is still you


def test_proving_it_again_asks_anew_and_changes_the_token(going, issuer, open_sessions):
    going.sign_in()
    token = going.browser.client.cookies["session"]
    [session] = open_sessions()
    id, began, proved = session.id, session.created_at, session.proved_at
    with shifted(minutes=40):
        address = going.set_out(query="?again=1&then=/search")
        asked = parse_qs(urlsplit(address).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        going.come_back(**issuer.approve(address, auth_time=int(now().timestamp())))

        assert going.led_to == "/search"
        assert going.who == "Jo Bloggs"
    assert going.browser.client.cookies["session"] != token
    [session] = open_sessions()
    assert (session.id, session.created_at) == (id, began)
    assert session.proved_at - proved >= timedelta(minutes=40)
    going.browser.client.cookies.set("session", token, domain="testserver.local", path="/")
    assert going.who == ""


def test_proving_it_as_somebody_else_proves_nothing(going, another, open_sessions):
    other = another()
    other.sign_in(sub="other", name="Other")
    going.sign_in(sub="jo")
    proved = [one.proved_at for one in open_sessions()]
    for sub in ("other", "nobody yet"):
        with shifted(minutes=40):
            going.sign_in(query="?again=1", sub=sub)

            expected = (403, "You proved that you are somebody else")
            assert (going.status, going.heading()) == expected
            assert going.who == "Jo Bloggs"
    assert [one.proved_at for one in open_sessions()] == proved


def test_a_provider_that_did_not_ask_again_is_not_believed(going, open_sessions):
    going.sign_in()
    proved = open_sessions()[0].proved_at
    with shifted(minutes=40):
        long_ago = int(now().timestamp()) - 2400
        going.sign_in(query="?again=1", auth_time=long_ago)

        assert (going.status, going.heading()) == (403, "We could not check who you are")
    assert open_sessions()[0].proved_at == proved


def test_support_that_looks_with_a_persons_eyes_neither_adds_nor_proves(going, make, session):
    camden = make.author(make.authority("Camden"))
    going.sign_in(sub="support")
    [row] = session.exec(select(SignIn)).all()
    row.looking_as, row.looking_since = camden.membership_id, now()
    session.commit()
    assert going.who == camden.name
    for what in ("join", "again"):
        going.look(f"/sign-in/one-login?{what}=1")
        assert going.status == 403


# ---- Out again


def test_signing_out_here_leads_to_signing_out_there(going, issuer, open_sessions, session):
    going.sign_in()
    token = open_sessions()[0].id_token
    going.sign_out()

    assert going.heading() == "You have signed out of the marketplace"
    address = going.seen.select_one("main a")["href"]
    assert going.browser.headers["refresh"] == f"0; url={address}"
    assert address.startswith(f"{issuer.address}/leave?")
    asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
    assert asked.pop("state")
    assert asked == {
        "id_token_hint": token,
        "client_id": "us",
        "post_logout_redirect_uri": "http://127.0.0.1:8000/",
    }
    assert open_sessions() == []
    assert going.who == ""
    assert [one.id_token for one in session.exec(select(SignIn))] == [""]

    going.look("/sign-out/camden")  # opened again, it leads nowhere
    assert going.heading() != "You have signed out of the marketplace"


@pytest.mark.parametrize("ill", ["no such place", "away", "slow"])
def test_signing_out_works_whatever_the_provider_does(going, issuer, monkeypatch, ill):
    going.sign_in()
    client = oidc_flow.client(going.browser.client.app.state.settings.oidc_providers[0])
    client._document = None  # as in a process that has just started
    if ill == "no such place":
        issuer.document["end_session_endpoint"] = None
    elif ill == "away":
        issuer.instead["/.well-known/openid-configuration"] = lambda to: to.send_error(500)
    else:
        issuer.instead["/.well-known/openid-configuration"] = lambda to: time.sleep(10)
        monkeypatch.setattr(oidc_wire, "PATIENCE", 0.3)
    going.sign_out()

    assert going.status == 200
    assert urlsplit(str(going.browser.client.get("/").url)).path == "/"
    assert "refresh" not in going.browser.headers
    assert going.who == ""


def test_a_token_that_is_too_long_for_an_address_is_left_out(going, issuer):
    going.sign_in(groups=["a group of Camden"] * 300)
    going.sign_out()

    address = going.seen.select_one("main a")["href"]
    assert "id_token_hint" not in address
    assert len(address) < 1000


def test_who_came_without_a_provider_is_led_to_no_provider(going, make, session):
    going.look("/sign-out/camden")
    assert going.status == 200
    assert "refresh" not in going.browser.headers
