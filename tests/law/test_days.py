"""Is every period, day and standstill the one that the Act says, with its section?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import law
from marketplace.core.working_days import OutsideCalendar, is_working_day
from marketplace.law import contracts, standstill, tendering
from marketplace.law.changes import needs_notice
from tests.law.facts import DAYS, NOVEMBER, of

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
