"""What can be done about call-offs. Whoever changes anything of them locks the contract, so that
two at once cannot both have the last pound.
"""

from decimal import Decimal

from marketplace.contracts import calling, queries
from marketplace.contracts.forms import CallingOff
from marketplace.contracts.models import CallOff, Contract, with_vat
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.core.money import pounds
from marketplace.core.times import day
from marketplace.organisations.limits import within_limit
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb


def prospect(ctx: Context, contract: Contract) -> CallOff:
    """What the reader's authority would call off, to ask whether it may."""
    return CallOff(
        title="",
        value=calling.NOTHING,
        starts_on=ctx.today,
        ends_on=ctx.today,
        contract_id=contract.id,
        contract=contract,
        organisation_id=ctx.actor.organisation_id,
    )


def propose(ctx: Context, contract: Contract, form: BoundForm[CallingOff]) -> BoundForm[CallingOff]:
    """Proposes a call-off, for an approver of the same authority."""
    lock(ctx, contract)
    made = prospect(ctx, contract)
    permit(ctx, Verb.CALLOFF_PROPOSE, made)
    if why := _unnamed(ctx, contract):
        raise Conflict(why)
    said = form.value
    if said is None:
        return form
    if contract.starts_on and said.starts_on < contract.starts_on:
        return form.refused("starts_on", f"The contract begins on {day(contract.starts_on)}")
    last = contract.ends()
    if last and said.starts_on > last:
        return form.refused("starts_on", f"The contract ends on {day(last)}")
    if why := _beyond(ctx, contract, said.value):
        return form.refused("value", why)
    made.title, made.value = said.title, said.value
    made.starts_on, made.ends_on, made.created_at = said.starts_on, said.ends_on, ctx.now
    perform(ctx, Verb.CALLOFF_PROPOSE, made, about=contract, **_facts(made))
    return form


def approve(ctx: Context, call_off: CallOff) -> None:
    """Approves a call-off within one's limit, as long as there is enough left."""
    contract = call_off.contract
    lock(ctx, contract)
    permit(ctx, Verb.CALLOFF_APPROVE, call_off)
    if why := _unnamed(ctx, contract):
        raise Conflict(why)
    gross = with_vat(call_off.value, contract.vat_rate)
    within_limit(ctx, gross, "this call-off")
    if why := _beyond(ctx, contract, call_off.value):
        raise Conflict(f"{why} It stays as it is; decline it, or ask for more room.")
    perform(ctx, Verb.CALLOFF_APPROVE, call_off, about=contract, **_facts(call_off))
    call_off.approved_at, call_off.approver_name = ctx.now, ctx.actor.name


def decline(ctx: Context, call_off: CallOff, because: str) -> None:
    _end(ctx, Verb.CALLOFF_DECLINE, call_off, because)


def cancel(ctx: Context, call_off: CallOff, because: str) -> None:
    """Cancels an approved call-off: what it took can be called off again."""
    _end(ctx, Verb.CALLOFF_CANCEL, call_off, because)


def _end(ctx: Context, verb: Verb, call_off: CallOff, because: str) -> None:
    contract = call_off.contract
    lock(ctx, contract)
    perform(ctx, verb, call_off, about=contract, because=because, **_facts(call_off))
    call_off.because = because


def _facts(call_off: CallOff) -> dict[str, str]:
    return {"title": call_off.title, "value": f"{pounds(call_off.value)} without VAT"}


def _unnamed(ctx: Context, contract: Contract) -> str:
    found = queries.permitted(ctx, contract)
    who = ctx.actor
    return calling.unnamed(contract, found, who.organisation_id, who.organisation_name)


def _beyond(ctx: Context, contract: Contract, value: Decimal) -> str:
    return calling.beyond(
        contract,
        queries.permitted(ctx, contract),
        queries.call_offs(ctx, contract),
        ctx.actor.organisation_id,
        value,
    )
