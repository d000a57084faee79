"""Who uses a product: as claimed, confirmed or denied; and contracts, for authorities alone."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import ProductUse, UseStage, UseTerms

SECRET = "We pay far too much"  # noqa: S105 - what an authority says to others
CONTRACT = {
    "ends_on-day": "31",
    "ends_on-month": "3",
    "ends_on-year": "2028",
    "extension": "Twice by a year",
    "value": "£45,000",
    "note": SECRET,
}


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def product(make, supplier):
    return make.product(supplier)


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def approver(make, camden):
    return make.approver(camden)


def only(session, table):
    session.rollback()
    session.expire_all()
    return session.exec(select(table)).one()


def used(browser, product):
    return browser.main(f"/products/{product.id}").select_one("#uses").find_next(["ul", "p"]).text


def test_an_authority_confirms_a_claim_and_its_supplier_is_told(
    browser, make, product, camden, approver, supplier, news
):
    manager = make.manager(supplier)
    make.use(product, camden)
    assert "Camden, as the supplier claims" in used(browser.as_(VISITOR), product)
    browser.as_(approver).main(f"/products/{product.id}/use")
    browser.post(f"/products/{product.id}/use/confirm")
    assert "Camden, which confirms it" in used(browser.as_(VISITOR), product)
    news()
    told = browser.as_(manager).main("/notifications").text
    assert "Camden confirms that it uses Roundwise" in told
    history = browser.main(f"/products/{product.id}/history").text
    assert "An authority says that it uses it" in history


def test_its_manager_hears_of_a_denial_and_the_claim_disappears(
    browser, make, product, camden, approver, supplier, news, session, index
):
    manager = make.manager(supplier)
    make.use(product, camden)

    browser.as_(approver).post(f"/products/{product.id}/use/deny")

    for reader in (VISITOR, manager, make.curator(), approver):
        main = browser.as_(reader).main(f"/products/{product.id}")
        assert "Camden, " not in main.text
    news()
    told = browser.as_(manager).main("/notifications").text
    assert "Camden says that it does not use Roundwise" in told
    seen = browser.post(f"/products/{product.id}/edit/users", users=[str(camden.id)])
    assert browser.status == 422
    assert "Leave out Camden, which says it does not use it" in seen.text
    assert only(session, ProductUse).stage is UseStage.DENIED


def test_an_authority_says_so_by_itself_and_its_supplier_cannot_take_it_away(
    browser, make, product, camden, approver, supplier, session
):
    browser.as_(approver).post(f"/products/{product.id}/use/confirm", **CONTRACT)
    use, terms = only(session, ProductUse), only(session, UseTerms)
    assert (use.organisation_id, use.stage) == (camden.id, UseStage.CONFIRMED)
    assert (terms.ends_on, terms.value) == (date(2028, 3, 31), Decimal(45_000))
    session.rollback()

    browser.as_(make.manager(supplier)).post(f"/products/{product.id}/edit/users")

    assert only(session, ProductUse).stage is UseStage.CONFIRMED


def test_an_authority_changes_its_mind(browser, product, approver, session):
    place = f"/products/{product.id}/use"
    browser.as_(approver).post(f"{place}/confirm", **CONTRACT)
    assert browser.main(place).select_one("#extension")["value"] == "Twice by a year"
    browser.post(f"{place}/deny")
    session.rollback()
    assert not session.exec(select(UseTerms)).all()
    assert "does not use it" in browser.main(place).text
    browser.post(f"{place}/confirm")
    assert only(session, ProductUse).stage is UseStage.CONFIRMED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"value": "much"}, "Enter an amount in figures"),
        ({"ends_on-month": "13"}, "The day the contract ends must be a real date"),
        ({"extension": "x" * 201}, "How it can be extended must be 200 characters or fewer"),
    ],
)
def test_a_wrong_answer_has_a_sentence_and_the_rest_stays(
    browser, product, approver, wrong, sentence
):
    seen = browser.as_(approver).post(f"/products/{product.id}/use/confirm", **CONTRACT | wrong)
    assert browser.status == 422
    assert sentence in seen.select_one(".govuk-error-summary").text
    assert SECRET in seen.select_one("#note").text


def test_contracts_are_read_by_authorities_and_loti_and_by_nobody_else(
    browser, make, product, camden, approver, supplier, news, indexed
):
    """Pages, search and its index, history, news and what one can take along of oneself."""
    browser.as_(approver).post(f"/products/{product.id}/use/confirm", **CONTRACT)
    news()
    indexed()
    places = [
        f"/products/{product.id}",
        f"/products/{product.id}/details",
        f"/products/{product.id}/history",
        f"/products?q={SECRET}",
        f"/search?q={SECRET}",
        f"/suppliers/{supplier.id}",
        f"/authorities/{camden.id}",
    ]
    for reader in (make.author(make.authority("Hackney")), make.curator()):
        rows = browser.as_(reader).main(places[1]).select_one("#terms tbody tr").text
        for told in ("Camden", "31 March 2028", "Twice by a year", "£45,000", SECRET):
            assert told in rows
    own = ["/notifications", "/home", "/account/data.json", f"/products/{product.id}/edit/users"]
    for reader in (VISITOR, make.manager(supplier), make.newcomer()):
        seen = [*places, *own] if reader.organisation_name else places
        for place in seen:
            browser.as_(reader).get(place)
            assert browser.status == 200, place
            found = browser.text.replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
            for secret in ("far too much", "Twice by a year", "45,000", "31 March 2028"):
                assert secret not in found, (reader.name, place)


def test_only_authors_and_approvers_speak_for_an_authority(
    browser, make, product, camden, supplier, session
):
    for who in (
        make.administrator(camden),
        make.manager(supplier),
        make.curator(),
        make.newcomer(),
    ):
        browser.as_(who).get(f"/products/{product.id}/use")
        assert browser.status == 403
        for step in ("confirm", "deny"):
            browser.post(f"/products/{product.id}/use/{step}")
            assert browser.status == 403
    session.rollback()
    assert not session.exec(select(ProductUse)).all()


def test_a_denied_use_is_not_found_by_the_facet(
    browser, make, product, camden, approver, indexed, session
):
    make.use(product, camden)
    indexed()
    assert "1 product" in browser.main(f"/products?used_by={camden.id}").text
    browser.as_(approver).post(f"/products/{product.id}/use/deny")
    session.rollback()
    indexed()
    assert "No product" in browser.main(f"/products?used_by={camden.id}").text
