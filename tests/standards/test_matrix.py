"""The matrix of products and standards, on the page and as files, and what is covered."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from marketplace.catalogue.models import Product
from marketplace.claims.models import Stage as Claimed
from marketplace.core.spreadsheets import as_xlsx
from marketplace.core.times import day, in_london, now
from marketplace.standards.models import Standard, StandardVersion
from tests.claims import rows

WEB = "WCAG22-AA"


@pytest.fixture
def market(make):
    """Two suppliers with three products, and two standards that bind them in different ways."""
    binfold, ringmarl = make.supplier("Binfold"), make.supplier("Ringmarl")
    make.product(binfold, name="Rounds", areas=["waste"], attributes=["user-interface"])
    make.product(binfold, name="Street", areas=["waste"], attributes=["exposes-api"])
    make.product(
        ringmarl, name="=Calls", areas=["planning"], attributes=["user-interface", "exposes-api"]
    )
    make.standard()
    make.standard(
        "API",
        title="Interfaces",
        kind="practice",
        rules=[{"obligation": "recommended", "all_of": ["exposes-api"]}],
    )
    return binfold


def cells(seen):
    """By row, what each cell says."""
    heads = [one.get_text(" ", strip=True) for one in seen.select(".app-matrix__head")]
    return {
        row.select_one("th a").text: dict(
            zip(heads, [one.get_text(" ", strip=True) for one in row.select("td")], strict=True)
        )
        for row in seen.select(".app-matrix tbody tr")
    }


def test_each_cell_says_how_far_the_standard_binds_and_what_is_claimed(browser, market):
    seen = browser.get("/standards/matrix")
    assert cells(seen) == {
        "=Calls": {"WCAG22-AA": "Not claimed M", "API": "Not claimed R"},
        "Rounds": {"WCAG22-AA": "Not claimed M", "API": ""},
        "Street": {"WCAG22-AA": "", "API": "Not claimed R"},
    }
    heads = [one.text for one in seen.select(".app-matrix__head")]
    assert heads == ["WCAG22-AA", "API"], "what is mandatory comes first"
    assert seen.select_one("caption").text == (
        "3 products and 2 standards: 0 of 4 that apply are met"
    )
    region = seen.select_one(".app-matrix")
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert seen.select_one(f"#{region['aria-labelledby']}")


def test_a_cell_says_what_was_found_and_until_when_and_leads_to_the_claim(
    browser, make, market, session
):
    """Of several products of a supplier, the weakest counts."""
    products = {one.name: one for one in session.exec(select(Product))}
    versions = {one.standard.key: one for one in session.exec(select(StandardVersion))}
    until = in_london(now()).date() + timedelta(days=200)
    web, api, rounds = versions["WCAG22-AA"], versions["API"], products["Rounds"]
    met = rows.claim(make, web, market, rounds, Claimed.MET, ends_on=until)
    soon = in_london(now()).date() + timedelta(days=20)
    rows.claim(make, api, market, products["Street"], Claimed.MET, ends_on=soon)
    rows.claim(make, web, market, products["Street"], Claimed.DECLARED)
    seen = browser.get("/standards/matrix")
    assert cells(seen)["Rounds"] == {"WCAG22-AA": f"Met to {day(until)} M", "API": ""}
    assert cells(seen)["Street"] == {"WCAG22-AA": "Claimed", "API": f"Met to {day(soon)} R"}
    assert seen.select_one(f"td.app-cell--met a[href='/claims/{met.id}']")
    assert seen.select_one("td.app-cell--ending")
    assert "2 of 4 that apply are met" in seen.caption.text
    seen = browser.get("/standards/matrix?by=supplier")
    assert cells(seen)["Binfold"]["WCAG22-AA"] == f"Met to {day(until)} M"
    main = browser.main(f"/standards/{web.standard_id}").get_text(" ", strip=True)
    assert "LOTI assessed 1 of them as meeting it" in main


def test_what_was_met_by_an_earlier_version_says_so(browser, make, market, session):
    rounds = session.exec(select(Product).where(Product.name == "Rounds")).one()
    web = session.exec(select(StandardVersion).join(Standard).where(Standard.key == WEB)).one()
    rows.claim(make, web, market, rounds, Claimed.MET)
    at = f"/standards/{web.standard_id}"
    browser.as_(make.curator()).post(f"{at}/draft")
    browser.post(f"{at}/edit/version", label="3", summary="New.", what_changed="Nine points.")
    browser.post(f"{at}/publish")
    seen = browser.get("/standards/matrix?kind=technical")
    assert cells(seen)["Rounds"]["WCAG22-AA"] == "Met, earlier version M"


def test_what_was_not_met_is_for_authorities_and_loti_alone(browser, make, market, session):
    rounds = session.exec(select(Product).where(Product.name == "Rounds")).one()
    version = session.exec(select(StandardVersion).join(Standard).where(Standard.key == WEB)).one()
    rows.claim(make, version, market, rounds, Claimed.NOT_MET)
    browser.get("/standards/matrix.csv")
    assert "Not met" not in browser.text
    public = cells(browser.get("/standards/matrix"))
    assert public["Rounds"]["WCAG22-AA"] == "Not claimed M"
    seen = browser.as_(make.author(make.authority())).get("/standards/matrix")
    assert cells(seen)["Rounds"]["WCAG22-AA"] == "Not met M"


def test_filters_narrow_rows_and_columns_and_say_what_is_left_out(browser, market):
    seen = browser.get("/standards/matrix?area=waste&kind=technical", "matrix")
    assert cells(seen) == {"Rounds": {"WCAG22-AA": "Not claimed M"}, "Street": {"WCAG22-AA": ""}}
    seen = browser.get("/standards/matrix?area=planning&kind=")
    assert list(cells(seen)) == ["=Calls"]
    seen = browser.get("/standards/matrix?area=waste&kind=law")
    assert "No published standard applies" in seen.text
    browser.get("/standards/matrix?area=nowhere")
    assert browser.status == 404


def test_a_supplier_s_row_is_how_its_weakest_product_stands(browser, market):
    seen = browser.get("/standards/matrix?by=supplier")
    assert cells(seen)["Binfold"] == {"WCAG22-AA": "Not claimed M", "API": "Not claimed R"}
    assert seen.select_one(".app-matrix tbody th a")["href"] == f"/suppliers/{market.id}"


def test_a_long_matrix_goes_on_by_key(browser, make, market, monkeypatch):
    monkeypatch.setattr("marketplace.standards.matrix.SIZE", 2)
    seen = browser.get("/standards/matrix")
    assert list(cells(seen)) == ["=Calls", "Rounds"]
    later = seen.select_one(".govuk-pagination__next a")["href"]
    seen = browser.get(later)
    assert list(cells(seen)) == ["Street"]
    browser.get("/standards/matrix?after=00000000-0000-0000-0000-000000000000")
    assert browser.status == 404


def test_it_can_be_taken_away_as_it_is_filtered(browser, market):
    browser.get("/standards/matrix.csv?area=planning")
    rows = list(csv.reader(StringIO(browser.text)))
    assert rows == [
        ["Product", "Supplier", "WCAG22-AA", "API", "Met"],
        [
            "'=Calls",
            "Ringmarl",
            "Not claimed (mandatory)",
            "Not claimed (recommended)",
            "0 of 2 met",
        ],
    ]
    answer = browser.client.get("/standards/matrix.xlsx?by=supplier")
    assert answer.headers["content-disposition"] == 'attachment; filename="standards-matrix.xlsx"'
    book = load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in book["Table"][1]] == ["Supplier", "WCAG22-AA", "API", "Met"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Rows"] == "Suppliers"
    assert "UK time" in about["Drawn"]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    made = as_xlsx(["a"], [["=1+1"], ["https://example.org"], [7]], {"=b": "=2+2"})
    table = load_workbook(BytesIO(made))["Table"]
    assert [(row[0].value, row[0].data_type) for row in table.iter_rows()] == [
        ("a", "s"),
        ("=1+1", "s"),
        ("https://example.org", "s"),
        (7, "n"),
    ]
    assert not any(row[0].hyperlink for row in table.iter_rows())


def test_what_is_covered_is_counted_by_standard_and_by_area(browser, market):
    seen = browser.get("/standards/coverage")
    tables = {
        table.caption.text: {
            row.th.get_text(strip=True): [
                cell.text for cell in row.select(".govuk-table__cell--numeric")
            ]
            for row in table.select("tbody tr")
        }
        for table in seen.select("table")
    }
    assert tables == {
        "By standard": {
            "Web accessibility": ["2", "0", "0", "2"],
            "Interfaces": ["2", "0", "0", "2"],
        },
        "By area of work": {
            "Waste and street cleansing": ["2", "0", "0", "2"],
            "Planning and building control": ["2", "0", "0", "2"],
        },
    }


def test_before_anything_is_published_the_pages_say_so(browser):
    assert "No published standard applies" in browser.get("/standards/matrix").text
    assert "No published standard applies" in browser.get("/standards/coverage").text
    assert browser.client.get("/standards/matrix.csv").text.startswith("Product,Supplier,Met")
