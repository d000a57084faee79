"""What can be seen of awards, by those who decide, by bidders and by everybody."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import and_, col, or_, select

from marketplace.awards.deciding import Piece, pieces
from marketplace.awards.models import (
    LIVE,
    Award,
    Consent,
    Proceedings,
    Summary,
    SummaryStage,
)
from marketplace.contracts.models import Contract, ContractStage
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.evaluation import queries as evaluation
from marketplace.evaluation.models import Ranked
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.tenders import queries as tenders
from marketplace.tenders.lot_models import Lot, LotStage
from marketplace.tenders.models import Party, PartyStage, Stage, Tender
from marketplace.verbs import Verb

MOST = 200  # awards of a tender, and tenders that wait


def parts(ctx: Context, tender: Tender) -> Sequence[Piece]:
    """What is awarded by itself, with the parties that buy it."""
    return pieces(tender, tenders.lots(ctx, tender), tenders.parties(ctx, tender))


def part(ctx: Context, tender: Tender, id: UUID) -> Piece:
    if found := next((one for one in parts(ctx, tender) if one.id == id), None):
        return found
    raise NotFound("There is no such lot.")


def awards(ctx: Context, tender: Tender) -> Sequence[Award]:
    """All that was decided of a tender, the newest of each lot first."""
    its = select(Award).where(Award.tender_id == tender.id, visible_to(ctx.actor, Award))
    newest = its.order_by(col(Award.of_id), col(Award.number).desc()).limit(MOST)
    return ctx.session.exec(newest.options(eager(Award.lot), eager(Award.supplier))).all()


def latest(found: Sequence[Award]) -> Mapping[UUID, Award]:
    """By lot, what counts of it, as far as something does."""
    return {one.of_id: one for one in reversed(found) if one.stage in LIVE}


def one(ctx: Context, tender: Tender, id: UUID) -> Award:
    its = select(Award).where(
        Award.id == id, Award.tender_id == tender.id, visible_to(ctx.actor, Award)
    )
    whole = its.options(eager(Award.lot), eager(Award.supplier), eager(Award.bid))
    if found := ctx.session.exec(whole).one_or_none():
        return found
    raise NotFound("There is no such award.")


def ranking(ctx: Context, piece: Piece) -> Sequence[Ranked]:
    """The bids of a lot as they came in, those that cannot be awarded last."""
    found = [one for one in evaluation.ranking(ctx, piece.tender) if one.lot_id == piece.lot_id]
    return sorted(found, key=lambda one: (one.position is None, one.position or 0, str(one.id)))


def consents(ctx: Context, award: Award) -> Mapping[UUID, Consent]:
    """What each party said of an award, by party."""
    its = select(Consent).where(Consent.award_id == award.id, visible_to(ctx.actor, Consent))
    return {one.party_id: one for one in ctx.session.exec(its)}


def parties(ctx: Context, award: Award) -> Sequence[Party]:
    """The authorities of its lot, the lead first."""
    found = tenders.parties(ctx, award.tender)
    return [
        one
        for one in found
        if str(one.organisation_id) in award.parties and one.stage is PartyStage.ACCEPTED
    ]


def buying(ctx: Context, award: Award) -> Sequence[Party]:
    """The authorities that have not parted from it."""
    said = consents(ctx, award)
    return [one for one in parties(ctx, award) if one.id in said and said[one.id].given]


def summaries(ctx: Context, award: Award) -> Sequence[Summary]:
    """One for each assessed bid, the winner's first."""
    its = (
        select(Summary)
        .join(Organisation, col(Organisation.id) == Summary.organisation_id)
        .where(Summary.award_id == award.id, visible_to(ctx.actor, Summary))
        .order_by(col(Summary.wins).desc(), col(Organisation.name), col(Summary.id))
    )
    return ctx.session.exec(its.options(eager(Summary.organisation))).all()


def summary(ctx: Context, tender: Tender, id: UUID) -> Summary:
    its = select(Summary).where(
        Summary.id == id, Summary.tender_id == tender.id, visible_to(ctx.actor, Summary)
    )
    whole = its.options(eager(Summary.organisation), eager(Summary.award))
    if found := ctx.session.exec(whole).one_or_none():
        return found
    raise NotFound("There is no such summary.")


def own_summaries(ctx: Context, tender: Tender) -> Sequence[Summary]:
    """What the reader's own organisation was told of its bid, the newest first."""
    its = select(Summary).where(
        Summary.tender_id == tender.id,
        Summary.organisation_id == ctx.actor.organisation_id,
        Summary.stage == SummaryStage.SENT,
        visible_to(ctx.actor, Summary),
    )
    return ctx.session.exec(its.order_by(col(Summary.sent_at).desc(), col(Summary.id))).all()


def proceedings(ctx: Context, award: Award) -> Sequence[Proceedings]:
    its = select(Proceedings).where(
        Proceedings.award_id == award.id, visible_to(ctx.actor, Proceedings)
    )
    oldest = its.order_by(col(Proceedings.told_on), col(Proceedings.id))
    return ctx.session.exec(oldest.options(eager(Proceedings.award))).all()


def one_proceedings(ctx: Context, award: Award, id: UUID) -> Proceedings:
    if found := next((one for one in proceedings(ctx, award) if one.id == id), None):
        return found
    raise NotFound("There are no such proceedings.")


def is_signed(ctx: Context, award: Award) -> bool:
    """Whether a contract of it is in force, or was."""
    signed = select(Contract.id).where(
        Contract.award_id == award.id,
        col(Contract.stage).in_((ContractStage.SIGNED, ContractStage.ENDED)),
        visible_to(ctx.actor, Contract),
    )
    return ctx.session.exec(signed.limit(1)).first() is not None


# ---- What waits


def closed(ctx: Context, *which: Any) -> Sequence[Tender]:
    """The tenders whose deadline has passed, the longest ago first."""
    over = select(Tender).where(
        Tender.stage == Stage.OPEN,
        col(Tender.closes_at) <= ctx.now,
        *which,
        visible_to(ctx.actor, Tender),
    )
    first = over.order_by(col(Tender.closes_at), col(Tender.id)).limit(MOST)
    return ctx.session.exec(first.options(eager(Tender.organisation))).all()


def undecided(ctx: Context) -> Sequence[Tender]:
    """Those of them of which something was not decided for longer than it should take."""
    late = ctx.now - timedelta(days=ctx.settings.outcome_days)
    return closed(ctx, col(Tender.closes_at) <= late, something_is_undecided())


def something_is_undecided() -> Any:
    """Of a tender in a query: a lot that has not ended or, where it never had any, the whole."""
    decided = select(Award.id).where(Award.tender_id == Tender.id, col(Award.stage).in_(LIVE))
    lots = select(Lot.id).where(Lot.tender_id == Tender.id)
    of_lot = decided.where(Award.lot_id == Lot.id).correlate(Lot, Tender)
    waiting = lots.where(Lot.stage == LotStage.LIVE, ~of_lot.exists()).correlate(Tender)
    whole = and_(~lots.correlate(Tender).exists(), ~decided.correlate(Tender).exists())
    return or_(waiting.exists(), whole)


def reminded(ctx: Context, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these tenders were reminded of within the interval."""
    lately = ctx.now - timedelta(days=ctx.settings.reminder_days)
    steps = select(Event.about_id).where(
        Event.verb == Verb.TENDER_REMIND,
        col(Event.about_id).in_(ids),
        col(Event.created_at) > lately,
        visible_to(ctx.actor, Event),
    )
    return frozenset(ctx.session.exec(steps))
