"""The routes to a contract, what is bought by them, and the closed list for a direct award."""

from enum import StrEnum

from marketplace.core.labels import Labelled
from marketplace.law.sources import Rule, Source, rule, schedule, section


class Contract(Labelled):
    """What sort of contract it will be; the threshold depends on it."""

    GOODS_SERVICES = "goods-services", "Goods or services"
    WORKS = "works", "Works"
    LIGHT_TOUCH = "light-touch", "Light touch services"
    CONCESSION = "concession", "A concession"
    LIGHT_TOUCH_CONCESSION = "light-touch-concession", "A light touch concession"

    @property
    def is_light_touch(self) -> bool:
        return self in LIGHT_TOUCH


LIGHT_TOUCH = frozenset({Contract.LIGHT_TOUCH, Contract.LIGHT_TOUCH_CONCESSION})
CONCESSIONS = frozenset({Contract.CONCESSION, Contract.LIGHT_TOUCH_CONCESSION})


class Tier(StrEnum):
    """Which threshold an authority has: boroughs, the GLA and TfL are sub-central."""

    SUB_CENTRAL = "sub-central"
    CENTRAL = "central"


class Route(Labelled):
    """How a contract comes about."""

    OPEN = "open", "Open procedure"
    FLEXIBLE = "flexible", "Competitive flexible procedure"
    DYNAMIC_MARKET = "dynamic-market", "Award within a dynamic market"
    CALL_OFF = "call-off", "Call-off from a framework"
    DIRECT = "direct", "Direct award"
    BELOW_COMPETED = "below-competed", "Below threshold, with competition"
    BELOW_UNCOMPETED = "below-uncompeted", "Below threshold, without competition"

    @property
    def is_competitive_tendering(self) -> bool:
        """Whether it begins with a tender notice under s21 and has the periods of s54."""
        return self in (Route.OPEN, Route.FLEXIBLE, Route.DYNAMIC_MARKET)

    @property
    def is_below_threshold(self) -> bool:
        return self in (Route.BELOW_COMPETED, Route.BELOW_UNCOMPETED)

    @property
    def has_tenders(self) -> bool:
        """Whether suppliers are invited to tender at all."""
        return self.is_competitive_tendering or self is Route.BELOW_COMPETED

    @property
    def rule(self) -> Rule:
        return _ROUTES[self]


class FlexibleStage(Labelled):
    """The stages that a competitive flexible procedure may be made of: s20(2)(b), (4)."""

    PARTICIPATION = "participation", "Requests to take part"
    INITIAL_TENDERS = "initial-tenders", "Initial tenders"
    SHORTLIST = "shortlist", "Shortlist"
    DIALOGUE = "dialogue", "Dialogue"
    DEMONSTRATION = "demonstration", "Demonstration"
    NEGOTIATION = "negotiation", "Negotiation"
    PROTOTYPE = "prototype", "Prototype"
    FINAL_TENDERS = "final-tenders", "Final tenders"

    @property
    def takes_tenders(self) -> bool:
        return self in (FlexibleStage.INITIAL_TENDERS, FlexibleStage.FINAL_TENDERS)

    @property
    def takes_bids(self) -> bool:
        """Whether suppliers submit something in it; in the others one talks or tries."""
        return self is FlexibleStage.PARTICIPATION or self.takes_tenders


class Justification(StrEnum):
    """Why a contract may be awarded directly: a closed list."""

    label: str
    source: Source

    # the defaults are for type checkers, which take Justification("prototype") for a call of this
    def __new__(cls, slug: str, label: str = "", source: Source | None = None) -> "Justification":
        justification = str.__new__(cls, slug)
        justification._value_ = slug
        justification.label = label
        justification.source = source or section("41")
        return justification

    PROTOTYPE = "prototype", "A prototype or novel goods or services", schedule(5, "2")
    UNIQUE_ART = "unique-art", "A unique work of art or artistic performance", schedule(5, "4")
    EXCLUSIVE_RIGHTS = (
        "exclusive-rights",
        "Only one supplier has the rights, and there is no reasonable alternative",
        schedule(5, "5"),
    )
    TECHNICAL = (
        "technical",
        "Only one supplier can do it for technical reasons, and there is no reasonable alternative",
        schedule(5, "6"),
    )
    ADDITIONAL = (
        "additional",
        "Additional goods, services or works that must fit what is there",
        schedule(5, "7"),
    )
    REPEAT = (
        "repeat",
        "Similar goods, services or works within 5 years, announced in the first tender notice",
        schedule(5, "8"),
    )
    COMMODITY = "commodity", "Goods bought on a commodity market", schedule(5)
    INSOLVENCY = "insolvency", "Particularly advantageous terms on insolvency", schedule(5)
    EXTREME_URGENCY = "extreme-urgency", "Extreme and unavoidable urgency", schedule(5, "13")
    USER_CHOICE = "user-choice", "Light touch services chosen by their user", schedule(5, "15")
    DEFENCE = "defence", "Defence and security", schedule(5)
    PROTECT_LIFE = "protect-life", "Regulations to protect life or public order", section("42")
    SWITCHING = (
        "switching",
        "No suitable tender or request came in a competition",
        section("43"),
    )


_ROUTES: dict[Route, Rule] = {
    Route.OPEN: rule(
        "One stage, in which any interested supplier may submit a tender.", section("20(2)(a)")
    ),
    Route.FLEXIBLE: rule(
        "The authority designs the stages. They must be proportionate and described in the tender "
        "notice, and award criteria may be refined only if the notice allows it.",
        section("20(2)(b)"),
        section("24"),
    ),
    Route.DYNAMIC_MARKET: rule(
        "A competitive flexible procedure among the members of a dynamic market, which is open "
        "for applications at all times and has no limit on its members.",
        section("34-40"),
    ),
    Route.CALL_OFF: rule(
        "A contract under a framework, after a competition among its suppliers, or without one "
        "only where the framework provides how.",
        section("45-48"),
    ),
    Route.DIRECT: rule(
        "A contract without competition, for a reason on a closed list.",
        section("41"),
        section("42"),
        section("43"),
        schedule(5),
    ),
    Route.BELOW_COMPETED: rule(
        "Below the threshold: no supplier of goods or services may be kept out by an assessment "
        "of suitability beforehand, barriers for small suppliers are considered, and time limits "
        "are reasonable and equal for all.",
        section("84-87"),
    ),
    Route.BELOW_UNCOMPETED: rule(
        "Below the threshold: each authority's own contract standing orders decide whether it may "
        "go without competition.",
        section("84-88"),
    ),
}
