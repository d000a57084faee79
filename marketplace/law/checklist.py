"""What has to be done and recorded, as data: what, why, by whom, by when, and where it applies."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.law.contracts import WITHOUT_INDICATORS
from marketplace.law.readings import READINGS, Readings
from marketplace.law.routes import Contract, Route
from marketplace.law.sources import Source, regulation, section
from marketplace.law.thresholds import KEY_INDICATORS_OVER


class Who(StrEnum):
    """Who does it in a joint procurement."""

    LEAD = "The lead authority"
    EACH = "Each authority"
    PANEL = "Everybody on the panel"


class Before(StrEnum):
    """The step that it has to be done by."""

    START = "Before the first notice"
    TENDER_NOTICE = "Before the tender notice"
    TRANSPARENCY_NOTICE = "Before the transparency notice"
    OPENING = "Before bids are opened"
    AWARD_NOTICE = "Before the contract award notice"
    SIGNATURE = "Before signature"
    END = "While the contract runs"


_COMPETITION = frozenset({Route.OPEN, Route.FLEXIBLE, Route.DYNAMIC_MARKET})
_TENDERS = _COMPETITION | {Route.BELOW_COMPETED}
_COVERED = _COMPETITION | {Route.CALL_OFF, Route.DIRECT}
_ALL = frozenset(Route)
_POLICY = "Good practice; asked for by this marketplace"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do; it applies on its routes, over its value, and to joint ones if `joint`."""

    key: str  # stays the same when words change
    what: str
    before: Before
    who: Who
    sources: tuple[Source, ...]
    routes: frozenset[Route] = _ALL
    over: Decimal | None = None  # pounds, VAT included
    joint: bool = False  # only where several authorities buy together
    without: frozenset[Contract] = frozenset()  # contracts that are exempt
    proposed: bool = False  # not known to be law; see Readings
    unsure: str = ""

    def applies(
        self, route: Route, contract: Contract, value: Decimal | None, *, joint: bool
    ) -> bool:
        """A value that nobody can estimate counts as one over every limit: s4."""
        enough = self.over is None or value is None or value > self.over
        return (
            route in self.routes
            and enough
            and (joint or not self.joint)
            and contract not in self.without
        )


POLICY = Source(_POLICY, "")
_DATA_PROTECTION = Source("Article 35", "UK General Data Protection Regulation")
_SOCIAL_VALUE = Source("section 1", "Public Services (Social Value) Act 2012")

CHECKLIST: tuple[Item, ...] = (
    Item(
        "identifiers",
        "Enter the unique identifier (PPON) of every authority; a notice names the lead and lists "
        "all the others.",
        Before.START,
        Who.EACH,
        (regulation("13"),),
    ),
    Item(
        "agreement",
        "Sign an agreement between the authorities: who leads, pays, decides and bears the risk.",
        Before.START,
        Who.EACH,
        (POLICY,),
        joint=True,
    ),
    Item(
        "decision",
        "Record each authority's own approval: decision reference, date and most it may spend.",
        Before.START,
        Who.EACH,
        (POLICY,),
    ),
    Item(
        "policy-statement",
        "Have regard to the National Procurement Policy Statement; record how.",
        Before.START,
        Who.LEAD,
        (section("13"),),
        _COMPETITION | {Route.DIRECT},
    ),
    Item(
        "data-protection",
        "Screen whether a data protection impact assessment is needed.",
        Before.START,
        Who.EACH,
        (_DATA_PROTECTION,),
    ),
    Item(
        "standing-orders",
        "Follow the lead's contract standing orders, and each authority's own for its decision.",
        Before.START,
        Who.EACH,
        (POLICY,),
    ),
    Item(
        "conflicts",
        "Prepare the conflicts assessment, with steps against conflicts that are only perceived.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("83"),),
        _COMPETITION,
    ),
    Item(
        "conflicts-direct",
        "Prepare the conflicts assessment, with steps against conflicts that are only perceived.",
        Before.TRANSPARENCY_NOTICE,
        Who.LEAD,
        (section("83"),),
        frozenset({Route.DIRECT}),
    ),
    Item(
        "engagement",
        "Say how the market was engaged beforehand, or why it was not.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("16"), section("17")),
        _COMPETITION,
    ),
    Item(
        "lots",
        "Consider lots; where they are possible and not used, give the reasons.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("18"),),
        _COMPETITION,
    ),
    Item(
        "small-suppliers",
        "Consider the barriers that small and medium-sized suppliers face, and whether they can "
        "be removed or reduced; date the record.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("12(4)"),),
        _COMPETITION,
    ),
    Item(
        "small-suppliers-below",
        "Consider the barriers that small and medium-sized suppliers face, and whether they can "
        "be removed or reduced; date the record.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("86"),),
        frozenset({Route.BELOW_COMPETED}),
    ),
    Item(
        "social-value",
        "Consider how the services could improve the well-being of the area.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (_SOCIAL_VALUE,),
        _COMPETITION,
    ),
    Item(
        "specification",
        "Describe what is needed by what it has to do. A UK standard is named only where it adopts "
        "an international one or there is none; equivalents are accepted.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("56"),),
        _COMPETITION,
    ),
    Item(
        "criteria",
        "Check that award criteria concern the subject-matter, are clear, measurable, specific and "
        "proportionate, and say how they are scored and what they weigh.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("23"),),
        _COMPETITION,
    ),
    Item(
        "conditions",
        "Check that conditions of participation are proportionate, accept equivalents, and ask "
        "nobody for audited accounts they need not have, nor for insurance before award.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("22"),),
        _COMPETITION,
    ),
    Item(
        "no-preselection",
        "Check that nobody is kept out by an assessment of suitability before tendering.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("85"),),
        frozenset({Route.BELOW_COMPETED}),
    ),
    Item(
        "time",
        "Set time limits that are the same for every supplier and fit the contract.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (section("54(1)"), section("54(2)")),
        _COMPETITION,
    ),
    Item(
        "public-interest",
        "Test whether outsourcing is in the public interest, and give jobs and skills 10% of the "
        "award criteria.",
        Before.TENDER_NOTICE,
        Who.LEAD,
        (Source("consultation of June 2025", "Cabinet Office", ""),),
        _COMPETITION,
        KEY_INDICATORS_OVER,
        proposed=True,
        unsure="Proposed in a consultation of June 2025; whether it is law is not confirmed.",
    ),
    Item(
        "framework-terms",
        "Check that the framework is in date, names each authority and what is bought, has value "
        "left, and provides the way of award that you use.",
        Before.AWARD_NOTICE,
        Who.EACH,
        (section("45"),),
        frozenset({Route.CALL_OFF}),
    ),
    Item(
        "justification",
        "Write down which justification applies and why; it goes into the transparency notice.",
        Before.TRANSPARENCY_NOTICE,
        Who.LEAD,
        (section("41"), section("44"), regulation("26")),
        frozenset({Route.DIRECT}),
    ),
    Item(
        "declarations",
        "Declare interests before anybody sees a bid, and review them until the contract is made.",
        Before.OPENING,
        Who.PANEL,
        (section("81"), section("82")),
        _TENDERS,
    ),
    Item(
        "exclusions",
        "Check exclusion grounds and the debarment list for suppliers, their associates and "
        "subcontractors; hear a supplier before excluding it, and tell a Minister within 30 days.",
        Before.AWARD_NOTICE,
        Who.LEAD,
        (section("57"), section("58"), section("59")),
        _COVERED,
        unsure="What the debarment list holds today is seen only on the platform itself.",
    ),
    Item(
        "abnormally-low",
        "Ask before a price that looks abnormally low is turned down.",
        Before.AWARD_NOTICE,
        Who.LEAD,
        (section("19"),),
        _COMPETITION,
    ),
    Item(
        "summaries",
        "Give every supplier whose tender was assessed its assessment summary, all at one time.",
        Before.AWARD_NOTICE,
        Who.LEAD,
        (section("50(3)"), regulation("31")),
        _COMPETITION,
    ),
    Item(
        "conflicts-review",
        "Review the conflicts assessment; the notices confirm that it was prepared and revised.",
        Before.AWARD_NOTICE,
        Who.LEAD,
        (section("83(5)"),),
        _COMPETITION | {Route.DIRECT},
    ),
    Item(
        "indicators",
        "Set at least three key performance indicators, or record why none would be appropriate.",
        Before.SIGNATURE,
        Who.EACH,
        (section("52"),),
        _COVERED,
        KEY_INDICATORS_OVER,
        without=WITHOUT_INDICATORS,
    ),
    Item(
        "payment",
        "Put payment within 30 days into the contract, and down the chain of subcontractors.",
        Before.SIGNATURE,
        Who.EACH,
        (section("68"), section("73")),
        _COVERED,
    ),
    Item(
        "payment-below",
        "Put payment within 30 days into the contract, and down the chain of subcontractors.",
        Before.SIGNATURE,
        Who.EACH,
        (section("88"),),
        frozenset({Route.BELOW_COMPETED, Route.BELOW_UNCOMPETED}),
    ),
    Item(
        "records",
        "Keep the records of every material decision until 3 years after the contract is made.",
        Before.END,
        Who.EACH,
        (section("98"),),
        _COVERED,
    ),
)


def checklist(
    route: Route,
    contract: Contract,
    value: Decimal | None,
    *,
    joint: bool,
    readings: Readings = READINGS,
) -> tuple[Item, ...]:
    """What applies, in the order of the steps."""
    return tuple(
        item
        for item in CHECKLIST
        if item.applies(route, contract, value, joint=joint)
        and (readings.proposals_in_force or not item.proposed)
    )


_WHAT = {item.key: item.what.rstrip(".") for item in CHECKLIST}


def said(key: str) -> str:
    """What an item of the checklist asks for; anything else stays as it is."""
    return _WHAT.get(key, key)
