"""Everybody who goes through the demo world."""

from dataclasses import replace

from sqlmodel import Session, select

from auth.actor import VISITOR, Actor, Kind
from auth.tokens import digest
from marketplace.accounts import actions as accounts
from marketplace.accounts.models import DEMO, SignIn
from marketplace.core.times import now
from marketplace.organisations import queries
from marketplace.organisations.models import Membership, Person
from marketplace.organisations.personas import PERSONAS

VISITING = "visitor"
# One walks for each set of roles: what Southwark's approver sees, the approvers of others see, too.
PEOPLE = (VISITING, *(slug for slug in PERSONAS if slug != "southwark-approver"))
# Who is no persona: somebody who registers a supplier, somebody who asked to join Camden, one whose
# membership of Camden is suspended, and LOTI's support with the eyes of Camden's buyer.
NEWCOMER, ASKING, SUSPENDED, LOOKING = "newcomer", "asking", "suspended", "looking"
EVERYBODY = (*PEOPLE, NEWCOMER, ASKING, SUSPENDED, LOOKING)
NAMES = {NEWCOMER: "Hannah Idowu", ASKING: "Nadia Karim", SUSPENDED: "Peter Lindqvist"}
SUPPORTING, SUPPORTED = "loti-admin", "camden-buyer"


def actor(session: Session, person: str) -> Actor:
    if person == VISITING:
        return VISITOR
    if person == LOOKING:
        seen = queries.actor(session, PERSONAS[SUPPORTED].membership_id)
        return replace(seen, seen_through=PERSONAS[SUPPORTING].name)
    if person in NAMES:  # none acts for an organisation, and the suspended no longer
        name = NAMES[person]
        known = session.exec(select(Person).where(Person.name == name)).one()
        return Actor(name, Kind.PUBLIC, person_id=known.id)
    return queries.actor(session, PERSONAS[person].membership_id)


def sign_in(session: Session, person: str) -> str:
    """The token of a session of somebody who is no persona."""
    name = PERSONAS[SUPPORTING].name if person == LOOKING else NAMES[person]
    known = session.exec(select(Person).where(Person.name == name)).one()
    ours = session.exec(select(Membership).where(Membership.person_id == known.id)).first()
    token = accounts.begin(
        session, known.id, now(), issuer=DEMO, membership_id=ours.id if ours else None
    )
    if person == LOOKING:
        begun = session.exec(select(SignIn).where(SignIn.token_hash == digest(token))).one()
        begun.looking_as, begun.looking_since = PERSONAS[SUPPORTED].membership_id, now()
    return token
