"""What can be done about a breach of a contract, or poor performance: recorded, and corrected."""

from typing import Any
from uuid import UUID

from marketplace.contracts import breach_queries as queries
from marketplace.contracts.breach_models import TERMINATION, Breach, key_of
from marketplace.contracts.forms import Correcting, Reporting
from marketplace.contracts.models import Contract, ContractStage
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.core.times import day
from marketplace.law.contracts import Failing
from marketplace.perform import perform, permit
from marketplace.verbs import Verb

NO_CHANCE = (
    "Enter the day on which the supplier was told to improve: poor performance is published only "
    "after a proper chance (section 71(4))"
)
TOLD_OF = {  # what the outcome has to say
    Failing.DAMAGES: "Enter which damages were awarded",
    Failing.SETTLED: "Enter what was settled",
    Failing.PARTLY: "Enter which part of the contract ended",
}


def report(ctx: Context, contract: Contract, form: BoundForm[Reporting]) -> BoundForm[Reporting]:
    """Takes down that the supplier failed, in a way that a notice has to tell of."""
    permit(ctx, Verb.CONTRACT_REPORT, contract)
    said = form.value
    if said is None:
        return form
    if wrong := _wrong(contract, said):
        return form.refused(*wrong)
    known = queries.recorded(ctx, contract)
    number = len(known) + 1
    key = key_of(said.failing, number)
    if key == TERMINATION and any(
        one.key == key and not one.withdrawn for one in queries.counting(known)
    ):
        return form.refused(
            "failing", "It is recorded already that a breach ended it: correct that"
        )
    facts: dict[str, Any] = {"failing": said.failing.label, "happened": said.what, "key": key}
    perform(ctx, Verb.CONTRACT_REPORT, contract, **facts)
    told = said.model_dump()
    made = Breach(number=number, key=key, contract_id=contract.id, created_at=ctx.now, **told)
    ctx.session.add(made)
    return form


def must_count(breach: Breach) -> None:
    """Raises Conflict for an entry that was withdrawn."""
    if breach.withdrawn:
        raise Conflict("This entry was withdrawn. If something happened after all, record it anew.")


def correct(
    ctx: Context, contract: Contract, read: UUID, form: BoundForm[Correcting]
) -> BoundForm[Correcting]:
    """Says an entry, the one that was read, anew and with the reason. It stays to be read."""
    permit(ctx, Verb.CONTRACT_CORRECT, contract)  # which locks the contract: one hand at a time
    breach = queries.one(ctx, contract, read)
    must_count(breach)
    said = form.value
    if said is None:
        return form
    if wrong := _wrong(contract, said):
        return form.refused(*wrong)
    if breach.id != read:
        return form.refused(
            "what",
            "A colleague has corrected this meanwhile. Read what it says now, and send it again",
        )
    whole = Failing.ENDED
    if (said.failing is whole) != (breach.failing is whole):
        return form.refused(
            "failing",
            "Another notice tells of that. Withdraw this entry as a mistake, and record it anew",
        )
    happened = said.what if said.stands else "It was recorded by mistake, and is withdrawn."
    facts: dict[str, Any] = {"failing": said.failing.label, "happened": happened, "key": breach.key}
    perform(ctx, Verb.CONTRACT_CORRECT, contract, because=said.because, **facts)
    told = said.model_dump(exclude={"stands"})
    made = Breach(
        number=breach.number,
        version=breach.version + 1,
        key=breach.key,
        withdrawn=not said.stands,
        contract_id=contract.id,
        created_at=ctx.now,
        **told,
    )
    ctx.session.add(made)
    return form


def _wrong(contract: Contract, said: Reporting) -> tuple[str, str] | None:
    """The field that is wrong for this contract, and why."""
    first, last = contract.signed_on, contract.ended_on
    if first and said.on < first:
        return "on", f"It must be on {day(first)}, when the contract was signed, or later"
    if said.failing is Failing.ENDED:
        if contract.stage is not ContractStage.ENDED:
            return "failing", "End the contract first, and then record it here"
        if last and said.on != last:
            return "on", f"The contract ended on {day(last)}: enter that day"
    if said.failing is Failing.POOR:
        if said.warned_on is None:
            return "warned_on", NO_CHANCE
        if said.warned_on > said.on or (first and said.warned_on < first):
            return "warned_on", "It must be after the signature, and before the day above"
    if (why := TOLD_OF.get(said.failing)) and not said.outcome:
        return "outcome", why
    return None
