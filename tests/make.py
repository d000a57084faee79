"""Rows for a test, each with only the parts that the test cares about."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

from sqlmodel import Session, SQLModel, select

from auth.actor import Actor, Kind, Role
from marketplace.catalogue.models import Deployment, PriceModel, Product, ProductUse
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Circumstances, Commitment, Level
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.contracts.models import Contract, ContractParty, ContractStage
from marketplace.core.times import in_london, now
from marketplace.notices.models import Notice
from marketplace.onboarding.agreement import IN_FORCE
from marketplace.onboarding.models import Signature
from marketplace.organisations.models import AuthorityType, Membership, Organisation, Person
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from marketplace.standards.models import Kind as StandardKind
from marketplace.standards.models import Requirement, Standard, StandardVersion
from marketplace.standards.models import Stage as Published
from marketplace.tenders.models import Party, PartyStage, Publication, Tender
from marketplace.tenders.models import Stage as TenderStage

T = TypeVar("T", bound=SQLModel)


class Make:
    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, row: T) -> T:
        self.session.add(row)
        self.session.commit()
        return row

    def organisation(self, name: str, kind: Kind, **more: Any) -> Organisation:
        slug = f"{name.lower().replace(' ', '-')}-{uuid4().hex[:6]}"
        return self(Organisation(**({"name": name, "slug": slug, "kind": kind} | more)))

    def authority(self, name: str = "Camden", **more: Any) -> Organisation:
        about = {
            "authority_type": AuthorityType.BOROUGH,
            "short_name": name,
            "street": "1 Town Square",
            "town": "London",
            "postcode": "N1 1AA",
        }
        return self.organisation(name, Kind.AUTHORITY, **(about | more))

    def supplier(
        self, name: str = "Brightwater Systems", *, signed: bool = True, **more: Any
    ) -> Organisation:
        """A supplier that signed the agreement that is in force, unless it is to be one that
        did not.
        """
        about = {"description": "Software for housing teams.", "is_sme": True}
        supplier = self.organisation(name, Kind.SUPPLIER, **(about | more))
        if signed:
            self.signature(supplier)
        return supplier

    def signature(self, by: Organisation, version: str = IN_FORCE) -> Signature:
        signer = self.person("Someone who signed")
        about = {"signer": signer.name, "position": "Director", "signed_at": now()}
        return self(Signature(organisation_id=by.id, person_id=signer.id, version=version, **about))

    def loti(self) -> Organisation:
        """LOTI is one."""
        known = select(Organisation).where(Organisation.kind == Kind.LOTI)
        return self.session.exec(known).first() or self.organisation("LOTI", Kind.LOTI)

    def person(self, name: str = "Somebody", **more: Any) -> Person:
        """Somebody who has signed in before, and acts for nobody."""
        return self(Person(**({"name": name, "email": f"{uuid4().hex}@example.org"} | more)))

    def newcomer(self, name: str = "Somebody", **more: Any) -> Actor:
        """A person who signed in and acts for no organisation yet."""
        return Actor(name, Kind.PUBLIC, person_id=self.person(name, **more).id)

    def actor(self, of: Organisation, *roles: Role, name: str = "", **more: Any) -> Actor:
        """A person who is a member of the organisation, in these roles; `more` is about the
        person.
        """
        name = name or f"Someone at {of.called}"
        return self.member(self.person(name, **more), of, *roles)

    def member(self, person: Person, of: Organisation, *roles: Role) -> Actor:
        """Lets a person act for an organisation, for another one too."""
        membership = self(
            Membership(person_id=person.id, organisation_id=of.id, roles=sorted(roles))
        )
        return Actor(
            person.name,
            of.kind,
            frozenset(roles),
            person.id,
            of.id,
            of.called,
            membership_id=membership.id,
        )

    def author(self, of: Organisation) -> Actor:
        return self.actor(of, Role.AUTHOR)

    def approver(self, of: Organisation) -> Actor:
        return self.actor(of, Role.APPROVER)

    def manager(self, of: Organisation) -> Actor:
        return self.actor(of, Role.MANAGER)

    def administrator(self, of: Organisation) -> Actor:
        return self.actor(of, Role.ADMINISTRATOR)

    def curator(self) -> Actor:
        return self.actor(self.loti(), Role.CURATOR)

    def support(self) -> Actor:
        return self.actor(self.loti(), Role.SUPPORT)

    def loti_administrator(self) -> Actor:
        return self.administrator(self.loti())

    def challenge(
        self, by: Organisation, stage: ChallengeStage = ChallengeStage.OPEN, **more: Any
    ) -> Challenge:
        """A challenge with every answer given, published yesterday when it is past review."""
        unpublished = {ChallengeStage.DRAFT, ChallengeStage.SUBMITTED, ChallengeStage.RETURNED}
        today = in_london(now()).date()
        about: dict[str, Any] = {
            "title": "Missed bin collections are hard to trace",
            "need": "Crews report missed collections on paper, so residents wait for an answer.",
            "affected": "Residents and crews",
            "outcomes": "A missed collection is known the same day.",
            "today": "Paper sheets",
            "constraints": "It has to work with the crews' phones.",
            "area": Area.WASTE,
            "cpv": ["90511000", "48000000"],
            "band": Band.FROM_25K_TO_100K,
            "closes_on": today + timedelta(days=30),
            "contact_role": "Head of Waste",
            "published_at": None if stage in unpublished else now() - timedelta(days=1),
        }
        return self(Challenge(organisation_id=by.id, stage=stage, **(about | more)))

    def commitment(
        self, challenge: Challenge, by: Organisation, level: Level = Level.INTERESTED, **more: Any
    ) -> Commitment:
        """A live commitment; what only authorities may know goes in with the rest of `more`."""
        private = {key: more.pop(key) for key in list(more) if key in Circumstances.model_fields}
        made = self(
            Commitment(challenge_id=challenge.id, organisation_id=by.id, level=level, **more)
        )
        self(Circumstances(commitment_id=made.id, **private))
        return made

    def product(self, by: Organisation, stage: Listing = Listing.LISTED, **more: Any) -> Product:
        about: dict[str, Any] = {
            "name": "Roundwise",
            "summary": "Plans waste rounds and traces missed collections.",
            "description": "Crews see their round on a phone and report what they could not do.",
            "features": ["Rounds on a map", "Missed collection reports"],
            "areas": [Area.WASTE],
            "cpv": ["48000000"],
            "deployment": Deployment.SAAS,
            "price_model": PriceModel.FIXED_YEARLY,
            "band": Band.FROM_25K_TO_100K,
            "integrations": ["UPRN gazetteer"],
        }
        return self(Product(organisation_id=by.id, stage=stage, **(about | more)))

    def use(self, product: Product, by: Organisation) -> ProductUse:
        return self(ProductUse(product_id=product.id, organisation_id=by.id))

    def standard(
        self, key: str = "WCAG22-AA", stage: Published = Published.PUBLISHED, **more: Any
    ) -> StandardVersion:
        """The first version of a standard with one requirement; a draft as somebody typed it."""
        name = {"title": "Web accessibility", "issuer": "W3C", "kind": StandardKind.TECHNICAL}
        named = {name: more.pop(name, value) for name, value in name.items()}
        standard = self(Standard(key=key, link="", **named))
        about: dict[str, Any] = {
            "label": "2.2",
            "summary": "People with disabilities can use what is built to it.",
            "rules": [{"obligation": "mandatory", "all_of": ["user-interface"]}],
            "evidence": ["report"],
            "verify": "Read the report.",
            "clause": "The product meets it, or equivalent.",
            "published_at": None if stage is Published.DRAFT else now() - timedelta(days=30),
            "ended_at": now() if stage in (Published.SUPERSEDED, Published.WITHDRAWN) else None,
        }
        made = self(StandardVersion(standard_id=standard.id, stage=stage, **(about | more)))
        point = {"title": "Focus is not hidden", "code": "2.4.11", "guidance": "Press tab."}
        self(Requirement(version_id=made.id, position=1, **point))
        return made

    def tender(self, by: Organisation, **more: Any) -> Tender:
        """A published tender of one authority, with its deadline ahead."""
        about: dict[str, Any] = {
            "public_title": "Trace missed bins",
            "public_summary": "One list of missed collections.",
            "stage": TenderStage.OPEN,
            "published_at": now() - timedelta(days=1),
            "asking_ends_at": now() + timedelta(days=10),
            "closes_at": now() + timedelta(days=30),
        }
        tender = self(Tender(organisation_id=by.id, partners=[str(by.id)], **(about | more)))
        self(Party(tender_id=tender.id, organisation_id=by.id, stage=PartyStage.ACCEPTED))
        said = {
            "specification": {"title": tender.public_title, "summary": tender.public_summary},
            "lots": {"lots": []},
            "criteria": {"criteria": []},
            "terms": {"submission": "bids.example", "documents": []},
            "value": {"total": "0", "parties": []},
            "annex": {},
        }
        deadline = tender.closes_at or now()
        self(Publication(number=1, content=said, deadline=deadline, tender_id=tender.id))
        return tender

    def contract(self, by: Organisation, supplier: Organisation, **more: Any) -> Contract:
        """A contract that one authority signed, and that is in force."""
        about: dict[str, Any] = {
            "title": "Bins on one list",
            "stage": ContractStage.SIGNED,
            "value": Decimal(80_000),
            "starts_on": in_london(now()).date() - timedelta(days=2),
            "ends_on": in_london(now()).date() + timedelta(days=700),
            "signed_on": in_london(now()).date() - timedelta(days=3),
        }
        ours = {"organisation_id": by.id, "supplier_id": supplier.id, "parties": [str(by.id)]}
        made = self(Contract(**(about | ours | more)))
        self(ContractParty(contract_id=made.id, organisation_id=by.id, signed_on=made.signed_on))
        return made

    def notice(self, **more: Any) -> Notice:
        about: dict[str, Any] = {
            "ocid": f"ocds-b5fd17-{uuid4()}",
            "buyer_key": "GB-LAE-SCA",
            "source": "Contracts Finder",
            "release_id": uuid4().hex,
            "tags": ["tender"],
            "buyer_name": "South Fenland District Council",
            "title": "Commercial waste management system",
            "description": "A system to run trade waste collections and their invoices.",
            "cpv": ["48000000"],
            "published_at": now() - timedelta(days=3),
        }
        return self(Notice(**(about | more)))
