"""What homes tell of tenders: invitations to answer, parts that wait to be approved, and what
bidders are asked.
"""

from collections.abc import Iterable, Iterator

from marketplace.core.context import Context
from marketplace.core.times import day, when
from marketplace.evaluation.finding_models import Exchange
from marketplace.home.blocks import Line, place
from marketplace.tenders.waiting_queries import waiting


def tenders_to_do(ctx: Context) -> Iterator[Line]:
    for one in waiting(ctx):
        tender = one.tender
        to = place("tender.parties", id=tender.id)
        due = f"To be published on {day(tender.publish_on)}" if tender.publish_on else ""
        if one.parts:
            named = ", ".join(part.label.lower() for part in one.parts)
            why = f"These parts wait for {ctx.actor.organisation_name}: {named}"
            yield Line("Read and approve", to, why, tender.called, due)
        else:
            why = f"{tender.organisation.called} asks {ctx.actor.organisation_name} to take part"
            yield Line("Answer the invitation", to, why, tender.called, due)


def bids_to_explain(exchanges: Iterable[Exchange]) -> Iterator[Line]:
    """Questions of panels about the supplier's own bids."""
    for one in exchanges:
        to = place("exchange.list", id=one.tender_id)
        why = "The panel asks about your bid"
        until = f"Until {when(one.answer_by)}"
        yield Line("Answer a question", to, why, one.tender.called, until)
