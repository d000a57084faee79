"""What a listing can have several of: added, changed, removed, and handed out without harm."""

from decimal import Decimal

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.catalogue.models import (
    Picture,
    PriceLine,
    ProductDocument,
    ProductVersion,
    Rhythm,
    Stage,
)
from marketplace.core.money import VAT
from marketplace.core.scanning import INFECTED, Scan, Verdict
from tests.core.test_files import HTML, JPEG, PDF, png

LICENCE = {"what": "A licence", "amount": "1,200.50", "unit": "user", "rhythm": "yearly"}
SINCE = {"since-day": "1", "since-month": "4", "since-year": "2026"}


@pytest.fixture
def supplier(make):
    return make.supplier()


@pytest.fixture
def product(make, supplier):
    return make.product(supplier)


@pytest.fixture
def place(browser, make, supplier, product):
    browser.as_(make.manager(supplier))
    return f"/products/{product.id}/parts"


def errors(seen):
    return [a.get_text(strip=True) for a in seen.select(".govuk-error-summary a")]


def only(session, table):
    session.rollback()
    session.expire_all()
    return session.exec(select(table)).one()


def file(name, content):
    return {"file": (name, content)}


def test_a_price_line_says_what_how_much_how_often_and_whether_vat_is_in_it(
    browser, session, product, place
):
    seen = browser.post(f"{place}/prices", **LICENCE, **SINCE, includes_vat="true")
    assert (
        "A licence: £1,200.50 for each user, every year, VAT included; part of the price"
        in seen.text
    )

    line = only(session, PriceLine)
    assert (line.amount, line.vat, line.rhythm) == (
        Decimal("1200.50"),
        VAT.INCLUDED,
        Rhythm.YEARLY,
    )
    row = (
        browser.as_(VISITOR).main(f"/products/{product.id}/details").select_one("#prices tbody tr")
    )
    assert [cell.get_text() for cell in row.select("th, td")] == [
        "A licence",
        "£1,200.50 for each user, every year, VAT included",
        "Included",
        "1 April 2026",
    ]


def test_a_line_is_changed_and_removed(browser, session, product, place):
    browser.post(f"{place}/prices", **LICENCE)
    line = only(session, PriceLine)
    asked = browser.get(f"{place}/prices/{line.id}")
    assert asked.select_one("#amount")["value"] == "1200.5"

    browser.post(f"{place}/prices/{line.id}", **LICENCE | {"amount": "900"}, is_extra="true")
    line = only(session, PriceLine)
    assert (line.amount, line.is_extra, line.vat) == (Decimal(900), True, VAT.EXCLUDED)

    browser.post(f"{place}/prices/{line.id}/remove")
    session.rollback()
    assert not session.exec(select(PriceLine)).all()
    assert "no prices line by line" in browser.main(f"/products/{product.id}/details").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "a lot"}, "Enter an amount in figures, such as 1,200,000 or 950.50."),
        ({"amount": "-1"}, "Enter an amount in figures, such as 1,200,000 or 950.50."),
        ({"amount": "0.001"}, "The amount must have no more than 2 decimal places."),
        ({"amount": ""}, "Enter the price in pounds"),
        ({"rhythm": "hourly"}, "Select how often it is paid"),
        ({"what": "x" * 121}, "What is paid for must be 120 characters or fewer"),
    ],
)
def test_a_wrong_price_has_a_sentence_and_keeps_what_was_typed(browser, place, wrong, sentence):
    seen = browser.post(f"{place}/prices", **LICENCE | wrong)
    assert browser.status == 422
    assert errors(seen) == [sentence]
    assert seen.select_one("#unit")["value"] == "user"


def test_a_document_is_a_file_or_a_link(browser, session, product, place):
    about = {"title": "Terms", "kind": "terms"}
    browser.post(f"{place}/documents", **about, files=file("terms.pdf", PDF))
    kept = only(session, ProductDocument)
    browser.as_(VISITOR).get(f"/products/{product.id}/documents/{kept.id}")
    assert browser.status == 200
    assert browser.headers["content-disposition"].startswith("attachment")
    assert browser.headers["content-type"] == "application/pdf"
    main = browser.main(f"/products/{product.id}/details")
    assert "Terms (Terms and conditions, 1 kB)" in " ".join(main.text.split())


@pytest.mark.parametrize(
    ("more", "files", "sentence"),
    [
        ({}, None, "Give a link, or select a file"),
        ({"link": "https://x.example/a"}, file("a.pdf", PDF), "Give a file or a link, not both"),
        ({"link": "javascript:alert(1)"}, None, "The link must be an address, like"),
        ({}, file("a.pdf", HTML), "The file is a web page"),
        ({}, file("a.png", PDF), "The name ends in .png, but the file is a PDF document."),
    ],
)
def test_a_document_that_is_none_is_refused_with_a_sentence(
    browser, session, place, more, files, sentence
):
    about = {"title": "Terms", "kind": "terms"} | more
    seen = browser.post(f"{place}/documents", **about, files=files)
    assert browser.status == 422
    assert errors(seen)[0].startswith(sentence)
    assert seen.select_one("#title")["value"] == "Terms"
    session.rollback()
    assert not session.exec(select(Scan)).all()


@pytest.mark.parametrize("content", [png(), JPEG])
def test_a_picture_is_shown_inline_with_its_words_and_can_do_nothing(
    browser, session, product, place, content
):
    browser.post(f"{place}/pictures", alt="The day board", files=file("board", content))
    picture = only(session, Picture)
    shown = browser.as_(VISITOR).main(f"/products/{product.id}").select_one(".app-shots img")
    assert shown["alt"] == "The day board"
    browser.get(shown["src"])
    assert browser.headers["content-type"] == picture.media_type
    assert browser.headers["x-content-type-options"] == "nosniff"
    assert browser.headers["content-disposition"] == "inline"
    assert "sandbox" in browser.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("about", "files", "sentence"),
    [
        ({"alt": "A board"}, None, "Select a picture"),
        ({"alt": "A board"}, file("a.pdf", PDF), "The file must be a PNG or JPG picture."),
        ({"alt": " "}, file("a.png", png()), "Enter what the picture shows"),
        ({"alt": "A board"}, file("a.svg", b"<svg/>"), "The file is a web page, drawing"),
    ],
)
def test_a_picture_without_words_or_that_is_none_is_refused(browser, place, about, files, sentence):
    seen = browser.post(f"{place}/pictures", **about, files=files)
    assert browser.status == 422
    assert errors(seen)[0].startswith(sentence)


def test_an_infected_picture_is_not_shown(browser, session, product, place):
    browser.post(f"{place}/pictures", alt="The day board", files=file("a.png", png()))
    only(session, Scan).verdict = Verdict.INFECTED
    session.commit()
    assert INFECTED in browser.main(f"{place}/pictures").text
    assert not browser.as_(VISITOR).main(f"/products/{product.id}").select("img")


def test_one_version_is_the_current_one_and_a_label_stands_once(browser, session, place):
    browser.post(f"{place}/versions", label="5.1", is_current="true", notes="Faster rounds.")
    browser.post(f"{place}/versions", label="5.2", is_current="true")
    session.rollback()
    rows = {one.label: one.is_current for one in session.exec(select(ProductVersion))}
    assert rows == {"5.1": False, "5.2": True}

    seen = browser.post(f"{place}/versions", label="5.2", notes="Typed twice.")
    assert browser.status == 422
    assert errors(seen) == ["There is a version with this label already"]
    assert "Typed twice." in seen.select_one("#notes").text

    session.rollback()
    older = session.exec(select(ProductVersion).where(ProductVersion.label == "5.1")).one()
    browser.post(f"{place}/versions/{older.id}", label="5.2")
    assert browser.status == 422


@pytest.mark.parametrize("kind", ["prices", "documents", "pictures", "versions"])
def test_only_its_managers_touch_them_and_a_draft_s_are_not_there_for_others(
    browser, make, supplier, kind
):
    draft, listed = make.product(supplier, Stage.DRAFT), make.product(supplier)
    for who in (VISITOR, make.author(make.authority()), make.manager(make.supplier("Other"))):
        browser.as_(who)
        browser.post(f"/products/{draft.id}/parts/{kind}", label="x")
        assert browser.status == 404
        browser.post(f"/products/{listed.id}/parts/{kind}", label="x")
        assert browser.status in (200, 403)  # a visitor is led to sign in
        assert not browser.get(f"/products/{listed.id}/parts/{kind}").select("#add")


def test_files_of_a_draft_are_for_its_supplier_alone_and_go_with_it(
    browser, make, session, supplier, marketplace
):
    draft = make.product(supplier, Stage.DRAFT)
    manager = make.manager(supplier)
    place = f"/products/{draft.id}"
    about = {"title": "Terms", "kind": "terms"}
    browser.as_(manager).post(f"{place}/parts/documents", **about, files=file("a.pdf", PDF))
    kept = only(session, ProductDocument)
    key, url = kept.key, f"{place}/documents/{kept.id}"
    session.rollback()
    for other in (VISITOR, make.curator(), make.manager(make.supplier("Other"))):
        browser.as_(other).get(url)
        assert browser.status == 404
    browser.as_(manager).get(url)
    assert browser.status == 200

    browser.post(f"{place}/discard")

    assert not [one for one in marketplace.files.list().collect() if one["path"] == key]
    session.rollback()
    assert not session.exec(select(ProductDocument)).all()
    assert not session.exec(select(Scan)).all()


def test_there_is_an_end_to_how_many(browser, make, product, place):
    for number in range(30):
        make(ProductVersion(product_id=product.id, label=str(number)))
    seen = browser.post(f"{place}/versions", label="one more")
    assert browser.status == 409
    assert "A product can have 30 of these. Remove one first." in seen.text
