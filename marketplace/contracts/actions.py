"""What can be done about a contract: written, signed, recorded, changed, extended, ended."""

from typing import IO, Any
from uuid import UUID

from obstore.store import ObjectStore

from marketplace.contracts import breach_queries, duties, queries
from marketplace.contracts.forms import (
    Changing,
    Editing,
    Ending,
    Extending,
    Noting,
    Relying,
    Signing,
)
from marketplace.contracts.models import (
    Contract,
    ContractChange,
    ContractDocument,
    ContractNotice,
    ContractParty,
    ContractStage,
    ContractStandard,
    Permitted,
)
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.forms import BoundForm
from marketplace.core.times import day
from marketplace.law.changes import Ground, needs_notice
from marketplace.law.contracts import INDICATORS
from marketplace.organisations import queries as organisations
from marketplace.perform import perform, permit
from marketplace.verbs import Verb

MOST_DOCUMENTS = 50


# ---- While it is prepared


def edit(ctx: Context, contract: Contract, form: BoundForm[Editing]) -> BoundForm[Editing]:
    """Says what the contract will say."""
    permit(ctx, Verb.CONTRACT_EDIT, contract)
    said = form.value
    if said is None:
        return form
    if said.permitted and said.ceiling is None:
        return form.refused("ceiling", "Enter the most that may be called off in all, without VAT")
    if not said.permitted and said.ceiling is not None:
        return form.refused("permitted", "Choose who may call off, or leave the ceiling out")
    known = {one.id for one in organisations.authorities(ctx)}
    if not known.issuperset(said.permitted):
        return form.refused("permitted", "Choose authorities that are in the list")
    about = said.model_dump(exclude={"permitted"})
    perform(ctx, Verb.CONTRACT_EDIT, contract, title=said.title)
    for name, value in about.items():
        setattr(contract, name, value)
    contract.framework = bool(said.permitted)
    _permit(ctx, contract, said.permitted)
    return form


def _permit(ctx: Context, contract: Contract, ids: list[UUID]) -> None:
    """Exactly these may call off."""
    present = {one.organisation_id: one for one in queries.permitted(ctx, contract)}
    for id, row in present.items():
        if id not in ids:
            ctx.session.delete(row)
    ctx.session.add_all(
        Permitted(contract_id=contract.id, organisation_id=id, created_at=ctx.now)
        for id in dict.fromkeys(ids)
        if id not in present
    )


def attach(
    ctx: Context, contract: Contract, store: ObjectStore, upload: IO[bytes], name: str
) -> ContractDocument:
    """Keeps a document with the contract. Raises files.Refused for one that is not taken."""
    permit(ctx, Verb.CONTRACT_ATTACH, contract)
    if len(queries.documents(ctx, contract)) >= MOST_DOCUMENTS:
        raise Conflict(f"A contract can have {MOST_DOCUMENTS} documents. Remove one first.")
    stored = scanning.save(ctx, store, upload, name)
    made = ContractDocument(**stored.columns, contract_id=contract.id, created_at=ctx.now)
    ctx.session.add(made)
    perform(ctx, Verb.CONTRACT_ATTACH, contract, name=stored.name, sha256=stored.sha256)
    return made


def detach(
    ctx: Context, contract: Contract, store: ObjectStore, document: ContractDocument
) -> None:
    """Takes a document out while the contract is prepared; one that is signed keeps its own."""
    permit(ctx, Verb.CONTRACT_DETACH, contract)
    if contract.stage is not ContractStage.PREPARED:
        raise Conflict("This contract is signed, so its documents stay.")
    perform(ctx, Verb.CONTRACT_DETACH, contract, name=document.name, sha256=document.sha256)
    ctx.session.delete(document)
    scanning.remove_once_committed(ctx.session, store, [document.key])


def rely(ctx: Context, contract: Contract, form: BoundForm[Relying]) -> BoundForm[Relying]:
    """Records that the contract stands on a finding of LOTI's."""
    permit(ctx, Verb.CONTRACT_RELY, contract)
    said = form.value
    if said is None:
        return form
    offered = {one.id: one for one in queries.claims_on_offer(ctx, contract)}
    if said.claim_id not in offered:
        return form.refused("claim_id", "Choose a finding about this supplier that holds today")
    known = {one.claim_id: one for one in queries.standards(ctx, contract)}
    row = known.get(said.claim_id) or ContractStandard(
        contract_id=contract.id, claim_id=said.claim_id, created_at=ctx.now
    )
    standard = offered[said.claim_id].standard
    perform(ctx, Verb.CONTRACT_RELY, contract, standard=standard, claim=str(said.claim_id))
    row.condition, row.revoked_means = said.condition, said.revoked_means
    ctx.session.add(row)
    return form


# ---- Signed


def sign(ctx: Context, contract: Contract, form: BoundForm[Signing]) -> BoundForm[Signing]:
    """Records that an authority signed; with the last of them the contract is in force."""
    permit(ctx, Verb.CONTRACT_SIGN, contract)
    said = form.value
    if said is None:
        return form
    party = _own(ctx, contract)
    if party.signed_on:
        raise Conflict(f"{party.organisation.called} signed on {day(party.signed_on)} already.")
    if said.signed_on and (why := _too_early(contract, said)):
        return form.refused("signed_on", why)
    owns = party.organisation_id == contract.organisation_id
    if owns and not (said.supplier_signatory and said.supplier_position):
        return form.refused("supplier_signatory", "Enter who signed for the supplier, and as what")
    if why := _no_indicators(contract):
        raise Conflict(why)
    ctx.session.flush()
    others = [one for one in queries.parties(ctx, contract) if one.id != party.id]
    last = all(one.signed_on for one in others)
    perform(ctx, Verb.CONTRACT_SIGN, contract, signed_on=said.signed_on.isoformat(), last=last)
    party.signatory, party.position = said.signatory, said.position
    party.signed_on = said.signed_on
    ctx.session.add(party)
    if owns:
        contract.supplier_signatory = said.supplier_signatory
        contract.supplier_position = said.supplier_position
    if last:
        contract.stage = ContractStage.SIGNED
        contract.signed_on = (
            max(said.signed_on, *(one.signed_on for one in others if one.signed_on))
            if others
            else said.signed_on
        )
    return form


def _own(ctx: Context, contract: Contract) -> ContractParty:
    ours = ctx.actor.organisation_id
    for one in queries.parties(ctx, contract):
        if one.organisation_id == ours:
            return one
    raise NotFound("Your authority does not sign this contract.")


def _too_early(contract: Contract, said: Signing) -> str:
    """The law's refusal of that day: within the standstill nobody may have signed."""
    award = contract.award
    if award is None:
        return ""
    if award.notice_on and said.signed_on < award.notice_on:
        return "The contract cannot be signed before the award notice is published"
    return award.standstill.refusal(said.signed_on) or ""


def _no_indicators(contract: Contract) -> str:
    """Why key performance indicators have to be said first: section 52."""
    enough = len(contract.indicators) >= INDICATORS or contract.no_indicators_because
    if not duties.needs_indicators(contract) or enough:
        return ""
    return (
        f"Set at least {INDICATORS} key performance indicators, or say why they are not "
        "appropriate, before a contract over £5 million with VAT is signed (section 52)."
    )


def cite(ctx: Context, contract: Contract, key: str, form: BoundForm[Noting]) -> BoundForm[Noting]:
    """Takes down that something due was done."""
    permit(ctx, Verb.CONTRACT_CITE, contract)
    duty = next((one for one in breach_queries.due(ctx, contract) if one.due.key == key), None)
    if duty is None:
        raise NotFound("Nothing of this kind is due of the contract.")
    due, told = duty.due, duty.about
    said = form.value
    if said is None:
        return form
    code = duties.code(due)
    if code and not said.number:
        return form.refused("number", "Enter the number of the notice")
    if contract.signed_on and said.on < contract.signed_on:
        return form.refused("on", "It cannot have been done before the contract was signed")
    if told and said.on < told.on:
        return form.refused(
            "on", f"It cannot have been done before {day(told.on)}, when it happened"
        )
    if duty.recorded and not duty.again:
        row = duty.recorded[-1]
    else:
        row = ContractNotice(key=duty.key, on=said.on, contract_id=contract.id, created_at=ctx.now)
    facts: dict[str, Any] = {"duty": due.what, "number": said.number, "on": said.on.isoformat()}
    facts |= {"code": code, "told": told.told if told else ""}
    perform(ctx, Verb.CONTRACT_CITE, contract, **facts)
    row.code, row.number, row.on, row.note = code, said.number, said.on, said.note
    ctx.session.add(row)
    return form


def change(ctx: Context, contract: Contract, form: BoundForm[Changing]) -> BoundForm[Changing]:
    """Changes what a signed contract is worth or how long it lasts, for a reason that the Act
    knows.
    """
    permit(ctx, Verb.CONTRACT_CHANGE, contract)
    said = form.value
    if said is None:
        return form
    if contract.starts_on and said.ends_on < contract.starts_on:
        return form.refused("ends_on", "The last day must not be before the first day")
    before = queries.changes(ctx, contract)
    first = before[0] if before else None
    value_then = first.value_before if first else _known(contract.value)
    ends_then = first.ends_before if first else _known(contract.ends_on)
    begins = _known(contract.starts_on)
    noticed = needs_notice(
        contract.kind,
        value=(value_then, said.value),
        days=((ends_then - begins).days + 1, (said.ends_on - begins).days + 1),
    )
    if noticed and not contract.route.is_below_threshold and not said.notice_number:
        return form.refused(
            "notice_number",
            "Publish the contract change notice (UK10) first, and enter its number: with all "
            "changes so far, it is more than 10% of the value or of the term (section 75)",
        )
    row = ContractChange(
        number=len(before) + 1,
        on=said.on,
        ground=said.ground,
        what=said.reason,
        value_before=_known(contract.value),
        value_after=said.value,
        ends_before=_known(contract.ends_on),
        ends_after=said.ends_on,
        noticed=bool(said.notice_number),
        notice_number=said.notice_number,
        contract_id=contract.id,
        created_at=ctx.now,
    )
    facts: dict[str, Any] = {
        "reason": said.reason,
        "ground": said.ground.label,
        "number": said.notice_number,
    }
    perform(ctx, Verb.CONTRACT_CHANGE, contract, **facts)
    ctx.session.add(row)
    contract.value, contract.ends_on = said.value, said.ends_on
    return form


def _known(value: Any) -> Any:
    """What every signed contract has."""
    assert value is not None  # noqa: S101 - it could not be signed without
    return value


def extend(ctx: Context, contract: Contract, form: BoundForm[Extending]) -> BoundForm[Extending]:
    """Decides on the extension that the contract provides for."""
    permit(ctx, Verb.CONTRACT_EXTEND, contract)
    said = form.value
    if said is None:
        return form
    if contract.extends_to is None:
        raise Conflict("This contract says nothing of an extension. Change it instead.")
    if said.extended:
        if said.ends_on is None:
            return form.refused("ends_on", "Enter its last day then")
        if said.ends_on <= _known(contract.ends_on):
            return form.refused("ends_on", "The last day then must be after the present one")
        if said.ends_on > contract.extends_to:
            return form.refused(
                "ends_on", f"The contract can be extended until {day(contract.extends_to)} at most"
            )
    outcome = (
        f"Extended until {day(said.ends_on)}"
        if said.extended and said.ends_on
        else ("Not extended")
    )
    perform(ctx, Verb.CONTRACT_EXTEND, contract, outcome=outcome, because=said.because)
    contract.extended = said.extended
    if said.extended and said.ends_on:
        before = len(queries.changes(ctx, contract))
        ctx.session.add(
            ContractChange(
                number=before + 1,
                on=_known(contract.ends_on),
                ground=Ground.PROVIDED_FOR,
                what=said.because,
                value_before=_known(contract.value),
                value_after=_known(contract.value),
                ends_before=_known(contract.ends_on),
                ends_after=said.ends_on,
                noticed=False,
                contract_id=contract.id,
                created_at=ctx.now,
            )
        )
        contract.ends_on, contract.decide_by = said.ends_on, None
    return form


def end(ctx: Context, contract: Contract, form: BoundForm[Ending]) -> BoundForm[Ending]:
    """Ends a contract before its time; one that was never signed is dropped. Others stay."""
    permit(ctx, Verb.CONTRACT_END, contract)
    said = form.value
    if said is None:
        return form
    if contract.signed_on and said.ended_on < contract.signed_on:
        return form.refused("ended_on", "Its last day cannot be before it was signed")
    facts: dict[str, Any] = {"because": said.because, "on": said.ended_on.isoformat()}
    perform(ctx, Verb.CONTRACT_END, contract, **facts)
    contract.because = said.because
    if contract.stage is ContractStage.ENDED:
        contract.ended_on = said.ended_on
    return form
