"""The demo world with landmarks, which words that stand nowhere else tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from marketplace.accounts.models import DEMO, Identity, SignIn
from marketplace.app import Marketplace
from marketplace.awards.models import Award
from marketplace.bids.models import Bid, Choice
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Level, Stage
from marketplace.claims.models import Claim, Evidence, Interest, Reliance, Visibility
from marketplace.core import db, outbox
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.notices.models import State
from marketplace.notifications.models import Mail, MailStage, Notification
from marketplace.notifications.models import Rhythm as MailRhythm
from marketplace.notifications.topics import Audience, Topic
from marketplace.onboarding.models import Registration
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.organisations.personas import PERSONAS
from marketplace.people.models import (
    Invitation,
    InvitationStage,
    JoinRequest,
    JoinStage,
    MailDomain,
)
from marketplace.saved.models import SavedSearch
from marketplace.shortlists.models import Stage as ListStage
from marketplace.standards.models import EvidenceKind, Requirement
from marketplace.standards.models import Stage as Published
from marketplace.tenders.models import Tender
from seed.story import plant
from tests.crawl import marked
from tests.crawl.marked import EVIDENCE, MESSAGE, PRIVATE, SEARCH, SUBJECT, WAY_IN, WHY
from tests.crawl.people import ASKING, NAMES
from tests.make import Make

OWNER, PARTNER, SELLER = "camden", "hackney", "binfold"  # by slug, whose the landmarks are
UNPUBLISHED = (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """By stage, one thing of each kind, all of them the owner's or the seller's."""

    challenges: Mapping[Stage, UUID]
    attachments: Mapping[Stage, UUID]
    products: Mapping[Listing, UUID]
    standards: Mapping[Published, UUID]
    tenders: Mapping[str, UUID]
    contracts: Mapping[str, UUID]
    awards: Mapping[str, tuple[UUID, UUID]]  # by stage: the tender, and the award
    imports: Mapping[State, UUID]
    shortlists: Mapping[ListStage, UUID]
    claim_parts: Mapping[UUID, tuple[UUID, UUID]]  # by claim: one of its points, some evidence
    notice: UUID
    delivery: UUID
    about_people: Mapping[type[Any], Mapping[str, UUID]]  # by whose it is
    choosing: Mapping[str, str]  # by its lead, the address where it says of a bid that it goes on

    def starts(self) -> list[str]:
        """Addresses to begin from: no page need link to them."""
        places = [f"/challenges/{id}" for id in self.challenges.values()]
        places += [f"{place}/history" for place in places]
        for id in self.tenders.values():
            parts = (
                "",
                "/workspace",
                "/workspace/bids",
                "/workspace/evaluation",
                "/workspace/award",
            )
            places += [f"/tenders/{id}{part}" for part in parts]
        places += [f"/contracts/{id}" for id in self.contracts.values()]
        places += [f"/tenders/{id}/workspace/award/{its}" for id, its in self.awards.values()]
        places += self.choosing.values()
        places += [f"/products/{id}" for id in self.products.values()]
        places += [f"/standards/{id}" for id in self.standards.values()]
        places += [f"/claims/{id}" for id in self.claim_parts]
        places += [f"/notices/imports/{id}" for id in self.imports.values()]
        places += [f"/shortlists/{id}" for id in self.shortlists.values()]
        return places


def make_world(marketplace: Marketplace) -> Landmarks:
    """Plants the demo world and its landmarks, and fills the search index in one go."""
    outbox.register()  # nobody listens meanwhile: the index is filled at once afterwards
    assert plant(marketplace)
    with db.writing(marketplace.engine) as session:
        landmarks = _landmarks(Make(session), marketplace)
    reindex(marketplace.engine, marketplace.index)
    return landmarks


def _landmarks(make: Make, marketplace: Marketplace) -> Landmarks:
    owner, partner, seller = (_named(make, slug) for slug in (OWNER, PARTNER, SELLER))
    challenges = {stage: marked.challenge(make, owner, stage) for stage in Stage}
    for stage, challenge in challenges.items():
        if stage not in UNPUBLISHED:
            make.commitment(challenge, partner, Level.COMMITTED, **PRIVATE)
    notice = make.notice(title="Grit bins for the winter", import_id=None)
    imports = {state: marked.import_(make, owner, state) for state in State}
    notice.import_id = imports[State.DONE].id
    make(notice)
    products = {stage: marked.product(make, marketplace, seller, stage) for stage in Listing}
    tenders = make.session.exec(select(Tender)).all()
    return Landmarks(
        {stage: one.id for stage, one in challenges.items()},
        {stage: marked.attached(make, marketplace, one.id) for stage, one in challenges.items()},
        products,
        {stage: marked.standard(make, stage) for stage in Published},
        {one.stage.value: one.id for one in sorted(tenders, key=_shared)},
        marked.contracts(make, owner, seller),
        {
            one.stage.value: (one.tender_id, one.id)
            for one in make.session.exec(select(Award).order_by(col(Award.created_at)))
        },
        {state: one.id for state, one in imports.items()},
        {stage: marked.shortlist(make, marketplace, stage) for stage in ListStage},
        _claim_parts(make),
        notice.id,
        marked.delivery(make),
        {**_about_people(make), **marked.about_products(make, products[Listing.LISTED])},
        _choosing(make),
    )


def _choosing(make: Make) -> Mapping[str, str]:
    """Camden can take back that somebody goes on, Hackney has to say who does."""
    told = make.session.exec(select(Choice).where(col(Choice.goes_on).is_(True))).first()
    choices = select(Choice.bid_id)
    open_ = select(Bid).where(col(Bid.earlier).is_(True), col(Bid.id).not_in(choices))
    bid = make.session.exec(open_).first()
    assert told
    assert bid
    return {
        "camden-buyer": f"/tenders/{told.tender_id}/workspace/bids/{told.bid_id}/take-back",
        "hackney-buyer": f"/tenders/{bid.tender_id}/workspace/stages/{bid.round}/choose",
    }


def _shared(tender: Tender) -> tuple[bool, int, str]:
    """Of each stage, the one that most authorities prepare together stands for all; of those that
    are open, one that can be bid for, and has no stages of its own.
    """
    bids = tender.standing(now()) == tender.stage and not tender.public_rounds
    return bids, len(tender.partners), tender.called


def _about_people(make: Make) -> Mapping[type[Any], Mapping[str, UUID]]:
    """Things of and about people, most of them from the story."""

    def the(kind: type[Any], *where: Any) -> Any:
        return make.session.exec(select(kind).where(*where)).first().id

    def membership(persona: str) -> Membership:
        return make.session.get_one(Membership, PERSONAS[persona].membership_id)

    of = {slug: _named(make, slug) for slug in (OWNER, PARTNER, SELLER, "loti")}
    buyer = membership("camden-buyer")
    people = {
        "our author": "camden-buyer",
        "our administrator": "camden-approver",
        "the partner's": "hackney-buyer",
        "the seller's": "supplier-one",
        "LOTI's": "loti-curator",
    }
    suspended = the(Membership, Membership.stage == Standing.SUSPENDED)
    asking = the(Person, Person.name == NAMES[ASKING])
    sent = Invitation.stage == InvitationStage.SENT
    ours = (sent, Invitation.organisation_id == of[OWNER].id)
    identity = Identity(
        issuer="https://idp.example", subject=SUBJECT, title=WAY_IN, person_id=buyer.person_id
    )
    begun = SignIn(
        token_hash=uuid4().hex,
        person_id=buyer.person_id,
        membership_id=buyer.id,
        issuer=DEMO,
        browser="Mozilla/5.0 Firefox/140.0",
        proved_at=now(),
        seen_at=now(),
    )
    mail = Mail(
        purpose="notification",
        about_id=uuid4(),
        email="kakapo@hackney.example",
        due_at=now() + timedelta(days=1),
        stage=MailStage.REFUSED,
        error="550 no such mailbox",
    )
    theirs = select(Notification.event_id).where(Notification.person_id == buyer.person_id)
    told = the(Event, Event.organisation_id == of[PARTNER].id, col(Event.id).not_in(theirs))
    notification = Notification(
        person_id=buyer.person_id,
        membership_id=buyer.id,
        event_id=told,
        kind=Topic.CHALLENGES,
        audience=Audience.AUTHORS,
        why=WHY,
    )
    search = SavedSearch(
        name=SEARCH,
        kind="challenge",
        query="q=bins",
        rhythm=MailRhythm.DAILY,
        person_id=buyer.person_id,
        membership_id=buyer.id,
    )
    make(JoinRequest(person_id=make.person().id, organisation_id=of[OWNER].id, message=MESSAGE))
    return {
        Organisation: {slug: one.id for slug, one in of.items()},
        Membership: {
            **{whose: membership(persona).id for whose, persona in people.items()},
            "suspended": suspended,
        },
        Person: {
            **{whose: membership(persona).person_id for whose, persona in people.items()},
            "who asks": asking,
        },
        Invitation: {
            "ours, open": the(Invitation, *ours, Invitation.expires_at > now()),
            "ours, expired": the(Invitation, *ours, Invitation.expires_at <= now()),
            "the seller's": the(Invitation, sent, Invitation.organisation_id == of[SELLER].id),
        },
        JoinRequest: {
            "open": the(JoinRequest, JoinRequest.person_id == asking),
            "declined": the(JoinRequest, JoinRequest.stage == JoinStage.DECLINED),
        },
        MailDomain: {"ours": the(MailDomain, MailDomain.domain == "camden.example")},
        Identity: {
            "our author's": make(identity).id,
            "of who asks": the(Identity, Identity.person_id == asking),
        },
        SignIn: {"our author's": make(begun).id},
        SavedSearch: {"our author's": make(search).id},
        Notification: {"our author's": make(notification).id},
        Mail: {"refused": make(mail).id},
        Registration: {"a draft": the(Registration)},
        Claim: {str(stage): id for id, stage in _claims(make).items()},
        Reliance: {
            "named": the(Reliance, col(Reliance.named).is_(True)),
            "not named": the(Reliance, col(Reliance.named).is_(False)),
        },
        Interest: {"the assessor's": make(_interest(membership("loti-assessor"), of[SELLER])).id},
    }


def _interest(whose: Membership, seller: Organisation) -> Interest:
    return Interest(what="", person_id=whose.person_id, organisation_id=seller.id)


def _claims(make: Make) -> Mapping[UUID, Any]:
    """A claim of the story at each stage that there is one at."""
    rows = make.session.exec(select(Claim.stage, Claim.id).order_by(col(Claim.created_at))).all()
    return {id: stage for stage, id in dict(rows).items()}


def _claim_parts(make: Make) -> Mapping[UUID, tuple[UUID, UUID]]:
    """For each of them one of its points, and a file as evidence for its assessors alone."""
    found = {}
    for id in _claims(make):
        claim = make.session.get_one(Claim, id)
        points = select(Requirement.id).where(Requirement.version_id == claim.version_id)
        piece = make(
            Evidence(
                claim_id=id,
                kind=EvidenceKind.REPORT,
                visibility=Visibility.ASSESSORS,
                issuer=EVIDENCE,
                holder=EVIDENCE,
                link="https://evidence.example/",
            )
        )
        point = make.session.exec(points).first()
        assert point
        found[id] = (point, piece.id)
    return found


def _named(make: Make, slug: str) -> Organisation:
    return make.session.exec(select(Organisation).where(Organisation.slug == slug)).one()
