"""How one stage leads to another: what is listed happens, everything else is refused.

After a change that is meant, write the golden file anew: `python -m tests.rules.test_workflows`.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage, Stage
from marketplace.core.errors import Conflict
from marketplace.verbs import Verb

AGREED = Path(__file__).with_name("workflows.txt")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def challenge(stage: StrEnum) -> Challenge:
    return Challenge(stage=Stage(stage), closes_on=date(2999, 1, 1))


def product(stage: StrEnum) -> Product:
    return Product(name="Roundwise", stage=Listing(stage))


def commitment(stage: StrEnum) -> Commitment:
    return Commitment(stage=CommitmentStage(stage), challenge=challenge(Stage.OPEN))


STAGED: dict[str, tuple[type[StrEnum], Any]] = {
    "challenge": (Stage, challenge),
    "commitment": (CommitmentStage, commitment),
    "product": (Listing, product),
}
EVERY = [
    (name, stage, verb) for name, (stages, _) in STAGED.items() for stage in stages for verb in Verb
]


def table() -> str:
    """A line a stage and verb that is possible."""
    lines = []
    for name, (stages, made) in STAGED.items():
        for stage in stages:
            for verb in Verb:
                thing = made(stage)
                if thing.workflow.refusal(verb, thing, AT) is None:
                    target = thing.workflow.transition(verb, thing, AT).target
                    lines.append(f"{name:11} {stage:10} {verb:22} {target}")
    return "\n".join(lines) + "\n"


def test_the_workflows_are_what_was_agreed():
    assert table() == AGREED.read_text()


@pytest.mark.parametrize(("name", "stage", "verb"), EVERY)
def test_what_is_not_listed_is_refused_with_a_sentence(name, stage, verb):
    thing = STAGED[name][1](stage)
    if any(step.verb == verb and step.leaves(stage) for step in thing.workflow):
        return
    with pytest.raises(Conflict, match=r"^You cannot .+\.$"):
        thing.workflow.transition(verb, thing, AT)


def test_every_verb_about_something_with_stages_has_a_step():
    for name, (stages, made) in STAGED.items():
        steps = {step.verb for step in made(next(iter(stages))).workflow}
        assert steps == {verb for verb in Verb if verb.startswith(f"{name}.")}


if __name__ == "__main__":
    AGREED.write_text(table())
