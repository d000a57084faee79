"""Who the people of each audience are, for one event: only who is active, for organisations that
are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast
from sqlmodel import Session, col, select

from auth.actor import CLOCK, NOBODY, VISITOR, Kind, Role
from marketplace.catalogue.models import Product, ProductUse, UseStage
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage
from marketplace.claims.models import Claim, Reliance, RelianceStage
from marketplace.core.journal import Event
from marketplace.core.scanning import Scan
from marketplace.notices.models import Import
from marketplace.notifications import award_queries, panel_queries, tender_queries
from marketplace.notifications.keeping_queries import searchers, watchers
from marketplace.notifications.models import Notification, Preference, Rhythm
from marketplace.notifications.queries import acting, counts
from marketplace.notifications.recipients import Recipient, oneself
from marketplace.notifications.topics import Audience
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import JoinRequest
from marketplace.policy import visible_to
from marketplace.standards.applicability import Facts, obligation
from marketplace.standards.models import StandardVersion
from marketplace.verbs import Verb

WRITES = frozenset({Role.AUTHOR})
DECIDES = frozenset({Role.AUTHOR, Role.APPROVER})
NAMES = frozenset({Role.AUTHOR, Role.APPROVER, Role.CURATOR})
MANAGES = frozenset({Role.MANAGER})
CURATES = frozenset({Role.CURATOR})
ASSESSES = frozenset({Role.ASSESSOR})
ADMINISTERS = frozenset({Role.ADMINISTRATOR})
SUPPORTS = frozenset({Role.SUPPORT, Role.ADMINISTRATOR})


def people(session: Session, audience: Audience, event: Event) -> Iterable[Recipient]:
    """The people of an audience, as far as there are any for this event."""
    return _AUDIENCES[audience](session, audience, event)


# ---- By what they do for an organisation


def _members(
    session: Session,
    audience: Audience,
    organisation_ids: Any,
    roles: frozenset[Role] = frozenset(),
    **words: str,
) -> list[Recipient]:
    """The members of these organisations in any of the roles, or in whatever role."""
    active = (
        select(Membership, Person, Organisation)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            col(Membership.organisation_id).in_(organisation_ids),
            counts(),
            visible_to(CLOCK, Membership),
        )
        .order_by(col(Membership.created_at), col(Membership.id))
    )
    return [
        Recipient(
            acting(membership, person, organisation),
            audience.why.format(organisation=organisation.called, **words),
            membership.id,
        )
        for membership, person, organisation in session.exec(active)
        if not roles or not roles.isdisjoint(membership.roles)
    ]


def _authors(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    challenge = session.get(Challenge, event.about_id)
    theirs = [challenge.organisation_id] if challenge else []
    return _members(session, audience, theirs, WRITES)


def _joined(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    live = select(Commitment.organisation_id).where(
        Commitment.challenge_id == event.about_id,
        Commitment.stage == CommitmentStage.LIVE,
        visible_to(CLOCK, Commitment),
    )
    return _members(session, audience, live, DECIDES)


def _neighbours(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Authorities that have posted or joined a challenge in the area of this one."""
    challenge = session.get(Challenge, event.about_id)
    if challenge is None or challenge.area is None:
        return []
    others = (
        col(Challenge.area) == challenge.area,
        col(Challenge.id) != challenge.id,
        col(Challenge.published_at).is_not(None),
        visible_to(CLOCK, Challenge),
    )
    posted = select(Challenge.organisation_id).where(*others)
    joined = (
        select(Commitment.organisation_id)
        .join(Challenge, col(Challenge.id) == Commitment.challenge_id)
        .where(*others, Commitment.stage == CommitmentStage.LIVE, visible_to(CLOCK, Commitment))
    )
    found = _members(session, audience, posted.union(joined), DECIDES, area=challenge.area.label)
    return [one for one in found if one.who.organisation_id != challenge.organisation_id]


def _makers(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Suppliers that list a product made for the area of a challenge."""
    challenge = session.get(Challenge, event.about_id)
    if challenge is None or challenge.area is None:
        return []
    areas = cast(col(Product.areas), String)  # a list, as JSON
    listed = (
        select(Product.organisation_id, Product.name)
        .where(
            Product.stage == Listing.LISTED,
            areas.contains(f'"{challenge.area}"'),
            visible_to(VISITOR, Product),
        )
        .order_by(Product.name)
    )
    products: dict[UUID, str] = {}
    for supplier, name in session.exec(listed):
        products.setdefault(supplier, name)
    return [
        Recipient(
            one.who,
            audience.why.format(
                product=products[one.who.organisation_id], area=challenge.area.label
            ),
            one.membership_id,
        )
        for one in _members(session, Audience.MANAGERS, products, MANAGES)
    ]


def _held(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Suppliers that list a product which the version that an event is about applies to."""
    version = session.get(StandardVersion, event.subject_id)
    if version is None:
        return []
    listed = (
        select(Product)
        .where(Product.stage == Listing.LISTED, visible_to(VISITOR, Product))
        .order_by(Product.name)
    )
    products: dict[UUID, str] = {}
    for one in session.exec(listed):
        facts = Facts(frozenset(one.attributes), frozenset(one.areas))
        if obligation(version.rules, facts):
            products.setdefault(one.organisation_id, one.name)
    return [
        Recipient(
            one.who,
            audience.why.format(product=products[one.who.organisation_id]),
            one.membership_id,
        )
        for one in _members(session, Audience.MANAGERS, products, MANAGES)
    ]


def _users(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    using = select(ProductUse.organisation_id).where(
        ProductUse.product_id == event.subject_id,
        ProductUse.stage != UseStage.DENIED,
        visible_to(CLOCK, ProductUse),
    )
    return _members(session, audience, using, DECIDES)


def _managers(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    product = session.get(Product, event.about_id)  # others do something to it, too
    its = product.organisation_id if product else event.organisation_id
    return _members(session, audience, [its], MANAGES)


def _curators(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    if event.verb == Verb.ORGANISATION_REGISTER:
        entered = session.get(Organisation, event.subject_id)
        if entered is None or entered.kind is not Kind.SUPPLIER:
            return []  # LOTI enters authorities itself
    return _members(session, audience, _lotis(), CURATES)


def _assessors(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    return _members(session, audience, _lotis(), ASSESSES)


def _claims(event: Event) -> Any:
    """The ids of the claims that an event is about: one, that of a record of reliance, or all that
    were made for a version of a standard.
    """
    kind, subject = event.subject_kind, event.subject_id
    of = {
        "claim": col(Claim.id) == subject,
        "reliance": col(Claim.id).in_(
            select(Reliance.claim_id).where(Reliance.id == subject, visible_to(CLOCK, Reliance))
        ),
        "standard": col(Claim.version_id) == subject,
    }
    return select(Claim.id).where(of[kind], visible_to(CLOCK, Claim))


def _claimants(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    theirs = select(Claim.organisation_id).where(
        col(Claim.id).in_(_claims(event)), visible_to(CLOCK, Claim)
    )
    return _members(session, audience, theirs, MANAGES)


def _reliants(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    theirs = select(Reliance.organisation_id).where(
        col(Reliance.claim_id).in_(_claims(event)),
        Reliance.stage == RelianceStage.STANDING,
        visible_to(CLOCK, Reliance),
    )
    return _members(session, audience, theirs, DECIDES)


def _lotis() -> Any:
    return select(Organisation.id).where(
        Organisation.kind == Kind.LOTI, visible_to(CLOCK, Organisation)
    )


def _administrators(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    signing = event.verb == Verb.AGREEMENT_SIGN
    its = event.organisation_id if signing else event.about_id
    themselves = _themselves(session, event)  # they are told in other words
    found = _members(session, audience, [its], ADMINISTERS)
    return [one for one in found if one.who.person_id != themselves]


def _support(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    if _members(session, Audience.ADMINISTRATORS, [event.about_id], ADMINISTERS):
        return []
    return _members(session, audience, _lotis(), SUPPORTS)


def _everybody(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Each as a person, not as a member: while it is suspended nobody can act for it."""
    members = (
        select(Person, Organisation)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            Membership.organisation_id == event.subject_id,
            Membership.stage == Standing.ACTIVE,
            Person.stage == Standing.ACTIVE,
            visible_to(CLOCK, Membership),
        )
    )
    return [
        oneself(person, audience.why.format(organisation=organisation.called))
        for person, organisation in session.exec(members)
    ]


# ---- In a tender


def _of_tender(
    theirs: Callable[[Event], Any], roles: frozenset[Role]
) -> Callable[[Session, Audience, Event], list[Recipient]]:
    """People of the organisations that a tender concerns in some way."""
    return lambda session, audience, event: _members(session, audience, theirs(event), roles)


def _invited(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    return _members(session, audience, tender_queries.invited(session, event), DECIDES)


def _mentioned(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    named = tender_queries.named(session, event)
    inside = _members(session, audience, tender_queries.partners(event))
    found = [*inside, *_members(session, audience, _lotis())]
    return [one for one in found if str(one.who.person_id) in named]


# ---- As a person


def _person(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    if event.facts.get("first"):  # the way in with which they came in
        return []
    person = session.get(Person, _themselves(session, event))
    if person is None or person.stage is Standing.ENDED:
        return []
    return [oneself(person, audience.why)]


def _themselves(session: Session, event: Event) -> UUID:
    """The person whom an event is about."""
    kinds: Mapping[str, type[Any]] = {
        "membership": Membership,
        "support": Membership,
        "join": JoinRequest,
    }
    if event.subject_kind == "person":
        return event.subject_id
    if kind := kinds.get(event.subject_kind):
        row = session.get(kind, event.subject_id)
        return row.person_id if row else NOBODY
    return event.person_id if event.subject_kind == "identity" else NOBODY


def _uploader(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Whoever uploaded a file that was refused, or began an import, when that is over."""
    if event.verb == Verb.FILE_REFUSE:
        scan = session.get(Scan, event.subject_id)
        colleagues = _members(session, audience, [event.about_id]) if scan else []
        return [one for one in colleagues if scan and one.who.person_id == scan.person_id]
    import_ = session.get(Import, event.subject_id)
    if import_ is None or not event.facts.get("over"):
        return []
    began = (
        select(Event.person_id)
        .where(
            Event.subject_id == import_.id,
            Event.person_id != NOBODY,
            visible_to(CLOCK, Event),
        )
        .order_by(col(Event.created_at))
        .limit(1)
    )
    person_id = session.exec(began).one_or_none()
    theirs = _members(session, audience, [import_.organisation_id])
    return [one for one in theirs if one.who.person_id == person_id]


_AUDIENCES: Mapping[Audience, Callable[[Session, Audience, Event], list[Recipient]]] = {
    Audience.AUTHORS: _authors,
    Audience.JOINED: _joined,
    Audience.NEIGHBOURS: _neighbours,
    Audience.MAKERS: _makers,
    Audience.MANAGERS: _managers,
    Audience.USERS: _users,
    Audience.CLAIMANTS: _claimants,
    Audience.RELIANTS: _reliants,
    Audience.ASSESSORS: _assessors,
    Audience.HELD: _held,
    Audience.CURATORS: _curators,
    Audience.ADMINISTRATORS: _administrators,
    Audience.SUPPORT: _support,
    Audience.EVERYBODY: _everybody,
    Audience.THEMSELVES: _person,
    Audience.PARTNERS: _of_tender(tender_queries.partners, DECIDES),
    Audience.INVITED: _invited,
    Audience.MENTIONED: _mentioned,
    Audience.ASKERS: _of_tender(tender_queries.askers, MANAGES),
    Audience.ASKER: _of_tender(tender_queries.asker, MANAGES),
    Audience.BIDDER: _of_tender(tender_queries.bidder, MANAGES),
    Audience.CHOSEN: _of_tender(tender_queries.chosen, MANAGES),
    Audience.BIDDERS: _of_tender(tender_queries.bidders, MANAGES),
    Audience.SEATED: panel_queries.seated,
    Audience.SEAT_GIVERS: _of_tender(panel_queries.seat_of, NAMES),
    Audience.LEADERS: _of_tender(tender_queries.leader, DECIDES),
    Audience.SCORERS: panel_queries.holding,
    Audience.CHAIRS: panel_queries.holding,
    Audience.PANEL_ASKERS: panel_queries.holding,
    Audience.ASKED_BIDDER: _of_tender(tender_queries.asked_bidder, MANAGES),
    **{whom: _of_tender(*whose) for whom, whose in award_queries.WHOSE.items()},
    Audience.UPLOADER: _uploader,
    Audience.SEARCHERS: searchers,
    Audience.WATCHERS: watchers,
}


# ---- What is known of them


def told_already(session: Session, event: Event) -> frozenset[UUID]:
    """Who has been told of an event."""
    known = select(Notification.person_id).where(
        Notification.event_id == event.id, visible_to(CLOCK, Notification)
    )
    return frozenset(session.exec(known))


def rhythms(session: Session, person_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Rhythm]]:
    """How often these people want mail, by person and kind of news, where they chose."""
    chosen: dict[UUID, dict[str, Rhythm]] = defaultdict(dict)
    theirs = select(Preference).where(
        col(Preference.person_id).in_(person_ids), visible_to(CLOCK, Preference)
    )
    for one in session.exec(theirs):
        chosen[one.person_id][one.kind] = one.rhythm
    return chosen
