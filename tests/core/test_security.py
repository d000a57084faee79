"""What a stranger might try with the cookie, the host and the files of the marketplace."""

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from json import dumps

import pytest
from fastapi.testclient import TestClient
from itsdangerous import TimestampSigner
from sqlmodel import select

from marketplace.app import build
from marketplace.challenges.models import Attachment
from marketplace.core import files
from marketplace.organisations.models import Membership
from marketplace.settings import DEMO_SECRET
from tests.browser_of_pages import HERE, Browser


@pytest.fixture
def client(marketplace) -> Iterator[TestClient]:
    client = TestClient(build(marketplace), base_url=HERE)
    yield client
    client.close()


def cookie(secret: str, **session: object) -> str:
    return TimestampSigner(secret).sign(b64encode(dumps(session).encode())).decode()


def is_signed_in(client: TestClient, value: str) -> bool:
    page = client.get("/", headers={"Cookie": f"session={value}"})
    assert page.status_code == 200
    return 'action="/sign-out"' in page.text


def membership(make) -> str:
    make.author(make.authority("Camden"))
    return str(make.session.exec(select(Membership.id)).one())


def test_a_session_is_believed_when_we_signed_it(client, make):
    assert is_signed_in(client, cookie(DEMO_SECRET, membership=membership(make)))


def test_a_session_that_somebody_else_signed_is_nobodys(client, make):
    whose = membership(make)
    assert not is_signed_in(client, cookie("another secret", membership=whose))
    plain = b64encode(dumps({"membership": whose}).encode()).decode()
    assert not is_signed_in(client, plain)
    signed = cookie(DEMO_SECRET, membership=whose)
    assert not is_signed_in(client, "A" + signed[1:])
    assert not is_signed_in(client, signed[:-1])


@pytest.mark.parametrize("value", ["", "garbage", "a.b.c", "%00", "x" * 5000])
def test_a_cookie_of_nonsense_is_nobodys(client, value):
    assert not is_signed_in(client, value)


def test_a_member_who_is_gone_is_nobody(client):
    gone = "00000000-0000-0000-0000-000000000001"
    assert not is_signed_in(client, cookie(DEMO_SECRET, membership=gone))


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
