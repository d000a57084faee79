"""What every answer gets, whatever it is: a request id and the headers that keep a browser safe."""

import re
from collections.abc import Iterator

import pytest
import structlog
from fastapi.testclient import TestClient

from auth.actor import VISITOR
from marketplace.app import assemble, build
from marketplace.core.middleware import SAFETY
from marketplace.settings import Settings
from tests.browser_of_pages import HERE

ANSWERS = {
    "a page": ("GET", "/", 200),
    "a part": ("GET", "/authorities", 200),
    "JSON": ("GET", "/health", 200),
    "a style sheet": ("GET", "/assets/look.css", 200),
    "no such page": ("GET", "/nowhere", 404),
    "no such thing": ("GET", "/challenges/garbage", 404),
    "another method": ("POST", "/help", 405),
    "not permitted": ("POST", "/challenges", 422),
    "from another site": ("POST", "/sign-out", 403),
    "too large": ("POST", "/challenges", 413),
    "broken": ("GET", "/broken", 500),
}
MB = 1_000_000
SENT = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def client(tmp_path, new_database) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=tmp_path, database_url=new_database(), file_limit=100_000, import_limit=2 * MB
    )
    made = assemble(settings)
    app = build(made)

    def broken() -> None:
        raise RuntimeError("the secret of the broken page")

    app.add_api_route("/broken", broken)
    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    yield client
    client.close()
    made.close()


def ask(client: TestClient, method: str, url: str, status: int) -> object:
    headers = {} if status == 403 or method == "GET" else SENT
    content = b"x" * 2 * MB if status == 413 else b""
    return client.request(method, url, headers=headers, content=content)


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_has_the_headers_that_keep_a_browser_safe(client, what):
    answer = ask(client, *ANSWERS[what])
    assert answer.status_code in (ANSWERS[what][2], 403 if what == "not permitted" else 0)
    for name, value in SAFETY.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"]
    assert re.fullmatch("[0-9a-f]{12}", answer.headers["x-request-id"])


def test_the_content_policy_lets_nothing_in_from_elsewhere(client):
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in client.get("/").headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert not any("unsafe" in source or "*" in source for source in policy.values())


def test_every_request_has_an_id_of_its_own_which_is_logged_without_what_was_typed(client):
    with structlog.testing.capture_logs() as logged:
        answers = [client.get("/challenges/garbage?q=secret") for _ in range(3)]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == 3
    assert [line["request_id"] for line in logged if line["event"] == "request"] == ids
    assert {line["route"] for line in logged} == {"/challenges/{id}"}
    assert "secret" not in str(logged)


def test_a_request_id_from_outside_is_not_taken_over(client):
    answer = client.get("/", headers={"X-Request-Id": "mine\r\nEvil: 1"})
    assert re.fullmatch("[0-9a-f]{12}", answer.headers["x-request-id"])


def test_pages_are_for_one_reader_and_assets_for_everybody(client):
    assert client.get("/").headers["cache-control"] == "private, no-cache"
    page = client.get("/").text
    address = re.search(r'href="(/assets/look\.css\?v=[0-9a-f]+)"', page)
    assert address
    assert "immutable" in client.get(address[1]).headers["cache-control"]


# ---- Over HTTPS


def test_behind_https_cookies_are_for_this_host_and_nothing_goes_without(tmp_path, new_database):
    settings = Settings(
        data_dir=tmp_path, database_url=new_database(), public_url="https://market.example"
    )
    made = assemble(settings)
    with TestClient(build(made), base_url="https://market.example") as client:
        answer = client.get("/")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        client.app.state.who = _flashing
        cookie = client.get("/").headers.get("set-cookie", "")
    assert cookie.startswith("__Host-page=")
    assert all(one in cookie.lower() for one in ("secure", "httponly", "samesite=lax", "path=/"))


def _flashing(request, session):
    request.session["something"] = "kept"
    return VISITOR


def test_without_https_nobody_is_told_to_insist_on_it(client):
    assert "strict-transport-security" not in client.get("/").headers


# ---- How much may be sent


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000


@pytest.mark.parametrize("url", ["/challenges", "/demo/sign-in"])
@pytest.mark.parametrize("says", ["its size", "nothing", "too little"])
def test_a_body_that_is_too_large_is_refused(client, url, says):
    size = {"its size": str(MB + 200_000), "too little": "10"}
    headers = {"Content-Length": size[says]} if says in size else {}
    answer = client.post(url, content=pieces(MB + 200_000), headers=SENT | headers)
    assert answer.status_code == 413
    assert "The file is too large" in answer.text


def test_where_files_are_read_in_more_may_be_sent(client):
    headers = {"Origin": HERE, "Content-Type": "multipart/form-data; boundary=x"}
    large = client.post("/notices/import", content=pieces(3 * MB), headers=headers)
    smaller = client.post("/notices/import", content=pieces(MB + 500_000), headers=headers)
    assert large.status_code == 413
    assert smaller.status_code != 413
