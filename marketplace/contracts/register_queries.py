"""The register of contracts: the signed ones for everybody, and an organisation's own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from marketplace.contracts.forms import Standing
from marketplace.contracts.models import (
    Contract,
    ContractParty,
    ContractStage,
    ContractStandard,
    Permitted,
)
from marketplace.core.context import Context
from marketplace.core.db import eager
from marketplace.core.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.reference.areas import Area
from marketplace.tenders.models import Tender

SIZE = 25  # contracts on a page
MOST = 1000  # in an export
SIGNED = (ContractStage.SIGNED, ContractStage.ENDED)
_Supplier = aliased(Organisation)


_WHOLE = (Contract.organisation, Contract.supplier, Contract.lot, Contract.award)


# ---- For everybody


@dataclass(frozen=True, slots=True)
class Filters:
    """What the database narrows the register by while the search does not answer."""

    area: frozenset[Area] = frozenset()
    authority: frozenset[str] = frozenset()  # slugs of those that sign
    caller: frozenset[str] = frozenset()  # slugs of those that may call off
    in_force: bool = False


def signed(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Contract]:
    """Those of these contracts that are signed, by id."""
    found = ctx.session.exec(_signed(ctx).where(col(Contract.id).in_(list(ids))))
    return {one.id: one for one in found}


def listed(
    ctx: Context, filters: Filters, after: UUID | None = None
) -> tuple[Sequence[Contract], UUID | None]:
    """Signed contracts, newest first, from the one after `after`; and where to go on."""
    rows = _signed(ctx)
    if filters.area:
        its = select(Tender.id).where(
            Tender.id == Contract.tender_id, col(Tender.area).in_(filters.area)
        )
        rows = rows.where(its.correlate(Contract).exists())
    if filters.authority:
        rows = rows.where(_of(ContractParty, filters.authority))
    if filters.caller:
        rows = rows.where(_of(Permitted, filters.caller))
    if filters.in_force:
        rows = rows.where(_standing(ctx, Standing.FORCE))
    return _page(ctx, rows, after, SIZE)


def _signed(ctx: Context) -> Any:
    its = select(Contract).where(col(Contract.stage).in_(SIGNED), visible_to(ctx.actor, Contract))
    return its.options(*map(eager, _WHOLE))


def _of(table: Any, slugs: Collection[str]) -> Any:
    its = (
        select(table.id)
        .join(Organisation, col(Organisation.id) == table.organisation_id)
        .where(table.contract_id == Contract.id, col(Organisation.slug).in_(slugs))
    )
    return its.correlate(Contract).exists()


# ---- Of one's own


@dataclass(frozen=True, slots=True)
class Own:
    """How an organisation narrows its own contracts."""

    words: str = ""
    standing: frozenset[Standing] = frozenset()
    claim: UUID | None = None  # that they rely on


def own(
    ctx: Context, asked: Own, after: UUID | None = None, size: int = SIZE
) -> tuple[Sequence[Contract], UUID | None]:
    """What the reader's organisation signs, supplies, or may call off under, signed or not."""
    rows = (
        select(Contract)
        .join(Organisation, col(Organisation.id) == Contract.organisation_id)
        .join(_Supplier, col(_Supplier.id) == Contract.supplier_id)
        .where(visible_to(ctx.actor, Contract), _ours(ctx), *_narrowed(ctx, asked))
        .options(*map(eager, _WHOLE))
    )
    return _page(ctx, rows, after, size)


def _narrowed(ctx: Context, asked: Own) -> list[Any]:
    which: list[Any] = []
    if asked.words:
        like = f"%{_escaped(asked.words.lower())}%"
        texts = (Contract.title, Contract.number, Organisation.name, _Supplier.name)
        which.append(or_(*(func.lower(text).like(like, escape="\\") for text in texts)))
    if asked.standing:
        which.append(or_(*(_standing(ctx, one) for one in sorted(asked.standing))))
    if asked.claim:
        relies = select(ContractStandard.id).where(
            ContractStandard.contract_id == Contract.id, ContractStandard.claim_id == asked.claim
        )
        which.append(relies.correlate(Contract).exists())
    return which


def _ours(ctx: Context) -> Any:
    """Of the reader's own organisation, on whichever side."""
    ours = ctx.actor.organisation_id
    signs = select(ContractParty.id).where(
        ContractParty.contract_id == Contract.id, ContractParty.organisation_id == ours
    )
    named = select(Permitted.id).where(
        Permitted.contract_id == Contract.id, Permitted.organisation_id == ours
    )
    return or_(
        col(Contract.supplier_id) == ours,
        signs.correlate(Contract).exists(),
        named.correlate(Contract).exists(),
    )


def _standing(ctx: Context, one: Standing) -> Any:
    stage, today = col(Contract.stage), ctx.today
    ran_out = and_(stage == ContractStage.SIGNED, col(Contract.ends_on) < today)
    match one:
        case Standing.PREPARED:
            return stage == ContractStage.PREPARED
        case Standing.FORCE:
            return and_(stage == ContractStage.SIGNED, col(Contract.ends_on) >= today)
        case Standing.OVER:
            return or_(stage == ContractStage.ENDED, ran_out)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# ---- Pages of either


def _page(
    ctx: Context, rows: Any, after: UUID | None, size: int
) -> tuple[Sequence[Contract], UUID | None]:
    rows = rows.order_by(col(Contract.created_at).desc(), col(Contract.id).desc())
    if after:
        last = select(Contract).where(Contract.id == after, visible_to(ctx.actor, Contract))
        found = ctx.session.exec(last).one_or_none()
        if found is None:
            raise NotFound("There is no such part of the list.")
        place = tuple_(col(Contract.created_at), col(Contract.id))
        rows = rows.where(place < (found.created_at, found.id))
    shown = ctx.session.exec(rows.limit(size + 1)).all()
    return shown[:size], shown[size - 1].id if len(shown) > size else None
