"""The opening of the bids for a tender: begun by one person, finished by another."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.bids import choice_queries, queries
from marketplace.bids.asking import Asked, asked
from marketplace.bids.boxes import Box
from marketplace.bids.models import (
    Bid,
    Bidder,
    BidFile,
    BidStage,
    Choice,
    Offer,
    Opening,
    OpeningStage,
)
from marketplace.bids.selecting import Said
from marketplace.clarifications import queries as clarifications
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.times import now
from marketplace.perform import lock, perform, permit
from marketplace.tenders import rounds
from marketplace.tenders.content import digest
from marketplace.tenders.models import Tender
from marketplace.tenders.rounds import Round
from marketplace.verbs import Verb


def _in_hand(ctx: Context, tender: Tender) -> tuple[Context, Opening]:
    """The tender locked, so that no bid is in anybody's hands any more, the time at which, and the
    opening that comes next.
    """
    lock(ctx, tender)
    return replace(ctx, now=now()), queries.in_turn(queries.openings(ctx, tender))


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
    if not clarifications.unanswered(held, tender):
        raise Conflict("Every question is answered, so the opening needs no reason.")
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
    published = queries.latest_publications(held, tender, opening.closes_at)
    asks = asked(published, opening.round)
    sealed = queries.sealed(held, tender, opening.round)
    out = choice_queries.left_out(held, tender, opening.round)
    counting = [one for one in sealed if _counts(one, asks) and one.bid.organisation_id not in out]
    first = opening.begun_by.name if opening.begun_by else ""
    about = [{"bid": str(one.bid.id), "sha256": one.bid.fingerprint} for one in counting]
    perform(held, Verb.OPENING_FINISH, opening, about=tender, first=first, bids=about)
    opening.opened_by_id, opening.opened_for_id = ctx.actor.person_id, ctx.actor.organisation_id
    opening.opened_at = held.now
    numbers = list(range(1, len(counting) + 1))
    SystemRandom().shuffle(numbers)  # an order that tells nothing
    earlier = opening.round != rounds.last(tender)
    for number, box in zip(numbers, counting, strict=True):
        box.bid.earlier = earlier
        _open(held, box)
        if not earlier:  # a panel judges those of the last stage
            _take_apart(held, box.bid, number)
    return opening


def _counts(box: Box, asks: Asked) -> bool:
    """It was submitted, answers what was published, and a lot that it is for has not ended."""
    if box.bid.stage is not BidStage.SUBMITTED or box.bid.to_confirm(asks.material):
        return False
    return not box.only_for(one.id for one in asks.ended)


# ---- Who goes on to the next stage


def choose(ctx: Context, tender: Tender, its: Round, said: Mapping[UUID, Said], since: str) -> None:
    """Records of each bid that is named whether it goes on. Nobody is told yet, and all of it can
    be changed until then. Raises Conflict when somebody recorded another one `since` then.
    """
    lock(ctx, tender)
    known = dict(choice_queries.choices(ctx, tender, its.id))
    bids = {one.id: one for one in queries.bids(ctx, tender, its.id)}
    before = {id: Said.of(one) for id, one in known.items()}
    after = {**before, **said}
    if stamp(known) != since and after != before:
        raise Conflict("Somebody recorded who goes on after you opened this page. Look at both.")
    number = sum(one.goes_on for one in after.values())
    if its.most and number > its.most:
        raise Conflict(f"At most {its.most} go on, as was published, and this would be {number}.")
    for id, one in said.items():
        if before.get(id) == one:
            continue
        bid = bids[id]
        made = known[id] = known.get(id) or prospect(ctx, bid)
        does = "goes on" if one.goes_on else "does not go on"
        scored = f", scored {one.score.normalize():f} of 100" if one.score is not None else ""
        title = f"{bid.organisation.name} {does}{scored}"
        perform(ctx, Verb.CHOICE_RECORD, made, about=tender, title=title, because=one.because)
        made.goes_on, made.because, made.score = one.goes_on, one.because, one.score


def stamp(known: Mapping[UUID, Choice]) -> str:
    """Tells what is recorded from anything else that could be."""
    kept = sorted((str(id), *map(str, asdict(Said.of(one)).values())) for id, one in known.items())
    return digest({"choices": kept})


def prospect(ctx: Context, bid: Bid) -> Choice:
    """What would be recorded, to ask whether it may."""
    return Choice(
        round=bid.round,
        goes_on=False,
        because="",
        bid_id=bid.id,
        tender_id=bid.tender_id,
        tender=bid.tender,
        created_at=ctx.now,
    )


def revoke(ctx: Context, tender: Tender, bid: Bid, because: str) -> None:
    """Takes back that a bidder goes on, and tells it. What it wrote in the next stage stays with
    it, and is not opened.
    """
    lock(ctx, tender)
    known = choice_queries.choices(ctx, tender, bid.round).get(bid.id)
    if known is None:
        raise NotFound("It is not recorded whether this bidder goes on.")
    following = queries.openings(ctx, tender)[rounds.ids(tender).index(bid.round) + 1 :]
    if following and following[0].stage is OpeningStage.DONE:
        raise Conflict("The bids of the next stage are open, so this cannot be taken back here.")
    title = f"{bid.organisation.name} does not go on any more"
    perform(ctx, Verb.CHOICE_REVOKE, known, about=tender, title=title, because=because)
    known.goes_on, known.because = False, because


def tell(ctx: Context, tender: Tender, round: str) -> int:
    """Tells all bidders of a stage at one moment; how many there are."""
    lock(ctx, tender)
    known = choice_queries.choices(ctx, tender, round)
    bids = queries.bids(ctx, tender, round)
    left = [bid for bid in bids if bid.id not in known]
    if left or not bids:
        raise Conflict(
            f"Say first whether each bidder goes on: {len(left)} left."
            if left
            else "No bid of this stage was opened, so there is nobody to tell."
        )
    for bid in bids:
        perform(ctx, Verb.CHOICE_TELL, known[bid.id], about=tender)
        known[bid.id].told_at = ctx.now
    return len(bids)


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


def _take_apart(held: Context, bid: Bid, number: int) -> None:
    """What a panel reads of a bid without knowing whose it is, and what it asks, lot by lot."""
    its: Any = {"bid_id": bid.id, "tender_id": bid.tender_id, "created_at": held.now}
    said = bid.content
    standards = [_nameless(one) for one in said["standards"]]
    held.session.add(Bidder(number=number, answers=said["answers"], standards=standards, **its))
    lots = [one["id"] for one in said["lots"]]
    sums: dict[str, Decimal] = {}
    for line in said["prices"]["lines"]:
        lot = line["lot_id"] if lots else ""
        sums[lot] = sums.get(lot, Decimal(0)) + Decimal(line["sum"])
    for lot, total in sums.items():
        if not lots or lot in lots:  # a lot that it does not bid for it does not offer
            held.session.add(Offer(total=total, lot_id=UUID(lot) if lot else None, **its))


def _nameless(said: Mapping[str, Any]) -> dict[str, Any]:
    """How a bid meets a standard, without the product that it is about."""
    claim = said["claim"] or {}
    kept = ("standard", "outcome", "assessed_on", "ends_on")
    about = {name: said[name] for name in ("version_id", "name", "obligation", "how")}
    return {**about, "claim": {name: claim[name] for name in kept} if claim else None}
