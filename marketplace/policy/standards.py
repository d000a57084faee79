"""Who may do what with standards, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from auth.actor import Actor
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, loti, of, sees
from marketplace.rules import Rules, curator, or_the_system
from marketplace.standards.models import Requirement, Stage, Standard, StandardVersion
from marketplace.verbs import Verb

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.STANDARD_DRAFT: Rules((or_the_system(curator),)),  # what is shipped comes in as drafts
    Verb.STANDARD_EDIT: Rules((or_the_system(curator),)),
    Verb.STANDARD_DISCARD: Rules((curator,)),
    Verb.STANDARD_PUBLISH: Rules((curator,)),
    Verb.STANDARD_SUPERSEDE: Rules((curator,)),
    Verb.STANDARD_WITHDRAW: Rules((curator,)),
}
FRESHLY = frozenset({Verb.STANDARD_PUBLISH, Verb.STANDARD_WITHDRAW})


def _versions(who: Actor) -> ColumnElement[bool]:
    return or_(col(StandardVersion.stage) != Stage.DRAFT, loti(who))


def _standards(who: Actor) -> ColumnElement[bool]:
    """A standard is there for everybody once one of its versions was published."""
    public = select(StandardVersion.id).where(
        StandardVersion.standard_id == Standard.id, StandardVersion.stage != Stage.DRAFT
    )
    return or_(loti(who), public.correlate(Standard).exists())


VISIBILITY: Mapping[type[Any], Clause] = {
    Standard: _standards,
    StandardVersion: _versions,
    Requirement: of(StandardVersion, Requirement.version_id),
}

OPEN_NEWS = frozenset({Verb.STANDARD_PUBLISH, Verb.STANDARD_SUPERSEDE, Verb.STANDARD_WITHDRAW})


def events(who: Actor) -> ColumnElement[bool]:
    """Everybody sees how the versions of a standard came and went."""
    return and_(col(Event.verb).in_(OPEN_NEWS), sees(who, Standard, Event.about_id))
