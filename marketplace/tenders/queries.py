"""What can be seen of tenders, by everybody and by those who prepare them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import Actor, Kind, Role
from marketplace import policy
from marketplace.core.context import Context
from marketplace.core.db import eager, kept
from marketplace.core.errors import NotFound
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.reference.areas import Area
from marketplace.standards.models import Stage as StandardStage
from marketplace.standards.models import StandardVersion
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Approval,
    Comment,
    Criterion,
    Demand,
    Part,
    PartVersion,
    Party,
    PartyStage,
    Publication,
    Stage,
    Tender,
    TenderCheck,
    TenderDocument,
)

SIZE = 25  # tenders on a page
MOST_OWN = 200  # tenders of one authority
MOST_COMMENTS = 200


def one(ctx: Context, id: UUID) -> Tender:
    """The tender with the authority that leads it."""
    if tender := ctx.session.exec(_one(ctx.actor), params={"id": id}).one_or_none():
        return tender
    raise NotFound("There is no such tender.")


@kept
def _one(who: Actor) -> SelectOfScalar[Tender]:
    seen = select(Tender).where(Tender.id == bindparam("id"), visible_to(who, Tender))
    return seen.options(eager(Tender.organisation))


def working(ctx: Context, id: UUID) -> Tender:
    """The tender for somebody who prepares it; for everybody else there is no such place."""
    found = select(Tender).where(Tender.id == id, policy.inside(ctx.actor, Tender.id))
    if tender := ctx.session.exec(found.options(eager(Tender.organisation))).one_or_none():
        return tender
    raise NotFound("There is no such tender.")


def before_and_after(ctx: Context, tender: Tender) -> Sequence[Tender]:
    """What a tender goes on from, and what goes on from it, as far as the reader may see them. Once
    it has closed, an authority that parted from an award may have gone on.
    """
    over = tender.ended or tender.standing(ctx.now) is Stage.CLOSED
    if not (tender.continues_id or over):
        return ()
    its = select(Tender).where(
        or_(col(Tender.id) == tender.continues_id, col(Tender.continues_id) == tender.id),
        visible_to(ctx.actor, Tender),
    )
    in_order = its.order_by(col(Tender.created_at))
    return ctx.session.exec(in_order.options(eager(Tender.organisation))).all()


# ---- Lists


@dataclass(frozen=True, slots=True)
class Listed:
    """A tender as a list shows it."""

    id: UUID
    title: str
    summary: str
    authority: str
    deadline: datetime | None
    stage: Stage  # as the clock has it


@dataclass(frozen=True, slots=True)
class Filters:
    """What the database narrows the list by while the search does not answer."""

    area: frozenset[Area] = frozenset()
    authority: frozenset[str] = frozenset()  # slugs of the leads
    is_open: bool = False


def listed(
    ctx: Context, filters: Filters, after: UUID | None = None
) -> tuple[Sequence[Listed], UUID | None]:
    """Published tenders, newest first, from the one after `after`; and where to go on."""
    rows = _short(ctx).order_by(col(Tender.published_at).desc(), col(Tender.id).desc())
    if filters.area:
        rows = rows.where(col(Tender.area).in_(filters.area))
    if filters.authority:
        rows = rows.where(col(Organisation.slug).in_(filters.authority))
    if filters.is_open:
        rows = rows.where(standing(ctx.now) == Stage.OPEN)
    if after:
        last = one(ctx, after)
        place = tuple_(col(Tender.published_at), col(Tender.id))
        rows = rows.where(place < (last.published_at, last.id))
    found = ctx.session.exec(rows.limit(SIZE + 1)).all()
    shown = [Listed(*row) for row in found[:SIZE]]
    return shown, shown[-1].id if len(found) > SIZE else None


def published(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Listed]:
    """Those of these tenders that are published, by id."""
    rows = ctx.session.exec(_short(ctx).where(col(Tender.id).in_(list(ids))))
    return {row.id: Listed(*row) for row in rows}


def _short(ctx: Context) -> Any:
    columns: list[Any] = [
        Tender.id,
        Tender.public_title,
        Tender.public_summary,
        Organisation.name,
        Tender.closes_at,
        standing(ctx.now),
    ]
    return (
        select(*columns)
        .join(Organisation, col(Organisation.id) == Tender.organisation_id)
        .where(visible_to(ctx.actor, Tender), col(Tender.published_at).is_not(None))
    )


def standing(at: datetime) -> Any:
    """`Tender.standing` for SQL."""
    over = and_(col(Tender.stage) == Stage.OPEN, col(Tender.closes_at) <= at)
    return case((over, Stage.CLOSED), else_=col(Tender.stage))


def mine(ctx: Context) -> Sequence[tuple[Tender, Party]]:
    """The tenders that the reader's authority prepares or is asked to, the newest first."""
    if ctx.actor.kind is not Kind.AUTHORITY:
        return ()
    theirs = (
        select(Tender, Party)
        .join(Party, col(Party.tender_id) == Tender.id)
        .where(
            Party.organisation_id == ctx.actor.organisation_id,
            col(Party.stage).in_((PartyStage.INVITED, PartyStage.ACCEPTED)),
            visible_to(ctx.actor, Tender),
        )
        .order_by(col(Tender.created_at).desc(), col(Tender.id).desc())
        .limit(MOST_OWN)
    )
    return ctx.session.exec(theirs.options(eager(Tender.organisation))).all()


# ---- What a tender is made of


def parties(ctx: Context, tender: Tender) -> Sequence[Party]:
    """Its authorities, the lead first, whatever they answered."""
    found = (
        select(Party)
        .join(Organisation, col(Organisation.id) == Party.organisation_id)
        .where(Party.tender_id == tender.id, visible_to(ctx.actor, Party))
        .order_by(
            case((col(Party.organisation_id) == tender.organisation_id, 0), else_=1),
            col(Organisation.name),
        )
    )
    return ctx.session.exec(found.options(eager(Party.organisation), eager(Party.approver))).all()


def names(ctx: Context, tender: Tender) -> Mapping[str, str]:
    """What the authorities that take part are called, by the id of each; the lead first."""
    return {
        str(one.organisation_id): one.organisation.called
        for one in parties(ctx, tender)
        if one.stage is PartyStage.ACCEPTED
    }


def party_of(ctx: Context, tender: Tender, organisation_id: UUID) -> Party:
    for party in parties(ctx, tender):
        if party.organisation_id == organisation_id:
            return party
    raise NotFound("This authority does not take part in the tender.")


def own_party(ctx: Context, tender: Tender) -> Party:
    return party_of(ctx, tender, ctx.actor.organisation_id)


def lots(ctx: Context, tender: Tender) -> Sequence[Lot]:
    its = select(Lot).where(Lot.tender_id == tender.id, visible_to(ctx.actor, Lot))
    return ctx.session.exec(its.order_by(col(Lot.position), col(Lot.id))).all()


def criteria(ctx: Context, tender: Tender) -> Sequence[Criterion]:
    its = select(Criterion).where(
        Criterion.tender_id == tender.id, visible_to(ctx.actor, Criterion)
    )
    return ctx.session.exec(its.order_by(col(Criterion.position), col(Criterion.id))).all()


def lot(ctx: Context, tender: Tender, id: UUID) -> Lot:
    if found := next((one for one in lots(ctx, tender) if one.id == id), None):
        return found
    raise NotFound("There is no such lot.")


def criterion(ctx: Context, tender: Tender, id: UUID) -> Criterion:
    if found := next((one for one in criteria(ctx, tender) if one.id == id), None):
        return found
    raise NotFound("There is no such criterion.")


def documents(ctx: Context, tender: Tender) -> Sequence[TenderDocument]:
    its = select(TenderDocument).where(
        TenderDocument.tender_id == tender.id, visible_to(ctx.actor, TenderDocument)
    )
    return ctx.session.exec(its.order_by(col(TenderDocument.name), col(TenderDocument.id))).all()


def document(ctx: Context, tender_id: UUID, id: UUID) -> TenderDocument:
    its = select(TenderDocument).where(
        TenderDocument.id == id,
        TenderDocument.tender_id == tender_id,
        visible_to(ctx.actor, TenderDocument),
    )
    if found := ctx.session.exec(its).one_or_none():
        return found
    raise NotFound("There is no such document.")


def demands(ctx: Context, tender: Tender) -> Sequence[Demand]:
    its = select(Demand).where(Demand.tender_id == tender.id, visible_to(ctx.actor, Demand))
    whole = eager(Demand.version).joinedload(StandardVersion.standard)
    found = ctx.session.exec(its.options(whole)).all()
    return sorted(found, key=lambda one: (one.version.standard.title, str(one.id)))


def standards(ctx: Context) -> Sequence[StandardVersion]:
    """Every published version of a standard, by name."""
    published = select(StandardVersion).where(
        StandardVersion.stage == StandardStage.PUBLISHED,
        visible_to(ctx.actor, StandardVersion),
    )
    found = ctx.session.exec(published.options(eager(StandardVersion.standard))).all()
    return sorted(found, key=lambda one: one.standard.title)


def checks(ctx: Context, tender: Tender) -> Mapping[tuple[UUID, str], TenderCheck]:
    """What was recorded of the law's checklist, by whose it is and by its key."""
    its = select(TenderCheck).where(
        TenderCheck.tender_id == tender.id, visible_to(ctx.actor, TenderCheck)
    )
    return {(one.of_id, one.key): one for one in ctx.session.exec(its)}


# ---- Versions and what was said of them

Versions = Mapping[tuple[Part, UUID], PartVersion]  # the latest, by part and whose it is


def versions(ctx: Context, tender: Tender) -> Versions:
    """The latest version of every part."""
    return {(one.part, one.of_id): one for one in ctx.session.exec(_latest(ctx, tender))}


def versions_and_seen(ctx: Context, tender: Tender) -> tuple[Versions, Mapping[str, int]]:
    """The same and, by part, the number of the version that everybody sees: none of a draft."""
    public = (
        select(Publication.content["versions"])
        .where(Publication.tender_id == tender.id, visible_to(ctx.actor, Publication))
        .order_by(col(Publication.number).desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = ctx.session.exec(_latest(ctx, tender, public)).all()
    seen = rows[0][1] if rows and tender.published_at else None
    return {(one.part, one.of_id): one for one, _ in rows}, seen or {}


def _latest(ctx: Context, tender: Tender, *more: Any) -> Any:
    columns: list[Any] = [PartVersion, *more]
    latest = (
        select(PartVersion.part, PartVersion.of_id, func.max(PartVersion.number))
        .where(PartVersion.tender_id == tender.id)
        .group_by(col(PartVersion.part), col(PartVersion.of_id))
        .subquery()
    )
    return (
        select(*columns)
        .select_from(PartVersion)
        .join(
            latest,
            and_(
                col(PartVersion.part) == latest.c[0],
                col(PartVersion.of_id) == latest.c[1],
                col(PartVersion.number) == latest.c[2],
            ),
        )
        .where(PartVersion.tender_id == tender.id, visible_to(ctx.actor, PartVersion))
    )


def approvals(ctx: Context, tender: Tender) -> Mapping[tuple[UUID, Part], Approval]:
    """What each party said last, by party and part."""
    its = select(Approval).where(Approval.tender_id == tender.id, visible_to(ctx.actor, Approval))
    found = ctx.session.exec(its.options(eager(Approval.version)))
    return {(one.party_id, one.part): one for one in found}


def comments(ctx: Context, tender: Tender, part: Part | None = None) -> Sequence[Comment]:
    """What was said about it, the oldest first."""
    its = select(Comment).where(Comment.tender_id == tender.id, visible_to(ctx.actor, Comment))
    if part:
        its = its.where(Comment.part == part)
    oldest = its.order_by(col(Comment.created_at), col(Comment.id)).limit(MOST_COMMENTS)
    return ctx.session.exec(oldest.options(eager(Comment.organisation))).all()


def comment(ctx: Context, tender: Tender, id: UUID) -> Comment:
    its = select(Comment).where(
        Comment.id == id, Comment.tender_id == tender.id, visible_to(ctx.actor, Comment)
    )
    if found := ctx.session.exec(its).one_or_none():
        return found
    raise NotFound("There is no such comment.")


def publications(ctx: Context, tender: Tender) -> Sequence[Publication]:
    """The tender as it was published and amended, newest first."""
    its = select(Publication).where(
        Publication.tender_id == tender.id, visible_to(ctx.actor, Publication)
    )
    return ctx.session.exec(its.order_by(col(Publication.number).desc())).all()


# ---- People


def approvers(ctx: Context, organisation_id: UUID) -> Sequence[tuple[Person, Membership]]:
    """Who may approve for an authority."""
    active = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            visible_to(ctx.actor, Membership),
        )
        .order_by(Person.name)
    )
    found = ctx.session.exec(active).all()
    return [(who, member) for who, member in found if Role.APPROVER in member.roles]


def people(ctx: Context, tender: Tender) -> Sequence[Person]:
    """Everybody who can be mentioned: the people of its authorities and of LOTI."""
    inside = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            or_(
                col(Organisation.kind) == Kind.LOTI,
                col(Organisation.id).in_([UUID(id) for id in tender.partners]),
            ),
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
        )
    )
    return ctx.session.exec(inside).all()
