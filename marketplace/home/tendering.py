"""What homes tell of tenders: invitations to answer, and parts that wait to be approved."""

from collections.abc import Iterator

from marketplace.core.context import Context
from marketplace.core.times import day
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
