"""The home page of somebody who acts for LOTI."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from typing import Any

from auth.actor import NOBODY
from marketplace.challenges import queries as challenges
from marketplace.challenges.models import Challenge, Stage
from marketplace.claims.pages import blank
from marketplace.core.context import Context
from marketplace.core.times import ago, in_london
from marketplace.directory import participation
from marketplace.directory import queries as directory
from marketplace.directory.participation import Map
from marketplace.home import claims_queries, queries
from marketplace.home.asking import asking, with_news
from marketplace.home.awarding import awards_to_do, on_panels
from marketplace.home.blocks import (
    AHEAD,
    LATELY,
    Count,
    Line,
    Lines,
    Place,
    Step,
    Week,
    about,
    by_stage,
    by_week,
    lines,
    named,
    place,
    some,
)
from marketplace.home.claims_queries import Numbers, Relied
from marketplace.home.compliance import relied_on, to_assess, to_curate
from marketplace.home.queries import Joining
from marketplace.policy import refusal
from marketplace.verbs import Verb

A_YEAR = timedelta(days=365)
TO_REVIEW = place("home.challenges")


class LotiHome:
    """Each block asks for what it shows when it is drawn, and only then."""

    yours_are = "All challenges"
    steps: Sequence[Step] = ()
    cannot = ""

    def __init__(self, ctx: Context, url_for: Callable[..., Any]) -> None:
        self.ctx, self.url_for = ctx, url_for
        self.today = in_london(ctx.now).date()

    @property
    def actions(self) -> Sequence[Step]:
        """The first is drawn as the button: what the reader is there for."""
        review = Step("See what waits for review", TO_REVIEW)
        assess = Step("See what waits for an assessment", place("assessment.queue"))
        first, second = (review, assess) if self.curates else (assess, review)
        return (
            first,
            second,
            Step("Look at changes to products", place("edit.list")),
            Step("Read notices in", place("notice.new")),
            Step("See how the service runs", place("admin")),
            *on_panels(self.ctx, self._numbers.seats),
        )

    @property
    def needs_you(self) -> Lines:
        empty = (
            "No challenge waits for a review, no claim for an assessment, and every listener has "
            "heard the news."
        )
        oldest_first = sorted(
            [*self._reviews(), *to_assess(self.ctx.actor, self._claims)],
            key=lambda line: line.on or date.min,
        )
        curating = to_curate(self._numbers) if self.curates else ()
        panels = awards_to_do(self.ctx, queries.on_panels(self.ctx))
        found = [*panels, *oldest_first, *asking(self.ctx), *curating, *self._set_aside()]
        return lines(found, empty, TO_REVIEW)

    @property
    def coming_up(self) -> Sequence[Week]:
        soon = queries.closing(self.ctx, self.today + AHEAD)
        closes = (
            about(f"{one.organisation.called} closes it", one, on=one.closes_on) for one in soon
        )
        return by_week([*closes, *relied_on(self._claims)], self.today)

    @cached_property
    def new(self) -> Lines:
        joined = [
            about(_together(joining), joining.challenge)
            for joining in queries.joinings(self.ctx, self.ctx.now - LATELY)
        ]
        return lines(
            with_news(self.ctx, joined),
            "No authority has joined a challenge.",
            Place("challenge.list", query={"stage": Stage.OPEN.value}),
        )

    @property
    def yours(self) -> Sequence[Count]:
        return by_stage(self._numbers.by_stage)

    @cached_property
    def map(self) -> Map:
        return participation.drawn(directory.taking_part(self.ctx), self.url_for)

    @cached_property
    def curates(self) -> bool:
        sent = Challenge(organisation_id=NOBODY, stage=Stage.SUBMITTED)
        return refusal(self.ctx.actor, Verb.CHALLENGE_APPROVE, sent) is None

    @cached_property
    def _claims(self) -> Sequence[Relied]:
        anybodys = blank(NOBODY)
        assesses = refusal(self.ctx.actor, Verb.CLAIM_TAKE, anybodys) is None
        return claims_queries.to_see_to(self.ctx, assesses=assesses)

    @cached_property
    def _numbers(self) -> Numbers:
        return claims_queries.numbers(self.ctx)

    def _reviews(self) -> Iterator[Line]:
        for one in challenges.needing(self.ctx) if self.curates else ():
            sent = one.challenge.submitted_at
            yield Line(
                one.does,
                place(one.route, id=one.challenge.id),
                f"{one.why} {ago(sent)}" if sent else one.why,
                one.challenge.called,
                on=one.due,
            )

    def _set_aside(self) -> Iterator[Line]:
        if failed := self._numbers.set_aside:
            why = "They failed again and again, so the search may not show every change"
            yield Line("Look at", place("admin"), why, some(failed, "delivery", "deliveries"))


def _together(joining: Joining) -> str:
    """Such as "Brent and Hackney joined Camden yesterday; 2 of their contracts end within 4
    months", when they end close enough to buy together.
    """
    says = (
        f"{named(joining.names)} joined {joining.challenge.organisation.called} "
        f"{ago(joining.latest)}"
    )
    apart = joining.ends[-1] - joining.ends[0] if len(joining.ends) > 1 else None
    if apart is None or apart > A_YEAR:
        return says
    months = some(max(1, ceil(apart.days / 30)), "month")
    return f"{says}; {len(joining.ends)} of their contracts end within {months}"
