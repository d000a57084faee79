"""A product is suspended and restored, reported, and begun as a copy of another."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import PriceLine, Product, ProductReport, ReportStage, Stage
from tests.catalogue.test_drafting import BASICS, errors, status

WHY = "Its price list is two years old."


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def manager(make, supplier):
    return make.manager(supplier)


def test_loti_suspends_with_a_reason_and_restores(
    browser, make, supplier, manager, indexed, news, session
):
    product, curator = make.product(supplier), make.curator()
    seen = browser.as_(curator).post(f"/products/{product.id}/suspend", because="")
    assert browser.status == 422
    assert errors(seen) == ["Enter the reason"]

    browser.post(f"/products/{product.id}/suspend", because=WHY)
    news()
    indexed()

    for reader in (VISITOR, make.author(make.authority()), make.manager(make.supplier("Other"))):
        browser.as_(reader).get(f"/products/{product.id}")
        assert browser.status == 404
        assert "Roundwise" not in browser.main("/products").text
        found = browser.main("/search?q=roundwise")
        assert not found.select(f"a[href='/products/{product.id}']")
    for reader in (manager, curator):
        main = browser.as_(reader).main(f"/products/{product.id}").text
        assert "LOTI has suspended this product" in main
        assert WHY in main
    told = browser.as_(manager).main("/notifications").text
    assert "Suspended by LOTI: Roundwise" in told
    assert WHY in told
    browser.post(f"/products/{product.id}/publish")
    assert browser.status == 409

    browser.post(f"/products/{product.id}/edit/basics", **BASICS)  # its supplier mends it
    assert browser.status == 200
    browser.as_(curator).post(f"/products/{product.id}/restore")

    assert "Plans rounds." in browser.as_(VISITOR).main(f"/products/{product.id}").text


def test_only_curators_suspend(browser, make, supplier, manager):
    product = make.product(supplier)
    for who in (manager, make.support(), make.author(make.authority())):
        browser.as_(who).get(f"/products/{product.id}/suspend")
        assert browser.status == 403
        browser.post(f"/products/{product.id}/suspend", because=WHY)
        assert browser.status == 403


def test_somebody_says_that_a_product_is_in_the_wrong_area(browser, make, supplier, news, session):
    product, curator = make.product(supplier), make.curator()
    author = make.author(make.authority("Camden"))
    assert (
        "Enter what is wrong"
        in browser.as_(author).post(f"/products/{product.id}/report", message=" ").text
    )

    browser.post(f"/products/{product.id}/report", message="It plans meals, not waste.")

    news()
    assert "Reported: Roundwise" in browser.as_(curator).main("/notifications").text
    assert "It plans meals, not waste." in browser.main("/products/edits").text
    report = session.exec(select(ProductReport)).one()
    session.rollback()
    browser.post(f"/products/reports/{report.id}/close")
    assert "Nothing waits" in browser.main("/products/edits").text
    session.rollback()
    session.expire_all()
    assert session.exec(select(ProductReport)).one().stage is ReportStage.CLOSED


def test_a_supplier_does_not_see_who_reported_it(browser, make, supplier, manager):
    product = make.product(supplier)
    author = make.author(make.authority("Camden"))
    browser.as_(author).post(f"/products/{product.id}/report", message="It plans meals.")
    for page in (f"/products/{product.id}", f"/products/{product.id}/history"):
        assert "It plans meals." not in browser.as_(manager).main(page).text
        assert "Reported" not in browser.main(page).text


def test_reporting_too_often_is_refused_and_a_visitor_signs_in_first(browser, make, supplier):
    product = make.product(supplier)
    browser.as_(make.author(make.authority()))
    for _ in range(10):
        browser.post(f"/products/{product.id}/report", message="It plans meals.")
        assert browser.status == 200
    browser.post(f"/products/{product.id}/report", message="It plans meals.")
    assert browser.status == 429
    browser.as_(VISITOR).post(f"/products/{product.id}/report", message="Again")
    assert "It plans meals" not in browser.text


# ---- A copy of another


def test_a_copy_waits_for_a_review_of_every_section(browser, make, supplier, manager, session):
    product = make.product(supplier, attributes=["uses-ai"])
    make(
        PriceLine(
            product_id=product.id, what="Setting up", amount=100, rhythm="once", vat="excluded"
        )
    )
    assert "Copy Roundwise" in browser.as_(manager).main("/products/new").text

    seen = browser.post(f"/products/{product.id}/copy")

    assert seen.select_one("h1").text == "Draft of Copy of Roundwise"
    assert status(seen, "Describe the product") == "Needs review"
    made = session.exec(select(Product).where(Product.stage == Stage.DRAFT)).one()
    assert (made.features, made.attributes) == (product.features, ["uses-ai"])
    assert len(session.exec(select(PriceLine)).all()) == 2
    session.rollback()
    place = f"/products/{made.id}"
    browser.post(f"{place}/publish")
    assert browser.status == 409

    for section in made.to_review:
        page = browser.get(f"{place}/edit/{section}")
        assert "Copied from another product" in page.text
        form = page.select_one("form#section")
        sent = {}
        for box in form.select("input[name], textarea[name]"):
            if box.get("type") not in ("radio", "checkbox") or box.has_attr("checked"):
                value = box.text if box.name == "textarea" else box.get("value", "")
                sent.setdefault(box["name"], []).append(value)
        for box in form.select("select[name]"):
            chosen = box.select_one("option[selected]")
            sent[box["name"]] = [chosen["value"]] if chosen else []
        browser.post(f"{place}/edit/{section}", **sent)
        assert browser.status == 200, section
    assert "Every section is complete" in browser.main(f"{place}/edit").text
    browser.post(f"{place}/publish")
    assert browser.status == 200


def test_what_is_copied_leaves_the_list_until_the_copy_is_deleted(
    browser, make, supplier, manager, session
):
    product = make.product(supplier)
    browser.as_(manager).post(f"/products/{product.id}/copy")
    assert "Copy Roundwise" not in browser.main("/products/new").text
    browser.post(f"/products/{product.id}/copy")
    assert browser.status == 409
    copy = session.exec(select(Product).where(Product.stage == Stage.DRAFT)).one()
    session.rollback()
    browser.post(f"/products/{copy.id}/discard")
    assert "Copy Roundwise" in browser.main("/products/new").text


def test_nobody_copies_another_supplier_s_product(browser, make, supplier, session):
    product = make.product(supplier)
    browser.as_(make.manager(make.supplier("Other"))).post(f"/products/{product.id}/copy")
    assert browser.status == 403
    assert "Roundwise" not in browser.main("/products/new").text


# ---- What decides which standards apply


def test_the_plain_questions_become_the_product_s_attributes(
    browser, make, supplier, manager, session
):
    product = make.product(supplier, attributes=["uses-ai"])
    place = f"/products/{product.id}/edit/attributes"
    ticked = browser.as_(manager).get(place).select("input[checked]")
    assert [box["value"] for box in ticked] == ["uses-ai"]
    browser.post(place, about_people=["resident-facing"], about_data=["personal-data"])
    session.rollback()
    session.expire_all()
    assert session.exec(select(Product)).one().attributes == ["resident-facing", "personal-data"]
    assert "is used by residents" in browser.main(f"/products/{product.id}").text
    browser.post(place, about_people=["personal-data"])
    assert browser.status == 422


def test_a_sub_processor_has_a_name_a_country_and_a_purpose(browser, make, supplier, manager):
    product = make.product(supplier)
    place = f"/products/{product.id}/edit/security"
    seen = browser.as_(manager).post(place, sub_processors="Brightmail Ltd, Ireland")
    assert errors(seen) == [
        "Give a name, a country and a purpose, with commas between them: “Brightmail Ltd, Ireland”"
    ]
    browser.post(place, sub_processors="Brightmail Ltd, Ireland, sends e-mail")
    assert (
        "Brightmail Ltd, Ireland, sends e-mail"
        in browser.main(f"/products/{product.id}/details").text
    )
