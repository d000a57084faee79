"""Letters by SMTP: how a letter becomes a message, and how a server's answers are understood."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from marketplace.core.times import now
from marketplace.mail.letters import Letter
from marketplace.mail.sending import PATIENCE, Refused, Trouble, Unreachable

LONGEST = 60  # seconds for one letter, however busy the server keeps us
GREETING = 220
FOR_GOOD = 500  # from here on a server's answers are final


class _Whole(UnstructuredHeader):
    """A header of addresses. Folding would encode a long one, and no mail program could read it."""

    name: str  # the header's, which the registry gives it

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # made one there
POLICY = policy.SMTP.clone(header_factory=_headers)


def message(letter: Letter, sender: str) -> EmailMessage:
    """The message. A value with a line end in it raises ValueError: nobody can add a header."""
    name, address = parseaddr(sender)
    made = EmailMessage(policy=POLICY)
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = now()
    made["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        made.add_attachment(
            letter.calendar.decode(),
            subtype="calendar",
            params={"method": "PUBLISH"},
            filename="deadline.ics",
        )
    return made


class Smtp:
    """A server such as smtp://name:password@host:587?starttls=1 or smtps://host."""

    name = "SMTP"

    def __init__(
        self, url: str, sender: str, patience: float = PATIENCE, longest: float = LONGEST
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._starttls = parse_qs(parts.query).get("starttls") == ["1"]
        self._port = parts.port or (465 if self._tls else 587 if self._starttls else 25)
        self._login = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._patience, self._longest = sender, patience, longest

    def send(self, letter: Letter) -> str:
        try:
            made = message(letter, self._sender)
        except (ValueError, IndexError, MessageError) as why:
            raise Refused(f"The letter cannot be written: {why}") from why
        try:
            with self._connected() as server:
                self._hand_over(server, made, letter.to)
        except smtplib.SMTPResponseException as why:  # it greets us, or knows our name, not at all
            raise Unreachable(_said(why.smtp_code, why.smtp_error)) from why
        except (smtplib.SMTPException, OSError, ValueError) as why:
            raise Unreachable(f"{type(why).__name__}: {why}") from why
        return str(made["Message-ID"])

    def _hand_over(self, server: smtplib.SMTP, made: EmailMessage, to: str) -> None:
        try:
            server.send_message(made, parseaddr(self._sender)[1], [to])
        except smtplib.SMTPRecipientsRefused as why:
            code, said = next(iter(why.recipients.values()))
            raise _refusal(code, said) from why
        except smtplib.SMTPDataError as why:
            raise _refusal(why.smtp_code, why.smtp_error) from why
        except smtplib.SMTPNotSupportedError as why:
            raise Refused(f"The server cannot write to such an address: {why}") from why

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        checked = ssl.create_default_context()
        us = parseaddr(self._sender)[1].rpartition("@")[2]  # or it would ask the network who we are
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(local_hostname=us, timeout=self._patience, context=checked)
            if self._tls
            else smtplib.SMTP(local_hostname=us, timeout=self._patience)
        )
        # A server that answers a little all the time would keep us for ever.
        watch = threading.Timer(self._longest, _hang_up, (server,))
        watch.daemon = True
        watch.start()
        try:
            server._host = self._host  # type: ignore[attr-defined]  # whose certificate it has to be
            code, said = server.connect(self._host, self._port)
            if code != GREETING:
                raise smtplib.SMTPConnectError(code, said)
            if self._starttls:
                server.starttls(context=checked)
            if self._login[0]:
                server.login(*self._login)
            yield server
            with suppress(smtplib.SMTPException, OSError):  # it has taken the letter already
                server.quit()
        finally:
            watch.cancel()
            server.close()


def _hang_up(server: smtplib.SMTP) -> None:
    if server.sock:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _refusal(code: int, answer: bytes | str) -> Refused | Trouble:
    kind = Refused if code >= FOR_GOOD else Trouble
    return kind(_said(code, answer))


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"
