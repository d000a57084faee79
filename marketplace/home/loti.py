"""The home page of somebody who acts for LOTI."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from math import ceil
from typing import Any

from marketplace.challenges import queries as challenges
from marketplace.challenges.models import Stage
from marketplace.core import outbox
from marketplace.core.context import Context
from marketplace.core.times import ago, in_london
from marketplace.directory import participation
from marketplace.directory import queries as directory
from marketplace.directory.participation import Map
from marketplace.home import queries
from marketplace.home.asking import asking, with_news
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
from marketplace.home.queries import Joining

A_YEAR = timedelta(days=365)
TO_REVIEW = place("home.challenges")


class LotiHome:
    """Each block asks for what it shows when it is drawn, and only then."""

    yours_are = "All challenges"
    steps: Sequence[Step] = ()
    cannot = ""
    actions = (
        Step("See what waits for review", TO_REVIEW),
        Step("See what waits for an assessment", place("assessment.queue")),
        Step("Look at changes to products", place("edit.list")),
        Step("Read notices in", place("notice.new")),
        Step("See how the service runs", place("admin")),
    )

    def __init__(self, ctx: Context, url_for: Callable[..., Any]) -> None:
        self.ctx, self.url_for = ctx, url_for
        self.today = in_london(ctx.now).date()

    @property
    def needs_you(self) -> Lines:
        empty = "No challenge waits for a review, and every listener has heard the news."
        found = [*self._reviews(), *asking(self.ctx), *self._set_aside()]
        return lines(found, empty, TO_REVIEW)

    @property
    def coming_up(self) -> Sequence[Week]:
        soon = queries.closing(self.ctx, self.today + AHEAD)
        return by_week(
            (about(f"{one.organisation.called} closes it", one, on=one.closes_on) for one in soon),
            self.today,
        )

    @property
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
        return by_stage(queries.by_stage(self.ctx))

    @cached_property
    def map(self) -> Map:
        return participation.drawn(directory.taking_part(self.ctx), self.url_for)

    def _reviews(self) -> Iterator[Line]:
        for one in challenges.needing(self.ctx):
            sent = one.challenge.submitted_at
            yield Line(
                one.does,
                place(one.route, id=one.challenge.id),
                f"{one.why} {ago(sent)}" if sent else one.why,
                one.challenge.called,
            )

    def _set_aside(self) -> Iterator[Line]:
        if failed := len(outbox.set_aside(self.ctx.session)):
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
