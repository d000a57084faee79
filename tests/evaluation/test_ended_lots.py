"""A lot that ends while bids are judged: the panel goes on with the others."""

import csv
from decimal import Decimal
from io import StringIO

from sqlmodel import select

from marketplace.evaluation.models import Ranked
from marketplace.tenders.lot_models import Lot
from tests.evaluation.panel import FIT, PLAN, PRICE, criterion, judged, seated
from tests.tenders.drafting import fine

CRITERIA = (criterion(FIT, "35"), criterion(PLAN, "25"), criterion(PRICE, "40", kind="Price"))


def words(page) -> str:
    return " ".join(page.get_text(" ").split())


def end_south(panel, session) -> None:
    south = session.exec(select(Lot).where(Lot.title == "South")).one().id
    session.rollback()
    ending = f"/tenders/{panel.tender.id}/workspace/lots/{south}/end"
    panel.as_("lead").post(ending, because="No money is left for it.")
    fine(panel.browser)


def test_a_lot_that_ended_is_neither_ranked_nor_in_a_total_and_stays_readable(
    make, browser, session
):
    lots = {"North": ["Camden"], "South": ["Camden", "Hackney"]}
    prices = {"Moss": "90,000", "Fern": "120,000"}  # for each lot
    panel = seated(judged(make, browser, prices=prices, criteria=CRITERIA, lots=lots))
    panel.begin()
    end_south(panel, session)

    scores = {"Moss": 6, "Fern": 8}
    for id in (FIT, PLAN):
        panel.score_all(id, dict.fromkeys(("Ada", "Ben", "Cleo"), scores))
    panel.as_("Chair").post(f"{panel.at}/moderation", present=[str(panel.seat("Chair"))])
    fine(browser)
    panel.lock()
    would_be = panel.main("Chair", "/ranking")
    assert "Lot: North. Bidder" in would_be
    assert "South" not in would_be
    panel.finalise()
    fine(browser)

    session.rollback()
    rows = session.exec(select(Ranked).where(Ranked.tender_id == panel.tender.id)).all()
    lot = session.exec(select(Lot).where(Lot.title == "North")).one().id
    assert {one.lot_id for one in rows} == {lot}
    # 60 points of quality by the score of ten, 40 of price by the lowest to its own
    assert {one.total for one in rows} == {
        Decimal("36.00") + Decimal("40.00"),
        Decimal("48.00") + Decimal("30.00"),
    }
    session.rollback()
    panel.as_("lead").get(f"{panel.at}/ranking.csv")
    table = list(csv.DictReader(StringIO(browser.text)))
    assert [one["Lot"] for one in table] == ["North", "North"]

    work = f"/tenders/{panel.tender.id}/workspace/bids"
    links = [str(one["href"]) for one in panel.as_("lead").main(work).select("#opened a")]
    shown = [words(browser.main(link)) for link in links]
    moss = next(one for one in shown if "£90,000" in one)
    assert "South (ended)" in moss, "what was offered for it can still be read"
    assert "South has ended. The sums are without it." in moss
    assert "£108,000" in moss, "90,000 for the lot that is left, with VAT"
    assert "£180,000" not in moss, "and not both"
    own = words(browser.as_(panel.suppliers["Moss"].actor).main(f"/tenders/{panel.tender.id}/bid"))
    assert "South has ended. The sums are without it." in own


def test_nobody_scores_a_bid_for_ended_lots_alone(make, browser, session):
    lots = {"North": ["Camden"], "South": ["Camden", "Hackney"]}
    prices = {"Moss": "90,000", "Reed": "80,000"}
    panel = seated(
        judged(make, browser, prices=prices, criteria=CRITERIA, lots=lots, only={"Reed": "South"})
    )
    panel.begin()
    moss, reed = panel.bidder("Moss"), panel.bidder("Reed")
    for name in ("Ada", "Ben", "Cleo"):
        for supplier in ("Moss", "Reed"):
            panel.score(name, FIT, supplier, 6)
        panel.send(name, FIT)
    end_south(panel, session)

    panel.score("Ada", PLAN, "Reed", 6)
    assert browser.status == 404
    sheet = panel.main("Ada", f"/questions/{panel.question(PLAN)}")
    assert moss.called in sheet
    assert reed.called not in sheet
    read = panel.main("Ada", f"/bidders/{reed.id}")
    assert f"Every lot that {reed.called} bids for has ended, so it is not scored" in read
    assert "has ended" not in panel.main("Ada", f"/bidders/{moss.id}")

    panel.score_all(PLAN, {name: {"Moss": 8} for name in ("Ada", "Ben", "Cleo")})
    moderation = panel.main("Chair", "/moderation")
    assert "2 of 2 scores to agree on" in moderation
    assert reed.called not in moderation, "what it was given before is not agreed on either"
    panel.as_("Chair").post(f"{panel.at}/moderation", present=[str(panel.seat("Chair"))])
    fine(browser)
    assert "2 of 2 scores are agreed" in panel.main("Chair", "/moderation")
    panel.lock()
    fine(browser)
    panel.finalise()
    fine(browser)
    session.rollback()
    [row] = session.exec(select(Ranked).where(Ranked.tender_id == panel.tender.id)).all()
    assert (row.bid_id, row.position) == (moss.bid_id, 1)
