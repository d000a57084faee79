"""What comes too often is refused for a while, says for how long, and keeps what was typed."""

import pytest
from fastapi.testclient import TestClient

from marketplace.app import build
from tests.browser_of_pages import HERE, Browser


def ask(browser, email="jo@camden.gov.uk"):
    return browser.post("/sign-in/link", email=email, then="/products")


def test_the_sixth_link_to_an_address_in_an_hour_is_refused(visitor, window, post, later):
    for _ in range(5):
        assert ask(visitor).select_one("h1").text == "Check your e-mail"
    seen = ask(visitor)

    assert visitor.status == 429
    assert 3500 < int(visitor.headers["retry-after"]) <= 3600
    assert "Try again in an hour" in seen.select_one("#email-error").text
    assert seen.select_one("#email")["value"] == "jo@camden.gov.uk"
    assert seen.select_one("#asking input[name=then]")["value"] == "/products"
    assert post.count() == 5
    ask(window())
    assert post.count() == 5, "another browser does not help"
    with later(minutes=61):
        assert ask(visitor).select_one("h1").text == "Check your e-mail"


def test_it_is_the_same_for_an_address_that_is_known_here(window, make, by_mail):
    by_mail(make.person(email="known@camden.gov.uk"))

    def told(email):
        browser = window()
        for _ in range(5):
            ask(browser, email)
        return browser.status, str(ask(browser, email).main).replace(email, "ADDRESS")

    assert told("known@camden.gov.uk") == told("unknown@camden.gov.uk")


def test_the_twenty_first_link_from_one_place_is_refused(visitor, post):
    for number in range(20):
        ask(visitor, f"jo{number}@camden.gov.uk")
    ask(visitor, "another@camden.gov.uk")
    assert visitor.status == 429
    assert post.count() == 20


def test_figures_cannot_be_typed_for_ever(window, post):
    for number in range(6):
        browser = window()
        ask(browser, f"jo{number}@camden.gov.uk")
        for _ in range(5):
            browser.post("/sign-in/link/sent", code=post.wrong())
            assert browser.status == 422
    browser = window()
    ask(browser, "last@camden.gov.uk")
    seen = browser.post("/sign-in/link/sent", code=post.code())
    assert browser.status == 429
    assert int(browser.headers["retry-after"]) > 0
    assert seen.select_one("#code")["value"] == post.code()
    assert post.newest().tries == 0


def test_the_hundred_and_twenty_first_search_in_a_minute_is_refused(visitor, later):
    for _ in range(120):
        visitor.client.get("/search?q=bins")
    seen = visitor.get("/search?q=bins")

    assert visitor.status == 429
    assert 0 < int(visitor.headers["retry-after"]) <= 60
    assert seen.select_one("h1").text == "Wait before you try again"
    assert "Try again in a minute" in seen.main.text
    assert visitor.client.get("/products").status_code == 200, "everything else goes on"
    with later(seconds=61):
        visitor.get("/search?q=bins")
        assert visitor.status == 200


def test_colleagues_behind_one_address_do_not_use_up_each_others_searches(signed_in, make):
    camden = make.authority("Camden")
    one, other = (signed_in(make.author(camden).person_id) for _ in range(2))
    for _ in range(121):
        one.client.get("/search?q=bins")
    assert one.client.get("/search?q=bins").status_code == 429
    assert other.client.get("/search?q=bins").status_code == 200


def test_each_application_begins_to_count_at_nothing(marketplace):
    for _ in range(2):
        with_counters_of_its_own = TestClient(build(marketplace), base_url=HERE)
        browser = Browser(with_counters_of_its_own, marketplace.engine)
        for _ in range(5):
            ask(browser)
            assert browser.status == 200
        browser.client.close()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_saying_that_one_is_elsewhere_does_not_help(visitor, post, header):
    for number in range(21):
        visitor.client.headers[header] = f"203.0.113.{number}"
        ask(visitor, f"jo{number}@camden.gov.uk")
    assert visitor.status == 429
