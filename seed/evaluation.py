"""The part of the story in which panels judge bids: one is in the middle of it, one has ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from auth.actor import Actor
from marketplace.bids import opening_actions
from marketplace.bids.models import Bidder
from marketplace.core.context import Context
from marketplace.core.drafts import Opened
from marketplace.evaluation import (
    agreeing_actions,
    final_actions,
    finding_actions,
    finding_queries,
    panel_actions,
    queries,
    scoring_actions,
)
from marketplace.evaluation.finding_models import About
from marketplace.evaluation.forms import Asking, Declaring, Judging, Offering
from marketplace.evaluation.models import Evaluation, Interest, Question, SeatRole, SeatStage
from marketplace.organisations import queries as organisations
from marketplace.organisations.personas import PERSONAS
from marketplace.tenders.models import Tender
from seed.scene import Scene, Step

# By persona: the role on the panel.
PANEL: Mapping[str, SeatRole] = {
    "camden-approver": SeatRole.EVALUATOR,
    "hackney-buyer": SeatRole.EVALUATOR,
    "southwark-evaluator": SeatRole.EVALUATOR,
    "camden-buyer": SeatRole.CHAIR,
    "loti-curator": SeatRole.OFFICER,
}
EVALUATORS = ("camden-approver", "hackney-buyer", "southwark-evaluator")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the evaluators, in their order, gave a supplier for a question, and what was agreed."""

    supplier: str
    given: Sequence[int]
    comments: Sequence[str]
    agreed: int = 0
    reason: str = ""


JUDGED = ("allotment-lettings", "hackney", "camden")  # the tender, and who opens its bids
JUDGING = ("tree-inspections", "camden", "hackney")
FINAL: Mapping[str, Sequence[Marks]] = {
    "For residents": (
        Marks(
            "binfold",
            (10, 7, 10),
            (
                "Seeing one's place by the week is what residents ask us for.",
                "Clear. Five days may be short in August.",
                "The second chance is fair and simple.",
            ),
            10,
            "Residents see their place on each list by the week, and keep it once when they say "
            "no. This goes beyond what was asked, in a way that counts for them.",
        ),
        Marks(
            "stackhollow",
            (3, 0, 3),
            (
                "There is no list that residents can see.",
                "It does not answer how one moves up.",
                "It depends on each site manager.",
            ),
            3,
            "Residents write to a site manager and cannot see their place, which was asked for.",
        ),
        Marks(
            "lintelwick",
            (7, 7, 7),
            ("The map helps.", "Swapping plots is a good idea.", "Good, and easy to follow."),
            7,
            "One list with a map and the swapping of plots answer all that was asked.",
        ),
    ),
    "For staff": (
        Marks(
            "binfold",
            (7, 7, 5),
            ("All on one screen.", "January is well thought of.", "Five steps, as we asked."),
            7,
            "The letting fits on one screen, and the year ends for all plots together.",
        ),
        Marks(
            "stackhollow",
            (5, 5, 3),
            ("Letters are ready.", "It works as today.", "Reckoning only once a year is late."),
            5,
            "Letters are prepared for each step. Rents are reckoned late, but correctly.",
        ),
        Marks(
            "lintelwick",
            (10, 7, 10),
            ("Four clicks.", "The check before is good.", "It saves us a week in January."),
            10,
            "The letting takes four clicks, and every line of the year's end is checked first.",
        ),
    ),
}
SO_FAR: Mapping[str, Sequence[Marks]] = {
    "Work on foot": (
        Marks(
            "lintelwick",
            (10, 7, 7),
            ("The walk decides the order.", "Both notes stay. Good.", "Speaking aloud helps."),
        ),
        Marks(
            "binfold",
            (7, 3, 7),
            ("As crews work today.", "Nothing on two people at one tree.", "Good without signal."),
        ),
        Marks(
            "penwhistle",
            (0, 0, 3),
            ("Paper.", "It needs a signal, or paper.", "It does not work on foot."),
        ),
    ),
}


class Evaluations(Scene):
    def evaluations(self) -> Iterator[Step]:
        for key, first, second in (JUDGED, JUDGING):
            opened = 48 if key == JUDGED[0] else 8
            yield Step(self.moment(opened), partial(self._open_together, key, first, second))
            yield Step(self.moment(opened - 1), partial(self._seat_panel, key, first))
        yield Step(self.moment(46), partial(self._score, JUDGED[0], FINAL, EVALUATORS))
        yield Step(self.moment(43), partial(self._judge_standards, JUDGED[0]))
        yield Step(self.moment(42), partial(self._agree_on_scores, JUDGED[0], FINAL))
        yield Step(self.moment(40), partial(self._rank, JUDGED[0]))
        two = EVALUATORS[:2]
        yield Step(self.moment(4), partial(self._score, JUDGING[0], SO_FAR, two))
        yield Step(self.moment(3), partial(self._judge_standards, JUDGING[0]))
        yield Step(self.moment(2), partial(self._ask_bidder, JUDGING[0], "binfold"))

    def _as(self, persona: str) -> Context:
        actor: Actor = organisations.actor(self.session, PERSONAS[persona].membership_id)
        return self.acting(actor)

    def _judged(self, key: str) -> Tender:
        tender: Tender = self.made["tender", key]
        return tender

    def _open_together(self, key: str, first: str, second: str) -> None:
        opening_actions.begin(self.writes(first), self._judged(key))
        self.session.flush()
        opening_actions.finish(self.writes(second), self._judged(key))
        self.session.flush()

    def _evaluation(self, ctx: Context, key: str) -> Evaluation:
        evaluation, _ = queries.of(ctx, self._judged(key).id)
        return evaluation

    def _seat_panel(self, key: str, lead: str) -> None:
        """Everybody sits but, where the bids are still being judged, one who has to declare."""
        tender = self._judged(key)
        for persona, role in PANEL.items():
            ctx, about = self._as(persona), PERSONAS[persona]
            ours = self.ids[about.organisation]
            form = Offering(organisation_id=ours, role=role, number=1)
            panel_actions.offer(self.writes(lead), tender, form)
            self.session.flush()
            names = self.writes(about.organisation)
            every = queries.seats(names, self._evaluation(names, key))
            [seat] = [
                one
                for one in every
                if one.organisation_id == ours and one.stage is SeatStage.VACANT
            ]
            panel_actions.name(names, seat, ctx.actor.person_id)
            if key == JUDGED[0] or persona != EVALUATORS[-1]:
                panel_actions.declare(
                    ctx,
                    seat,
                    Declaring(interest=Interest.NONE, details="", steps="", understood=True),
                )
            self.session.flush()
        chair = self._as("camden-buyer")
        final_actions.begin(chair, self._evaluation(chair, key), 3)
        self.session.flush()

    # ---- Scores

    def _bidder(self, ctx: Context, key: str, supplier: str) -> Bidder:
        its = {
            one.organisation_id: one.id
            for one, _ in finding_queries.offers(ctx, self._judged(key)).values()
        }
        bid_id = its[self.ids[supplier]]
        return next(one for one in queries.bidders(ctx, self._judged(key)) if one.bid_id == bid_id)

    def _question(self, ctx: Context, evaluation: Evaluation, title: str) -> Question:
        asked = queries.what_was_asked(ctx, evaluation.tender)
        id = next(one.id for one in asked.questions if one.title == title)
        questions, _ = queries.questions_and_sent(ctx, evaluation)
        found = questions[id]
        found.evaluation = evaluation
        return found

    def _score(self, key: str, marks: Mapping[str, Sequence[Marks]], people: Sequence[str]) -> None:
        for turn, persona in enumerate(people):
            ctx = self._as(persona)
            evaluation, seat = queries.of(ctx, self._judged(key).id)
            assert seat  # noqa: S101 - they sit
            for title, every in marks.items():
                question = self._question(ctx, evaluation, title)
                for one in every:
                    typed: Mapping[str, Any] = {
                        "points": str(one.given[turn]),
                        "comment": one.comments[turn],
                        "pages": "",
                    }
                    bidder = self._bidder(ctx, key, one.supplier)
                    opened = Opened(uuid4().hex, "")
                    scoring_actions.draft(ctx, seat, question, bidder, typed, opened)
                scoring_actions.send(ctx, seat, question)
                self.session.flush()

    def _agree_on_scores(self, key: str, marks: Mapping[str, Sequence[Marks]]) -> None:
        ctx = self._as("camden-buyer")
        evaluation = self._evaluation(ctx, key)
        present = [str(one.id) for one in queries.seats(ctx, evaluation)]
        for title, every in marks.items():
            question = self._question(ctx, evaluation, title)
            for one in every:
                bidder = self._bidder(ctx, key, one.supplier)
                said = (str(one.agreed), one.reason, present)
                agreeing_actions.agree(ctx, question, bidder, *said)
                self.session.flush()

    def _judge_standards(self, key: str) -> None:
        ctx = self._as("camden-buyer")
        evaluation = self._evaluation(ctx, key)
        for wanted in queries.what_was_asked(ctx, evaluation.tender).standards:
            for bidder in queries.bidders(ctx, evaluation.tender):
                if wanted.mandatory:
                    form = Judging(met=True, because="What it says was checked with its evidence.")
                    finding_actions.judge(ctx, evaluation, bidder, wanted, form)
        self.session.flush()

    def _rank(self, key: str) -> None:
        ctx = self._as("camden-buyer")
        evaluation = self._evaluation(ctx, key)
        final_actions.lock_quality(ctx, evaluation)
        self.session.flush()
        final_actions.finalise(ctx, evaluation, "", final_actions.as_it_stands(ctx, evaluation))
        self.session.flush()

    def _ask_bidder(self, key: str, supplier: str) -> None:
        ctx = self._as("loti-curator")
        evaluation = self._evaluation(ctx, key)
        form = Asking(
            about=About.CLARIFICATION,
            question="Your answer speaks of rounds. How many trees does an inspector see in one?",
            answer_by=self.today + timedelta(days=6),
        )
        finding_actions.ask(ctx, evaluation, self._bidder(ctx, key, supplier), form)
