"""Everybody finds and reads standards: in the list, in search, on their own pages."""

import pytest

from auth.actor import VISITOR
from marketplace.discovery import indexing
from marketplace.standards.models import Stage
from search.port import Unavailable


@pytest.fixture
def indexed(index, session):
    return lambda: index.replace(indexing.everything(session))


def titles(seen):
    return [one.get_text().strip() for one in seen.select(".app-list__title")]


def options(seen):
    return {
        label.get_text(" ", strip=True)
        for label in seen.select(".app-facet .govuk-checkboxes__label")
    }


@pytest.fixture
def three(make, indexed):
    """The law, recommended where AI is; a certificate for waste; web accessibility."""
    made = [
        make.standard(
            "UKGDPR",
            title="Processor terms",
            kind="law",
            rules=[{"obligation": "recommended", "all_of": ["uses-ai"]}],
        ),
        make.standard(
            "CE",
            title="Cyber Essentials",
            kind="certificate",
            rules=[{"obligation": "mandatory", "areas": ["waste"]}],
        ),
        make.standard(),
    ]
    indexed()
    return made


def test_the_list_is_by_name_and_a_draft_is_not_in_it(browser, make, three, indexed):
    make.standard("DRAFT", Stage.DRAFT, title="Axolotl")
    indexed()
    seen = browser.get("/standards")
    assert titles(seen) == ["Cyber Essentials", "Processor terms", "Web accessibility"]
    assert "3 standards" in seen.text
    assert "Axolotl" not in seen.text


def test_filters_count_what_they_would_leave(browser, make, three):
    seen = browser.get("/standards")
    assert {"Law (1)", "Certificate (1)", "Mandatory (2)", "Recommended (1)"} <= options(seen)
    assert {"Waste and street cleansing (3)", "Planning and building control (2)"} <= options(seen)
    seen = browser.get("/standards?standard_kind=law&standard_kind=technical&obligation=mandatory")
    assert titles(seen) == ["Web accessibility"]
    assert "1 standard, law or technical standard, mandatory" in seen.text
    assert {"Law (0)", "Technical standard (1)", "Certificate (1)"} <= options(seen)
    removed = [tag["href"] for tag in seen.select(".moj-filter__tag")]
    assert len(removed) == 3
    seen = browser.get("/standards?area=planning&obligation=recommended", "listing")
    assert titles(seen) == ["Processor terms"]
    assert not seen.select("html")
    seen = browser.get("/standards?standard_kind=law&obligation=mandatory")
    assert "Nothing meets all that you ask for." in seen.text


def test_words_find_a_standard_by_name_short_name_and_requirement(browser, three):
    assert titles(browser.get("/standards?q=accessibilty")) == ["Web accessibility"]
    assert "Web accessibility" in titles(browser.get("/standards?q=focus+hidden"))
    seen = browser.get("/search?q=WCAG22-AA&kind=standard")
    assert titles(seen)[0] == "Web accessibility"
    assert "Standard of W3C" in seen.text
    seen = browser.get("/search?q=cyber")
    tab = seen.find("a", string=lambda text: text and text.startswith("Standards"))
    assert tab or "Standards" in seen.select_one(".moj-sub-navigation").text


def test_without_the_search_the_list_still_answers(browser, three, monkeypatch, index):
    def broken(*_):
        raise Unavailable

    monkeypatch.setattr(index, "find", broken)
    for query in (
        "q=cyber",
        "standard_kind=certificate",
        "area=waste&obligation=mandatory&q=cyber",
    ):
        seen = browser.get(f"/standards?{query}")
        assert titles(seen) == ["Cyber Essentials"], query
        assert "Results are simpler than usual" in seen.text


def test_without_the_search_the_list_goes_on_by_name(browser, make, monkeypatch, index):
    def broken(*_):
        raise Unavailable

    for number in range(25):
        make.standard(f"S-{number:02}", title=f"Standard {number:02}")
    monkeypatch.setattr(index, "find", broken)
    first = browser.get("/standards")
    second = browser.get(first.select_one(".govuk-pagination__next a")["href"])
    assert titles(first) + titles(second) == [f"Standard {number:02}" for number in range(25)]
    browser.get("/standards?after=00000000-0000-4000-8000-000000000000")
    assert browser.status == 404


def test_a_search_for_standards_is_saved_and_fed_as_any_other(browser, make, three):
    seen = browser.get("/standards?q=cyber")
    follow = [link["href"] for link in seen.select(".app-follow a")]
    assert follow == ["/saved/new?in=standard&query=q%3Dcyber", "/standards.atom?q=cyber"]
    author = make.author(make.authority())
    assert "“cyber”" in browser.as_(author).get(follow[0]).text


def test_publishing_and_withdrawing_reach_the_index(browser, make, news):
    version = make.standard()
    browser.as_(make.curator())
    at = f"/standards/{version.standard_id}"
    browser.post(f"{at}/draft")
    typed = {"label": "3", "summary": "Zanzibar", "what_changed": "All."}
    browser.post(f"{at}/edit/version", **typed)
    news()
    assert titles(browser.get("/search?q=zanzibar&kind=standard")) == [], "a draft is not found"
    browser.post(f"{at}/publish")
    news()
    assert titles(browser.get("/search?q=zanzibar&kind=standard")) == ["Web accessibility"]
    browser.post(f"{at}/withdraw", because="It has ended.")
    news()
    assert titles(browser.get("/search?q=zanzibar&kind=standard")) == []


def test_a_standard_says_what_it_asks_of_whom_and_how_it_is_shown(browser, make):
    version = make.standard(valid_months=12, expiry_needed=True)
    make.product(make.supplier("Binfold"), name="Rounds", attributes=["user-interface"])
    at = f"/standards/{version.standard_id}"
    main = browser.main(at).get_text(" ", strip=True)
    for words in (
        "2.4.11 Focus is not hidden Essential",
        "Mandatory when the product has a user interface.",
        "1 of 1 listed products",
        "It is valid for 12 months, counted from its own date. It must carry a date of expiry.",
        "What is equivalent is always accepted, with a reason (Procurement Act 2023, section 56).",
        "The product meets it, or equivalent.",
    ):
        assert words in main, words
    assert not browser.get(at).select("form[action$='/draft']"), "a visitor begins no version"
    main = browser.main(f"{at}/products").get_text(" ", strip=True)
    assert "Mandatory (1) Rounds , Binfold" in main
    assert "Nothing that everybody may know has happened yet." in browser.main(f"{at}/history").text


def test_a_product_that_is_not_on_the_market_is_not_counted(browser, make):
    version = make.standard()
    make.product(make.supplier(signed=False), attributes=["user-interface"])
    make.product(make.supplier(), stage="paused", attributes=["user-interface"])
    main = browser.main(f"/standards/{version.standard_id}/products")
    assert "No product is listed yet" in main.text


def test_pages_ask_the_same_of_the_database_for_few_and_for_many(browser, make):
    supplier = make.supplier()
    version = make.standard()

    def asked():
        numbers = {}
        for url in ("", "/matrix", "/coverage", f"/{version.standard_id}"):
            browser.get(f"/standards{url}")
            assert browser.status == 200
            numbers[url] = len(browser.queries)
        return numbers

    make.product(supplier, attributes=["user-interface"])
    few = asked()
    for number in range(15):
        make.standard(f"S-{number}", title=f"Standard {number}")
        make.product(supplier, name=f"Product {number}", attributes=["user-interface"])
    assert asked() == few


@pytest.mark.parametrize("part", ["", "/versions/1", "/products", "/history"])
def test_what_is_only_a_draft_is_not_there_for_others(browser, make, part):
    version = make.standard("DRAFT", Stage.DRAFT, title="Axolotl")
    for who in (VISITOR, make.author(make.authority()), make.manager(make.supplier())):
        browser.as_(who).get(f"/standards/{version.standard_id}{part}")
        assert browser.status == 404
    browser.as_(make.support()).get(f"/standards/{version.standard_id}{part}")
    assert browser.status == 200


# ---- Who is told


def subjects(browser):
    return [
        one.get_text(" ", strip=True)
        for one in browser.get("/notifications").select("main h2, main h3")
    ]


def test_suppliers_of_what_it_applies_to_and_curators_are_told(browser, make, news):
    holds, other = make.supplier("Binfold"), make.supplier("Ringmarl")
    make.product(holds, name="Rounds", attributes=["user-interface"])
    make.product(other, name="Sensors", attributes=["public-realm"])
    told, untold = make.manager(holds), make.manager(other)
    curator, colleague = make.curator(), make.curator()
    version = make.standard()
    at = f"/standards/{version.standard_id}"
    browser.as_(curator).post(f"{at}/draft")
    browser.post(f"{at}/edit/version", label="3", summary="New.", what_changed="Nine points.")
    browser.post(f"{at}/publish")
    news()
    main = browser.as_(told).main("/notifications").get_text(" ", strip=True)
    assert "Published: Web accessibility" in main
    assert "What changed: Nine points." in main
    assert "Rounds is held to it" in main
    assert "Web accessibility" not in browser.as_(untold).main("/notifications").text
    assert "Published: Web accessibility" in browser.as_(colleague).main("/notifications").text
    browser.as_(curator).post(f"{at}/withdraw", because="Its issuer ended it.")
    news()
    main = browser.as_(told).main("/notifications").get_text(" ", strip=True)
    assert "Withdrawn: Web accessibility" in main
    assert "The reason: Its issuer ended it." in main
