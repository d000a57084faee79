"""How products stand by the standards, as each reader may see it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage as Listing
from marketplace.claims import queries
from marketplace.claims.models import Claim, Stage
from marketplace.claims.standing import Word, standing, word
from marketplace.core.context import Context
from marketplace.core.times import in_london, now
from marketplace.standards.models import Obligation
from marketplace.standards.models import Stage as VersionStage
from tests.claims import rows


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def product(make, supplier):
    return make.product(supplier, attributes=["personal-data"])


@pytest.fixture
def ask(marketplace, session):
    def as_(who=VISITOR):
        return Context(session, who, now(), marketplace.settings)

    return as_


def words(ctx, product):
    return [one.word for one in queries.standings(ctx, [product.id])[product.id]]


def test_everybody_sees_what_is_claimed_and_what_was_found_met(make, supplier, product, ask):
    rows.claim(make, rows.version(make, key="A"), supplier, product)
    rows.claim(make, rows.version(make, key="B"), supplier, product, Stage.MET)
    assert words(ask(), product) == [Word.CLAIMED, Word.MET]


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.ASSESSING, Stage.FIXING])
def test_nobody_learns_from_a_standing_how_far_the_assessment_is(
    make, supplier, product, ask, stage
):
    rows.claim(make, rows.version(make), supplier, product, stage)
    for who in (VISITOR, make.author(make.authority()), make.manager(supplier)):
        assert words(ask(who), product) == [Word.CLAIMED]


def test_what_was_not_met_is_for_authorities_and_its_supplier(make, supplier, product, ask):
    rows.claim(make, rows.version(make), supplier, product, Stage.NOT_MET)
    assert words(ask(), product) == []
    assert words(ask(make.manager(make.supplier("Another"))), product) == []
    assert words(ask(make.author(make.authority())), product) == [Word.NOT_MET]
    assert words(ask(make.manager(supplier)), product) == [Word.NOT_MET]


def test_what_a_supplier_does_everywhere_holds_for_each_of_its_products(make, supplier, ask):
    one, other = make.product(supplier), make.product(supplier, name="Binwise")
    strange = make.product(make.supplier("Another"))
    rows.claim(make, rows.version(make, whole_organisation=True), supplier, stage=Stage.MET)
    found = queries.standings(ask(), [one.id, other.id, strange.id])
    assert [found[it.id][0].whose for it in (one, other)] == ["the organisation"] * 2
    assert found[strange.id] == []


def test_a_claim_stands_to_the_end_of_its_last_day_and_is_said_to_expire_soon(
    make, supplier, product, ask
):
    today = in_london(now()).date()
    for key, days in (("A", -1), ("B", 0), ("C", 60), ("D", 61)):
        ends = today + timedelta(days=days)
        rows.claim(make, rows.version(make, key=key), supplier, product, Stage.MET, ends_on=ends)
    expected = [Word.EXPIRED, Word.EXPIRING, Word.EXPIRING, Word.MET]
    assert words(ask(), product) == expected


def test_what_was_met_by_an_older_version_says_so(make, supplier, product, ask):
    old = rows.version(make, stage=VersionStage.SUPERSEDED)
    rows.version(make, standard=old.standard, number=2)
    rows.claim(make, old, supplier, product, Stage.MET)
    (one,) = queries.standings(ask(), [product.id])[product.id]
    assert one.says == "Met (assessed against previous version)"


def test_claims_of_a_product_that_is_not_listed_are_hidden_with_it(make, supplier, ask):
    hidden = make.product(supplier, Listing.PAUSED)
    rows.claim(make, rows.version(make), supplier, hidden, Stage.MET)
    assert words(ask(), hidden) == []
    assert words(ask(make.manager(supplier)), hidden) == [Word.MET]


def test_the_standards_that_apply_come_mandatory_first_and_missing_first(
    make, supplier, product, ask
):
    met = rows.version(make, key="A", title="A met one")
    rows.version(make, key="B", title="B is missing")
    rows.version(
        make,
        key="C",
        title="C is only recommended",
        rules=[{"obligation": "recommended", "all_of": ["personal-data"]}],
    )
    rows.version(
        make, key="D", title="D", rules=[{"obligation": "mandatory", "all_of": ["health"]}]
    )
    rows.claim(make, met, supplier, product, Stage.MET)
    found = queries.applying(ask(), product)
    assert [(one.key, one.obligation, one.missing) for one in found] == [
        ("B", Obligation.MANDATORY, True),
        ("A", Obligation.MANDATORY, False),
        ("C", Obligation.RECOMMENDED, True),
    ]


def test_the_database_and_the_program_agree_on_how_a_claim_stands(make, supplier, session):
    today = in_london(now()).date()
    days = [None, *(today + timedelta(days=days) for days in (-1, 0, 59, 60, 61))]
    for stage in Stage:
        for ends in days:
            product = make.product(supplier)
            rows.claim(make, rows.version(make), supplier, product, stage, ends_on=ends)
    found = session.exec(select(Claim, standing(today))).all()
    assert len(found) == len(Stage) * len(days)
    for one, said in found:
        assert word(one.stage, one.ends_on, today) == said
