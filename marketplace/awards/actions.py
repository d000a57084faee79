"""What can be done about an award: recommend, agree, tell, publish, and what follows if it falls
through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.awards import deciding, forms, queries
from marketplace.awards.deciding import Piece
from marketplace.awards.forms import Ending, Proceeding, Publishing, Recommending, SettingAside
from marketplace.awards.models import (
    Award,
    AwardStage,
    Proceedings,
    Summary,
    SummaryStage,
)
from marketplace.bids.asking import asked
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, Form, bind
from marketplace.core.times import in_london
from marketplace.core.working_days import OutsideCalendar
from marketplace.evaluation import final_actions
from marketplace.evaluation import queries as evaluation
from marketplace.evaluation.models import Ranked
from marketplace.evaluation.reckoning import in_lot
from marketplace.law import Contract, Route
from marketplace.law.awarding import Disregarded, suspends
from marketplace.law.standstill import standstill
from marketplace.perform import lock, perform, permit
from marketplace.tenders import queries as tenders
from marketplace.tenders.content import digest
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb

# ---- Recommending


def prospect(tender: Tender, piece: Piece) -> Award:
    """What would be decided of a lot, to ask whether it may be."""
    return Award(
        of_id=piece.id,
        number=0,
        tender_id=tender.id,
        tender=tender,
        lot_id=piece.lot_id,
        lot=piece.lot,
        parties=[str(one.organisation_id) for one in piece.parties],
        route=tender.route or Route.OPEN,
        contract=tender.contract or Contract.GOODS_SERVICES,
    )


def _held(ctx: Context, tender: Tender, piece: Piece) -> Award:
    """The same, with the lot as it is now that nobody else can end it."""
    lock(ctx, tender)
    if piece.lot:
        lock(ctx, piece.lot)
    return prospect(tender, piece)


def recommend(
    ctx: Context, tender: Tender, piece: Piece, form: BoundForm[Recommending]
) -> Award | BoundForm[Recommending]:
    """Proposes a bid for a lot. The first of the ranking needs no reason, another one does."""
    award = _held(ctx, tender, piece)
    permit(ctx, Verb.AWARD_RECOMMEND, award)
    known = queries.awards(ctx, tender)
    before = _none_yet(piece, known)
    ranking = queries.ranking(ctx, piece)
    if not ranking:
        raise Conflict("The ranking is not final yet, so nothing can be recommended.")
    if form.value is None:
        return form
    winner = next((one for one in ranking if one.bid_id == form.value.bid_id), None)
    if winner is None:
        return form.refused("bid_id", "Choose a bid of the ranking")
    most = most_lots(ctx, tender)
    if why := _cannot_win(winner, before, known, most):
        return form.refused("bid_id", why)
    ground, because = form.value.passed_over, form.value.because
    fell = {one.bid_id for one in before}
    first = list(takewhile(lambda one: one.bid_id != winner.bid_id, ranking))
    passed = [one for one in first if one.bid_id not in fell]
    if passed and ground is None:
        return form.refused("passed_over", f"{_named(passed[0])} is ranked before it. Say why not")
    free = next((one for one in passed if not _has_enough(one, known, most)), None)
    if free and ground is Disregarded.LIMIT:
        why = f"{free.bid.organisation.name} has not won as many lots as one supplier can"
        return form.refused("passed_over", why)
    if passed and not because:
        return form.refused("because", "Enter the reason, in words")
    if not passed:
        ground, because = (Disregarded.SET_ASIDE, because) if first else (None, "")
    bid = winner.bid
    award.number = len(before) + 1
    award.content = deciding.content(piece, bid, ranking, because, ground.label if ground else "")
    award.digest = digest(award.content)
    award.value, award.gross = deciding.price(bid, piece.lot)
    award.passed_over, award.because = ground, because
    award.bid_id, award.bid = bid.id, bid
    award.supplier_id, award.supplier = bid.organisation_id, bid.organisation
    award.decided_on, award.created_at = ctx.today, ctx.now
    _put(ctx, Verb.AWARD_RECOMMEND, award, supplier=bid.organisation.name, because=because)
    said = f"{ground.label}. {because}" if ground else ""
    told = {one.bid_id: said if one in passed else Disregarded.SET_ASIDE.label for one in first}
    _write_summaries(ctx, award, piece, ranking, winner, told)
    return award


def _none_yet(piece: Piece, known: Sequence[Award]) -> list[Award]:
    """The earlier awards of a lot, all of them set aside."""
    before = [one for one in known if one.of_id == piece.id]
    if any(one.stage is AwardStage.ENDED for one in before):
        raise Conflict(f"{piece.title} has an outcome already: nothing is awarded. That stays.")
    if any(one.is_live for one in before):
        raise Conflict(
            f"{piece.title} has an outcome already. Set it aside before you decide anew."
        )
    return before


def _cannot_win(
    one: Ranked, before: Sequence[Award], known: Sequence[Award], most: int | None
) -> str:
    """Why a bid cannot be awarded; empty when it can."""
    if one.position is None:
        return f"This bid cannot be awarded: {one.because}"
    if any(past.withdrew and past.bid_id == one.bid_id for past in before):
        return "Its supplier withdrew this bid, so it cannot be awarded"
    return _has_enough(one, known, most)


def _has_enough(one: Ranked, known: Sequence[Award], most: int | None) -> str:
    """That its supplier has as many lots as one can win; empty when it has not."""
    held = deciding.won(known).get(one.bid.organisation_id, ())
    if most is None or len(held) < most:
        return ""
    return f"{deciding.limited(most)}, and {one.bid.organisation.name} has {', '.join(held)}"


def most_lots(ctx: Context, tender: Tender) -> int | None:
    """How many lots one supplier can win, where the tender says so."""
    return asked(tenders.publications(ctx, tender)).most_lots


def _named(one: Ranked) -> str:
    return f"The bid of {one.bid.organisation.name}"


def _put(ctx: Context, verb: Verb, award: Award, **facts: str) -> None:
    """Writes down what is decided. Of two leads at once, one is told that the other was quicker."""
    try:
        with ctx.session.begin_nested():
            perform(ctx, verb, award, about=award.tender, lot=award.part, **facts)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("Somebody else has just decided of this lot.") from None


def _write_summaries(
    ctx: Context,
    award: Award,
    piece: Piece,
    ranking: Sequence[Ranked],
    winner: Ranked,
    passed_over: Mapping[UUID, str],
) -> None:
    """The summaries of all assessed bids, from the criteria, scores and reasons."""
    known = deciding.scores(evaluation.agreed(ctx, piece.tender))
    publications = tenders.publications(ctx, piece.tender)
    said = asked(publications)
    lots = final_actions.lots(said, publications[0])
    said = in_lot(said, next(one for one in lots if one.id == piece.lot_id))
    ctx.session.add_all(
        Summary(
            wins=one.bid_id == winner.bid_id,
            content=deciding.summary(
                piece, said, one, winner, known, passed_over.get(one.bid_id, "")
            ),
            award_id=award.id,
            bid_id=one.bid_id,
            organisation_id=one.bid.organisation_id,
            tender_id=piece.tender.id,
            created_at=ctx.now,
        )
        for one in ranking
    )


# ---- Summaries


class Reworded(Conflict):
    """A summary says something else than what was read."""


def word(ctx: Context, summary: Summary, typed: Mapping[str, str], read: str) -> BoundForm[Form]:
    """Words the reasons of a summary; it has to be checked again then. `read`: the fingerprint of
    what they were worded from.
    """
    form = bind(forms.wording(summary.content), typed)
    _permit_as_read(ctx, Verb.SUMMARY_EDIT, summary, read)
    if form.value is not None:
        made = forms.reworded(summary.content, form.value)
        perform(ctx, Verb.SUMMARY_EDIT, summary, about=summary.tender, bid=str(summary.bid_id))
        summary.content, summary.checked_by = made, ""
    return form


def check(ctx: Context, summary: Summary, read: str) -> None:
    """Says that a summary is right as it was read."""
    _permit_as_read(ctx, Verb.SUMMARY_CHECK, summary, read)
    perform(ctx, Verb.SUMMARY_CHECK, summary, about=summary.tender, bid=str(summary.bid_id))
    summary.checked_by = f"{ctx.actor.name}, {ctx.actor.organisation_name}"


def _permit_as_read(ctx: Context, verb: Verb, summary: Summary, read: str) -> None:
    lock(ctx, summary.award)
    permit(ctx, verb, summary)
    if read != digest(summary.content):
        raise Reworded("A colleague worded this summary after you opened it. Read it again.")


def inform(ctx: Context, award: Award) -> None:
    """Sends every assessed bidder its summary, all at one moment."""
    lock(ctx, award.tender)
    permit(ctx, Verb.AWARD_INFORM, award)
    found = queries.summaries(ctx, award)
    unchecked = [one for one in found if one.stage is not SummaryStage.CHECKED]
    if unchecked:
        names = ", ".join(one.organisation.name for one in unchecked)
        raise Conflict(f"Check every summary before they are sent. Not checked: {names}.")
    perform(ctx, Verb.AWARD_INFORM, award, about=award.tender, lot=award.part, sent=len(found))
    award.informed_at = ctx.now
    for one in found:
        one.stage, one.sent_at = SummaryStage.SENT, ctx.now


# ---- The notice, and what follows


def cite(ctx: Context, award: Award, form: BoundForm[Publishing]) -> BoundForm[Publishing]:
    """Records that the notice is out. Of an award that begins the standstill."""
    lock(ctx, award.tender)
    permit(ctx, Verb.AWARD_CITE, award)
    said = form.value
    if said is None:
        return form
    earliest = in_london(award.informed_at).date() if award.informed_at else award.decided_on
    if earliest and said.on < earliest:
        what = "summaries were sent" if award.informed_at else "decision was made"
        return form.refused("on", f"The notice cannot be published before the {what}")
    offered = said.offered and award.voluntary
    until = ""
    if award.stage is not AwardStage.ENDED:
        try:
            stands = standstill(award.route, award.contract, published=said.on, offered=offered)
        except OutsideCalendar as why:
            return form.refused("on", str(why))
        until = stands.ends.isoformat() if stands.ends else ""
    facts = {"lot": award.part, "number": said.number, "on": said.on.isoformat(), "until": until}
    perform(ctx, Verb.AWARD_CITE, award, about=award.tender, **facts)
    award.notice_number, award.notice_on, award.offered = said.number, said.on, offered
    return form


def confirm(ctx: Context, award: Award) -> None:
    """The standstill is over, so contracts can be signed."""
    lock(ctx, award.tender)
    perform(ctx, Verb.AWARD_CONFIRM, award, about=award.tender, lot=award.part)


def set_aside(ctx: Context, award: Award, said: SettingAside) -> None:
    """The award falls through. It stays in the record, and the next of the ranking can follow."""
    lock(ctx, award.tender)
    permit(ctx, Verb.AWARD_SET_ASIDE, award)
    if queries.is_signed(replace(ctx, actor=CLOCK), award):
        raise Conflict(
            "A contract of this award is signed. End the contract; the award stays as it is."
        )
    facts = {"lot": award.part, "because": said.because}
    perform(ctx, Verb.AWARD_SET_ASIDE, award, about=award.tender, **facts)
    award.because, award.withdrew = said.because, said.withdrew


def end(ctx: Context, tender: Tender, piece: Piece, said: Ending) -> Award:
    """Nothing is awarded of a lot."""
    award = _held(ctx, tender, piece)
    permit(ctx, Verb.AWARD_END, award)
    award.number = len(_none_yet(piece, queries.awards(ctx, tender))) + 1
    award.unawarded, award.because = said.unawarded, said.because
    award.decided_on, award.created_at = ctx.today, ctx.now
    _put(ctx, Verb.AWARD_END, award, because=said.because, outcome=said.unawarded.label)
    return award


# ---- Proceedings


def proceedings_of(award: Award) -> Proceedings:
    return Proceedings(
        reference="",
        what="",
        told_on=award.notice_on or award.created_at.date(),
        stops=False,
        award_id=award.id,
        award=award,
        tender_id=award.tender_id,
        tender=award.tender,
    )


def record(ctx: Context, award: Award, form: BoundForm[Proceeding]) -> BoundForm[Proceeding]:
    """Takes down proceedings about an award. They stop the signature if they came in time."""
    lock(ctx, award.tender)
    lock(ctx, award)
    made = proceedings_of(award)
    permit(ctx, Verb.PROCEEDINGS_RECORD, made)
    said = form.value
    if said is None:
        return form
    if award.notice_on and said.told_on < award.notice_on:
        return form.refused("told_on", "You cannot have been told before the notice was published")
    made.reference, made.what, made.told_on = said.reference, said.what, said.told_on
    made.stops = suspends(said.told_on, award.standstill.ends)
    made.created_at = ctx.now
    facts = {"lot": award.part, "reference": said.reference, "stops": made.stops}
    perform(ctx, Verb.PROCEEDINGS_RECORD, made, about=award.tender, **facts)
    award.stopped = award.stopped or made.stops
    return form


def resolve(ctx: Context, proceedings: Proceedings, outcome: str) -> None:
    """Proceedings are over, or a court lets the signature go on."""
    award = proceedings.award
    lock(ctx, award.tender)
    lock(ctx, award)
    facts = {"lot": award.part, "outcome": outcome}
    perform(ctx, Verb.PROCEEDINGS_END, proceedings, about=award.tender, **facts)
    proceedings.outcome, proceedings.ended_on = outcome, ctx.today
    ctx.session.flush()
    award.stopped = any(
        one.stops and one.ended_on is None for one in queries.proceedings(ctx, award)
    )


# ---- By the clock


def remind(ctx: Context) -> None:
    """Tells the leads of tenders that closed long ago to say what came of them."""
    late = queries.undecided(ctx)
    told = queries.reminded(ctx, [one.id for one in late])
    for tender in late:
        if tender.id not in told:
            perform(ctx, Verb.TENDER_REMIND, tender)
