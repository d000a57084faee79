"""Two at once: real connections on one database."""

import pytest
from sqlmodel import select

from auth.actor import Actor
from marketplace.evaluation import agreeing_actions, final_actions, queries, scoring_actions
from marketplace.evaluation.forms import Offering
from marketplace.evaluation.models import (
    Agreed,
    Evaluation,
    Question,
    QuestionStage,
    Ranked,
    SeatRole,
    Stage,
)
from marketplace.evaluation.panel_actions import offer
from marketplace.evaluation.working import panel as opened_by
from marketplace.tenders import queries as tenders
from tests.challenges.answers import events
from tests.challenges.test_races import race
from tests.evaluation.panel import EVERYBODY, FIT, PLAN, Panel, judged, seated

__all__ = ["race"]
PRICES = {"Moss": "90,000", "Fern": "120,000"}


@pytest.fixture
def panel(make, browser) -> Panel:
    made = seated(judged(make, browser, prices=PRICES))
    made.begin()
    return made


def scored(panel: Panel, *names: str) -> None:
    for name in names:
        panel.score_all(FIT, {name: {"Moss": 5, "Fern": 8}})


def test_two_seats_offered_first_make_one_evaluation(make, browser, marketplace, race, session):
    panel = judged(make, browser, prices=PRICES)
    form = Offering(organisation_id=panel.lead.organisation_id, role=SeatRole.EVALUATOR, number=1)

    def work(opened):
        ctx = marketplace.context(opened, panel.lead)
        offer(ctx, tenders.working(ctx, panel.tender.id), form)

    assert race(work, work) == ["done", "done"]
    session.rollback()
    assert len(session.exec(select(Evaluation)).all()) == 1
    assert len(panel.vacant(panel.lead.organisation_id)) == 2


@pytest.mark.parametrize("attempt", range(3))
def test_the_last_two_evaluators_send_at_once_and_the_question_opens_once(
    panel, marketplace, session, race, attempt
):
    scored(panel, "Ada")
    for name in ("Ben", "Cleo"):
        for supplier in PRICES:
            panel.score(name, FIT, supplier, 5)
    question_id = panel.question(FIT)

    def send(who: Actor):
        def work(opened):
            ctx = marketplace.context(opened, who)
            evaluation, seat = opened_by(ctx, panel.tender.id)
            scoring_actions.send(ctx, seat, queries.question(ctx, evaluation, question_id))

        return work

    assert race(*(send(panel.people[name]) for name in ("Ben", "Cleo"))) == ["done", "done"]
    session.rollback()
    assert session.get_one(Question, question_id).stage is QuestionStage.OPEN
    assert len(events(session, "question.close")) == 1
    assert len(events(session, "score.send")) == 3


def test_a_chair_that_locks_while_the_last_score_comes_in_is_first_or_told(
    panel, marketplace, session, race
):
    scored(panel, *EVERYBODY)
    panel.score_all(PLAN, {name: {"Moss": 5, "Fern": 8} for name in ("Ada", "Ben")})
    for supplier in PRICES:
        panel.score("Cleo", PLAN, supplier, 5)
    question_id = panel.question(PLAN)

    def send(opened):
        ctx = marketplace.context(opened, panel.people["Cleo"])
        evaluation, seat = opened_by(ctx, panel.tender.id)
        scoring_actions.send(ctx, seat, queries.question(ctx, evaluation, question_id))

    def lock(opened):
        ctx = marketplace.context(opened, panel.people["Chair"])
        final_actions.lock_quality(ctx, opened_by(ctx, panel.tender.id)[0])

    told = race(send, lock)
    assert "done" in told
    assert any("No score is agreed" in one or "has not sent" in one for one in told)
    session.rollback()
    assert session.exec(select(Evaluation)).one().stage is Stage.SCORING


@pytest.mark.parametrize("attempt", range(3))
def test_two_chairs_make_the_ranking_final_once(make, panel, marketplace, session, race, attempt):
    panel.people["Second"] = make.actor(
        make.session.get_one(type(panel.tender.organisation), panel.lead.organisation_id),
        name="Second Chair",
    )
    panel.sit("Second", panel.lead, "chair")
    scored(panel, *EVERYBODY)
    panel.score_all(PLAN, {name: {"Moss": 5, "Fern": 8} for name in EVERYBODY})
    panel.as_("Chair").post(f"{panel.at}/moderation", present=[str(panel.seat("Chair"))])
    panel.lock()

    def finalise(who: Actor):
        def work(opened):
            ctx = marketplace.context(opened, who)
            its = opened_by(ctx, panel.tender.id)[0]
            final_actions.finalise(ctx, its, "", final_actions.as_it_stands(ctx, its))

        return work

    told = race(*(finalise(panel.people[name]) for name in ("Chair", "Second")))
    assert told == ["The ranking is final, so it is too late for that.", "done"]
    session.rollback()
    assert len(session.exec(select(Ranked)).all()) == len(PRICES)
    assert len(events(session, "evaluation.finalise")) == 1


def test_two_chairs_agree_on_one_score_and_the_last_word_counts(
    make, panel, marketplace, session, race
):
    scored(panel, *EVERYBODY)
    question_id, moss = panel.question(FIT), panel.bidder("Moss")
    seat = str(panel.seat("Chair"))

    def agree(points: str):
        def work(opened):
            ctx = marketplace.context(opened, panel.people["Chair"])
            evaluation, _ = opened_by(ctx, panel.tender.id)
            question = queries.question(ctx, evaluation, question_id)
            agreeing_actions.agree(ctx, question, moss, points, "So.", [seat])

        return work

    assert race(agree("5"), agree("8")) == ["done", "done"]
    session.rollback()
    assert len(events(session, "score.agree")) == 2
    assert len(session.exec(select(Agreed)).all()) == 1
