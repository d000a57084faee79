"""The conditions of which permissions are made; which verb asks for which stands in `policy`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auth.actor import Actor, Kind, Role


@dataclass(frozen=True, slots=True)
class Rule:
    says: str  # completes "To do this you must …"
    holds: Callable[[Actor, Any], bool]

    def __and__(self, other: "Rule | Rules") -> "Rules":
        return Rules((self,)) & other


class Rules(tuple[Rule, ...]):
    def __and__(self, other: "Rule | Rules") -> "Rules":
        return Rules((*self, *((other,) if isinstance(other, Rule) else other)))


authority = Rule("act for an authority", lambda who, _: who.kind is Kind.AUTHORITY)
supplier = Rule("act for a supplier", lambda who, _: who.kind is Kind.SUPPLIER)
author = Rule("be an author in your organisation", lambda who, _: Role.AUTHOR in who.roles)
manager = Rule("be a manager in your organisation", lambda who, _: Role.MANAGER in who.roles)
author_or_approver = Rule(
    "be an author or an approver in your organisation",
    lambda who, _: not who.roles.isdisjoint({Role.AUTHOR, Role.APPROVER}),
)
curator = Rule(
    "be a curator of LOTI", lambda who, _: who.kind is Kind.LOTI and Role.CURATOR in who.roles
)
assessor = Rule(
    "be an assessor of LOTI", lambda who, _: who.kind is Kind.LOTI and Role.ASSESSOR in who.roles
)
assessor_or_curator = Rule(
    "be an assessor or a curator of LOTI",
    lambda who, _: (
        who.kind is Kind.LOTI and not who.roles.isdisjoint({Role.ASSESSOR, Role.CURATOR})
    ),
)
has_it = Rule(
    "be the assessor who has taken it",
    lambda who, what: who.known and what.assessor_id == who.person_id,
)
loti_administrator = Rule(
    "be an administrator of LOTI",
    lambda who, _: who.kind is Kind.LOTI and Role.ADMINISTRATOR in who.roles,
)
loti_support = Rule(
    "be in the support of LOTI or one of its administrators",
    lambda who, _: (
        who.kind is Kind.LOTI and not who.roles.isdisjoint({Role.SUPPORT, Role.ADMINISTRATOR})
    ),
)
signed_in = Rule("sign in", lambda who, _: who.known)
themselves = Rule(
    "be the person it is about",
    lambda who, what: who.known and getattr(what, "person_id", what.id) == who.person_id,
)
somebody_else = Rule(
    "ask somebody else, because it is about yourself",
    lambda who, what: getattr(what, "person_id", what.id) != who.person_id,
)
not_lotis_own = Rule(
    "leave LOTI's own people to an administrator of LOTI",
    lambda who, what: what.organisation.kind is not Kind.LOTI,
)
not_loti_itself = Rule(
    "leave LOTI itself alone, because nobody else could undo it",
    lambda who, what: what.kind is not Kind.LOTI,
)
its_administrator = Rule(
    "be an administrator of the organisation",
    lambda who, what: (
        Role.ADMINISTRATOR in who.roles
        and getattr(what, "organisation_id", what.id) == who.organisation_id
    ),
)
owner = Rule(
    "act for the organisation it belongs to",
    lambda who, what: what.organisation_id == who.organisation_id,
)
not_the_posters_own = Rule(
    "act for another authority than the one that posted the challenge",
    lambda who, what: what.challenge.organisation_id != who.organisation_id,
)


def either(one: Rule | Rules, other: Rule | Rules) -> Rule:
    """One set of rules holds, or the other."""
    ways = [(rules,) if isinstance(rules, Rule) else rules for rules in (one, other)]
    return Rule(
        ", or ".join(" and ".join(rule.says for rule in every) for every in ways),
        lambda who, what: any(all(rule.holds(who, what) for rule in every) for every in ways),
    )


def or_the_system(rules: Rule | Rules) -> Rule:
    """The rules hold, or the marketplace itself does it: the clock closes, a setting approves."""
    every = (rules,) if isinstance(rules, Rule) else rules
    return Rule(
        " and ".join(rule.says for rule in every),
        lambda who, what: who.kind is Kind.SYSTEM or all(rule.holds(who, what) for rule in every),
    )


the_marketplace_itself = Rule("be the marketplace itself", lambda who, _: who.kind is Kind.SYSTEM)
reads_notices_in = or_the_system(
    Rule("act for an authority or LOTI", lambda who, _: who.kind in (Kind.AUTHORITY, Kind.LOTI))
)
