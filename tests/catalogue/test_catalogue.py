"""Everybody finds products by words and filters, with JavaScript and without."""

from datetime import timedelta
from uuid import uuid4

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Deployment, Stage
from marketplace.core.times import now
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from search.port import Unavailable


@pytest.fixture
def shelf(make, indexed):
    """Four listed products of two suppliers, and three that nobody else may find."""
    small = make.supplier("Brightwater Systems")
    large = make.supplier("Vastline", is_sme=False, is_vcse=True)
    camden = make.authority("Camden")
    make.use(make.product(small, name="Roundwise"), camden)
    make.product(small, name="Kerbside", deployment=Deployment.HOSTED, band=Band.UP_TO_25K)
    make.product(
        large,
        name="Permitry",
        summary="Sells parking permits to residents.",
        description="Residents renew permits by themselves.",
        features=["Virtual permits"],
        areas=[Area.PARKING],
        deployment=Deployment.ON_PREMISES,
    )
    make.product(large, name="Streetly", areas=[Area.WASTE, Area.PARKING], band=Band.OVER_1M)
    for stage in (Stage.DRAFT, Stage.PAUSED, Stage.RETIRED):
        make.product(small, name=f"Hidden {stage.value}", stage=stage)
    indexed()
    return {"small": small, "camden": camden}


def names(seen):
    return [title.get_text(strip=True) for title in seen.select("h2.app-list__title")]


def summary(seen):
    return seen.select_one(".app-results__summary").get_text(strip=True)


def test_everybody_sees_what_is_listed_and_nothing_else(browser, make, shelf):
    readers = (VISITOR, make.manager(shelf["small"]), make.author(shelf["camden"]), make.curator())
    for reader in readers:
        seen = browser.as_(reader).get("/products")
        assert sorted(names(seen)) == ["Kerbside", "Permitry", "Roundwise", "Streetly"]
        assert summary(seen) == "4 products"


def test_words_find_and_are_marked(browser, shelf):
    seen = browser.get("/products?q=residents permits")

    assert names(seen)[0] == "Permitry"
    marked = {mark.get_text().lower() for mark in seen.select("mark")}
    assert {"residents", "permits"} <= marked
    assert "for “residents permits”" in summary(seen)
    assert seen.select_one("#q")["value"] == "residents permits"


def test_a_described_need_finds_too(browser, shelf):
    need = "We want residents to renew their parking permits without calling us. " * 30
    seen = browser.get("/products", params={"q": need})
    assert names(seen)[0] == "Permitry"
    assert len(summary(seen)) < 120


def test_the_id_of_a_product_finds_it(browser, make, shelf, indexed):
    product = make.product(shelf["small"], name="Exactly this")
    indexed()
    assert names(browser.get(f"/products?q={product.id}"))[0] == "Exactly this"


def test_the_id_of_a_hidden_product_does_not(browser, make, shelf, indexed):
    product = make.product(shelf["small"], name="Not this", stage=Stage.PAUSED)
    indexed()
    assert "Not this" not in names(browser.get(f"/products?q={product.id}"))


def test_a_filter_narrows_and_stands_in_the_summary(browser, shelf):
    seen = browser.get("/products?area=waste&deployment=saas")
    assert sorted(names(seen)) == ["Roundwise", "Streetly"]
    assert summary(seen) == "2 products, for waste and street cleansing, software as a service"
    assert seen.select_one("#area-waste").has_attr("checked")


def test_values_of_one_filter_are_alternatives(browser, shelf):
    seen = browser.get("/products?deployment=hosted&deployment=on-premises")
    assert sorted(names(seen)) == ["Kerbside", "Permitry"]


def test_each_filter_says_how_many_it_would_leave(browser, shelf):
    seen = browser.get("/products?area=parking")
    label = seen.select_one("label[for=area-waste]").get_text(" ", strip=True)
    assert label == "Waste and street cleansing (3)"
    assert seen.select_one("label[for=deployment-saas]").get_text(" ", strip=True).endswith("(1)")
    assert not seen.select("#deployment-hosted")


def test_suppliers_and_users_are_filters(browser, shelf):
    assert sorted(names(browser.get("/products?sme=yes"))) == ["Kerbside", "Roundwise"]
    assert sorted(names(browser.get("/products?vcse=yes"))) == ["Permitry", "Streetly"]
    seen = browser.get(f"/products?used_by={shelf['camden'].id}")
    assert names(seen) == ["Roundwise"]
    assert summary(seen) == "1 product, used by Camden"


def test_each_filter_in_use_has_a_tag_that_removes_it(browser, shelf):
    seen = browser.get("/products?q=waste&area=parking&area=waste&sme=yes")
    tags = {tag.get_text(" ", strip=True): tag["href"] for tag in seen.select(".moj-filter__tag")}
    assert tags["Remove this filter: Waste and street cleansing"] == (
        "/products?q=waste&area=parking&sme=yes"
    )
    assert tags["Remove this filter: Small or medium-sized supplier (SME)"] == (
        "/products?q=waste&area=parking&area=waste"
    )


def test_with_htmx_only_the_listing_comes_back_and_the_count_is_said(browser, shelf):
    seen = browser.get("/products?area=waste", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("hx-partial").get_text() == "3 products, for waste and street cleansing"
    assert seen.select_one("form[hx-get]")["hx-target"] == "#listing"


def test_an_empty_list_names_the_filter_and_offers_a_way_out(browser, make, shelf):
    url = "/products?area=waste&deployment=on-premises"
    seen = browser.as_(make.author(shelf["camden"])).get(url)
    ways = {a.get_text(): a["href"] for a in seen.select(".app-empty a")}
    assert summary(seen).startswith("No products")
    assert ways["Drop the filter “Area of work”"] == "/products?deployment=on-premises"
    assert ways["Drop the filter “How it is provided”"] == "/products?area=waste"
    assert ways["start a challenge"] == "/challenges/new"

    assert "start a challenge" not in browser.as_(VISITOR).get(url).get_text()


def test_when_no_single_filter_is_to_blame_all_can_be_dropped(browser, shelf):
    seen = browser.get("/products?area=licensing&deployment=open-source")
    assert seen.select_one(".app-empty a").get_text() == "Drop every filter"


def test_an_empty_catalogue_says_so(browser, indexed):
    indexed()
    assert "No product is in the catalogue yet." in browser.main("/products").get_text()


def test_pages_are_numbered_and_keep_the_filters(browser, make, indexed):
    supplier = make.supplier()
    for number in range(45):
        make.product(supplier, name=f"Product {number}")
    indexed()
    first = browser.get("/products?area=waste")
    assert len(names(first)) == 20
    third = first.select_one(".govuk-pagination a[aria-label='Page 3']")["href"]
    assert "area=waste" in third
    last = browser.get(f"/products{third}")
    assert len(names(last)) == 5
    assert not set(names(first)) & set(names(last))
    browser.get("/products?area=waste&page=4")
    assert browser.status == 404


@pytest.mark.parametrize(
    "query",
    ["area=moon", "band=cheap", "page=0", "page=x", "page=99999", "used_by=camden", "sme=no"],
)
def test_what_cannot_be_in_the_address_is_not_found(browser, query):
    browser.get(f"/products?{query}")
    assert browser.status == 404


def test_strange_words_do_no_harm(browser, shelf):
    for words in ("\"'*()", "AND OR NOT", "%", "\x00", "🙂", "x" * 5000, "<script>"):
        seen = browser.get("/products", params={"q": words})
        assert browser.status == 200
        assert not seen.select("main script")


def test_fifty_products_cost_as_many_queries_as_ten(browser, make, indexed):
    supplier, camden = make.supplier(), make.authority()
    manager = make.manager(supplier)
    costs = []
    for _ in range(2):
        for number in range(10 if not costs else 40):
            make.use(make.product(supplier, name=f"P {number}"), camden)
            make.product(supplier, name=f"D {number}", stage=Stage.DRAFT)
        indexed()
        cost = []
        for address in ("/products", "/products?q=waste&area=waste", "/products/mine"):
            browser.as_(manager).get(address)
            cost.append(len(browser.queries))
        costs.append(cost)
    assert costs[0] == costs[1]


def test_a_row_that_has_just_gone_is_left_out(browser, make, session, shelf):
    product = make.product(shelf["small"], name="Gone")
    session.delete(product)
    session.commit()
    assert "Gone" not in names(browser.get("/products"))


class TestWhenSearchDoesNotAnswer:
    @pytest.fixture(autouse=True)
    def outage(self, index, monkeypatch):
        def fail(question):
            raise Unavailable

        monkeypatch.setattr(index, "find", fail)

    def test_there_is_a_plain_list_that_says_so(self, browser, make):
        supplier = make.supplier()
        yesterday = now() - timedelta(days=1)
        make.product(supplier, name="Older", created_at=yesterday)
        make.product(supplier, name="Newer")
        make.product(supplier, name="Hidden", stage=Stage.PAUSED)

        seen = browser.as_(make.manager(supplier)).get("/products?q=waste")

        assert "Results are simpler than usual" in seen.get_text()
        assert names(seen) == ["Newer", "Older"]
        assert summary(seen) == "Every product, newest first"

    def test_it_goes_on_by_key(self, browser, make):
        supplier = make.supplier()
        for number in range(45):
            make.product(supplier, name=f"P {number}")
        seen, found = browser.get("/products"), []
        while later := seen.select_one("a[rel=next]"):
            found += names(seen)
            seen = browser.get(later["href"])
        assert len(set(found + names(seen))) == 45

    def test_a_place_that_is_none_is_not_found(self, browser):
        browser.get(f"/products?after={uuid4()}")
        assert browser.status == 404
