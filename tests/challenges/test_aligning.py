"""Authorities whose contracts end within a year of one another could begin together."""

from datetime import date, timedelta

import pytest
import time_machine

from auth.actor import VISITOR
from marketplace.challenges.aligning import MOST_STARTS, groups, starts, steps

TODAY = date(2026, 11, 29)
ENDS = {
    "Brent": date(2027, 3, 31),
    "Camden": date(2027, 9, 30),
    "Hackney": date(2027, 9, 29),
    "Islington": date(2028, 12, 31),
    "Sutton": date(2026, 11, 28),
}


def test_what_each_would_have_to_do_is_the_time_from_its_end_to_the_start():
    told = {one.organisation: one.says for one in steps(ENDS, date(2027, 10, 1))}
    assert told == {
        "Brent": "Extend or bridge 183 days",  # April to September
        "Camden": "Nothing, it ends the day before",
        "Hackney": "Extend or bridge 1 day",
        "Islington": "Join 458 days later",
        "Sutton": "Extend or bridge 306 days",
    }


def test_groups_hold_whose_contracts_end_within_a_year_the_largest_first():
    [one] = groups(ENDS, TODAY)
    assert one.start == date(2027, 10, 1)
    assert [step.organisation for step in one.gap] == ["Brent", "Hackney"]
    more = ENDS | {"Bexley": date(2029, 1, 1)}
    assert [len(one.steps) for one in groups(more, TODAY)] == [3, 2]
    assert groups({"Brent": TODAY}, TODAY) == []


def test_the_days_to_choose_from_are_quarters_until_all_contracts_are_over():
    found = starts(ENDS, TODAY)
    assert (found[0], found[-1]) == (date(2027, 1, 1), date(2029, 1, 1))
    assert len(found) == 9
    assert len(starts({"Brent": date(2090, 1, 1)}, TODAY)) == MOST_STARTS


@pytest.fixture
def challenge(make):
    made = make.challenge(make.authority("Lewisham"))
    for name, ends in ENDS.items():
        make.commitment(made, make.authority(name), contract_ends=ends)
    make.commitment(made, make.authority("Newham"))
    return made


def test_authorities_and_loti_see_who_could_begin_together_and_nobody_else(
    browser, make, challenge
):
    url = f"/challenges/{challenge.id}/commitments"
    with time_machine.travel(TODAY, tick=False):
        for person in (make.author(make.authority("Barnet")), make.curator()):
            seen = browser.as_(person).main(url)
            said = " ".join(seen.text.split())
            assert "4 of 5 contracts end before 1 October 2027" in said
            assert "Brent, Camden, Hackney could begin together on 1 October 2027." in said
            assert "2 of 3 would extend or bridge, Brent longest: 183 days." in said
            rows = [
                " ".join(row.get_text(" ").split()) for row in seen.select("#takes-part tbody tr")
            ]
            assert any("31 March 2027 Extend or bridge 183 days" in row for row in rows)
            assert any("Newham" in row and "Not given" in row for row in rows)
        chosen = browser.main(f"{url}?together=2027-04-01")
        assert "2 of 5 contracts end before 1 April 2027" in chosen.text
        assert chosen.select_one("#start option[selected]")["value"] == "2027-04-01"
        for wrong in ("tomorrow", "2027-02-31", "9999999", ""):
            assert "1 October 2027" in browser.main(f"{url}?together={wrong}").text
        for person in (make.manager(make.supplier()), VISITOR):
            assert (
                "begin together" not in browser.as_(person).get(f"{url}?together=2027-04-01").text
            )


def test_without_two_contracts_that_end_close_together_nothing_is_proposed(browser, make):
    made = make.challenge(make.authority("Lewisham"))
    for name, days in (("Brent", 100), ("Camden", 900)):
        ends = TODAY + timedelta(days=days)
        make.commitment(made, make.authority(name), contract_ends=ends)
    with time_machine.travel(TODAY, tick=False):
        seen = browser.as_(make.curator()).main(f"/challenges/{made.id}/commitments")
    assert "Contract ends" in seen.text
    assert "begin together" not in seen.text
