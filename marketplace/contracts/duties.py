"""What is due of a contract, by the law, and whether it was done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace.contracts.breach_models import TERMINATION, Breach
from marketplace.contracts.models import Contract, ContractNotice, ContractStage
from marketplace.core.times import day
from marketplace.core.working_days import ONE_DAY
from marketplace.law import contracts
from marketplace.law.contracts import Due
from marketplace.law.notices import Notice
from marketplace.law.routes import CONCESSIONS

AHEAD = timedelta(days=30)  # what is due so soon is reminded of
DECIDING = timedelta(days=60)  # before an extension has to be decided


@dataclass(frozen=True, slots=True)
class Duty:
    """Something due, with what was recorded of it."""

    due: Due
    recorded: tuple[ContractNotice, ...]  # that it was done, and what was published of it again
    about: Breach | None = None  # what it tells of

    @property
    def done(self) -> ContractNotice | None:
        return self.recorded[0] if self.recorded else None

    @property
    def again(self) -> bool:
        """What it tells of was corrected, or recorded, after it was last published."""
        return bool(
            self.recorded and self.about and self.about.created_at > self.recorded[-1].created_at
        )

    @property
    def key(self) -> str:
        """Under which the next of it is recorded."""
        return f"{self.due.key}/{len(self.recorded) + 1}" if self.recorded else self.due.key

    def state(self, today: date) -> str:
        if self.done:
            return "Corrected since" if self.again else "Done"
        if self.due.by < today:
            return "Overdue"
        return "Due soon" if self.due.by <= today + AHEAD else "Ahead"


def needs_indicators(contract: Contract) -> bool:
    return not contract.route.is_below_threshold and contracts.needs_indicators(
        contract.gross, contract.kind, framework=contract.framework
    )


def duties(
    contract: Contract,
    noted: Mapping[str, ContractNotice],
    today: date,
    breaches: Sequence[Breach] = (),
) -> list[Duty]:
    """What a signed contract brings with it, and what was recorded of breaches; the first due
    first.
    """
    told = {one.key: one for one in breaches if not one.withdrawn or one.key in noted}
    every = (*_due(contract, noted, today), *map(_telling, told.values()))
    found = {due.key: due for due in every if due is not None}
    listed = [Duty(due, _recorded(key, noted), told.get(key)) for key, due in found.items()]
    return sorted(listed, key=lambda one: (one.done is not None, one.due.by, one.due.key))


def _recorded(key: str, noted: Mapping[str, ContractNotice]) -> tuple[ContractNotice, ...]:
    if key not in noted:
        return ()
    later = [one for name, one in noted.items() if name.startswith(f"{key}/")]
    return (noted[key], *sorted(later, key=lambda one: one.created_at))


def _telling(breach: Breach) -> Due | None:
    """The notice of a breach; where it ended the contract, that of its end is due anyhow."""
    if breach.key == TERMINATION:
        return None
    due = contracts.breach(breach.on)
    return replace(due, key=breach.key, what=f"{due.what} of {day(breach.on)}")


def _due(contract: Contract, noted: Mapping[str, ContractNotice], today: date) -> Iterator[Due]:
    signed, gross = contract.signed_on, contract.gross
    if signed is None or contract.route.is_below_threshold:  # then no day is fixed: section 87
        return
    yield contracts.contract_details(signed, contract.kind)
    if copy := contracts.copy_of_contract(signed, gross, contract.kind):
        yield copy
    last = contract.ends()
    if needs_indicators(contract) and contract.indicators:
        yield from _performance(signed, last, noted, today)
    if contract.kind not in CONCESSIONS:
        yield from _payments(contract, noted, today)
    if last and (contract.stage is ContractStage.ENDED or last <= today):
        yield contracts.termination(last)


def _performance(
    signed: date, last: date | None, noted: Mapping[str, ContractNotice], today: date
) -> Iterator[Due]:
    """Every year's assessment so far, done or not, and the next one."""
    after = signed - ONE_DAY
    while True:
        due = contracts.performance(signed, last, after)
        yield _keyed(due)
        if due.by >= today or due.by == last:
            return
        after = due.by


def _payments(
    contract: Contract, noted: Mapping[str, ContractNotice], today: date
) -> Iterator[Due]:
    """The half-year and the quarter that today lies in, once the contract runs."""
    begins = contract.starts_on or contract.signed_on
    last = contract.ends() or today
    if begins is None or today < begins:
        return
    day = min(today, last)
    yield _keyed(contracts.payments_compliance(day))
    if quarter := contracts.payment_information(day):
        yield _keyed(quarter)


def _keyed(due: Due) -> Due:
    """The same under a key of its own day, because it comes again."""
    return Due(f"{due.key}-{due.by.isoformat()}", due.what, due.by, due.rule, due.notice)


def code(due: Due) -> str:
    return str(due.notice.value) if isinstance(due.notice, Notice) else ""
