"""What can be done with the stages of a competitive flexible procedure."""

from datetime import date
from typing import Any
from uuid import uuid4

from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.core.times import day, when
from marketplace.perform import perform, permit
from marketplace.tenders import outcome_queries, rounds, versions
from marketplace.tenders.models import Part, Tender
from marketplace.tenders.rounds import Round
from marketplace.tenders.scheduling import Staging, circumstances_of
from marketplace.verbs import Verb

MOST = 12


def stage(
    ctx: Context, tender: Tender, form: BoundForm[Staging], known: Round | None
) -> BoundForm[Staging]:
    """Adds a stage or changes a `known` one; what does not fit stands at its field."""
    permit(ctx, Verb.TENDER_STAGE, tender)
    if form.value is None:
        return form
    others = [one for one in rounds.drafted(tender) if known is None or one.id != known.id]
    if len(others) >= MOST:
        raise Conflict(f"A tender can have {MOST} stages. Remove one first.")
    new = form.value.round(known.id if known else str(uuid4()))
    public = rounds.one(tender, new.id)
    wrong = list(rounds.wrong(new, others, tender.publish_on, circumstances_of(tender)))
    wrong += _agreed(ctx, tender, new, known, others)
    wrong += _promised(ctx, new, public) if public else []
    for name, why in wrong:
        if name not in form.errors:
            form = form.refused(name, why)
    if wrong:
        return form
    _keep(ctx, tender, [*others, new], new.title)
    return form


def _promised(ctx: Context, new: Round, public: Round) -> list[tuple[str, str]]:
    """What was published and cannot be otherwise any more."""
    if public.closes_at <= ctx.now:
        raise Conflict("This stage is over, so it stays as it was.")
    found = []
    if new.kind is not public.kind:
        found.append(("kind", f"It was published as: {public.kind.label}"))
    if new.most != public.most:
        before = f"at most {public.most}" if public.most else "no limit"
        found.append(("most", f"It was published as: {before}"))
    if new.opens_at != public.opens_at and public.opens_at <= ctx.now:
        found.append(("opens_on", f"It has begun on {when(public.opens_at)}"))
    if new.closes_at < public.closes_at and not new.agreed_on:
        found.append(("closes_on", f"The stage can only end later: {when(public.closes_at)}"))
    if new.closes_at <= ctx.now:
        found.append(("closes_on", "The stage cannot end before now"))
    return found


def _agreed(
    ctx: Context, tender: Tender, new: Round, known: Round | None, others: list[Round]
) -> list[tuple[str, str]]:
    """What keeps suppliers from having agreed to the time of a stage as it is typed. They are
    those who were told that they go on; nobody can be added to them after that.
    """
    if known and new.agreement == known.agreement:
        if new.agreed_on and new.period != known.period:
            before = f"from {when(known.opens_at)} to {when(known.closes_at)}"
            why = f"They agreed to another time, {before}. Record that they agree to this one"
            return [("agreed_on", why)]
        return []
    if not may_record(ctx, tender):
        lead = tender.organisation.called
        return [("agreed_on", f"{lead} leads this tender, and records what suppliers agreed to")]
    on, how = new.agreement
    if on is None:
        return [("agreed_on", "Enter the day, or take out how they agreed")] if how else []
    told = told_on(ctx, tender, new, others)
    if told is None:
        return [("agreed_on", "Suppliers have to be told first that they go on to this stage")]
    found = []
    if not told <= on <= ctx.today:
        why = f"They were told on {day(told)}. Enter that day or a later one, up to today"
        found.append(("agreed_on", why))
    if not how:
        found.append(("agreed_how", "Enter how they agreed"))
    return found


def may_record(ctx: Context, tender: Tender) -> bool:
    """Whether the reader says for the authorities what suppliers agreed to."""
    return ctx.actor.organisation_id == tender.organisation_id


def told_on(ctx: Context, tender: Tender, new: Round, others: list[Round]) -> date | None:
    """The day on which those who bid in a stage were told that they can."""
    before = rounds.selecting(new, others)
    return outcome_queries.told_on(ctx, tender, before.id) if before else None


def remove(ctx: Context, tender: Tender, known: Round) -> None:
    permit(ctx, Verb.TENDER_STAGE, tender)
    if rounds.one(tender, known.id):
        raise Conflict("This stage has been published, so it stays. You can give it more time.")
    rest = [one for one in rounds.drafted(tender) if one.id != known.id]
    _keep(ctx, tender, rest, known.title)


def _keep(ctx: Context, tender: Tender, all_of_them: list[Round], title: str) -> None:
    in_order = sorted(all_of_them, key=lambda one: one.opens_at)
    tender.rounds = [one.kept() for one in in_order]
    kept = versions.keep(ctx, tender, Part.TERMS)
    facts: dict[str, Any] = {"part": Part.TERMS.value, "version": kept.number if kept else None}
    perform(ctx, Verb.TENDER_STAGE, tender, title=title, **facts)
