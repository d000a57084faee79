"""Does the law say what the Act says, with its section, and refuse what nobody knows?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace import law
from marketplace.core.money import VAT, Money
from marketplace.law.checklist import CHECKLIST, Before
from marketplace.law.regimes import regime_of
from marketplace.law.thresholds import THRESHOLDS, threshold
from tests.law.facts import NOVEMBER, codes, of, with_vat


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
