"""What can be seen of one claim: its points, answers, evidence, marks and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.catalogue.models import Product, ProductVersion
from marketplace.catalogue.models import Stage as Listing
from marketplace.claims.models import DECIDED, Answer, Assessment, Claim, Evidence, Mark
from marketplace.claims.queries import whole
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.standards.models import Requirement, Standard, StandardVersion
from marketplace.standards.models import Stage as VersionStage
from marketplace.verbs import Verb

MOST_OWN = 200  # claims on a supplier's own page
MOST_EARLIER = 30  # pieces of evidence that are offered again
ENTRIES = 50  # of a history on a page


def requirements(ctx: Context, claim: Claim) -> Sequence[Requirement]:
    """What the claim's version of the standard asks for, in its order."""
    points = select(Requirement).where(
        Requirement.version_id == claim.version_id, visible_to(ctx.actor, Requirement)
    )
    return ctx.session.exec(points.order_by(col(Requirement.position))).all()


def requirement(ctx: Context, claim: Claim, id: UUID) -> Requirement:
    for one in requirements(ctx, claim):
        if one.id == id:
            return one
    raise NotFound("There is no such point.")


def answers(ctx: Context, claim: Claim) -> Mapping[UUID, Answer]:
    """What the supplier says, by requirement, as far as the actor may read it."""
    said = select(Answer).where(Answer.claim_id == claim.id, visible_to(ctx.actor, Answer))
    return {one.requirement_id: one for one in ctx.session.exec(said)}


def evidence(ctx: Context, claim: Claim) -> Sequence[Evidence]:
    """What is shown, as far as the actor may see it, the oldest first."""
    shown = select(Evidence).where(Evidence.claim_id == claim.id, visible_to(ctx.actor, Evidence))
    return ctx.session.exec(shown.order_by(col(Evidence.created_at), col(Evidence.id))).all()


def piece(ctx: Context, claim: Claim, id: UUID) -> Evidence:
    shown = select(Evidence).where(
        Evidence.id == id, Evidence.claim_id == claim.id, visible_to(ctx.actor, Evidence)
    )
    if found := ctx.session.exec(shown).one_or_none():
        return found
    raise NotFound("There is no such evidence.")


def marks(ctx: Context, claim: Claim) -> Mapping[UUID, Mark]:
    """What was found of each requirement, as far as the actor may know it."""
    found = select(Mark).where(Mark.claim_id == claim.id, visible_to(ctx.actor, Mark))
    return {one.requirement_id: one for one in ctx.session.exec(found)}


def assessment(ctx: Context, claim: Claim) -> Assessment | None:
    decided = select(Assessment).where(
        Assessment.claim_id == claim.id, visible_to(ctx.actor, Assessment)
    )
    return ctx.session.exec(decided).one_or_none()


def history(ctx: Context, claim: Claim) -> Sequence[Event]:
    """The steps that the actor may see, newest first; each saved answer would only be noise."""
    noise = (Verb.CLAIM_ANSWER, Verb.CLAIM_ATTACH, Verb.CLAIM_DETACH, Verb.CLAIM_MARK)
    steps = (
        select(Event)
        .where(
            Event.about_id == claim.id,
            col(Event.verb).not_in(noise),
            visible_to(ctx.actor, Event),
        )
        .order_by(col(Event.created_at).desc(), col(Event.id).desc())
    )
    return ctx.session.exec(steps.limit(ENTRIES)).all()


@dataclass(frozen=True, slots=True)
class Point:
    """A requirement with what is said, shown and found of it."""

    requirement: Requirement
    answer: Answer | None
    evidence: Sequence[Evidence]
    mark: Mark | None

    @property
    def accepted(self) -> bool:
        return self.answer is not None and self.answer.accepted

    @property
    def done(self) -> bool:
        said = self.answer is not None and bool(self.answer.text)
        return self.accepted or said or bool(self.evidence)


def all_points(ctx: Context, claim: Claim) -> tuple[Sequence[Point], Sequence[Evidence]]:
    """The points of a claim, and what is shown for the whole of it."""
    shown = evidence(ctx, claim)
    asked = (
        select(Requirement, Answer, Mark)
        .select_from(Requirement)
        .outerjoin(Answer, _of_it(Answer, ctx, claim))
        .outerjoin(Mark, _of_it(Mark, ctx, claim))
        .where(Requirement.version_id == claim.version_id, visible_to(ctx.actor, Requirement))
        .order_by(col(Requirement.position))
    )
    found = [
        Point(one, said, [piece for piece in shown if piece.requirement_id == one.id], mark)
        for one, said, mark in ctx.session.exec(asked)
    ]
    return found, [piece for piece in shown if piece.requirement_id is None]


def _of_it(kind: type[Answer] | type[Mark], ctx: Context, claim: Claim) -> Any:
    """What is said or found of a requirement in this claim, as far as the actor may know it."""
    return and_(
        col(kind.requirement_id) == Requirement.id,
        col(kind.claim_id) == claim.id,
        visible_to(ctx.actor, kind),
    )


def lacking(ctx: Context, claim: Claim) -> list[str]:
    """What has to be done before the claim can be sent, in sentences."""
    return lacks(claim, *all_points(ctx, claim), ctx.today)


def lacks(
    claim: Claim, found: Sequence[Point], whole_of_it: Sequence[Evidence], today: date
) -> list[str]:
    shown = [*whole_of_it, *(piece for point in found for piece in point.evidence)]
    said = [
        f"Say how you meet “{point.requirement.title}”, or show it."
        for point in found
        if point.requirement.essential and not point.done
    ]
    if claim.version.evidence and not shown:
        said.append("Add a piece of evidence.")
    said += [
        f"The evidence “{piece.called}” is out of date. Remove it or add a newer one."
        for piece in shown
        if piece.ends_on and piece.ends_on < today
    ]
    return said


# ---- For the supplier


def mine(ctx: Context) -> Sequence[Claim]:
    """The claims of the reader's own organisation that no newer one has replaced."""
    own = select(Claim).where(
        Claim.organisation_id == ctx.actor.organisation_id,
        col(Claim.replaced_at).is_(None),
        visible_to(ctx.actor, Claim),
    )
    newest = own.order_by(col(Claim.created_at).desc(), col(Claim.id).desc()).limit(MOST_OWN)
    return ctx.session.exec(whole(newest)).unique().all()


def own_products(ctx: Context) -> Sequence[tuple[UUID, str]]:
    """The products that claims can be made for."""
    columns: list[Any] = [Product.id, Product.name]
    own = select(*columns).where(
        Product.organisation_id == ctx.actor.organisation_id,
        col(Product.stage).in_((Listing.LISTED, Listing.PAUSED)),
        visible_to(ctx.actor, Product),
    )
    return [(id, name) for id, name in ctx.session.exec(own.order_by(Product.name))]


def product_versions(ctx: Context, product: Product) -> list[str]:
    labels = select(ProductVersion.label).where(
        ProductVersion.product_id == product.id, visible_to(ctx.actor, ProductVersion)
    )
    newest = labels.order_by(col(ProductVersion.is_current).desc(), col(ProductVersion.label))
    return list(ctx.session.exec(newest))


def in_force(ctx: Context, standard_id: UUID) -> StandardVersion | None:
    published = select(StandardVersion).where(
        StandardVersion.standard_id == standard_id,
        StandardVersion.stage == VersionStage.PUBLISHED,
        visible_to(ctx.actor, StandardVersion),
    )
    standard: Any = StandardVersion.standard
    return ctx.session.exec(published.options(joinedload(standard))).one_or_none()


def version(ctx: Context, id: UUID) -> StandardVersion:
    """A published version of a standard."""
    published = select(StandardVersion).where(
        StandardVersion.id == id,
        StandardVersion.stage == VersionStage.PUBLISHED,
        visible_to(ctx.actor, StandardVersion),
    )
    standard: Any = StandardVersion.standard
    if found := ctx.session.exec(published.options(joinedload(standard))).one_or_none():
        return found
    raise NotFound("There is no such standard in force.")


def earlier(ctx: Context, claim: Claim) -> Sequence[tuple[Evidence, str]]:
    """What the supplier showed for its other claims and is in date, with the standard, the newest
    first.
    """
    columns: list[Any] = [Evidence, Standard.title]
    shown = (
        select(*columns)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(StandardVersion, col(StandardVersion.id) == Claim.version_id)
        .join(Standard, col(Standard.id) == StandardVersion.standard_id)
        .where(
            Claim.organisation_id == claim.organisation_id,
            Claim.id != claim.id,
            col(Evidence.ends_on).is_(None) | (col(Evidence.ends_on) >= ctx.today),
            visible_to(ctx.actor, Evidence),
        )
        .order_by(col(Evidence.created_at).desc(), col(Evidence.id).desc())
    )
    return [(one, title) for one, title in ctx.session.exec(shown.limit(MOST_EARLIER))]


def still_shown(ctx: Context, key: str) -> bool:
    """Whether any claim shows the file with this key."""
    shown = select(Evidence.id).where(Evidence.key == key, visible_to(ctx.actor, Evidence))
    return ctx.session.exec(shown.limit(1)).first() is not None


# ---- For the page of a supplier


def of_the_organisation(ctx: Context, supplier: Organisation) -> Sequence[Claim]:
    """What a supplier claims for all that it does, by standard."""
    wide = select(Claim).where(
        Claim.organisation_id == supplier.id,
        col(Claim.product_id).is_(None),
        col(Claim.replaced_at).is_(None),
        visible_to(ctx.actor, Claim),
    )
    found = ctx.session.exec(whole(wide.limit(MOST_OWN))).unique().all()
    return sorted(found, key=lambda one: (one.standard, one.stage not in DECIDED))
