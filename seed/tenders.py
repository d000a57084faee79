"""The part of the story in which authorities prepare tenders together, and suppliers ask."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from auth.actor import Actor, Role
from marketplace.clarifications import actions as clarifications
from marketplace.clarifications.forms import Answering
from marketplace.core.context import Context
from marketplace.core.forms import bind, show
from marketplace.law import Contract, FlexibleStage, Route
from marketplace.law.points import PriceFormula, TieRule
from marketplace.organisations import queries as organisations
from marketplace.organisations.personas import PERSONAS
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.specialists import Specialist
from marketplace.tenders import (
    actions,
    approval_actions,
    drafts,
    party_actions,
    queries,
    readiness,
    round_actions,
)
from marketplace.tenders.deciding_forms import Amending
from marketplace.tenders.forms import WEIGHT, Demanding, Dividend, Manner, Measuring
from marketplace.tenders.models import CriterionKind, Part, Tender
from marketplace.tenders.scheduling import Staging
from marketplace.tenders.standing import cells
from seed.scene import Scene, Step

FILES = ("tenders.toml", "together.toml", "awarded.toml")
TEXTS = tuple(Path(__file__).with_name("world") / name for name in FILES)
ASKING = "binfold"  # the supplier that asks


@dataclass(frozen=True, slots=True)
class CriterionText:
    title: str
    kind: CriterionKind
    weight: str
    question: str
    guidance: str = ""
    words: int | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionText:
    days_ago: int
    asked: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RoundText:
    kind: FlexibleStage
    title: str
    asks: str
    opens_in_days: int
    closes_in_days: int
    most: int | None = None  # that go on from it


@dataclass(frozen=True, slots=True)
class LotText:
    title: str
    description: str
    serves: tuple[str, ...]
    value: int  # pounds, VAT included


@dataclass(frozen=True, slots=True)
class TenderText:
    key: str
    stage: Literal["draft", "ready", "withdrawn", "open", "closed", "cancelled"]
    lead: str
    partners: tuple[str, ...]
    title: str
    summary: str
    scope: str
    functional: str
    technical: str
    area: Area
    cpv: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    no_lots_because: str
    price_model: str
    scoring: str
    scale: tuple[str, ...]
    conditions: str
    terms: str
    submission: str
    contact: str
    created_days_ago: int
    publish_in_days: int
    questions_in_days: int
    deadline_in_days: int
    starts_in_days: int
    years: int
    values: Mapping[str, int]
    criterion: tuple[CriterionText, ...]
    question: tuple[QuestionText, ...] = ()
    invited: tuple[str, ...] = ()
    route: Route = Route.OPEN
    round: tuple[RoundText, ...] = ()
    ended_days_ago: int = 0  # since it was withdrawn or cancelled
    outcome: str = ""
    price_formula: PriceFormula = PriceFormula.LOWEST
    prices_sealed: bool = True
    ties: TieRule = TieRule.QUALITY
    day_roles: tuple[Specialist, ...] = ()
    risks: str = "Hosting may cost more while the contract runs."
    changed_after: str = ""  # what the technical requirements become once they were approved
    lot: tuple[LotText, ...] = ()
    declined_because: str = ""  # by whoever was invited
    amended: str = ""  # what the technical requirements become once they were published
    amended_days_ago: int = 0
    amended_because: str = ""
    later_by_days: int = 0  # the deadline, by that amendment
    left_days_ago: int = 0  # since the last of its partners left
    left_because: str = ""


def texts() -> tuple[TenderText, ...]:
    found = [
        one for file in TEXTS for one in tomllib.loads(file.read_text(encoding="utf-8"))["tender"]
    ]
    return TypeAdapter(tuple[TenderText, ...]).validate_python(found)


class Tenders(Scene):
    def tenders(self) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            begun = text.created_days_ago
            published = -text.publish_in_days
            yield Step(self.moment(begun, turn), partial(self._begin_tender, text))
            yield Step(self.moment(begun - 3, turn), partial(self._take_seats, text))
            yield Step(self.moment(begun - 6, turn), partial(self._write_tender, text))
            if text.stage == "draft":
                yield from self._approved(text, begun - 12, turn, "camden", "hackney")
                yield Step(self.moment(begun - 18, turn), partial(self._change_tender, text))
                continue
            if text.declined_because:
                yield Step(self.moment(begun - 8, turn), partial(self._decline_tender, text))
            if text.stage == "ready":
                yield from self._approved(text, begun - 12, turn, text.lead, *text.partners)
                continue
            if text.stage == "withdrawn":
                over = self.moment(text.ended_days_ago, turn)
                yield Step(over, partial(self._withdraw_tender, text))
                continue
            yield from self._approved(text, published + 4, turn, text.lead, *text.partners)
            yield Step(self.moment(published, turn), partial(self._publish_tender, text))
            for one in text.question:
                yield Step(
                    self.moment(one.days_ago, turn), partial(self._ask_about_tender, text, one)
                )
            if text.amended:
                late = text.amended_days_ago
                yield Step(self.moment(late + 2, turn), partial(self._revise_tender, text))
                yield from self._approved(text, late + 1, turn, text.lead, *text.partners, every=0)
                yield Step(self.moment(late, turn), partial(self._amend_tender, text))
            if text.left_because:
                gone = self.moment(text.left_days_ago, turn)
                yield Step(gone, partial(self._leave_tender, text))
            if text.stage == "cancelled":
                over = self.moment(text.ended_days_ago, turn)
                yield Step(over, partial(self._cancel_tender, text))

    def _approved(
        self, text: TenderText, days_ago: int, turn: int, *names: str, every: int = 1
    ) -> Iterator[Step]:
        """Authorities approve it one after another, some days apart."""
        for late, name in enumerate(names):
            step = partial(self._agree_on_tender, text, name)
            yield Step(self.moment(days_ago - late * every, turn), step)

    def _tender_of(self, text: TenderText) -> Tender:
        tender: Tender = self.made["tender", text.key]
        return tender

    def _begin_tender(self, text: TenderText) -> None:
        for slug in (text.lead, *text.partners, *text.invited):
            organisation = self.organisations[slug]
            letters = f"{slug.upper().replace('-', '')}XXXX"[:4]
            organisation.ppon = organisation.ppon or f"P{letters[:3]}-1000-{letters}"
        ctx = self.writes(text.lead)
        tender = party_actions.draft(ctx, text.title)
        self.made["tender", text.key] = tender
        asked = [self.ids[slug] for slug in (*text.partners, *text.invited)]
        party_actions.invite(ctx, tender, asked)
        self.session.flush()

    def _take_seats(self, text: TenderText) -> None:
        tender = self._tender_of(text)
        for slug in text.partners:
            ctx = self.writes(slug)
            party_actions.accept(ctx, queries.own_party(ctx, tender))
        for slug in (text.lead, *text.partners):
            self._give_share(text, slug)

    def _give_share(self, text: TenderText, slug: str) -> None:
        ctx = self.writes(slug)
        value = Decimal(text.values[slug])
        known = {
            "approver_id": self._approver_of(slug).person_id,
            "value": value,
            "cap": value,
            "decision": f"{slug.upper()}/CAB/{text.created_days_ago}",
            "decided_on": self.day(-text.created_days_ago),
        }
        section = drafts.OWN["share"]
        typed = show(section.form, known).submitted
        party_actions.describe(ctx, queries.own_party(ctx, self._tender_of(text)), section, typed)

    def _approver_of(self, slug: str) -> Actor:
        """Somebody who approves for an authority."""
        persona = PERSONAS.get(f"{slug}-approver")
        if persona:
            return organisations.actor(self.session, persona.membership_id)
        ctx = self.writes(slug)
        _, member = queries.approvers(ctx, self.ids[slug])[0]
        found = organisations.actor(self.session, member.id)
        assert Role.APPROVER in found.roles  # noqa: S101 - the story needs one
        return found

    def _write_tender(self, text: TenderText) -> None:
        ctx, tender = self.writes(text.lead), self._tender_of(text)
        starts = self.day(text.starts_in_days)
        known: dict[str, Any] = {
            **{name: getattr(text, name) for name in TenderText.__dataclass_fields__},
            "most_lots": None,
            "contract": Contract.GOODS_SERVICES,
            "urgent": False,
            "planned_notice_on": None,
            "publish_on": self.day(text.publish_in_days),
            "questions_on": self.day(text.questions_in_days),
            "questions_at": "17:00",
            "deadline_on": self.day(text.deadline_in_days),
            "deadline_at": "12:00",
            "award_on": starts - timedelta(days=30),
            "starts_on": starts,
            "engagement": "",
            "events": "",
            "engaged_until": None,
            "no_engagement_because": "The authorities know this market from contracts they have.",
            "suits": ["sme"],
            "renewal": f"When the contract ends, in {starts.year + text.years}.",
            "payment": "",
            "auction": False,
            "treaties": ["gpa"],
            "ends_on": date(starts.year + text.years, starts.month, min(starts.day, 28)),
            "extensions": "Once, by two years.",
            "options": "",
        }
        for section in drafts.SECTIONS.values():
            own = {name: known[name] for name in section.form.model_fields}
            actions.edit(ctx, tender, section, show(section.form, own).submitted)
        for stage in text.round:
            self._stage_tender(ctx, tender, stage)
        for lot in text.lot:
            serves = [self.ids[slug] for slug in lot.serves]
            said = Dividend(
                title=lot.title,
                description=lot.description,
                authorities=serves,
                value=Decimal(lot.value),
                vat_rate=20,
            )
            actions.add_lot(ctx, tender, said)
        weights = {}
        for one in text.criterion:
            form = Measuring(
                title=one.title,
                kind=one.kind,
                question=one.question,
                guidance=one.guidance,
                words=one.words,
                minimum=one.minimum,
                organisation_id=None,
            )
            made = actions.add_criterion(ctx, tender, form)
            weights[f"{WEIGHT}{made.id.hex}"] = one.weight
        actions.weigh(ctx, tender, weights)
        work = approval_actions.work(ctx, tender)
        for version, binds in readiness.applicable(work):
            actions.demand(ctx, tender, version, binds, Demanding(included=True, because=""))
        for item, party, _ in readiness.duties(work):
            actions.record(ctx, tender, item.key, "In the procurement file.", party)

    def _stage_tender(self, ctx: Context, tender: Tender, text: RoundText) -> None:
        known = {
            "kind": text.kind,
            "title": text.title,
            "asks": text.asks,
            "most": text.most,
            "opens_on": self.day(text.opens_in_days),
            "opens_at": "09:00",
            "closes_on": self.day(text.closes_in_days),
            "closes_at": "12:00",
        }
        form = round_actions.stage(ctx, tender, bind(Staging, show(Staging, known).submitted), None)
        assert not form.errors, form.errors  # noqa: S101 - the story keeps to the law

    def _decline_tender(self, text: TenderText) -> None:
        for slug in text.invited:
            ctx = self.writes(slug)
            party = queries.own_party(ctx, self._tender_of(text))
            party_actions.decline(ctx, party, text.declined_because)

    def _withdraw_tender(self, text: TenderText) -> None:
        approval_actions.withdraw(self.writes(text.lead), self._tender_of(text), text.outcome)

    def _revise_tender(self, text: TenderText) -> None:
        """What was published is changed, for everybody to approve again."""
        ctx, tender = self.writes(text.lead), self._tender_of(text)
        deadline = self.day(text.deadline_in_days + text.later_by_days)
        later = show(drafts.SECTIONS["dates"].form, {"deadline_on": deadline}).submitted
        changes = {"requirements": {"technical": text.amended}, "dates": later}
        for slug, typed in changes.items():
            actions.edit(ctx, tender, drafts.SECTIONS[slug], typed)

    def _amend_tender(self, text: TenderText) -> None:
        said = Amending(reason=text.amended_because, material=True, not_extended_because="")
        approval_actions.amend(self.writes(text.lead), self._tender_of(text), said)

    def _leave_tender(self, text: TenderText) -> None:
        ctx = self.writes(text.partners[-1])
        party = queries.own_party(ctx, self._tender_of(text))
        party_actions.leave(ctx, party, text.left_because)

    def _cancel_tender(self, text: TenderText) -> None:
        """It is cancelled, and goes on together, with a lot for each authority."""
        ctx, tender = self.writes(text.lead), self._tender_of(text)
        approval_actions.cancel(ctx, tender, text.outcome)
        party_actions.draft(ctx, text.title, copy=tender, manner=Manner.LOTS)

    def _agree_on_tender(self, text: TenderText, slug: str) -> None:
        """An authority approves every part as it stands."""
        tender = self._tender_of(text)
        ctx = self.acting(self._approver_of(slug))
        work = approval_actions.work(ctx, tender)
        for party, row in cells(tender, work.parties, work.versions, work.approvals, work.seen):
            for cell in row:
                if party.organisation_id == self.ids[slug] and cell.blocks:
                    approval_actions.approve(ctx, party, cell.part, cell.digest)

    def _change_tender(self, text: TenderText) -> None:
        """What was approved is changed, and spoken about."""
        ctx, tender = self.writes(text.lead), self._tender_of(text)
        section = drafts.SECTIONS["requirements"]
        actions.edit(ctx, tender, section, {"technical": text.changed_after})
        said = "Test data added after the call with suppliers. @Joseph Grant, is that enough?"
        approval_actions.comment(ctx, tender, Part.SPECIFICATION, said)

    def _publish_tender(self, text: TenderText) -> None:
        approval_actions.publish(self.writes(text.lead), self._tender_of(text))

    def _ask_about_tender(self, text: TenderText, one: QuestionText) -> None:
        tender = self._tender_of(text)
        question = clarifications.ask(self.writes(ASKING), tender, one.asked)
        self.session.flush()
        if one.answer:
            ctx = self.writes(text.lead)
            said = Answering(wording=one.asked, answer=one.answer, changes_documents=False)
            clarifications.answer(ctx, question, said)
            clarifications.publish(ctx, question)
