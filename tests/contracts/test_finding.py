"""The register of contracts: found by words, narrowed, taken along; and an organisation's own."""

import csv
from datetime import timedelta
from io import StringIO

from auth.actor import VISITOR
from marketplace.contracts.models import Contract
from marketplace.core.times import at as moment
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from search.port import Unavailable
from tests.awards.deciding import Decided
from tests.contracts.conftest import AFTER
from tests.contracts.contracting import LAST, framework, sign

SIGNED = ["Plan repairs"]


def titles(seen):
    return [link.text for link in seen.select(".app-list__title a")]


def words(seen):
    return " ".join(seen.get_text(" ").split())


def rows(browser, url):
    return list(csv.DictReader(StringIO(browser.client.get(url).text)))


def test_words_filters_and_days_find_what_is_signed(confirmed: Decided, make, marketplace):
    later = make.authority("Barnet", slug="barnet")
    confirmed.authorities["Barnet"] = later
    framework(confirmed, AFTER.date(), "Barnet")
    reindex(marketplace.engine, marketplace.index)
    browser = confirmed.browser.as_(VISITOR)
    camden = confirmed.authorities["Camden"].slug
    hackney = confirmed.authorities["Hackney"].slug
    leaves = {
        "": True,
        "?q=plan+repairs": True,
        "?q=moss": True,
        "?q=barnet": True,
        "?q=CAM-2026-114": True,
        "?q=bicycles": False,
        f"?authority={camden}&caller=barnet&standing=in-force": True,
        f"?authority={hackney}": False,  # its own is not signed
        f"?caller={hackney}": False,
        "?area=waste": False,
        f"?ends_by={LAST.isoformat()}&since=2026-12-04&until=2026-12-04": True,
        f"?ends_by={(LAST - timedelta(days=1)).isoformat()}": False,
        "?since=2026-12-05": False,
    }
    found = {query: titles(browser.get(f"/contracts{query}")) == SIGNED for query in leaves}
    assert found == leaves
    assert len(rows(browser, "/contracts.csv?q=bicycles")) == 0
    for nonsense in ("standing=nonsense", "standing=over", "area=nonsense", "page=0"):
        browser.get(f"/contracts?{nonsense}")
        assert browser.status == 404
    seen = browser.get("/contracts?standing=in-force", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("[hx-target='#announcement']").text == "1 contract, not over"
    assert "Camden with Moss Repairs" in words(browser.main("/search?kind=contract&q=repairs"))
    browser.get("/contracts.atom?q=repairs")
    assert "Plan repairs" in browser.text
    with moment(now() + timedelta(days=1000)):
        assert titles(browser.get("/contracts")) == SIGNED
        assert titles(browser.get("/contracts?standing=in-force")) == []


def test_what_is_found_is_taken_along_as_a_table(confirmed: Decided, marketplace):
    sign(confirmed, "Camden", AFTER.date(), signatory="=cmd()")
    reindex(marketplace.engine, marketplace.index)
    browser = confirmed.browser.as_(VISITOR)
    link = browser.main("/contracts?q=moss").select_one("a[href*='contracts.csv']")
    [row] = rows(browser, str(link["href"]))
    assert (row["Authority"], row["Value without VAT (GBP)"]) == ("Camden", "33333.67")
    assert row["Value with VAT (GBP)"] == "40000.40", "33,333.67 and a fifth, by hand"


def test_a_contract_that_is_signed_is_news_to_who_saved_the_search(
    confirmed: Decided, make, marketplace, news
):
    seller = make.manager(make.supplier("Fernlight"))
    browser = confirmed.browser.as_(seller)
    seen = browser.main("/contracts?q=repairs")
    browser.post(str(seen.select_one(".app-follow a")["href"]), name="Repairs", rhythm="daily")
    assert browser.main("/saved").select_one("a[href='/contracts?q=repairs']")
    sign(confirmed, "Camden", AFTER.date())
    news()
    inbox = browser.as_(seller).main("/notifications")
    link = next(one for one in inbox.select("a") if "New contract" in one.text)
    assert "Plan repairs" in link.text
    browser.get(str(link["href"]))
    assert browser.status == 200


def test_while_the_search_is_away_the_database_lists_them(
    confirmed: Decided, make, marketplace, monkeypatch
):
    def away(question):
        raise Unavailable("down")

    confirmed.authorities["Barnet"] = make.authority("Barnet", slug="barnet")
    framework(confirmed, AFTER.date(), "Barnet")
    monkeypatch.setattr(marketplace.index, "find", away)
    browser = confirmed.browser.as_(VISITOR)
    camden = confirmed.authorities["Camden"].slug
    seen = browser.get(f"/contracts?standing=in-force&authority={camden}&caller=barnet")
    assert titles(seen) == SIGNED
    assert "Results are simpler than usual" in seen.text
    for query in ("area=waste", "authority=barnet", f"caller={camden}"):
        assert titles(browser.get(f"/contracts?{query}")) == []
    assert browser.client.get("/contracts.csv").status_code == 503


def test_an_organisation_sees_all_of_its_own_signed_or_not(confirmed: Decided, make):
    sign(confirmed, "Camden", AFTER.date())
    hackney = confirmed.as_author("Hackney")
    assert titles(hackney.get("/contracts/mine")) == ["Plan repairs"]
    for query, there in (
        ("standing=prepared&q=moss", True),
        ("standing=in-force&standing=over", False),
        ("q=PLAN%25", False),
    ):
        assert bool(titles(hackney.get(f"/contracts/mine?{query}"))) == there
    [row] = rows(hackney, "/contracts/mine.csv?standing=prepared")
    assert (row["Authority"], row["State"]) == ("Hackney", "Being prepared")
    assert len(titles(confirmed.as_bidder("Moss Repairs").get("/contracts/mine"))) == 2
    assert titles(hackney.as_(VISITOR).get("/contracts/mine")) == []
    browser = confirmed.as_author("Hackney")
    costs = []
    for number in (2, 30):
        for _ in range(number):
            make.contract(confirmed.authorities["Hackney"], confirmed.suppliers["Moss Repairs"])
        seen = browser.get("/contracts/mine")
        costs.append(len(browser.queries))
    assert costs[0] == costs[1]
    older = str(seen.select_one(".govuk-pagination__next a")["href"])
    assert len(titles(browser.get(older))) == 33 - 25
    browser.get(f"/contracts/mine?after={Contract(title='Gone').id}")
    assert browser.status == 404
