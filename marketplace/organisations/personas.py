"""The people of the demo world that anybody may sign in as. Outside the demo nobody can."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from auth.actor import Role

_DEMO = UUID("8a5f7d0e-6d0b-4c7e-9a54-0c6c1d1d7c11")


@dataclass(frozen=True, slots=True)
class Persona:
    slug: str
    name: str
    organisation: str  # the organisation's slug
    roles: frozenset[Role]
    about: str

    @property
    def membership_id(self) -> UUID:
        return uuid5(_DEMO, self.slug)


PERSONAS = {
    persona.slug: persona
    for persona in (
        Persona(
            "camden-buyer",
            "Amara Okafor",
            "camden",
            frozenset({Role.AUTHOR}),
            "writes challenges for Camden",
        ),
        Persona(
            "camden-approver",
            "Tom Whitfield",
            "camden",
            frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
            "commits Camden to buying with others, and says who may act for it",
        ),
        Persona(
            "hackney-buyer",
            "Leila Haddad",
            "hackney",
            frozenset({Role.AUTHOR}),
            "writes challenges for Hackney",
        ),
        Persona(
            "hackney-approver",
            "Joseph Grant",
            "hackney",
            frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
            "commits Hackney to buying with others, and says who may act for it",
        ),
        Persona(
            "southwark-evaluator",
            "Mei Chen",
            "southwark",
            frozenset({Role.EVALUATOR}),
            "reads for Southwark",
        ),
        Persona(
            "southwark-approver",
            "Helen Osborne",
            "southwark",
            frozenset({Role.APPROVER}),
            "commits Southwark to buying with others",
        ),
        Persona(
            "loti-curator",
            "Ravi Menon",
            "loti",
            frozenset({Role.CURATOR}),
            "reviews challenges for LOTI",
        ),
        Persona(
            "loti-assessor",
            "Nadia Rahman",
            "loti",
            frozenset({Role.ASSESSOR}),
            "assesses for LOTI what suppliers claim",
        ),
        Persona(
            "loti-admin",
            "Grace Boateng",
            "loti",
            frozenset({Role.CURATOR, Role.SUPPORT, Role.ADMINISTRATOR}),
            "runs the marketplace for LOTI",
        ),
        Persona(
            "supplier-one",
            "Dan Fletcher",
            "binfold",
            frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
            "manages a supplier's products",
        ),
        Persona(
            "supplier-two",
            "Priya Nair",
            "lintelwick",
            frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
            "manages another supplier's products",
        ),
    )
}
