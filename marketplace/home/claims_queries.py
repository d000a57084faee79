"""What the homes of authorities and of LOTI tell of claims, assessments and reliance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import String, and_, cast, func, literal, or_, union_all
from sqlmodel import col, select

from marketplace.catalogue.models import (
    EditStage,
    ProductEdit,
    ProductReport,
    ProductUse,
    ReportStage,
)
from marketplace.challenges.models import Challenge, standing
from marketplace.challenges.models import Stage as Challenged
from marketplace.claims.models import COUNTING, Claim, Interest, Reliance, RelianceStage, Stage
from marketplace.claims.queries import whole
from marketplace.claims.standing import SOON
from marketplace.core.context import Context
from marketplace.core.outbox import Delivery
from marketplace.evaluation import waiting_queries as panels
from marketplace.home.blocks import AHEAD
from marketplace.policy import visible_to
from marketplace.standards.models import Stage as Published
from marketplace.standards.models import StandardVersion

MOST = 60  # rows that a block is made from


# ---- For an authority


def reliances(ctx: Context) -> Sequence[tuple[Claim, Reliance | None]]:
    """Of what the reader's authority relies on or uses, the claims that have ended or end
    soon, each with the record of reliance if there is one; the first to end first.
    """
    ours = and_(
        col(Reliance.claim_id) == Claim.id,
        col(Reliance.organisation_id) == ctx.actor.organisation_id,
        col(Reliance.stage) == RelianceStage.STANDING,
        visible_to(ctx.actor, Reliance),
    )
    ends_on, counting = col(Claim.ends_on), col(Claim.stage).in_(COUNTING)
    over = or_(
        col(Claim.stage).in_((Stage.REVOKED, Stage.WITHDRAWN)),
        and_(counting, ends_on < ctx.today),
    )
    soon = and_(
        counting,
        col(Claim.replaced_at).is_(None),
        ends_on.between(ctx.today, ctx.today + AHEAD),
    )
    relied = col(Reliance.id).is_not(None)
    both: Any = select(Claim, Reliance).outerjoin(Reliance, ours)
    rows: Any = whole(
        both.where(
            visible_to(ctx.actor, Claim),
            or_(and_(relied, over), and_(soon, or_(relied, _used(ctx)))),
        )
    )
    in_order = rows.order_by(ends_on, col(Claim.id)).limit(MOST)
    return [(claim, reliance) for claim, reliance in ctx.session.exec(in_order).unique()]


def _used(ctx: Context) -> Any:
    """The claim is about a product that the reader's authority uses."""
    uses = select(ProductUse.id).where(
        ProductUse.product_id == Claim.product_id,
        ProductUse.organisation_id == ctx.actor.organisation_id,
        visible_to(ctx.actor, ProductUse),
    )
    return uses.correlate(Claim).exists()


# ---- For LOTI


@dataclass(frozen=True, slots=True)
class Relied:
    """A claim, and how many authorities rely on it."""

    claim: Claim
    authorities: int


def to_see_to(ctx: Context, *, assesses: bool) -> Sequence[Relied]:
    """What authorities rely on and ends soon and, for whoever assesses, what waits for them and
    they may assess; the oldest first.
    """
    relying = (
        select(func.count(func.distinct(Reliance.organisation_id)))
        .where(
            Reliance.claim_id == Claim.id,
            Reliance.stage == RelianceStage.STANDING,
            visible_to(ctx.actor, Reliance),
        )
        .correlate(Claim)
        .scalar_subquery()
    )
    ending = and_(
        col(Claim.stage).in_(COUNTING),
        col(Claim.replaced_at).is_(None),
        col(Claim.ends_on).between(ctx.today, ctx.today + timedelta(days=SOON)),
        relying > 0,
    )
    asked = or_(ending, _waiting(ctx)) if assesses else ending
    both: Any = select(Claim, relying).where(visible_to(ctx.actor, Claim), asked)
    oldest: Any = whole(both).order_by(col(Claim.submitted_at), col(Claim.id)).limit(MOST)
    return [Relied(claim, number) for claim, number in ctx.session.exec(oldest).unique()]


def _waiting(ctx: Context) -> Any:
    """Nobody has it, or the reader has; and the reader has no interest in its supplier."""
    concerned = select(Interest.id).where(
        Interest.person_id == ctx.actor.person_id,
        Interest.organisation_id == Claim.organisation_id,
        visible_to(ctx.actor, Interest),
    )
    stage = col(Claim.stage)
    own = and_(stage == Stage.ASSESSING, col(Claim.assessor_id) == ctx.actor.person_id)
    return or_(stage == Stage.SUBMITTED, own) & ~concerned.correlate(Claim).exists()


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many challenges stand at each stage, how much else waits for LOTI, and on how many panels
    the reader sits.
    """

    by_stage: Mapping[Challenged, int]
    edits: int
    reports: int
    drafts: int  # of standards
    set_aside: int  # news that did not reach a listener
    seats: int


def numbers(ctx: Context) -> Numbers:
    """All of them in one question."""
    seen = select(cast(standing(ctx.today), String).label("stage"))
    stages = seen.where(visible_to(ctx.actor, Challenge)).subquery()
    challenges = select(stages.c.stage, func.count()).group_by(stages.c.stage)
    waiting: Mapping[str, Any] = {
        "edits": _number(ProductEdit, EditStage.OPEN, ctx),
        "reports": _number(ProductReport, ReportStage.OPEN, ctx),
        "drafts": _number(StandardVersion, Published.DRAFT, ctx),
        "set_aside": select(func.count(col(Delivery.id))).where(
            col(Delivery.set_aside_at).is_not(None)
        ),
        "seats": panels.number(ctx),
    }
    others: list[Any] = [
        select(literal(name), number.scalar_subquery()) for name, number in waiting.items()
    ]
    found: dict[str, int] = dict(ctx.session.exec(union_all(*others, challenges)).all())  # type: ignore[call-overload]
    by_stage = {stage: found[stage] for stage in Challenged if stage in found}
    return Numbers(by_stage, **{name: found[name] for name in waiting})


def _number(table: Any, stage: str, ctx: Context) -> Any:
    return select(func.count(table.id)).where(table.stage == stage, visible_to(ctx.actor, table))
