"""What is typed wrongly, and what comes too late: a sentence each, and nothing is lost."""

from decimal import Decimal

from sqlmodel import select

from marketplace.evaluation.models import Ranked, Score
from marketplace.organisations.models import Membership, Standing
from tests.evaluation.panel import EVERYBODY, FIT, PLAN
from tests.tenders.drafting import fine


def test_a_score_needs_a_value_of_the_scale_and_a_comment_and_keeps_what_was_typed(panel, browser):
    for points in ("11", "-1", "3", "", "ten", "5.5"):
        seen = panel.score("Ada", FIT, "Moss", points, "It is fine.")
        assert browser.status == 422, points
        assert seen.select_one("textarea#comment").text.strip() == "It is fine."
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}"
    seen = panel.as_("Ada").post(at, page="Ada", points="5", comment="")
    assert browser.status == 422
    assert "Enter why" in seen.select_one("#comment-error").text
    assert seen.select_one("input[name=points][value='5']").has_attr("checked")
    seen = panel.send("Ada", FIT)
    assert browser.status == 409
    assert "Every bid needs a score and a comment" in seen.text


def test_drafts_are_kept_as_they_are_typed_and_a_stale_page_changes_nothing(panel, browser):
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}"
    here = {"page": "one", "points": "5", "comment": "Half a sent"}
    panel.as_("Ada").send(f"{at}?autosave=true", here, "saved")
    assert "Saved automatically at" in browser.text
    assert "Not sent yet." in browser.text
    page = panel.as_("Ada").main(at)
    assert page.select_one("#comment").text.strip() == "Half a sent"
    stale = {one["name"]: one["value"] for one in page.select("#sheet input[type=hidden]")}
    panel.as_("Ada").send(at, {**here, "comment": "A sentence."})
    fine(browser)
    seen = panel.as_("Ada").send(at, {**stale, "points": "8", "comment": "Another."})
    assert browser.status == 409
    assert "changed this part after you opened it" in seen.text
    assert seen.select_one("#comment").text.strip() == "Another."
    assert panel.as_("Ada").main(at).select_one("#comment").text.strip() == "A sentence."


def test_scores_that_were_sent_stay_as_they_were(panel, browser, session):
    panel.score_all(FIT, {"Ada": {"Moss": 5, "Fern": 8}})
    seen = panel.score("Ada", FIT, "Moss", 10, "Better.")
    assert browser.status == 409
    assert "You sent your scores for this question" in seen.text
    assert seen.select_one("#comment").text.strip() == "Better.", "for them to copy"
    panel.send("Ada", FIT)
    assert browser.status == 409
    session.rollback()
    assert sorted(one.points for one in session.exec(select(Score))) == [5, 8]


def test_whose_seat_or_membership_ended_scores_no_more(panel, browser, make, session):
    ben = panel.people["Ben"]
    panel.score("Ben", FIT, "Moss", 5)
    seat = panel.seat("Ben")
    panel.as_("lead").post(f"{panel.at}/seats/{seat}/end", because="He moved.")
    fine(browser)
    panel.score("Ben", FIT, "Moss", 8)
    assert browser.status == 404
    session.rollback()
    membership = session.get_one(Membership, panel.people["Ada"].membership_id)
    membership.stage = Standing.ENDED
    make(membership)
    outside = make.newcomer("Ada Lovelace again")
    gone = type(ben)(ben.name, outside.kind, person_id=panel.people["Ada"].person_id)
    browser.as_(gone).get(f"{panel.at}/questions/{panel.question(FIT)}")
    assert browser.status == 404


def test_a_chair_cannot_go_past_who_is_missing_without_a_reason(panel, browser):
    panel.score_all(FIT, {"Ada": {"Moss": 5, "Fern": 8}})
    close = f"{panel.at}/questions/{panel.question(FIT)}/close"
    panel.as_("Ada").post(close, because="Ben is slow.")
    assert browser.status == 403
    panel.as_("Chair").post(close, because="")
    assert browser.status == 422
    panel.as_("Chair").post(close, because="Ben and Cleo are ill.")
    fine(browser)
    panel.score("Ben", FIT, "Moss", 5)
    assert browser.status == 409
    assert "not scored any more" in browser.text
    assert "Ben and Cleo are ill." in panel.main("lead")
    plan = f"{panel.at}/questions/{panel.question(PLAN)}/close"
    panel.as_("Chair").post(plan, because="Nobody has time.")
    assert browser.status == 409, "nobody scored it at all"
    panel.finalise()
    assert browser.status == 409


def test_a_bid_that_is_no_longer_considered_is_not_scored_and_comes_back_before_that(
    panel, browser
):
    moss = panel.bidder("Moss")
    why = {"ground": "excluded", "because": "It is on the debarment list."}
    panel.as_("Ada").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    assert browser.status == 403
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    fine(browser)
    panel.as_("Ada").get(f"{panel.at}/questions/{panel.question(FIT)}/bidders/{moss.id}")
    assert browser.status == 404
    again = f"{panel.at}/bidders/{moss.id}/reconsider"
    panel.as_("Ada").post(again, because="It is not on it.")
    assert browser.status == 403
    panel.as_("Officer").post(again)
    assert browser.status == 422, "with a reason"
    browser.post(again, because="It is not on it.")
    fine(browser)
    browser.post(again, because="It is not on it.")
    assert browser.status == 409, "it is considered already"


def test_once_all_that_is_left_is_agreed_the_question_is_though_a_bid_was_disregarded_last(
    panel, browser
):
    for id in (FIT, PLAN):
        panel.score_all(id, {name: {"Moss": 5, "Fern": 8} for name in EVERYBODY})
        panel.agree(id, "Fern", 8)
    assert "Every score is agreed" not in panel.main("Chair")
    moss = panel.bidder("Moss")
    why = {"ground": "excluded", "because": "It is on the debarment list."}
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    fine(browser)
    assert "Every score is agreed" in panel.main("Chair")


def test_who_assents_assents_to_the_score_that_they_read(panel, browser):
    panel.score_all(FIT, {name: {"Moss": 5, "Fern": 8} for name in EVERYBODY})
    panel.agree(FIT, "Moss", 5)
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}"
    page = panel.as_("Ada").main(f"{at}/agreed")
    read = page.select_one("form [name=read]")["value"]
    panel.agree(FIT, "Moss", 8, "We read it anew.")
    said = {"assents": "true", "words": "Five is what it is worth.", "read": read}
    seen = panel.as_("Ada").post(f"{at}/opinion", **said)
    assert browser.status == 422
    assert "agreed anew after you opened this page" in " ".join(seen.text.split())
    assert "Five is what it is worth." in seen.select_one("#words").text, "nothing typed is lost"
    now = seen.select_one("form [name=read]")["value"]
    panel.as_("Ada").post(f"{at}/opinion", **{**said, "read": now})
    fine(browser)


def test_a_bid_comes_back_until_the_ranking_is_final_and_is_scored_by_who_had_no_chance_to(
    panel, browser, news, session
):
    moss = panel.bidder("Moss")
    again = f"{panel.at}/bidders/{moss.id}/reconsider"
    excluded = {"ground": "excluded", "because": "It is on the debarment list."}
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **excluded)
    there = [str(panel.seat("Chair"))]
    for id in (FIT, PLAN):
        panel.score_all(id, {name: {"Fern": 8} for name in EVERYBODY})
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    fine(browser)
    page = panel.as_("Officer").main(again)
    assert "3 people who sent scores without it score it, too." in page.text
    assert "goes back to scoring until quality is locked again" in page.text
    browser.post(again, because="It was another company.")
    fine(browser)
    assert "£" not in panel.main("Chair")
    panel.as_("Chair").get(f"{panel.at}/ranking")
    assert browser.status == 404, "prices are sealed until quality is locked"
    news()
    assert "A bid is considered again" in panel.as_("Ada").main("/notifications").text
    for id in (FIT, PLAN):
        for name in EVERYBODY:
            panel.score(name, id, "Fern", 2)
            assert browser.status == 409, "what was sent stays"
        panel.score_all(id, {name: {"Moss": 10} for name in EVERYBODY})
    panel.lock()
    assert browser.status == 409, "its scores are not agreed yet"
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    fine(browser)
    panel.finalise()
    fine(browser)
    session.rollback()
    found = session.exec(select(Ranked).where(Ranked.tender_id == panel.tender.id)).all()
    assert {one.quality for one in found} == {Decimal("60.00"), Decimal("48.00")}
    panel.as_("Officer").post(again, because="Too late.")
    assert browser.status in (403, 409)
    record = " ".join(
        panel.as_("lead").main(f"/tenders/{panel.tender.id}/workspace/record").text.split()
    )
    assert "A bid is considered again" in record
    assert f"Bidder {moss.number}" in record
    assert "It was another company." in record


def test_the_ranking_that_becomes_final_is_the_one_that_was_read(panel, browser):
    for id in (FIT, PLAN):
        panel.score_all(id, {name: {"Moss": 5, "Fern": 8} for name in EVERYBODY})
    panel.as_("Chair").post(f"{panel.at}/moderation", present=[str(panel.seat("Chair"))])
    panel.lock()
    moss, read = panel.bidder("Moss"), panel.read()
    assert panel.as_("Chair").main(f"{panel.at}/finalise?read={read}").find(value=read)
    why = {"ground": "excluded", "because": "It is on the debarment list."}
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    seen = panel.finalise(note="As we moderated it.", read=read)
    assert browser.status == 422
    assert "The ranking is another than the one that you read" in seen.text
    assert "As we moderated it." in seen.select_one("#note").text, "nothing typed is lost"
    panel.finalise()
    fine(browser)
