"""Which listed products a standard's rules catch, and what another set of rules would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.core.context import Context
from marketplace.standards import queries
from marketplace.standards.applicability import binding, rule
from marketplace.standards.models import Obligation
from marketplace.standards.queries import Offer

Rules = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Caught:
    """A product that the rules catch, and how far the standard binds there."""

    offer: Offer
    obligation: Obligation
    was: Obligation | None = None  # by the rules before


@dataclass(frozen=True, slots=True)
class Catch:
    """What rules catch of what is listed, beside what other rules caught before."""

    caught: Sequence[Caught]
    gone: Sequence[Offer]  # caught before, and no longer
    listed: int
    compared: bool  # with a version before

    @property
    def new(self) -> Sequence[Caught]:
        return [one for one in self.caught if one.was is None] if self.compared else ()

    @property
    def changed(self) -> Sequence[Caught]:
        return [one for one in self.caught if one.was not in (None, one.obligation)]

    @property
    def says(self) -> str:
        """The finding in one sentence."""
        if not self.listed:
            return "No product is listed yet, so there is nothing to try the rules on."
        number = len(self.caught)
        if number == self.listed:
            counted = f"They catch every listed product: {number}."
        else:
            counted = f"They catch {number} of {self.listed} listed products."
        if not self.compared:
            return counted
        return f"{counted} Newly caught: {len(self.new)}. No longer caught: {len(self.gone)}."

    def by(self, wanted: Obligation) -> Sequence[Caught]:
        return [one for one in self.caught if one.obligation is wanted]


def catch(offers: Iterable[Offer], rules: Rules, before: Rules | None = None) -> Catch:
    caught, gone, listed = [], [], 0
    these = [rule(one) for one in rules]
    those = [rule(one) for one in before or ()]
    for offer in offers:
        listed += 1
        now = binding(these, offer.facts)
        was = binding(those, offer.facts)
        if now:
            caught.append(Caught(offer, now, was))
        elif was:
            gone.append(offer)
    return Catch(caught, gone, listed, before is not None)


def of(ctx: Context, rules: Rules, before: Rules | None = None) -> Catch:
    """What rules catch of what is listed now."""
    return catch(queries.offers(ctx), rules, before)
