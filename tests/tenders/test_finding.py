"""The list of tenders: found by words, narrowed, and there while the search is away."""

from datetime import timedelta

from auth.actor import VISITOR
from marketplace.core.times import at, now
from marketplace.discovery.indexing import reindex
from marketplace.organisations.models import Organisation
from search.port import Unavailable
from tests.tenders.drafting import Drafted, drafted, in_days

OFFERED = "Housing repairs scheduling"


def titles(seen):
    return [link.text for link in seen.select(".app-list__title a")]


def test_words_filters_and_days_find_what_is_published(published: Drafted, make, marketplace):
    browser = drafted(published.browser, make, "Barnet").browser.as_(VISITOR)
    reindex(marketplace.engine, marketplace.index)
    lead = make.session.get(Organisation, published.organisations["Camden"])
    leaves = {
        "": True,
        "?q=bicycles": False,
        "?q=plan+repairs": True,
        "?bids=open&area=housing-repairs&cpv=48000000": True,
        "?area=waste": False,
        f"?authority={lead.slug}": True,
        "?authority=barnet": False,
        f"?closes_by={in_days(60)}&sort=closing": True,
        f"?closes_from={in_days(60)}": False,
    }
    found = {query: titles(browser.get(f"/tenders{query}")) == [OFFERED] for query in leaves}
    assert found == leaves
    seen = browser.get("/tenders?bids=open", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("[hx-target='#announcement']").text == "1 tender, open for bids"
    assert OFFERED in browser.get("/search?kind=tender&q=repairs").text
    browser.get("/tenders.atom?q=repairs")
    assert OFFERED in browser.text


def test_from_the_deadline_on_it_is_not_open_for_bids(published: Drafted, marketplace):
    browser = published.browser.as_(VISITOR)
    reindex(marketplace.engine, marketplace.index)
    with at(now() + timedelta(days=41)):
        assert titles(browser.get("/tenders")) == [OFFERED]
        assert "Closed" in browser.main("/tenders").select_one(".app-list__meta").text
        assert titles(browser.get("/tenders?bids=open")) == []


def test_while_the_search_is_away_the_database_lists_them(
    published: Drafted, marketplace, monkeypatch
):
    def away(question):
        raise Unavailable("down")

    monkeypatch.setattr(marketplace.index, "find", away)
    browser = published.browser.as_(VISITOR)
    seen = browser.get("/tenders?bids=open&area=housing-repairs")
    assert titles(seen) == [OFFERED]
    assert "Results are simpler than usual" in seen.text
    assert titles(browser.get("/tenders?area=waste")) == []
    assert titles(browser.get("/tenders?authority=barnet")) == []
