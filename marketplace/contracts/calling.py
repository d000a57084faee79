"""How much can still be called off under a contract, and why somebody cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from marketplace.contracts.models import CallOff, CallOffStage, Contract, Permitted
from marketplace.core.money import pounds

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Headroom:
    """What one authority, or all together, have called off, and the most that they may."""

    name: str
    used: Decimal
    waiting: Decimal  # proposed, and not approved yet
    most: Decimal
    in_all: Decimal | None = None  # what is left to all together, where that is less

    @property
    def left(self) -> Decimal:
        own = self.most - self.used
        return own if self.in_all is None else min(own, self.in_all)

    @property
    def says(self) -> str:
        """Such as "£312,000 of £1,200,000 left"."""
        return f"{pounds(self.left)} of {pounds(self.most)} left"


def in_all(contract: Contract, call_offs: Sequence[CallOff]) -> Headroom:
    return _headroom("In all", call_offs, contract.ceiling or NOTHING)


def by_authority(
    contract: Contract, permitted: Sequence[Permitted], call_offs: Sequence[CallOff]
) -> list[Headroom]:
    """Each authority that may, by name; its most is its own share, or the ceiling."""
    left = in_all(contract, call_offs).left
    return [
        _headroom(
            one.organisation.called,
            [call for call in call_offs if call.organisation_id == one.organisation_id],
            contract.ceiling or NOTHING if one.most is None else one.most,
            left,
        )
        for one in permitted
    ]


def _headroom(
    name: str, call_offs: Sequence[CallOff], most: Decimal, left: Decimal | None = None
) -> Headroom:
    def together(stage: CallOffStage) -> Decimal:
        return sum((one.value for one in call_offs if one.stage is stage), NOTHING)

    used, waiting = together(CallOffStage.APPROVED), together(CallOffStage.PROPOSED)
    return Headroom(name, used, waiting, most, left)


def unnamed(
    contract: Contract, permitted: Sequence[Permitted], organisation_id: UUID, called: str
) -> str:
    """Why an authority may not call off at all, and whom to ask; empty when it may."""
    if not contract.framework:
        return "Nobody can call off under this contract: it is for its own authorities alone."
    if any(one.organisation_id == organisation_id for one in permitted):
        return ""
    if str(organisation_id) in contract.parties:
        return f"{called} has this contract itself. To buy more, change the contract."
    return (
        f"{called} is not among the authorities that may call off under this contract. Only those "
        "that the tender notice named can be. "
        f"Ask {contract.organisation.called} which contract you can use instead."
    )


def beyond(
    contract: Contract,
    permitted: Sequence[Permitted],
    call_offs: Sequence[CallOff],
    organisation_id: UUID,
    value: Decimal,
) -> str:
    """Why so much cannot be called off; empty when it can. What only waits does not count yet."""
    rooms = [in_all(contract, call_offs)]
    own = [one for one in permitted if one.organisation_id == organisation_id]
    rooms += by_authority(contract, own, call_offs)
    for room in rooms:
        if value > room.left:
            whose = "under this contract" if room is rooms[0] else f"to {room.name}"
            return f"{pounds(room.left)} without VAT is left {whose}, and this is {pounds(value)}."
    return ""
