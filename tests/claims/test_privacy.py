"""Private evidence shows only to those it is for: page, file, search, export, history and news."""

import pytest

from auth.actor import VISITOR
from marketplace.claims.models import Stage
from marketplace.discovery.indexing import reindex
from search.port import Question
from tests.claims import rows
from tests.claims.conftest import PDF

NUMBER = "ZX-PRIVATE-4711"
READERS = ("visitor", "rival", "camden", "curator", "assessor", "manager")
SEES = {
    "public": set(READERS),
    "authorities": {"camden", "curator", "assessor", "manager"},
    "assessors": {"assessor", "manager"},
}


@pytest.fixture
def reader(world):
    return lambda name: VISITOR if name == "visitor" else getattr(world, name)


@pytest.fixture
def shown(browser, walk, world):
    """A claim that was decided, with a file that only some may see."""

    def made(visibility):
        walk.claims().answers()
        walk.shows(
            file=(f"{NUMBER}.pdf", PDF),
            number=NUMBER,
            visibility=visibility,
        )
        found = browser.main(walk.claim).select_one("a[href*='/evidence/']")
        walk.submits().takes()
        for point in walk.points:
            walk.marks(point)
        walk.decides()
        return found["href"]

    return made


@pytest.mark.parametrize("visibility", SEES)
def test_the_page_and_the_file_are_for_those_whom_the_supplier_lets_see_it(
    browser, walk, shown, reader, visibility
):
    file = shown(visibility)
    for name in READERS:
        may = name in SEES[visibility]
        said = browser.as_(reader(name)).main(walk.claim).get_text()
        assert (NUMBER in said) is may, name
        browser.get(file)
        assert browser.status == (200 if may else 404), name


def test_what_waits_for_a_decision_is_for_nobody_but_its_supplier_and_loti(browser, walk, reader):
    walk.claims().answers()
    walk.shows(file=(f"{NUMBER}.pdf", PDF), number=NUMBER, visibility="public")
    file = browser.main(walk.claim).select_one("a[href*='/evidence/']")["href"]
    walk.submits()
    for name in ("visitor", "rival", "camden"):
        assert NUMBER not in browser.as_(reader(name)).main(walk.claim).get_text(), name
        browser.get(file)
        assert browser.status == 404, name


@pytest.mark.parametrize("visibility", ["authorities", "assessors"])
def test_nothing_else_tells_of_it(
    browser, walk, world, shown, reader, news, marketplace, visibility
):
    shown(visibility)
    record = walk.relies()
    browser.as_(world.curator).post(f"{walk.claim}/revoke", because="The scope was wrong.")
    while news():
        pass
    reindex(marketplace.engine, marketplace.index)
    product = f"/products/{world.product.id}"
    places = (
        product,
        f"{product}/standards",
        f"/suppliers/{world.supplier.id}",
        f"/search?q={NUMBER}",
        "/products?q=" + NUMBER,
        "/standards/matrix.csv",
        "/standards/matrix",
    )
    for name in ("visitor", "rival"):
        browser.as_(reader(name))
        for place in places:
            browser.get(place)
            words = browser.text.replace(f"q={NUMBER}", "").replace(f"“{NUMBER}”", "")
            assert browser.status in (200, 404), place
            assert f"{NUMBER}.pdf" not in words, place
            assert "Fenwick" not in words, place
    for name in ("rival", "camden", "curator"):
        browser.as_(reader(name)).main("/notifications")
        assert NUMBER not in browser.text, name
    for name in ("visitor", "rival", "manager"):
        browser.as_(reader(name)).get(record)
        assert browser.status == 404, name
    said = browser.as_(world.camden).main(record).get_text()
    assert (NUMBER in said) is (visibility == "authorities")
    assert "Fingerprint" in said


def test_the_history_of_a_claim_and_of_its_product_names_no_evidence(
    browser, walk, world, shown, reader
):
    shown("assessors")
    for name in ("curator", "camden"):
        assert NUMBER not in browser.as_(reader(name)).main(walk.claim).get_text()
    for name in ("curator", "manager"):
        browser.as_(reader(name)).main(f"/products/{world.product.id}/history")
        assert NUMBER not in browser.text


def test_a_search_finds_products_by_what_everybody_may_know_that_they_meet(
    browser, make, walk, world, marketplace, news
):
    def keys(name):
        while news():
            pass
        question = Question("", frozenset({"public"}), facets=(name,), size=5)
        return dict(marketplace.index.find(question).facets.get(name, {}))

    key = world.version.standard.key
    reindex(marketplace.engine, marketplace.index)
    rows.claim(make, rows.version(make, key="HIDDEN"), world.supplier, world.product, Stage.NOT_MET)
    walk.is_met()
    assert keys("standard_met") == {key: 1}
    assert keys("standard_claimed") == {}
    browser.as_(world.curator).post(f"{walk.claim}/revoke", because="Forged.")
    assert keys("standard_met") == {}
