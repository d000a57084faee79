"""One procurement under the law: its regime, threshold, notices, checklist, periods and dates.

`assess(Procurement(...))` answers everything that the facts given so far decide; a date that is not
known yet leaves open only what depends on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from marketplace.core.money import VAT, Money
from marketplace.law import contracts, tendering
from marketplace.law.checklist import Item, checklist
from marketplace.law.contracts import Due, needs_indicators
from marketplace.law.notices import (
    AWARD_ALONE,
    BELOW_DETAILS,
    BREACH,
    ORDER,
    PAYMENT,
    PERFORMANCE,
    TRANSPARENCY,
    UNSURE_USER_CHOICE,
    Duty,
    Notice,
)
from marketplace.law.readings import READINGS, Readings
from marketplace.law.regimes import Regime, Ruling, regime_of
from marketplace.law.routes import CONCESSIONS, Contract, Justification, Route, Tier
from marketplace.law.sources import Rule, Source, rule, schedule, section
from marketplace.law.standstill import Standstill, standstill
from marketplace.law.tendering import Circumstances, Period
from marketplace.law.thresholds import NOTIFIABLE, Threshold, threshold, threshold_rule


@dataclass(frozen=True, slots=True)
class Dates:
    """What has happened, or is planned, on which day in London."""

    planned_notice: date | None = None  # UK3
    tender_notice: date | None = None  # UK4, which invites requests to take part
    invited: date | None = None  # to tender; the tender notice's day unless said otherwise
    requests_by: date | None = None  # the last day on which suppliers may ask to take part
    deadline: date | None = None  # the last day on which tenders may come in
    award_notice: date | None = None  # UK6
    signed: date | None = None
    ends: date | None = None  # of the contract


@dataclass(frozen=True, slots=True)
class Procurement:
    """The facts. `value` is the most that could be paid: all parties, lots, options, and VAT."""

    begins: date
    route: Route = Route.OPEN
    contract: Contract = Contract.GOODS_SERVICES
    value: Money | None = None  # VAT included; None: it cannot be estimated
    tier: Tier = Tier.SUB_CENTRAL
    joint: bool = False
    under_earlier_framework: bool = False
    justification: Justification | None = None  # of a direct award
    circumstances: Circumstances = field(default_factory=Circumstances)
    voluntary_standstill: bool = False
    dates: Dates = field(default_factory=Dates)

    def __post_init__(self) -> None:
        if self.value and (self.value.vat is not VAT.INCLUDED or self.value.currency != "GBP"):
            raise ValueError("The value of a procurement is in pounds with VAT; see whole_value.")

    @property
    def pounds(self) -> Decimal | None:
        return self.value.amount if self.value else None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fact that does not go with the others, and why: a sentence to say beside its question."""

    about: str  # the field of Procurement or of Dates
    says: str
    sources: tuple[Source, ...] = ()

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the law says of a procurement. Under the earlier regime, only that it is so."""

    procurement: Procurement
    ruling: Ruling
    threshold: Threshold | None = None
    threshold_rule: Rule | None = None
    is_above: bool = False
    misfits: tuple[Misfit, ...] = ()
    remarks: tuple[Rule, ...] = ()  # what else to know before relying on the rest
    notices: tuple[Duty, ...] = ()
    checklist: tuple[Item, ...] = ()
    participation: Period | None = None  # only where suppliers ask to take part
    tendering: Period | None = None
    standstill: Standstill | None = None
    needs_indicators: bool = False
    due: tuple[Due, ...] = ()  # by date

    @property
    def regime(self) -> Regime:
        return self.ruling.regime

    def notice(self, notice: Notice) -> Duty | None:
        return next((duty for duty in self.notices if duty.notice is notice), None)


def assess(procurement: Procurement, readings: Readings = READINGS) -> Assessment:
    """Raises OutsideCalendar when a standstill leaves the known bank holidays."""
    ruling = regime_of(
        procurement.begins, under_earlier_framework=procurement.under_earlier_framework
    )
    if ruling.regime is Regime.PCR2015:
        return Assessment(procurement, ruling)
    row = threshold(procurement.begins, procurement.contract, procurement.tier)
    assert row is not None  # noqa: S101 - every contract has a row from the Act's first day
    above = procurement.pounds is None or procurement.pounds >= row.amount
    participation, tendering = _periods(procurement)
    stands = standstill(
        procurement.route,
        procurement.contract,
        procurement.justification,
        procurement.dates.award_notice,
        offered=procurement.voluntary_standstill,
    )
    return Assessment(
        procurement,
        ruling,
        threshold=row,
        threshold_rule=threshold_rule(row, procurement.begins),
        is_above=above,
        misfits=(
            *_misfits(procurement, row, above),
            *_misfits_of_dates(procurement.dates, participation, tendering, stands),
        ),
        remarks=tuple(_remarks(procurement, row, above)),
        notices=tuple(_notices(procurement, readings)),
        checklist=checklist(
            procurement.route,
            procurement.contract,
            procurement.pounds,
            joint=procurement.joint,
            readings=readings,
        ),
        participation=participation,
        tendering=tendering,
        standstill=stands,
        needs_indicators=_has_indicators(procurement),
        due=tuple(sorted(_due(procurement), key=lambda due: due.by)),
    )


def _misfits(procurement: Procurement, row: Threshold, above: bool) -> Iterator[Misfit]:
    route = procurement.route
    if above and route.is_below_threshold:
        unknown = "cannot be estimated, so it counts as above"
        so = unknown if procurement.value is None else "reaches"
        yield Misfit(
            "route",
            f"The value {so} the threshold of {row}. Choose a route for contracts from the "
            "threshold up.",
            (section("3"), section("4")),
        )
    if route is Route.DIRECT and above and procurement.justification is None:
        yield Misfit(
            "justification", "Choose the justification for a direct award.", (section("41"),)
        )
    if _is_user_choice(procurement) and not procurement.contract.is_light_touch:
        yield Misfit(
            "justification",
            "User choice is a justification for light touch services only.",
            (schedule(5, "15"),),
        )


_IN_ORDER = {
    "planned_notice": "planned procurement notice",
    "tender_notice": "tender notice",
    "requests_by": "last day for requests to take part",
    "invited": "invitation to tender",
    "deadline": "last day for tenders",
    "award_notice": "contract award notice",
    "signed": "signature",
    "ends": "end of the contract",
}


def _misfits_of_dates(
    dates: Dates, participation: Period | None, tendering: Period | None, stands: Standstill
) -> Iterator[Misfit]:
    known = [(name, getattr(dates, name)) for name in _IN_ORDER if getattr(dates, name)]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            yield Misfit(after, f"The {_IN_ORDER[after]} cannot be before the {_IN_ORDER[before]}.")
    for name, period, day in (
        ("requests_by", participation, dates.requests_by),
        ("deadline", tendering, dates.deadline),
    ):
        if period and day and (why := period.refusal(day)):
            yield Misfit(name, why, period.rule.sources)
    if dates.signed and (why := stands.refusal(dates.signed)):
        yield Misfit("signed", why, stands.rule.sources)


def _remarks(procurement: Procurement, row: Threshold, above: bool) -> Iterator[Rule]:
    if procurement.value is None:
        yield rule(
            "The value cannot be estimated, so it counts as reaching the threshold.", section("4")
        )
    if not above and not procurement.route.is_below_threshold:
        yield rule(
            f"The value is below the threshold of {row}. What is said here of notices and periods "
            "is required from the threshold up; below it the shorter rules for regulated "
            "below-threshold contracts apply.",
            section("3"),
            section("84-88"),
        )


def _notices(procurement: Procurement, readings: Readings) -> Iterator[Duty]:
    user_choice = _is_user_choice(procurement)
    has_indicators = _has_indicators(procurement)
    for duty in ORDER[procurement.route]:
        if procurement.contract in duty.without:
            continue
        if duty in (TRANSPARENCY, AWARD_ALONE) and user_choice:
            continue  # s44(3), s50(6)
        if (duty is PERFORMANCE and not has_indicators) or (duty is BREACH and has_indicators):
            continue  # s71: one of the two
        if duty is BELOW_DETAILS and not _is_notifiable(procurement):
            continue
        if user_choice and duty.notice in (Notice.UK7, Notice.UK11):
            yield replace(duty, unsure=UNSURE_USER_CHOICE)
            continue
        yield replace(duty, unsure="") if readings.payment_notice_live and duty is PAYMENT else duty


def _is_user_choice(procurement: Procurement) -> bool:
    chosen = procurement.justification is Justification.USER_CHOICE
    return chosen and procurement.route is Route.DIRECT


def _is_notifiable(procurement: Procurement) -> bool:
    """s87(4): whether a contract below the threshold is large enough for its notices."""
    return procurement.pounds is None or procurement.pounds >= NOTIFIABLE[procurement.tier]


def _has_indicators(procurement: Procurement) -> bool:
    return not procurement.route.is_below_threshold and needs_indicators(
        procurement.pounds, procurement.contract
    )


def circumstances_of(procurement: Procurement) -> Circumstances:
    """The circumstances as given, with what follows from the other facts."""
    dates = procurement.dates
    qualifies = procurement.circumstances.planned_notice_qualifies
    if dates.planned_notice and dates.tender_notice:
        qualifies = tendering.qualifies(dates.planned_notice, dates.tender_notice)
    return replace(
        procurement.circumstances,
        planned_notice_qualifies=qualifies,
        within_dynamic_market=procurement.route is Route.DYNAMIC_MARKET,
        light_touch=procurement.contract.is_light_touch,
        sub_central=procurement.tier is Tier.SUB_CENTRAL,
    )


def _periods(procurement: Procurement) -> tuple[Period | None, Period | None]:
    if not procurement.route.is_competitive_tendering:
        return None, None
    circumstances, dates = circumstances_of(procurement), procurement.dates
    in_stages = procurement.route is not Route.OPEN
    asked = tendering.participation(circumstances, dates.tender_notice) if in_stages else None
    return asked, tendering.tendering(circumstances, dates.invited or dates.tender_notice)


def _due(procurement: Procurement) -> Iterator[Due]:
    """What the signature and the end of a contract bring with them, above the threshold."""
    dates, contract = procurement.dates, procurement.contract
    if procurement.route.is_below_threshold:
        return
    if dates.signed:
        yield contracts.contract_details(dates.signed, contract)
        copy = contracts.copy_of_contract(dates.signed, procurement.pounds, contract)
        if copy:
            yield copy
        if _has_indicators(procurement):
            yield contracts.performance(dates.signed, dates.ends)
        if contract not in CONCESSIONS:
            yield contracts.payments_compliance(dates.signed)
    if dates.ends:
        yield contracts.termination(dates.ends)
