"""The home page of somebody who acts for a supplier."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from marketplace.bids.boxes import Box
from marketplace.bids.models import BidStage
from marketplace.bids.working import remaining
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.models import Product, Stage
from marketplace.claims import queries as claims
from marketplace.claims.pages import blank
from marketplace.claims.queries import Own, Published, Standing
from marketplace.core.context import Context
from marketplace.core.times import ago, in_london, when
from marketplace.discovery import matching
from marketplace.discovery.matching import Answer
from marketplace.home import queries
from marketplace.home.asking import asking, with_news
from marketplace.home.authority import OPEN_ONES
from marketplace.home.bidding_queries import Bidding, bidding
from marketplace.home.blocks import (
    LATELY,
    Count,
    Line,
    Lines,
    Place,
    Step,
    Week,
    about,
    by_week,
    closing,
    lines,
    place,
)
from marketplace.home.compliance import claims_coming_up, claims_counted, claims_to_do
from marketplace.home.tendering import bids_to_explain
from marketplace.onboarding import queries as onboarding
from marketplace.onboarding.queries import Unsigned
from marketplace.policy import refusal
from marketplace.verbs import Verb
from search.port import Index, Unavailable

ANSWERED = 20  # open challenges that the products answer
REASONS = 3  # told of each


class SupplierHome:
    """Each block asks for what it shows when it is drawn, and only then."""

    map = None
    yours_are = "Your products and claims"

    def __init__(self, ctx: Context, index: Index) -> None:
        self.ctx, self.index = ctx, index
        self.today = in_london(ctx.now).date()

    @cached_property
    def unsigned(self) -> Unsigned | None:
        """Whether the agreement waits for a signature; all the rest is worth little until then."""
        return None if self._bidding.signed else onboarding.unsigned(self.ctx)

    @cached_property
    def _bidding(self) -> Bidding:
        return bidding(self.ctx)

    @cached_property
    def may_list(self) -> bool:
        return refusal(self.ctx.actor, Verb.PRODUCT_DRAFT, self.ctx.actor) is None

    @cached_property
    def may_claim(self) -> bool:
        ours = blank(self.ctx.actor.organisation_id)
        return refusal(self.ctx.actor, Verb.CLAIM_MAKE, ours) is None

    @property
    def actions(self) -> Sequence[Step]:
        add = Step("Add a product", place("product.new"))
        see = Step("See what London needs", OPEN_ONES)
        show = Step("Show which standards you meet", place("claim.mine"))
        bids = Step("Go on with your bids", place("bid.mine"))
        return (add, show, see, bids) if self.may_list else (show, see, bids)

    @property
    def cannot(self) -> str:
        if self.may_list:
            return ""
        return "To add or change a product you must be a manager in your organisation."

    @property
    def steps(self) -> Sequence[Step]:
        if any(self._products.values()) or self._claims or self._bidding.boxes:
            return ()
        return (
            Step(
                "Describe a product",
                place("product.new") if self.may_list else Place("help", part="list"),
                "What it does, for which work, and what it costs. You can stop and go on later.",
            ),
            Step(
                "List it",
                Place("help", part="list"),
                "Authorities then find it, and it is compared with every open challenge.",
            ),
            Step(
                "See who needs it",
                OPEN_ONES,
                "Challenges that your products answer stand on this page, each with the reason.",
            ),
        )

    @property
    def needs_you(self) -> Lines:
        empty = (
            "No draft or claim waits for you, and no open challenge is answered by your products."
        )
        if self._answers is None:
            empty = "Search is not available, so we cannot say which challenges you answer."
        answers = sorted(self._answers or (), key=lambda one: one.challenge.closes_on or date.max)
        to_do = claims_to_do(self._claims) if self.may_claim else []
        unsubmitted = (box for box in self._bidding.boxes if box.bid.stage is BidStage.DRAFT)
        begun = [_submit(box, self.ctx.now) for box in unsubmitted]
        changed = [box for box in self._bidding.boxes if box.bid.id in self._bidding.to_confirm]
        found = [
            *bids_to_explain(self._bidding.exchanges),
            *map(_confirm, changed),
            *asking(self.ctx),
            *begun,
            *to_do,
            *self._drafts(),
            *map(_answered, answers),
        ]
        return lines(found, empty, OPEN_ONES)

    @property
    def coming_up(self) -> Sequence[Week]:
        closes = (
            about(
                f"{one.challenge.organisation.called} closes it; {one.product.name} answers it",
                one.challenge,
                on=one.challenge.closes_on,
            )
            for one in self._answers or ()
        )
        deadlines = [_closing(box) for box in self._bidding.boxes]
        return by_week([*closes, *deadlines, *claims_coming_up(self._claims)], self.today)

    @cached_property
    def new(self) -> Lines:
        since = self.ctx.now - LATELY
        answered = [one.challenge.id for one in self._answers or ()]
        opened = [
            about(f"{one.organisation.called} opened it {ago(one.published_at)}", one, closing(one))
            for one in queries.elsewhere(self.ctx, since, self.today, besides=answered)
            if one.published_at and one.published_at >= since
        ]
        return lines(with_news(self.ctx, opened), "No other challenge was opened.", OPEN_ONES)

    @property
    def yours(self) -> Sequence[Count]:
        products = [
            Count(len(those), stage.label, Place("product.mine", part=stage))
            for stage, those in self._products.items()
            if those
        ]
        return [*products, *claims_counted(self._claims)]

    @cached_property
    def _products(self) -> Mapping[Stage, Sequence[Product]]:
        return catalogue.mine(self.ctx)

    @cached_property
    def _claims_and_standards(self) -> tuple[Sequence[Own], Sequence[Published]]:
        return claims.own(self.ctx)

    @property
    def _claims(self) -> Sequence[Own]:
        return self._claims_and_standards[0]

    def _standings(self, products: Sequence[Product]) -> Mapping[UUID, Sequence[Standing]]:
        """How the products stand by what was asked already."""
        return {
            product.id: [
                one.standing for one in self._claims if one.product_id in (None, product.id)
            ]
            for product in products
        }

    @cached_property
    def _answers(self) -> Sequence[Answer] | None:
        """None while the search does not answer."""
        try:
            listed = self._products[Stage.LISTED]
            return matching.needs_among(
                self.ctx,
                self.index,
                listed,
                size=ANSWERED,
                standings=self._standings(listed),
                published=self._claims_and_standards[1],
            )
        except Unavailable:
            return None

    def _drafts(self) -> Iterator[Line]:
        for product in self._products[Stage.DRAFT] if self.may_list else ():
            why = "It is a draft, so nobody can find it and no challenge is compared with it"
            to = place("product.edit", id=product.id)
            yield Line("Finish", to, why, product.name or "a product without a name")


def _submit(box: Box, at: datetime) -> Line:
    bid = box.bid
    closes = bid.closes_at or at
    why = "It is not submitted, and what is not submitted by the deadline does not count"
    due = f"Closes in {remaining(closes - at)}, on {when(closes)}"
    what = f"your bid for {bid.tender.called}"
    return Line("Submit", _to(box), why, what, due, in_london(closes).date())


def _confirm(box: Box) -> Line:
    bid = box.bid
    closes = bid.closes_at
    return Line(
        "Confirm again",
        _to(box),
        "The tender was amended, and what is not confirmed by the deadline does not count",
        f"your bid for {bid.tender.called}",
        f"Closes on {when(closes)}" if closes else "",
        in_london(closes).date() if closes else None,
    )


def _closing(box: Box) -> Line:
    bid = box.bid
    said = "Your bid is submitted" if bid.stage is BidStage.SUBMITTED else "Your bid is begun"
    closes = bid.closes_at
    return Line(
        bid.tender.called,
        _to(box),
        f"{said}. Bidding closes",
        due=when(closes) if closes else "",
        on=in_london(closes).date() if closes else None,
    )


def _to(box: Box) -> Place:
    bid = box.bid
    return Place("bid.show", {"id": bid.tender_id}, {"stage": bid.round} if bid.round else {})


def _answered(answer: Answer) -> Line:
    challenge = answer.challenge
    return Line(
        challenge.called,
        place("challenge.show", id=challenge.id),
        why=f"{challenge.organisation.called} needs this, and {answer.product.name} answers it",
        due=closing(challenge),
        on=challenge.closes_on,
        fit=str(answer.fit or ""),
        reasons=tuple(reason.pieces for reason in answer.because[:REASONS]),
    )
