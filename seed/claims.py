"""The part of the story in which suppliers claim standards, LOTI assesses, and authorities rely."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from pydantic import TypeAdapter, with_config

from auth.actor import CLOCK, Actor
from marketplace.claims import actions, assessing_actions, parts_queries, reliance_actions
from marketplace.claims.forms import (
    Claiming,
    Deciding,
    Evidencing,
    Marking,
    Relying,
    Returning,
    Revoking,
)
from marketplace.claims.models import Claim, Purpose, Reason, Verdict
from marketplace.core.context import Context
from marketplace.core.forms import Form, bind, show
from marketplace.organisations import queries
from marketplace.organisations.personas import PERSONAS
from marketplace.standards.models import StandardVersion
from seed.scene import Scene, Step
from seed.world import TEXTS, Prose


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class EvidenceText:
    kind: str
    number: str
    issuer: str
    issued: int  # days ago
    visibility: str
    expires_in: int | None = None  # days


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class FoundText:
    point: int  # its position
    verdict: Verdict
    reason: Reason
    feedback: str


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ReliedText:
    authority: str
    purpose: Purpose
    ago: int
    reference: str = ""
    condition: str = ""
    named: bool = False


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class ClaimText:
    supplier: str
    standard: str
    scope: Prose
    made: int  # days ago, as the others
    product: str = ""  # none: for all that the supplier does
    submitted: int | None = None
    decided: int | None = None
    revoked: int | None = None
    fix_in: int | None = None  # days from now
    feedback: str = ""
    remark: str = ""
    because: str = ""
    evidence: tuple[EvidenceText, ...] = ()
    found: tuple[FoundText, ...] = ()
    relied: tuple[ReliedText, ...] = ()


@cache
def texts() -> tuple[ClaimText, ...]:
    read = tomllib.loads((TEXTS / "claims.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[ClaimText, ...]).validate_python(read["claim"])


class Claims(Scene):
    """The claims of the story, by what they are about among what it made."""

    def claims(self) -> Iterator[Step]:
        for turn, text in enumerate(texts()):
            yield Step(self.moment(text.made, turn), partial(self._claim_it, text))
            if text.submitted is not None:
                yield Step(self.moment(text.submitted, turn), partial(self._send_it, text))
            if text.decided is not None:
                yield Step(self.moment(text.made - 1, turn), partial(self._send_it, text))
                yield Step(self.moment(text.decided, turn), partial(self._find, text))
            if text.fix_in is not None:
                yield Step(self.moment(text.made - 1, turn), partial(self._send_it, text))
                yield Step(self.moment(text.made - 4, turn), partial(self._ask_for_edits, text))
            for one in text.relied:
                yield Step(self.moment(one.ago, turn), partial(self._rely_on_it, text, one))
            if text.revoked is not None:
                yield Step(self.moment(text.revoked, turn), partial(self._revoke_it, text))
        yield Step(self.ctx.now, self._keep_time)

    def _keep_time(self) -> None:
        self.session.flush()
        assessing_actions.keep_time(self.acting(CLOCK))

    def _claim(self, text: ClaimText) -> Claim:
        claim: Claim = self.made["claim", text.supplier, text.product, text.standard]
        return claim

    def _assessor(self) -> Context:
        who: Actor = queries.actor(self.session, PERSONAS["loti-assessor"].membership_id)
        return self.acting(who)

    def _claim_it(self, text: ClaimText) -> None:
        ctx = self.writes(text.supplier)
        version: StandardVersion = self.made["standard", text.standard]
        product = self.made[text.product] if text.product else None
        form = bind(Claiming, {"version": str(version.id), "scope": text.scope})
        claim, form = actions.claim(ctx, version, product, form)
        if claim is None:
            raise ValueError(f"{text.standard}: {dict(form.errors)}")
        self.made["claim", text.supplier, text.product, text.standard] = claim
        self.session.flush()
        self.session.refresh(claim)
        if text.evidence:
            for point in parts_queries.requirements(ctx, claim):
                actions.answer(
                    ctx, claim, point, "We do this as it asks. The evidence says how and where."
                )
        for shown in text.evidence:
            self._show_it(ctx, claim, text, shown)
        self.session.flush()

    def _show_it(self, ctx: Context, claim: Claim, text: ClaimText, shown: EvidenceText) -> None:
        site = self.organisations[text.supplier].site
        given = {
            "kind": shown.kind,
            "number": shown.number,
            "issuer": shown.issuer,
            "holder": self.organisations[text.supplier].name,
            "covers": "yes",
            "issued_on": self.day(-shown.issued),
            "expires_on": None if shown.expires_in is None else self.day(shown.expires_in),
            "link": f"{site}/compliance/{text.standard.lower()}",
            "seen_on": ctx.today,
            "seen": f"{shown.kind.capitalize()} {shown.number}, issued by {shown.issuer}",
            "visibility": shown.visibility,
        }
        form = actions.attach(ctx, claim, bind(Evidencing, _typed(Evidencing, given)))
        if form.value is None:
            raise ValueError(f"{text.standard}: {dict(form.errors)}")

    def _send_it(self, text: ClaimText) -> None:
        self.session.flush()
        actions.submit(self.writes(text.supplier), self._claim(text))

    def _assess_it(self, text: ClaimText) -> tuple[Context, Claim]:
        ctx, claim = self._assessor(), self._claim(text)
        assessing_actions.take(ctx, claim)
        found = {one.point: one for one in text.found}
        for point in parts_queries.requirements(ctx, claim):
            one = found.get(point.position)
            said = (
                Marking(verdict=one.verdict, reason=one.reason, feedback=one.feedback)
                if one
                else Marking(verdict=Verdict.MET, reason=None, feedback="")
            )
            assessing_actions.mark(ctx, claim, point, said)
        self.session.flush()
        return ctx, claim

    def _find(self, text: ClaimText) -> None:
        ctx, claim = self._assess_it(text)
        assessing_actions.decide(ctx, claim, Deciding(feedback=text.feedback))

    def _ask_for_edits(self, text: ClaimText) -> None:
        ctx, claim = self._assess_it(text)
        until = self.day(text.fix_in or 0)
        assessing_actions.return_(ctx, claim, Returning(message=text.remark, fix_by=until))

    def _rely_on_it(self, text: ClaimText, one: ReliedText) -> None:
        form = Relying(
            purpose=one.purpose,
            reference=one.reference,
            condition=one.condition,
            named=one.named,
        )
        reliance_actions.rely(self.writes(one.authority), self._claim(text), form)

    def _revoke_it(self, text: ClaimText) -> None:
        form = Revoking(because=text.because)
        assessing_actions.revoke(self._assessor(), self._claim(text), form)


def _typed(kind: type[Form], given: dict[str, object]) -> dict[str, object]:
    return dict(show(kind, given).submitted)
