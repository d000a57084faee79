"""What was recorded of breaches and poor performance, as whoever asks may see it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from marketplace.contracts import queries
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.duties import Duty, duties
from marketplace.contracts.models import Contract, ContractNotice
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.policy import visible_to

Entries = Sequence[Sequence[Breach]]  # of each breach its entries, the one that counts first


def recorded(ctx: Context, contract: Contract) -> Entries:
    return _of(ctx, (contract.id,)).get(contract.id, ())


def one(ctx: Context, contract: Contract, id: UUID) -> Breach:
    """The entry that counts, by its id or that of one it replaced."""
    for entries in recorded(ctx, contract):
        if any(entry.id == id for entry in entries):
            return entries[0]
    raise NotFound("There is no such entry.")


def due(ctx: Context, contract: Contract) -> list[Duty]:
    """What the contract brings with it, the first due first."""
    noted = queries.notices(ctx, contract)
    return duties(contract, noted, ctx.today, counting(recorded(ctx, contract)))


def counting(entries: Entries) -> list[Breach]:
    return [each[0] for each in entries]


def in_force(
    ctx: Context,
) -> list[tuple[Contract, Mapping[str, ContractNotice], Sequence[Breach]]]:
    """Each contract that something can be due of, with what was done and what was recorded."""
    found = queries.in_force(ctx)
    entries = _of(ctx, [contract.id for contract, _ in found])
    return [(one, noted, counting(entries.get(one.id, ()))) for one, noted in found]


def _of(ctx: Context, ids: Collection[UUID]) -> Mapping[UUID, Entries]:
    its = select(Breach).where(col(Breach.contract_id).in_(ids), visible_to(ctx.actor, Breach))
    newest = its.order_by(col(Breach.number), col(Breach.version).desc())
    found: dict[UUID, dict[int, list[Breach]]] = defaultdict(lambda: defaultdict(list))
    for one in ctx.session.exec(newest):
        found[one.contract_id][one.number].append(one)
    return {id: list(by_number.values()) for id, by_number in found.items()}


def withdrawn(key: Any) -> Any:
    """Whether what is due under a key, a column's, is so no more: its breach was withdrawn."""
    return select(Breach.id).where(
        Breach.contract_id == Contract.id, Breach.key == key, col(Breach.withdrawn).is_(True)
    )
