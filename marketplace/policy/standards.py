"""Who may do what with standards, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col

from auth.actor import Actor
from marketplace.policy.clauses import Clause, loti, of
from marketplace.rules import Rules, curator
from marketplace.standards.models import Requirement, Stage, Standard, StandardVersion
from marketplace.verbs import Verb

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.STANDARD_DRAFT: Rules((curator,)),
    Verb.STANDARD_EDIT: Rules((curator,)),
    Verb.STANDARD_DISCARD: Rules((curator,)),
    Verb.STANDARD_PUBLISH: Rules((curator,)),
    Verb.STANDARD_SUPERSEDE: Rules((curator,)),
    Verb.STANDARD_WITHDRAW: Rules((curator,)),
}
FRESHLY = frozenset({Verb.STANDARD_PUBLISH, Verb.STANDARD_WITHDRAW})


def _versions(who: Actor) -> ColumnElement[bool]:
    return or_(col(StandardVersion.stage) != Stage.DRAFT, loti(who))


VISIBILITY: Mapping[type[Any], Clause] = {
    Standard: lambda who: true(),
    StandardVersion: _versions,
    Requirement: of(StandardVersion, Requirement.version_id),
}
