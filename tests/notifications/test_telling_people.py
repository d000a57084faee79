"""What an organisation's people and the owner of an account are told of them, in which words."""

from datetime import timedelta

from auth.actor import CLOCK, Role
from marketplace.accounts.models import Identity
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Person
from marketplace.people.models import Invitation, JoinRequest, MailDomain
from marketplace.verbs import Verb
from tests.notifications.conftest import as_themselves

# ---- An organisation's people


def test_a_request_to_join_needs_the_administrators(make, camden, happen, reads):
    administrator, colleague = make.administrator(camden), make.author(camden)
    asking = make.newcomer("Priya Shah")
    request = JoinRequest(
        person_id=asking.person_id, organisation_id=camden.id, message="I buy for Camden"
    )

    happen(asking, Verb.JOIN_ASK, request, about=camden)

    (line,) = reads(administrator)
    assert line.subject == "Decide: Priya Shah asks to act for Camden"
    assert "They write: I buy for Camden" in line.body
    assert line.why == "you are an administrator of Camden"
    assert reads(colleague) == reads(asking) == []


def test_without_an_administrator_lotis_support_is_asked_and_with_one_it_is_not(
    make, camden, hackney, happen, reads
):
    support = make.support()
    make.administrator(hackney)
    for authority in (camden, hackney):
        asking = make.newcomer("Priya Shah")
        request = JoinRequest(person_id=asking.person_id, organisation_id=authority.id)
        happen(asking, Verb.JOIN_ASK, request, about=authority)

    (line,) = reads(support)
    assert line.subject == "Decide: Priya Shah asks to act for Camden"
    assert line.href == "/admin/requests"


def test_whoever_asked_to_join_is_told_the_answer_and_the_reason(make, camden, happen, reads):
    administrator, other = make.administrator(camden), make.administrator(camden)
    asking = make.newcomer("Priya Shah")
    request = make(JoinRequest(person_id=asking.person_id, organisation_id=camden.id))

    happen(
        administrator,
        Verb.JOIN_DECLINE,
        request,
        about=camden,
        then=lambda there: setattr(there, "because", "We know nobody of this name"),
    )

    (line,) = reads(asking)
    assert line.subject == "Your request to act for Camden was declined"
    assert line.body == "The reason: We know nobody of this name"
    assert reads(other) == []

    again = make(JoinRequest(person_id=asking.person_id, organisation_id=camden.id))
    happen(administrator, Verb.JOIN_APPROVE, again, about=camden, roles=["author"])

    approved, _ = reads(asking)
    assert (approved.subject, approved.body) == (
        "You can act for Camden now",
        "Camden approved the request.",
    )
    assert [line.subject for line in reads(other)] == ["Priya Shah acts for Camden now"]


def test_roles_and_memberships_are_told_to_the_person_and_to_the_other_administrators(
    make, session, camden, happen, reads
):
    administrator = make.actor(camden, Role.ADMINISTRATOR, name="Tom")
    other = make.actor(camden, Role.ADMINISTRATOR, name="Ada")
    member = make.actor(camden, name="Priya")
    membership = session.get(Membership, member.membership_id)

    happen(
        administrator,
        Verb.MEMBERSHIP_GRANT,
        membership,
        about=camden,
        roles=["approver", "author"],
    )
    happen(administrator, Verb.MEMBERSHIP_SUSPEND, membership, about=camden)

    suspended, granted = reads(other)
    assert granted.subject == "The roles of Priya at Camden have changed"
    assert granted.body == "They are now: approver and author. Tom changed them."
    assert suspended.subject == "Priya cannot act for Camden at the moment"
    theirs = [line.subject for line in reads(as_themselves(member))]
    assert theirs == [
        "You cannot act for Camden at the moment",
        "Your roles at Camden have changed",
    ]
    assert reads(administrator) == []


def test_leaving_and_accepting_an_invitation_are_told_to_administrators(
    make, session, camden, happen, reads
):
    administrator = make.administrator(camden)
    leaver, comer = make.actor(camden, name="Priya"), make.newcomer("Joseph")
    week = timedelta(days=7)
    invitation = make(
        Invitation(email="j@example.org", organisation_id=camden.id, expires_at=now() + week)
    )

    happen(comer, Verb.INVITATION_ACCEPT, invitation, about=camden, roles=[])
    membership = session.get(Membership, leaver.membership_id)
    happen(leaver, Verb.MEMBERSHIP_LEAVE, membership, about=camden)

    left, joined = reads(administrator)
    assert left.subject == "Priya has left Camden"
    assert joined.subject == "Joseph acts for Camden now"
    assert joined.body == "They accepted an invitation, with these roles: member."
    assert reads(leaver) == reads(comer) == []


def test_a_domain_is_told_to_the_administrators(make, camden, happen, reads):
    administrator = make.administrator(camden)
    domain = MailDomain(domain="camden.example", organisation_id=camden.id)

    happen(make.support(), Verb.DOMAIN_ADD, domain, about=camden, domain="camden.example")

    (line,) = reads(administrator)
    assert line.subject == "Mail at camden.example belongs to Camden now"


# ---- One's own account


def test_a_new_way_in_is_told_to_the_person_who_added_it_but_not_the_first(make, happen, reads):
    person = make.newcomer("Priya")
    first = Identity(issuer="x", subject="1", title="Microsoft", person_id=person.person_id)
    second = Identity(issuer="y", subject="1", title="One Login", person_id=person.person_id)

    happen(person, Verb.IDENTITY_ADD, first, way="Microsoft", first=True)
    happen(person, Verb.IDENTITY_ADD, second, way="One Login")

    (line,) = reads(person)
    assert line.subject == "A new way to sign in to your account"
    assert line.body.startswith("It is: One Login. If you did not add it")


def test_looking_with_somebodys_eyes_is_told_to_them_whomever_they_act_for(
    make, session, camden, hackney, happen, reads
):
    person = make.author(camden)
    elsewhere = make.member(session.get(Person, person.person_id), hackney)
    membership = session.get(Membership, person.membership_id)

    happen(make.support(), Verb.SUPPORT_LOOK, membership, about=camden, because="A call for help")

    for who in (person, elsewhere):
        (line,) = reads(who)
        assert "looks at the marketplace as you see it" in line.subject
        assert "The reason: A call for help" in line.body


def test_a_suspension_of_an_organisation_reaches_its_people_though_they_are_out(
    make, happen, reads
):
    supplier = make.supplier("Brightwater")
    manager = make.manager(supplier)

    happen(make.loti_administrator(), Verb.ORGANISATION_SUSPEND, supplier, because="Insolvent")

    (line,) = reads(as_themselves(manager))
    assert line.subject == "Brightwater is suspended"
    assert "The reason: Insolvent" in line.body
    assert line.why == "you act for Brightwater"


def test_a_warning_before_erasure_says_when(make, session, happen, reads):
    person = make.newcomer("Priya")

    happen(
        CLOCK,
        Verb.PERSON_WARN,
        session.get(Person, person.person_id),
        erased_on="2027-01-31",
    )

    assert "will be erased on 31 January 2027" in reads(person)[0].body
