"""Does the law say what the Act says, with its section, and refuse what nobody knows?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import law
from marketplace.core.money import VAT, Money
from marketplace.core.working_days import OutsideCalendar, is_working_day
from marketplace.law import contracts, standstill, tendering
from marketplace.law.changes import needs_notice
from marketplace.law.checklist import CHECKLIST, Before
from marketplace.law.regimes import regime_of
from marketplace.law.thresholds import THRESHOLDS, threshold

NOVEMBER = date(2026, 11, 2)
DAYS = st.dates(date(2025, 2, 24), date(2028, 11, 1))


def with_vat(pounds: int) -> Money:
    return Money(Decimal(pounds), vat=VAT.INCLUDED)


def of(**facts: object) -> law.Assessment:
    given = {"begins": NOVEMBER, "value": with_vat(400_000)} | facts
    return law.assess(law.Procurement(**given))  # type: ignore[arg-type]


def codes(found: law.Assessment) -> list[str]:
    return [duty.notice.value for duty in found.notices]


@pytest.mark.parametrize(
    ("begins", "earlier", "regime"),
    [
        (date(2025, 2, 23), False, "pcr2015"),
        (date(2025, 2, 24), False, "pa2023"),
        (NOVEMBER, False, "pa2023"),
        (NOVEMBER, True, "pcr2015"),
    ],
)
def test_the_day_it_begins_decides_the_regime(begins: date, earlier: bool, regime: str) -> None:
    assert regime_of(begins, under_earlier_framework=earlier).regime == regime


def test_under_the_earlier_regulations_nothing_of_the_act_is_said() -> None:
    found = of(begins=date(2025, 2, 23))
    assert found.notices == found.checklist == found.due == ()
    assert (found.threshold, found.tendering, found.standstill) == (None, None, None)


@pytest.mark.parametrize(
    ("begins", "contract", "tier", "pounds"),
    [
        (date(2025, 12, 31), "goods-services", "sub-central", 214_904),
        (date(2026, 1, 1), "goods-services", "sub-central", 207_720),
        (date(2025, 2, 24), "goods-services", "central", 139_688),
        (date(2026, 1, 1), "goods-services", "central", 135_018),
        (date(2025, 12, 31), "works", "sub-central", 5_372_609),
        (date(2026, 1, 1), "works", "central", 5_193_000),
        (date(2026, 1, 1), "concession", "sub-central", 5_193_000),
        (date(2026, 1, 1), "light-touch", "sub-central", 663_540),
        (date(2026, 1, 1), "light-touch-concession", "sub-central", 5_372_609),
    ],
)
def test_the_threshold_is_that_of_the_day_and_of_the_contract(
    begins: date, contract: str, tier: str, pounds: int
) -> None:
    row = threshold(begins, law.Contract(contract), law.Tier(tier))
    assert row is not None
    assert row.amount == pounds


def test_every_contract_has_a_threshold_from_the_acts_first_day_and_none_before() -> None:
    for contract in law.Contract:
        for tier in law.Tier:
            assert threshold(date(2025, 2, 24), contract, tier)
            assert threshold(date(2025, 2, 23), contract, tier) is None
    assert len({(row.since, row.contract, row.tier) for row in THRESHOLDS}) == len(THRESHOLDS)


def test_a_threshold_nobody_has_set_yet_says_so() -> None:
    assert of(begins=date(2027, 12, 31)).threshold_rule.unsure == ""  # type: ignore[union-attr]
    assert "2028" in of(begins=date(2028, 1, 1)).threshold_rule.unsure  # type: ignore[union-attr]


@pytest.mark.parametrize(("pounds", "above"), [(207_719, False), (207_720, True)])
def test_the_value_reaches_the_threshold_when_it_is_not_less(pounds: int, above: bool) -> None:
    assert of(value=with_vat(pounds)).is_above is above


def test_what_cannot_be_estimated_counts_as_above() -> None:
    found = of(value=None)
    assert found.is_above
    assert "counts as reaching the threshold" in found.remarks[0].says


def test_the_whole_value_is_that_of_every_party_with_vat() -> None:
    parts = [Money(Decimal(100000), vat=VAT.EXCLUDED), with_vat(80_000)]
    assert law.whole_value(parts) == with_vat(200_000)
    assert law.with_vat(Money(Decimal("0.03"), vat=VAT.EXCLUDED)).amount == Decimal("0.04")


@pytest.mark.parametrize("vat", [VAT.UNKNOWN, VAT.EXCLUDED])
def test_a_value_without_vat_is_compared_with_nothing(vat: VAT) -> None:
    with pytest.raises(ValueError, match="VAT"):
        of(value=Money(Decimal(1), vat=vat))
    with pytest.raises(ValueError, match="VAT is known"):
        law.whole_value([Money(Decimal(1), vat=VAT.UNKNOWN)])
    with pytest.raises(ValueError, match="pounds"):
        law.whole_value([Money(Decimal(1), "EUR", VAT.INCLUDED)])


CONTRACT = ["UK7", "UK8", "UK9", "UK10", "UK11", "UK17"]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("open", ["UK1", "UK2", "UK3", "UK4", "UK6", "UK12", *CONTRACT]),
        ("flexible", ["UK1", "UK2", "UK3", "UK4", "UK6", "UK12", *CONTRACT]),
        (
            "dynamic-market",
            ["UK1", "UK13", "UK14", "UK15", "UK16", "UK2", "UK3", "UK4", "UK6", "UK12", *CONTRACT],
        ),
        ("call-off", ["UK6", *CONTRACT]),
        ("direct", ["UK1", "UK5", "UK6", "UK12", *CONTRACT]),
        ("below-competed", ["UK4", "UK7"]),
        ("below-uncompeted", ["UK7"]),
    ],
)
def test_a_route_has_its_notices_in_order(route: str, expected: list[str]) -> None:
    assert codes(of(route=law.Route(route))) == expected


def test_what_is_exempt_from_a_notice_is_not_asked_for_it() -> None:
    light = of(contract=law.Contract.LIGHT_TOUCH)
    assert "UK9" not in codes(light)
    assert "UK10" not in codes(light)
    assert "120 days" in light.notice(law.Notice.UK7).when  # type: ignore[union-attr]
    assert "30 days" in of().notice(law.Notice.UK7).when  # type: ignore[union-attr]
    assert "UK17" not in codes(of(contract=law.Contract.CONCESSION))
    chosen = of(
        route=law.Route.DIRECT,
        contract=law.Contract.LIGHT_TOUCH,
        justification=law.Justification.USER_CHOICE,
    )
    assert not {"UK5", "UK6"} & set(codes(chosen))


@pytest.mark.parametrize(("pounds", "expected"), [(29_999, []), (30_000, ["UK7"])])
def test_a_small_contract_below_the_threshold_needs_no_notice(
    pounds: int, expected: list[str]
) -> None:
    route = law.Route.BELOW_UNCOMPETED
    assert codes(of(route=route, value=with_vat(pounds))) == expected


@pytest.mark.parametrize(("pounds", "needed"), [(5_000_000, False), (5_000_001, True)])
def test_key_indicators_and_a_copy_belong_to_contracts_over_five_million(
    pounds: int, needed: bool
) -> None:
    found = of(value=with_vat(pounds), dates=law.Dates(signed=NOVEMBER))
    assert found.needs_indicators is needed
    assert ("indicators" in {item.key for item in found.checklist}) is needed
    performance = found.notice(law.Notice.UK9)
    assert performance is not None
    assert (performance.need is law.Need.REQUIRED) is needed
    expected = {"contract-details", "payments-compliance"}
    expected |= {"copy-of-contract", "performance"} if needed else set()
    assert {due.key for due in found.due} == expected


def test_concessions_and_light_touch_contracts_have_no_key_indicators() -> None:
    for contract in (law.Contract.CONCESSION, law.Contract.LIGHT_TOUCH):
        found = of(contract=contract, value=with_vat(9_000_000))
        assert not found.needs_indicators
        assert "indicators" not in {item.key for item in found.checklist}


def test_only_authorities_that_buy_together_need_an_agreement() -> None:
    assert "agreement" in {item.key for item in of(joint=True).checklist}
    assert "agreement" not in {item.key for item in of(joint=False).checklist}


def test_a_checklist_has_every_step_in_order_and_no_key_twice_on_a_route() -> None:
    steps = list(Before)
    for route in law.Route:
        items = of(route=route, value=with_vat(9_000_000), joint=True).checklist
        keys = [item.key for item in items]
        assert len(keys) == len(set(keys))
        places = [steps.index(item.before) for item in items]
        assert places == sorted(places)
        assert {"decision", "data-protection", "identifiers"} <= set(keys)
    assert all(item.sources and item.what.endswith(".") for item in CHECKLIST)


def test_what_is_only_proposed_is_asked_for_when_an_operator_says_that_it_is_law() -> None:
    large = law.Procurement(NOVEMBER, value=with_vat(9_000_000))
    now = law.assess(large, law.Readings(proposals_in_force=True))
    assert "public-interest" in {item.key for item in now.checklist}
    assert "public-interest" not in {item.key for item in law.assess(large).checklist}
    live = law.assess(large, law.Readings(payment_notice_live=True))
    assert live.notice(law.Notice.UK8).unsure == ""  # type: ignore[union-attr]
    assert law.assess(large).notice(law.Notice.UK8).unsure  # type: ignore[union-attr]


E = law.Circumstances()


@pytest.mark.parametrize(
    ("circumstances", "participation", "tendering_days"),
    [
        (E, 25, 25),
        (replace(E, documents_together=False), 25, 30),
        (replace(E, electronic=False), 25, 30),
        (replace(E, electronic=False, documents_together=False), 25, 35),
        (replace(E, planned_notice_qualifies=True), 25, 10),
        (replace(E, urgent=True), 10, 10),
        (replace(E, only_preselected=True), 25, 10),
        (replace(E, only_preselected=True, sub_central=False), 25, 25),
        (replace(E, agreed_with_preselected=True), 25, 0),
        (replace(E, agreed_with_preselected=True, sub_central=False), 25, 25),
        (replace(E, within_dynamic_market=True), 25, 10),
        (replace(E, light_touch=True, electronic=False), 0, 0),
    ],
)
def test_the_shortest_period_that_fits_is_the_floor(
    circumstances: law.Circumstances, participation: int, tendering_days: int
) -> None:
    assert tendering.participation(circumstances).days == participation
    assert tendering.tendering(circumstances).days == tendering_days


@given(
    st.builds(law.Circumstances, *[st.booleans() for _ in range(9)]),
    st.dates(date(2025, 2, 24), date(2100, 1, 1)),
)
def test_a_period_refuses_every_day_before_its_floor_and_none_after(
    circumstances: law.Circumstances, invited: date
) -> None:
    for period in (
        tendering.participation(circumstances, invited),
        tendering.tendering(circumstances, invited),
    ):
        floor = period.earliest or invited
        assert (floor - invited).days == period.days
        assert period.refusal(floor) is None
        assert period.refusal(floor - timedelta(days=1))
        assert period.rule.says.endswith(".")


def test_an_early_deadline_is_refused_with_the_rule_the_day_and_the_section() -> None:
    found = of(dates=law.Dates(tender_notice=NOVEMBER)).tendering
    assert found is not None
    assert found.refusal(date(2026, 11, 26)) == (
        "The tendering period must end on Friday 27 November 2026 or later. The tendering period "
        "is at least 25 days, because tenders come in electronically and all documents are out "
        "with the notice. The first day is the day after the invitation of 2 November 2026 "
        "(section 54(4) of the Procurement Act 2023)."
    )
    assert found.refusal(date(2026, 11, 1)) == (
        "The tendering period cannot end before it begins on 2 November 2026."
    )


def test_an_open_procedure_has_no_requests_to_take_part_and_a_call_off_no_period() -> None:
    assert of().participation is None
    assert of(route=law.Route.FLEXIBLE).participation is not None
    assert of(route=law.Route.CALL_OFF).tendering is None


def test_a_market_makes_the_tendering_period_of_its_members_short() -> None:
    found = of(route=law.Route.DYNAMIC_MARKET, dates=law.Dates(invited=NOVEMBER)).tendering
    assert found is not None
    assert found.earliest == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("planned", "tender", "shortens"),
    [
        (date(2026, 9, 23), NOVEMBER, True),  # 40 days before
        (date(2026, 9, 24), NOVEMBER, False),
        (date(2025, 11, 2), NOVEMBER, True),  # 12 months before
        (date(2025, 11, 1), NOVEMBER, False),
        (date(2027, 2, 28), date(2028, 2, 29), True),
        (NOVEMBER, date(2026, 9, 23), False),
    ],
)
def test_a_planned_notice_shortens_when_it_was_out_long_enough_and_not_too_long(
    planned: date, tender: date, shortens: bool
) -> None:
    assert tendering.qualifies(planned, tender) is shortens
    found = of(dates=law.Dates(planned_notice=planned, tender_notice=tender)).tendering
    assert found is not None
    assert found.days == (10 if shortens else 25)


@pytest.mark.parametrize(
    ("facts", "binding"),
    [
        ({}, "mandatory"),
        ({"route": law.Route.FLEXIBLE}, "mandatory"),
        ({"route": law.Route.DYNAMIC_MARKET}, "voluntary"),
        ({"route": law.Route.CALL_OFF}, "voluntary"),
        ({"contract": law.Contract.LIGHT_TOUCH}, "voluntary"),
        ({"route": law.Route.DIRECT, "justification": law.Justification.TECHNICAL}, "mandatory"),
        (
            {"route": law.Route.DIRECT, "justification": law.Justification.EXTREME_URGENCY},
            "voluntary",
        ),
        (
            {"route": law.Route.DIRECT, "justification": law.Justification.PROTECT_LIFE},
            "voluntary",
        ),
        ({"route": law.Route.DIRECT, "justification": law.Justification.USER_CHOICE}, "none"),
        ({"route": law.Route.BELOW_COMPETED}, "none"),
    ],
)
def test_the_route_decides_whether_there_is_a_standstill(
    facts: dict[str, object], binding: str
) -> None:
    found = of(**facts, dates=law.Dates(award_notice=date(2026, 11, 23)))
    assert found.standstill is not None
    assert found.standstill.binding == binding
    assert (found.standstill.ends is not None) is (binding == "mandatory")
    offered = of(
        **facts, dates=law.Dates(award_notice=date(2026, 11, 23)), voluntary_standstill=True
    )
    assert offered.standstill is not None
    assert (offered.standstill.ends == date(2026, 12, 3)) is (binding != "none")


def test_a_signature_in_standstill_is_refused_with_the_day_from_which_it_is_not() -> None:
    found = of(dates=law.Dates(award_notice=date(2026, 11, 23))).standstill
    assert found is not None
    assert found.refusal(date(2026, 12, 3)) == (
        "Standstill ends at the end of Thursday 3 December 2026. The contract can be signed from "
        "Friday 4 December 2026 (section 51(1) of the Procurement Act 2023)."
    )
    assert found.refusal(date(2026, 12, 4)) is None


def test_the_strip_numbers_the_days_that_count_and_says_why_others_do_not() -> None:
    found = of(dates=law.Dates(award_notice=date(2026, 11, 23))).standstill
    assert found is not None
    assert [day.number for day in found.days] == [1, 2, 3, 4, 5, None, None, None, 6, 7, 8]
    assert "Andrew" in found.days[7].why_not


@given(DAYS)
def test_a_strip_is_every_day_once_and_eight_of_them_count(published: date) -> None:
    found = standstill.standstill(law.Route.OPEN, published=published)
    assert found.ends is not None
    assert [day.number for day in found.days if day.number] == list(range(1, 9))
    assert all(bool(day.number) == is_working_day(day.day) for day in found.days)
    assert all(bool(day.number) != bool(day.why_not) for day in found.days)
    assert (found.days[0].day, found.days[-1].day) == (published, found.ends)
    assert all((b.day - a.day).days == 1 for a, b in pairwise(found.days))
    assert bool(found.rule.unsure) is not is_working_day(published)


def test_beyond_the_calendar_of_bank_holidays_a_standstill_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        of(dates=law.Dates(award_notice=date(2028, 12, 21)))


def test_the_life_of_a_contract_has_its_days() -> None:
    light = law.Contract.LIGHT_TOUCH
    large = Decimal(6_000_000)
    copies = [contracts.copy_of_contract(NOVEMBER, large, kind) for kind in (E_CONTRACT, light)]
    assert contracts.contract_details(NOVEMBER).by == date(2026, 12, 1)
    assert contracts.contract_details(NOVEMBER, light).by == date(2027, 3, 1)
    assert [copy.by for copy in copies if copy] == [date(2027, 1, 30), date(2027, 4, 30)]
    assert contracts.copy_of_contract(NOVEMBER, Decimal(5_000_000)) is None
    change = contracts.copy_of_change(NOVEMBER, large)
    assert change is not None
    assert change.by == date(2027, 1, 30)
    assert contracts.copy_of_change(NOVEMBER, None) is None
    assert contracts.termination(NOVEMBER).by == date(2026, 12, 1)
    assert contracts.breach(NOVEMBER).by == date(2026, 12, 1)
    assert contracts.pipeline(2026).by == date(2026, 5, 26)
    assert contracts.claims_until(NOVEMBER).by == date(2026, 12, 1)


E_CONTRACT = law.Contract.GOODS_SERVICES


@pytest.mark.parametrize(
    ("contract", "value", "days", "needed"),
    [
        ("goods-services", (100, 110), (365, 365), False),
        ("goods-services", (100, 111), (365, 365), True),
        ("goods-services", (100, 89), (365, 365), True),
        ("works", (100, 115), (365, 365), False),
        ("works", (100, 116), (365, 365), True),
        ("goods-services", (100, 100), (100, 110), False),
        ("goods-services", (100, 100), (100, 111), True),
        ("goods-services", (0, 1), (365, 365), True),
        ("light-touch", (100, 200), (365, 999), False),
    ],
)
def test_a_change_needs_a_notice_when_it_moves_value_or_term_enough(
    contract: str, value: tuple[int, int], days: tuple[int, int], needed: bool
) -> None:
    pounds = Decimal(value[0]), Decimal(value[1])
    assert needs_notice(law.Contract(contract), value=pounds, days=days) is needed


def test_payments_are_told_30_days_from_the_last_day_of_the_time_they_were_made_in() -> None:
    half, quarter = contracts.payments_compliance, contracts.payment_information
    assert half(date(2026, 1, 1)).by == date(2026, 4, 29)
    assert half(date(2025, 10, 1)).by == date(2026, 4, 29)
    assert half(date(2026, 4, 1)).by == date(2026, 10, 29)
    assert half(date(2026, 12, 31)).by == date(2027, 4, 29)
    assert quarter(date(2026, 3, 31)) is None
    told = quarter(date(2026, 6, 30))
    assert told is not None
    assert told.by == date(2026, 7, 29)


def test_performance_is_assessed_every_year_and_at_the_end() -> None:
    signed, ends = date(2024, 2, 29), date(2027, 6, 30)
    after = date(2025, 2, 28)
    assert contracts.performance(signed, ends).by == date(2025, 2, 28)
    assert contracts.performance(signed, ends, after).by == date(2026, 2, 28)
    assert contracts.performance(signed, ends, date(2027, 3, 1)).by == ends


def misfits(**facts: object) -> list[tuple[str, str]]:
    return [(misfit.about, misfit.says) for misfit in of(**facts).misfits]


def test_facts_that_do_not_go_together_are_named_where_they_are_asked() -> None:
    assert misfits() == []
    [(about, says)] = misfits(route=law.Route.BELOW_COMPETED)
    assert (about, says[:35]) == ("route", "The value reaches the threshold of ")
    [(about, says)] = misfits(route=law.Route.BELOW_COMPETED, value=None)
    assert "cannot be estimated" in says
    assert misfits(route=law.Route.DIRECT) == [
        ("justification", "Choose the justification for a direct award.")
    ]
    assert misfits(route=law.Route.DIRECT, justification=law.Justification.USER_CHOICE) == [
        ("justification", "User choice is a justification for light touch services only.")
    ]


def test_days_out_of_order_or_too_early_are_refused_where_they_are_asked() -> None:
    swapped = law.Dates(tender_notice=NOVEMBER, award_notice=date(2026, 11, 1))
    assert misfits(dates=swapped) == [
        ("award_notice", "The contract award notice cannot be before the tender notice.")
    ]
    early = law.Dates(
        tender_notice=NOVEMBER,
        deadline=date(2026, 11, 26),
        award_notice=date(2026, 12, 1),
        signed=date(2026, 12, 10),
    )
    assert [about for about, _ in misfits(dates=early)] == ["deadline", "signed"]
    right = replace(early, deadline=date(2026, 11, 27), signed=date(2026, 12, 11))
    assert misfits(dates=right) == []
    asked = law.Dates(tender_notice=NOVEMBER, requests_by=date(2026, 11, 20))
    assert [about for about, _ in misfits(route=law.Route.FLEXIBLE, dates=asked)] == ["requests_by"]


def test_the_timetable_has_every_day_in_order() -> None:
    found = of(
        value=with_vat(6_000_000),
        dates=law.Dates(
            tender_notice=NOVEMBER,
            award_notice=date(2027, 1, 11),
            signed=date(2027, 1, 25),
            ends=date(2029, 1, 24),
        ),
    )
    assert [(day.key, day.day) for day in law.timetable(found)] == [
        ("tendering", date(2026, 11, 27)),
        ("standstill", date(2027, 1, 20)),
        ("signature", date(2027, 1, 21)),
        ("contract-details", date(2027, 2, 23)),
        ("copy-of-contract", date(2027, 4, 24)),
        ("payments-compliance", date(2027, 4, 29)),
        ("performance", date(2028, 1, 24)),
        ("termination", date(2029, 2, 22)),
    ]
    assert law.timetable(of(begins=date(2025, 1, 1))) == ()


def test_a_full_route_below_the_threshold_says_that_less_would_be_required() -> None:
    found = of(value=with_vat(50_000))
    assert found.remarks[0].says.startswith("The value is below the threshold of £207,720 with VAT")
    assert of(value=with_vat(50_000), route=law.Route.BELOW_COMPETED).remarks == ()


def test_every_rule_and_notice_names_where_it_is_written() -> None:
    for route in law.Route:
        assert route.rule.sources
        for duty in of(route=route).notices:
            assert duty.where
            assert duty.when.endswith(".")
    for justification in law.Justification:
        assert "Act 2023" in str(justification.source)
