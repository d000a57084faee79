"""One box over products, challenges, suppliers and notices."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.core import finding
from marketplace.core.times import in_london, now
from marketplace.discovery.finding import Kind
from search.port import Found, Hit, Unavailable


def address(words, **more):
    return f"/search?{urlencode({'q': words, **more})}"


def titles(seen):
    return [" ".join(link.text.split()) for link in seen.select(".app-list__title a")]


def tabs(seen):
    """By kind, the count on its tab."""
    links = seen.select(".moj-sub-navigation__link")
    words = [link.get_text(" ", strip=True).split(" (") for link in links]
    return {name: int(count.rstrip(")")) for name, count in words}


@pytest.fixture
def lamps(make, fill):
    """One of each kind about the same thing."""
    supplier = make.supplier("Lampwick Works", description="Lampwick makes street lighting.")
    made = {
        "product": make.product(supplier, name="Lampwick Columns"),
        "challenge": make.challenge(make.authority(), title="Lampwick columns rust unseen"),
        "tender": make.tender(make.authority("Barnet"), public_title="Lampwick columns painted"),
        "contract": make.contract(make.authority("Brent"), supplier, title="Lampwick columns"),
        "standard": make.standard(title="Lampwick safety").standard,
        "supplier": supplier,
        "notice": make.notice(title="Lampwick column replacement"),
    }
    fill()
    return made


def test_one_box_finds_every_kind_and_the_tabs_count_them(browser, lamps):
    seen = browser.get(address("lampwick"))
    assert len(titles(seen)) == 7
    kinds = ("Products", "Challenges", "Tenders", "Contracts", "Standards", "Suppliers", "Notices")
    assert tabs(seen) == {"Everything": 7} | dict.fromkeys(kinds, 1)


@pytest.mark.parametrize("kind", Kind)
def test_a_tab_shows_its_kind_alone_and_the_counts_stay(browser, lamps, kind):
    seen = browser.get(address("lampwick", kind=kind.value))
    assert len(titles(seen)) == 1
    assert seen.select_one("[aria-current=page]").get_text(strip=True).startswith(kind.label)
    assert tabs(seen)["Everything"] == 7
    assert seen.select_one("input[type=hidden][name=kind]")["value"] == kind.value


@pytest.mark.parametrize("kind", Kind)
def test_every_result_leads_to_its_page(browser, lamps, kind):
    link = browser.get(address("lampwick", kind=kind.value)).select_one(".app-list__title a")
    assert str(lamps[kind.value].id) in link["href"]
    browser.get(link["href"])
    assert browser.status == 200


@pytest.mark.parametrize("typed", ["Lampwik", "lampwicc columns", "lapmwick"])
def test_a_slip_of_the_finger_is_forgiven(browser, lamps, typed):
    assert "Lampwick Columns" in titles(browser.get(address(typed)))


def test_the_beginning_of_a_word_is_enough(browser, lamps):
    assert "Lampwick Columns" in titles(browser.get(address("lampw")))


def test_the_words_found_are_marked(browser, lamps):
    seen = browser.get(address("lampwick", kind="product"))
    assert [mark.text for mark in seen.select(".app-list__title mark")] == ["Lampwick"]


def test_what_is_marked_cannot_bring_markup_in(browser, make, fill):
    make.product(make.supplier(), name="<script>alert(1)</script> Lampwick")
    fill()
    seen = browser.get(address("lampwick"))
    assert titles(seen)[0].startswith("<script>")


def test_with_htmx_only_the_results_come_back_and_the_count_is_said(browser, lamps):
    seen = browser.get(address("lampwick"), target="results")
    assert not seen.select("html, h1, #results")
    assert len(titles(seen)) == 7
    said = seen.select_one("hx-partial[hx-target='#announcement']")
    assert said.text == "7 results for “lampwick”"


def test_without_javascript_the_same_form_is_a_plain_get(browser, lamps):
    form = browser.get(address("lampwick")).select_one("form#filters")
    assert (form["method"], form["action"]) == ("get", "/search")
    assert form.select_one("button[type=submit]")
    assert form.select_one("input[name=q]")["value"] == "lampwick"


def test_what_is_typed_redraws_the_results_as_one_types(browser):
    form = browser.get("/search").select_one("form#filters")
    assert form["hx-get"] == "/search"
    assert form["hx-target"] == "#results"
    assert "input delay" in form["hx-trigger"]
    assert form["hx-replace-url"] == "true"


def test_an_exact_id_finds_its_product(browser, lamps):
    assert titles(browser.get(address(str(lamps["product"].id))))[0] == "Lampwick Columns"


def test_a_quoted_name_finds_it(browser, make, lamps, fill):
    make.product(lamps["supplier"], name="Columns by Lampwick")
    fill()
    assert titles(browser.get(address('"Columns by Lampwick"'))) == ["Columns by Lampwick"]


def test_pages_are_numbered_and_keep_the_words_and_the_kind(browser, make, fill):
    supplier = make.supplier()
    for number in range(finding.SIZE + 1):
        make.product(supplier, name=f"Lampwick {number}")
    fill()
    first = browser.get(address("lampwick", kind="product"))
    second_link = "/search" + first.select_one(".govuk-pagination__next a")["href"]
    assert "q=lampwick" in second_link
    assert "kind=product" in second_link
    second = browser.get(second_link)
    assert len(titles(first)) == finding.SIZE
    assert len(titles(second)) == 1
    assert not set(titles(first)) & set(titles(second))
    back = "/search" + second.select_one(".govuk-pagination__prev a")["href"]
    assert titles(browser.get(back)) == titles(first)


@pytest.mark.parametrize("page", [2, 3, finding.LAST])
def test_a_page_beyond_the_end_is_not_there(browser, lamps, page):
    browser.get(address("lampwick", page=page))
    assert browser.status == 404


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=a", "page=99999999999999999999", "kind=council", "kind=", "page="],
)
def test_an_address_that_cannot_be_is_not_there(browser, lamps, query):
    browser.get(f"/search?q=lampwick&{query}")
    assert browser.status == 404


def test_nothing_typed_says_what_can_be_searched(browser, lamps):
    for url in ("/search", "/search?q=", "/search?q=+++"):
        numbers = browser.get(url).select(".app-number")
        assert [n.get_text(" ", strip=True) for n in numbers] == [
            "1 product",
            "1 challenge",
            "1 tender",
            "1 contract",
            "1 standard",
            "1 supplier",
            "1 notice",
        ]


def test_nothing_typed_counts_only_what_one_may_see(browser, make, fill):
    make.product(make.supplier(), Stage.PAUSED)
    make.challenge(make.authority(), ChallengeStage.SUBMITTED)
    fill()
    counts = [n.text for n in browser.get("/search").select(".app-number strong")]
    assert counts == ["0", "0", "0", "0", "0", "1", "0"]


def test_an_authority_that_finds_nothing_is_shown_how_to_ask_the_market(browser, make):
    browser.as_(make.author(make.authority()))
    empty = browser.get(address("xylophone")).select_one(".app-empty")
    assert "Nothing meets all that you ask for." in empty.text
    assert empty.select_one("a[href='/challenges/new']")


def test_others_who_find_nothing_are_shown_the_catalogue(browser, make):
    for actor in (VISITOR, make.manager(make.supplier()), make.curator()):
        empty = browser.as_(actor).get(address("xylophone")).select_one(".app-empty")
        assert empty.select_one("a[href='/products']")
        assert not empty.select("a[href='/challenges/new']")


STRANGE = [
    "'",
    '"',
    '"""',
    "*",
    "AND OR NOT NEAR",
    "title:x",
    "(((",
    "-",
    "a" * 10_000,
    "lampwick " * 5_000,
    "\x00",
    "\x00lampwick",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "ﷺ",
    "%",
    "<b>",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "\u202e",
    "ä" * 400,
]


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
def test_whatever_is_typed_gets_an_answer(browser, lamps, typed):
    for target in ("", "results"):
        browser.get(address(typed), target=target)
        assert browser.status == 200


def test_bytes_that_are_no_text_get_an_answer(browser, lamps):
    browser.get("/search?q=%ff%fe%00lampwick%c3%28")
    assert browser.status == 200


def test_what_is_too_long_is_cut_kindly(browser, lamps):
    seen = browser.get(address("lampwick " * 500))
    assert "only its beginning was used" in seen.select_one("main").text
    used = seen.select_one("input#q")["value"]
    assert len(used) <= finding.LONGEST
    assert set(used.split()) == {"lampwick"}
    assert titles(seen)


def test_the_database_has_the_last_word(browser, session, make, lamps):
    """The index still offers what has been paused a moment ago; the page does not."""
    product = lamps["product"]
    product.stage = Stage.PAUSED
    make(product)
    seen = browser.get(address("lampwick", kind="product"))
    assert titles(seen) == []
    assert tabs(seen)["Products"] == 0
    assert "Nothing meets what you ask for." in seen.select_one("main").text


def test_a_row_that_is_gone_is_no_result(browser, session, lamps):
    session.delete(lamps["notice"])
    session.commit()
    assert browser.get(address("lampwick", kind="notice")).select_one(".app-empty")


def test_the_number_of_queries_does_not_grow_with_the_results(browser, make, fill):
    costs = []
    for _ in range(2):
        for number in range(finding.SIZE // 4):
            make.product(make.supplier(), name=f"Lampwick {number}")
            make.challenge(make.authority(), title=f"Lampwick {number}")
        fill()
        browser.get(address("lampwick"))
        costs.append(len(browser.queries))
    assert costs[0] == costs[1]


HIDDEN = [
    (kind, stage)
    for kind, stages in (
        ("product", (Stage.DRAFT, Stage.PAUSED, Stage.RETIRED)),
        (
            "challenge",
            (ChallengeStage.DRAFT, ChallengeStage.SUBMITTED, ChallengeStage.RETURNED),
        ),
    )
    for stage in stages
]


@pytest.mark.parametrize(("kind", "stage"), HIDDEN)
@pytest.mark.parametrize("who", ["visitor", "authority", "supplier"])
def test_what_one_may_not_see_is_neither_found_nor_counted(browser, make, fill, kind, stage, who):
    if kind == "product":
        make.product(make.supplier("Somebody"), stage, name="Secretlamp")
    else:
        make.challenge(make.authority("Camden"), stage, title="Secretlamp")
    make.notice(title="Secretlamp in the open")
    fill()
    stranger = {
        "visitor": lambda: VISITOR,
        "authority": lambda: make.author(make.authority("Hackney")),
        "supplier": lambda: make.manager(make.supplier("Another")),
    }[who]()
    browser.as_(stranger)
    for typed in ("Secretlamp", "secretl", "Secretlamb"):
        seen = browser.get(address(typed))
        assert titles(seen) == ["Secretlamp in the open"]
        assert tabs(seen)["Everything"] == 1
    browser.get(address("Secretlamp", kind=kind))
    assert "Secretlamp</" not in browser.text


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.PAUSED, Stage.RETIRED])
def test_its_supplier_finds_what_is_not_listed_and_reads_the_stage(browser, make, fill, stage):
    supplier = make.supplier()
    make.product(supplier, stage, name="Secretlamp")
    fill()
    seen = browser.as_(make.manager(supplier)).get(address("Secretlamp"))
    assert titles(seen) == ["Secretlamp"]
    assert seen.select_one(".app-list__meta .govuk-tag").text == stage.label


def test_a_challenge_closed_by_the_clock_says_so(browser, make, fill):
    yesterday = (now() - timedelta(days=2)).date()
    make.challenge(make.authority(), title="Lampwick", closes_on=yesterday)
    fill()
    seen = browser.get(address("Lampwick"))
    assert seen.select_one(".app-list__meta .govuk-tag").text == "Closed"


@pytest.mark.parametrize("typed", ["", "lampwick"])
def test_while_search_is_out_the_page_says_so_and_leads_to_the_lists(
    browser, index, monkeypatch, lamps, typed
):
    def out(_):
        raise Unavailable("The engine does not answer.")

    monkeypatch.setattr(index, "find", out)
    seen = browser.get(address(typed))
    assert browser.status == 200
    assert "Search is not available at the moment" in seen.select_one("main").text
    for link in seen.select(".app-empty a"):
        browser.get(link["href"])
        assert browser.status == 200
    said = browser.get(address(typed), target="results").select_one("hx-partial")
    assert said.text == "Search is not available at the moment"


def test_when_a_simpler_engine_answered_the_page_says_so(browser, index, monkeypatch, lamps):
    hit = Hit(f"notice-{lamps['notice'].id}", "notice", (("Lampwick", True),), (), 1.0)
    basic = Found((hit,), 1, {"notice": 1}, {}, basic=True)
    monkeypatch.setattr(index, "find", lambda _: basic)
    assert "Results are simpler than usual" in browser.get(address("lampwick")).text


def test_what_is_quoted_by_its_reference_comes_first_in_each_list_and_in_the_search(
    browser, make, fill
):
    """However it is punctuated, and whatever else speaks of it."""
    make.notice(title="Waste", ocid="ocds-b5fd17-a1", release_id="045678-2026")
    make.notice(title="About notice 045678-2026", description="Amends ocds b5fd17 a1.")
    make.supplier("Fernlight", companies_house_number="09876543", ppon="PABC-1234-WXYZ")
    make.supplier("Lampwick", description="Formerly 09876543, and PABC-1234-WXYZ.")
    make.standard("WCAG22-AA", title="Web accessibility")
    make.standard("EN301549", title="Beyond WCAG22-AA")
    fill()
    for place, typed, first in (
        ("notices", "OCDS-b5fd17-A1", "Waste"),
        ("notices", "045678 2026", "Waste"),
        ("suppliers", "09876543", "Fernlight"),
        ("suppliers", "pabc 1234 wxyz", "Fernlight"),
        ("standards", "wcag22 aa", "Web accessibility"),
    ):
        for address in (f"/{place}?q={typed}", f"/search?q={typed}"):
            found = browser.get(address).select(".app-list__title")
            assert found[0].get_text(strip=True).startswith(first), address


def test_what_closes_soonest_comes_first_in_each_list_that_has_closing_days(browser, make, fill):
    today, camden = now(), make.authority()
    for title, days in (("Later", 9), ("Soon", 2), ("Over", -2), ("Never", None)):
        ends = None if days is None else today + timedelta(days=days)
        make.notice(title=f"{title} notice", tender_ends_at=ends)
        if days and days > 0:
            make.challenge(camden, title=f"{title} challenge", closes_on=in_london(ends).date())
    fill()
    for address, expected in (
        ("/notices?sort=closing", ["Soon notice", "Later notice"]),
        ("/challenges?sort=closing", ["Soon challenge", "Later challenge"]),
        (
            "/search?q=notice+challenge&sort=closing",
            ["Soon notice", "Soon challenge", "Later notice", "Later challenge"],
        ),
    ):
        seen = browser.get(address)
        found = [one.get_text().strip() for one in seen.select(".app-list__title")]
        assert found == expected, address
