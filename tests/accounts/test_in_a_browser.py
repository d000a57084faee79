"""In a real browser: what was typed stays when a session ends, or a search comes too often."""

import re
import threading
import time

import pytest
import uvicorn
from playwright.sync_api import expect

from marketplace.accounts import actions
from marketplace.accounts.models import DEMO
from marketplace.app import build
from marketplace.core.times import now
from tests.services import free_port
from tests.windows import opened

pytestmark = pytest.mark.browser


@pytest.fixture
def served(marketplace):
    """The application on a port of its own, in a thread."""
    port = free_port()
    config = uvicorn.Config(build(marketplace), port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def window(served, chrome, make, session):
    """A window in which somebody writes, signed in, whose clock the test turns."""
    who = make.author(make.authority("Camden"))
    token = actions.begin(session, who.person_id, now(), issuer=DEMO)
    session.commit()
    with opened(chrome, served) as window:
        window.page.context.add_cookies([{"name": "session", "value": token, "url": served}])
        window.page.clock.install()
        window.page.goto("/account/name")
        window.page.get_by_label("Your full name").fill("Grit Bins")
        yield window
        # That it was offline the browser says when it likes, so a test cannot clear it away.
        assert not [said for said in window.complaints if "INTERNET_DISCONNECTED" not in said]


def typed(page):
    return page.get_by_label("Your full name").input_value()


def test_five_minutes_before_the_page_warns_and_staying_keeps_it_open(window):
    page, dialog = window.page, window.page.get_by_role("alertdialog")
    page.clock.fast_forward("11:54:00")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("signed out in 5 minutes")
    assert not window.violations()
    with page.expect_response(re.compile("/account/here")) as answered:
        dialog.get_by_role("button", name="Stay signed in").click()
    assert answered.value.status == 204
    expect(dialog).to_be_hidden()
    assert typed(page) == "Grit Bins"
    page.clock.fast_forward("11:54:00")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()


def test_when_it_is_over_the_page_says_so_and_keeps_what_was_typed(window):
    page, dialog = window.page, window.page.get_by_role("alertdialog")
    page.clock.fast_forward("11:56:00")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("05:00")
    expect(dialog).to_contain_text("You are signed out")
    expect(dialog.get_by_role("link", name="Sign in again (opens in a new tab)")).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_hidden()
    assert typed(page) == "Grit Bins"


def test_a_page_in_another_tab_keeps_this_one_quiet(window):
    page = window.page
    page.clock.fast_forward("11:00:00")
    other = page.context.new_page()
    other.clock.install()
    other.clock.fast_forward("11:00:00")
    other.goto("/products")
    page.clock.fast_forward("00:56:00")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert typed(page) == "Grit Bins"


def test_when_staying_does_not_reach_the_marketplace_it_can_be_tried_again(window):
    page, dialog = window.page, window.page.get_by_role("alertdialog")
    page.clock.fast_forward("11:56:00")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_contain_text("could not be reached")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog).to_be_hidden()


def test_a_visitor_is_warned_of_nothing(served, chrome):
    with opened(chrome, served) as window:
        window.page.goto("/challenges")
        assert window.page.locator("#session").count() == 0


def test_a_search_that_comes_too_often_leaves_the_page_as_it_was(served, chrome):
    with opened(chrome, served) as window:
        page = window.page
        page.goto("/products")
        asked = page.context.request
        for _ in range(120):
            assert asked.get("/search?q=bins").ok
        page.locator("main input[type=search]").fill("grit bins")
        expect(page.locator("#trouble")).to_contain_text("too many requests")
        assert page.locator("main input[type=search]").input_value() == "grit bins"
        assert page.get_by_role("heading", level=1).inner_text() == "Products"
