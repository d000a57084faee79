"""Who may do what with organisations, their people and their news, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, select

from auth.actor import Actor, Kind
from marketplace.accounts.models import Identity, MailLink, SignIn
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.core.scanning import Scan
from marketplace.notifications.models import Mail, Notification, Preference
from marketplace.onboarding.models import Identifier, Registration, Signature, SupplierFacts
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, JoinRequest, MailDomain
from marketplace.policy.clauses import (
    Clause,
    administers,
    authorities_and_loti,
    loti,
    own,
    system,
    their_own,
)
from marketplace.rules import (
    Rules,
    either,
    its_administrator,
    loti_administrator,
    loti_support,
    not_loti_itself,
    not_lotis_own,
    or_the_system,
    signed_in,
    somebody_else,
    supplier,
    the_marketplace_itself,
    themselves,
)
from marketplace.verbs import Verb

_its_people = either(its_administrator, loti_administrator)
_doorkeeper = either(its_administrator, loti_support & not_lotis_own)

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.ORGANISATION_REGISTER: Rules((either(the_marketplace_itself, loti_administrator),)),
    Verb.ORGANISATION_DESCRIBE: Rules((its_administrator,)),
    Verb.ORGANISATION_CORRECT: Rules((loti_administrator,)),
    Verb.ORGANISATION_SUSPEND: loti_administrator & not_loti_itself,
    Verb.ORGANISATION_RESTORE: Rules((loti_administrator,)),
    Verb.LINK_ASK: Rules(),
    Verb.SESSION_SWITCH: Rules((themselves,)),
    Verb.SESSION_END: Rules((themselves,)),
    Verb.IDENTITY_ADD: Rules((themselves,)),
    Verb.IDENTITY_DROP: Rules((themselves,)),
    Verb.PERSON_RENAME: Rules((themselves,)),
    Verb.PERSON_SUSPEND: loti_administrator & somebody_else,
    Verb.PERSON_RESTORE: loti_administrator & somebody_else,
    Verb.PERSON_WARN: Rules((the_marketplace_itself,)),
    Verb.PERSON_ERASE: Rules((or_the_system(either(themselves, loti_administrator)),)),
    Verb.DOMAIN_ADD: Rules((or_the_system(loti_support),)),
    Verb.DOMAIN_REMOVE: Rules((loti_support,)),
    Verb.INVITATION_SEND: Rules((or_the_system(_its_people),)),
    Verb.INVITATION_RESEND: Rules((_its_people,)),
    Verb.INVITATION_REVOKE: Rules((_its_people,)),
    Verb.INVITATION_ACCEPT: Rules((signed_in,)),
    Verb.JOIN_ASK: Rules((themselves,)),
    Verb.JOIN_APPROVE: _doorkeeper & somebody_else,
    Verb.JOIN_DECLINE: _doorkeeper & somebody_else,
    Verb.JOIN_WITHDRAW: Rules((themselves,)),
    Verb.MEMBERSHIP_GRANT: Rules((_its_people,)),
    Verb.MEMBERSHIP_SUSPEND: _doorkeeper & somebody_else,
    Verb.MEMBERSHIP_RESTORE: _doorkeeper & somebody_else,
    Verb.MEMBERSHIP_REMOVE: _its_people & somebody_else,
    Verb.MEMBERSHIP_LEAVE: Rules((themselves,)),
    Verb.SUPPORT_LOOK: loti_support & not_lotis_own & somebody_else,
    Verb.SUPPORT_STOP: Rules((signed_in,)),
    Verb.REGISTRATION_DRAFT: Rules((themselves,)),
    Verb.REGISTRATION_EDIT: Rules((themselves,)),
    Verb.REGISTRATION_DISCARD: Rules((themselves,)),
    Verb.REGISTRATION_CONFIRM: Rules((themselves,)),
    Verb.AGREEMENT_SIGN: supplier & its_administrator,
    Verb.NOTIFICATION_READ: Rules((themselves,)),
    Verb.PREFERENCE_SET: Rules((themselves,)),
    Verb.MAIL_RETRY: Rules((loti_support,)),
    Verb.MAIL_BOUNCE: Rules((the_marketplace_itself,)),
    Verb.ADDRESS_CONFIRM: Rules((themselves,)),
    Verb.CALENDAR_RENEW: Rules((themselves,)),
    Verb.DELIVERY_RETRY: Rules((loti_administrator,)),
    Verb.FILE_REFUSE: Rules((the_marketplace_itself,)),
}

FRESHLY = frozenset(
    {
        Verb.JOIN_APPROVE,
        Verb.MEMBERSHIP_GRANT,
        Verb.MEMBERSHIP_REMOVE,
        Verb.INVITATION_SEND,
        Verb.AGREEMENT_SIGN,
        Verb.ORGANISATION_SUSPEND,
        Verb.PERSON_SUSPEND,
        Verb.PERSON_ERASE,
        Verb.IDENTITY_ADD,
        Verb.IDENTITY_DROP,
        Verb.SUPPORT_LOOK,
    }
)


def trades(supplier: Any) -> ColumnElement[bool]:
    """A supplier that is not suspended and has signed the platform agreement, in any version: what
    it offers is for everybody to see. `supplier` is the column with its id.
    """
    signed = (
        select(Signature.id)
        .join(Organisation, col(Organisation.id) == Signature.organisation_id)
        .where(Signature.organisation_id == supplier, Organisation.stage == Standing.ACTIVE)
    )
    return signed.correlate(supplier.class_).exists()


def in_the_directory(who: Actor) -> ColumnElement[bool]:
    """The suppliers that stand in the lists which this actor sees: those whose listed products are
    for this actor, too, so that counting products need not ask about each.
    """
    signed = select(Signature.id).where(Signature.organisation_id == Organisation.id)
    return or_(
        signed.correlate(Organisation).exists() & (col(Organisation.stage) == Standing.ACTIVE),
        own(Organisation.id, who),
        loti(who),
    )


VISIBILITY: Mapping[type[Any], Clause] = {
    Organisation: lambda who: or_(
        col(Organisation.kind) != Kind.SUPPLIER,
        col(Organisation.stage) == Standing.ACTIVE,
        own(Organisation.id, who),
        col(Organisation.id).in_(
            select(Membership.organisation_id).where(their_own(Membership.person_id, who))
        ),
        loti(who),
    ),
    Membership: lambda who: or_(
        own(Membership.organisation_id, who), their_own(Membership.person_id, who), loti(who)
    ),
    Person: lambda who: or_(
        col(Person.id).in_(
            select(Membership.person_id).where(own(Membership.organisation_id, who))
        ),
        col(Person.id).in_(
            select(JoinRequest.person_id).where(administers(JoinRequest.organisation_id, who))
        ),
        their_own(Person.id, who),
        loti(who),
    ),
    Identity: lambda who: their_own(Identity.person_id, who),
    SignIn: lambda who: their_own(SignIn.person_id, who),
    MailLink: lambda who: system(who),
    MailDomain: lambda who: true(),
    Invitation: lambda who: or_(
        administers(Invitation.organisation_id, who),
        loti(who),
    ),
    JoinRequest: lambda who: or_(
        administers(JoinRequest.organisation_id, who),
        their_own(JoinRequest.person_id, who),
        loti(who),
    ),
    Registration: lambda who: their_own(Registration.person_id, who),
    SupplierFacts: lambda who: or_(
        own(SupplierFacts.organisation_id, who), authorities_and_loti(who)
    ),
    Identifier: lambda who: or_(own(Identifier.organisation_id, who), authorities_and_loti(who)),
    Signature: lambda who: or_(own(Signature.organisation_id, who), loti(who)),
    Notification: lambda who: or_(
        system(who),
        and_(
            their_own(Notification.person_id, who),
            or_(
                col(Notification.membership_id).is_(None),
                col(Notification.membership_id) == who.membership_id,
            ),
        ),
    ),
    Preference: lambda who: or_(system(who), their_own(Preference.person_id, who)),
    Mail: loti,
    Delivery: loti,
    Scan: lambda who: or_(own(Scan.organisation_id, who), loti(who)),
}


# What an organisation sees of its people whoever did it: LOTI, or somebody who is not in yet.
OWN_NEWS = frozenset(
    verb
    for verb in Verb
    if verb.startswith(("organisation.", "invitation.", "membership.", "domain.", "rate."))
) | {Verb.JOIN_APPROVE, Verb.JOIN_DECLINE, Verb.SUPPORT_LOOK, Verb.SUPPORT_STOP}
ASKING = frozenset({Verb.JOIN_ASK, Verb.JOIN_WITHDRAW})
# What a person does before there is an organisation to do it for.
REGISTERING = frozenset(
    {Verb.REGISTRATION_DRAFT, Verb.REGISTRATION_EDIT, Verb.REGISTRATION_DISCARD}
)

UNSENT = REGISTERING


def events(who: Actor) -> ColumnElement[bool]:
    """What somebody did before there was an organisation to do it for, and what concerns one's
    organisation whoever did it.
    """
    return or_(
        and_(col(Event.verb).in_(REGISTERING), their_own(Event.person_id, who)),
        and_(col(Event.verb).in_(OWN_NEWS), own(Event.about_id, who)),
        and_(col(Event.verb).in_(ASKING), administers(Event.about_id, who)),
    )
