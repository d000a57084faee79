"""The demo world's history, played through the actions that people use, under a stopped clock."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import Any

from auth.actor import CLOCK, Kind
from marketplace.app import Marketplace, listeners
from marketplace.catalogue import actions as catalogue
from marketplace.catalogue import curating, using
from marketplace.catalogue import drafts as product_drafts
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges import actions as challenges
from marketplace.challenges import drafts as challenge_drafts
from marketplace.challenges import forms
from marketplace.challenges.models import Level, Stage
from marketplace.core import db, ids, outbox
from marketplace.core.drafts import Section
from marketplace.core.forms import show
from marketplace.core.times import LONDON, at, now
from marketplace.organisations import actions as organisations
from marketplace.organisations import queries
from marketplace.organisations.models import Organisation
from search.port import Index
from seed import inboxes, listings, world
from seed.addresses import locate
from seed.awards import Awards
from seed.bids import Bids
from seed.claims import Claims
from seed.evaluation import Evaluations
from seed.people import People
from seed.rates import Rates
from seed.scene import Step
from seed.searches import Searches
from seed.shortlists import Shortlists
from seed.standards import Standards
from seed.tenders import Tenders

BEGINNING = 420  # days before the seed's today
TELLING = frozenset({"alerts", "notifications", "mail"})  # the listeners that people hear by
ENDINGS: Mapping[Stage, tuple[Callable[..., None], type[forms.Ending]]] = {
    Stage.TAKEN: (challenges.take, forms.Taking),
    Stage.PILOTED: (challenges.pilot, forms.Piloting),
    Stage.SHARED: (challenges.share, forms.Sharing),
    Stage.DROPPED: (challenges.drop, forms.Dropping),
    Stage.WITHDRAWN: (challenges.withdraw, forms.Withdrawing),
}


def plant(marketplace: Marketplace) -> bool:
    """Plays the whole history in one transaction; False when the world is there already."""
    with db.writing(marketplace.engine) as session:
        if world.suppliers()[0].key in queries.slugs(marketplace.context(session)):
            return False
        told = [one for one in listeners(marketplace) if one.name in TELLING]
        with ids.sequence("the demo world"), _nobody_listening():
            Story(session, marketplace.context(session)).play(marketplace.index)
            inboxes.fill(session, told)
        session.commit()
    return True


@contextmanager
def _nobody_listening() -> Iterator[None]:
    """The past is owed to no listener: whoever plants the world fills the index at once."""
    heard = list(outbox.LISTENERS.values())
    outbox.register()
    try:
        yield
    finally:
        outbox.register(*heard)


def typed(section: Section, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers to a section as somebody would type them."""
    own = {name: answers[name] for name in section.form.model_fields}
    return show(section.form, own).submitted


class Story(
    People, Rates, Standards, Claims, Shortlists, Tenders, Bids, Evaluations, Awards, Searches
):
    """The steps of all its people, in the order of time."""

    def play(self, index: Index) -> None:
        with at(self.moment(BEGINNING)):
            self._found()
        steps = [
            *self.comings(),
            *self.standards(),
            *self._products(),
            *self.rates(),
            *self.claims(),
            *self._challenges(),
            *self.tenders(),
            *self.bids(),
            *self.evaluations(),
            *self.awards(),
            *self.shortlists(index),
            *self.searches(),
        ]
        for step in sorted(steps, key=lambda step: step.moment):
            with at(min(step.moment, self.ctx.now)):
                step.do()

    # ---- Organisations

    def _found(self) -> None:
        ctx = self.acting(CLOCK)
        organisations.register_london(ctx)
        for text in world.suppliers():
            organisations.register(
                ctx,
                Organisation(
                    kind=Kind.SUPPLIER,
                    slug=text.key,
                    name=text.name,
                    description=text.description,
                    companies_house_number=text.companies_house_number,
                    is_sme=text.sme,
                    is_vcse=text.vcse,
                    regions=list(text.regions),
                    site=text.site,
                ),
            )
        self.session.flush()
        self.organisations = {one.slug: one for one in queries.everybody(ctx)}
        locate(self.organisations, (text.key for text in world.suppliers()))
        self.come_together()

    # ---- Products

    def _products(self) -> Iterator[Step]:
        for turn, text in enumerate(world.products()):
            days_ago = 40 + (turn * 97) % 340
            yield Step(self.moment(days_ago, turn), partial(self._offer, text))
            if text.key in listings.TEXTS:
                yield Step(self.moment(9, turn), partial(self._confirm, text))
                yield Step(self.moment(3, turn), partial(self._save_again, text))
            if text.stage in (Listing.PAUSED, Listing.RETIRED, Listing.SUSPENDED):
                yield Step(self.moment(days_ago // 3, turn), partial(self._take_down, text))

    def _offer(self, text: world.ProductText) -> None:
        ctx = self.writes(text.supplier)
        product = catalogue.draft(ctx, text.name)
        answers = {name: getattr(text, name, None) for name in product_drafts.COLUMNS}
        answers["users"] = [self.ids[slug] for slug in text.used_by]
        answers |= listings.answers(text)
        for section in product_drafts.SECTIONS.values():
            catalogue.edit(ctx, product, section, typed(section, answers))
        if text.key in listings.TEXTS:
            listings.fill(ctx, product, text.key, self.day)
        if text.stage is not Listing.DRAFT:
            self.session.flush()
            catalogue.list_(ctx, product)
        self.made[text.key] = product

    def _take_down(self, text: world.ProductText) -> None:
        product: Product = self.made[text.key]
        if text.stage is Listing.SUSPENDED:
            curating.suspend(self.writes("loti"), product, listings.SUSPENDED_BECAUSE)
        else:
            act = catalogue.pause if text.stage is Listing.PAUSED else catalogue.retire
            act(self.writes(text.supplier), product)

    def _confirm(self, text: world.ProductText) -> None:
        for contract in listings.TEXTS[text.key].contract:
            said = listings.confirming(contract, self.day)
            using.confirm(self.writes(contract.authority), self.made[text.key], said)

    def _save_again(self, text: world.ProductText) -> None:
        listings.save_again(self.writes(text.supplier), self.made[text.key], text.key)

    # ---- Challenges

    def _challenges(self) -> Iterator[Step]:
        for turn, text in enumerate(world.challenges()):
            yield from self._life(text, turn)
            for late, commitment in enumerate(text.commitment):
                yield from self._joining(text, commitment, turn + late)

    def _life(self, text: world.ChallengeText, turn: int) -> Iterator[Step]:
        def step(days_ago: int, later: int, do: Callable[[world.ChallengeText], None]) -> Step:
            return Step(self.moment(days_ago, turn + later), partial(do, text))

        yield step(text.created_days_ago, 0, self._draft)
        if text.stage is Stage.DRAFT:
            return
        waits = text.stage is Stage.SUBMITTED
        sent = text.reached_days_ago if waits else text.created_days_ago - 1
        yield step(sent, 1, self._submit)
        if text.stage is Stage.RETURNED:
            yield step(text.reached_days_ago, 2, self._return)
        if text.opened_days_ago is not None:
            yield step(text.opened_days_ago, 2, self._approve)
            if text.closes_in_days < 0:
                midnight = datetime.combine(self.day(text.closes_in_days + 1), time(tzinfo=LONDON))
                yield Step(midnight, self._close_what_is_over)
        if text.stage in ENDINGS:
            yield step(text.reached_days_ago, 3, self._end)

    def _submit(self, text: world.ChallengeText) -> None:
        challenges.submit(self.writes(text.authority), self.made[text.key])

    def _return(self, text: world.ChallengeText) -> None:
        asked = forms.Returning(message=text.remark, about=forms.Part(text.remark_about))
        challenges.return_(self.writes("loti"), self.made[text.key], asked)

    def _approve(self, text: world.ChallengeText) -> None:
        challenges.approve(self.writes("loti"), self.made[text.key])

    def _close_what_is_over(self) -> None:
        challenges.close_what_is_over(replace(self.ctx, actor=CLOCK, now=now()))

    def _end(self, text: world.ChallengeText) -> None:
        end, form = ENDINGS[text.stage]
        end(self.writes(text.authority), self.made[text.key], form(outcome=text.outcome))

    def _draft(self, text: world.ChallengeText) -> None:
        ctx = self.writes(text.authority)
        challenge = challenges.draft(ctx, text.title)
        self.session.flush()
        answers = {
            name: getattr(text, name, None)
            for section in challenge_drafts.SECTIONS.values()
            for name in section.form.model_fields
        } | {
            "closes_on": self.day(text.closes_in_days),
            "starts_on": self.day(text.starts_in_days),
        }
        for section in challenge_drafts.SECTIONS.values():
            challenges.edit(ctx, challenge, section, typed(section, answers))
        self.made[text.key] = challenge

    def _joining(
        self, text: world.ChallengeText, commitment: world.CommitmentText, turn: int
    ) -> Iterator[Step]:
        joins = partial(self._join, text, commitment)
        yield Step(self.moment(commitment.days_ago, turn), joins)
        if later := commitment.later:
            changes = partial(self._reconsider, text, commitment, later)
            yield Step(self.moment(later.days_ago, turn), changes)

    def _join(self, text: world.ChallengeText, commitment: world.CommitmentText) -> None:
        self.made[text.key, commitment.authority] = challenges.commit(
            self.writes(commitment.authority),
            self.made[text.key],
            self._said(commitment, commitment.level, commitment.note),
        )

    def _reconsider(
        self, text: world.ChallengeText, before: world.CommitmentText, later: world.ChangeText
    ) -> None:
        ctx, made = self.writes(before.authority), self.made[text.key, before.authority]
        if later.level == "withdrawn":
            challenges.uncommit(ctx, made)
        else:
            challenges.change(ctx, made, self._said(before, later.level, later.note))

    def _said(self, text: world.CommitmentText, level: Level, note: str) -> forms.Committing:
        ends = text.contract_ends_in_days
        return forms.Committing(
            level=level,
            volume=text.volume,
            unit=text.unit,
            band=text.band,
            earliest_start=self.day(text.earliest_start_in_days),
            contract_ends=None if ends is None else self.day(ends),
            note=note,
        )
