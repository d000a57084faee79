"""A product is listed, paused, listed again, retired; a draft is discarded."""

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import Product, Stage
from marketplace.core.journal import Event


@pytest.fixture
def supplier(make):
    return make.supplier()


def in_catalogue(browser, name="Roundwise"):
    seen = browser.as_(VISITOR).get("/products")
    return name in seen.select_one(".app-results").get_text()


def test_a_complete_draft_is_listed_for_everybody(browser, make, supplier, session, news):
    product = make.product(supplier, stage=Stage.DRAFT)
    manager = make.manager(supplier)
    asked = browser.as_(manager).main(f"/products/{product.id}/publish")
    assert "Everybody sees it" in asked.get_text()

    seen = browser.post(f"/products/{product.id}/publish")

    assert "Roundwise is in the catalogue." in seen.get_text()
    assert session.exec(select(Event)).one().became == "listed"
    news()
    assert in_catalogue(browser)
    assert browser.main(f"/products/{product.id}").select_one(".govuk-tag").get_text() == "Listed"


def test_an_incomplete_draft_says_what_is_missing(browser, make, supplier):
    product = make.product(supplier, stage=Stage.DRAFT, features=[], band=None)
    browser.as_(make.manager(supplier))

    asked = browser.main(f"/products/{product.id}/publish")
    assert not asked.select("button")
    assert "Say what it does and for whom" in asked.get_text()

    refused = browser.post(f"/products/{product.id}/publish")
    assert browser.status == 409
    assert (
        "You cannot list this yet. First say what it does and for whom; "
        "say how it is provided and priced." in refused.get_text()
    )


def test_a_paused_product_is_there_for_its_supplier_and_loti_only(
    browser, make, supplier, indexed, news
):
    product = make.product(supplier)
    indexed()
    assert in_catalogue(browser)
    manager = make.manager(supplier)
    asked = browser.as_(manager).main(f"/products/{product.id}/pause")
    assert "Nothing is lost" in asked.get_text()

    seen = browser.post(f"/products/{product.id}/pause")

    assert "This product is paused" in seen.get_text()
    news()
    assert not in_catalogue(browser)
    others = (VISITOR, make.author(make.authority()), make.manager(make.supplier("Other")))
    for other in others:
        browser.as_(other).get(f"/products/{product.id}")
        assert browser.status == 404
    assert "This product is paused" in (
        browser.as_(make.curator()).main(f"/products/{product.id}").get_text()
    )

    browser.as_(manager).post(f"/products/{product.id}/publish")
    news()
    assert in_catalogue(browser)


def test_a_retired_product_keeps_its_page_with_a_banner(browser, make, supplier, indexed, news):
    product = make.product(supplier)
    indexed()
    browser.as_(make.manager(supplier))
    assert "You cannot take this back" in browser.main(f"/products/{product.id}/retire").get_text()

    browser.post(f"/products/{product.id}/retire")

    news()
    assert not in_catalogue(browser)
    page = browser.as_(VISITOR).main(f"/products/{product.id}")
    assert "This product is retired" in page.select_one("[role=region]").get_text()
    assert "Plans waste rounds" in page.get_text()


def test_nothing_can_be_done_to_a_retired_product(browser, make, supplier):
    product = make.product(supplier, stage=Stage.RETIRED)
    browser.as_(make.manager(supplier))
    assert not browser.main(f"/products/{product.id}").select(".app-next")
    for step in ("publish", "pause", "retire", "discard"):
        refused = browser.post(f"/products/{product.id}/{step}")
        assert browser.status == 409
        assert "at the stage “retired”" in refused.get_text()
        browser.get(f"/products/{product.id}/{step}")
        assert browser.status == 409
    browser.get(f"/products/{product.id}/edit")
    assert browser.status == 409


def test_a_draft_is_deleted_after_asking(browser, make, supplier, session):
    product = make.product(supplier, stage=Stage.DRAFT)
    make.use(product, make.authority())
    browser.as_(make.manager(supplier))
    assert (
        "Delete the draft of Roundwise"
        in browser.main(f"/products/{product.id}/discard").get_text()
    )

    seen = browser.post(f"/products/{product.id}/discard")

    assert "Roundwise is deleted." in seen.get_text()
    assert not session.exec(select(Product)).all()
    assert session.exec(select(Event)).one().verb == "product.discard"


def test_only_a_manager_of_its_supplier_decides(browser, make, supplier):
    product = make.product(supplier)
    colleague, rival = make.actor(supplier), make.manager(make.supplier("Other"))
    for other in (VISITOR, make.author(make.authority()), make.curator(), colleague, rival):
        browser.as_(other)
        for step in ("pause", "retire"):
            browser.get(f"/products/{product.id}/{step}")
            assert browser.status == 403
            browser.post(f"/products/{product.id}/{step}")
            assert browser.status == 403


def test_the_history_is_for_its_supplier_and_loti(browser, make, supplier):
    product = make.product(supplier)
    manager = make.manager(supplier)
    browser.as_(manager).post(f"/products/{product.id}/pause")
    browser.post(f"/products/{product.id}/publish")

    for reader in (manager, make.curator()):
        seen = browser.as_(reader).main(f"/products/{product.id}/history")
        titles = [title.get_text() for title in seen.select(".moj-timeline__title")]
        assert titles == ["Listed", "Paused"]

    for reader in (VISITOR, make.author(make.authority()), make.manager(make.supplier("Other"))):
        seen = browser.as_(reader).main(f"/products/{product.id}/history")
        assert not seen.select(".moj-timeline__title")
        assert "for its supplier and for LOTI" in seen.get_text()
        pages = browser.main(f"/products/{product.id}").select_one(".moj-sub-navigation")
        assert "History" not in pages.get_text()


def test_a_history_goes_on_by_key(browser, make, supplier):
    product = make.product(supplier)
    browser.as_(make.manager(supplier))
    for _ in range(26):
        browser.post(f"/products/{product.id}/pause")
        browser.post(f"/products/{product.id}/publish")
    first = browser.main(f"/products/{product.id}/history")
    assert len(first.select(".moj-timeline__item")) == 50
    older = first.select_one("a[rel=next]")["href"]
    assert len(browser.main(older).select(".moj-timeline__item")) == 2
    browser.get(f"/products/{product.id}/history?after={product.id}")
    assert browser.status == 404
