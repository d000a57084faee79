"""Who may do what, and who sees what. There is no other place.

`PERMISSIONS` says for each verb what must hold; what does not hold refuses with a sentence.
`VISIBILITY` says for each
table which of its rows an actor may see; every other row does not exist for that actor.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from auth.actor import NOBODY, Actor, Kind, Role
from marketplace.accounts.models import Identity, MailLink, SignIn
from marketplace.catalogue.models import Product, ProductUse
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import (
    UNPUBLISHED,
    Attachment,
    Challenge,
    Circumstances,
    Commitment,
)
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.core.db import kept
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.core.workflow import Refusal
from marketplace.notices.models import Import, Notice, Release
from marketplace.notifications.models import Mail, Notification, Preference
from marketplace.onboarding.models import Identifier, Registration, Signature, SupplierFacts
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, JoinRequest, MailDomain
from marketplace.rules import (
    Rules,
    author,
    author_or_approver,
    authority,
    curator,
    either,
    its_administrator,
    loti_administrator,
    loti_support,
    manager,
    not_loti_itself,
    not_lotis_own,
    not_the_posters_own,
    or_the_system,
    owner,
    reads_notices_in,
    signed_in,
    somebody_else,
    supplier,
    the_marketplace_itself,
    themselves,
)
from marketplace.verbs import Verb

_author_of_it = authority & author & owner
_manager_of_it = supplier & manager & owner
_its_people = either(its_administrator, loti_administrator)
_doorkeeper = either(its_administrator, loti_support & not_lotis_own)
_committing = authority & author_or_approver & owner & not_the_posters_own

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
    Verb.NOTICE_IMPORT: Rules((reads_notices_in,)),
    Verb.PRODUCT_DRAFT: _manager_of_it,
    Verb.PRODUCT_EDIT: _manager_of_it,
    Verb.PRODUCT_DISCARD: _manager_of_it,
    Verb.PRODUCT_PUBLISH: _manager_of_it,
    Verb.PRODUCT_PAUSE: _manager_of_it,
    Verb.PRODUCT_RETIRE: _manager_of_it,
    Verb.CHALLENGE_DRAFT: _author_of_it,
    Verb.CHALLENGE_EDIT: _author_of_it,
    Verb.CHALLENGE_ATTACH: _author_of_it,
    Verb.CHALLENGE_DETACH: _author_of_it,
    Verb.CHALLENGE_DISCARD: _author_of_it,
    Verb.CHALLENGE_SUBMIT: _author_of_it,
    Verb.CHALLENGE_RETURN: Rules((curator,)),
    Verb.CHALLENGE_APPROVE: Rules((or_the_system(curator),)),
    Verb.CHALLENGE_CLOSE: Rules((or_the_system(_author_of_it),)),
    Verb.CHALLENGE_TAKE: _author_of_it,
    Verb.CHALLENGE_PILOT: _author_of_it,
    Verb.CHALLENGE_SHARE: _author_of_it,
    Verb.CHALLENGE_DROP: _author_of_it,
    Verb.CHALLENGE_WITHDRAW: _author_of_it,
    Verb.COMMITMENT_MAKE: _committing,
    Verb.COMMITMENT_CHANGE: _committing,
    Verb.COMMITMENT_WITHDRAW: _committing,
    Verb.DELIVERY_RETRY: Rules((loti_administrator,)),
}

# What is asked of somebody who signed in long ago only after they prove once more who they are.
FRESHLY = frozenset(
    {
        Verb.CHALLENGE_APPROVE,
        Verb.PRODUCT_PUBLISH,
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
# All that somebody may do who looks with another's eyes.
LOOKING = frozenset({Verb.SUPPORT_STOP})


def _own(column: Any, who: Actor) -> ColumnElement[bool]:
    """Rows of the actor's own organisation; visitors and the clock have none."""
    return false() if who.organisation_id == NOBODY else col(column) == who.organisation_id


def _their_own(column: Any, who: Actor) -> ColumnElement[bool]:
    """Rows of the person themselves, whatever organisation they act for. Support does not see them
    with a person's eyes.
    """
    return col(column) == who.person_id if who.known and not who.seen_through else false()


def _administers(column: Any, who: Actor) -> ColumnElement[bool]:
    return _own(column, who) if Role.ADMINISTRATOR in who.roles else false()


def _system(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind is Kind.SYSTEM else false()


def _loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.LOTI, Kind.SYSTEM) else false()


def _authorities_and_loti(who: Actor) -> ColumnElement[bool]:
    return true() if who.kind in (Kind.AUTHORITY, Kind.LOTI, Kind.SYSTEM) else false()


def _among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """What `in_` says, for values that are always the same: an `in_` is written out anew each time
    it is asked, which takes longer than the asking.
    """
    return or_(*(column == value for value in values))


def _challenges(who: Actor) -> ColumnElement[bool]:
    stage = col(Challenge.stage)
    return or_(
        ~_among(stage, UNPUBLISHED) & col(Challenge.published_at).is_not(None),
        _own(Challenge.organisation_id, who),
        and_(_loti(who), stage != ChallengeStage.DRAFT),
    )


def _trades(supplier: Any) -> ColumnElement[bool]:
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
        _own(Organisation.id, who),
        _loti(who),
    )


def _products(who: Actor) -> ColumnElement[bool]:
    stage = col(Product.stage)
    return or_(  # what takes longest to find out comes last
        _own(Product.organisation_id, who),
        and_(_loti(who), stage != Listing.DRAFT),
        _among(stage, (Listing.LISTED, Listing.RETIRED)) & _trades(Product.organisation_id),
    )


def _of(parent: type[Any], key: Any) -> Callable[[Actor], ColumnElement[bool]]:
    """A row is seen by whoever sees the row it belongs to."""
    return lambda who: _sees(who, parent, key)


def _sees(who: Actor, parent: type[Any], key: Any) -> ColumnElement[bool]:
    # EXISTS, because an IN would list every visible parent first, however many there are
    its = select(parent.id).where(parent.id == key, VISIBILITY[parent](who))
    return its.correlate(key.class_).exists()


OPEN_NEWS = frozenset(
    {
        Verb.CHALLENGE_APPROVE,
        Verb.CHALLENGE_CLOSE,
        Verb.CHALLENGE_TAKE,
        Verb.CHALLENGE_PILOT,
        Verb.CHALLENGE_SHARE,
        Verb.CHALLENGE_DROP,
        Verb.CHALLENGE_WITHDRAW,
        Verb.COMMITMENT_MAKE,
        Verb.COMMITMENT_CHANGE,
        Verb.COMMITMENT_WITHDRAW,
    }
)
# What an organisation sees of its people whoever did it: LOTI, or somebody who is not in yet.
OWN_NEWS = frozenset(
    verb
    for verb in Verb
    if verb.startswith(("organisation.", "invitation.", "membership.", "domain."))
) | {Verb.JOIN_APPROVE, Verb.JOIN_DECLINE, Verb.SUPPORT_LOOK, Verb.SUPPORT_STOP}
ASKING = frozenset({Verb.JOIN_ASK, Verb.JOIN_WITHDRAW})
# What a person does before there is an organisation to do it for.
REGISTERING = frozenset(
    {Verb.REGISTRATION_DRAFT, Verb.REGISTRATION_EDIT, Verb.REGISTRATION_DISCARD}
)


def _events(who: Actor) -> ColumnElement[bool]:
    """An organisation sees what its own people did and what LOTI asked of it, everybody the public
    steps of what they may see, LOTI all but drafting.
    """
    unsent = (
        Verb.CHALLENGE_DRAFT,
        Verb.CHALLENGE_EDIT,
        Verb.CHALLENGE_DISCARD,
        *REGISTERING,
    )
    theirs = select(Challenge.id).where(
        Challenge.id == Event.about_id, _own(Challenge.organisation_id, who)
    )
    return or_(
        _own(Event.organisation_id, who),
        and_(col(Event.verb).in_(REGISTERING), _their_own(Event.person_id, who)),
        and_(col(Event.verb).in_(OPEN_NEWS), _sees(who, Challenge, Event.about_id)),
        and_(col(Event.verb).in_(OWN_NEWS), _own(Event.about_id, who)),
        and_(col(Event.verb).in_(ASKING), _administers(Event.about_id, who)),
        and_(col(Event.verb) == Verb.CHALLENGE_RETURN, theirs.correlate(Event).exists()),
        and_(_loti(who), col(Event.verb).not_in(unsent)),
    )


VISIBILITY: Mapping[type[Any], Callable[[Actor], ColumnElement[bool]]] = {
    Organisation: lambda who: or_(
        col(Organisation.kind) != Kind.SUPPLIER,
        col(Organisation.stage) == Standing.ACTIVE,
        _own(Organisation.id, who),
        col(Organisation.id).in_(
            select(Membership.organisation_id).where(_their_own(Membership.person_id, who))
        ),
        _loti(who),
    ),
    Membership: lambda who: or_(
        _own(Membership.organisation_id, who), _their_own(Membership.person_id, who), _loti(who)
    ),
    Person: lambda who: or_(
        col(Person.id).in_(
            select(Membership.person_id).where(_own(Membership.organisation_id, who))
        ),
        col(Person.id).in_(
            select(JoinRequest.person_id).where(_administers(JoinRequest.organisation_id, who))
        ),
        _their_own(Person.id, who),
        _loti(who),
    ),
    Identity: lambda who: _their_own(Identity.person_id, who),
    SignIn: lambda who: _their_own(SignIn.person_id, who),
    MailLink: lambda who: _system(who),
    MailDomain: lambda who: true(),
    Invitation: lambda who: or_(
        _administers(Invitation.organisation_id, who),
        _loti(who),
    ),
    JoinRequest: lambda who: or_(
        _administers(JoinRequest.organisation_id, who),
        _their_own(JoinRequest.person_id, who),
        _loti(who),
    ),
    Registration: lambda who: _their_own(Registration.person_id, who),
    SupplierFacts: lambda who: or_(
        _own(SupplierFacts.organisation_id, who), _authorities_and_loti(who)
    ),
    Identifier: lambda who: or_(_own(Identifier.organisation_id, who), _authorities_and_loti(who)),
    Signature: lambda who: or_(_own(Signature.organisation_id, who), _loti(who)),
    # An organisation's news is not shown while its person acts for another. The clock mails it.
    Notification: lambda who: or_(
        _system(who),
        and_(
            _their_own(Notification.person_id, who),
            or_(
                col(Notification.membership_id).is_(None),
                col(Notification.membership_id) == who.membership_id,
            ),
        ),
    ),
    Preference: lambda who: or_(_system(who), _their_own(Preference.person_id, who)),
    Mail: _loti,
    Import: lambda who: or_(_own(Import.organisation_id, who), _loti(who)),
    Notice: lambda who: true(),
    Release: lambda who: true(),
    Product: _products,
    ProductUse: _of(Product, ProductUse.product_id),
    Challenge: _challenges,
    Attachment: _of(Challenge, Attachment.challenge_id),
    Commitment: _of(Challenge, Commitment.challenge_id),
    Circumstances: _authorities_and_loti,
    Event: _events,
    Delivery: _loti,
}


def refusal(who: Actor, verb: Verb, what: object) -> Refusal:
    """Why this actor may not do this to that; None when nothing forbids it."""
    if who.seen_through and verb not in LOOKING:
        return "You look at this with somebody else's eyes, so you cannot change anything."
    broken = (rule for rule in PERMISSIONS[verb] if not rule.holds(who, what))
    return next((f"To do this you must {rule.says}." for rule in broken), None)


def visible_to(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    """The rows of a table that this actor may see, as a clause for `where`."""
    return _clause(who, kind)  # type: ignore[arg-type]  # classes are hashable; mypy doubts it


@kept
def _clause(who: Actor, kind: type[Any]) -> ColumnElement[bool]:
    return VISIBILITY[kind](who)


def audience(who: Actor) -> frozenset[str]:
    """The audiences of search documents that this actor belongs to."""
    belongs = {"public"}
    if who.kind in (Kind.AUTHORITY, Kind.LOTI):
        belongs.add("authorities")
    if who.kind is Kind.LOTI:
        belongs.add("loti")
    if who.kind is not Kind.PUBLIC:
        belongs.add(f"organisation-{who.organisation_id}")
    return frozenset(belongs)
