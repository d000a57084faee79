"""Who may do what: the whole matrix, compared with the one that was agreed.

After a change that is meant, write the golden file anew: `python -m tests.rules.test_permissions`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from auth.actor import CLOCK, VISITOR, Actor, Kind, Role
from marketplace import policy
from marketplace.verbs import Verb

AGREED = Path(__file__).with_name("permissions.txt")
EYES = "every role of ours, with support's eyes"
OURS, THEIRS, LOTI, NOBODYS = (UUID(int=number) for number in (1, 2, 3, 99))


# ---- Who asks. Each is a person of their own.


def _people() -> Iterator[tuple[str, Actor]]:
    def somebody(kind: Kind, organisation: UUID, *roles: Role) -> Actor:
        return Actor("Somebody", kind, frozenset(roles), organisation_id=organisation)

    yield "signed in, no organisation", Actor("Somebody", Kind.PUBLIC)
    yield "our member", somebody(Kind.AUTHORITY, OURS)
    yield "our author", somebody(Kind.AUTHORITY, OURS, Role.AUTHOR)
    yield "our approver", somebody(Kind.AUTHORITY, OURS, Role.APPROVER)
    yield "our evaluator", somebody(Kind.AUTHORITY, OURS, Role.EVALUATOR)
    yield "our administrator", somebody(Kind.AUTHORITY, OURS, Role.ADMINISTRATOR)
    yield "their author", somebody(Kind.AUTHORITY, THEIRS, Role.AUTHOR)
    yield "their administrator", somebody(Kind.AUTHORITY, THEIRS, Role.ADMINISTRATOR)
    yield "our supplier's member", somebody(Kind.SUPPLIER, OURS)
    yield "our supplier's manager", somebody(Kind.SUPPLIER, OURS, Role.MANAGER)
    yield "our supplier's administrator", somebody(Kind.SUPPLIER, OURS, Role.ADMINISTRATOR)
    yield "their supplier's manager", somebody(Kind.SUPPLIER, THEIRS, Role.MANAGER)
    yield "their supplier's administrator", somebody(Kind.SUPPLIER, THEIRS, Role.ADMINISTRATOR)
    yield "LOTI viewer", somebody(Kind.LOTI, LOTI)
    yield "LOTI curator", somebody(Kind.LOTI, LOTI, Role.CURATOR)
    yield "LOTI assessor", somebody(Kind.LOTI, LOTI, Role.ASSESSOR)
    yield "LOTI support", somebody(Kind.LOTI, LOTI, Role.SUPPORT)
    yield "LOTI administrator", somebody(Kind.LOTI, LOTI, Role.ADMINISTRATOR)
    yield "everybody's every role", somebody(Kind.SUPPLIER, THEIRS, *Role)
    every = somebody(Kind.AUTHORITY, OURS, *Role)
    yield EYES, replace(every, seen_through="Grace Boateng")


ACTORS: Mapping[str, Actor] = {
    "visitor": VISITOR,
    **{
        name: replace(who, person_id=UUID(int=1000 + number))
        for number, (name, who) in enumerate(_people())
    },
    "the clock": CLOCK,
}
GROUPS = {  # that would be long lists of names
    frozenset(ACTORS): "everybody",
    frozenset(ACTORS) - {EYES}: "everybody, but not with support's eyes",
    frozenset(ACTORS) - {"visitor", "the clock"}: "whoever signed in, even with support's eyes",
    frozenset(ACTORS) - {"visitor", "the clock", EYES}: "whoever signed in",
    frozenset(ACTORS) - {"visitor", EYES}: "whoever signed in, the clock",
}

# ---- What it is done to, as seen by whoever asks.

Thing = SimpleNamespace
Case = Callable[[Actor], Thing]


def organisation(id: UUID, kind: Kind) -> Case:
    return lambda who: Thing(id=id, kind=kind)


def of(id: UUID, kind: Kind, *, person: bool | None = None) -> Case:
    """Something that belongs to an organisation; to the asking `person`, to another, or none."""

    def made(who: Actor) -> Thing:
        thing = Thing(id=UUID(int=50), organisation_id=id, organisation=Thing(id=id, kind=kind))
        if person is not None:
            thing.person_id = who.person_id if person else NOBODYS
        return thing

    return made


def commitment(to: UUID) -> Case:
    challenge = Thing(id=UUID(int=51), organisation_id=to)
    return lambda who: Thing(id=UUID(int=50), organisation_id=OURS, challenge=challenge)


def tender(lead: UUID) -> Thing:
    partners = sorted({str(lead), str(OURS)})
    return Thing(id=UUID(int=52), organisation_id=lead, partners=partners)


def in_tender(lead: UUID, of: UUID) -> Case:
    """Something of one authority in a tender that ours takes part in."""
    party = Thing(id=UUID(int=53), organisation_id=of)
    return lambda who: Thing(id=UUID(int=50), tender=tender(lead), organisation_id=of, party=party)


TENDERS: Mapping[str, Case] = {
    "ours leads": lambda who: tender(OURS),
    "ours takes part": lambda who: tender(THEIRS),
}
IN_TENDERS: Mapping[str, Case] = {
    "ours, ours leads": in_tender(OURS, OURS),
    "ours, theirs leads": in_tender(THEIRS, OURS),
    "theirs, ours leads": in_tender(OURS, THEIRS),
}


def opening(begun: UUID) -> Case:
    """The opening of a tender that ours takes part in, and which authority has begun it."""
    return lambda who: Thing(id=UUID(int=50), tender=tender(THEIRS), begun_for_id=begun)


def in_evaluation(lead: UUID, role: str = "", *, holds: bool = False) -> Case:
    """Something in the evaluation of a tender: a seat of ours, which the asking person holds or
    another does, on a panel on which they sit in a role or do not.
    """

    def made(who: Actor) -> Thing:
        its = {"role": role, "for": str(OURS), "seat": ""}
        sitting = {str(who.person_id): its} if role else {}
        holder = who.person_id if holds else NOBODYS
        seat = Thing(role=role or "evaluator", organisation_id=OURS, expert=False)
        seat.person_id = holder
        return Thing(
            id=UUID(int=50),
            sitting=sitting,
            tender=tender(lead),
            organisation_id=OURS,
            person_id=holder,
            expert=False,
            seat=seat,
            question=Thing(organisation_id=None),
        )

    return made


IN_EVALUATIONS: Mapping[str, Case] = {
    "not on the panel": in_evaluation(THEIRS),
    "evaluates": in_evaluation(THEIRS, "evaluator", holds=True),
    "chairs": in_evaluation(THEIRS, "chair", holds=True),
    "is its officer": in_evaluation(THEIRS, "officer", holds=True),
    "ours leads": in_evaluation(OURS),
}
SEATS: Mapping[str, Case] = {
    "ours, theirs leads": in_evaluation(THEIRS),
    "their own": in_evaluation(THEIRS, holds=True),
    "ours, ours leads": in_evaluation(OURS),
}


def award(lead: UUID, *lot: UUID) -> Case:
    """An award of a tender that ours takes part in, and the authorities that its lot is for."""
    return lambda who: Thing(id=UUID(int=50), tender=tender(lead), parties=list(map(str, lot)))


def contract(of: UUID, *parties: UUID) -> Thing:
    """A contract of one authority, or one that several sign, from a tender that ours leads."""
    return Thing(
        id=UUID(int=54),
        organisation_id=of,
        parties=list(map(str, parties or (of,))),
        supplier_id=OURS,
        tender=tender(OURS),
    )


def of_contract(of: UUID) -> Case:
    """Something that ours does about a contract of an authority, with a supplier that is ours."""
    return lambda who: Thing(id=UUID(int=50), organisation_id=OURS, contract=contract(of))


def claim(own: bool) -> Case:
    """A claim that the asking person has taken to assess, or that somebody else has."""
    return lambda who: Thing(
        id=UUID(int=50), organisation_id=OURS, assessor_id=who.person_id if own else NOBODYS
    )


OWN: Mapping[str, Case] = {
    "their own": lambda who: Thing(id=UUID(int=50), person_id=who.person_id),
    "another's": lambda who: Thing(id=UUID(int=50), person_id=NOBODYS),
}
OF_OURS: Mapping[str, Case] = {
    "of ours": of(OURS, Kind.AUTHORITY),
    "of LOTI": of(LOTI, Kind.LOTI),
}
OF_SOMEBODY: Mapping[str, Case] = {
    "another's, of ours": of(OURS, Kind.AUTHORITY, person=False),
    "another's, of LOTI": of(LOTI, Kind.LOTI, person=False),
    "their own, of ours": of(OURS, Kind.AUTHORITY, person=True),
    "their own, of LOTI": of(LOTI, Kind.LOTI, person=True),
}
ONESELF: Mapping[str, Case] = {
    "themselves": lambda who: Thing(id=who.person_id),
    "another": lambda who: Thing(id=NOBODYS),
}
ANY: Mapping[str, Case] = {"": lambda who: Thing(id=UUID(int=50))}
CASES: Mapping[str, Mapping[str, Case]] = {
    "organisation": {
        "ours": organisation(OURS, Kind.AUTHORITY),
        "LOTI": organisation(LOTI, Kind.LOTI),
    },
    "link": ANY,
    "session": OWN,
    "identity": OWN,
    "person": ONESELF,
    "address": ONESELF,
    "calendar": ONESELF,
    "mail": ANY,
    "domain": OF_OURS,
    "invitation": OF_OURS,
    "join": OF_SOMEBODY,
    "membership": OF_SOMEBODY,
    "support": OF_SOMEBODY,
    "registration": OWN,
    "agreement": {"ours": of(OURS, Kind.SUPPLIER)},
    "notification": OWN,
    "preference": OWN,
    "notice": ANY,
    "standard": ANY,
    "file": ANY,
    "product": {"ours": of(OURS, Kind.SUPPLIER)},
    "rate": {"ours": of(OURS, Kind.SUPPLIER)},
    "claim": {
        "ours, theirs to assess": claim(own=True),
        "ours, another's to assess": claim(own=False),
    },
    "reliance": {"ours": of(OURS, Kind.AUTHORITY)},
    "interest": OWN,
    "edit": ANY,
    "report": ANY,
    "use": {"ours": of(OURS, Kind.AUTHORITY)},
    "challenge": {"ours": of(OURS, Kind.AUTHORITY)},
    "commitment": {"ours to theirs": commitment(THEIRS), "ours to ours": commitment(OURS)},
    "tender": TENDERS,
    "party": IN_TENDERS,
    "lot": IN_TENDERS,
    "criterion": IN_TENDERS,
    "approval": IN_TENDERS,
    "comment": IN_TENDERS,
    "clarification": IN_TENDERS,
    "bid": {"ours": of(OURS, Kind.SUPPLIER)},
    "choice": IN_TENDERS,
    "opening": {
        "begun by nobody": opening(NOBODYS),
        "begun by ours": opening(OURS),
        "begun by theirs": opening(THEIRS),
    },
    "evaluation": IN_EVALUATIONS,
    "seat": SEATS,
    "question": IN_EVALUATIONS,
    "score": IN_EVALUATIONS,
    "judgement": IN_EVALUATIONS,
    "exchange": IN_EVALUATIONS,
    "disregard": IN_EVALUATIONS,
    "award": {
        "ours leads and buys": award(OURS, OURS),
        "ours leads": award(OURS, THEIRS),
        "ours buys": award(THEIRS, OURS, THEIRS),
    },
    "summary": TENDERS,
    "proceedings": TENDERS,
    "contract": {
        "ours": lambda who: contract(OURS),
        "theirs, ours signs": lambda who: contract(THEIRS, OURS, THEIRS),
        "theirs": lambda who: contract(THEIRS),
    },
    "calloff": {"ours": of(OURS, Kind.AUTHORITY), "theirs": of(THEIRS, Kind.AUTHORITY)},
    "milestone": {"ours": of_contract(OURS), "theirs": of_contract(THEIRS)},
    "review": {"ours": of_contract(OURS)},
    "shortlist": {"ours": of(OURS, Kind.AUTHORITY)},
    "delivery": ANY,
    "search": OWN,
    "alert": ANY,
    "watch": OWN,
}


def cases(verb: Verb) -> Mapping[str, Case]:
    return CASES[verb.split(".")[0]]


def matrix() -> str:
    """A line a verb and thing: who of them all may do it."""
    lines = []
    for verb in Verb:
        for case, made in cases(verb).items():
            may = [name for name, who in ACTORS.items() if not policy.refusal(who, verb, made(who))]
            who = GROUPS.get(frozenset(may), ", ".join(may)) or "nobody"
            lines.append(f"{verb:22} {case:19} {who}")
    return "\n".join(lines) + "\n"


def test_who_may_do_what_is_what_was_agreed():
    assert matrix() == AGREED.read_text()


def test_every_verb_has_a_permission():
    assert set(policy.PERMISSIONS) == set(Verb)


def test_the_matrix_is_about_every_kind_of_thing():
    assert {verb.split(".")[0] for verb in Verb} == set(CASES)


FOR_EVERYBODY = {Verb.LINK_ASK}  # how one gets in at all


@pytest.mark.parametrize("verb", sorted(set(Verb) - FOR_EVERYBODY))
def test_a_refusal_is_a_sentence_that_says_what_one_must_be(verb):
    for made in cases(verb).values():
        why = policy.refusal(VISITOR, verb, made(VISITOR))
        assert why is not None
        assert why.startswith("To do this you must ")
        assert why.endswith(".")


def test_only_what_is_named_is_for_everybody():
    assert {verb for verb, rules in policy.PERMISSIONS.items() if not rules} == FOR_EVERYBODY


@pytest.mark.parametrize("verb", sorted(set(Verb) - policy.LOOKING))
def test_nothing_is_changed_with_support_s_eyes(verb):
    who = ACTORS[EYES]
    for made in cases(verb).values():
        why = policy.refusal(who, verb, made(who))
        assert why == "You look at this with somebody else's eyes, so you cannot change anything."


def test_nobody_joins_the_challenge_of_their_own_authority():
    who = ACTORS["our author"]
    why = policy.refusal(who, Verb.COMMITMENT_MAKE, commitment(OURS)(who))
    assert why is not None
    assert "another authority" in why


if __name__ == "__main__":
    AGREED.write_text(matrix())
