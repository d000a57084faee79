"""What the first pages show of everything: how much there is, who takes part, and what is new."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, union_all
from sqlmodel import col, select

from auth.actor import Kind
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import (
    Challenge,
    Circumstances,
    Commitment,
    CommitmentStage,
    Level,
    Stage,
    standing,
)
from marketplace.contracts import waiting_queries
from marketplace.contracts.waiting_queries import Waiting
from marketplace.core.context import Context
from marketplace.core.db import Moment, eager
from marketplace.evaluation import waiting_queries as panels
from marketplace.organisations.models import Organisation
from marketplace.people.models import JoinRequest, JoinStage
from marketplace.policy import in_the_directory, visible_to

MOST = 60  # rows that a block is made from
MOST_OWN = 200  # of an authority's own


# ---- For everybody


@dataclass(frozen=True, slots=True)
class Numbers:
    challenges: int  # open now
    products: int  # listed


def numbers(ctx: Context) -> Numbers:
    challenges = select(func.count(col(Challenge.id))).where(_open(ctx))
    its_products = (
        select(func.count(col(Product.id)))
        .where(Product.organisation_id == Organisation.id, Product.stage == Listing.LISTED)
        .correlate(Organisation)
    )
    products = select(func.coalesce(func.sum(its_products.scalar_subquery()), 0)).where(
        Organisation.kind == Kind.SUPPLIER,
        visible_to(ctx.actor, Organisation),
        in_the_directory(ctx.actor),
    )
    counted = select(challenges.scalar_subquery(), products.scalar_subquery())
    return Numbers(*map(int, ctx.session.exec(counted).one()))  # PostgreSQL adds up to decimals


def _open(ctx: Context) -> ColumnElement[bool]:
    return (standing(ctx.today) == Stage.OPEN) & visible_to(ctx.actor, Challenge)


def closing(ctx: Context, until: date, most: int = MOST) -> Sequence[Challenge]:
    """Open challenges that close by that day, the first one first."""
    soon = select(Challenge).where(_open(ctx), col(Challenge.closes_on) <= until)
    in_order = soon.order_by(col(Challenge.closes_on), col(Challenge.id)).limit(most)
    return ctx.session.exec(in_order.options(eager(Challenge.organisation))).all()


def elsewhere(
    ctx: Context,
    since: datetime,
    until: date,
    *,
    our_work: bool = False,
    besides: Collection[UUID] = (),
) -> Sequence[Challenge]:
    """Open challenges of other organisations that were published since or close by that day, the
    newest first; with `our_work`, in the areas of work of the reader's authority, if it has any.
    """
    new, soon = col(Challenge.published_at) >= since, col(Challenge.closes_on) <= until
    theirs = select(Challenge).where(
        _open(ctx),
        new | soon,
        col(Challenge.organisation_id) != ctx.actor.organisation_id,
        col(Challenge.id).not_in(besides),
    )
    if our_work:
        ours = _areas(ctx)
        theirs = theirs.where(col(Challenge.area).in_(ours) | ~ours.exists())
    newest = theirs.order_by(col(Challenge.published_at).desc(), col(Challenge.id).desc())
    return ctx.session.exec(newest.limit(MOST).options(eager(Challenge.organisation))).all()


# ---- For an authority


@dataclass(frozen=True, slots=True)
class Ours:
    """What the reader's authority has, in numbers, how its address calls it, and what awards and
    contracts wait for.
    """

    slug: str
    by_stage: Mapping[Stage, int]  # its challenges, as they stand now
    seats: int  # the reader's own, on panels
    awards: Sequence[Waiting]


def ours(ctx: Context) -> Ours:
    """All of it in one question."""
    own = ctx.actor.organisation_id
    seen = select(cast(standing(ctx.today), String).label("stage")).where(
        Challenge.organisation_id == own, visible_to(ctx.actor, Challenge)
    )
    stages = seen.subquery()

    def columns(what: str, name: Any, more: Any) -> list[Any]:
        it, at = literal(own), literal(ctx.now, Moment)
        return [literal(what), it, it, name, at, cast(more, String)]

    itself = select(*columns("it", Organisation.slug, literal(""))).where(
        Organisation.id == own, visible_to(ctx.actor, Organisation)
    )
    challenges = select(*columns("stage", stages.c.stage, func.count())).group_by(stages.c.stage)
    seats = select(*columns("seats", literal(""), panels.number(ctx).scalar_subquery()))
    together: Any = union_all(itself, challenges, seats, waiting_queries.statement(ctx))
    slug, by_stage, held, awards = "", {}, 0, []
    for row in ctx.session.exec(together):
        if row[0] == "it":
            slug = row[3]
        elif row[0] == "stage":
            by_stage[Stage(row[3])] = int(row[5])
        elif row[0] == "seats":
            held = int(row[5])
        else:
            awards.append(row)
    return Ours(slug, by_stage, held, waiting_queries.read(ctx, awards))


def on_panels(ctx: Context) -> Sequence[Waiting]:
    """What panels wait for of somebody whose organisation neither leads tenders nor buys."""
    return waiting_queries.read(ctx, ctx.session.exec(panels.statement(ctx)))


def _areas(ctx: Context) -> Any:
    """The areas of work in which the reader's authority has posted or joined a challenge."""
    joined = select(Commitment.challenge_id).where(
        Commitment.organisation_id == ctx.actor.organisation_id,
        Commitment.stage == CommitmentStage.LIVE,
    )
    own = col(Challenge.organisation_id) == ctx.actor.organisation_id
    return select(Challenge.area).where(
        own | col(Challenge.id).in_(joined),
        col(Challenge.area).is_not(None),
        visible_to(ctx.actor, Challenge),
    )


def under_review(ctx: Context) -> Sequence[Challenge]:
    """For LOTI: what was sent to it and is not published, the oldest first."""
    sent = select(Challenge).where(
        col(Challenge.stage).in_((Stage.SUBMITTED, Stage.RETURNED)),
        visible_to(ctx.actor, Challenge),
    )
    oldest = sent.order_by(col(Challenge.submitted_at)).limit(MOST)
    return ctx.session.exec(oldest.options(eager(Challenge.organisation))).all()


# ---- Who wants to come in


def asking_to_join(ctx: Context) -> Sequence[JoinRequest]:
    """Open requests to join the reader's organisation, with who asks, the oldest first."""
    asked = select(JoinRequest).where(
        JoinRequest.organisation_id == ctx.actor.organisation_id,
        JoinRequest.stage == JoinStage.ASKED,
        visible_to(ctx.actor, JoinRequest),
    )
    oldest = asked.order_by(col(JoinRequest.created_at)).limit(MOST)
    return ctx.session.exec(oldest.options(eager(JoinRequest.person))).all()


# ---- Who joined whom


@dataclass(frozen=True, slots=True)
class Joining:
    """The authorities that lately said that they have the need of a challenge too."""

    challenge: Challenge
    names: Sequence[str]
    latest: datetime
    ends: Sequence[date]  # of the contracts that they told us of


@dataclass(frozen=True, slots=True)
class Ties:
    """What the reader's authority joined, with the end of its own contract where it told us of
    one, and who joined it; the newest first.
    """

    joined: Sequence[tuple[Commitment, date | None]]
    joinings: Sequence[Joining]


def ties(ctx: Context, since: datetime) -> Ties:
    """Both by one question."""
    own = ctx.actor.organisation_id
    ours = col(Commitment.organisation_id) == own
    theirs = and_(_joined_lately(since), col(Challenge.organisation_id) == own)
    found = ctx.session.exec(_commitments(ctx).where(or_(ours, theirs)).limit(MOST_OWN)).all()
    return Ties(
        [pair for pair in found if pair[0].organisation_id == own],
        _by_challenge(pair for pair in found if pair[0].organisation_id != own),
    )


def joinings(ctx: Context, since: datetime) -> Sequence[Joining]:
    """For LOTI: who lately said to have the need of anybody's challenge too, by challenge, the
    newest first.
    """
    return _by_challenge(
        ctx.session.exec(_commitments(ctx).where(_joined_lately(since)).limit(MOST))
    )


def _commitments(ctx: Context) -> Any:
    """Live commitments with the end of the contract that the reader may know of."""
    poster: Any = Challenge.organisation
    return (
        select(Commitment, col(Circumstances.contract_ends))
        .join(Challenge)
        .outerjoin(
            Circumstances,
            (col(Circumstances.commitment_id) == Commitment.id)
            & visible_to(ctx.actor, Circumstances),
        )
        .where(Commitment.stage == CommitmentStage.LIVE, visible_to(ctx.actor, Commitment))
        .order_by(col(Commitment.created_at).desc(), col(Commitment.id).desc())
        .options(eager(Commitment.organisation), eager(Commitment.challenge).joinedload(poster))
    )


def _joined_lately(since: datetime) -> ColumnElement[bool]:
    """Watching is not having the need."""
    return and_(col(Commitment.level) != Level.WATCHING, col(Commitment.created_at) >= since)


def _by_challenge(rows: Iterable[tuple[Commitment, date | None]]) -> Sequence[Joining]:
    found: dict[UUID, list[tuple[Commitment, date | None]]] = defaultdict(list)
    for commitment, ends in rows:
        found[commitment.challenge_id].append((commitment, ends))
    return [
        Joining(
            those[0][0].challenge,
            sorted(commitment.organisation.called for commitment, _ in those),
            those[0][0].created_at,
            sorted(filter(None, (ends for _, ends in those))),
        )
        for those in found.values()
    ]
