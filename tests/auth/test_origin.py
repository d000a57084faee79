"""A changing request that another site's page sent is refused, and nothing is changed."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from auth.origin import OriginCheck


@pytest.fixture
def client():
    def answer(_: Request) -> PlainTextResponse:
        return PlainTextResponse("done")

    routes = [Route(path, answer, methods=["GET", "POST", "DELETE"]) for path in ("/", "/script")]
    app = OriginCheck(Starlette(routes=routes), scriptable=["/script"])
    with TestClient(app, base_url="https://market.example") as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://market.example.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://market.example"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_it_is_refused(client, method, headers):
    answer = client.request(method, "/", headers=headers)
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://market.example"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_our_own_pages_may(client, headers):
    assert client.post("/", headers=headers).text == "done"


def test_reading_is_free(client):
    assert client.get("/", headers={"Origin": "https://evil.example"}).text == "done"


def test_only_a_client_that_is_no_browser_may_script_what_may_be_scripted(client):
    assert client.post("/script").text == "done"
    assert client.post("/script", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/script", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
