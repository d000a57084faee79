"""What a challenge demands beside its words: standards, and systems to work with."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.challenges.models import Challenge
from marketplace.standards.applicability import Facts, obligation
from marketplace.standards.models import Obligation, Standard, StandardVersion

_WORD = re.compile(r"[^\W_]+")
RECOMMENDED = 0.5  # of the weight of a standard that binds or that the challenge names


@dataclass(frozen=True, slots=True)
class Demand:
    """A standard that products are held to here."""

    key: str
    title: str
    mandatory: bool
    named: bool = False  # by the challenge itself

    @property
    def weight(self) -> float:
        return 1.0 if self.mandatory or self.named else RECOMMENDED


def demanded(
    challenge: Challenge, published: Iterable[tuple[StandardVersion, Standard]]
) -> Sequence[Demand]:
    """The standards whose rules hold for a challenge, and those that it names; what binds first."""
    facts = Facts(
        frozenset(challenge.attributes), frozenset({challenge.area} if challenge.area else ())
    )
    found = []
    for version, standard in published:
        binds = obligation(version.rules, facts)
        named = standard.key in challenge.standards
        if binds or named:
            mandatory = binds is Obligation.MANDATORY
            found.append(Demand(standard.key, standard.title, mandatory, named))
    return sorted(found, key=lambda one: (-one.weight, one.title))


def works_with(integrations: Iterable[str], system: str) -> bool:
    """Whether a listing names a system, however fully: "Notify" is "GOV.UK Notify"."""
    asked = _words(system)
    return any(_alike(asked, _words(name)) for name in integrations)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name.casefold()))
