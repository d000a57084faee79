"""The number beside the bell, told to an open page as it changes."""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from types import SimpleNamespace

import httpx
import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.accounts import actions as accounts
from marketplace.accounts.models import DEMO, SignIn
from marketplace.app import build
from marketplace.core import db, stopping
from marketplace.core.times import now
from marketplace.notifications import stream
from marketplace.organisations.models import Organisation, Person, Standing
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.services import free_port, serving

HERE_IT_IS = "/notifications/stream"
ASKS = {"Accept": "text/html, text/event-stream"}  # as htmx does


@pytest.fixture
def author(make):
    return make.author(make.authority("Camden"))


@pytest.fixture
def tell(make, author, happen):
    """Somebody tells the author something."""
    hackney = make.authority("Hackney")
    joining = make.approver(hackney)

    def tell():
        challenge = make.challenge(make.session.get(Organisation, author.organisation_id))
        commitment = make.commitment(challenge, hackney)
        happen(joining, Verb.COMMITMENT_CHANGE, commitment, about=challenge, level="interested")

    return tell


@pytest.fixture
def quick(monkeypatch):
    """Time runs faster: a look every twentieth of a second, and an end after two."""
    for name, seconds in (("TICK", 0.02), ("EVERY", 0.05), ("LASTS", 2.0)):
        monkeypatch.setattr(stream, name, seconds)


def until_open():
    deadline = monotonic() + 20
    while not stream._open and monotonic() < deadline:
        sleep(0.01)


@pytest.fixture
def open_page(browser, quick):
    """An open page: what the stream says while something is done, until it ends by itself."""

    def open_page(meanwhile=lambda: None):
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(browser.client.get, HERE_IT_IS, headers=ASKS)
            until_open()
            meanwhile()
            return answer.result(timeout=20)

    return open_page


def test_a_page_hears_the_number_now_and_when_it_changes_with_words_to_be_read_aloud(
    browser, author, tell, open_page
):
    browser.as_(author)
    answer = open_page(tell)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    first, second = answer.text.strip("\n").split("\n\n")
    assert first == "data: "
    assert second.split("\n") == [
        "data: 1 unread",
        'data: <hx-partial hx-target="#announcement" hx-swap="textContent">You have 1 unread'
        "</hx-partial>",
    ]


def test_what_is_read_is_no_longer_counted_and_not_read_aloud(browser, author, tell, open_page):
    tell()
    browser.as_(author)
    answer = open_page(lambda: browser.post("/notifications/read"))
    assert answer.text == "data: 1 unread\n\ndata: \n\n"


def test_while_nothing_happens_it_holds_no_connection_to_the_database(
    browser, author, open_page, marketplace, monkeypatch
):
    held = []

    async def sleeping(seconds):
        held.append(marketplace.engine.pool.checkedout())
        await asyncio.sleep(seconds)

    monkeypatch.setattr(stream, "asyncio", SimpleNamespace(sleep=sleeping))
    browser.as_(author)
    assert open_page().status_code == 200
    assert set(held) == {0}, "whenever it sleeps"


def test_it_ends_with_the_session_and_the_page_does_not_ask_again(browser, author, open_page):
    browser.as_(author)
    answer = open_page(lambda: browser.as_(VISITOR))
    assert answer.text == "data: \n\n" + stream.OVER


def test_it_ends_when_its_reader_acts_for_another_organisation(
    browser, make, session, author, open_page
):
    other = make.member(session.get(Person, author.person_id), make.authority("Brent"))
    browser.as_(author)
    assert open_page(lambda: browser.as_(other)).text.endswith(stream.OVER)


def test_it_ends_when_the_server_is_told_to_stop(browser, author, open_page, monkeypatch):
    monkeypatch.setattr(stream, "LASTS", 300.0)
    monkeypatch.setattr(stopping, "told", lambda: told)
    told = False

    def stop():
        nonlocal told
        told = True

    browser.as_(author)
    assert open_page(stop).text == "data: \n\n"


def test_it_ends_while_the_database_is_away_and_the_page_asks_anew(
    browser, author, open_page, monkeypatch
):
    def away(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    browser.as_(author)
    answer = open_page(lambda: monkeypatch.setattr(stream, "look", away))
    assert (answer.status_code, answer.text) == (200, "data: \n\n")
    assert browser.client.get(HERE_IT_IS, headers=ASKS).text == ""


def test_nobody_opens_more_than_a_few(browser, author, open_page, monkeypatch):
    monkeypatch.setattr(stream, "MOST", 1)
    second = []
    browser.as_(author)
    answer = open_page(lambda: second.append(browser.client.get(HERE_IT_IS, headers=ASKS).text))
    assert answer.text == "data: \n\n"
    assert second == [stream.OVER]
    assert stream._open.total() == 0
    assert open_page().text == "data: \n\n", "the place is free again"


def test_whoever_asks_for_no_stream_gets_the_number_once(browser, author, tell):
    tell()
    assert browser.as_(author).client.get(HERE_IT_IS).text == "data: 1 unread\n\n"
    assert browser.as_(VISITOR).client.get(HERE_IT_IS).text == stream.OVER
    assert browser.client.get(HERE_IT_IS, headers=ASKS).text == stream.OVER


# ---- With a session of its own


@pytest.fixture
def signed_in(marketplace, session, author):
    """A client with a session of the author, as a browser has one."""
    with db.writing(marketplace.engine) as opened:
        token = accounts.begin(opened, author.person_id, now(), issuer=DEMO)
        opened.commit()
    client = TestClient(build(marketplace), base_url=HERE, cookies={"session": token})
    yield client
    client.close()


def seen_at(session):
    session.rollback()
    return session.exec(select(SignIn.seen_at)).one()


def test_an_open_page_does_not_keep_its_session_alive(signed_in, session):
    before = seen_at(session)
    with time_machine.travel(now() + timedelta(hours=1)):
        assert signed_in.get(HERE_IT_IS).text == "data: \n\n"
        assert seen_at(session) == before
        assert signed_in.get("/help").status_code == 200
        assert seen_at(session) > before


def test_a_suspended_person_hears_nothing_more(signed_in, session, make, author, quick):
    person = session.get(Person, author.person_id)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(signed_in.get, HERE_IT_IS, headers=ASKS)
        until_open()
        person.stage = Standing.SUSPENDED
        make(person)
        assert answer.result(timeout=20).text == "data: \n\n" + stream.OVER


# ---- A server process


def test_a_server_that_stops_lets_open_pages_go_at_once(tmp_path):
    """Cut off after its patience is over, an answer would end in the middle."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "marketplace", "run"]
    settings = {"DATA_DIR": str(tmp_path), "PORT": str(port), "DATABASE_URL": "", "DEMO": "true"}
    with (
        serving(command, address, settings) as server,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        assert client.post("/demo/sign-in", data={"persona": "camden-buyer"}).status_code == 303
        with client.stream("GET", HERE_IT_IS, headers=ASKS) as answer:
            pieces = answer.iter_text()
            assert next(pieces).startswith("data: ")
            server.send_signal(signal.SIGTERM)
            assert "".join(pieces) == ""
        assert server.wait(timeout=60) in (0, -signal.SIGTERM)
