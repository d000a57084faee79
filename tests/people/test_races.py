"""Two people press at the same moment, each through a server process of their own: an organisation
keeps an administrator, and nobody is let in twice.
"""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from auth.actor import Role
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people import invitations
from marketplace.people.models import Invitation, JoinRequest
from tests.core.test_races import ROUNDS, both, hands, one_of_them

__all__ = ["both", "hands"]


@pytest.fixture
def count(session):
    def read(table, *where):
        session.rollback()
        return session.exec(select(func.count()).select_from(table).where(*where)).one()

    return read


def administrators(session, organisation):
    session.rollback()
    session.expire_all()
    active = select(Membership).where(
        Membership.organisation_id == organisation.id, Membership.stage == Standing.ACTIVE
    )
    return [one for one in session.exec(active) if Role.ADMINISTRATOR in one.roles]


def two_administrators(make):
    camden = make.authority("Camden")
    return camden, make.administrator(camden), make.administrator(camden)


def place(actor, step):
    return f"/organisation/people/{actor.membership_id}{step}"


def test_two_administrators_demote_each_other_and_one_stays(make, both, session):
    for _ in range(ROUNDS):
        camden, first, second = two_administrators(make)
        told = both(
            (first, (place(second, "/roles"), {"roles": ["author"]})),
            (second, (place(first, "/roles"), {"roles": ["author"]})),
        )
        assert sorted(status for status, _ in told) == [303, 422]
        assert "is the only administrator" in next(text for status, text in told if status == 422)
        assert len(administrators(session, camden)) == 1


@pytest.mark.parametrize("step", ["/suspend", "/remove"])
def test_two_administrators_throw_each_other_out_and_one_stays(make, both, session, step):
    for _ in range(ROUNDS):
        camden, first, second = two_administrators(make)
        told = both((first, (place(second, step), {})), (second, (place(first, step), {})))
        assert sorted(status for status, _ in told) == [303, 422]
        assert len(administrators(session, camden)) == 1


def test_two_administrators_leave_and_one_stays(make, both, session):
    for _ in range(ROUNDS):
        camden, first, second = two_administrators(make)
        told = both(
            (first, ("/organisation/leave", {})),
            (second, ("/organisation/leave", {})),
        )
        assert sorted(status for status, _ in told) == [303, 422]
        assert len(administrators(session, camden)) == 1


def test_one_steps_back_while_the_other_goes_and_one_stays(make, both, session):
    for _ in range(ROUNDS):
        camden, first, second = two_administrators(make)
        told = both(
            (first, (place(first, "/roles"), {"roles": ["author"]})),
            (second, ("/organisation/leave", {})),
        )
        assert sorted(status for status, _ in told) == [303, 422]
        assert len(administrators(session, camden)) == 1


def test_asking_twice_makes_one_request(make, both, count):
    for turn in range(ROUNDS):
        supplier, who = make.supplier(), make.newcomer()
        press = (who, (f"/organisations/{supplier.id}/join", {}))
        one_of_them(both(press, press), "Your request stands.")
        assert count(JoinRequest) == turn + 1


def test_accepting_twice_makes_one_membership(make, both, count, settings):
    for _ in range(ROUNDS):
        camden, who = make.authority("Camden"), make.newcomer(email=f"x{count(Invitation)}@a.uk")
        address = invitation_of(make, settings, camden, who)
        press = (who, (address, {}))
        one_of_them(both(press, press), "This invitation has been used.")
        assert count(Membership, Membership.organisation_id == camden.id) == 1


def test_accepting_while_a_request_is_approved_makes_one_membership(make, both, count, settings):
    for _ in range(ROUNDS):
        camden, who = make.authority("Camden"), make.newcomer(email=f"x{count(Invitation)}@a.uk")
        address = invitation_of(make, settings, camden, who)
        asked = make(JoinRequest(person_id=who.person_id, organisation_id=camden.id))
        theirs = make.administrator(camden)
        approves = (theirs, (f"/organisation/requests/{asked.id}/approve", {"roles": ["author"]}))
        told = both((who, (address, {})), approves)
        assert sorted(status for status, _ in told) == [303, 409]
        assert count(Membership, Membership.person_id == who.person_id) == 1


def test_two_administrators_approve_and_the_person_is_let_in_once(make, both, count):
    for _ in range(ROUNDS):
        camden, first, second = two_administrators(make)
        who = make.newcomer()
        asked = make(JoinRequest(person_id=who.person_id, organisation_id=camden.id))
        url = f"/organisation/requests/{asked.id}/approve"
        told = both((first, (url, {"roles": ["author"]})), (second, (url, {})))
        one_of_them(told, "You cannot approve a join")
        assert count(Membership, Membership.person_id == who.person_id) == 1


def test_two_administrators_invite_the_same_address_once(make, both, count):
    for turn in range(ROUNDS):
        _, first, second = two_administrators(make)
        press = ("/organisation/invitations/new", {"email": "lena@camden.gov.uk"})
        told = both((first, press), (second, press))
        assert sorted(status for status, _ in told) == [303, 422]
        assert count(Invitation) == turn + 1


def test_an_invitation_is_accepted_or_revoked_but_never_both(make, both, count, settings, session):
    for _ in range(ROUNDS):
        camden, who = make.authority("Camden"), make.newcomer(email=f"x{count(Invitation)}@a.uk")
        theirs = make.administrator(camden)
        address = invitation_of(make, settings, camden, who)
        sent = session.exec(select(Invitation).where(Invitation.organisation_id == camden.id)).one()
        revoke = (theirs, (f"/organisation/invitations/{sent.id}/revoke", {}))
        told = both((who, (address, {})), revoke)
        assert sorted(status for status, _ in told) == [303, 409]
        came_in = count(Membership, Membership.person_id == who.person_id)
        assert came_in == (told[0][0] == 303)


def invitation_of(make, settings, organisation, who):
    email = make.session.get_one(Person, who.person_id).email
    sent = make(
        Invitation(email=email, organisation_id=organisation.id, expires_at=now() + timedelta(1))
    )
    return invitations.address(settings, sent).removeprefix(settings.address)
