"""Who may do what with claims, assessments and reliance, and who sees which part of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from auth.actor import Actor, Kind, Role
from marketplace.catalogue.models import Product
from marketplace.claims.models import (
    COUNTING,
    DECIDED,
    UNDECIDED,
    Answer,
    Assessment,
    Claim,
    Evidence,
    Interest,
    Mark,
    Reliance,
    Stage,
    Visibility,
)
from marketplace.core.journal import Event
from marketplace.policy.clauses import (
    Clause,
    among,
    authorities_and_loti,
    loti,
    own,
    sees,
)
from marketplace.policy.people import trades
from marketplace.rules import (
    Rules,
    assessor,
    assessor_or_curator,
    author_or_approver,
    authority,
    has_it,
    manager,
    owner,
    supplier,
    the_marketplace_itself,
    themselves,
)
from marketplace.verbs import Verb

_manager_of_it = supplier & manager & owner
_relying = authority & author_or_approver & owner
_in_hand = assessor & has_it

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.CLAIM_MAKE: _manager_of_it,
    Verb.CLAIM_ANSWER: _manager_of_it,
    Verb.CLAIM_ATTACH: _manager_of_it,
    Verb.CLAIM_DETACH: _manager_of_it,
    Verb.CLAIM_SUBMIT: _manager_of_it,
    Verb.CLAIM_WITHDRAW: _manager_of_it,
    Verb.CLAIM_RENEW: _manager_of_it,
    Verb.CLAIM_TAKE: Rules((assessor,)),
    Verb.CLAIM_RELEASE: Rules((assessor,)),  # whoever has it may be away
    Verb.CLAIM_MARK: _in_hand,
    Verb.CLAIM_RETURN: _in_hand,
    Verb.CLAIM_DECIDE: _in_hand,
    Verb.CLAIM_LAPSE: Rules((the_marketplace_itself,)),
    Verb.CLAIM_REPLACE: Rules((the_marketplace_itself,)),
    Verb.CLAIM_REMIND: Rules((the_marketplace_itself,)),
    Verb.CLAIM_EXPIRE: Rules((the_marketplace_itself,)),
    Verb.CLAIM_REVOKE: Rules((assessor_or_curator,)),
    Verb.RELIANCE_RECORD: _relying,
    Verb.RELIANCE_END: _relying,
    Verb.INTEREST_DECLARE: assessor & themselves,
    Verb.INTEREST_DROP: assessor & themselves,
}
FRESHLY = frozenset({Verb.CLAIM_DECIDE, Verb.CLAIM_REVOKE})

# What everybody sees of a claim; what was not met is between its supplier, authorities and LOTI.
OPEN = (*UNDECIDED, *COUNTING, Stage.REVOKED)


def _claims(who: Actor) -> ColumnElement[bool]:
    stage = col(Claim.stage)
    shown = (*OPEN, Stage.NOT_MET) if who.kind is Kind.AUTHORITY else OPEN
    offered = or_(
        and_(col(Claim.product_id).is_(None), trades(Claim.organisation_id)),
        sees(who, Product, Claim.product_id),
    )
    return or_(
        own(Claim.organisation_id, who),
        loti(who),
        among(stage, shown) & offered,
        _relied_on(who),
    )


def _relied_on(who: Actor) -> ColumnElement[bool]:
    """An authority goes on seeing what it relies on, whatever becomes of it."""
    if who.kind is not Kind.AUTHORITY:
        return false()
    theirs = select(Reliance.id).where(
        Reliance.claim_id == Claim.id, own(Reliance.organisation_id, who)
    )
    return theirs.correlate(Claim).exists()


def _of_its_supplier(key: Any, who: Actor) -> ColumnElement[bool]:
    its = select(Claim.id).where(Claim.id == key, own(Claim.organisation_id, who))
    return its.correlate(key.class_).exists()


def _of_assessed(key: Any, who: Actor) -> ColumnElement[bool]:
    """Of a claim that this actor may see, and on which LOTI has decided."""
    its = select(Claim.id).where(Claim.id == key, among(col(Claim.stage), DECIDED), _claims(who))
    return its.correlate(key.class_).exists()


def _evidence(who: Actor) -> ColumnElement[bool]:
    """Its supplier and LOTI's assessors see all. What waits for a decision is nobody else's, and
    afterwards it is as its supplier said.
    """
    key, visibility = Evidence.claim_id, col(Evidence.visibility)
    if who.kind is Kind.SYSTEM or (who.kind is Kind.LOTI and Role.ASSESSOR in who.roles):
        return true()
    if who.kind is Kind.LOTI:
        return visibility != Visibility.ASSESSORS
    shown = visibility == Visibility.PUBLIC
    if who.kind is Kind.AUTHORITY:
        shown = visibility != Visibility.ASSESSORS
    return or_(_of_its_supplier(key, who), and_(shown, _of_assessed(key, who)))


def _answers(who: Actor) -> ColumnElement[bool]:
    key = Answer.claim_id
    decided = _of_assessed(key, who) if who.kind is Kind.AUTHORITY else false()
    return or_(loti(who), _of_its_supplier(key, who), decided)


def _marks(who: Actor) -> ColumnElement[bool]:
    """The supplier reads what an assessor found when LOTI says it, authorities once it is
    decided.
    """
    key = Mark.claim_id
    decided = _of_assessed(key, who) if who.kind is Kind.AUTHORITY else false()
    told = col(Mark.told).is_(True)
    return or_(loti(who), and_(told, or_(_of_its_supplier(key, who), decided)))


def _assessments(who: Actor) -> ColumnElement[bool]:
    """Everybody who sees the claim sees that LOTI decided on it."""
    return sees(who, Claim, Assessment.claim_id)


def _reliances(who: Actor) -> ColumnElement[bool]:
    """Authorities share what they rely on; a supplier sees what an authority lets it see."""
    named = and_(col(Reliance.named).is_(True), _of_its_supplier(Reliance.claim_id, who))
    return or_(authorities_and_loti(who), named)


VISIBILITY: Mapping[type[Any], Clause] = {
    Claim: _claims,
    Answer: _answers,
    Evidence: _evidence,
    Mark: _marks,
    Assessment: _assessments,
    Interest: loti,
    Reliance: _reliances,
}

# What LOTI does not hear of before it is sent there, and what names evidence.
UNSENT = frozenset({Verb.CLAIM_ANSWER, Verb.CLAIM_ATTACH, Verb.CLAIM_DETACH})
_TOLD = frozenset(
    {
        Verb.CLAIM_RETURN,
        Verb.CLAIM_LAPSE,
        Verb.CLAIM_DECIDE,
        Verb.CLAIM_REVOKE,
        Verb.CLAIM_REPLACE,
        Verb.CLAIM_REMIND,
        Verb.CLAIM_EXPIRE,
    }
)


def events(who: Actor) -> ColumnElement[bool]:
    """A supplier sees what LOTI and the clock told it of its claims."""
    return and_(col(Event.verb).in_(_TOLD), _of_its_supplier(Event.about_id, who))
