"""Who sits, what they declare, and what is said to whoever may not or comes too late."""

from dataclasses import replace

from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.bids.models import Bid
from marketplace.claims.models import Claim
from marketplace.claims.models import Stage as ClaimStage
from marketplace.core.outbox import deliver
from marketplace.core.times import now
from marketplace.evaluation.models import Seat
from marketplace.mail.writing import words
from marketplace.notifications.models import Mail, Notification
from tests.evaluation.panel import EVERYBODY, FIT, PLAN, Panel, seated
from tests.tenders.drafting import fine


def test_scoring_begins_with_two_evaluators_and_a_chair_and_not_before(opened, browser):
    panel = opened
    assert "2 evaluators with declared interests" in panel.main("lead")
    panel.sit("Ada", panel.lead, "evaluator")
    panel.sit("Cleo", panel.approver, "evaluator", declares=False)
    assert "one more evaluator" in panel.main("lead")
    panel.sit("Chair", panel.approver, "chair")
    panel.as_("Chair").post(f"{panel.at}/begin", discuss_from="3")
    assert browser.status == 409
    assert "two evaluators who have declared" in browser.text
    panel.declare("Cleo")
    panel.as_("Ada").post(f"{panel.at}/begin", discuss_from="3")
    assert browser.status == 403
    panel.begin()


def test_each_authority_names_its_own_people_and_only_who_is_named_is_told(
    opened, make, browser, news, session
):
    panel = opened
    panel.offer(panel.lead.organisation_id, "evaluator", 2)
    browser.as_(panel.approver).post(
        f"{panel.at}/seats/new", organisation_id=str(panel.lead.organisation_id), role="chair"
    )
    assert browser.status == 403, "the lead offers"
    first, second = panel.vacant(panel.lead.organisation_id)
    ada, cleo = panel.people["Ada"].person_id, panel.people["Cleo"].person_id
    browser.as_(panel.approver).post(f"{panel.at}/seats/{first}/name", person_id=str(ada))
    assert browser.status == 403, "it is Camden's seat"
    browser.as_(panel.lead).post(f"{panel.at}/seats/{first}/name", person_id=str(cleo))
    assert browser.status == 422, "she acts for Hackney"
    for seat in (first, second):
        browser.as_(panel.lead).post(f"{panel.at}/seats/{seat}/name", person_id=str(ada))
    assert browser.status == 422, "a person has one seat"
    panel.declare("Ada")
    news()
    session.rollback()
    told = set(session.exec(select(Notification.person_id)))
    assert ada in told
    assert cleo not in told
    before = len(session.exec(select(Notification)).all())
    browser.as_(panel.lead).post(f"{panel.at}/seats/{first}/end", because="She moves on.")
    fine(browser)
    news()
    session.rollback()
    assert len(session.exec(select(Notification)).all()) == before
    assert "She moves on." in panel.main("lead")


def test_before_somebody_declares_they_see_nothing_of_the_bids(opened, browser, news):
    panel = seated_but(opened, "Cleo")
    panel.begin()
    moss = panel.bidder("Moss")
    pages = [f"/bidders/{moss.id}", f"/questions/{panel.question(FIT)}", "/standards", "/exchanges"]
    for below in pages:
        panel.as_("Cleo").get(f"{panel.at}{below}")
        assert browser.status == 404, below
    news()
    assert "Declare your interests" in panel.as_("Cleo").main("/home").text
    seen = panel.as_("Cleo").main(f"{panel.at}/seats/{panel.seat('Cleo')}/declare")
    assert [one.text for one in seen.select("details li")] == ["Fern", "Moss"], "without numbers"
    panel.declare("Cleo")
    for below in pages:
        panel.as_("Cleo").get(f"{panel.at}{below}")
        assert browser.status == 200, below


def seated_but(panel: Panel, who: str) -> Panel:
    """A panel on which somebody has not declared yet."""
    for name in ("Ada", "Ben"):
        panel.sit(name, panel.lead, "evaluator")
    panel.sit("Chair", panel.approver, "chair")
    panel.sit(who, panel.approver, "evaluator", declares=False)
    return panel


def test_a_perceived_interest_waits_for_the_lead_and_an_actual_one_stands_aside(
    opened, make, browser, news
):
    panel = seated_but(opened, "Cleo")
    panel.begin()
    panel.declare("Cleo", "perceived")
    assert browser.status == 422, "what it is"
    panel.declare("Cleo", "perceived", details="I once worked with one of them.")
    news()
    assert "Decide on an interest" in panel.as_("lead").main("/home").text
    seat = f"{panel.at}/seats/{panel.seat('Cleo')}"
    assert "I once worked" in panel.as_("lead").main(seat).text
    for other in ("Ada", "Chair"):
        panel.as_(other).get(seat)
        assert browser.status == 404, other
    browser.as_(panel.approver).post(f"{seat}/clear", mitigation="Fine.")
    assert browser.status == 403, "the lead decides"
    panel.as_("lead").post(f"{seat}/clear", mitigation="Years ago. Ben scores the same.")
    fine(browser)
    panel.as_("Cleo").get(f"{panel.at}/questions/{panel.question(FIT)}")
    assert browser.status == 200
    panel.declare("Cleo", "actual", details="My brother joined one of them.")
    for below in ("", f"/questions/{panel.question(FIT)}", "/moderation"):
        panel.as_("Cleo").get(f"{panel.at}{below}")
        assert browser.status == 404, below
    assert "You stand aside" in panel.as_("Cleo").main(f"{seat}/declare").text


def test_a_declaration_changed_after_scoring_shows_the_lead_what_was_scored(panel, browser):
    panel.score_all(FIT, {name: {"Moss": 2, "Fern": 8} for name in ("Ada", "Ben")})
    panel.score_all(FIT, {"Cleo": {"Moss": 10, "Fern": 8}})
    panel.agree(FIT, "Moss", 6)
    panel.agree(FIT, "Fern", 8)
    fine(browser)
    panel.declare("Cleo", "actual", details="My brother joined one of them.")
    seat = f"{panel.at}/seats/{panel.seat('Cleo')}"
    seen = " ".join(panel.as_("lead").main(seat).text.split())
    assert "Had scored before Fit" in seen
    moderation = panel.as_("Chair").main(f"{panel.at}/moderation")
    assert "2, 2" in moderation.text, "what she gave does not count"
    assert "2 of 2 scores to agree on" in moderation.text, "it is agreed on again"
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}/agreed"
    assert "Stands aside, does not count" in panel.as_("Chair").main(at).text
    panel.as_("lead").post(f"{seat}/end", because="She has a conflict.")
    assert browser.status == 409, "her scores would count again"
    assert "End the seat of Cleo" not in panel.main("lead")


def test_when_nobody_whose_scores_count_is_left_the_question_is_scored_again(panel, browser):
    panel.score_all(FIT, {name: {"Moss": 5, "Fern": 8} for name in EVERYBODY})
    panel.agree(FIT, "Moss", 5)
    for name in EVERYBODY:
        panel.declare(name, "actual", details="I own shares of one of them.")
    panel.sit("Dora", panel.lead, "evaluator")
    fit = f"{panel.at}/questions/{panel.question(FIT)}"
    panel.as_("Chair").get(f"{fit}/bidders/{panel.bidder('Moss').id}/agreed")
    assert browser.status == 404, "there is nothing to agree on"
    panel.as_("Chair").post(f"{fit}/close", because="Three people scored it.")
    assert browser.status == 409, "none of them counts"
    panel.score_all(FIT, {"Dora": {"Moss": 2, "Fern": 8}})
    at = f"{fit}/bidders/{panel.bidder('Moss').id}/agreed"
    there = [str(panel.seat(name)) for name in ("Chair", "Dora")]
    panel.as_("Chair").post(at, points="2", reason="It says little.", present=there)
    fine(browser)


def test_who_knew_as_an_officer_whose_the_bids_are_does_not_score_them(panel, browser):
    officer = str(panel.people["Officer"].person_id)
    panel.as_("lead").post(f"{panel.at}/seats/{panel.seat('Officer')}/end", because="We are few.")
    for role, status in (("evaluator", 422), ("chair", 422), ("officer", 200)):
        panel.offer(panel.lead.organisation_id, role)
        vacant = panel.vacant(panel.lead.organisation_id)[-1]
        name = f"{panel.at}/seats/{vacant}/name"
        assert ("Olive Officer" in panel.as_("lead").main(name).text) == (status == 200), role
        panel.as_("lead").post(name, person_id=officer)
        assert browser.status == status, role
        panel.as_("lead").post(f"{panel.at}/seats/{vacant}/end", because="Tried.")


def test_who_assessed_claims_of_a_bidder_sits_only_with_the_lead_s_steps(opened, make, browser):
    panel = opened
    loti = make.loti()
    assessor = make.actor(loti, Role.ASSESSOR, name="Una Assessor")
    curator = make.curator()
    supplier = panel.suppliers["Moss"].actor.organisation_id
    about = {"version_id": make.standard().id, "organisation_id": supplier}
    make(Claim(**about, assessor_id=assessor.person_id, stage=ClaimStage.MET, decided_at=now()))
    panel.people["Una"] = assessor
    panel.offer(loti.id, "evaluator")
    [vacant] = panel.vacant(loti.id)
    browser.as_(curator).post(f"{panel.at}/seats/{vacant}/name", person_id=str(assessor.person_id))
    fine(browser)
    panel.declare("Una")
    assert "decides on what you declared" in panel.main("Una")
    seat = f"{panel.at}/seats/{panel.seat('Una')}"
    assert "Assessed claims of a bidder for LOTI" in panel.as_("lead").main(seat).text
    panel.as_("lead").post(f"{seat}/clear", mitigation="")
    assert browser.status == 422, "with steps"
    panel.as_("lead").post(f"{seat}/clear", mitigation="She does not score standards.")
    fine(browser)
    assert "Sits" in panel.main("lead")


def test_an_expert_from_outside_sees_this_tender_alone_and_no_longer_at_the_end(
    opened, make, browser, marketplace, session
):
    panel = seated(opened)
    panel.offer(panel.lead.organisation_id, "evaluator")
    [vacant] = panel.vacant(panel.lead.organisation_id)
    invited = {"email": "Expert@uni.example", "expertise": "Knows repairs."}
    panel.as_("lead").post(f"{panel.at}/seats/{vacant}/invite", **invited)
    fine(browser)
    deliver(marketplace.engine, "mail")
    session.rollback()
    mail = session.exec(select(Mail).where(Mail.purpose == "seat")).one()
    said = words(marketplace.context(session), mail)
    session.rollback()
    assert said
    assert mail.email == "expert@uni.example"
    assert said.link[1].endswith(f"{panel.at}/seats/{vacant}/take")
    take = f"{panel.at}/seats/{vacant}/take"
    stranger = make.newcomer("Somebody else")
    for who in (VISITOR, stranger):
        browser.as_(who).get(take)
        assert browser.status in (303, 404) or "/sign-in" in browser.last, who.name
    expert = make.newcomer("Eve Expert", email="expert@uni.example")
    panel.people["Eve"] = expert
    home = browser.as_(expert).main("/home")
    assert home.select_one("h1").text.strip() == "What you evaluate", "who acts for nobody"
    assert home.select_one("li.app-list__item a")["href"] == take
    browser.main(take)
    browser.post(take)
    fine(browser)
    panel.declare("Eve")
    panel.begin()
    own = panel.as_("Eve").main("/evaluations")
    assert [str(one["href"]) for one in own.select("li.app-list__item a")] == [panel.at]
    assert "Evaluate: Plan repairs" in own.text
    assert "until the ranking is final" in own.text
    assert "no seat on a panel" in browser.as_(stranger).main("/evaluations").text
    browser.as_(VISITOR).get("/evaluations")
    assert browser.status == 404
    panel.score("Eve", FIT, "Moss", 5)
    fine(browser)
    for url in (
        f"/tenders/{panel.tender.id}/workspace",
        f"/tenders/{panel.tender.id}/workspace/bids",
    ):
        panel.as_("Eve").get(url)
        assert browser.status == 404, url
    for id in (FIT, PLAN):
        panel.score_all(id, {name: {"Moss": 5, "Fern": 8} for name in (*EVERYBODY, "Eve")})
    there = [str(panel.seat("Chair"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    panel.finalise()
    fine(browser)
    for below in ("", "/ranking", f"/bidders/{panel.bidder('Moss').id}", "/moderation"):
        panel.as_("Eve").get(f"{panel.at}{below}")
        assert browser.status == 404, below
    assert "no seat on a panel" in panel.as_("Eve").main("/evaluations").text
    assert "What do you want to do?" in browser.main("/home").text


def test_support_with_the_eyes_of_who_sits_sees_nothing_of_the_bids(panel, browser):
    looking = replace(panel.people["Ada"], seen_through="Grace Boateng")
    for below in ("/moderation", f"/questions/{panel.question(FIT)}"):
        browser.as_(looking).get(f"{panel.at}{below}")
        assert browser.status == 404, below


def test_pages_ask_as_much_for_many_bids_as_for_few(panel, browser, session):
    def asked(below: str) -> int:
        panel.as_("Chair" if below == "/moderation" else "Ada").main(f"{panel.at}{below}")
        return len(browser.queries)

    for name in EVERYBODY:
        panel.score_all(FIT, {name: {"Moss": 5, "Fern": 8}})
    pages = ("", f"/questions/{panel.question(PLAN)}", "/moderation", "/standards")
    few = {below: asked(below) for below in pages}
    session.rollback()
    seat = session.exec(select(Seat)).first()
    assert seat
    for number in range(3):
        panel.make(type(panel.bidder("Moss"))(**_another(panel, number)))
    assert {below: asked(below) for below in pages} == few


def _another(panel: Panel, number: int) -> dict[str, object]:
    supplier = panel.make.supplier(f"More {number}")
    about = {"tender_id": panel.tender.id, "organisation_id": supplier.id}
    bid = panel.make(Bid(stage="opened", content={"lots": []}, **about))
    return {"number": 10 + number, "bid_id": bid.id, "tender_id": panel.tender.id}
