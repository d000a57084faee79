"""What keeps the search index up to date: it listens to the journal, and can be filled anew."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col

from auth.actor import Kind
from marketplace.catalogue import documents as catalogue
from marketplace.catalogue.models import Product
from marketplace.challenges import documents as challenges
from marketplace.challenges.models import Challenge, Commitment
from marketplace.claims import queries as claims
from marketplace.claims.models import Claim
from marketplace.contracts import documents as contracts
from marketplace.contracts.models import Contract, ContractParty, Permitted
from marketplace.core import db
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.core.times import now
from marketplace.discovery import queries
from marketplace.notices import documents as notices
from marketplace.notices.models import Notice
from marketplace.organisations import documents as organisations
from marketplace.organisations.models import Organisation
from marketplace.standards import documents as standards
from marketplace.tenders import documents as tenders
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb
from search.fallback import engines
from search.port import Document, Index, Unavailable

LATE = timedelta(minutes=5)  # a transaction may be so old when it is committed

Touched = dict[str, Document | None]  # by id; None: there is nothing to be found any more


def listener(index: Index) -> Listener:
    """Brings what an event touched up to date: as it is now, not as it was then, so that events
    may arrive twice or late. Each engine has a listener: one that is away lets no other wait.
    """

    def handle(session: Session, event: Event) -> None:
        if touched := TOUCHED.get(event.subject_kind):
            documents = touched(session, event)
            if present := [document for document in documents.values() if document]:
                index.put(present)
            if absent := [id for id, document in documents.items() if not document]:
                index.drop(absent)

    name = "search" if index.name == "embedded" else f"search-{index.name}"
    return Listener(name, handle, writes=False, away=(Unavailable,))


def everything(session: Session) -> Iterator[Document]:
    """The documents of all there is, read a batch at a time."""
    for products in queries.batches(session, Product):
        yield from _products(session, products)
    for found in queries.batches(session, Challenge):
        yield from filter(None, map(challenges.document, found))
    for published in queries.batches(session, Tender):
        yield from filter(None, map(tenders.document, published))
    for signed in queries.batches(session, Contract):
        yield from filter(None, _contracts(session, signed).values())
    for suppliers in queries.suppliers(session):
        yield from _suppliers(session, suppliers)
    yield from (standards.document(*one) for one in queries.standards(session))
    for read_in in queries.batches(session, Notice):
        yield from map(notices.document, read_in)


def reindex(
    engine: Engine, index: Index, watch: Callable[[str, int], object] = lambda name, number: None
) -> int:
    """Fills every engine of the index anew from the database, and returns how many documents there
    are now. `watch` hears the engine's name and how many it has read.

    An engine may answer from its former index meanwhile, and be told of changes there; so what
    changed since is told again when the new one has taken its place.
    """
    return [_refill(engine, one, watch) for one in engines(index)][-1]


def _refill(engine: Engine, index: Index, watch: Callable[[str, int], object]) -> int:
    def documents() -> Iterator[Document]:
        with db.reading(engine) as session:
            for number, document in enumerate(everything(session), 1):
                watch(index.name, number)
                yield document

    since = now() - LATE
    number = index.replace(documents())
    tell = listener(index).handle
    with db.reading(engine) as session:
        for event in queries.events(session, since, TOUCHED):
            tell(session, event)
    return number


# ---- What an event touched, by the kind of its subject, as it is now.


def _product(session: Session, event: Event) -> Touched:
    """What was done to a product, or to what belongs to it."""
    product = queries.row(session, Product, event.about_id)
    made = next(_products(session, [product]), None) if product else None
    return {f"product-{event.about_id}": made}


def _challenge(session: Session, event: Event) -> Touched:
    return _one_challenge(session, event.subject_id)


def _commitment(session: Session, event: Event) -> Touched:
    commitment = queries.row(session, Commitment, event.subject_id)
    return _one_challenge(session, commitment.challenge_id) if commitment else {}


def _tender(session: Session, event: Event) -> Touched:
    tender = queries.row(session, Tender, event.about_id)
    return {f"tender-{event.about_id}": tenders.document(tender) if tender else None}


def _contract(session: Session, event: Event) -> Touched:
    contract = queries.row(session, Contract, event.about_id)
    made = _contracts(session, [contract] if contract else [])
    return {f"contract-{event.about_id}": None, **made}


def _notices(session: Session, event: Event) -> Touched:
    """An import tells of many notices at once."""
    ids = [UUID(id) for id in event.facts.get("notices", [])]
    found: Touched = {f"notice-{id}": None for id in ids}
    for batch in queries.batches(session, Notice, col(Notice.id).in_(ids)):
        found |= {f"notice-{notice.id}": notices.document(notice) for notice in batch}
    return found


def _organisation(session: Session, event: Event) -> Touched:
    return _one_supplier(session, event.subject_id)


def _agreement(session: Session, event: Event) -> Touched:
    return _one_supplier(session, event.about_id)


def _standard(session: Session, event: Event) -> Touched:
    found = queries.standards(session, event.about_id)
    made = next((standards.document(*one) for one in found), None)
    return {f"standard-{event.about_id}": made}


def _registration(session: Session, event: Event) -> Touched:
    """Until it is confirmed, there is nothing but a draft."""
    confirmed = event.verb == Verb.REGISTRATION_CONFIRM
    return _one_supplier(session, event.about_id) if confirmed else {}


def _one_supplier(session: Session, id: UUID) -> Touched:
    """A supplier, and what is found by its name, too: its products, which are there only while it
    trades, and its contracts.
    """
    found = queries.row(session, Organisation, id)
    suppliers = [found] if found and found.kind is Kind.SUPPLIER else []
    products = queries.products_of(session, id)
    return {
        f"supplier-{id}": next(_suppliers(session, suppliers), None),
        **{document.id: document for document in _products(session, products)},
        **_contracts(session, queries.contracts_of(session, id)),
    }


def _claim(session: Session, event: Event) -> Touched:
    """The product that it is for, or all of its supplier's: they are found by what they meet."""
    claim = queries.row(session, Claim, event.subject_id)
    if claim is None:
        return {}
    if claim.product_id is None:
        return _one_supplier(session, claim.organisation_id)
    product = queries.row(session, Product, claim.product_id)
    made = next(_products(session, [product]), None) if product else None
    return {f"product-{claim.product_id}": made}


TOUCHED: Mapping[str, Callable[[Session, Event], Touched]] = {
    "product": _product,
    "claim": _claim,
    "edit": _product,
    "use": _product,
    "challenge": _challenge,
    "commitment": _commitment,
    "tender": _tender,
    "party": _tender,
    "contract": _contract,
    "notice": _notices,
    "organisation": _organisation,
    "agreement": _agreement,
    "registration": _registration,
    "standard": _standard,
}


def _one_challenge(session: Session, id: UUID) -> Touched:
    challenge = queries.row(session, Challenge, id)
    return {f"challenge-{id}": challenges.document(challenge) if challenge else None}


def _contracts(session: Session, found: Iterable[Contract]) -> Touched:
    rows = list(found)
    ids = [one.id for one in rows]
    signers = queries.taking_part(session, ContractParty, ids)
    callers = queries.taking_part(session, Permitted, ids)
    return {
        f"contract-{one.id}": contracts.document(
            one, signers.get(one.id, ()), callers.get(one.id, ())
        )
        for one in rows
    }


def _suppliers(session: Session, suppliers: Iterable[Organisation]) -> Iterator[Document]:
    suppliers = list(suppliers)
    trading = queries.trading(session, {supplier.id for supplier in suppliers})
    return (organisations.document(one, trades=one.id in trading) for one in suppliers)


def _products(session: Session, products: Iterable[Product]) -> Iterator[Document]:
    products = list(products)
    uses = queries.uses(session, products)
    trading = queries.trading(session, {product.organisation_id for product in products})
    met, claimed = claims.found(session, [product.id for product in products], now())
    for product in products:
        made = catalogue.document(
            product, uses.get(product.id, []), trades=product.organisation_id in trading
        )
        facets = {
            "standard_met": tuple(sorted(met[product.id])),
            "standard_claimed": tuple(sorted(claimed[product.id])),
        }
        yield replace(made, facets={**made.facets, **facets})
