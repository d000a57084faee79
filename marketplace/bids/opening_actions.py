"""The opening of the bids for a tender: begun by one person, finished by another."""

from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.bids import queries
from marketplace.bids.asking import Asked, asked
from marketplace.bids.boxes import Box
from marketplace.bids.models import BidFile, BidStage, Opening
from marketplace.clarifications import queries as clarifications
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.times import now
from marketplace.perform import lock, perform, permit
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb


def _in_hand(ctx: Context, tender: Tender) -> tuple[Context, Opening]:
    """The tender locked, so that no bid is in anybody's hands any more, and the time at which."""
    lock(ctx, tender)
    return replace(ctx, now=now()), queries.opening(ctx, tender)


def _must_be_answered(held: Context, opening: Opening) -> None:
    """Raises Conflict while questions wait and nobody has said why the opening does not."""
    left = 0 if opening.unanswered_because else clarifications.unanswered(held, opening.tender)
    if left:
        raise Conflict(
            f"{left} {'question is' if left == 1 else 'questions are'} not answered. Answer, "
            "decline or merge first, or have the authority that leads record why the bids are "
            "opened all the same."
        )


def excuse(ctx: Context, tender: Tender, because: str) -> Opening:
    """Says why bids are opened although questions are not answered."""
    held, opening = _in_hand(ctx, tender)
    permit(held, Verb.OPENING_EXCUSE, opening)
    _perform(held, Verb.OPENING_EXCUSE, opening, because=because)
    opening.unanswered_because = because
    return opening


def _perform(held: Context, verb: Verb, opening: Opening, **facts: Any) -> None:
    """Raises Conflict when somebody else's step is the first one that is kept."""
    try:
        with held.session.begin_nested():
            perform(held, verb, opening, about=opening.tender, **facts)
            held.session.flush()
    except IntegrityError:
        raise Conflict("Somebody else has just begun to open the bids.") from None


def begin(ctx: Context, tender: Tender) -> Opening:
    """Says that the reader is there to open the bids. Nothing is opened yet."""
    held, opening = _in_hand(ctx, tender)
    permit(held, Verb.OPENING_BEGIN, opening)
    _must_be_answered(held, opening)
    opening.begun_by_id, opening.begun_for_id = ctx.actor.person_id, ctx.actor.organisation_id
    opening.begun_at = held.now
    _perform(held, Verb.OPENING_BEGIN, opening)
    return opening


def finish(ctx: Context, tender: Tender) -> Opening:
    """Opens every bid that was submitted and confirmed. What was not stays in its box."""
    held, opening = _in_hand(ctx, tender)
    permit(held, Verb.OPENING_FINISH, opening)
    _must_be_answered(held, opening)
    queries.must_have_the_key(held)
    asks = asked(queries.latest_publications(held, tender))
    counting = [box for box in queries.sealed(held, tender) if _counts(box, asks)]
    first = opening.begun_by.name if opening.begun_by else ""
    about = [{"bid": str(one.bid.id), "sha256": one.bid.fingerprint} for one in counting]
    perform(held, Verb.OPENING_FINISH, opening, about=tender, first=first, bids=about)
    opening.opened_by_id, opening.opened_for_id = ctx.actor.person_id, ctx.actor.organisation_id
    opening.opened_at = held.now
    for box in counting:
        _open(held, box)
    return opening


def _counts(box: Box, asks: Asked) -> bool:
    """It was submitted, answers what was published, and a lot that it is for has not ended."""
    if box.bid.stage is not BidStage.SUBMITTED or box.bid.publication < asks.material:
        return False
    return not box.only_for(one.id for one in asks.ended)


def _open(held: Context, box: Box) -> None:
    """The bid becomes a row, its files too, and the box is gone."""
    bid = box.bid
    bid.history = [*bid.history, {"what": "opened", "at": held.now.isoformat()}]
    perform(replace(held, actor=CLOCK), Verb.BID_OPEN, bid, about=bid.tender)
    held.session.add_all(
        BidFile(
            name=one.name,
            size=one.size,
            media_type=one.media_type,
            sha256=one.sha256,
            key=one.key,
            bid_id=bid.id,
            created_at=held.now,
        )
        for one in box.files
    )
    held.session.delete(box.row)
