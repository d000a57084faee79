"""Who may do what: the whole matrix, compared with the one that was agreed.

After a change that is meant, write the golden file anew: `python -m tests.rules.test_permissions`.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from auth.actor import CLOCK, VISITOR, Actor, Kind, Role
from marketplace import policy
from marketplace.verbs import Verb

AGREED = Path(__file__).with_name("permissions.txt")
OURS, THEIRS = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Thing:
    """What a verb is done to. It belongs to us."""

    organisation_id: UUID = OURS
    challenge: "Thing | None" = None


def thing(verb: Verb) -> Thing:
    """A commitment of ours is made to a challenge of theirs."""
    return Thing(challenge=Thing(THEIRS)) if verb.startswith("commitment.") else Thing()


def somebody(kind: Kind, organisation: UUID, *roles: Role) -> Actor:
    return Actor("Somebody", kind, frozenset(roles), organisation_id=organisation)


ACTORS = {
    "visitor": VISITOR,
    "our member": somebody(Kind.AUTHORITY, OURS),
    "our author": somebody(Kind.AUTHORITY, OURS, Role.AUTHOR),
    "our approver": somebody(Kind.AUTHORITY, OURS, Role.APPROVER),
    "our evaluator": somebody(Kind.AUTHORITY, OURS, Role.EVALUATOR),
    "their author": somebody(Kind.AUTHORITY, THEIRS, Role.AUTHOR),
    "our supplier's member": somebody(Kind.SUPPLIER, OURS),
    "our supplier's manager": somebody(Kind.SUPPLIER, OURS, Role.MANAGER),
    "their supplier's manager": somebody(Kind.SUPPLIER, THEIRS, Role.MANAGER),
    "LOTI curator": somebody(Kind.LOTI, UUID(int=3), Role.CURATOR),
    "LOTI administrator": somebody(Kind.LOTI, UUID(int=3), Role.ADMINISTRATOR),
    "everybody's every role": somebody(Kind.SUPPLIER, THEIRS, *Role),
    "the clock": CLOCK,
}


def matrix() -> str:
    """A line a verb: who of them all may do it to what is ours."""
    lines = []
    for verb in Verb:
        may = [name for name, who in ACTORS.items() if not policy.refusal(who, verb, thing(verb))]
        lines.append(f"{verb:22} {', '.join(may) or 'nobody'}")
    return "\n".join(lines) + "\n"


def test_who_may_do_what_is_what_was_agreed():
    assert matrix() == AGREED.read_text()


def test_every_verb_has_a_permission():
    assert set(policy.PERMISSIONS) == set(Verb)


def test_a_refusal_is_a_sentence_that_says_what_one_must_be():
    for verb in Verb:
        why = policy.refusal(VISITOR, verb, thing(verb))
        assert why is not None
        assert why.startswith("To do this you must ")
        assert why.endswith(".")


def test_nobody_joins_the_challenge_of_their_own_authority():
    own = Thing(OURS, challenge=Thing(OURS))
    why = policy.refusal(ACTORS["our author"], Verb.COMMITMENT_MAKE, own)
    assert why is not None
    assert "another authority" in why


if __name__ == "__main__":
    AGREED.write_text(matrix())
