"""Whose deadlines are whose: of one challenge, of somebody who asks, of a calendar's address."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, true
from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from auth.actor import VISITOR, Actor, Kind
from auth.tokens import Signer
from marketplace.accounts import queries as accounts
from marketplace.bids import queries as bids
from marketplace.calendar.deadlines import Dated, Deadline, TenderDate
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage, Stage
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.core.times import in_london
from marketplace.organisations import queries as organisations
from marketplace.organisations.models import Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.saved.models import Watch
from marketplace.settings import Settings
from marketplace.tenders import queries as tenders
from marketplace.tenders import rounds
from marketplace.tenders.models import Party, PartyStage, Publication, Tender
from marketplace.tenders.models import Stage as TenderStage
from marketplace.verbs import Verb

MOST = 200  # challenges in a calendar, and tenders
PAST = timedelta(days=90)  # how long one that is over stays in
CALENDAR = "calendar"  # what we sign
DECIDED = (  # what can be decided about a challenge that has a closing day
    Verb.CHALLENGE_APPROVE,
    Verb.CHALLENGE_CLOSE,
    Verb.CHALLENGE_TAKE,
    Verb.CHALLENGE_PILOT,
    Verb.CHALLENGE_SHARE,
    Verb.CHALLENGE_DROP,
    Verb.CHALLENGE_WITHDRAW,
)


def of_challenge(ctx: Context, id: UUID) -> Deadline:
    """The deadline of a published challenge, as everybody sees it."""
    for one in _deadlines(replace(ctx, actor=VISITOR), Challenge.id == id):
        return one
    raise NotFound("There is no such deadline.")


def of_tender(ctx: Context, id: UUID) -> Sequence[TenderDate]:
    """The dates of a published tender, as everybody sees them."""
    everybody = replace(ctx, actor=VISITOR)
    tender = tenders.one(everybody, id)
    latest = tenders.publications(everybody, tender)[0]
    return _dates(tender, latest.number, latest.created_at)


def _dates(tender: Tender, number: int, changed_at: datetime) -> list[TenderDate]:
    dates = [("questions", "Last moment for questions", tender.asking_ends_at)]
    dates += [
        (f"stage-{one.id}", f"End of the stage “{one.title}”", one.closes_at)
        for one in rounds.published(tender)
        if one.closes_at != tender.closes_at
    ]
    dates.append(("deadline", "Deadline for bids", tender.closes_at))
    ended = tender.stage is TenderStage.CANCELLED
    return [
        TenderDate(
            id=tender.id,
            what=what,
            said=said,
            title=tender.called,
            authority=tender.organisation.name,
            at=at,
            changes=number + ended,
            changed_at=changed_at,
            is_off=ended,
        )
        for what, said, at in dates
        if at
    ]


def ahead(ctx: Context, ids: Collection[UUID]) -> Sequence[Deadline]:
    """Those of these challenges that the reader may see and that can still be joined."""
    found = _deadlines(ctx, col(Challenge.id).in_(ids), Challenge.stage == Stage.OPEN)
    return [one for one in found if one.at > ctx.now]


def mine(ctx: Context, also: Collection[UUID] = ()) -> list[Dated]:
    """What concerns the reader, the next first: what they watch; their authority's own challenges,
    those it joined and the tenders it takes part in; for a supplier the challenges in the areas of
    its products; for LOTI all. And the dates of these other tenders.
    """
    earliest = in_london(ctx.now).date() - PAST
    watched = select(Watch.thing_id).where(
        Watch.person_id == ctx.actor.person_id, visible_to(ctx.actor, Watch)
    )
    challenges = or_(_concerns(ctx), col(Challenge.id).in_(watched))
    its = or_(_takes_part(ctx), col(Tender.id).in_(watched), col(Tender.id).in_(also))
    return in_order(
        *_deadlines(ctx, challenges, col(Challenge.closes_on) >= earliest),
        *_tender_dates(ctx, its, col(Tender.closes_at) >= ctx.now - PAST),
    )


def own(ctx: Context) -> list[Dated]:
    """What concerns the reader, and the dates of their own organisation's bids. These are in no
    file: whoever has its address would learn that there is a bid.
    """
    if ctx.actor.kind is not Kind.SUPPLIER:
        return mine(ctx)
    open_ = (
        select(Tender)
        .where(
            Tender.stage == TenderStage.OPEN,
            col(Tender.closes_at) > ctx.now,
            visible_to(ctx.actor, Tender),
        )
        .order_by(col(Tender.closes_at), col(Tender.id))
        .limit(MOST)
    )
    boxes = bids.own_boxes(ctx, ctx.session.exec(open_).all())
    return mine(ctx, {box.bid.tender_id for box in boxes})


def in_order(*dates: Dated) -> list[Dated]:
    """Each once, the next first."""
    return sorted({one.uid: one for one in dates}.values(), key=lambda one: (one.at, one.uid))


def _concerns(ctx: Context) -> ColumnElement[bool]:
    match ctx.actor.kind:
        case Kind.AUTHORITY:
            joined = select(Commitment.challenge_id).where(
                Commitment.organisation_id == ctx.actor.organisation_id,
                Commitment.stage == CommitmentStage.LIVE,
                visible_to(ctx.actor, Commitment),
            )
            own = col(Challenge.organisation_id) == ctx.actor.organisation_id
            return or_(own, col(Challenge.id).in_(joined))
        case Kind.SUPPLIER:
            listed = select(Product.areas).where(
                Product.organisation_id == ctx.actor.organisation_id,
                Product.stage == Listing.LISTED,
                visible_to(ctx.actor, Product),
            )
            areas = {area for its in ctx.session.exec(listed) for area in its}
            return col(Challenge.area).in_(areas)
        case Kind.LOTI:
            return true()
    return col(Challenge.id).in_(())


def _takes_part(ctx: Context) -> ColumnElement[bool]:
    if ctx.actor.kind is Kind.LOTI:
        return true()
    parties = select(Party.tender_id).where(
        Party.organisation_id == ctx.actor.organisation_id,
        Party.stage == PartyStage.ACCEPTED,
        visible_to(ctx.actor, Party),
    )
    return col(Tender.id).in_(parties)


def _tender_dates(ctx: Context, *which: Any) -> Iterator[TenderDate]:
    """Dates of published tenders, as everybody sees them."""
    columns: list[Any] = [
        Tender,
        func.max(Publication.number),
        func.max(col(Publication.created_at)),
    ]
    organisation: Any = Tender.organisation
    rows = (
        select(*columns)
        .join(Publication, col(Publication.tender_id) == Tender.id)
        .where(*which, visible_to(VISITOR, Tender), visible_to(VISITOR, Publication))
        .group_by(col(Tender.id))
        .order_by(col(Tender.closes_at), col(Tender.id))
        .limit(MOST)
        .options(selectinload(organisation))
    )
    for tender, number, changed_at in ctx.session.exec(rows):
        yield from _dates(tender, number, changed_at)


def _deadlines(ctx: Context, *which: Any) -> Sequence[Deadline]:
    """Deadlines of published challenges, the next ones first."""
    decided = (
        select(func.count(), func.max(Event.created_at))
        .where(
            Event.about_id == Challenge.id,
            col(Event.verb).in_(DECIDED),
            visible_to(ctx.actor, Event),
        )
        .correlate(Challenge)
    )
    columns: list[Any] = [
        Challenge.id,
        Challenge.title,
        Organisation.name,
        Challenge.closes_on,
        decided.with_only_columns(func.count()).scalar_subquery(),
        func.coalesce(
            decided.with_only_columns(func.max(col(Event.created_at))).scalar_subquery(),
            Challenge.published_at,
        ),
        Challenge.stage,
    ]
    rows = (
        select(*columns)
        .join(Organisation)
        .where(
            *which,
            visible_to(ctx.actor, Challenge),
            col(Challenge.published_at).is_not(None),
            col(Challenge.closes_on).is_not(None),
        )
        .order_by(col(Challenge.closes_on), col(Challenge.id))
        .limit(MOST)
    )
    return [Deadline(*about) for about in ctx.session.exec(rows)]


# ---- The address of somebody's calendar


def key(settings: Settings, person: Person) -> str:
    """What stands in the address of a person's calendar, so that a calendar need not sign in."""
    signer = Signer(settings.secret_key)
    return signer.sign(CALENDAR, person.id.hex, person.calendar_serial)


def me(ctx: Context) -> Person | None:
    """The person who asks; nobody for a visitor, or for support with a person's eyes."""
    seen = select(Person).where(
        Person.id == ctx.actor.person_id,
        Person.stage == Standing.ACTIVE,
        visible_to(ctx.actor, Person),
    )
    if ctx.actor.seen_through or not ctx.actor.known:
        return None
    return ctx.session.exec(seen).one_or_none()


def of_key(ctx: Context, key: str) -> list[Dated]:
    """All that concerns the person of a calendar's address, for every organisation of theirs."""
    match Signer(ctx.settings.secret_key).read(CALENDAR, key):
        case [str(id), int(serial)]:
            asking = Actor("", Kind.PUBLIC, person_id=UUID(hex=id))
            person = me(replace(ctx, actor=asking))
            if person and person.calendar_serial == serial:
                return _everywhere(replace(ctx, actor=asking), person)
    raise NotFound("There is no such calendar.")


def _everywhere(ctx: Context, person: Person) -> list[Dated]:
    found = mine(ctx)
    for membership, _ in accounts.memberships(ctx.session, person.id):
        actor = organisations.actor(ctx.session, membership.id)
        found += mine(replace(ctx, actor=actor))
    return in_order(*found)
