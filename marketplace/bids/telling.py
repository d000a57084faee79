"""What becomes of a tender, told to those who bid for it: by sealed letters, one a bid, or by one
for all that was answered by the time that their writer wants to hear of it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from marketplace.bids import choice_queries, letters, queries
from marketplace.bids.asking import asked
from marketplace.bids.boxes import Box
from marketplace.bids.letters import Said
from marketplace.bids.models import OpeningStage
from marketplace.clarifications.models import Clarification
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.tenders.models import Publication, Stage, Tender
from marketplace.verbs import Verb

# When mail of questions goes to a person; none: it does not.
Due = Callable[[UUID], datetime | None]


def tell(ctx: Context, event: Event) -> None:
    """Owes the letters that an event asks for: an amendment, the end of the tender or of a lot, or
    that a party left.
    """
    tender = _told_of(ctx, event)
    if tender is None:
        return
    publications = queries.latest_publications(ctx, tender)
    for box in _sealed(ctx, tender):
        if said := _said(ctx, event, box, publications[0]):
            letters.owe(ctx, box, said)


def _sealed(ctx: Context, tender: Tender) -> Iterator[Box]:
    """The boxes of the stages that are not opened; what stayed sealed in another is over, and so
    is what is of somebody who does not go on.
    """
    for one in queries.openings(ctx, tender):
        if one.stage is not OpeningStage.DONE:
            out = choice_queries.left_out(ctx, tender, one.round)
            boxes = queries.sealed(ctx, tender, one.round)
            yield from (box for box in boxes if box.bid.organisation_id not in out)


def _told_of(ctx: Context, event: Event) -> Tender | None:
    tender = ctx.session.get(Tender, event.about_id)
    return tender if tender and tender.stage in (Stage.OPEN, Stage.CANCELLED) else None


def _said(ctx: Context, event: Event, box: Box, newest: Publication) -> Said | None:
    if event.verb == Verb.LOT_END:
        if str(event.subject_id) not in box.lots:
            return None
        lot, because = event.facts["title"], event.facts["because"]
        ended = [one.id for one in asked([newest]).ended]
        return letters.lot_ended(ctx, box, lot, because, only=box.only_for(ended))
    if event.verb == Verb.TENDER_CANCEL:
        return letters.cancelled(ctx, box, box.bid.tender.outcome)
    if box.bid.closes_at and ctx.now >= box.bid.closes_at:
        return None  # nothing can be changed in its stage any more
    again = newest.material and box.bid.to_confirm(newest.number)
    return letters.amended(ctx, box, newest.reason, again=again)


def tell_answer(ctx: Context, event: Event, due: Due) -> None:
    """Owes every bidder a question and its answer, with the others that are due then."""
    tender, question = _told_of(ctx, event), ctx.session.get(Clarification, event.subject_id)
    if tender is None or question is None:
        return
    for box in _sealed(ctx, tender):
        reader = queries.writer(ctx, box)
        at = due(reader.id) if reader else None
        if reader and at:
            letters.owe_answer(ctx, box, reader, question, at)
