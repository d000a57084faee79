"""What can be seen of contracts, of call-offs under them and of what is said of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import joinedload
from sqlmodel import col, select

from marketplace.awards.models import Award
from marketplace.claims.models import Claim
from marketplace.claims.queries import whole
from marketplace.claims.standing import counts
from marketplace.contracts.models import (
    CallOff,
    Contract,
    ContractChange,
    ContractDocument,
    ContractNotice,
    ContractParty,
    ContractStage,
    ContractStandard,
    Milestone,
    Permitted,
    Review,
)
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.core.journal import Event
from marketplace.policy import visible_to
from marketplace.policy.contracts import involved
from marketplace.standards.models import StandardVersion
from marketplace.verbs import Verb

MOST = 1000  # of the things of one contract
BINDING = (ContractStage.SIGNED, ContractStage.ENDED)  # something can be due of it


def one(ctx: Context, id: UUID) -> Contract:
    """The contract with its authority, its supplier and its award."""
    its = select(Contract).where(Contract.id == id, visible_to(ctx.actor, Contract))
    whose = (Contract.organisation, Contract.supplier)
    loaded = (*whose, Contract.award, Contract.tender, Contract.lot)
    if found := ctx.session.exec(its.options(*map(eager, loaded))).one_or_none():
        return found
    raise NotFound("There is no such contract.")


def inside(ctx: Context, contract: Contract) -> bool:
    """Whether the reader sees all of it: who signs it, may call off under it, or is LOTI."""
    its = select(Contract.id).where(Contract.id == contract.id, involved(ctx.actor, Contract.id))
    return ctx.session.exec(its).first() is not None


def of_award(ctx: Context, award: Award) -> Sequence[Contract]:
    return _listed(ctx, Contract.award_id == award.id)


def of_tender(ctx: Context, tender_id: UUID) -> Sequence[Contract]:
    return _listed(ctx, Contract.tender_id == tender_id)


def _listed(ctx: Context, which: Any) -> Sequence[Contract]:
    """By the authority's name, and then lot by lot."""
    its = select(Contract).where(which, visible_to(ctx.actor, Contract)).limit(MOST)
    loaded = (Contract.organisation, Contract.supplier, Contract.lot)
    found = ctx.session.exec(its.options(*map(eager, loaded))).all()
    return sorted(found, key=_place)


def _place(one: Contract) -> tuple[str, int, str]:
    return one.organisation.called, one.lot.position if one.lot else 0, str(one.id)


# ---- What belongs to one


def parties(ctx: Context, contract: Contract) -> Sequence[ContractParty]:
    its = select(ContractParty).where(
        ContractParty.contract_id == contract.id, visible_to(ctx.actor, ContractParty)
    )
    found = ctx.session.exec(its.options(eager(ContractParty.organisation))).all()
    return sorted(
        found,
        key=lambda one: (one.organisation_id != contract.organisation_id, one.organisation.called),
    )


def permitted(ctx: Context, contract: Contract) -> Sequence[Permitted]:
    its = select(Permitted).where(
        Permitted.contract_id == contract.id, visible_to(ctx.actor, Permitted)
    )
    found = ctx.session.exec(its.options(eager(Permitted.organisation))).all()
    return sorted(found, key=lambda one: one.organisation.called)


def call_offs(ctx: Context, contract: Contract) -> Sequence[CallOff]:
    its = select(CallOff).where(CallOff.contract_id == contract.id, visible_to(ctx.actor, CallOff))
    newest = its.order_by(col(CallOff.created_at).desc(), col(CallOff.id)).limit(MOST)
    return ctx.session.exec(newest.options(eager(CallOff.organisation))).all()


def call_off(ctx: Context, contract: Contract, id: UUID) -> CallOff:
    found = next((one for one in call_offs(ctx, contract) if one.id == id), None)
    if found is None:
        raise NotFound("There is no such call-off.")
    found.contract = contract
    return found


def notices(ctx: Context, contract: Contract) -> Mapping[str, ContractNotice]:
    """What was done of what was due, by its key."""
    its = select(ContractNotice).where(
        ContractNotice.contract_id == contract.id, visible_to(ctx.actor, ContractNotice)
    )
    return {one.key: one for one in ctx.session.exec(its)}


def changes(ctx: Context, contract: Contract) -> Sequence[ContractChange]:
    its = select(ContractChange).where(
        ContractChange.contract_id == contract.id, visible_to(ctx.actor, ContractChange)
    )
    return ctx.session.exec(its.order_by(col(ContractChange.number))).all()


def documents(ctx: Context, contract: Contract) -> Sequence[ContractDocument]:
    its = select(ContractDocument).where(
        ContractDocument.contract_id == contract.id, visible_to(ctx.actor, ContractDocument)
    )
    return ctx.session.exec(
        its.order_by(col(ContractDocument.name), col(ContractDocument.id))
    ).all()


def document(ctx: Context, contract: Contract, id: UUID) -> ContractDocument:
    if found := next((one for one in documents(ctx, contract) if one.id == id), None):
        return found
    raise NotFound("There is no such document.")


def standards(ctx: Context, contract: Contract) -> Sequence[ContractStandard]:
    """What it relies on, with the claim and its standard, whatever became of it since."""
    claim: Any = ContractStandard.claim
    version: Any = Claim.version
    standard: Any = StandardVersion.standard
    product: Any = Claim.product
    its = select(ContractStandard).where(
        ContractStandard.contract_id == contract.id, visible_to(ctx.actor, ContractStandard)
    )
    found = ctx.session.exec(
        its.options(
            joinedload(claim).joinedload(version).joinedload(standard),
            joinedload(claim).joinedload(product),
        )
    ).all()
    return sorted(found, key=lambda one: (one.claim.standard, str(one.id)))


def milestones(ctx: Context, contract: Contract) -> Sequence[Milestone]:
    its = select(Milestone).where(
        Milestone.contract_id == contract.id, visible_to(ctx.actor, Milestone)
    )
    return ctx.session.exec(its.order_by(col(Milestone.due_on), col(Milestone.id))).all()


def milestone(ctx: Context, contract: Contract, id: UUID) -> Milestone:
    found = next((one for one in milestones(ctx, contract) if one.id == id), None)
    if found is None:
        raise NotFound("There is no such milestone.")
    found.contract = contract
    return found


def reviews(ctx: Context, contract: Contract) -> Sequence[Review]:
    its = select(Review).where(Review.contract_id == contract.id, visible_to(ctx.actor, Review))
    newest = its.order_by(col(Review.created_at).desc(), col(Review.id))
    return ctx.session.exec(newest.options(eager(Review.organisation))).all()


def review(ctx: Context, contract: Contract, id: UUID) -> Review:
    found = next((one for one in reviews(ctx, contract) if one.id == id), None)
    if found is None:
        raise NotFound("There is no such review.")
    found.contract = contract
    return found


def claims_of(ctx: Context, ids: Iterable[UUID]) -> Sequence[Claim]:
    """These claims, as far as they are there and the reader may see them."""
    its = select(Claim).where(col(Claim.id).in_(list(ids)), visible_to(ctx.actor, Claim))
    return ctx.session.exec(its).all()


def claims_on_offer(ctx: Context, contract: Contract) -> Sequence[Claim]:
    """The claims of its supplier that hold today, by standard, to choose from."""
    its = select(Claim).where(
        Claim.organisation_id == contract.supplier_id,
        counts(ctx.today),
        visible_to(ctx.actor, Claim),
    )
    found = ctx.session.exec(whole(its).limit(MOST)).unique().all()
    return sorted(found, key=lambda one: (one.standard, str(one.id)))


# ---- What waits


def in_force(ctx: Context) -> Sequence[tuple[Contract, Mapping[str, ContractNotice]]]:
    """Contracts of the reader's own authority that are signed or have ended, or all for the clock,
    each with what was done of what was due.
    """
    rows: Any = select(Contract, ContractNotice)
    rows = rows.outerjoin(ContractNotice, col(ContractNotice.contract_id) == Contract.id).where(
        col(Contract.stage).in_(BINDING), visible_to(ctx.actor, Contract)
    )
    if ctx.actor.organisation_name:
        rows = rows.where(Contract.organisation_id == ctx.actor.organisation_id)
    found: dict[UUID, tuple[Contract, dict[str, ContractNotice]]] = {}
    for contract, notice in ctx.session.exec(rows.order_by(Contract.ends_on, Contract.id)):
        _, noted = found.setdefault(contract.id, (contract, {}))
        if notice:
            noted[notice.key] = notice
    return list(found.values())


def reminded(ctx: Context, ids: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Of which contract what has been reminded of."""
    steps = select(Event).where(
        Event.verb == Verb.CONTRACT_REMIND,
        col(Event.about_id).in_(ids),
        visible_to(ctx.actor, Event),
    )
    return frozenset((one.about_id, str(one.facts.get("key"))) for one in ctx.session.exec(steps))
