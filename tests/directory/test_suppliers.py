"""Everybody finds out who the suppliers are."""

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage
from marketplace.core.finding import SIZE
from marketplace.discovery.indexing import reindex
from search.port import Unavailable


@pytest.fixture
def fill(marketplace):
    """Fills the index with what the test has made so far."""
    return lambda: reindex(marketplace.engine, marketplace.index)


def names(seen):
    return [title.get_text(strip=True) for title in seen.select(".app-list__title")]


def test_suppliers_stand_there_with_their_listed_products(browser, make, fill):
    quill, apex = make.supplier("Quill"), make.supplier("Apex")
    make.authority("Camden")
    make.product(quill)
    make.product(quill)
    make.product(quill, stage=Stage.DRAFT)
    fill()
    for reader in (VISITOR, make.manager(apex), make.author(make.authority()), make.curator()):
        seen = browser.as_(reader).main("/suppliers")
        assert names(seen) == ["Apex", "Quill"]
        counts = [item.get_text() for item in seen.select(".app-list__meta span:first-child")]
        assert counts == ["0 listed products", "2 listed products"]


def test_filters_leave_those_who_meet_them_all(browser, make, fill):
    make.supplier("Small", regions=["London"])
    make.supplier("Charity", is_sme=False, is_vcse=True, regions=["North West"])
    make.supplier("Both", is_vcse=True, regions=["UK-wide"])
    make.supplier("Neither", is_sme=False, regions=["South East", "London"])
    fill()
    for query, left in (
        ("sme=yes", ["Both", "Small"]),
        ("vcse=yes", ["Both", "Charity"]),
        ("sme=yes&vcse=yes", ["Both"]),
        ("region=london", ["Both", "Neither", "Small"]),
        ("region=north-west&region=south-east", ["Both", "Charity", "Neither"]),
        ("region=uk-wide", ["Both"]),
        ("q=BOT", ["Both"]),
    ):
        assert sorted(names(browser.main(f"/suppliers?{query}"))) == left, query


def test_words_find_a_supplier_by_its_name_and_by_what_it_says(browser, make, fill):
    make.supplier("Applecross", description="Rota planning for carers.")
    make.supplier("Other", description="Street lights.")
    fill()
    for words in ("applecross", "rota carers"):
        assert names(browser.main(f"/suppliers?q={words}"))[0] == "Applecross"


def test_each_filter_in_use_has_a_tag_that_removes_it(browser, make):
    make.supplier("Small", regions=["London"])
    seen = browser.main("/suppliers?q=s&sme=yes&region=london&region=wales")
    tags = {tag.get_text(" ", strip=True): tag["href"] for tag in seen.select(".moj-filter__tag")}
    assert tags["Remove this filter: Wales"] == "/suppliers?q=s&sme=yes&region=london"
    assert tags["Remove this filter: Small or medium-sized supplier (SME)"] == (
        "/suppliers?q=s&region=london&region=wales"
    )


def test_nobody_left_has_a_way_back(browser, make):
    make.supplier("Small")
    seen = browser.main("/suppliers?vcse=yes")
    assert "Nothing meets all that you ask for." in seen.get_text()
    assert seen.select_one(".app-empty a")["href"] == "/suppliers"


def test_a_long_list_goes_on_and_keeps_its_filters(browser, make, fill):
    for number in range(SIZE + 5):
        make.supplier(f"Supplier {number:02}")
    make.supplier("Supplier large", is_sme=False)
    fill()
    first = browser.main("/suppliers?sme=yes")
    second = browser.main(f"/suppliers{first.select_one('a[rel=next]')['href']}")
    assert sorted([*names(first), *names(second)]) == [f"Supplier {n:02}" for n in range(SIZE + 5)]
    browser.get("/suppliers?sme=yes&page=3")
    assert browser.status == 404


def test_with_htmx_only_the_listing_comes_back(browser, make, fill):
    make.supplier("Small")
    fill()
    seen = browser.get("/suppliers?q=small", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("hx-partial").get_text() == "1 supplier for “small”"


def test_while_the_index_is_away_suppliers_stand_by_name(browser, make, index, monkeypatch):
    def away(question):
        raise Unavailable

    monkeypatch.setattr(index, "find", away)
    for number in range(30):
        make.supplier(f"Supplier {number:02}")
    make.supplier("Supplier large", is_sme=False)
    first = browser.main("/suppliers?sme=yes")
    assert "Results are simpler than usual" in first.get_text()
    rest = browser.main(first.select_one("a[rel=next]")["href"])
    assert [*names(first), *names(rest)] == [f"Supplier {number:02}" for number in range(30)]


@pytest.mark.parametrize("query", ["region=moon", "after=x", "sort=closing", "sme=perhaps"])
def test_what_cannot_be_in_the_address_is_not_found(browser, query):
    browser.get(f"/suppliers?{query}")
    assert browser.status == 404


def test_twenty_five_suppliers_cost_as_many_queries_as_five(browser, make, fill):
    costs = []
    for count in (5, 20):
        for number in range(count):
            make.product(make.supplier(f"Supplier {number}"))
        fill()
        browser.get("/suppliers")
        costs.append(len(browser.queries))
    assert costs[0] == costs[1]


def test_a_supplier_is_told_about_in_words(browser, make):
    supplier = make.supplier(
        companies_house_number="99010412",
        is_vcse=True,
        regions=["London", "Wales"],
        site="https://example.co.uk",
    )
    make.product(supplier, name="Roundwise")
    make.product(supplier, name="Hidden", stage=Stage.PAUSED)

    seen = browser.main(f"/suppliers/{supplier.id}")

    text = seen.get_text(" ", strip=True)
    for said in (
        "99010412",
        "Small or medium-sized enterprise (SME)",
        "Voluntary, community or social enterprise (VCSE)",
        "London, Wales",
        "Software for housing teams.",
    ):
        assert said in text
    assert seen.select_one("a[href='https://example.co.uk']")["rel"][0] == "nofollow"
    assert names(seen) == ["Roundwise"]


def test_many_products_of_a_supplier_go_on_by_key(browser, make):
    supplier = make.supplier()
    for number in range(30):
        make.product(supplier, name=f"Product {number:02}")
    first = browser.main(f"/suppliers/{supplier.id}")
    rest = browser.main(first.select_one("a[rel=next]")["href"])
    assert [*names(first), *names(rest)] == [f"Product {number:02}" for number in range(30)]
    foreign = make.product(make.supplier("Other"))
    browser.get(f"/suppliers/{supplier.id}?after={foreign.id}")
    assert browser.status == 404


def test_an_authority_is_no_supplier(browser, make):
    browser.get(f"/suppliers/{make.authority().id}")
    assert browser.status == 404
