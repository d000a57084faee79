"""Mail is delayed by a server that refuses, hangs or is not there, and never lost or doubled."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event as Signal

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts import actions as accounts
from marketplace.app import build
from marketplace.core import outbox
from marketplace.core.outbox import Courier, Listener
from marketplace.core.times import now
from marketplace.mail import posting
from marketplace.mail.posting import LEASE, WAITS, post
from marketplace.mail.sending import Nobody, Unreachable
from marketplace.mail.smtp import Smtp
from marketplace.notifications.models import Mail, MailStage
from tests.browser_of_pages import HERE
from tests.mail.post import SENDER, text

WHO = "amara@camden.gov.uk"


@pytest.fixture
def ask(marketplace, session):
    """Somebody asks for a link; who it was."""

    def ask(email=WHO):
        session.rollback()
        accounts.ask(marketplace.context(session), email, "a browser", "")
        session.commit()
        outbox.deliver(marketplace.engine)

    return ask


@pytest.fixture
def mails(session):
    def mails() -> list[Mail]:
        session.rollback()
        return list(session.exec(select(Mail).order_by(Mail.email)))

    return mails


def test_a_refused_mail_is_shown_to_loti_and_tried_again_when_somebody_says_so(
    office, ask, mails, make, browser
):
    office.server.refuses[WHO] = "550 5.1.1 No such mailbox here"
    ask()
    assert office.send() == []
    [mail] = mails()
    assert (mail.stage, mail.error) == (MailStage.REFUSED, "550 5.1.1 No such mailbox here")
    with time_machine.travel(now() + timedelta(days=3)):
        assert office.send() == []
    assert office.server.asked == 1, "what is refused is not tried again by itself"

    browser.as_(make.actor(make.loti(), Role.SUPPORT))
    seen = browser.get("/admin/mail")
    assert "No such mailbox here" in seen.select_one("#unsent").text
    office.server.refuses.clear()
    browser.post(f"/admin/mail/{mail.id}/retry")
    assert browser.status == 200
    assert [one["To"] for one in office.send()] == [WHO]
    assert "none has come back" in browser.get("/admin/mail").text


def test_only_loti_sees_that_page_and_only_its_support_has_mail_tried_again(
    office, ask, mails, make, browser
):
    office.server.refuses[WHO] = "550 No"
    ask()
    office.send()
    [mail] = mails()
    browser.as_(make.author(make.authority())).get("/admin/mail")
    assert browser.status == 404
    browser.post(f"/admin/mail/{mail.id}/retry")
    assert browser.status == 404
    browser.as_(make.curator())
    assert not browser.get("/admin/mail").select("#unsent form")
    browser.post(f"/admin/mail/{mail.id}/retry")
    assert browser.status == 403


def test_a_server_that_asks_for_patience_gets_it_longer_and_longer(office, ask, mails):
    office.server.refuses[WHO] = "451 4.7.1 Try again later"
    ask()
    waits, moment = [], now()
    for _ in range(len(WAITS) + 2):
        with time_machine.travel(moment, tick=False):
            office.post()
            [mail] = mails()
            if mail.stage is MailStage.QUEUED:
                waits.append(mail.due_at - moment)
                moment = mail.due_at
    # The link itself lasts for a quarter of an hour: then there is nothing to send any more.
    assert waits == [timedelta(seconds=s) for s in (10, 60, 300, 1800)]
    assert mail.stage is MailStage.DROPPED


def test_the_waits_grow_to_a_day_and_never_end():
    assert list(WAITS) == sorted(WAITS)
    assert WAITS[-1] == timedelta(days=1)


def test_mail_to_one_who_is_busy_does_not_hold_up_the_others(office, ask, mails):
    office.server.refuses["a@example.org"] = "452 4.2.2 Mailbox full"
    ask("a@example.org")
    ask("b@example.org")
    assert [one["To"] for one in office.send()] == ["b@example.org"]
    assert [one.stage for one in mails()] == [MailStage.QUEUED, MailStage.SENT]


def test_while_nobody_answers_only_one_is_tried_a_round(marketplace, ask, mails):
    ask("a@example.org")
    ask("b@example.org")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    sender = Smtp(f"smtp://127.0.0.1:{port}", SENDER)
    assert post(marketplace.engine, marketplace.context, sender) == 0
    tried = [one for one in mails() if one.attempts]
    assert len(tried) == 1
    assert "refused" in tried[0].error


def test_after_the_server_is_back_everything_arrives(office, ask, marketplace):
    ask("a@example.org")
    ask("b@example.org")
    gone = partial(post, marketplace.engine, marketplace.context, Nobody())
    for _ in range(3):
        gone()
    with time_machine.travel(now() + timedelta(minutes=10)):
        assert {one["To"] for one in office.send()} == {"a@example.org", "b@example.org"}


def test_a_link_leaves_at_once(office):
    """As in a running marketplace: a browser asks, and all the rest happens by itself."""
    with TestClient(build(office.marketplace), base_url=HERE) as client:
        began = time.monotonic()
        asked = client.post("/sign-in/link", data={"email": WHO}, headers={"Origin": HERE})
        assert asked.status_code == 200
        _until(lambda: office.server.received)
        took = time.monotonic() - began
    assert [one["To"] for one in office.server.received] == [WHO]
    assert took < 30, "it did not wait for the next minute"


def test_a_server_that_hangs_holds_up_neither_pages_nor_other_listeners(
    marketplace, office, ask, mails, browser
):
    heard, before = [], list(outbox.LISTENERS.values())
    outbox.register(*before, Listener("other", lambda _, event: heard.append(event.id)))
    office.server.hangs = True
    work = partial(
        post, marketplace.engine, marketplace.context, Smtp(office.server.url, SENDER, patience=30)
    )
    courier = Courier(marketplace.engine, beside={"mail": work})
    try:
        ask()
        courier.start()
        _until(lambda: office.server.asked)  # it is in the middle of handing the letter over
        before_that = len(heard)
        ask("b@example.org")  # delivers to the other listener as well
        courier.wake()
        _until(lambda: len(heard) > before_that)
        assert browser.client.get("/challenges").status_code == 200
        changing = browser.client.post("/mail/confirm", headers={"Origin": HERE})
        assert changing.status_code == 404, "it got the lock of a writer"
        assert MailStage.SENT not in [one.stage for one in mails()]
        office.server.hangs = False
        _until(lambda: len(office.server.received) == 2)
    finally:
        office.server.hangs = False
        courier.stop()
        outbox.register(*before)
    assert {one["To"] for one in office.server.received} == {WHO, "b@example.org"}


def test_patience_ends(office, ask, marketplace, mails):
    office.server.hangs = True
    ask()
    sender = Smtp(office.server.url, SENDER, patience=0.3)
    assert post(marketplace.engine, marketplace.context, sender) == 0
    assert "timed out" in mails()[0].error


def test_a_server_that_answers_a_little_all_the_time_does_not_keep_us(marketplace, ask, mails):
    over = Signal()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            while not over.wait(0.1):
                try:
                    connection.sendall(b"220-Wait\r\n")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        ask()
        sender = Smtp(
            f"smtp://127.0.0.1:{server.getsockname()[1]}", SENDER, patience=2, longest=0.6
        )
        began = time.monotonic()
        assert post(marketplace.engine, marketplace.context, sender) == 0
        took = time.monotonic() - began
        over.set()
        thread.join()
    assert took < 30
    assert mails()[0].error


def test_after_a_crash_between_sending_and_marking_it_is_sent_again_under_the_same_id(
    office, ask, marketplace, mails
):
    class Dies:
        name = "dies"

        def send(self, letter):
            Smtp(office.server.url, SENDER).send(letter)
            raise KeyboardInterrupt

    ask()
    with pytest.raises(KeyboardInterrupt):
        post(marketplace.engine, marketplace.context, Dies())
    assert office.send() == [], "another process may be at it: the lease still holds"
    with time_machine.travel(now() + LEASE, tick=False):
        office.send()
    assert mails()[0].stage is MailStage.SENT
    first, second = office.server.received
    assert first["Message-ID"] == second["Message-ID"]


def test_two_at_once_send_each_mail_once(office, ask, marketplace):
    for number in range(12):
        ask(f"{number}@example.org")
    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(lambda _: office.post(), range(3)))
    assert sum(sent) == 12
    assert len({one["To"] for one in office.server.received}) == 12
    assert len(office.server.received) == 12


def test_words_that_cannot_be_made_hold_up_no_other_mail(office, ask, monkeypatch, mails):
    ask("a@example.org")
    ask("b@example.org")
    words = posting.writing.words

    def fails_for_one(ctx, mail):
        if mail.email == "a@example.org":
            raise LookupError("a mistake of ours")
        return words(ctx, mail)

    monkeypatch.setattr(posting.writing, "words", fails_for_one)
    assert [one["To"] for one in office.send()] == ["b@example.org"]
    assert "a mistake of ours" in mails()[0].error


def test_a_link_to_sign_in_goes_before_news(office, ask, marketplace, make, session, mails):
    make(Mail(purpose="digest", about_id=make.person().id, email="x@y.example", due_at=now()))
    ask()
    order = []

    class Notes:
        name = "notes"

        def send(self, letter):
            order.append(letter.to)
            raise Unreachable("no")

    post(marketplace.engine, marketplace.context, Notes())
    assert order == [WHO]


def test_outside_the_demo_the_words_are_not_kept(office, ask, mails):
    ask()
    office.send()
    assert "figures" in mails()[0].text

    real = office.set(
        demo=False,
        public_url="https://here",
        secret_key="k" * 40,
        seal_key="s" * 40,
        oidc_providers=[PROVIDER],
    )
    ask("b@example.org")
    [mail] = real.send()
    assert "figures" in text(mail)
    [_, kept] = mails()
    assert (kept.stage, kept.subject, kept.text, kept.html) == (MailStage.SENT, "", "", "")


PROVIDER = {
    "slug": "camden",
    "title": "Microsoft (Camden)",
    "issuer": "https://login.example",
    "client_id": "us",
    "client_secret": "a key of ours",
}


def test_a_log_names_no_address(office, ask, capsys):
    office.server.refuses[WHO] = f"550 No mailbox {WHO}"
    ask()
    office.send()
    ask("b@example.org")
    office.server.answer = "451 b@example.org is busy"
    office.send()
    said = capsys.readouterr()
    assert "mail.over" in said.out + said.err
    assert "@" not in said.out + said.err


def _until(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
