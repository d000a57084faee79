"""What another mail server says of a mail that it could not deliver (RFC 3464)."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message


@dataclass(frozen=True, slots=True)
class Bounce:
    message_id: str  # of the mail that came back
    why: str


def read(report: bytes) -> Bounce | None:
    """The bounce that a report tells of; None when it is no report, or one of mere delay."""
    parts = list(message_from_bytes(report, policy=policy.default).walk())
    failed = [
        about
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for about in _recipients(part)
        if str(about.get("Action", "")).strip().lower() == "failed"
    ]
    message_id = next(filter(None, map(_returned, parts[1:])), "")
    if not failed or not message_id:
        return None
    said = (failed[0].get("Status", ""), failed[0].get("Diagnostic-Code", ""))
    return Bounce(message_id, " ".join(" ".join(map(str, said)).split()))


def _recipients(part: Message) -> Iterator[Message]:
    """What stands there of each recipient; the first block is about the report itself."""
    yield from (one for one in _inside(part) if "Action" in one)


def _returned(part: Message) -> str:
    """The id of the mail, where the report gives it back whole or its headers alone."""
    given = part.get_content_type()
    if given == "text/rfc822-headers":
        headers = part.get_payload(decode=True)
        whole = [message_from_bytes(headers if isinstance(headers, bytes) else b"")]
    else:
        whole = _inside(part) if given == "message/rfc822" else []
    return str(whole[0].get("Message-ID", "")).strip() if whole else ""


def _inside(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []
