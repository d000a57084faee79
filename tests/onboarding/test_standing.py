"""Who finds a supplier and its products: everybody while it may trade here, otherwise only LOTI."""

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.discovery import indexing
from marketplace.onboarding import actions
from marketplace.organisations.models import Standing
from marketplace.perform import perform
from marketplace.verbs import Verb
from tests.onboarding.answers import fill_in

WORD = "Lampwick"


@pytest.fixture
def supplier(make):
    return make.supplier("Candle & Wick")


@pytest.fixture
def product(make, supplier):
    return make.product(supplier, name=WORD)


@pytest.fixture
def loti(make):
    return make.loti_administrator()


@pytest.fixture
def suspend(marketplace, make, session, supplier, loti, news):
    """LOTI suspends the supplier, or restores it, and the index hears of it."""

    def suspend(verb=Verb.ORGANISATION_SUSPEND):
        perform(Context(session, loti, now(), marketplace.settings), verb, supplier)
        session.commit()
        news()

    return suspend


@pytest.fixture(autouse=True)
def indexed(marketplace, product):
    indexing.reindex(marketplace.engine, marketplace.index)


def found(browser, page):
    """Whether a page shows the product or its supplier, as something to go to."""
    links = browser.get(page).select("main a[href]")
    return {kind for kind in ("products", "suppliers") for link in links if is_one(link, kind)}


def is_one(link, kind):
    return link["href"].startswith(f"/{kind}/") and len(link["href"]) > 40


def everywhere(browser, supplier, product, make):
    """By page, what a reader finds there."""
    waste = make.challenge(make.authority("Camden"), title=f"{WORD} waste rounds")
    pages = {
        "catalogue": "/products",
        "catalogue search": f"/products?q={WORD}",
        "search": f"/search?q={WORD}",
        "search for the supplier": "/search?q=Candle",
        "directory": "/suppliers?q=Candle",
        "matches": f"/challenges/{waste.id}/matches",
    }
    shown = {name for name, page in pages.items() if found(browser, page)}
    for name, page in (
        ("product", f"/products/{product.id}"),
        ("supplier", f"/suppliers/{supplier.id}"),
    ):
        browser.get(page)
        shown |= {name} if browser.status == 200 else set()
    count = browser.get("/").select_one("main .app-numbers a[href='/products'] strong").text
    return shown | ({"count"} if count == "1" else set())


EVERYWHERE = {
    "catalogue",
    "catalogue search",
    "search",
    "search for the supplier",
    "directory",
    "matches",
    "product",
    "supplier",
    "count",
}


def test_in_good_standing_it_is_found_everywhere(browser, make, supplier, product):
    assert everywhere(browser, supplier, product, make) == EVERYWHERE


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.RETIRED])
def test_suspended_it_is_gone_for_others_at_once(
    browser, make, session, supplier, product, suspend, stage
):
    product.stage = stage
    make(product)
    suspend()
    for who in (VISITOR, make.author(make.authority()), make.manager(make.supplier("Other Ltd"))):
        browser.as_(who)
        assert everywhere(browser, supplier, product, make) == set()


def test_the_page_refuses_even_before_the_index_has_heard(browser, make, supplier, product):
    supplier.stage = Standing.SUSPENDED
    make(supplier)
    assert everywhere(browser, supplier, product, make) == set()


def test_loti_sees_it_with_a_note(browser, supplier, product, suspend, loti):
    suspend()
    browser.as_(loti)
    main = browser.main(f"/products/{product.id}")
    assert "The supplier is suspended. Only LOTI sees this product." in main.text
    main = browser.main(f"/suppliers/{supplier.id}")
    assert "This supplier is suspended." in main.text
    assert "Suspended" in browser.main("/suppliers").text
    assert found(browser, f"/search?q={WORD}") == {"products"}


def test_restored_it_is_back(browser, make, supplier, product, suspend):
    suspend()
    suspend(Verb.ORGANISATION_RESTORE)
    assert everywhere(browser, supplier, product, make) == EVERYWHERE


def test_a_reindexed_marketplace_hides_it_too(
    browser, make, marketplace, supplier, product, suspend
):
    suspend()
    before = marketplace.index.count()
    indexing.reindex(marketplace.engine, marketplace.index)
    assert marketplace.index.count() == before
    assert not everywhere(browser, supplier, product, make)


# ---- Before it has signed


def test_unsigned_it_is_in_no_list_and_its_products_are_not_seen(
    browser, make, marketplace, news, session
):
    supplier = make.supplier("Tallow Works", signed=False)
    product = make.product(supplier, name="Snuffer")
    indexing.reindex(marketplace.engine, marketplace.index)
    for who in (VISITOR, make.author(make.authority()), make.newcomer()):
        browser.as_(who)
        assert not found(browser, "/search?q=Snuffer")
        assert not found(browser, "/search?q=Tallow")
        for page in ("/products", "/suppliers"):
            text = browser.main(page).text
            assert "Snuffer" not in text
            assert "Tallow Works" not in text
        browser.get(f"/products/{product.id}")
        assert browser.status == 404
        main = browser.main(f"/suppliers/{supplier.id}")
        assert "has not signed the platform agreement yet" in main.text
        assert "Snuffer" not in main.text
    browser.as_(make.manager(supplier))
    assert "Snuffer" in browser.main(f"/products/{product.id}").text
    assert "Tallow Works" in browser.main("/suppliers").text

    director = make.administrator(supplier)
    ctx = Context(session, director, now(), marketplace.settings)
    actions.sign(ctx, supplier, "Ada Park", "Director")
    session.commit()
    news()
    browser.as_(VISITOR)
    assert found(browser, "/search?q=Snuffer") == {"products"}
    assert "Tallow Works" in browser.main("/suppliers").text
    assert browser.main(f"/products/{product.id}")


def test_loti_finds_a_supplier_as_soon_as_it_is_registered(browser, ada, make, news):
    fill_in(ada)
    ada.post("/register/confirm")
    news()
    browser.as_(make.curator())
    assert found(browser, "/search?q=Brightwater") == {"suppliers"}
    assert "Agreement not signed" in browser.main("/suppliers").text
    browser.as_(VISITOR)
    assert not found(browser, "/search?q=Brightwater")
