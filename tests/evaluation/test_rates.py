"""The most that a bidder declared for a day stands beside its price, and is sealed with it."""

from tests.evaluation.panel import EVERYBODY, FIT, PLAN, judged, seated


def test_the_most_of_a_day_is_read_with_the_price_and_not_before_quality_is_locked(make, browser):
    panel = seated(judged(make, browser, prices={"Moss": "900"}, day_roles=["data-engineer"]))
    panel.begin()
    bids = f"/tenders/{panel.tender.id}/workspace/bids"
    page = str(panel.as_("Officer").get(bids).select_one("#opened a")["href"])
    shown = browser.main(page).text
    assert "They stay sealed until the panel has agreed on quality" in shown
    assert "On the rate card" not in shown
    for id in (FIT, PLAN):
        panel.score_all(id, {name: {"Moss": 8} for name in EVERYBODY})
    there = [str(panel.seat("Chair")), str(panel.seat("Ada"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    seen = " ".join(panel.as_("Officer").main(page).text.split())
    assert "Data engineer, a day. On the rate card: £150,000 at most, since 2 March" in seen
    assert "£900" in seen
