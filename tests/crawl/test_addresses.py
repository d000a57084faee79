"""Whatever is typed into an address: a page, or a page that says it is not there."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from marketplace.discovery.finding import ALL
from tests.crawl.people import PEOPLE
from tests.crawl.places import places
from tests.crawl.routes import api_routes, find, to_get, to_post

# As they stand in an address: no id, no number, no choice, no cursor of any list.
GARBAGE = (
    "",
    "garbage",
    "0",
    "-1",
    "1.5",
    "abc",
    "99999",
    "1e9999",
    "9" * 400,
    "null",
    "%00",
    "%ED%A0%80",  # a lone surrogate
    "%FF%FE",  # no UTF-8
    "%F0%9F%92%A5",
    "%E2%80%AE%D7%A9%D7%9C%D7%95%D7%9D",  # right to left
    "00000000-0000-0000-0000-000000000000",
    str(UUID(int=2**128 - 1)),
    "2026-11-23T09:00:00Z",
    "..%2F..%2Fetc%2Fpasswd",
    "'%20OR%201=1%20--",
    "%22%20AND%20NEAR(*",
)
HERE_OR_NOT = (200, 404)


def asked_for(route: APIRoute) -> set[str]:
    """What a route reads of an address behind the question mark."""

    def names(dependant: Dependant) -> Iterator[str]:
        for param in dependant.query_params:
            annotation: Any = param.field_info.annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield from annotation.model_fields
            else:
                yield param.alias
        for inner in dependant.dependencies:
            yield from names(inner)

    return set(names(route.dependant))


LISTS = {f"/{kind}s" if kind else "/search": scope for kind, scope in ALL.items()}
OF_LISTS = {  # what lists read of an address; what several read alike is tried at one of them
    name: path
    for path, scope in LISTS.items()
    for name in (
        *("q", "kind", "sort", "page", "after"),
        *(one.name for one in (*scope.filters, *scope.days)),
    )
}
QUESTIONS = sorted(
    {
        *((path, name) for name, path in OF_LISTS.items()),
        *(
            (route.path, name)
            for route in api_routes()
            if "GET" in route.methods
            for name in asked_for(route)
        ),
    }
)


@pytest.fixture(scope="module")
def clients(standing, arrive):
    return {person: arrive(standing, person).client for person in PEOPLE}


def first_place(path: str, landmarks: Any) -> tuple[str, str]:
    """Somebody who may ask there, and an address of the route that has something to show."""
    route = next(one for one in to_get() if one.path == path)
    stage = "listed" if path.startswith("/products") else "draft" if "edit" in path else "open"
    about = [place for place in places(route, landmarks) if place.stage == stage]
    sellers = path.startswith(("/products", "/claims"))
    person = "supplier-one" if sellers else "camden-buyer"
    if about:
        return person, about[0].url
    standing_alone = {"/authorities/{id}": "/authorities", "/suppliers/{id}": "/suppliers"}
    return person, standing_alone.get(path, path)


def test_the_questions_are_found_in_the_routes():
    assert {"q", "page", "after", "stage", "since", "cpv"} <= {name for _, name in QUESTIONS}
    assert len(QUESTIONS) > 30


def is_answered(client: TestClient, url: str, question: str) -> bool:
    """It is there or not. Where nobody of this kind may come at all, it says the same as without
    the question.
    """
    status = client.get(f"{url}?{question}").status_code
    return status in HERE_OR_NOT or status == client.get(url).status_code == 403


@pytest.mark.parametrize(("path", "name"), QUESTIONS)
def test_a_question_that_cannot_be_is_answered_or_not_there(clients, landmarks, path, name):
    person, url = first_place(path, landmarks)
    for garbage in GARBAGE:
        assert is_answered(clients[person], url, f"{name}={garbage}"), (name, garbage)
        twice = f"{name}={garbage}&{name}=second"
        assert is_answered(clients[person], url, twice), (name, garbage)


@pytest.mark.parametrize("route", to_get(), ids=lambda route: route.path)
def test_an_id_that_cannot_be_is_not_there(clients, landmarks, route):
    if "{" not in route.path:
        assert find("GET", route.path)
        return
    given = {place.url for place in places(route, landmarks)} or {route.path}
    for garbage in (*GARBAGE, "%20", "x" * 3000):
        if not garbage:
            continue
        for name in ("{id}", "{section}", "{attachment_id}"):
            if name not in route.path:
                continue
            url = route.path.replace(name, garbage)
            if "{" in url:
                id = next(iter(given)).split("/")[2]
                url = url.replace("{id}", id).replace("{section}", "need")
                url = url.replace("{attachment_id}", id)
            status = clients["loti-admin"].get(url).status_code
            # without an id in it, "/products/…" may be the address of something else
            assert status == 404 or find("GET", url) != route, (url, status)


@pytest.mark.parametrize("route", to_post(), ids=lambda route: route.path)
def test_nothing_is_sent_to_an_id_that_cannot_be(clients, route):
    if "{id}" not in route.path:
        assert find("POST", route.path)
        return
    for garbage in ("garbage", "%00", "%ED%A0%80", "0", str(UUID(int=0))):
        url = route.path.replace("{id}", garbage).replace("{section}", "need")
        url = url.replace("{attachment_id}", garbage)
        client = clients["loti-admin"]
        answer = client.post(url, headers={"Origin": "http://testserver"})
        assert answer.status_code in (404, 405, 422), (url, answer.status_code)


@pytest.mark.parametrize("url", ["/nowhere", "/challenges/x/y/z", "/assets/x", "/assets/../app.py"])
def test_an_address_that_nobody_answers_says_so(clients, url):
    assert clients["visitor"].get(url).status_code == 404


def test_the_wrong_method_is_refused(clients):
    for route in to_get():
        if "{" not in route.path and not find("POST", route.path):
            answer = clients["visitor"].post(route.path, headers={"Origin": "http://testserver"})
            assert answer.status_code == 405, route.path


TEXTS = st.text(max_size=40)


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.sampled_from(QUESTIONS), typed=TEXTS)
def test_any_text_may_be_asked_for(clients, landmarks, place, typed):
    person, url = first_place(place[0], landmarks)
    asked = quote(typed.encode("utf-8", "surrogatepass"))
    assert is_answered(clients[person], url, f"{place[1]}={asked}")
