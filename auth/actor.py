"""Who is asking: a person, acting for one organisation, in certain roles. A visitor is an actor
too.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What sort of organisation somebody acts for."""

    PUBLIC = "public"
    AUTHORITY = "authority"
    SUPPLIER = "supplier"
    LOTI = "loti"
    SYSTEM = "system"  # the clock and the importer: nobody's person, no organisation's member


class Role(StrEnum):
    """What a person may do for an organisation; every member may look."""

    AUTHOR = "author"
    APPROVER = "approver"
    EVALUATOR = "evaluator"
    MANAGER = "manager"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"


NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Actor:
    name: str
    kind: Kind
    roles: frozenset[Role] = frozenset()
    person_id: UUID = NOBODY
    organisation_id: UUID = NOBODY
    organisation_name: str = ""


VISITOR = Actor("Visitor", Kind.PUBLIC)
CLOCK = Actor("The clock", Kind.SYSTEM)
