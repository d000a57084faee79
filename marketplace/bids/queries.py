"""What can be found of bids: one's own box by its place, and what was opened by who may see it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, true
from sqlmodel import Session, col, or_, select

from auth.actor import CLOCK, NOBODY, Kind
from marketplace.bids import boxes, choice_queries
from marketplace.bids.boxes import Box, where
from marketplace.bids.models import (
    Bid,
    BidFile,
    BidStage,
    Offer,
    Opening,
    OpeningStage,
    SealedBid,
    SealedLetter,
)
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.sealing import Seal, seal
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.tenders import rounds
from marketplace.tenders.models import Publication, Stage, Tender

MOST_OPEN = 200  # tenders that somebody may have bids for, on one page
AT_ONCE = 500  # places that are looked for in one statement
NONE = "You have not begun a bid for this tender."


def places(ctx: Context, tender_id: UUID, organisation_id: UUID, round: str) -> list[str]:
    """Where the box of a supplier can be for a tender, or for one round of it."""
    return seal(ctx.settings).places(*where(tender_id, organisation_id, round))


# ---- One's own


def own(
    ctx: Context, tender: Tender, round: str | None = None, *, locked: bool = False
) -> Box | None:
    """The box of the reader's own organisation, if it has one: of the round that is current."""
    its = rounds.current(tender, ctx.now) if round is None else round
    if ctx.actor.kind is not Kind.SUPPLIER or ctx.actor.organisation_id == NOBODY:
        return None
    theirs = select(SealedBid).where(
        col(SealedBid.place).in_(places(ctx, tender.id, ctx.actor.organisation_id, its)),
        visible_to(ctx.actor, SealedBid),
    )
    row = ctx.session.exec(theirs.with_for_update() if locked else theirs).one_or_none()
    return boxes.opened(row, seal(ctx.settings), tender) if row else None


def one_own(ctx: Context, tender: Tender, round: str | None = None, *, locked: bool = False) -> Box:
    if found := own(ctx, tender, round, locked=locked):
        return found
    raise NotFound(NONE)


def own_open(ctx: Context) -> Sequence[Box]:
    """What the reader's own organisation has begun or submitted for tenders that are published and
    not opened, the first to close first.
    """
    if ctx.actor.kind is not Kind.SUPPLIER or ctx.actor.organisation_id == NOBODY:
        return ()
    published = (
        select(Tender)
        .where(Tender.stage == Stage.OPEN, visible_to(ctx.actor, Tender))
        .order_by(col(Tender.closes_at).desc(), col(Tender.id))
        .limit(MOST_OPEN)
    )
    found = ctx.session.exec(published.options(eager(Tender.organisation))).all()
    return own_boxes(ctx, found)


def own_boxes(ctx: Context, tenders: Sequence[Tender]) -> Sequence[Box]:
    """What the reader's own organisation has begun or submitted for these, the first to close
    first.
    """
    by_place = {
        place: one
        for one in tenders
        for round in rounds.ids(one)
        for place in places(ctx, one.id, ctx.actor.organisation_id, round)
    }
    gone = choice_queries.own_out(ctx)
    rows = (
        select(SealedBid, gone.c.tender_id, gone.c.round)
        .outerjoin(gone, true())  # of few: from most procedures nobody is left out
        .where(col(SealedBid.place).in_(by_place), visible_to(ctx.actor, SealedBid))
    )
    read = ctx.session.exec(rows).all()
    sealed, out = {row.place: row for row, _, _ in read}, {(of, round) for _, of, round in read}
    found = [
        boxes.opened(row, seal(ctx.settings), by_place[place]) for place, row in sealed.items()
    ]
    for box in found:
        box.out = (box.bid.tender_id, rounds.before(box.bid.tender, box.bid.round)) in out
    return sorted(found, key=lambda box: (str(box.bid.closes_at), str(box.bid.id)))


def to_confirm(ctx: Context, boxes: Sequence[Box]) -> Collection[UUID]:
    """Of these the submitted bids whose tender changed in a way that counts before they closed, and
    that were not confirmed again.
    """
    bids = [box.bid for box in boxes if box.bid.stage is BidStage.SUBMITTED]
    if not bids:
        return ()
    its = select(Publication.tender_id, Publication.number, Publication.created_at).where(
        col(Publication.tender_id).in_({one.tender_id for one in bids}),
        col(Publication.material).is_(True),
        visible_to(ctx.actor, Publication),
    )
    changes = ctx.session.exec(its).all()
    return {
        one.id
        for one in bids
        for tender_id, number, at in changes
        if tender_id == one.tender_id and one.to_confirm(number)
        if one.closes_at is None or at < one.closes_at
    }


def own_opened(ctx: Context) -> Sequence[Bid]:
    """The bids of the reader's own organisation that were opened, the newest first."""
    theirs = select(Bid).where(
        Bid.organisation_id == ctx.actor.organisation_id, visible_to(ctx.actor, Bid)
    )
    newest = theirs.order_by(col(Bid.submitted_at).desc(), col(Bid.id)).limit(MOST_OPEN)
    return ctx.session.exec(newest.options(eager(Bid.tender))).all()


def organisation(ctx: Context) -> Organisation:
    return ctx.session.get_one(Organisation, ctx.actor.organisation_id)


# ---- At the opening, and for letters: what only the marketplace itself can find


def sealed(ctx: Context, tender: Tender, round: str | None = None) -> Sequence[Box]:
    """Every box for a tender, or for one round of it. Which they are only comes out by asking for
    the place of every supplier there is.
    """
    clock, key = replace(ctx, actor=CLOCK), seal(ctx.settings)
    suppliers = select(Organisation.id).where(
        Organisation.kind == Kind.SUPPLIER, visible_to(CLOCK, Organisation)
    )
    asked = rounds.ids(tender) if round is None else (round,)
    whole = [
        place
        for id in ctx.session.exec(suppliers)
        for one in asked
        for place in places(clock, tender.id, id, one)
    ]
    found: list[Box] = []
    for first in range(0, len(whole), AT_ONCE):
        some = whole[first : first + AT_ONCE]
        rows = select(SealedBid).where(col(SealedBid.place).in_(some), visible_to(CLOCK, SealedBid))
        found += [boxes.opened(row, key, tender) for row in ctx.session.exec(rows)]
    return sorted(found, key=lambda box: str(box.bid.submitted_at))


def must_have_the_key(ctx: Context) -> None:
    """Raises Unavailable when there is a box of another key: with this one its bid would not even
    be missed.
    """
    marks = seal(ctx.settings).marks
    others = select(SealedBid.id).where(
        col(SealedBid.mark).not_in(marks), visible_to(CLOCK, SealedBid)
    )
    if ctx.session.exec(others.limit(1)).first():
        raise Unavailable(
            "Some bids were sealed with another key than this marketplace has now. Ask whoever "
            "runs it to set SEAL_KEY as it was."
        )


def latest_publications(
    ctx: Context, tender: Tender, before: datetime | None = None
) -> Sequence[Publication]:
    """What was published of it, the newest first; with `before`, by that moment."""
    its = select(Publication).where(
        Publication.tender_id == tender.id, visible_to(CLOCK, Publication)
    )
    if before:
        its = its.where(or_(col(Publication.created_at) < before, Publication.number == 1))
    return ctx.session.exec(its.order_by(col(Publication.number).desc())).all()


def writer(ctx: Context, box: Box) -> Person | None:
    """Whom a letter about a bid goes to: whoever submitted it or saved it last, if they still act
    for the bidder.
    """
    last = max(box.saves.values(), key=lambda one: one.created_at, default=None)
    id = box.submitted_by or (last.person_id if last else None)
    theirs = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Person.id == id,
            Person.stage == Standing.ACTIVE,
            Membership.organisation_id == box.bid.organisation_id,
            Membership.stage == Standing.ACTIVE,
            visible_to(CLOCK, Person),
        )
    )
    return ctx.session.exec(theirs).one_or_none() if id else None


def due_letter(ctx: Context) -> SealedLetter | None:
    """The sealed letter to send next, locked."""
    waiting = (
        select(SealedLetter)
        .where(col(SealedLetter.due_at) <= ctx.now, visible_to(ctx.actor, SealedLetter))
        .order_by(col(SealedLetter.due_at), col(SealedLetter.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return ctx.session.exec(waiting).one_or_none()


def letters_due(ctx: Context, reader: Person, at: datetime) -> Sequence[SealedLetter]:
    """The sealed letters that wait for a reader until then and were not tried yet, locked."""
    theirs = select(SealedLetter).where(
        col(SealedLetter.place).in_(letter_places(seal(ctx.settings), reader.id)),
        SealedLetter.due_at == at,
        SealedLetter.attempts == 0,
        visible_to(ctx.actor, SealedLetter),
    )
    return ctx.session.exec(theirs.with_for_update()).all()


def letters(ctx: Context) -> Sequence[SealedLetter]:
    """The reader's own that were sent, in the demo."""
    theirs = select(SealedLetter).where(
        col(SealedLetter.place).in_(letter_places(seal(ctx.settings), ctx.actor.person_id)),
        col(SealedLetter.due_at).is_(None),
        visible_to(ctx.actor, SealedLetter),
    )
    return ctx.session.exec(theirs.limit(MOST_OPEN)).all()


def letter_places(key: Seal, person_id: UUID) -> list[str]:
    return key.places("letter", person_id)


# ---- When the key is changed for another


def under_another_key(session: Session, mark: str) -> Sequence[SealedBid]:
    """Some boxes that were not closed with the key of this mark, locked."""
    others = select(SealedBid).where(SealedBid.mark != mark, visible_to(CLOCK, SealedBid))
    in_order = others.order_by(col(SealedBid.id)).limit(AT_ONCE)
    return session.exec(in_order.with_for_update()).all()


def every_letter(session: Session, after: UUID | None) -> Sequence[SealedLetter]:
    """Some sealed letters, from the one after, locked."""
    its = select(SealedLetter).where(visible_to(CLOCK, SealedLetter))
    if after:
        its = its.where(col(SealedLetter.id) > after)
    in_order = its.order_by(col(SealedLetter.id)).limit(AT_ONCE)
    return session.exec(in_order.with_for_update()).all()


def opened_files(session: Session) -> Sequence[str]:
    """Where the store has the files of opened bids, which stay sealed there."""
    return session.exec(select(BidFile.key).where(visible_to(CLOCK, BidFile))).all()


# ---- Opened


def openings(ctx: Context, tender: Tender) -> Sequence[Opening]:
    """How far the opening of each round is; a new one where nobody has begun."""
    its = select(Opening).where(Opening.tender_id == tender.id, visible_to(ctx.actor, Opening))
    people = (Opening.begun_by, Opening.begun_for, Opening.opened_by, Opening.opened_for)
    known = {one.round: one for one in ctx.session.exec(its.options(*map(eager, people)))}
    return [
        known.get(id) or Opening(tender_id=tender.id, tender=tender, round=id)
        for id in rounds.ids(tender)
    ]


def opening(ctx: Context, tender: Tender) -> Opening:
    """How far the opening of the bids is that are evaluated: those of the last round."""
    return openings(ctx, tender)[-1]


def in_turn(all_of_them: Sequence[Opening]) -> Opening:
    """The opening that comes next: rounds are opened one after the other."""
    left = (one for one in all_of_them if one.stage is not OpeningStage.DONE)
    return next(left, all_of_them[-1])


def how_many(ctx: Context, tender: Tender, round: str) -> int:
    """How many bids were opened, which whoever sees the opening may know."""
    its = select(func.count()).select_from(Bid)
    its = its.where(Bid.tender_id == tender.id, Bid.round == round, visible_to(CLOCK, Bid))
    return ctx.session.exec(its).one()


def offers(ctx: Context, bid: Bid) -> Sequence[Offer]:
    """What it asks, as far as the reader may see prices yet."""
    its = select(Offer).where(Offer.bid_id == bid.id, visible_to(ctx.actor, Offer))
    return ctx.session.exec(its).all()


def bids(ctx: Context, tender: Tender, round: str | None = None) -> Sequence[Bid]:
    """Those that were opened, by supplier, for who may know whose they are; of the last round,
    which is evaluated, or of another.
    """
    its = (
        select(Bid)
        .join(Organisation, col(Organisation.id) == Bid.organisation_id)
        .where(
            Bid.tender_id == tender.id,
            Bid.round == (rounds.last(tender) if round is None else round),
            visible_to(ctx.actor, Bid),
        )
        .order_by(col(Organisation.name), col(Bid.id))
    )
    return ctx.session.exec(its.options(eager(Bid.organisation))).all()


def one(ctx: Context, tender: Tender, id: UUID) -> Bid:
    its = select(Bid).where(Bid.id == id, Bid.tender_id == tender.id, visible_to(ctx.actor, Bid))
    if found := ctx.session.exec(its.options(eager(Bid.organisation))).one_or_none():
        return found
    raise NotFound("There is no such bid.")


def own_of(ctx: Context, tender: Tender, round: str | None = None) -> Bid | None:
    """The reader's own of the last round, or of another, once it is opened."""
    its = select(Bid).where(
        Bid.tender_id == tender.id,
        Bid.organisation_id == ctx.actor.organisation_id,
        Bid.round == (rounds.last(tender) if round is None else round),
        visible_to(ctx.actor, Bid),
    )
    return ctx.session.exec(its.options(eager(Bid.organisation))).one_or_none()


def files(ctx: Context, bid: Bid) -> Sequence[BidFile]:
    its = select(BidFile).where(BidFile.bid_id == bid.id, visible_to(ctx.actor, BidFile))
    return ctx.session.exec(its.order_by(col(BidFile.name), col(BidFile.id))).all()


def file(ctx: Context, bid: Bid, id: UUID) -> BidFile:
    if found := next((one for one in files(ctx, bid) if one.id == id), None):
        return found
    raise NotFound("There is no such file.")
