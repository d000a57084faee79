"""What a stranger might try with the cookie, the host and the files of the marketplace."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from marketplace.accounts import actions
from marketplace.accounts.models import SignIn
from marketplace.app import build
from marketplace.challenges.models import Attachment
from marketplace.core import files
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from tests.browser_of_pages import HERE, Browser


@pytest.fixture
def client(marketplace) -> Iterator[TestClient]:
    client = TestClient(build(marketplace), base_url=HERE)
    yield client
    client.close()


def is_signed_in(client: TestClient, token: str) -> bool:
    page = client.get("/", headers={"Cookie": f"session={token}"})
    assert page.status_code == 200
    return 'action="/sign-out"' in page.text


@pytest.fixture
def token(make) -> str:
    """The token of a session that somebody at Camden has open."""
    who = make.author(make.authority("Camden"))
    token = actions.begin(make.session, who.person_id, now(), issuer="test")
    make.session.commit()
    return token


def test_whoever_holds_the_token_of_a_session_is_believed(client, token):
    assert is_signed_in(client, token)


def test_what_the_database_keeps_of_a_token_is_no_token(client, token, session):
    kept = session.exec(select(SignIn.token_hash)).one()
    assert token != kept
    assert not is_signed_in(client, kept)


def test_another_token_is_nobodys(client, token):
    for other in (token[:-1], "A" + token[1:], token + "A", token.swapcase()):
        assert not is_signed_in(client, other)


@pytest.mark.parametrize("value", ["", "garbage", "a.b.c", "%00", "x" * 5000])
def test_a_cookie_of_nonsense_is_nobodys(client, value):
    assert not is_signed_in(client, value)


@pytest.mark.usefixtures("token")
def test_a_token_as_the_hash_of_nothing_is_nobodys(client):
    assert not is_signed_in(client, "''")


def test_a_session_ends_when_it_is_not_used_for_half_a_day(client, token):
    with time_machine.travel(now() + timedelta(hours=11)):
        assert is_signed_in(client, token)  # and is seen, so it goes on from here
    with time_machine.travel(now() + timedelta(hours=22)):
        assert is_signed_in(client, token)
    with time_machine.travel(now() + timedelta(hours=35)):
        assert not is_signed_in(client, token)


def test_a_session_ends_after_a_week_however_much_it_is_used(client, token):
    for hours in range(0, 7 * 24, 11):
        with time_machine.travel(now() + timedelta(hours=hours)):
            assert is_signed_in(client, token)
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert not is_signed_in(client, token)


@pytest.mark.parametrize("kind", [Organisation, Person, Membership])
def test_what_is_suspended_is_out_at_its_next_request(client, token, session, kind):
    assert is_signed_in(client, token)
    session.exec(select(kind)).one().stage = Standing.SUSPENDED
    session.commit()
    assert not is_signed_in(client, token)


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/challenges", "/\\evil.example"])
def test_no_address_of_ours_leads_to_another_site(client, path):
    answer = client.request("GET", HERE + path, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "hx-redirect" not in answer.headers


@pytest.mark.parametrize(
    "name",
    [
        'bins"; filename="evil.exe.txt',
        "bins\r\nSet-Cookie: session=1.txt",
        "../../bins.txt",
        "<script>alert(1)</script>.txt",
        "Müll 🗑️.txt",
        "\u202etxt.exe.txt",
    ],
)
def test_a_document_is_a_download_whatever_it_is_called(marketplace, make, browser: Browser, name):
    kept = files.save(marketplace.files, BytesIO(b"Where the bins stand.\n"), "bins.txt")
    about = {"size": kept.size, "media_type": kept.media_type, "sha256": kept.sha256}
    challenge = make.challenge(make.authority("Camden"))
    document = make(Attachment(name=name, key=kept.key, challenge_id=challenge.id, **about))

    answer = browser.client.get(f"/challenges/{challenge.id}/files/{document.id}")

    assert answer.text == "Where the bins stand.\n"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert '"; filename="' not in answer.headers["content-disposition"]
    assert browser.get(f"/challenges/{challenge.id}").select("script:not([src])") == []
