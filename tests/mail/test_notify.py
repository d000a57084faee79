"""GOV.UK Notify as the sender: what we ask of it, and how its answers are understood."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlmodel import select

from marketplace.accounts import actions as accounts
from marketplace.app import build
from marketplace.core.outbox import deliver
from marketplace.core.times import now
from marketplace.mail.letters import Words, drawn
from marketplace.mail.notify import Notify, plain
from marketplace.mail.sending import Refused, Trouble, Unreachable
from marketplace.notifications.models import Mail, MailStage
from tests.browser_of_pages import HERE

SERVICE, SECRET, TEMPLATE = (str(uuid4()) for _ in range(3))
KEY = f"our-key-{SERVICE}-{SECRET}"
TOKEN = "what Notify shows us"  # noqa: S105 - in tests


class Notifies:
    """Answers as Notify does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict, dict]] = []
        self.answer: tuple[int, object] = (201, {"id": "their-id"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.path, dict(self.headers), body))
                status, said = outer.answer
                answer = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def notifies() -> Iterator[Notifies]:
    made = Notifies()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def letter(**more):
    words = Words("A subject", "You get this because.", ("A line",), **more)
    return drawn(words, uuid4(), "amara@camden.gov.uk", HERE)


def test_a_letter_goes_with_our_words_under_a_key_of_the_moment(notifies):
    made = letter(unsubscribe="https://here.example/unsubscribe/x", ends="News")
    assert Notify(notifies.url, KEY, TEMPLATE).send(made) == "their-id"

    [(path, headers, body)] = notifies.asked
    assert path == "/v2/notifications/email"
    assert body == {
        "email_address": "amara@camden.gov.uk",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "A subject", "body": made.text},
        "reference": str(made.id),
        "one_click_unsubscribe_url": "https://here.example/unsubscribe/x",
    }
    token = jwt.decode(headers["Authorization"].removeprefix("Bearer "), OctKey.import_key(SECRET))
    assert token.header == {"typ": "JWT", "alg": "HS256"}
    assert token.claims["iss"] == SERVICE
    assert abs(token.claims["iat"] - now().timestamp()) < 30


def test_what_somebody_typed_does_not_become_a_link_under_other_words():
    assert "](" not in plain("[Sign in](https://evil.example)")


def said(message: str, kind: str = "BadRequestError") -> dict:
    return {"status_code": 400, "errors": [{"error": kind, "message": message}]}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((400, said("email_address Not a valid email address", "ValidationError")), Refused),
        ((400, said("Can't send to this recipient using a team-only API key")), Trouble),
        ((400, said("Missing personalisation: body")), Trouble),
        ((403, said("Invalid token: API key not found", "AuthError")), Unreachable),
        ((429, said("Exceeded rate limit", "RateLimitError")), Unreachable),
        ((500, said("Internal server error", "Exception")), Unreachable),
        ((201, {"no": "id"}), Unreachable),
        ((200, b"<html>Bad gateway</html>"), Unreachable),
        ((201, []), Unreachable),
    ],
)
def test_its_answers_are_understood(notifies, answer, kind):
    notifies.answer = answer
    with pytest.raises((Refused, Trouble)) as why:
        Notify(notifies.url, KEY, TEMPLATE).send(letter())
    assert type(why.value) is kind


def test_when_it_does_not_answer_mail_waits(notifies):
    url = notifies.url
    notifies.server.server_close()
    with pytest.raises(Unreachable):
        Notify(url, KEY, TEMPLATE).send(letter())


@pytest.fixture
def sent(office, marketplace, session, notifies):
    """A letter that went through Notify, and the marketplace that listens to what became of it."""
    ours = office.set(
        notify_key=KEY,
        notify_template=TEMPLATE,
        notify_url=notifies.url,
        notify_callback_token=TOKEN,
    )
    accounts.ask(marketplace.context(session), "amara@camden.gov.uk", "a browser", "")
    session.commit()
    deliver(marketplace.engine)
    assert ours.post() == 1
    client = TestClient(build(ours.marketplace), base_url=HERE)
    yield client
    client.close()


def report(client, status, shown=TOKEN, id="their-id"):
    body = {"id": id, "reference": "ours", "to": "amara@camden.gov.uk", "status": status}
    return client.post("/mail/notify", json=body, headers={"Authorization": f"Bearer {shown}"})


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("delivered", MailStage.SENT),
        ("permanent-failure", MailStage.BOUNCED),
        ("temporary-failure", MailStage.BOUNCED),
        ("technical-failure", MailStage.BOUNCED),
    ],
)
def test_what_it_reports_is_noted(sent, session, status, stage):
    assert report(sent, status).status_code == 204
    assert session.exec(select(Mail.stage)).one() == stage


def test_only_it_can_report(sent, session, marketplace):
    assert report(sent, "permanent-failure", shown="a guess").status_code == 403
    assert sent.post("/mail/notify", json={"id": "x", "status": "y"}).status_code == 403
    unset = TestClient(build(marketplace), base_url=HERE)
    assert report(unset, "permanent-failure", shown="").status_code == 404
    unset.close()
    assert session.exec(select(Mail.stage)).one() == MailStage.SENT


def test_nonsense_and_strangers_mail_change_nothing(sent, session):
    assert report(sent, "permanent-failure", id="not ours").status_code == 204
    assert sent.post("/mail/notify", content=b"{").status_code in (403, 404)
    assert session.exec(select(Mail.stage)).one() == MailStage.SENT
