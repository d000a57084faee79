"""How a letter leaves: one port, and which of its three ways the settings choose."""

from typing import Protocol

from marketplace.mail.letters import Letter
from marketplace.settings import Settings

PATIENCE = 10  # seconds that a server may take to answer


class Refused(Exception):  # noqa: N818 - an answer: this letter will never be taken
    """The server does not take this letter, now or later; the text is what it said."""


class Trouble(Exception):  # noqa: N818 - an answer: this letter may be taken later
    """The letter could not be handed over now; the text says why."""


class Unreachable(Trouble):
    """The trouble is with the server, not with this letter: no other would fare better now."""


class Sender(Protocol):
    name: str

    def send(self, letter: Letter) -> str:
        """Hands a letter over; the id by which its bounce will name it."""


class Outbox:
    """The demo's way: nothing leaves. The words are kept, and shown on a page."""

    name = "The demo's outbox"

    def send(self, letter: Letter) -> str:
        return f"<{letter.id}@outbox.invalid>"


class Nobody:
    """What a marketplace has that was not told how to send: its mail waits."""

    name = "None is set"

    def send(self, letter: Letter) -> str:
        raise Unreachable("Neither SMTP_URL nor NOTIFY_KEY says how to send mail.")


def chosen(settings: Settings) -> Sender:
    # Here, because few processes send and none needs both.
    if settings.notify_key:
        from marketplace.mail.notify import Notify

        return Notify(settings.notify_url, settings.notify_key, settings.notify_template)
    if settings.smtp_url:
        from marketplace.mail.smtp import Smtp

        return Smtp(settings.smtp_url, settings.mail_from)
    return Outbox() if settings.demo else Nobody()
