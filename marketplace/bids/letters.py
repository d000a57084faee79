"""Letters to a bidder. They wait sealed, because who gets a receipt has submitted a bid."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from marketplace.bids import queries
from marketplace.bids.boxes import Box
from marketplace.bids.models import SealedLetter
from marketplace.clarifications.models import Clarification
from marketplace.core.context import Context
from marketplace.core.sealing import Seal, seal
from marketplace.core.times import when
from marketplace.organisations.models import Person

Said = Mapping[str, Any]
Writes = Callable[[Context, Box], Said]


def receipt(ctx: Context, box: Box) -> Said:
    bid = box.bid
    return _said(
        ctx,
        box,
        f"We have your bid: {bid.tender.called}",
        f"{ctx.actor.organisation_name} submitted bid {bid.reference} for {bid.tender.called} on "
        f"{_exactly(bid.submitted_at)}.",
        f"Its fingerprint (SHA-256): {bid.fingerprint}",
        f"You can change or withdraw it until {_closes(box)}. The last complete version counts.",
        "It is sealed. Nobody but your colleagues can read it, or learn that it exists, before it "
        "is opened.",
    )


def confirmed(ctx: Context, box: Box) -> Said:
    bid = box.bid
    return _said(
        ctx,
        box,
        f"Your bid is confirmed: {bid.tender.called}",
        f"Bid {bid.reference} answers the tender as it was amended. You confirmed it on "
        f"{_exactly(bid.submitted_at)}.",
        f"Its fingerprint (SHA-256): {bid.fingerprint}",
    )


def withdrawn(ctx: Context, box: Box) -> Said:
    return _said(
        ctx,
        box,
        f"Your bid is withdrawn: {box.bid.tender.called}",
        f"Bid {box.bid.reference} was withdrawn on {_exactly(ctx.now)}. It will not be opened.",
        f"What you wrote is kept as a draft. You can submit it again until {_closes(box)}.",
    )


def amended(ctx: Context, box: Box, reason: str, *, again: bool) -> Said:
    tender = box.bid.tender
    if again:
        return _said(
            ctx,
            box,
            f"Confirm your bid again: {tender.called}",
            f"The tender was amended in a way that bids can depend on: {reason}",
            f"Confirm your bid until {_closes(box)}. If you do not, it counts as not submitted.",
        )
    return _said(
        ctx,
        box,
        f"Amended: {tender.called}",
        f"What changes: {reason}",
        f"Bids can be submitted until {_closes(box)}.",
    )


def cancelled(ctx: Context, box: Box, outcome: str) -> Said:
    return _said(
        ctx,
        box,
        f"Cancelled: {box.bid.tender.called}",
        f"The reason: {outcome}",
        "Your bid stays sealed. Nobody will open it.",
    )


def lot_ended(ctx: Context, box: Box, lot: str, because: str, *, only: bool) -> Said:
    rest = (
        "Your bid was for lots that have ended, so nothing is left to do. It stays sealed."
        if only
        else "Your bid for the other lots goes on as it is. Nothing is needed from you."
    )
    subject = f"The lot {lot} has ended: {box.bid.tender.called}"
    return _said(ctx, box, subject, f"The reason: {because}", rest)


def _said(ctx: Context, box: Box, subject: str, *lines: str) -> Said:
    return {
        "subject": subject,
        "why": "You get this because you wrote your organisation's bid.",
        "lines": list(lines),
        "at": ctx.now.isoformat(),
        "href": f"{ctx.settings.address}/tenders/{box.bid.tender_id}/bid",
    }


def _exactly(moment: datetime | None) -> str:
    """To the second, in UTC beside London's time: what a receipt is kept for."""
    assert moment is not None  # noqa: S101 - of a bid that is submitted
    return f"{when(moment)}, exactly {moment:%H:%M:%S} UTC"


def _closes(box: Box) -> str:
    closes = box.bid.closes_at
    return when(closes) if closes else "the deadline"


def owe(ctx: Context, box: Box, said: Said) -> None:
    """Owes a letter to whoever submitted the bid or saved it last."""
    reader = queries.writer(ctx, box)
    if reader is None or not reader.email:
        return
    letter = SealedLetter(place="", box=b"", due_at=ctx.now)
    _write(ctx, letter, {"reader": str(reader.id), "to": reader.email, **said})


def owe_answer(
    ctx: Context, box: Box, reader: Person, question: Clarification, at: datetime
) -> None:
    """Owes a question with its answer, in the letter about its tender that waits for the same
    moment where there is one.
    """
    lines = [f"Question: {question.wording}", f"Answer: {question.answer}"]
    tender = str(box.bid.tender_id)
    for waiting in queries.letters_due(ctx, reader, at):
        said = read(ctx, waiting)
        if said.get("answers_of") == tender:
            _write(ctx, waiting, {**said, "lines": [*said["lines"], *lines]})
            return
    said = _said(ctx, box, f"Questions were answered: {box.bid.tender.called}", *lines)
    letter = SealedLetter(place="", box=b"", due_at=at)
    about = {"reader": str(reader.id), "to": reader.email, "answers_of": tender}
    _write(ctx, letter, {**about, **said})


def _write(ctx: Context, letter: SealedLetter, said: Said) -> None:
    close(seal(ctx.settings), letter, said)
    ctx.session.add(letter)


def close(key: Seal, letter: SealedLetter, said: Said) -> None:
    """Puts a letter into its row."""
    written = json.dumps(said, ensure_ascii=False)
    letter.box = key.close(written.encode(), letter.id.bytes)
    letter.place = key.place("letter", UUID(said["reader"]))


def read(ctx: Context, letter: SealedLetter) -> Said:
    told: Said = json.loads(seal(ctx.settings).open(letter.box, letter.id.bytes))
    return told


def sent(ctx: Context) -> list[Said]:
    """What the reader was sent, newest first: the demo keeps it."""
    return sorted((read(ctx, one) for one in queries.letters(ctx)), key=_newest_first)


def _newest_first(said: Said) -> float:
    return -datetime.fromisoformat(said["at"]).timestamp()
