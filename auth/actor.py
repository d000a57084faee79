"""Who is asking: a person, acting for one organisation, in certain roles. A visitor is an actor
too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    """What a person may do for an organisation. Every member may look: a role says what more."""

    AUTHOR = "author"
    APPROVER = "approver"
    EVALUATOR = "evaluator"
    MANAGER = "manager"
    CURATOR = "curator"
    ASSESSOR = "assessor"
    SUPPORT = "support"
    ADMINISTRATOR = "administrator"


OFFERED: Mapping[Kind, tuple[Role, ...]] = {  # in the order in which they are ticked
    Kind.AUTHORITY: (Role.AUTHOR, Role.APPROVER, Role.EVALUATOR, Role.ADMINISTRATOR),
    Kind.SUPPLIER: (Role.MANAGER, Role.ADMINISTRATOR),
    Kind.LOTI: (Role.CURATOR, Role.ASSESSOR, Role.SUPPORT, Role.ADMINISTRATOR),
}

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Actor:
    name: str
    kind: Kind
    roles: frozenset[Role] = frozenset()
    person_id: UUID = NOBODY
    organisation_id: UUID = NOBODY
    organisation_name: str = ""
    membership_id: UUID = NOBODY
    session_id: UUID = NOBODY
    signed_in_at: datetime | None = None  # None: not through a browser; the clock, an operator
    seen_through: str = ""  # who of LOTI's support looks with this person's eyes
    # What changes from one request to the next, or decides nothing, makes nobody somebody else.
    signed_in_by: str = field(default="", compare=False)  # the issuer of the identity that was used
    ends_at: datetime | None = field(default=None, compare=False)  # when the session does, unused
    organisations: int = field(default=0, compare=False)  # how many the person can act for

    @property
    def known(self) -> bool:
        """Whether this is a person who signed in, for an organisation or not yet for any."""
        return self.person_id != NOBODY


VISITOR = Actor("Visitor", Kind.PUBLIC)
CLOCK = Actor("The clock", Kind.SYSTEM)
