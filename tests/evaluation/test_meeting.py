"""A panel that talks about its scores, each member at their own screen."""

from tests.evaluation.panel import EVERYBODY, FIT, PLAN
from tests.tenders.drafting import fine


def each(**by_supplier: int) -> dict[str, dict[str, int]]:
    return dict.fromkeys(EVERYBODY, by_supplier)


def test_in_a_meeting_moderation_keeps_itself_fresh_and_nothing_ticked_is_lost(panel, browser):
    panel.score_all(FIT, each(Moss=5, Fern=10))
    at = f"{panel.at}/moderation"
    page = panel.as_("Chair").main(at)
    meeting = page.select_one("#meeting")
    assert (meeting["data-refresh"], meeting["hx-get"]) == ("often", at)
    assert meeting["hx-swap"] == "innerMorph", "what is ticked in it stays as it is"
    assert "2 of 2 scores to agree on" in meeting.text
    panel.agree(FIT, "Moss", 5)
    fine(browser)
    ids = {one["id"] for one in page.select("#spread tbody tr")}
    part = panel.as_("Ben").get(at, target="meeting")
    assert "1 of 2 scores to agree on" in part.text
    assert not part.h1, "it is drawn alone"
    assert len(browser.queries) <= 10
    assert {one["id"] for one in part.select("tbody tr")} == ids, "a bid keeps its row"

    wrong = panel.as_("Chair").post(at)
    assert browser.status == 422
    assert not wrong.select_one("#meeting").has_attr("data-refresh"), "what is wrong stays said"
    panel.score_all(PLAN, each(Moss=5, Fern=10))
    panel.as_("Chair").post(at, present=[str(panel.seat("Chair"))])
    panel.lock()
    fine(browser)
    assert not panel.as_("Chair").main(at).select_one("#meeting").has_attr("data-refresh")
