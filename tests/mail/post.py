"""A mail server that receives, refuses or hangs, and what a test needs to send mail through it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from marketplace.app import Marketplace
from marketplace.app import post as posting
from marketplace.core.outbox import deliver
from marketplace.mail import owing
from marketplace.settings import Settings
from tests.services import free_port

SENDER = "LOTI Marketplace <post@marketplace.example>"


@dataclass
class Server:
    """A real SMTP server on loopback, in a thread of its own."""

    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    received: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)  # by address, what it answers
    answer: str = "250 Taken"
    hangs: bool = False
    asked: int = 0  # how often somebody wanted to hand something over

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, to: str, ___: Any) -> str:  # noqa: N802
        self.asked += 1
        if to in self.refuses:
            return self.refuses[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        while self.hangs:  # noqa: ASYNC110 - it is set in another thread
            await asyncio.sleep(0.05)
        if self.answer.startswith("2"):
            made = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(made, EmailMessage)
            self.received.append(made)
        return self.answer

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def controller(self, **more: Any) -> Controller:
        return Controller(self, hostname=self.host, port=self.port, **more)


def ended(controller: Controller) -> None:
    """Stops a server without leaving a connection open behind it."""
    loop = controller.loop

    async def quiet() -> None:
        others = asyncio.all_tasks(loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    with suppress(RuntimeError):
        asyncio.run_coroutine_threadsafe(quiet(), loop).result(timeout=10)
    controller.stop()


@dataclass
class Office:
    """A marketplace that sends its mail through the server."""

    server: Server
    marketplace: Marketplace

    def set(self, **settings: Any) -> "Office":
        """The same with other settings."""
        made = Settings(**(self.marketplace.settings.model_dump() | settings))
        return replace(self, marketplace=replace(self.marketplace, settings=made))

    @property
    def post(self) -> Callable[[], int]:
        return posting(self.marketplace)

    def send(self) -> list[EmailMessage]:
        """Does what the courier does: tells the news, puts what is due into mails, sends them; the
        mails that arrived meanwhile.
        """
        before = len(self.server.received)
        deliver(self.marketplace.engine)
        owing.owe(self.marketplace.engine, self.marketplace.context)
        self.post()
        return self.server.received[before:]


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())


def link(mail: EmailMessage) -> str:
    """The one link that a mail is about."""
    lines = text(mail).splitlines()
    return next(line for line in lines if line.startswith("http"))
