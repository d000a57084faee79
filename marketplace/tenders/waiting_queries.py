"""What the tenders of an authority wait for it to do, read for all of them by one query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased, joinedload
from sqlmodel import and_, col, func, or_, select

from auth.actor import Role
from marketplace.core.context import Context
from marketplace.policy import visible_to
from marketplace.tenders import standing
from marketplace.tenders.models import (
    Approval,
    Part,
    PartVersion,
    Party,
    PartyStage,
    Publication,
    Stage,
    Tender,
)
from marketplace.tenders.standing import Seen

Version: Any = aliased(PartVersion)
MOST = 50  # tenders of an authority that are open to change


@dataclass(frozen=True, slots=True)
class Waiting:
    """A tender that the reader's authority has to answer: whether to take part, or these parts."""

    tender: Tender
    party: Party
    parts: Sequence[Part] = field(default_factory=tuple)  # to approve; none: an invitation


def waiting(ctx: Context) -> list[Waiting]:
    """Invitations to answer, for authors and approvers; parts to approve, for approvers."""
    roles = ctx.actor.roles
    if roles.isdisjoint((Role.AUTHOR, Role.APPROVER)):
        return []
    found: dict[UUID, tuple[Tender, Party, dict[Any, Any], dict[Any, Any], Seen]] = {}
    for tender, party, version, approval, seen in _rows(ctx):
        _, _, versions, approvals, _ = found.setdefault(
            tender.id, (tender, party, {}, {}, seen or {})
        )
        if version:
            versions[version.part, version.of_id] = version
        if approval:
            approvals[party.id, approval.part] = approval
    listed = []
    for tender, party, versions, approvals, seen in found.values():
        if party.stage is PartyStage.INVITED:
            listed.append(Waiting(tender, party))
            continue
        cells = [standing.cell(tender, party, part, versions, approvals, seen) for part in Part]
        to_do = [one.part for one in cells if one.state in standing.TO_APPROVE]
        if to_do and Role.APPROVER in roles:
            listed.append(Waiting(tender, party, to_do))
    return listed


def _rows(ctx: Context) -> Any:
    latest = (
        select(func.max(PartVersion.number))
        .where(PartVersion.of_id == Version.of_id, PartVersion.part == Version.part)
        .correlate(Version)
        .scalar_subquery()
    )
    seen = (
        select(Publication.content["versions"])
        .where(Publication.tender_id == Tender.id, visible_to(ctx.actor, Publication))
        .order_by(col(Publication.number).desc())
        .limit(1)
        .correlate(Tender)
        .scalar_subquery()
    )
    columns: list[Any] = [Tender, Party, Version, Approval, seen]
    rows: Any = select(*columns)
    rows = (
        rows.join(Party, col(Party.tender_id) == Tender.id)
        .outerjoin(
            Version,
            and_(
                Version.tender_id == Tender.id,
                or_(Version.of_id == Tender.id, Version.of_id == Party.id),
                Version.number == latest,
            ),
        )
        .outerjoin(
            Approval,
            and_(col(Approval.party_id) == Party.id, col(Approval.part) == Version.part),
        )
        .where(
            Party.organisation_id == ctx.actor.organisation_id,
            or_(
                and_(Party.stage == PartyStage.INVITED, Tender.stage == Stage.DRAFT),
                and_(
                    Party.stage == PartyStage.ACCEPTED,
                    or_(
                        Tender.stage == Stage.DRAFT,
                        and_(Tender.stage == Stage.OPEN, col(Tender.closes_at) > ctx.now),
                    ),
                ),
            ),
            visible_to(ctx.actor, Tender),
        )
        .order_by(col(Tender.created_at).desc(), col(Tender.id))
        .limit(MOST * len(Part))
    )
    organisation: Any = Tender.organisation
    return ctx.session.exec(rows.options(joinedload(organisation)))
