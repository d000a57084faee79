"""Who may do what with contracts, what is called off under them and what is said of them, and who
sees them.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.models import (
    CallOff,
    CallOffStage,
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
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, among, authorities_and_loti, loti, of, own, sees
from marketplace.policy.tenders import approver, for_oneself, lead
from marketplace.rules import (
    Rule,
    Rules,
    author,
    author_or_approver,
    authority,
    manager,
    owner,
    supplier,
    the_marketplace_itself,
)
from marketplace.verbs import Verb

signs = Rule(
    "act for an authority that signs the contract",
    lambda who, what: str(who.organisation_id) in getattr(what, "contract", what).parties,
)
its_supplier = Rule(
    "act for the supplier of the contract",
    lambda who, what: what.contract.supplier_id == who.organisation_id,
)

_keeping = authority & author & owner
_calling_off = authority & author & for_oneself

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.CONTRACT_PREPARE: authority & author & lead,
    Verb.CONTRACT_EDIT: _keeping,
    Verb.CONTRACT_ATTACH: _keeping,
    Verb.CONTRACT_DETACH: _keeping,
    Verb.CONTRACT_RELY: _keeping,
    Verb.CONTRACT_SIGN: authority & author_or_approver & signs,
    Verb.CONTRACT_CITE: _keeping,
    Verb.CONTRACT_CHANGE: _keeping,
    Verb.CONTRACT_EXTEND: _keeping,
    Verb.CONTRACT_END: _keeping,
    Verb.CONTRACT_REPORT: _keeping,
    Verb.CONTRACT_CORRECT: _keeping,
    Verb.CONTRACT_REMIND: Rules((the_marketplace_itself,)),
    Verb.CALLOFF_PROPOSE: _calling_off,
    Verb.CALLOFF_APPROVE: authority & approver & for_oneself,
    Verb.CALLOFF_DECLINE: authority & approver & for_oneself,
    Verb.CALLOFF_CANCEL: authority & author_or_approver & for_oneself,
    Verb.MILESTONE_ADD: authority & author & signs,
    Verb.MILESTONE_MEET: authority & author & signs,
    Verb.REVIEW_WRITE: authority & author_or_approver & for_oneself,
    Verb.REVIEW_ANSWER: supplier & manager & its_supplier,
}
FRESHLY = frozenset({Verb.CONTRACT_SIGN, Verb.CONTRACT_END, Verb.CALLOFF_APPROVE})

_Seat, _Named = aliased(ContractParty), aliased(Permitted)


def _takes_part(who: Actor, key: Any) -> ColumnElement[bool]:
    """The actor's authority signs the contract, or may call off under it."""
    if who.organisation_id == NOBODY or who.kind is not Kind.AUTHORITY:
        return false()
    signing = select(_Seat.id).where(
        _Seat.contract_id == key, _Seat.organisation_id == who.organisation_id
    )
    named = select(_Named.id).where(
        _Named.contract_id == key, _Named.organisation_id == who.organisation_id
    )
    return or_(
        signing.correlate(key.class_).exists(),
        named.correlate(key.class_).exists(),
    )


def _contracts(who: Actor) -> ColumnElement[bool]:
    """Everybody sees what was signed: whose, with whom, for what, how much and how long."""
    signed = among(col(Contract.stage), (ContractStage.SIGNED, ContractStage.ENDED))
    return or_(signed, involved(who, Contract.id), own(Contract.supplier_id, who))


def involved(who: Actor, key: Any) -> ColumnElement[bool]:
    """Who keeps the contract, calls off under it, or helps them: they see all of it."""
    return or_(loti(who), _takes_part(who, key))


def _with_supplier(table: Any) -> Clause:
    """What those who are involved see, and the supplier of the contract."""

    def seen(who: Actor) -> ColumnElement[bool]:
        its = select(Contract.id).where(
            Contract.id == table.contract_id, own(Contract.supplier_id, who)
        )
        return or_(involved(who, table.contract_id), its.correlate(table).exists())

    return seen


def _call_offs(who: Actor) -> ColumnElement[bool]:
    """Once it is approved it is a contract like every other, which everybody sees."""
    bought = among(col(CallOff.stage), (CallOffStage.APPROVED, CallOffStage.CANCELLED))
    return or_(bought, own(CallOff.organisation_id, who), _with_supplier(CallOff)(who))


def _reviews(who: Actor) -> ColumnElement[bool]:
    """For authorities that may buy later, whoever they are, and for the supplier."""
    return or_(authorities_and_loti(who), _with_supplier(Review)(who))


def _breaches(who: Actor) -> ColumnElement[bool]:
    """Everybody, once its notice is out: no notice is published here before it is on the platform.
    A correction shows wherever what it corrects did.
    """
    published = select(ContractNotice.id).where(
        ContractNotice.contract_id == Breach.contract_id, ContractNotice.key == Breach.key
    )
    return or_(published.correlate(Breach).exists(), _with_supplier(Breach)(who))


VISIBILITY: Mapping[type[Any], Clause] = {
    Contract: _contracts,
    ContractParty: of(Contract, ContractParty.contract_id),
    Permitted: of(Contract, Permitted.contract_id),
    CallOff: _call_offs,
    ContractChange: of(Contract, ContractChange.contract_id),
    ContractNotice: of(Contract, ContractNotice.contract_id),
    ContractDocument: _with_supplier(ContractDocument),
    ContractStandard: _with_supplier(ContractStandard),
    Milestone: _with_supplier(Milestone),
    Review: _reviews,
    Breach: _breaches,
}


# What everybody sees happen to a contract that they may see.
OPEN_NEWS = frozenset(
    {
        Verb.CONTRACT_SIGN,
        Verb.CONTRACT_CITE,
        Verb.CONTRACT_CHANGE,
        Verb.CONTRACT_EXTEND,
        Verb.CONTRACT_END,
    }
)


def events(who: Actor) -> ColumnElement[bool]:
    """Who keeps a contract or calls off under it sees every step of it."""
    return or_(
        and_(col(Event.verb).in_(sorted(OPEN_NEWS)), sees(who, Contract, Event.about_id)),
        and_(col(Event.verb).in_(sorted(PERMISSIONS)), _takes_part(who, Event.about_id)),
    )
