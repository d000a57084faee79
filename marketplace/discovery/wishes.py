"""What a reader asks of the answers beyond what the challenge says: requirements that leave
products out, and what shall not count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from marketplace.catalogue.models import Deployment, PriceModel, Product
from marketplace.claims.standing import Word
from marketplace.discovery.reasons import Part
from marketplace.reference.bands import Band
from search.words import fold, stem

if TYPE_CHECKING:
    from marketplace.discovery.matching import Answer

LONGEST_NAME = 200  # characters of a product that is asked about
_WORD = re.compile(r"[^\W_]+")
MEETS = frozenset({Word.MET, Word.EXPIRING})


@dataclass(frozen=True, slots=True)
class Wishes:
    deployment: frozenset[Deployment] = frozenset()
    sme: bool = False
    within_budget: bool = False
    must: frozenset[str] = frozenset()  # keys of standards that have to be assessed as met
    without: tuple[str, ...] = ()  # words of the need that shall not count
    off: frozenset[Part] = frozenset()  # parts that shall not count

    @property
    def narrow(self) -> bool:
        """Whether they leave products out."""
        return bool(self.deployment or self.sme or self.within_budget or self.must)


NO_WISHES = Wishes()


class Asked(BaseModel):
    """The wishes as the address of a page has them."""

    deployment: list[Deployment] = []
    sme: bool = False
    within_budget: bool = False
    must: list[str] = []
    without: list[str] = []
    off: list[Part] = []
    why: str = ""  # the name of a product that is missed

    def wishes(self, standards: Iterable[str]) -> Wishes:
        """The wishes; a standard that is none is none of them."""
        return Wishes(
            frozenset(self.deployment),
            self.sme,
            self.within_budget,
            frozenset(self.must) & frozenset(standards),
            single_words(self.without),
            frozenset(self.off),
        )

    @property
    def missed(self) -> str:
        return " ".join(self.why.split())[:LONGEST_NAME]


def single_words(typed: Iterable[str]) -> tuple[str, ...]:
    """Those of these texts that are one word, each once: only words can be left out of a need."""
    words = (text for text in typed if _WORD.fullmatch(text))
    return tuple(dict.fromkeys(words))


def leaving_out(text: str, words: Iterable[str]) -> str:
    """The text without these words in any of their forms."""
    stems = {stem(fold(word)) for word in words}
    return _WORD.sub(lambda found: "" if stem(fold(found[0])) in stems else found[0], text)


def shortfalls(answer: "Answer", wishes: Wishes, titles: Mapping[str, str]) -> list[str]:
    """What a reader wished for and this product is not, in phrases. `titles` are of standards."""
    product, budget = answer.product, answer.challenge.band
    says = []
    if wishes.deployment and product.deployment not in wishes.deployment:
        says.append("It does not run where you asked")
    if wishes.sme and not product.organisation.is_sme:
        says.append("Its supplier is not a small or medium-sized enterprise")
    if wishes.within_budget and budget and not _affordable(product, budget):
        says.append("Its price is above the budget, or not given")
    for key in sorted(wishes.must):
        if not meets(answer, key):
            says.append(f"It is not assessed as meeting {titles.get(key, key)}")
    return says


def meets(answer: "Answer", key: str) -> bool:
    """Whether the product is assessed as meeting a standard, all of it, today."""
    held = answer.held.get(key)
    return held is not None and held.word in MEETS


def left_out(lacks: Iterable[Sequence[str]]) -> Mapping[str, int]:
    """How many products lack each of the things wished for, the most first."""
    return dict(Counter(says for each in lacks for says in each).most_common())


def _affordable(product: Product, budget: Band) -> bool:
    if product.band is None:
        return product.price_model is PriceModel.FREE
    return product.band.low <= budget.low
