"""Which organisations news of awards and contracts is for, as statements that the audiences are
read by, each with the roles of the people who are told.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import col, select

from auth.actor import CLOCK, Role
from marketplace.awards.models import Summary, SummaryStage
from marketplace.contracts.models import (
    CallOff,
    Contract,
    ContractParty,
    ContractStage,
    ContractStandard,
)
from marketplace.core.journal import Event
from marketplace.notifications.topics import Audience
from marketplace.policy import visible_to

DECIDES = frozenset({Role.AUTHOR, Role.APPROVER})
MANAGES = frozenset({Role.MANAGER})


def _assessed(event: Event) -> Any:
    return select(Summary.organisation_id).where(
        Summary.award_id == event.subject_id,
        Summary.stage == SummaryStage.SENT,
        visible_to(CLOCK, Summary),
    )


def _contracting(event: Event) -> Any:
    return select(ContractParty.organisation_id).where(
        ContractParty.contract_id == event.about_id, visible_to(CLOCK, ContractParty)
    )


def _contracted(event: Event) -> Any:
    return select(Contract.supplier_id).where(
        Contract.id == event.about_id, visible_to(CLOCK, Contract)
    )


def _calling_off(event: Event) -> Any:
    return select(CallOff.organisation_id).where(
        CallOff.id == event.subject_id, visible_to(CLOCK, CallOff)
    )


def _relying(event: Event) -> Any:
    """The owners of contracts in force, or being prepared, that rely on the claim."""
    return (
        select(Contract.organisation_id)
        .join(ContractStandard, col(ContractStandard.contract_id) == Contract.id)
        .where(
            ContractStandard.claim_id == event.subject_id,
            col(Contract.stage).in_((ContractStage.PREPARED, ContractStage.SIGNED)),
            visible_to(CLOCK, Contract),
        )
    )


WHOSE: Mapping[Audience, tuple[Callable[[Event], Any], frozenset[Role]]] = {
    Audience.ASSESSED: (_assessed, MANAGES),
    Audience.CONTRACTING: (_contracting, DECIDES),
    Audience.CONTRACTED: (_contracted, MANAGES),
    Audience.CALLING_OFF: (_calling_off, DECIDES),
    Audience.RELYING_CONTRACTS: (_relying, DECIDES),
}
