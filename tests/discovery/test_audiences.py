"""What may be found is what may be seen: documents and policy agree on every stage and actor.

The table is generated from the stages and the kinds of actor. The exceptions are named: things that
are seen by whoever has their address, and that nobody comes upon by searching.
"""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from auth.actor import VISITOR, Actor, Kind
from marketplace import policy
from marketplace.catalogue import documents as catalogue
from marketplace.catalogue.models import Product
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges import documents as challenges
from marketplace.challenges.models import Challenge
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.notices import documents as notices
from marketplace.organisations import documents as organisations
from tests.make import Make

ACTORS = ("visitor", "owner", "authority", "supplier", "loti")

# A retired product keeps its page for whoever has contracts, and is offered to nobody new.
# A draft challenge is on its author's home page; searching is for what has been sent.
SEEN_BUT_NOT_FOUND = {
    *(("product", Listing.RETIRED, who) for who in ("visitor", "authority", "supplier")),
    ("challenge", ChallengeStage.DRAFT, "owner"),
}


@pytest.fixture
def actors(make: Make) -> Mapping[str, Actor]:
    return {
        "visitor": VISITOR,
        "authority": make.actor(make.authority("Hackney")),
        "supplier": make.actor(make.supplier("Somebody else")),
        "loti": make.curator(),
    }


def sees(session: Session, who: Actor, row: Product | Challenge) -> bool:
    kind = type(row)
    seen = select(kind).where(kind.id == row.id, policy.visible_to(who, kind))
    return session.exec(seen).one_or_none() is not None


def finds(who: Actor, document: object) -> bool:
    return document is not None and not policy.audience(who).isdisjoint(document.audience)  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("stage", Listing)
def test_a_product_is_found_by_those_who_may_see_it(session, make, actors, stage, who):
    supplier = make.supplier()
    product = make.product(supplier, stage)
    actor = (actors | {"owner": make.actor(supplier)})[who]
    found = finds(actor, catalogue.document(product, []))
    exception = ("product", stage, who) in SEEN_BUT_NOT_FOUND
    assert sees(session, actor, product) is (found or exception)
    assert not (found and exception)


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("stage", ChallengeStage)
def test_a_challenge_is_found_by_those_who_may_see_it(session, make, actors, stage, who):
    camden = make.authority("Camden")
    challenge = make.challenge(camden, stage)
    actor = (actors | {"owner": make.actor(camden)})[who]
    found = finds(actor, challenges.document(challenge))
    exception = ("challenge", stage, who) in SEEN_BUT_NOT_FOUND
    assert sees(session, actor, challenge) is (found or exception)
    assert not (found and exception)


def test_one_withdrawn_before_it_was_published_stays_with_its_authority_and_loti(
    session, make, actors
):
    camden = make.authority("Camden")
    challenge = make.challenge(camden, ChallengeStage.WITHDRAWN, published_at=None)
    everybody = actors | {"owner": make.actor(camden)}
    found = {who for who in ACTORS if finds(everybody[who], challenges.document(challenge))}
    assert found == {who for who in ACTORS if sees(session, everybody[who], challenge)}
    assert found == {"owner", "loti"}


def test_suppliers_and_notices_are_for_everybody(make):
    assert finds(VISITOR, organisations.document(make.supplier()))
    assert finds(VISITOR, notices.document(make.notice()))


@pytest.mark.parametrize("kind", Kind)
def test_an_organisations_own_audience_is_its_own_alone(kind):
    one, other = uuid4(), uuid4()
    names = policy.audience(Actor("Somebody", kind, organisation_id=one))
    assert f"organisation-{other}" not in names
    assert (f"organisation-{one}" in names) is (kind is not Kind.PUBLIC)
