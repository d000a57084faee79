"""Changing a contract: the closed list of grounds, and when a notice comes before it."""

from decimal import Decimal
from enum import StrEnum

from marketplace.law.routes import Contract
from marketplace.law.sources import Source, rule, schedule, section

MOST_OF_VALUE = {Contract.WORKS: Decimal("0.15")}  # s75: a change up to so much needs no notice
MOST_OF_VALUE_USUALLY = MOST_OF_TERM = Decimal("0.10")


class Ground(StrEnum):
    """Why a contract may be changed without a new procurement: s74(1)."""

    label: str
    source: Source

    # the defaults are for type checkers, which take Ground("known-risk") for a call of this
    def __new__(cls, slug: str, label: str = "", source: Source | None = None) -> "Ground":
        ground = str.__new__(cls, slug)
        ground._value_ = slug
        ground.label = label
        ground.source = source or section("74")
        return ground

    PROVIDED_FOR = "provided-for", "The contract and its notice provide for it", schedule(8)
    URGENT = "urgent", "Urgency, or to protect life", schedule(8)
    UNFORESEEABLE = "unforeseeable", "Circumstances that nobody could foresee", schedule(8)
    KNOWN_RISK = "known-risk", "A risk came true that the notice had named", schedule(8)
    ADDITIONAL = "additional", "Additional goods, services or works", schedule(8)
    RESTRUCTURING = "restructuring", "Transfer on a corporate restructuring", schedule(8)
    DEFENCE = "defence", "Contracts of a defence authority", schedule(8)
    NOT_SUBSTANTIAL = "not-substantial", "It is not substantial", section("74(3)")
    BELOW_THRESHOLD = "below-threshold", "It is below the threshold for changes", section("74(4)")


NOTICE_RULE = rule(
    "A contract change notice is published before the contract is changed. A change of the value "
    "by 10% or less (works: 15%) that changes the term by 10% or less needs none, and neither "
    "does a light touch contract.",
    section("75"),
)


def needs_notice(
    contract: Contract, *, value: tuple[Decimal, Decimal], days: tuple[int, int]
) -> bool:
    """Whether UK10 comes first; each pair is what was awarded and what it becomes, with all
    changes so far.
    """
    if contract.is_light_touch:
        return False
    most = MOST_OF_VALUE.get(contract, MOST_OF_VALUE_USUALLY)
    return _moves(*value) > most or _moves(Decimal(days[0]), Decimal(days[1])) > MOST_OF_TERM


def _moves(was: Decimal, becomes: Decimal) -> Decimal:
    if was == becomes:
        return Decimal(0)
    return abs(becomes - was) / was if was else Decimal(1)
