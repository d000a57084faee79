"""One link, two requests at the same moment: one gets in. Real threads and connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from auth.actor import Actor, Kind
from marketplace.accounts import actions, queries
from marketplace.accounts.models import Identity, SignIn
from marketplace.core import db
from marketplace.core.errors import Problem
from marketplace.organisations.models import Person

NEW = "new@camden.gov.uk"


def at_once(*works):
    start = Barrier(len(works))

    def one(work):
        start.wait(timeout=10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def press(browser, post):
    """Presses the button of the newest link, without following where it leads."""
    browser.client.follow_redirects = False
    path, headers = post.link(), {"Origin": "http://testserver"}
    return lambda: browser.client.post(path, headers=headers).status_code


@pytest.mark.parametrize("attempt", range(5))
def test_two_requests_with_one_link_let_one_in(window, post, rows, attempt):
    first, second = window(), window()
    first.post("/sign-in/link", email=NEW)

    told = at_once(press(first, post), press(second, post))

    assert sorted(told) == [303, 404]
    assert len(rows(SignIn)) == len(rows(Person)) == len(rows(Identity)) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_two_links_to_somebody_new_make_one_person(window, post, rows, attempt):
    works = []
    for _ in range(2):
        browser = window()
        browser.post("/sign-in/link", email=NEW)
        works.append(press(browser, post))

    assert at_once(*works) == [303, 303]
    assert len(rows(Person)) == len(rows(Identity)) == 1
    assert len(rows(SignIn)) == 2


@pytest.mark.parametrize("attempt", range(5))
def test_tries_at_the_code_are_counted_each(visitor, post, attempt):
    visitor.post("/sign-in/link", email=NEW)
    wrong, headers = post.wrong(), {"Origin": "http://testserver"}

    def type_():
        return visitor.client.post(
            "/sign-in/link/sent", data={"code": wrong}, headers=headers
        ).status_code

    assert at_once(*[type_] * 4) == [422] * 4
    assert post.newest().tries == 4


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_hands_that_take_the_last_two_ways_in_one_is_refused(
    make, marketplace, by_mail, rows, attempt
):
    person = make.person()
    ways = [by_mail(person, f"{name}@camden.gov.uk") for name in ("one", "two")]
    who = make.member(person, make.authority())

    def drop(way):
        def work():
            with db.writing(marketplace.engine) as session:
                ctx = marketplace.context(session, who)
                try:
                    actions.drop_way_in(ctx, session.get_one(Identity, way.id))
                    session.commit()
                except Problem as why:
                    return str(why)
            return "done"

        return work

    told = at_once(*map(drop, ways))
    assert sorted(told) == [
        "This is your only way in. Add another before you remove it.",
        "done",
    ]
    assert len(rows(Identity)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_somebody_made_known_at_the_look_at_their_address_gets_in(
    marketplace, rows, monkeypatch, when
):
    if marketplace.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    theirs = {"issuer": "https://camden.example", "subject": "jo", "title": "Camden", "email": NEW}
    nobody = Actor("Visitor", Kind.PUBLIC)
    look = queries.at_address
    told = []

    def arrive():
        with db.writing(marketplace.engine) as session:
            arrived = actions.arrive(marketplace.context(session, nobody), **theirs)
            session.commit()
        told.append(arrived.new)

    def overtaken(session, email):
        monkeypatch.setattr(queries, "at_address", look)
        found = look(session, email) if when == "after" else None
        arrive()
        return look(session, email) if when == "before" else found

    monkeypatch.setattr(queries, "at_address", overtaken)
    arrive()

    assert told == [True, False]
    assert len(rows(Person)) == len(rows(Identity)) == 1
