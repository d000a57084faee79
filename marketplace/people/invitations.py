"""The link of an invitation: it carries which one and which sending, signed, so that nothing secret
is kept or journalled.
"""

from uuid import UUID

from auth.tokens import Signer
from marketplace.people.models import Invitation
from marketplace.settings import Settings

PURPOSE = "invitation"


def token(settings: Settings, invitation: Invitation) -> str:
    return Signer(settings.secret_key).sign(PURPOSE, invitation.id.hex, invitation.serial)


def address(settings: Settings, invitation: Invitation) -> str:
    """Where whoever was invited reads and accepts it; sending again makes an earlier one void."""
    return f"{settings.address}/invitations/{token(settings, invitation)}"


def read(settings: Settings, token: str) -> tuple[UUID, int] | None:
    """The invitation's id and the number of its sending; None of a token that is not ours."""
    match Signer(settings.secret_key).read(PURPOSE, token):
        case [str(id), int(serial)]:
            return UUID(hex=id), serial
    return None


def masked(email: str) -> str:
    """Such as "l…@camden.gov.uk": enough to recognise one's own, not enough to learn another's."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
