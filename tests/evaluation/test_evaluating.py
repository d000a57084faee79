"""From the opened bids to the final ranking, with every figure worked out anew."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.evaluation.panel import FIT, PLAN, judged, seated
from tests.tenders.drafting import fine

PRICES = {"Moss": "90,000", "Fern": "120,000.50", "Reed": "100,000"}


def cents(points: Fraction) -> Decimal:
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


def test_a_panel_goes_from_declarations_to_a_final_ranking(make, browser, session):
    panel = seated(judged(make, browser, prices=PRICES))
    panel.begin()
    panel.score_all(FIT, {name: {"Moss": 6, "Fern": 10, "Reed": 2} for name in ("Ada", "Ben")})
    assert "To be agreed" not in panel.main("Chair")
    panel.score_all(FIT, {"Cleo": {"Moss": 2, "Fern": 10, "Reed": 2}})
    panel.score_all(PLAN, {n: {"Moss": 8, "Fern": 8, "Reed": 8} for n in ("Ada", "Ben", "Cleo")})
    seen = panel.main("Chair", "/moderation")
    print(seen)
    panel.agree(FIT, "Moss", 5)
    fine(browser)
    there = [str(panel.seat("Chair")), str(panel.seat("Ada"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    fine(browser)
    panel.lock()
    fine(browser)
    print(panel.main("Chair", "/ranking"))
    panel.finalise()
    fine(browser)
    print(panel.main("lead", "/ranking"))
    for form in ("csv", "xlsx", "ods"):
        browser.get(f"{panel.at}/ranking.{form}")
        assert browser.status == 200
