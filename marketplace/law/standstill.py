"""The days between a contract award notice and a signature, and which of them count."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.core.times import day
from marketplace.core.working_days import ONE_DAY, is_working_day, why_not
from marketplace.law.periods import STANDSTILL, earliest_signature, standstill_ends
from marketplace.law.routes import Contract, Justification, Route
from marketplace.law.sources import Rule, rule, schedule, section


class Binding(StrEnum):
    """Whether there must be a standstill."""

    MANDATORY = "mandatory"
    VOLUNTARY = "voluntary"
    NONE = "none"  # the Act knows none here


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of a standstill: counted with its number, or not counted with the reason."""

    day: date
    number: int | None
    why_not: str = ""

    @property
    def name(self) -> str:
        """Such as "Mon 23 Nov"."""
        return f"{self.day:%a} {self.day.day} {self.day:%b}"


@dataclass(frozen=True, slots=True)
class Standstill:
    """What the Act asks, and the days when the notice's day is known."""

    binding: Binding
    rule: Rule
    published: date | None = None
    ends: date | None = None
    earliest_signature: date | None = None
    days: tuple[StripDay, ...] = ()

    @property
    def then(self) -> str:
        """The day after it, such as "Fri 4 Dec"; empty while none runs."""
        return StripDay(self.earliest_signature, None).name if self.earliest_signature else ""

    def refusal(self, signed: date) -> str | None:
        """Why a contract may not be signed on that day; None when it may."""
        if self.earliest_signature is None or self.ends is None or signed > self.ends:
            return None
        return (
            f"Standstill ends at the end of {self.ends:%A} {day(self.ends)}. The contract can be "
            f"signed from {self.earliest_signature:%A} {day(self.earliest_signature)} "
            f"({self.rule.sources[0]})."
        )


def standstill(
    route: Route,
    contract: Contract = Contract.GOODS_SERVICES,
    justification: Justification | None = None,
    published: date | None = None,
    *,
    offered: bool = False,
) -> Standstill:
    """Which standstill the route has; `offered`: a voluntary one is stated in the award notice.

    Raises OutsideCalendar where bank holidays are not known.
    """
    binding, why = _binding(route, contract, justification)
    runs = binding is Binding.MANDATORY or (binding is Binding.VOLUNTARY and offered)
    if published is None or not runs:
        return Standstill(binding, why, published)
    if not is_working_day(published):
        why = Rule(why.says, why.sources, _WEEKEND)
    ends = standstill_ends(published)
    return Standstill(
        binding, why, published, ends, earliest_signature(published), strip(published, ends)
    )


def strip(first: date, last: date) -> tuple[StripDay, ...]:
    """Every day of a period of working days, in order."""
    days, number, current = [], 0, first
    while current <= last:
        because = why_not(current)
        number += because is None
        days.append(StripDay(current, None if because else number, because or ""))
        current += ONE_DAY
    return tuple(days)


def before_change(published: date) -> Standstill:
    """The voluntary standstill of a contract change notice: s76."""
    ends = standstill_ends(published)
    return Standstill(
        Binding.VOLUNTARY,
        _CHANGE,
        published,
        ends,
        ends + ONE_DAY,
        strip(published, ends),
    )


def _binding(
    route: Route, contract: Contract, justification: Justification | None
) -> tuple[Binding, Rule]:
    if route.is_below_threshold:
        return Binding.NONE, _BELOW
    if route is Route.DIRECT and justification is Justification.USER_CHOICE:
        return Binding.NONE, _USER_CHOICE
    for applies, why in (
        (route is Route.CALL_OFF, "a contract under a framework"),
        (route is Route.DYNAMIC_MARKET, "an award by reference to a dynamic market"),
        (contract.is_light_touch, "a light touch contract"),
        (
            route is Route.DIRECT and justification is Justification.EXTREME_URGENCY,
            "a direct award in extreme and unavoidable urgency",
        ),
        (
            route is Route.DIRECT and justification is Justification.PROTECT_LIFE,
            "a direct award to protect life or public order",
        ),
    ):
        if applies:
            return Binding.VOLUNTARY, _voluntary(why)
    return Binding.MANDATORY, _MANDATORY


_MANDATORY = rule(
    f"The contract may not be signed before the end of {STANDSTILL} working days beginning with "
    "the day on which the contract award notice is published. A day that is a bank holiday "
    "anywhere in the United Kingdom does not count.",
    section("51(1)"),
    section("51(2)"),
    section("123"),
)
_BELOW = rule("No standstill applies below the threshold.", section("84"))
_USER_CHOICE = rule(
    "A user choice contract needs no contract award notice, so no standstill begins.",
    section("50(6)"),
    schedule(5, "15"),
)
_CHANGE = rule(
    f"A voluntary standstill stated in a contract change notice is at least {STANDSTILL} working "
    "days beginning with the day on which it is published.",
    section("76"),
    section("123"),
)
_WEEKEND = (
    "The notice is out on a day that is no working day; that counting then starts with the next "
    "working day is a reading of section 51 that no court has confirmed here."
)


def _voluntary(why: str) -> Rule:
    return rule(
        f"Standstill is not required for {why}. When the award notice states one, it is at least "
        f"{STANDSTILL} working days and it binds.",
        section("51(3)"),
        section("51(5)"),
        section("123"),
    )
