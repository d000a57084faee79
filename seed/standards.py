"""The part of the story in which LOTI publishes the standards that the marketplace ships."""

from collections.abc import Iterator
from functools import partial

from marketplace.standards import actions, shipping
from marketplace.standards.forms import Withdrawing
from marketplace.standards.models import StandardVersion
from marketplace.standards.shipping import StandardText
from seed.scene import Scene, Step

FIRST, LAST = 415, 405  # days before the seed's today between which the first ones are published
RENEWED = 393  # when those with a version before got the one that counts now
WITHDRAWN = {
    "PPN-017-AI": (
        60,
        "It is answered anew in every tender, so there is nothing that a product could be "
        "assessed against once and for all. Ask it in the tender itself.",
    )
}
DRAFTS = frozenset({"DVS-TRUST-FRAMEWORK"})  # its version is still to be confirmed


class Standards(Scene):
    """The standards of the story, by their short names among what it made."""

    def standards(self) -> Iterator[Step]:
        for turn, text in enumerate(shipping.texts()):
            days_ago = 20 if text.key in DRAFTS else FIRST - turn % (FIRST - LAST)
            yield Step(self.moment(days_ago, turn), partial(self._bring_in, text))
            if text.before:
                yield Step(self.moment(RENEWED, turn), partial(self._renew, text))
            if text.key in WITHDRAWN:
                days, because = WITHDRAWN[text.key]
                yield Step(self.moment(days, turn), partial(self._withdraw, text.key, because))

    def _bring_in(self, text: StandardText) -> None:
        ctx = self.writes("loti")
        version = shipping.begin(ctx, text.former() if text.before else text)
        self.session.flush()
        if text.key not in DRAFTS:
            actions.publish(ctx, version)
        self.made["standard", text.key] = version

    def _renew(self, text: StandardText) -> None:
        ctx = self.writes("loti")
        before: StandardVersion = self.made["standard", text.key]
        version = actions.draft_next(ctx, before.standard)
        shipping.fill_in(ctx, version, text.latest())
        self.session.flush()
        actions.publish(ctx, version)
        self.made["standard", text.key] = version

    def _withdraw(self, key: str, because: str) -> None:
        version: StandardVersion = self.made["standard", key]
        actions.withdraw(self.writes("loti"), version, Withdrawing(because=because))
