"""What homes tell of tenders: invitations to answer, parts that wait to be approved, bids to open,
who goes on to the next stage, dates ahead, and what bidders are asked.
"""

from collections.abc import Iterable, Iterator

from auth.actor import NOBODY
from marketplace.bids.models import Choice, Opening
from marketplace.core.context import Context
from marketplace.core.times import clock, day, in_london, when
from marketplace.evaluation.finding_models import Exchange
from marketplace.home.blocks import Line, place
from marketplace.home.dates_queries import Dated
from marketplace.policy import refusal
from marketplace.tenders import rounds
from marketplace.tenders.models import Stage
from marketplace.tenders.waiting_queries import waiting
from marketplace.verbs import Verb


def tenders_to_do(ctx: Context) -> Iterator[Line]:
    for one in waiting(ctx):
        tender = one.tender
        to = place("tender.parties", id=tender.id)
        planned = tender.publish_on if tender.stage is Stage.DRAFT else None
        due = f"To be published on {day(planned)}" if planned else ""
        if one.parts:
            named = ", ".join(part.label.lower() for part in one.parts)
            why = f"These parts wait for {ctx.actor.organisation_name}: {named}"
            yield Line("Read and approve", to, why, tender.called, due)
        else:
            why = f"{tender.organisation.called} asks {ctx.actor.organisation_name} to take part"
            yield Line("Answer the invitation", to, why, tender.called, due)


def bids_to_open(ctx: Context, ours: Iterable[Dated]) -> Iterator[Line]:
    """Bids whose deadline has passed and that nobody has opened yet."""
    for one in ours:
        tender = one.tender
        for round in rounds.ids(tender) if tender.stage is Stage.OPEN else ():
            closed = rounds.closes_at(tender, round)
            waits = Opening(tender_id=tender.id, tender=tender, round=round)
            if round in one.opened or closed is None or closed > ctx.now:
                continue
            if not refusal(ctx.actor, Verb.OPENING_BEGIN, waits):
                to = place("bid.list", id=tender.id)
                why = f"The deadline passed on {when(closed)}"
                yield Line("Open the bids", to, why, tender.called)


def bidders_to_choose(ctx: Context, ours: Iterable[Dated]) -> Iterator[Line]:
    """Stages whose bids were opened and whose bidders were not told yet whether they go on."""
    for one in ours:
        for stage in rounds.published(one.tender):
            waits = Choice(
                round=stage.id,
                goes_on=False,
                because="",
                bid_id=NOBODY,  # whoever it is
                tender_id=one.tender.id,
                tender=one.tender,
            )
            if stage.id in one.untold and not refusal(ctx.actor, Verb.CHOICE_RECORD, waits):
                to = place("bid.list", id=one.tender.id)
                why = f"The bids for the stage “{stage.title}” are opened"
                yield Line("Say who goes on", to, why, one.tender.called)


def dates_ahead(ours: Iterable[Dated]) -> Iterator[Line]:
    """The dates of the authority's tenders, each leading to the work on it."""
    for one in ours:
        tender = one.tender
        to = place("tender.work", id=tender.id)
        if tender.stage is Stage.DRAFT:
            yield Line(tender.called, to, "It is to be published", on=tender.publish_on)
            continue
        moments = [("Questions end", tender.asking_ends_at), ("Bids close", tender.closes_at)]
        moments += [
            (f"The stage “{it.title}” ends", it.closes_at)
            for it in rounds.published(tender)
            if it.closes_at != tender.closes_at
        ]
        for what, at in moments:
            if at:
                yield Line(tender.called, to, f"{what} at {clock(at)}", on=in_london(at).date())


def bids_to_explain(exchanges: Iterable[Exchange]) -> Iterator[Line]:
    """Questions of panels about the supplier's own bids."""
    for one in exchanges:
        to = place("exchange.list", id=one.tender_id)
        why = "The panel asks about your bid"
        until = f"Until {when(one.answer_by)}"
        yield Line("Answer a question", to, why, one.tender.called, until)
