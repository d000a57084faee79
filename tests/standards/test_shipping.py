"""The standards that the marketplace ships: whole, in good order, and published by LOTI alone."""

import json

import pytest
from sqlmodel import select

from auth.actor import CLOCK
from marketplace.core import db
from marketplace.reference.attributes import Attribute
from marketplace.standards import drafts, shipping
from marketplace.standards.models import Stage, StandardVersion


@pytest.fixture
def entered(marketplace):
    with db.writing(marketplace.engine) as session:
        number = shipping.enter(marketplace.context(session, CLOCK))
        session.commit()
    return number


def test_they_come_in_as_complete_drafts_and_only_once(marketplace, entered, session):
    assert entered == 41
    found = session.exec(select(StandardVersion)).all()
    assert {one.stage for one in found} == {Stage.DRAFT}
    for one in found:
        assert not drafts.incomplete(one, drafts.answers(one)), one.typed["key"]
    session.rollback()
    with db.writing(marketplace.engine) as again:
        assert shipping.enter(marketplace.context(again, CLOCK)) == 0


def test_a_curator_publishes_what_was_shipped_and_nobody_sees_it_before(
    browser, make, entered, session, news
):
    assert "No standard has been published yet." in browser.get("/standards").text
    version = session.exec(select(StandardVersion)).first()
    session.commit()
    browser.as_(make.curator()).post(f"/standards/{version.standard_id}/publish")
    assert browser.status == 200
    news()
    assert "1 standard" in browser.get("/standards").text


def test_every_rule_is_about_what_products_can_be():
    known = set(Attribute)
    for text in shipping.texts():
        for rule in text.rules:
            assert set(rule.all_of) | set(rule.none_of) <= known, text.key


def test_each_asks_for_at_least_three_things_of_which_one_is_essential():
    for text in shipping.texts():
        assert len(text.requirements) >= 3, text.key
        assert any(point.essential for point in text.requirements), text.key


def test_the_codes_of_practice_have_as_many_points_as_their_issuers_count():
    points = {text.key: len(text.requirements) for text in shipping.texts()}
    counted = {
        "TCOP": 13,
        "GDS-SERVICE-STANDARD": 14,
        "NCSC-CSP-14": 14,
        "LOCAL-DIGITAL-DECLARATION": 5,
    }
    assert {key: points[key] for key in counted} == counted


@pytest.mark.reference
def test_they_are_the_ones_that_londons_authorities_ask_for(shared):
    known = json.loads((shared / "data/reference/standards_seed.json").read_text())
    ours = {text.key: text for text in shipping.texts()}
    assert set(ours) == {one["id"] for one in known}
    for one in known:
        months = ours[one["id"]].valid_months or 0
        assert months == one["evidence_valid_months"], one["id"]
