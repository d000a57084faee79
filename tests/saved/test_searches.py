"""People save searches, change and delete them, and watch single things."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

from auth.actor import VISITOR
from marketplace.app import build
from marketplace.challenges.models import Stage
from marketplace.core import db
from marketplace.saved import actions, queries
from marketplace.saved.models import SavedSearch, SearchKey, Watch
from marketplace.verbs import Verb


@pytest.fixture
def seller(make):
    return make.manager(make.supplier())


def held(seen):
    return [one.get_text(" ", strip=True) for one in seen.select(".app-held__one")]


# ---- Saving


def test_a_list_offers_to_save_what_it_is_narrowed_to(browser, make, seller, fill):
    make.challenge(make.authority())
    fill()
    seen = browser.as_(seller).get("/challenges?q=bins&area=waste&sort=closing")
    link = next(a for a in seen.select(".app-follow a") if a.text == "Save this search")["href"]
    assert parse_qs(urlsplit(link).query) == {
        "in": ["challenge"],
        "query": ["q=bins&area=waste&sort=closing"],
    }
    form = browser.get(link)
    assert "“bins”, for waste and street cleansing" in form.select_one("main").text
    assert form.select_one("#name")["value"] == "bins"


def test_what_is_saved_stands_in_the_list_and_leads_to_what_it_finds(browser, seller, save):
    save(seller, "Waste near us", "q=bins%26area=waste", "challenge", "weekly")
    assert browser.status == 200
    seen = browser.get("/saved")
    said = held(seen)[0]
    assert "“bins”, for waste and street cleansing" in said
    assert "Mail: once a week, on mondays at 8am" in said
    assert seen.select_one(".app-held__one a")["href"] == "/challenges?q=bins&area=waste"


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "", "rhythm": "daily"}, "Enter name of the search"),
        ({"name": "   ", "rhythm": "daily"}, "Enter name of the search"),
        ({"name": "x" * 81, "rhythm": "daily"}, "must be 80 characters or fewer"),
        ({"name": "Bins", "rhythm": "hourly"}, "Select mail about what it finds"),
        ({"name": "Bins"}, "Select mail about what it finds"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field_and_kept(browser, seller, form, says):
    seen = browser.as_(seller).post("/saved/new?in=product&query=q%3Dbins", **form)
    assert browser.status == 422
    assert says in seen.select_one(".govuk-error-summary").text
    assert seen.select_one("#name")["value"] == form["name"]
    assert "“bins”" in seen.select_one("main").text


def test_a_name_stands_for_one_search_which_can_be_replaced(browser, seller, save, session):
    save(seller, "Bins", "q=bins", "product")
    seen = browser.post("/saved/new?in=product&query=q%3Dwaste", name="Bins", rhythm="off")
    assert browser.status == 422
    assert "You have a search of this name" in seen.text

    search = session.exec(select(SavedSearch)).one()
    offered = browser.get("/saved/new?in=product&query=q%3Dwaste").select("#replaces option")
    assert [one.text for one in offered][-1] == "In place of “Bins”"
    browser.post(
        "/saved/new?in=product&query=q%3Dwaste", name="Waste", rhythm="off", replaces=str(search.id)
    )
    session.rollback()
    session.expire_all()
    saved = session.exec(select(SavedSearch)).one()
    assert (saved.name, saved.query, saved.rhythm) == ("Waste", "q=waste", "off")
    assert session.exec(select(SearchKey.key)).all() == ["word:wast"]  # its stem


def test_a_search_is_renamed_and_deleted(browser, seller, save, session):
    save(seller, "Bins", "q=bins")
    id = session.exec(select(SavedSearch.id)).one()
    browser.post(f"/saved/{id}/edit", name="Bins in Barnet", rhythm="at-once")
    assert "Bins in Barnet" in held(browser.get("/saved"))[0]
    browser.post(f"/saved/{id}/delete")
    assert held(browser.get("/saved")) == []
    session.rollback()
    assert session.exec(select(func.count()).select_from(SearchKey)).one() == 0


def test_a_search_is_its_person_s_alone(browser, make, seller, save, session):
    save(seller, "Bins", "q=bins")
    id = session.exec(select(SavedSearch.id)).one()
    for other in (make.manager(make.supplier()), make.curator(), make.loti_administrator()):
        browser.as_(other)
        assert held(browser.get("/saved")) == []
        for address in (f"/saved/{id}/edit", f"/saved/{id}/delete"):
            browser.get(address)
            assert browser.status == 404
            browser.post(address, name="Mine", rhythm="off")
            assert browser.status == 404
        browser.post("/saved/new?query=q%3Dx", name="X", rhythm="off", replaces=str(id))
        assert browser.status == 404


def test_a_visitor_signs_in_first_and_comes_back(browser):
    for address in ("/saved", "/saved/new?in=product&query=q%3Dbins"):
        browser.as_(VISITOR).get(address, follow_redirects=False)
        assert browser.status == 303
        assert parse_qs(urlsplit(browser.headers["location"]).query)["then"] == [address]
    browser.post("/saved/new?query=q%3Dbins", name="Bins", rhythm="off")
    assert browser.status == 403


@pytest.mark.parametrize("query", ["in=moon", "query=sort%3Dprice", "query=area%3Dmoon"])
def test_what_no_list_offers_cannot_be_saved(browser, seller, query):
    browser.as_(seller).get(f"/saved/new?{query}")
    assert browser.status == 404


def test_nobody_saves_without_end(browser, seller, save, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    save(seller, "One", "q=one")
    save(seller, "Two", "q=two")
    assert browser.status == 409


def test_two_clicks_save_one_search(marketplace, make, session):
    """Two connections at once: the constraint has the last word."""
    seller = make.manager(make.supplier())
    apps = [build(marketplace) for _ in range(2)]
    start = Barrier(2)

    def click(app):
        app.state.who = lambda request, session: seller
        client = TestClient(app, base_url="http://testserver", raise_server_exceptions=False)
        start.wait()
        form = {"name": "Bins", "rhythm": "daily"}
        headers = {"Origin": "http://testserver"}
        return client.post("/saved/new?query=q%3Dbins", data=form, headers=headers).status_code

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(click, apps))
    assert answers[0] == 200
    assert answers[1] in (422, 409)
    assert len(session.exec(select(SavedSearch)).all()) == 1


# ---- Watching


def test_a_challenge_is_watched_once_and_no_longer(browser, make, seller, session):
    challenge = make.challenge(make.authority(), title="Missed bins")
    here = f"/challenges/{challenge.id}"
    assert browser.as_(seller).get(here).select_one("#watch")
    for _ in range(2):
        browser.post(f"/watch/challenge/{challenge.id}")
        assert browser.status == 200
    assert len(session.exec(select(Watch)).all()) == 1
    assert browser.get(here).select_one("#unwatch")
    assert "Missed bins" in held(browser.get("/saved"))[0]
    for _ in range(2):
        browser.post(f"/watch/challenge/{challenge.id}/end")
        assert browser.status == 200
    assert held(browser.get("/saved")) == []


def test_what_is_not_public_cannot_be_watched_not_even_by_its_own(browser, make):
    camden = make.authority()
    author = make.author(camden)
    for stage in (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED):
        draft = make.challenge(camden, stage)
        browser.as_(author).post(f"/watch/challenge/{draft.id}")
        assert browser.status == 404
    browser.post(f"/watch/organisation/{camden.id}")
    assert browser.status == 404


def test_what_is_no_longer_public_is_gone_from_the_list(browser, make, seller):
    challenge = make.challenge(make.authority())
    browser.as_(seller).post(f"/watch/challenge/{challenge.id}")
    challenge.published_at, challenge.stage = None, Stage.RETURNED
    make(challenge)
    assert held(browser.get("/saved")) == []


def test_who_watches_is_told_what_comes_of_it(browser, make, seller, happen, reads):
    camden = make.authority("Camden")
    challenge = make.challenge(camden, Stage.CLOSED, title="Missed bins")
    browser.as_(seller).post(f"/watch/challenge/{challenge.id}")

    def say(there):
        there.outcome = "A pilot in two wards."

    happen(make.author(camden), Verb.CHALLENGE_PILOT, challenge, then=say)
    told = reads(seller)[0]
    assert (told.subject, told.why) == ("Being piloted: Missed bins", "you watch it")


def test_two_clicks_watch_once(marketplace, make, session):
    """Two connections at once: the constraint has the last word."""
    seller, challenge = make.manager(make.supplier()), make.challenge(make.authority())
    start = Barrier(2)

    def click(_):
        start.wait()
        with db.writing(marketplace.engine) as opened:
            ctx = marketplace.context(opened, seller)
            try:
                actions.watch(ctx, "challenge", queries.public(ctx, "challenge", challenge.id))
                opened.commit()
            except IntegrityError:
                return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert any(both.map(click, range(2)))
    assert len(session.exec(select(Watch)).all()) == 1
