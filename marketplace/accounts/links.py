"""A link by e-mail: what stands in it.

The link carries the id of its row and our signature; the six figures follow from the id and our
key. So neither has to be kept, and both can be made at the moment when the mail is sent.
"""

from uuid import UUID

from auth import tokens
from marketplace.accounts.models import MailLink
from marketplace.settings import Settings

LINK, CODE = "mail-link", "mail-code"  # what we sign
TRIES = 5  # at the six figures


def address(settings: Settings, link: MailLink) -> str:
    """What the mail links to. Opening it changes nothing: there is a button to press."""
    token = tokens.Signer(settings.secret_key).sign(LINK, str(link.id))
    return f"{settings.address}/sign-in/link/{token}"


def code(settings: Settings, link: MailLink) -> str:
    """The six figures for the page that the browser waits at, where the mail is read elsewhere."""
    return tokens.Signer(settings.secret_key).six_figures(CODE, str(link.id))


def id_of(settings: Settings, token: str) -> UUID | None:
    """The link that a token of ours is for; None of what we did not sign."""
    parts = tokens.Signer(settings.secret_key).read(LINK, token)
    return UUID(str(parts[0])) if parts else None
