"""What becomes of a tender, told to those who bid for it: by sealed letters, one a bid."""

from marketplace.bids import letters, queries
from marketplace.bids.asking import asked
from marketplace.bids.models import BidStage
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.tenders.models import Stage, Tender
from marketplace.verbs import Verb


def tell(ctx: Context, event: Event) -> None:
    """Owes the letters that an event asks for: an amendment, the end of the tender or
    of a lot, or that a party left.
    """
    tender = ctx.session.get(Tender, event.about_id)
    if tender is None or tender.stage not in (Stage.OPEN, Stage.CANCELLED):
        return
    publications = queries.latest_publications(ctx, tender)
    newest, ended = publications[0], [one.id for one in asked(publications).ended]
    for box in queries.sealed(ctx, tender):
        if event.verb == Verb.LOT_END:
            if str(event.subject_id) not in box.lots:
                continue
            lot, because = event.facts["title"], event.facts["because"]
            said = letters.lot_ended(ctx, box, lot, because, only=box.only_for(ended))
        elif event.verb == Verb.TENDER_CANCEL:
            said = letters.cancelled(ctx, box, tender.outcome)
        else:
            submitted = box.bid.stage is BidStage.SUBMITTED
            again = submitted and newest.material and box.bid.publication < newest.number
            said = letters.amended(ctx, box, newest.reason, again=again)
        letters.owe(ctx, box, said)
