"""The demo world with landmarks, which words that stand nowhere else tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from auth.actor import VISITOR, Actor, Kind
from auth.tokens import digest
from marketplace.accounts import actions as accounts
from marketplace.accounts.models import DEMO, Identity, SignIn
from marketplace.app import Marketplace
from marketplace.awards.models import Award
from marketplace.catalogue.models import (
    Picture,
    PriceLine,
    Product,
    ProductDocument,
    ProductEdit,
    ProductReport,
    Rhythm,
)
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Attachment, Level, Stage
from marketplace.claims.models import Claim, Evidence, Interest, Reliance, Visibility
from marketplace.contracts.models import Contract, ContractParty, ContractStage, Review
from marketplace.core import db, files, outbox
from marketplace.core.forms import bind
from marketplace.core.journal import Event
from marketplace.core.money import VAT
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.notices.models import Import, State
from marketplace.notifications.models import Mail, MailStage, Notification
from marketplace.notifications.models import Rhythm as MailRhythm
from marketplace.notifications.topics import Audience, Topic
from marketplace.onboarding.models import Registration
from marketplace.organisations import queries
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.organisations.personas import PERSONAS
from marketplace.people.models import (
    Invitation,
    InvitationStage,
    JoinRequest,
    JoinStage,
    MailDomain,
)
from marketplace.reference.bands import Band
from marketplace.saved.models import SavedSearch
from marketplace.shortlists import actions as shortlists
from marketplace.shortlists.forms import Freezing, Starting
from marketplace.shortlists.models import Shortlist
from marketplace.shortlists.models import Stage as ListStage
from marketplace.standards.models import EvidenceKind, Requirement
from marketplace.standards.models import Stage as Published
from marketplace.tenders.models import Tender
from seed.story import plant
from tests.core.test_files import png
from tests.make import Make

VISITING = "visitor"
PEOPLE = (VISITING, *PERSONAS)
# Who is no persona: somebody who registers a supplier, somebody who asked to join Camden, one whose
# membership of Camden is suspended, and LOTI's support with the eyes of Camden's buyer.
NEWCOMER, ASKING, SUSPENDED, LOOKING = "newcomer", "asking", "suspended", "looking"
EVERYBODY = (*PEOPLE, NEWCOMER, ASKING, SUSPENDED, LOOKING)
NAMES = {NEWCOMER: "Hannah Idowu", ASKING: "Nadia Karim", SUSPENDED: "Peter Lindqvist"}
SUPPORTING, SUPPORTED = "loti-admin", "camden-buyer"
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
        places += [f"/products/{id}" for id in self.products.values()]
        places += [f"/standards/{id}" for id in self.standards.values()]
        places += [f"/claims/{id}" for id in self.claim_parts]
        places += [f"/notices/imports/{id}" for id in self.imports.values()]
        places += [f"/shortlists/{id}" for id in self.shortlists.values()]
        return places


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
    challenges = {stage: _challenge(make, owner, stage) for stage in Stage}
    for stage, challenge in challenges.items():
        if stage not in UNPUBLISHED:
            make.commitment(challenge, partner, Level.COMMITTED, **PRIVATE)
    notice = make.notice(title="Grit bins for the winter", import_id=None)
    imports = {state: _import(make, owner, state) for state in State}
    notice.import_id = imports[State.DONE].id
    make(notice)
    products = {stage: _product(make, marketplace, seller, stage) for stage in Listing}
    tenders = make.session.exec(select(Tender)).all()
    return Landmarks(
        {stage: one.id for stage, one in challenges.items()},
        {stage: _attached(make, marketplace, one.id) for stage, one in challenges.items()},
        products,
        {stage: _standard(make, stage) for stage in Published},
        {one.stage.value: one.id for one in sorted(tenders, key=_shared)},
        _contracts(make, owner, seller),
        {
            one.stage.value: (one.tender_id, one.id)
            for one in make.session.exec(select(Award).order_by(col(Award.created_at)))
        },
        {state: one.id for state, one in imports.items()},
        {stage: _shortlist(make, marketplace, stage) for stage in ListStage},
        _claim_parts(make),
        notice.id,
        _delivery(make),
        {**_about_people(make), **_about_products(make, products[Listing.LISTED])},
    )


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
    told = the(Event, Event.organisation_id == of[PARTNER].id)
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


# ---- What must be told apart

# The years stand nowhere else in the world, in whatever form a date is written.
PRIVATE: Mapping[str, Any] = {
    "volume": 4321,
    "unit": "grit bins",
    "band": Band.OVER_1M,
    "earliest_start": date(2033, 7, 19),
    "contract_ends": date(2034, 11, 29),
    "note": "Quillfeather told us of zanzibarnote",
}
CHALLENGES = {
    Stage.DRAFT: "Marmoset",
    Stage.SUBMITTED: "Pangolin",
    Stage.RETURNED: "Capybara",
}
STANDARDS = {Published.DRAFT: "Quokka"}
PRODUCTS = {Listing.DRAFT: "Axolotl", Listing.PAUSED: "Wombat"}
REMARK = "Narwhalremark"
WHY = "because you are a Dingowhy"
WAY_IN, SUBJECT = "Bilby single sign-on", "Numbatsubject"
SEARCH = "Potoroosearch"
MESSAGE = "I look after the Bandicootmessage"
SHORTLIST, SHORTLIST_NOTE = "Pademelonlist", "The Numbatnote stays among us"
CONTRACT = "Thylacinecontract"  # which is not signed, so that only its own people see it
EVIDENCE = "Potooevidence"  # which only assessors and its supplier may read
IMPORTED = "okapi-import.json"
PROBLEM = "Tapirproblem"


def _challenge(make: Make, owner: Organisation, stage: Stage) -> Any:
    beast = CHALLENGES.get(stage, "Sparrow")
    title = f"{beast} grit bins, {stage.value}"
    more = {"title": title, "need": f"{beast} grit bins are empty when it snows.", "band": None}
    if stage == Stage.RETURNED:
        more |= {"remark": f"Please say more. {REMARK}", "remark_about": "need"}
    if stage == Stage.SUBMITTED:
        more |= {"submitted_at": now() - timedelta(days=1)}
    return make.challenge(owner, stage, **more)


def _contracts(make: Make, owner: Organisation, seller: Organisation) -> Mapping[str, UUID]:
    """The owner's from the story, which is signed, and another that is being prepared. Nobody has
    said yet how the delivery was.
    """
    for review in make.session.exec(select(Review)):
        make.session.delete(review)
    its = select(Contract).where(Contract.organisation_id == owner.id)
    found = {one.stage.value: one.id for one in make.session.exec(its)}
    title = f"{CONTRACT} grit bins"
    prepared = make(Contract(title=title, organisation_id=owner.id, supplier_id=seller.id))
    make(ContractParty(contract_id=prepared.id, organisation_id=owner.id))
    prepared.parties = [str(owner.id)]
    make(prepared)
    return {**found, ContractStage.PREPARED.value: prepared.id}


def _attached(make: Make, marketplace: Marketplace, challenge: UUID) -> UUID:
    kept = files.save(marketplace.files, BytesIO(b"Where the grit bins stand.\n"), "bins.txt")
    about = {"name": kept.name, "size": kept.size, "media_type": kept.media_type}
    row = Attachment(challenge_id=challenge, key=kept.key, sha256=kept.sha256, **about)
    return make(row).id


def _product(make: Make, marketplace: Marketplace, seller: Organisation, stage: Listing) -> UUID:
    """A product with one thing of each kind, all of them under its own id."""
    beast = PRODUCTS.get(stage, "Robin")
    name = f"{beast} grit bin sensors, {stage.value}"
    about = {"name": name, "summary": f"{beast} knows when a bin is empty."}
    id = make.product(seller, stage, **about).id
    its = {"id": id, "product_id": id}
    once = {"rhythm": Rhythm.ONCE, "vat": VAT.EXCLUDED}
    make(PriceLine(**its, what="Setting up", amount=Decimal(100), **once))
    for kind, content, more in (
        (ProductDocument, b"Where the grit bins stand.\n", {"title": "Terms", "kind": "terms"}),
        (Picture, png(), {"alt": "A grit bin"}),
    ):
        kept = files.save(marketplace.files, BytesIO(content), "")
        facts = {name: getattr(kept, name) for name in ("size", "media_type", "sha256", "key")}
        make(kind(**its, **facts, **more, file_name=kept.name))
    return id


def _about_products(make: Make, product: UUID) -> Mapping[type[Any], Mapping[str, UUID]]:
    """What waits for LOTI's curators."""
    told = {"before": {"summary": "It knew."}, "after": {"summary": "It knows."}}
    edit = make(ProductEdit(product_id=product, section="basics", saved_at=now(), **told))
    report = make(ProductReport(product_id=product, message=MESSAGE))
    return {ProductEdit: {"open": edit.id}, ProductReport: {"open": report.id}}


def _shortlist(make: Make, marketplace: Marketplace, stage: ListStage) -> UUID:
    """The owner's, with one of the seller's products on it."""
    ctx = marketplace.context(make.session, actor(make.session, "camden-buyer"))
    robin = make.session.exec(
        select(Product).where(
            col(Product.name).startswith("Robin"), Product.stage == Listing.LISTED
        )
    ).one()
    asked = bind(Starting, {"name": f"{SHORTLIST}, {stage.value}", "id": [str(robin.id)]})
    made = shortlists.start(ctx, asked)
    assert isinstance(made, Shortlist)
    make.session.commit()
    shortlists.note(ctx, made, robin.id, SHORTLIST_NOTE)
    if stage is ListStage.FROZEN:
        why = Freezing(because=SHORTLIST_NOTE, understood=True)
        shortlists.freeze(ctx, marketplace.index, made, why)
    make.session.commit()
    return made.id


def _standard(make: Make, stage: Published) -> UUID:
    beast = STANDARDS.get(stage, "Starling")
    title = f"{beast} grit bins, {stage.value}"
    typed = {"title": title, "verify": beast} if stage == Published.DRAFT else {}
    key = f"GRIT-{stage.value.upper()}"
    return make.standard(key, stage, title=title, typed=typed).standard_id


def _import(make: Make, owner: Organisation, state: State) -> Import:
    about = {"name": IMPORTED, "size": 1000, "person_name": "Amara Okafor", "state": state}
    if state == State.FAILED:
        about |= {"sentence": f"This file holds no JSON. {PROBLEM}"}
    if state == State.DONE:
        wrong = {"record": "ocds-1", "field": "date", "reason": PROBLEM}
        about |= {"read": 2, "new": 1, "refused": 1, "problems": [wrong]}
    return make(Import(organisation_id=owner.id, **about))


def _delivery(make: Make) -> UUID:
    """A delivery that failed too often, for LOTI to see."""
    event = make.session.exec(select(outbox.Event)).first()
    assert event
    row = outbox.Delivery(
        listener="search",
        event_id=event.id,
        subject_id=event.subject_id,
        event_at=event.created_at,
        due_at=now(),
        set_aside_at=now(),
        attempts=6,
        error="OSError: the disk is full",
    )
    return make(row).id
