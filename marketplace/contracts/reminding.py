"""What is due of contracts soon, told once to whoever keeps them: notices, and extensions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.contracts import breach_queries, duties, queries
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.models import Contract, ContractNotice, ContractStage
from marketplace.core.context import Context
from marketplace.perform import perform
from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that has to be done about a contract by a day."""

    contract: Contract
    key: str
    what: str
    by: date


def coming(ctx: Context) -> list[Coming]:
    """What is due soon, or overdue, of the reader's contracts; of all for the clock."""
    found = [due for each in breach_queries.in_force(ctx) for due in _of(*each, ctx.today)]
    return sorted(found, key=lambda one: (one.by, one.contract.title))


def _of(
    contract: Contract, noted: Mapping[str, ContractNotice], breaches: Sequence[Breach], today: date
) -> Iterator[Coming]:
    for one in duties.duties(contract, noted, today, breaches):
        if one.done is None and one.due.by <= today + duties.AHEAD:
            yield Coming(contract, one.due.key, one.due.what, one.due.by)
    by = contract.decide_by if contract.stage is ContractStage.SIGNED else None
    if by and contract.extended is None and by <= today + duties.DECIDING:
        yield Coming(contract, f"extension-{by.isoformat()}", "Decide on the extension", by)


def remind(ctx: Context) -> None:
    """Tells of each once."""
    found = coming(ctx)
    told = queries.reminded(ctx, {one.contract.id for one in found})
    for one in found:
        if (one.contract.id, one.key) not in told:
            facts: dict[str, Any] = {"key": one.key, "duty": one.what, "until": one.by.isoformat()}
            perform(ctx, Verb.CONTRACT_REMIND, one.contract, **facts)
