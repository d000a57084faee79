"""What can be seen of reliance: who relies on what, for what, and what has become of it since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import CLOCK, Actor
from marketplace.claims.models import COUNTING, Claim, Evidence, Reliance, Stage
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.times import in_london
from marketplace.policy import visible_to
from marketplace.standards.models import Stage as VersionStage
from marketplace.standards.models import StandardVersion

SIZE = 50  # records on a page


def one(ctx: Context, id: UUID) -> Reliance:
    if found := ctx.session.exec(_whole(ctx.actor).where(Reliance.id == id)).one_or_none():
        return found
    raise NotFound("There is no such record.")


def _whole(who: Actor) -> SelectOfScalar[Reliance]:
    """Records with the claim and its standard. An authority keeps them, whatever became of the
    claim since: they say what it was.
    """
    claim: Any = Reliance.claim
    organisation: Any = Reliance.organisation
    version: Any = Claim.version
    standard: Any = StandardVersion.standard
    return (
        select(Reliance)
        .where(visible_to(who, Reliance))
        .options(
            joinedload(organisation),
            joinedload(claim).joinedload(version).joinedload(standard),
        )
    )


def listed(
    ctx: Context, *, everybody: bool = False, after: UUID | None = None
) -> tuple[Sequence[Reliance], UUID | None]:
    """The records of the reader's own authority, or of every one, the newest first."""
    rows = _whole(ctx.actor)
    if not everybody:
        rows = rows.where(Reliance.organisation_id == ctx.actor.organisation_id)
    if after:
        last = one(ctx, after)
        place = tuple_(col(Reliance.created_at), col(Reliance.id))
        rows = rows.where(place < (last.created_at, last.id))
    newest = rows.order_by(col(Reliance.created_at).desc(), col(Reliance.id).desc())
    found = ctx.session.exec(newest.limit(SIZE + 1)).all()
    return found[:SIZE], found[SIZE - 1].id if len(found) > SIZE else None


def on(ctx: Context, claim: Claim) -> Sequence[Reliance]:
    """The records about one claim that the actor may see, by authority."""
    rows = _whole(ctx.actor).where(Reliance.claim_id == claim.id)
    found = ctx.session.exec(rows.limit(SIZE)).all()
    return sorted(found, key=lambda one: (one.organisation.called, one.created_at))


def everything_shown(ctx: Context, claim: Claim) -> Sequence[Evidence]:
    """All of a claim's evidence, for the fingerprints of what the actor may not see."""
    shown = select(Evidence).where(Evidence.claim_id == claim.id, visible_to(CLOCK, Evidence))
    return ctx.session.exec(shown.order_by(col(Evidence.created_at), col(Evidence.id))).all()


@dataclass(frozen=True, slots=True)
class Since:
    """Something that has happened to what is relied on."""

    what: str
    on: date
    ends: bool  # whether the finding holds no more


def since(reliance: Reliance, at: datetime) -> Sequence[Since]:
    """What has become of the claim since it was relied on, in the order of time: it follows from
    the claim and its standard, so nothing can be forgotten.
    """
    claim, version = reliance.claim, reliance.claim.version
    found: list[Since] = []

    def day(moment: datetime) -> date:
        return in_london(moment).date()

    if version.ended_at and version.ended_at > reliance.created_at:
        became = "superseded" if version.stage == VersionStage.SUPERSEDED else "withdrawn"
        called = f"{version.standard.title} {version.label}".strip()
        found.append(Since(f"{called} was {became}", day(version.ended_at), False))
    if claim.replaced_at:
        found.append(Since("A newer assessment took its place", day(claim.replaced_at), False))
    if claim.revoked_at:
        found.append(Since(f"LOTI revoked it: {claim.because}", day(claim.revoked_at), True))
    if claim.withdrawn_at:
        found.append(Since("Its supplier withdrew the claim", day(claim.withdrawn_at), True))
    today = day(at)
    if claim.ends_on and claim.ends_on < today and claim.stage in COUNTING:
        found.append(Since("It expired", claim.ends_on, True))
    return sorted(found, key=lambda one: one.on)


def state(reliance: Reliance, at: datetime) -> str:
    """How the record stands, in a word or two."""
    if reliance.ended_at:
        return "Ended"
    happened = since(reliance, at)
    if any(one.ends for one in happened):
        return "Revoked" if reliance.claim.stage == Stage.REVOKED else "No longer holds"
    return "Check again" if happened else "Holds"
