"""Things in the demo world with words that stand nowhere else, which tell them apart."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from marketplace.app import Marketplace
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
from marketplace.challenges.models import Attachment, Stage
from marketplace.contracts.models import Contract, ContractParty, ContractStage, Review
from marketplace.core import files, outbox
from marketplace.core.forms import bind
from marketplace.core.money import VAT
from marketplace.core.times import now
from marketplace.notices.models import Import, State
from marketplace.organisations.models import Organisation
from marketplace.reference.bands import Band
from marketplace.shortlists import actions as shortlists
from marketplace.shortlists.forms import Freezing, Starting
from marketplace.shortlists.models import Shortlist
from marketplace.shortlists.models import Stage as ListStage
from marketplace.standards.models import Stage as Published
from tests.core.test_files import png
from tests.crawl.people import actor
from tests.make import Make

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


def challenge(make: Make, owner: Organisation, stage: Stage) -> Any:
    beast = CHALLENGES.get(stage, "Sparrow")
    title = f"{beast} grit bins, {stage.value}"
    more = {"title": title, "need": f"{beast} grit bins are empty when it snows.", "band": None}
    if stage == Stage.RETURNED:
        more |= {"remark": f"Please say more. {REMARK}", "remark_about": "need"}
    if stage == Stage.SUBMITTED:
        more |= {"submitted_at": now() - timedelta(days=1)}
    return make.challenge(owner, stage, **more)


def contracts(make: Make, owner: Organisation, seller: Organisation) -> Mapping[str, UUID]:
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


def attached(make: Make, marketplace: Marketplace, challenge: UUID) -> UUID:
    kept = files.save(marketplace.files, BytesIO(b"Where the grit bins stand.\n"), "bins.txt")
    about = {"name": kept.name, "size": kept.size, "media_type": kept.media_type}
    row = Attachment(challenge_id=challenge, key=kept.key, sha256=kept.sha256, **about)
    return make(row).id


def product(make: Make, marketplace: Marketplace, seller: Organisation, stage: Listing) -> UUID:
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


def about_products(make: Make, product: UUID) -> Mapping[type[Any], Mapping[str, UUID]]:
    """What waits for LOTI's curators."""
    told = {"before": {"summary": "It knew."}, "after": {"summary": "It knows."}}
    edit = make(ProductEdit(product_id=product, section="basics", saved_at=now(), **told))
    report = make(ProductReport(product_id=product, message=MESSAGE))
    return {ProductEdit: {"open": edit.id}, ProductReport: {"open": report.id}}


def shortlist(make: Make, marketplace: Marketplace, stage: ListStage) -> UUID:
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


def standard(make: Make, stage: Published) -> UUID:
    beast = STANDARDS.get(stage, "Starling")
    title = f"{beast} grit bins, {stage.value}"
    typed = {"title": title, "verify": beast} if stage == Published.DRAFT else {}
    key = f"GRIT-{stage.value.upper()}"
    return make.standard(key, stage, title=title, typed=typed).standard_id


def import_(make: Make, owner: Organisation, state: State) -> Import:
    about = {"name": IMPORTED, "size": 1000, "person_name": "Amara Okafor", "state": state}
    if state == State.FAILED:
        about |= {"sentence": f"This file holds no JSON. {PROBLEM}"}
    if state == State.DONE:
        wrong = {"record": "ocds-1", "field": "date", "reason": PROBLEM}
        about |= {"read": 2, "new": 1, "refused": 1, "problems": [wrong]}
    return make(Import(organisation_id=owner.id, **about))


def delivery(make: Make) -> UUID:
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
