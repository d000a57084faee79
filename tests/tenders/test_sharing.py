"""How much an authority's own criteria count in a lot, as everybody reads it."""

from fractions import Fraction
from typing import Any

import pytest

from auth.actor import VISITOR
from marketplace.tenders.sharing import Measure, parts
from tests.tenders.drafting import Drafted, drafted, fine

HALF = Fraction(1, 2)


def party(id: str, volume: int | None, unit: str = "homes") -> dict[str, Any]:
    return {"id": id, "name": id.upper(), "volume": volume, "unit": unit, "value": None}


@pytest.mark.parametrize(
    ("parties", "expected", "by"),
    [
        ((party("a", 3000), party("b", 1000)), (Fraction(3, 4), Fraction(1, 4)), Measure.VOLUME),
        ((party("a", 1), party("b", 1, "Homes")), (HALF, HALF), Measure.VOLUME),
        ((party("a", 3000), party("b", 1000, "permits")), (HALF, HALF), Measure.EQUAL),
        ((party("a", 3000), party("b", None)), (HALF, HALF), Measure.EQUAL),
        ((party("a", 3000),), (HALF, HALF), Measure.EQUAL),
    ],
)
def test_parts_are_those_of_the_volumes_where_all_state_one_in_the_same_unit(parties, expected, by):
    found, measure = parts((*parties, party("outside", 99)), ["a", "b"])
    assert ((found["a"], found["b"]), measure) == (expected, by)
    assert sum(found.values()) == 1


def published_with(made: Drafted, **volumes: str) -> str:
    """How criteria count, on the page of a tender that was published with these volumes."""
    browser = made.as_author()
    made.ready()
    for name, volume in volumes.items():
        theirs = made._share(name) | {"volume": volume}
        made.as_author(name).post(f"{made.work}/own/share", **theirs)
        fine(browser)
    own = {"title": "Ours", "kind": "quality", "question": "How do you know us?"}
    whose = str(made.organisations["Hackney"])
    made.as_author().post(f"{made.work}/criteria/new", **own, organisation_id=whose)
    fine(browser)
    made.weigh("60", "40", "0")
    for name in made.organisations:
        made.approve(name, "criteria", "value")
    made.publish()
    return " ".join(browser.as_(VISITOR).main(f"/tenders/{made.id}/prices").text.split())


def test_a_published_tender_says_how_much_each_authoritys_own_criteria_count(browser, make):
    seen = published_with(drafted(browser, make), Camden="3,000", Hackney="1,000")
    assert "Camden 75.00%, Hackney 25.00%, by the volumes that were published" in seen
