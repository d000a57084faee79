"""Mail that comes back is noted; an address that twice did gets no news until it works again."""

from email.message import EmailMessage

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.challenges.models import Stage
from marketplace.core.journal import Event
from marketplace.mail import actions, bouncing
from marketplace.notifications.models import Mail, MailStage
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb


def report(message_id: str, action: str = "failed", *, whole: bool = False) -> bytes:
    """What a mail server sends back (RFC 3464), with the mail itself or its headers alone."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return f"""From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: post@marketplace.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain

I could not deliver it.

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; amara@camden.gov.uk
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such mailbox

--=b
Content-Type: {kind}

From: LOTI Marketplace <post@marketplace.example>
Message-ID: {message_id}
Subject: Review

--=b--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def curator(make):
    return make.curator()


@pytest.fixture
def tell(office, marketplace, session, make, curator):
    """Something needs the curator; the mails that went out."""
    camden = make.authority("Camden")
    author = make.author(camden)

    def tell():
        session.rollback()
        challenge = make.challenge(camden, Stage.DRAFT)
        perform(marketplace.context(session, author), Verb.CHALLENGE_SUBMIT, challenge)
        session.commit()
        return office.send()

    return tell


@pytest.fixture
def comes_back(marketplace, session):
    def comes_back(message_id: str) -> bool:
        session.rollback()
        noted = actions.bounce(marketplace.context(session), message_id, "5.1.1 No such mailbox")
        session.commit()
        return noted

    return comes_back


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_of_a_mail_server_is_understood(whole):
    told = bouncing.read(report("<1@marketplace.example>", whole=whole))
    assert told
    assert told.message_id == "<1@marketplace.example>"
    assert told.why == "5.1.1 smtp; 550 5.1.1 No such mailbox"


def test_what_is_only_delayed_or_no_report_is_no_bounce():
    ordinary = EmailMessage()
    ordinary["Message-ID"] = "<1@marketplace.example>"
    ordinary.set_content("Out of office")
    assert bouncing.read(report("<1@x>", action="delayed")) is None
    assert bouncing.read(ordinary.as_bytes()) is None
    assert bouncing.read(b"\xff\x00 nonsense") is None
    assert bouncing.read(report("")) is None


def test_a_bounce_is_noted_and_shown_to_loti(tell, comes_back, session, browser, make):
    [mail] = tell()
    assert comes_back(mail["Message-ID"])
    assert comes_back(mail["Message-ID"]), "told twice does no harm"
    session.rollback()
    [row] = session.exec(select(Mail))
    assert row.stage is MailStage.BOUNCED
    assert len(session.exec(select(Event).where(Event.verb == Verb.MAIL_BOUNCE)).all()) == 1
    browser.as_(make.actor(make.loti(), Role.SUPPORT))
    assert "5.1.1 No such mailbox" in browser.get("/admin/mail").select_one("#unsent").text


def test_a_bounce_of_somebody_elses_mail_is_none_of_ours(comes_back):
    assert not comes_back("<1@elsewhere.example>")
    assert not comes_back("")


def test_the_command_notes_a_report(tell, session, type_in, tmp_path):
    [mail] = tell()
    file = tmp_path / "report.eml"
    file.write_bytes(report(mail["Message-ID"]))
    done = type_in("bounce", file)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("It is noted.\n")
    session.rollback()
    assert session.exec(select(Mail.stage)).one() == MailStage.BOUNCED
    assert (
        "nothing is noted" in type_in("bounce", "-", input=report("<1@elsewhere.example>")).stdout
    )
    wrong = type_in("bounce", "-", input=b"Subject: Hello\r\n\r\nHello")
    assert wrong.exit_code == 2
    assert "no report" in wrong.stderr


def test_an_address_that_came_back_twice_gets_no_news_until_its_person_says_that_it_works(
    tell, comes_back, session, browser, curator, office
):
    email = session.get_one(Person, curator.person_id).email
    for _ in range(2):
        [mail] = tell()
        comes_back(mail["Message-ID"])
    assert tell() == []

    seen = browser.as_(curator).get("/notifications")
    assert f"Mail to {email} comes back" in seen.main.text
    assert len(seen.select(".app-list__item")) == 3, "everything stands here instead"
    browser.post("/mail/confirm")
    assert browser.status == 200
    [letter] = office.send()
    assert letter["Subject"] == "Your address works: news comes here again"
    assert "comes back" not in browser.get("/notifications").main.text
    assert len(tell()) == 1
    browser.post("/mail/confirm")
    assert browser.status == 409


def test_when_the_confirmation_comes_back_too_it_stays_as_it_was(
    tell, comes_back, browser, curator, office
):
    for _ in range(2):
        [mail] = tell()
        comes_back(mail["Message-ID"])
    browser.as_(curator).post("/mail/confirm")
    [letter] = office.send()
    comes_back(letter["Message-ID"])
    assert tell() == []
    assert "comes back" in browser.get("/notifications").main.text


def test_once_is_not_enough(tell, comes_back, browser, curator):
    [mail] = tell()
    comes_back(mail["Message-ID"])
    assert len(tell()) == 1
    assert "comes back" not in browser.as_(curator).get("/notifications").main.text


def test_nobody_confirms_for_somebody_else(browser):
    browser.post("/mail/confirm")
    assert browser.status == 404
