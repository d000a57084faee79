"""When something is broken, people are told so in a page with a reference, and nothing else."""

from collections.abc import Iterator

import pytest
import structlog
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from marketplace.app import build
from marketplace.challenges.models import Stage
from marketplace.core import errors
from search.port import Unavailable
from tests.browser_of_pages import HERE, Browser, inspect

BROKEN = {
    "OperationalError": OperationalError("SELECT secret", {}, Exception("no route to db.internal")),
    "InterfaceError": InterfaceError("SELECT secret", {}, Exception("connection is closed")),
    "TimeoutError": TimeoutError("QueuePool limit of size 24 reached"),
}


@pytest.fixture
def client(marketplace) -> Iterator[TestClient]:
    app = build(marketplace)

    def broken() -> None:
        raise RuntimeError("the secret in the traceback")

    def refused(kind: str) -> None:
        raise getattr(errors, kind)("A sentence <b>about</b> it.")

    def down(kind: str) -> None:
        raise BROKEN[kind]

    app.add_api_route("/broken", broken)
    app.add_api_route("/refused", refused)
    app.add_api_route("/down", down)
    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    yield client
    client.close()


def page_of(answer) -> BeautifulSoup:
    page = BeautifulSoup(answer.text, "html.parser")
    inspect(page, str(answer.url))
    return page


def test_a_page_that_breaks_gives_a_reference_and_nothing_else(client):
    with structlog.testing.capture_logs() as logged:
        answer = client.get("/broken")
    page = page_of(answer)
    assert answer.status_code == 500
    assert page.h1.text == "Sorry, there is a problem with this service"
    reference = page.select_one(".app-reference").text
    failed = next(line for line in logged if line["event"] == "request.failed")
    assert reference == failed["request_id"] == answer.headers["x-request-id"]
    for secret in ("secret", "Traceback", "RuntimeError", ".py"):
        assert secret not in page.main.text


def test_a_part_that_breaks_is_told_in_place_of_the_page(client):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#progress"}
    answer = client.get("/broken", headers=headers)
    assert answer.status_code == 500
    assert answer.headers["hx-retarget"] == "#main"
    assert "<html" not in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("kind", BROKEN)
def test_without_a_database_the_service_is_unavailable_for_a_while(client, kind):
    answer = client.get(f"/down?kind={kind}")
    page = page_of(answer)
    assert answer.status_code == 503
    assert page.h1.text == "Sorry, the service is unavailable"
    assert page.select_one(".app-reference").text == answer.headers["x-request-id"]
    assert "Try again in a few minutes" in page.main.text
    assert "secret" not in answer.text
    assert "db.internal" not in answer.text


REFUSALS = {"NotFound": 404, "Forbidden": 403, "Conflict": 409, "TooLarge": 413, "Unavailable": 503}


@pytest.mark.parametrize(("kind", "status"), REFUSALS.items())
def test_a_refusal_is_a_sentence_and_a_status(client, kind, status):
    answer = client.get(f"/refused?kind={kind}")
    page = page_of(answer)
    assert answer.status_code == status
    assert page.h1.text == getattr(errors, kind).title
    hidden = status == 404  # what is hidden and what is absent say the same
    assert ("A sentence <b>about</b> it." in page.main.text) != hidden
    assert not page.main.select("b")


# ---- Without the search


@pytest.fixture
def without_search(marketplace, monkeypatch) -> None:
    def out(*_: object) -> None:
        raise Unavailable("The engine does not answer.")

    for name in ("find", "match", "count"):
        monkeypatch.setattr(marketplace.index, name, out)


@pytest.mark.usefixtures("without_search")
def test_without_the_search_every_page_still_answers(browser: Browser, make):
    camden, supplier = make.authority("Camden"), make.supplier()
    open_, draft = make.challenge(camden), make.challenge(camden, Stage.DRAFT)
    product = make.product(supplier)
    both = ["/", "/home", "/search?q=bins", "/products", "/products?q=bins", "/challenges"]
    both += ["/suppliers?q=bins", f"/challenges/{open_.id}", f"/challenges/{open_.id}/matches"]
    drafting = ["/challenges/new?title=bins", f"/challenges/{draft.id}/edit"]
    drafting += [f"/challenges/{draft.id}/edit/need"]
    for who, places in (
        (make.author(camden), [*both, *drafting]),
        (make.manager(supplier), [*both, f"/products/{product.id}/challenges"]),
        (make.curator(), [*both, "/admin"]),
    ):
        for place in places:
            browser.as_(who).get(place)
            assert browser.status == 200, place


@pytest.mark.usefixtures("without_search")
def test_a_page_whose_answer_the_search_has_says_that_it_is_out(browser: Browser, make):
    place = f"/challenges/{make.challenge(make.authority()).id}/matches"
    for url in ("/search?q=bins", place):
        assert "not available" in browser.get(url).main.text, url
