"""Two of LOTI press at the same moment, each through a server process of their own: one does it,
the other gets a sentence.
"""

from sqlmodel import select

from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation, Standing
from marketplace.people.models import MailDomain
from marketplace.verbs import Verb
from tests.core.test_races import ROUNDS, both, hands

__all__ = ["both", "hands"]


def test_a_domain_comes_onto_the_list_once(make, both, session):
    people = (make.support(), make.support())
    for number in range(ROUNDS):
        camden = make.authority("Camden")
        form = {"authority": str(camden.id), "domain": f"team-{number}.camden.gov.uk"}
        told = both(*((who, ("/admin/domains/add", form)) for who in people))
        assert sorted(status for status, _ in told) in ([303, 409], [303, 422])
        assert "already" in next(text for status, text in told if status != 303)
        session.rollback()
        theirs = select(MailDomain).where(MailDomain.organisation_id == camden.id)
        assert len(session.exec(theirs).all()) == 1


def test_an_authority_is_entered_once(make, both, session):
    people = (make.loti_administrator(), make.loti_administrator())
    for number in range(ROUNDS):
        form = {"name": f"Authority {number}", "authority_type": "other"}
        told = both(*((who, ("/admin/organisations/register", form)) for who in people))
        assert sorted(status for status, _ in told) == [303, 422]
        assert "is in the register already" in next(text for status, text in told if status == 422)
        session.rollback()
        made = select(Organisation).where(Organisation.name == form["name"])
        assert len(session.exec(made).all()) == 1


def test_an_organisation_is_suspended_once(make, both, session):
    people = (make.loti_administrator(), make.loti_administrator())
    for _ in range(ROUNDS):
        camden = make.authority("Camden")
        place = f"/admin/organisations/{camden.id}/suspend"
        told = both(*((who, (place, {"because": f"{who.person_id}"})) for who in people))
        assert sorted(status for status, _ in told) == [303, 409]
        session.rollback()
        session.expire_all()
        assert session.get_one(Organisation, camden.id).stage is Standing.SUSPENDED
        done = session.exec(
            select(Event).where(
                Event.about_id == camden.id, Event.verb == Verb.ORGANISATION_SUSPEND
            )
        ).one()
        kept = session.get_one(Organisation, camden.id).suspended_because
        assert done.facts == {"because": kept}
