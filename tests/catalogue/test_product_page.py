"""What everybody reads about one product, and what its supplier finds of its own."""

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.documents import document, offer_text
from marketplace.catalogue.models import PriceModel, Stage


def facts(main):
    return {
        row.dt.get_text(): row.dd.get_text(" ", strip=True)
        for row in main.select(".app-facts > div")
    }


def test_a_listing_says_all_that_its_supplier_said(browser, make):
    supplier, camden = make.supplier(), make.authority("Camden")
    product = make.product(supplier, site="https://example.co.uk/roundwise")
    make.use(product, camden)

    main = browser.as_(VISITOR).main(f"/products/{product.id}")

    told = facts(main)
    assert told["Supplier"] == "Brightwater Systems"
    assert told["How it is provided"] == "Software as a service"
    assert told["How it is priced"] == "A fixed price a year"
    price = "Price for one authority, as the supplier gives it, VAT excluded"
    assert told[price] == "£25,000 to £100,000 a year"
    assert told["Areas of work"] == "Waste and street cleansing"
    assert told["CPV codes"].startswith("48000000 Software package")
    text = main.get_text()
    assert "Rounds on a map" in text
    assert "UPRN gazetteer" in text
    assert "Camden, as the supplier claims" in text
    assert main.select_one(f"a[href='/authorities/{camden.id}']")
    assert main.select_one(f"a[href='/suppliers/{supplier.id}']")
    assert main.select_one("a[href='https://example.co.uk/roundwise']")["rel"][0] == "nofollow"


def test_a_listing_is_no_route_to_market(browser, make):
    main = browser.main(f"/products/{make.product(make.supplier()).id}")
    assert "Is this a way to buy?" in main.get_text()
    assert not main.select("form")


def test_an_authority_may_start_a_challenge_from_there(browser, make):
    product = make.product(make.supplier())
    assert not browser.main(f"/products/{product.id}").select("a[href='/challenges/new']")
    browser.as_(make.author(make.authority()))
    assert browser.main(f"/products/{product.id}").select("a[href='/challenges/new']")


def test_what_is_free_is_said_to_be_free(browser, make):
    product = make.product(make.supplier(), price_model=PriceModel.FREE, band=None)
    assert "Free of charge" in facts(browser.main(f"/products/{product.id}")).values()


def test_its_supplier_is_led_on_to_what_it_can_do(browser, make):
    supplier = make.supplier()
    product = make.product(supplier)
    main = browser.as_(make.manager(supplier)).main(f"/products/{product.id}")
    pages = [a.get_text(strip=True) for a in main.select(".moj-sub-navigation a")]
    assert pages == [
        "Product",
        "Standards",
        "Price, service and exit",
        "Challenges it answers",
        "History",
    ]
    steps = [a.get_text(strip=True) for a in main.select(".app-next a")]
    assert steps == ["Edit this product", "Pause it", "Retire it"]


@pytest.mark.parametrize("address", ["00000000-0000-0000-0000-000000000000", "x", "1"])
def test_an_address_that_is_none_is_not_found(browser, address):
    browser.get(f"/products/{address}")
    assert browser.status == 404


def test_a_supplier_finds_its_own_by_stage_with_the_next_step(browser, make):
    supplier = make.supplier()
    make.product(make.supplier("Other"), name="Not ours")
    ready = make.product(supplier, name="Ready", stage=Stage.DRAFT)
    make.product(supplier, name="Begun", stage=Stage.DRAFT, features=[])
    make.product(supplier, name="Out there")
    make.product(supplier, name="Resting", stage=Stage.PAUSED)

    main = browser.as_(make.manager(supplier)).main("/products/mine")

    heads = [h.get_text(" ", strip=True) for h in main.select("h2")]
    assert heads == ["Draft (2)", "Listed (1)", "Paused (1)"]
    text = main.get_text(" ", strip=True)
    assert "Not ours" not in text
    assert "1 section to complete Continue Begun" in text
    assert "Every section is complete List it Ready" in text
    assert main.select_one(f"a[href='/products/{ready.id}/publish']")


def test_a_supplier_without_products_is_told_why_to_add_one(browser, make):
    main = browser.as_(make.manager(make.supplier())).main("/products/mine")
    assert "no product here yet" in main.get_text()
    assert main.select_one("a[href='/products/new']")


def test_who_sells_nothing_has_no_products_of_its_own(browser, make):
    for other in (VISITOR, make.author(make.authority()), make.curator()):
        seen = browser.as_(other).get("/products/mine")
        assert browser.status == 403
        assert "Only suppliers have products of their own." in seen.get_text()


def test_search_shows_a_product_to_those_who_may_find_it(make):
    supplier = make.supplier()
    own = f"organisation-{supplier.id}"
    audience = {
        stage: document(make.product(supplier, stage=stage), []).audience for stage in Stage
    }
    assert audience == {
        Stage.DRAFT: {own},
        Stage.LISTED: {"public"},
        Stage.PAUSED: {own, "loti"},
        Stage.SUSPENDED: {own, "loti"},
        Stage.RETIRED: {own, "loti"},
    }


def test_search_knows_what_a_product_can_be_filtered_by(make):
    supplier, camden = make.supplier(is_vcse=True), make.authority()
    product = make.product(
        supplier, integrations=["GOV.UK Notify", "gov.uk  notify", "?!"], attributes=["uses-ai"]
    )
    found = document(product, [make.use(product, camden)])
    assert found.id == f"product-{product.id}"
    assert found.facets == {
        "stage": ("listed",),
        "area": ("waste",),
        "deployment": ("saas",),
        "band": ("25k-100k",),
        "sme": ("yes",),
        "vcse": ("yes",),
        "used_by": (str(camden.id),),
        "supplier": (str(supplier.id),),
        "cpv": ("48000000",),
        "integrations": ("gov-uk-notify",),
        "attribute": ("uses-ai",),
    }


def test_what_is_found_and_matched_is_what_the_supplier_wrote(make):
    product = make.product(make.supplier())
    text = offer_text(product)
    for said in ("Roundwise", "Rounds on a map", "UPRN gazetteer", "Waste and street cleansing"):
        assert said in text
    assert "Brightwater" not in text
    assert "Brightwater" in document(product, []).body
