"""The part of the story in which tenders come to an end: judged, awarded, signed, called off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from auth.actor import Actor
from marketplace.awards import actions, consenting_actions, queries
from marketplace.awards.forms import Publishing, Recommending
from marketplace.awards.models import Award
from marketplace.bids import opening_actions
from marketplace.contracts import actions as contracts
from marketplace.contracts import breach_actions as breaches
from marketplace.contracts import breach_queries, calling_actions, delivery_actions, making
from marketplace.contracts import queries as contract_queries
from marketplace.contracts.forms import (
    CallingOff,
    Correcting,
    Editing,
    Manner,
    Meeting,
    Noting,
    Planning,
    Reporting,
    Reviewing,
    Signing,
)
from marketplace.contracts.models import Contract
from marketplace.core.drafts import Opened
from marketplace.core.forms import BoundForm, bind, show
from marketplace.core.times import in_london, now
from marketplace.evaluation import (
    agreeing_actions,
    final_actions,
    naming_queries,
    panel_actions,
    scoring_actions,
)
from marketplace.evaluation import queries as evaluation
from marketplace.evaluation.forms import Declaring, Offering
from marketplace.evaluation.models import Interest, SeatRole
from marketplace.law.contracts import Failing
from marketplace.organisations import queries as organisations
from marketplace.tenders.content import digest
from marketplace.tenders.models import Tender
from seed.scene import Scene, Step
from seed.tenders import texts

POINTS = ("7", "5")  # what the panel gives the first bid for a tender, and the second
NUMBERS = {"permit-portal": "018204-2026", "hall-bookings": "041377-2026"}  # of award notices
DETAILS = "022951-2026"  # the number of a contract details notice
PERFORMANCE, PERFORMANCE_AGAIN = "033418-2026", "037702-2026"  # of contract performance notices
LATE = (
    "The contract promises wardens a list of valid permits by six every morning. In the first four "
    "weeks it came late on nine days, and 31 households that had paid were fined. A plan to put it "
    "right was agreed, and in the fortnight after it the list came late on five days."
)
MENDED = "The supplier repaid all 31 fines. The list has come on time every day for a fortnight."


@dataclass(frozen=True, slots=True)
class Course:
    """When the steps of one tender were taken: days before the seed's today."""

    key: str
    opened: int
    judged: int
    recommended: int
    informed: int
    noticed: int


PERMITS = Course("permit-portal", 168, 150, 144, 140, 139)
HALLS = Course("hall-bookings", 43, 20, 12, 4, 2)


class Awards(Scene):
    def awards(self) -> Iterator[Step]:
        for course in (PERMITS, HALLS):
            for days_ago, do in (
                (course.opened, self._open),
                (course.judged, self._judge),
                (course.recommended, self._recommend),
                (course.informed, self._inform),
                (course.noticed, self._notice),
            ):
                yield Step(self.moment(days_ago), partial(do, course.key))
        yield Step(self.moment(118), self._confirm_award)
        yield Step(self.moment(112), self._write_down)
        yield Step(self.moment(110), self._sign)
        yield Step(self.moment(95), self._deliver)
        yield Step(self.moment(45), partial(self._call_off, "southwark", "145,000"))
        yield Step(self.moment(43), partial(self._approve_call_off, "southwark"))
        yield Step(self.moment(18), self._report)
        yield Step(self.moment(14), self._publish_report)
        yield Step(self.moment(6), partial(self._call_off, "islington", "62,500"))
        yield Step(self.moment(4), self._mended)

    def _awarded(self, key: str) -> Tender:
        tender: Tender = self.made["tender", key]
        return tender

    def _parties(self, key: str) -> tuple[str, ...]:
        text = next(one for one in texts() if one.key == key)
        return (text.lead, *text.partners)

    # ---- Judged

    def _open(self, key: str) -> None:
        lead, other = self._parties(key)
        opening_actions.begin(self.writes(lead), self._awarded(key))
        opening_actions.finish(self.writes(other), self._awarded(key))
        self.session.flush()

    def _judge(self, key: str) -> None:
        """A panel of both authorities, of one mind in all it scores."""
        tender, (lead, other) = self._awarded(key), self._parties(key)
        seats = ((lead, SeatRole.CHAIR), (lead, SeatRole.EVALUATOR), (other, SeatRole.EVALUATOR))
        holders = [self._seat(tender, lead, whose, role) for whose, role in seats]
        chair, *evaluators = holders
        ctx = self.acting(chair)
        final_actions.begin(ctx, panel_actions.held(ctx, tender), 3)
        self.session.flush()
        for who in evaluators:
            self._score_alone(tender, who)
        ctx = self.acting(chair)
        its = panel_actions.held(ctx, tender)
        present = [str(one.id) for one in evaluation.seats(ctx, its)]
        agreeing_actions.agree_at_once(ctx, its, present)
        self.session.flush()
        final_actions.lock_quality(ctx, its)
        final_actions.finalise(ctx, its, "", final_actions.as_it_stands(ctx, its))
        self.session.flush()

    def _seat(self, tender: Tender, lead: str, whose: str, role: SeatRole) -> Actor:
        offered = Offering(organisation_id=self.ids[whose], role=role, number=1)
        panel_actions.offer(self.writes(lead), tender, offered)
        self.session.flush()
        ctx = self.writes(whose)
        its = panel_actions.held(ctx, tender)
        seat = next(one for one in evaluation.seats(ctx, its) if one.person_id is None)
        seat.evaluation = its
        person, member = naming_queries.colleagues(ctx, seat)[0]
        panel_actions.name(ctx, seat, person.id)
        holder = organisations.actor(self.session, member.id)
        said = Declaring(interest=Interest.NONE, details="", steps="", understood=True)
        panel_actions.declare(self.acting(holder), seat, said)
        self.session.flush()
        return holder

    def _score_alone(self, tender: Tender, who: Actor) -> None:
        ctx = self.acting(who)
        its = panel_actions.held(ctx, tender)
        seat = next(one for one in evaluation.seats(ctx, its) if one.person_id == who.person_id)
        seat.evaluation = its
        by_bid = dict(zip(self.made["bids", tender.id], POINTS, strict=True))
        for question in evaluation.questions_and_sent(ctx, its)[0].values():
            question.evaluation = its
            for bidder in evaluation.bidders(ctx, tender):
                points = by_bid[bidder.bid_id]
                typed = {"points": points, "comment": _why(points), "pages": ""}
                opened = Opened(str(bidder.id), "")
                scoring_actions.draft(ctx, seat, question, bidder, typed, opened)
            scoring_actions.send(ctx, seat, question)
        self.session.flush()

    # ---- Awarded

    def _recommend(self, key: str) -> None:
        tender, parties = self._awarded(key), self._parties(key)
        ctx = self.writes(parties[0])
        piece = queries.part(ctx, tender, tender.id)
        first = queries.ranking(ctx, piece)[0]
        said = bind(Recommending, {"bid_id": str(first.bid_id)})
        award = actions.recommend(ctx, tender, piece, said)
        assert isinstance(award, Award)  # noqa: S101 - the first of a ranking needs no reason
        self.made["award", key] = award
        self.session.flush()
        for slug in parties:
            consenting_actions.approve(self.acting(self._approves(slug)), award, award.digest)
        self.session.flush()

    def _approves(self, slug: str) -> Actor:
        return self._approver_of(slug)  # type: ignore[attr-defined,no-any-return]

    def _inform(self, key: str) -> None:
        award, ctx = self.made["award", key], self.writes(self._parties(key)[0])
        for one in queries.summaries(ctx, award):
            actions.check(ctx, one, digest(one.content))
        self.session.flush()
        actions.inform(ctx, award)
        self.session.flush()

    def _notice(self, key: str) -> None:
        ctx = self.writes(self._parties(key)[0])
        said = Publishing(number=NUMBERS[key], on=_today(), offered=False)
        actions.cite(ctx, self.made["award", key], _bound(said))

    # ---- Contracted

    def _confirm_award(self) -> None:
        award = self.made["award", PERMITS.key]
        making.confirm(self.writes("camden"), award, Manner.EACH)
        self.session.flush()

    def _contracts(self) -> dict[str, Contract]:
        slugs = {id: slug for slug, id in self.ids.items()}
        found = contract_queries.of_award(self.writes("camden"), self.made["award", PERMITS.key])
        mine = contract_queries.of_award(self.writes("hackney"), self.made["award", PERMITS.key])
        return {slugs[one.organisation_id]: one for one in (*found, *mine)}

    def _write_down(self) -> None:
        """Camden's contract lets others follow; Hackney's is for Hackney alone."""
        for slug, contract in self._contracts().items():
            others = [self.ids[one] for one in ("southwark", "islington")]
            ends = self.day(0) + timedelta(days=900)
            said = Editing(
                title=f"Parking permits for {self.organisations[slug].called}",
                number=f"{slug[:3].upper()}-2026-114",
                value=contract.value or Decimal(0),
                vat_rate=20,
                indicators=[],
                no_indicators_because="",
                starts_on=self.day(-60),
                ends_on=ends,
                extension="Once, by a year.",
                extends_to=ends + timedelta(days=365),
                decide_by=ends - timedelta(days=120),
                permitted=others if slug == "camden" else [],
                ceiling=Decimal(400_000) if slug == "camden" else None,
            )
            contracts.edit(self.writes(slug), contract, _bound(said))
        self.session.flush()

    def _sign(self) -> None:
        for slug, contract in self._contracts().items():
            said = Signing(
                signatory=self._approves(slug).name,
                position="Director of Finance",
                supplier_signatory="Edmund Hawthorne",
                supplier_position="Managing Director",
                signed_on=_today(),
            )
            contracts.sign(self.acting(self._approves(slug)), contract, _bound(said))
            self.session.flush()
            noted = Noting(number=DETAILS, on=_today(), note="")
            contracts.cite(self.writes(slug), contract, "contract-details", _bound(noted))

    def _deliver(self) -> None:
        contract, ctx = self._contracts()["camden"], self.writes("camden")
        planned = Planning(title="Permits for visitors", due_on=self.day(-70))
        made = delivery_actions.plan(ctx, contract, planned)
        self.session.flush()
        delivery_actions.meet(ctx, made, Meeting(met_on=_today()))
        said = "The first 900 permits went out in a week. The list for wardens needed a second try."
        delivery_actions.review(ctx, contract, Reviewing(text=said))

    def _failing(self, outcome: str = "") -> dict[str, Any]:
        return {
            "failing": Failing.POOR,
            "on": self.day(-19),
            "warned_on": self.day(-33),
            "what": LATE,
            "outcome": outcome,
        }

    def _report(self) -> None:
        said = Reporting(**self._failing())
        breaches.report(self.writes("camden"), self._contracts()["camden"], _bound(said))

    def _publish_report(self) -> None:
        noted = Noting(number=PERFORMANCE, on=_today(), note="")
        contracts.cite(
            self.writes("camden"), self._contracts()["camden"], "breach-1", _bound(noted)
        )

    def _mended(self) -> None:
        """The notice is published again, so that it says so, too."""
        ctx, contract = self.writes("camden"), self._contracts()["camden"]
        [entries] = breach_queries.recorded(ctx, contract)
        said = Correcting(
            **self._failing(MENDED), stands=True, because="The supplier has mended it."
        )
        breaches.correct(ctx, contract, entries[0].id, _bound(said))
        self.session.flush()
        noted = Noting(number=PERFORMANCE_AGAIN, on=_today(), note="")
        contracts.cite(ctx, contract, "breach-1", _bound(noted))

    def _call_off(self, slug: str, value: str) -> None:
        contract = self._contracts()["camden"]
        known = {
            "title": f"Parking permits for {self.organisations[slug].called}",
            "starts_on": self.day(30),
            "ends_on": self.day(700),
        }
        typed = {**show(CallingOff, known).submitted, "value": value}
        form = calling_actions.propose(self.writes(slug), contract, bind(CallingOff, typed))
        assert not form.errors  # noqa: S101 - there is room for it
        self.session.flush()

    def _approve_call_off(self, slug: str) -> None:
        ctx = self.acting(self._approves(slug))
        contract = self._contracts()["camden"]
        for one in contract_queries.call_offs(ctx, contract):
            one.contract = contract
            calling_actions.approve(ctx, one)


def _why(points: str) -> str:
    if points == POINTS[0]:
        return "Shows the screens, and what happens when something is missing."
    return "Says what is done, and shows too little of how."


def _today() -> date:
    return in_london(now()).date()


def _bound(said: Any) -> BoundForm[Any]:
    return BoundForm(type(said), value=said)
