"""A change to a listed product shows at once, and LOTI acknowledges it or takes it back."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import (
    EditStage,
    PriceLine,
    Product,
    ProductDocument,
    ProductEdit,
    Stage,
)
from marketplace.core.scanning import Scan
from tests.catalogue.test_drafting import BASICS, PRICE
from tests.core.test_files import PDF

SUMMARY = "Plans waste rounds and traces missed collections."


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def product(make, supplier):
    return make.product(supplier)


@pytest.fixture
def manager(make, supplier):
    return make.manager(supplier)


@pytest.fixture
def curator(make):
    return make.curator()


@pytest.fixture
def save(browser, product, manager):
    def save(summary):
        answers = BASICS | {"description": product.description, "summary": summary}
        browser.as_(manager).post(f"/products/{product.id}/edit/basics", **answers)
        assert browser.status == 200

    return save


def only(session, table=ProductEdit):
    session.rollback()
    session.expire_all()
    return session.exec(select(table)).one()


def test_a_change_shows_at_once_and_waits_for_loti_as_a_difference(
    browser, product, save, curator, session
):
    save("Plans rounds by night.")

    assert "Plans rounds by night." in browser.as_(VISITOR).main(f"/products/{product.id}").text
    queue = browser.as_(curator).main("/products/edits")
    link = queue.select_one(".app-list__title a")
    assert link.get_text() == "Roundwise: Describe the product"
    rows = browser.main(link["href"]).select("#difference tbody tr")
    assert [[cell.get_text() for cell in row.select("th, del, ins")] for row in rows] == [
        ["A summary in one sentence", SUMMARY, "Plans rounds by night."]
    ]


def test_it_is_acknowledged_and_leaves_the_queue(browser, product, save, curator, session):
    save("Plans rounds by night.")
    edit = only(session)
    browser.as_(curator).post(f"/products/edits/{edit.id}/acknowledge", saves="1")
    assert "Nothing waits" in browser.main("/products/edits").text
    assert "Plans rounds by night." in browser.main(f"/products/{product.id}").text
    history = browser.main(f"/products/{product.id}/history").text
    assert "A change was acknowledged" in history


def test_taking_it_back_puts_back_exactly_what_was_there_and_tells_the_supplier(
    browser, product, save, curator, manager, session, news
):
    before = only(session, Product).model_dump()
    save("Plans rounds by night.")
    edit = only(session)
    why = "It is no longer a sentence about waste."

    browser.as_(curator).post(f"/products/edits/{edit.id}/revert", saves="1", because=why)

    assert only(session, Product).model_dump() == before
    assert only(session).stage is EditStage.REVERTED
    news()
    told = browser.as_(manager).main("/notifications").text
    assert "LOTI took back a change to Roundwise" in told
    assert f"The reason: {why}" in " ".join(told.split())
    assert why in browser.main(f"/products/{product.id}/history").text


def test_taking_back_needs_a_reason(browser, save, curator, session):
    save("Plans rounds by night.")
    edit = only(session)
    seen = browser.as_(curator).post(f"/products/edits/{edit.id}/revert", saves="1", because=" ")
    assert browser.status == 422
    assert "Enter the reason" in seen.text
    assert only(session).stage is EditStage.OPEN


def test_a_later_change_of_the_same_section_joins_the_one_that_waits(
    browser, product, save, curator, session
):
    save("Plans rounds by night.")
    save("Plans rounds by day.")
    edit = only(session)
    assert (edit.saves, edit.before["summary"]) == (2, SUMMARY)

    for step in ("acknowledge", "revert"):  # by somebody who opened it before
        url = f"/products/edits/{edit.id}/{step}"
        seen = browser.as_(curator).post(url, saves="1", because="x")
        assert browser.status == 409
        assert "The supplier changed this again after you opened it" in seen.text
    assert only(session, Product).summary == "Plans rounds by day."


def test_a_supplier_that_takes_its_change_back_leaves_nothing_to_look_at(save, session):
    answers = "Plans rounds by night."
    save(answers)
    edit = only(session)
    assert edit.after["summary"] == answers


def test_changes_of_two_sections_wait_by_themselves(browser, product, save, manager, session):
    save("Plans rounds by night.")
    answers = PRICE | {"band": "25k-100k"}
    browser.as_(manager).post(f"/products/{product.id}/edit/price", **answers)
    session.rollback()
    assert len(session.exec(select(ProductEdit)).all()) == 2


def test_a_supplier_whose_page_is_older_than_what_loti_did_is_told(
    browser, product, save, curator, manager, session
):
    save("Plans rounds by night.")
    page = browser.as_(manager).get(f"/products/{product.id}/edit/basics")
    hidden = {box["name"]: box["value"] for box in page.select("input[type=hidden]")}
    edit = only(session)
    browser.as_(curator).post(f"/products/edits/{edit.id}/revert", saves="1", because="No.")

    answers = BASICS | {"summary": "Plans rounds by moonlight."} | hidden
    seen = browser.as_(manager).post(f"/products/{product.id}/edit/basics", **answers)

    assert browser.status == 409
    assert SUMMARY in seen.text
    assert only(session, Product).summary == SUMMARY


def test_a_removed_document_comes_back_as_it_was_and_goes_for_good_when_acknowledged(
    browser, make, product, manager, curator, session, marketplace
):
    place = f"/products/{product.id}/parts/documents"
    browser.as_(manager)
    browser.post(place, title="Terms", kind="terms", files={"file": ("a.pdf", PDF)})
    edit = only(session)
    browser.as_(curator).post(f"/products/edits/{edit.id}/acknowledge", saves="1")
    kept = only(session, ProductDocument)
    before = kept.model_dump()

    def removed():
        browser.as_(manager).post(f"{place}/{before['id']}/remove")
        session.rollback()
        assert not session.exec(select(ProductDocument)).all()
        waiting = select(ProductEdit).where(ProductEdit.stage == EditStage.OPEN)
        edit = session.exec(waiting).one().id
        session.rollback()
        browser.as_(curator).main(f"/products/edits/{edit}")
        return edit

    browser.post(f"/products/edits/{removed()}/revert", saves="1", because="It is the law.")
    assert only(session, ProductDocument).model_dump() == before
    session.rollback()
    browser.as_(VISITOR).get(f"/products/{product.id}/documents/{before['id']}")
    assert browser.status == 200

    browser.post(f"/products/edits/{removed()}/acknowledge", saves="1")
    session.rollback()
    assert not session.exec(select(Scan)).all()
    assert before["key"] not in [one["path"] for one in marketplace.files.list().collect()]


def test_added_and_changed_prices_are_taken_back(browser, make, product, manager, curator, session):
    line = make(
        PriceLine(
            product_id=product.id, what="Setting up", amount=100, rhythm="once", vat="excluded"
        )
    )
    before = only(session, PriceLine).model_dump()
    place = f"/products/{product.id}/parts/prices"
    session.rollback()
    browser.as_(manager).post(f"{place}/{line.id}", what="Setup", amount="200", rhythm="once")
    browser.post(place, what="A licence", amount="5", rhythm="monthly")
    edit = only(session)
    assert edit.saves == 2
    session.rollback()
    told = browser.as_(curator).main(f"/products/edits/{edit.id}").select("#difference tbody tr")
    assert "Setting up: £100, once, VAT excluded; part of the price" in told[0].text
    assert "A licence: £5, every month, VAT excluded; part of the price" in told[1].text

    browser.post(f"/products/edits/{edit.id}/revert", saves="2", because="Ask first.")

    assert only(session, PriceLine).model_dump() == before


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.PAUSED])
def test_what_nobody_reads_yet_is_for_nobody_to_look_at_but_a_paused_one_is(
    browser, make, supplier, manager, session, stage
):
    product = make.product(supplier, stage)
    browser.as_(manager).post(f"/products/{product.id}/edit/basics", **BASICS)
    session.rollback()
    assert len(session.exec(select(ProductEdit)).all()) == (stage is Stage.PAUSED)


def test_the_queue_is_loti_s_and_only_curators_decide(browser, make, save, manager, session):
    save("Plans rounds by night.")
    edit = only(session)
    session.rollback()
    for who in (VISITOR, manager, make.author(make.authority())):
        for page in ("/products/edits", f"/products/edits/{edit.id}"):
            browser.as_(who).get(page)
            assert browser.status == 404
        browser.post(f"/products/edits/{edit.id}/acknowledge", saves="1")
        assert browser.status == 404
    browser.as_(make.support()).post(f"/products/edits/{edit.id}/acknowledge", saves="1")
    assert browser.status == 403
    assert only(session).stage is EditStage.OPEN


def test_the_queue_is_as_quick_for_fifty_as_for_five(browser, make, supplier, curator, session):
    asked = []
    for number in (5, 20):
        for turn in range(number):
            product = make.product(supplier, name=f"Roundwise {number} {turn}")
            make(ProductEdit(product_id=product.id, section="basics", saved_at=product.created_at))
        browser.as_(curator).main("/products/edits")
        asked.append(len(browser.queries))
    assert asked[0] == asked[1] <= 10
