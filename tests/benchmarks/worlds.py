"""Marketplaces of any size, filled past the actions: with as many rows as a measure asks for."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from auth.actor import Kind
from marketplace.app import Marketplace, assemble
from marketplace.catalogue.models import Product, ProductUse
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Circumstances, Commitment, Level, Stage
from marketplace.claims.models import Claim
from marketplace.claims.models import Stage as Claimed
from marketplace.core import db
from marketplace.core.times import in_london, now
from marketplace.discovery.indexing import everything
from marketplace.migrate import upgrade
from marketplace.onboarding.agreement import IN_FORCE
from marketplace.onboarding.models import Signature
from marketplace.organisations import actions as organisations
from marketplace.organisations import queries
from marketplace.organisations.models import Organisation, Person
from marketplace.organisations.personas import PERSONAS
from marketplace.reference.attributes import Attribute
from marketplace.settings import Settings
from marketplace.standards import shipping
from marketplace.standards.models import Stage as Published
from marketplace.standards.models import Standard, StandardVersion
from search.port import Document
from search.vectors import WordLlama
from seed import world

BATCH = 2_000  # rows of a table that are written together
AUTHOR = "camden-buyer"  # the persona that can sign in
LEVELS = tuple(Level)
ATTRIBUTES = tuple(map(str, Attribute))

Organisations = Mapping[Kind, list[Organisation]]


class Row(dict[str, Any]):
    """The columns of a row, and whose it is."""

    table: type[SQLModel]


@dataclass(frozen=True, slots=True)
class Filled:
    """A marketplace and what is in it, the oldest first."""

    marketplace: Marketplace
    challenges: Sequence[UUID]
    products: Sequence[UUID]


@contextmanager
def filled(
    folder: Path, challenges: int, products: int, *, brief: bool = False
) -> Iterator[Filled]:
    """A marketplace with London's authorities, the demo's suppliers and so many rows.

    When brief, each has a sentence or two of the demo world's, and those about the same work share
    a vector. Otherwise a challenge has a whole text, and a product one of its own.
    """
    marketplace = assemble(Settings(data_dir=folder))
    try:
        upgrade(marketplace.engine)
        with db.writing(marketplace.engine) as session:
            people = _people(marketplace, session)
            asked = _write(session, Challenge, _challenges(people, challenges, brief))
            offered = _write(session, Product, _products(people, products, brief))
            _write(session, StandardVersion, _standards(people, offered))
            session.commit()
            documents = everything(session)
            marketplace.index.replace(_known(documents) if brief else documents)
        yield Filled(marketplace, asked, offered)
    finally:
        marketplace.close()


def _people(marketplace: Marketplace, session: Session) -> Organisations:
    ctx = marketplace.context(session)
    organisations.register_london(ctx)
    for text in world.suppliers():
        about: dict[str, Any] = {
            "description": text.description,
            "is_sme": text.sme,
            "is_vcse": text.vcse,
        }
        session.add(Organisation(name=text.name, slug=text.key, kind=Kind.SUPPLIER, **about))
    session.flush()
    found = queries.everybody(ctx)
    persona = PERSONAS[AUTHOR]
    person = Person(name=persona.name, email="author@example.org")
    own = next(one for one in found if one.slug == persona.organisation)
    organisations.join(ctx, person, own, persona.roles, persona.membership_id)
    session.flush()
    session.add_all(
        Signature(
            organisation_id=one.id,
            person_id=person.id,
            version=IN_FORCE,
            signer=person.name,
            position="Director",
            signed_at=ctx.now,
        )
        for one in found
        if one.kind is Kind.SUPPLIER
    )
    session.flush()
    return {kind: [one for one in found if one.kind is kind] for kind in Kind}


def _challenges(people: Organisations, count: int, brief: bool) -> Iterator[list[Row]]:
    """Open challenges, one a minute, each with up to two other authorities that joined it."""
    authorities = people[Kind.AUTHORITY]
    until = in_london(now()).date() + timedelta(days=30)
    texts = [text for text in world.challenges() if text.opened_days_ago is not None]
    for number, text in enumerate(islice(cycle(texts), count)):
        at = now() - timedelta(minutes=count - number)
        poster = number % len(authorities)
        about = {
            "title": f"{text.title} {number}",
            "need": _sentence(text.need) if brief else text.need,
            **_same(text, "area", "cpv", "band", "contact_role"),
            **({} if brief else _same(text, "affected", "outcomes", "today", "constraints")),
        }
        challenge = _row(
            Challenge,
            **about,
            stage=Stage.OPEN,
            closes_on=until,
            published_at=at,
            submitted_at=at,
            created_at=at,
            organisation_id=authorities[poster].id,
        )
        rows = [challenge]
        for joiner in range(number % 3):
            commitment = _row(
                Commitment,
                challenge_id=challenge["id"],
                organisation_id=authorities[(poster + joiner + 1) % len(authorities)].id,
                level=LEVELS[joiner % len(LEVELS)],
                volume=1_000,
                unit="homes",
            )
            rows.append(commitment)
            rows.append(_row(Circumstances, commitment_id=commitment["id"], band=text.band))
        yield rows


def _products(people: Organisations, count: int, brief: bool) -> Iterator[list[Row]]:
    """Listed products, one a minute, each used by up to two authorities."""
    suppliers, authorities = people[Kind.SUPPLIER], people[Kind.AUTHORITY]
    drawn = random.Random(2026)
    texts = world.products()
    sentences = [s for text in texts for s in f"{text.summary} {text.description}".split(". ")]
    for number, text in enumerate(islice(cycle(texts), count)):
        own = ". ".join(drawn.choices(sentences, k=7))
        product = _row(
            Product,
            name=f"{text.name} {number}",
            summary=_sentence(text.summary),
            description="" if brief else own,
            features=[] if brief else list(text.features),
            **_same(text, "areas", "cpv", "deployment", "price_model", "band", "integrations"),
            attributes=drawn.sample(ATTRIBUTES, 8),
            stage=Listing.LISTED,
            organisation_id=suppliers[number % len(suppliers)].id,
            created_at=now() - timedelta(minutes=count - number),
        )
        users = (authorities[(number + user) % len(authorities)] for user in range(number % 3))
        yield [
            product,
            *(_row(ProductUse, product_id=product["id"], organisation_id=u.id) for u in users),
        ]


CLAIMED = 1_000  # products of which each claims some standards: more are on no page of the matrix


def _standards(people: Organisations, products: Sequence[UUID]) -> Iterator[list[Row]]:
    """What the marketplace ships, published, each claimed for every third product."""
    suppliers = people[Kind.SUPPLIER]
    for number, text in enumerate(shipping.texts()):
        standard = _row(Standard, **_same(text, "key", "title", "issuer", "link"), kind=text.kind)
        version = _row(
            StandardVersion,
            standard_id=standard["id"],
            **_same(text, "label", "summary", "verify", "clause"),
            rules=[shipping.as_data(one) for one in text.rules],
            evidence=[str(one) for one in text.evidence],
            stage=Published.PUBLISHED,
            published_at=now() - timedelta(days=30),
        )
        claims = (
            _row(
                Claim,
                version_id=version["id"],
                organisation_id=suppliers[at % len(suppliers)].id,
                product_id=product,
                stage=Claimed.MET if at % 2 else Claimed.DECLARED,
                decided_at=now() if at % 2 else None,
            )
            for at, product in enumerate(products[:CLAIMED])
            if (at + number) % 3 == 0
        )
        yield [standard, version, *claims]


def _same(text: object, *names: str) -> dict[str, Any]:
    values = {name: getattr(text, name) for name in names}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _sentence(text: str) -> str:
    return text.partition(". ")[0]


def _row(table: type[SQLModel], **values: Any) -> Row:
    """A row as its table would make it, without an object for each."""
    row = Row(_plain(table), id=uuid4())
    row.update(values)
    row.table = table
    return row


@cache
def _plain(table: type[SQLModel]) -> dict[str, Any]:
    return {
        name: about.get_default(call_default_factory=True)
        for name, about in table.model_fields.items()
        if not about.is_required()
    }


def _write(session: Session, table: type[SQLModel], groups: Iterator[list[Row]]) -> list[UUID]:
    """Writes rows with those that point at them; the ids of the ones in this table."""
    ids: list[UUID] = []
    connection = session.connection()
    while rows := [row for group in islice(groups, BATCH) for row in group]:
        for kind in dict.fromkeys(row.table for row in rows):
            connection.execute(insert(kind), [row for row in rows if row.table is kind])
        ids += [row["id"] for row in rows if row.table is table]
    return ids


def _known(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents with vectors that those about the same work share."""
    embed = WordLlama()
    vectors: dict[tuple[object, ...], list[float]] = {}
    for document in documents:
        key = (document.kind, document.facets.get("area"), document.facets.get("cpv"))
        if key not in vectors:
            vectors[key] = embed([document.body], lambda word: 1.0)[0].tolist()
        yield replace(document, vector=vectors[key])
