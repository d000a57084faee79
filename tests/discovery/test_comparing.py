"""Products side by side: what differs is said in a word, and the table can be taken along."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from uuid import uuid4

import openpyxl
import pytest

from marketplace.catalogue.models import PriceLine, Rhythm, Stage, UseStage
from marketplace.core.money import VAT
from marketplace.reference.bands import Band
from search.port import Unavailable
from tests.discovery.standing import claim, standard


@pytest.fixture
def three(make):
    supplier = make.supplier("Roundwise Ltd")
    return (
        make.product(supplier, name="Roundwise"),
        make.product(supplier, name="Binfold", band=Band.OVER_1M),
        make.product(supplier, name="Cratewell"),
    )


def address(*products, **more):
    ids = "&".join(f"id={one.id}" for one in products)
    return f"/products/compare?{ids}" + "".join(f"&{name}={more[name]}" for name in more)


def row(seen, label):
    head = next(th for th in seen.select("th[scope=row]") if th.text == label)
    return [" ".join(cell.text.split()) for cell in head.find_next_siblings("td")]


def columns(seen):
    return [
        link.text for link in seen.select("thead a[href^='/products/']:not(.app-compare__remove)")
    ]


PRICE = "Price for one authority, VAT excluded"


def test_everybody_sees_products_side_by_side_in_the_order_asked_for(browser, three):
    seen = browser.get(address(three[1], three[0]))
    assert columns(seen) == ["Binfold", "Roundwise"]
    groups = [title.text for title in seen.select(".app-compare__title")]
    assert groups[0] == "What it does"
    assert {"Price", "Hosting", "References"} <= set(groups)
    assert seen.select_one(".app-scroll[tabindex='0'][aria-labelledby=compared-caption]")


def test_what_differs_from_the_others_says_so_in_a_word(browser, three):
    seen = browser.get(address(*three))
    assert row(seen, PRICE) == [
        "£25,000 to £100,000 a year",
        "Differs Over £1 million a year",
        "£25,000 to £100,000 a year",
    ]
    assert not any(cell.startswith("Differs") for cell in row(seen, "Features"))


def test_of_two_that_differ_both_say_so(browser, three):
    seen = browser.get(address(three[0], three[1]))
    assert all(cell.startswith("Differs") for cell in row(seen, PRICE))


def test_only_differences_can_be_shown(browser, three):
    seen = browser.get(address(three[0], three[1], differences="true"), target="comparison")
    labels = [head.text for head in seen.select("th[scope=row]")]
    assert labels == [PRICE]
    assert seen.select_one("#differences").has_attr("checked")
    assert seen.select_one("hx-partial").text == "2 products, 1 question"
    alike = browser.get(address(three[0], three[2], differences="true"))
    assert "answer every question alike" in alike.select_one("#compared").text


def test_the_standards_that_any_of_them_claims_are_rows(browser, make, three):
    claim(make, three[0], standard(make, "WCAG22-AA", "WCAG 2.2 AA"))
    cells = row(browser.get(address(*three)), "WCAG 2.2 AA")
    assert cells[0].startswith("Differs Met")
    assert cells[1] == "Not claimed"


def test_nothing_ticked_says_what_to_do_and_one_asks_for_a_second(browser, three):
    assert "Tick two products" in browser.get("/products/compare").select_one(".app-empty").text
    assert "Add a second product" in browser.get(address(three[0])).select_one("main").text


def test_a_column_is_removed_and_another_added_by_search(browser, three, fill):
    fill()
    seen = browser.get(address(*three[:2], q="Cratewell"))
    (add,) = (link for link in seen.select("main li a") if link.text == "Add Cratewell")
    seen = browser.get(add["href"])
    assert columns(seen) == ["Roundwise", "Binfold", "Cratewell"]
    seen = browser.get(seen.select("a.app-compare__remove")[0]["href"])
    assert columns(seen) == ["Binfold", "Cratewell"]


def test_while_search_is_out_the_comparison_stands(browser, three, index, monkeypatch):
    def out(_):
        raise Unavailable("The engine does not answer.")

    monkeypatch.setattr(index, "find", out)
    seen = browser.get(address(*three, q="x"))
    assert "Search is not available" in seen.select_one("main").text
    assert len(columns(seen)) == 3


def test_five_are_as_many_as_fit_and_the_rest_is_counted(browser, make, three):
    more = [make.product(three[0].organisation, name=f"More {n}") for n in range(4)]
    seen = browser.get(address(*three, *more))
    assert len(columns(seen)) == 5
    assert "You chose 7 products. The first 5 are shown" in seen.select_one("main").text
    assert not seen.select("main input[type=search]")


def test_what_is_hidden_is_told_like_what_never_was(browser, make, three):
    three[1].stage = Stage.PAUSED
    make(three[1])
    hidden = browser.get(address(three[0], three[1])).select_one(".govuk-inset-text").text
    absent = browser.get(f"{address(three[0])}&id={uuid4()}").select_one(".govuk-inset-text").text
    assert hidden == absent
    assert "1 product that you chose is not in the catalogue" in hidden
    assert "Binfold" not in browser.text


def test_a_narrow_screen_has_a_choice_of_the_product_to_show(browser, three):
    seen = browser.get(address(*three))
    radios = seen.select(".app-compare__chooser input[type=radio]")
    assert len(radios) == 3
    assert [radio.has_attr("checked") for radio in radios] == [True, False, False]


def test_it_asks_as_much_for_five_as_for_two(browser, make, three):
    browser.get(address(*three[:2]))
    two = len(browser.queries)
    more = [make.product(three[0].organisation, name=f"More {n}") for n in range(2)]
    browser.get(address(*three, *more))
    assert len(browser.queries) == two


def test_the_table_as_csv_does_nothing_in_a_spreadsheet(browser, make, three):
    three[0].summary = "=HYPERLINK('x')"
    make(three[0])
    seen = browser.get(address(*three))
    link = next(a["href"] for a in seen.select("a") if a.text == "Download as CSV")
    browser.get(link)
    assert browser.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(StringIO(browser.text))
    assert head == ["About", "Question", "Roundwise", "Binfold", "Cratewell"]
    summary = next(row for row in rows if row[1] == "In a sentence")
    assert summary[2] == "'=HYPERLINK('x')"


def test_the_workbook_says_who_asked_and_when_on_its_second_sheet(browser, make, three):
    browser.as_(make.author(make.authority("Camden")))
    link = address(*three).replace("compare?", "compare/comparison.xlsx?")
    answer = browser.client.get(link)
    book = openpyxl.load_workbook(BytesIO(answer.content))
    table, about = book.worksheets
    assert [cell.value for cell in table[1]][2:] == ["Roundwise", "Binfold", "Cratewell"]
    assert {cell.data_type for line in table for cell in line if cell.value} == {"s"}
    told = {line[0].value: line[1].value for line in about}
    assert told["Asked by"] == "Camden"
    assert told["Products"] == "Roundwise, Binfold, Cratewell"
    assert str(three[0].id) in told["Address"]


def test_prices_hosting_and_exit_stand_side_by_side(browser, make, three):
    for what, amount, extra in (("Licence", "1200", False), ("Training day", "450.50", True)):
        line = PriceLine(
            what=what,
            amount=Decimal(amount),
            rhythm=Rhythm.YEARLY,
            vat=VAT.EXCLUDED,
            is_extra=extra,
            product_id=three[0].id,
        )
        make(line)
    three[0].hosted_in, three[0].data_export = "London, in two places", "All records as CSV"
    three[0].leaving = "Help for three months"
    make(three[0])
    seen = browser.get(address(*three))
    for label, says in {
        "What is paid for": "Licence: £1,200, every year, VAT excluded",
        "Extras": "Training day: £450.50, every year, VAT excluded",
        "Where data is kept": "London, in two places",
        "Taking data along": "All records as CSV",
        "When the contract ends": "Help for three months",
    }.items():
        assert row(seen, label) == [f"Differs {says}", "Not given", "Not given"], label


def test_who_confirms_a_use_is_told_from_whom_the_supplier_names(browser, make, three):
    camden, hackney, brent = (make.authority(name) for name in ("Camden", "Hackney", "Brent"))
    for authority, stage in (
        (camden, UseStage.CONFIRMED),
        (hackney, UseStage.CLAIMED),
        (brent, UseStage.DENIED),
    ):
        use = make.use(three[0], authority)
        use.stage = stage
        make(use)
    (cell, *_) = row(browser.get(address(*three)), "Used by")
    assert "Camden, as it confirms" in cell
    assert "Hackney, as the supplier claims" in cell
    assert "Brent" not in cell
