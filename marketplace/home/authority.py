"""The home page of somebody who acts for an authority."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from auth.actor import NOBODY
from marketplace.challenges import dashboard
from marketplace.challenges import queries as challenges
from marketplace.challenges.dashboard import SOON
from marketplace.challenges.models import Challenge, Commitment, Level, Stage
from marketplace.claims.models import Claim, Reliance
from marketplace.core.context import Context
from marketplace.core.times import ago, in_london
from marketplace.home import claims_queries, queries
from marketplace.home.asking import asking, with_news
from marketplace.home.awarding import awards_to_do, on_panels
from marketplace.home.blocks import (
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
    closing,
    lines,
    named,
    place,
)
from marketplace.home.compliance import findings_that_end, to_check
from marketplace.home.dates_queries import Dated, dated
from marketplace.home.tendering import (
    bidders_to_choose,
    bids_to_open,
    dates_ahead,
    tenders_to_do,
)
from marketplace.policy import refusal
from marketplace.verbs import Verb

OPEN_ONES = Place("challenge.list", query={"stage": Stage.OPEN.value})


class AuthorityHome:
    """Each block asks for what it shows when it is drawn, and only then."""

    map = None
    yours_are = "Your challenges"

    def __init__(self, ctx: Context) -> None:
        self.ctx, self.name = ctx, ctx.actor.organisation_name
        self.today = in_london(ctx.now).date()

    # ---- What the reader may do, asked of what it would be done to

    @cached_property
    def may_post(self) -> bool:
        return refusal(self.ctx.actor, Verb.CHALLENGE_DRAFT, self.ctx.actor) is None

    @cached_property
    def may_join(self) -> bool:
        theirs = Challenge(organisation_id=NOBODY)
        ours = Commitment(
            level=Level.WATCHING,
            challenge_id=theirs.id,
            challenge=theirs,
            organisation_id=self.ctx.actor.organisation_id,
        )
        return refusal(self.ctx.actor, Verb.COMMITMENT_MAKE, ours) is None

    @property
    def actions(self) -> Sequence[Step]:
        post = Step("Post a challenge", place("challenge.new"))
        join = Step("Find a challenge to join", OPEN_ONES)
        read = Step("See what other authorities need", OPEN_ONES)
        notice = Step("Start from a published notice", place("notice.list"))
        panels = on_panels(self.ctx, self._ours.seats)
        if self.may_post:
            return post, notice, join, *panels
        products = Step("Look for products", place("product.list"))
        return join if self.may_join else read, products, *panels

    @cached_property
    def cannot(self) -> str:
        """What the reader may not do, and who may."""
        if self.may_post:
            return ""
        may = "join" if self.may_join else "read"
        return (
            f"You may {may} challenges for {self.name}. To post one, ask one of its authors: "
            "the page of your organisation says who they are."
        )

    # ---- The blocks

    @property
    def steps(self) -> Sequence[Step]:
        if self._ours.by_stage or self._joined or self._relied or self._tenders or self._dated:
            return ()
        return (
            Step(
                "See what other authorities need",
                OPEN_ONES,
                "Every open challenge says who asks, who has joined, and until when you can.",
            ),
            Step(
                f"Say that {self.name} has a need too",
                Place("help", part="join"),
                "Say how far you go along: watching, interested or committed. You can change "
                "it or take it back while the challenge is open.",
            ),
            Step(
                "Post a challenge of your own",
                place("challenge.new") if self.may_post else Place("help", part="post"),
                "Describe the problem, not the product. You can start from a published notice.",
            ),
        )

    @property
    def needs_you(self) -> Lines:
        found = [*self._waiting(), *self._closing_soon(), *self._undecided()]
        in_order = sorted(found, key=lambda line: line.on or date.max)
        return lines(
            [
                *asking(self.ctx),
                *self._tenders,
                *to_check(self.ctx, self._relied),
                *in_order,
            ],
            "Nothing waits for you.",
            place("home.challenges"),
        )

    @property
    def coming_up(self) -> Sequence[Week]:
        ours = (
            about("Yours closes", one, on=one.closes_on) for one in self._own if self._live(one)
        )
        joined = [
            about(
                f"It closes, and {self.name} takes part", one.challenge, on=one.challenge.closes_on
            )
            for one in self._joined
            if self._live(one.challenge)
        ]
        ends = [
            about("Your own contract ends, as you said when you joined", challenge, on=day)
            for challenge, day in ((one.challenge, day) for one, day in self._ties.joined)
            if day
        ]
        findings = findings_that_end(self.ctx, self._relied)
        tenders = dates_ahead(self._dated)
        return by_week([*ours, *joined, *ends, *findings, *tenders], self.today)

    @cached_property
    def new(self) -> Lines:
        since = self.ctx.now - LATELY
        joined = [
            about(
                f"{named(joining.names)} {'has' if len(joining.names) == 1 else 'have'} "
                f"your need too, the latest {ago(joining.latest)}",
                joining.challenge,
            )
            for joining in self._ties.joinings
        ]
        opened = [
            about(f"{one.organisation.called} opened it {ago(one.published_at)}", one, closing(one))
            for one in self._elsewhere
            if one.published_at and one.published_at >= since
        ]
        return lines(
            with_news(self.ctx, [*joined, *opened]),
            "Nobody has joined you, and nothing was opened in your areas of work.",
            OPEN_ONES,
        )

    @property
    def yours(self) -> Sequence[Count]:
        counts = by_stage(self._ours.by_stage, authority=self._ours.slug)
        if self._joined:
            counts.append(
                Count(len(self._joined), "Joined", Place("home.challenges", part="joined"))
            )
        return counts

    # ---- What they are made of

    @cached_property
    def _ours(self) -> queries.Ours:
        return queries.ours(self.ctx)

    @cached_property
    def _tenders(self) -> Sequence[Line]:
        return [
            *tenders_to_do(self.ctx),
            *bids_to_open(self.ctx, self._dated),
            *bidders_to_choose(self.ctx, self._dated),
            *awards_to_do(self.ctx, self._ours.awards),
        ]

    @cached_property
    def _dated(self) -> Sequence[Dated]:
        return dated(self.ctx)

    @cached_property
    def _relied(self) -> Sequence[tuple[Claim, Reliance | None]]:
        return claims_queries.reliances(self.ctx)

    @cached_property
    def _own(self) -> Sequence[Challenge]:
        return [one for group in challenges.mine(self.ctx) for one in group.challenges]

    @cached_property
    def _ties(self) -> queries.Ties:
        return queries.ties(self.ctx, self.ctx.now - LATELY)

    @cached_property
    def _joined(self) -> Sequence[Commitment]:
        return [one for one, _ in self._ties.joined]

    @cached_property
    def _elsewhere(self) -> Sequence[Challenge]:
        """What others post in our areas of work, and we have not joined."""
        return queries.elsewhere(
            self.ctx,
            self.ctx.now - LATELY,
            self.today + SOON,
            our_work=True,
            besides=[one.challenge_id for one in self._joined],
        )

    def _waiting(self) -> Iterator[Line]:
        for one in self._own:
            if waits := dashboard.waiting(self.ctx, one):
                remark = f": {one.remark}" if one.stage == Stage.RETURNED and one.remark else ""
                yield Line(
                    waits.does,
                    place(waits.route, id=one.id),
                    why=waits.why + remark,
                    about=one.called,
                    on=waits.due,
                )

    def _closing_soon(self) -> Iterator[Line]:
        why = "Yours is about to close. Tell colleagues in other boroughs while they can join"
        return (self._before_it_closes("Share", one, why) for one in self._own if self._soon(one))

    def _undecided(self) -> Iterator[Line]:
        for one in self._elsewhere if self.may_join else ():
            if self._soon(one):
                why = (
                    f"{one.organisation.called} asks. {self.name} has not said if it has this need"
                )
                yield self._before_it_closes("Decide on", one, why)

    def _before_it_closes(self, does: str, one: Challenge, why: str) -> Line:
        to = place("challenge.show", id=one.id)
        return Line(does, to, why, one.called, closing(one), one.closes_on)

    def _live(self, one: Challenge) -> bool:
        return one.standing(self.ctx.now) == Stage.OPEN

    def _soon(self, one: Challenge) -> bool:
        return self._live(one) and one.closes_on is not None and one.closes_on <= self.today + SOON
