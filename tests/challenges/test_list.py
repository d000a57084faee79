"""The list of challenges: by key, with filters and counts that say how many each would leave."""

from datetime import timedelta

import pytest

from marketplace.challenges import queries
from marketplace.challenges.models import Stage
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.reference.areas import Area
from search.port import Unavailable


@pytest.fixture
def camden(make):
    return make.authority("Camden", slug="camden")


@pytest.fixture
def many(make, camden, marketplace):
    """Challenges in every stage, two areas and two authorities; the index knows them."""
    hackney = make.authority("Hackney", slug="hackney")
    made = [make.challenge(camden, stage, title=f"Camden {stage.value}") for stage in Stage]
    made += [make.challenge(hackney, title="Hackney repairs", area=Area.HOUSING_REPAIRS)]
    reindex(marketplace.engine, marketplace.index)
    return made


def titles(seen):
    return [link.text for link in seen.select(".app-list__title a")]


def offered(seen, name):
    """What a filter offers, with the counts."""
    return {
        label["for"].removeprefix(f"{name}-"): label.select_one(".app-count").text
        for label in seen.select(f"input[name={name}] + label")
    }


def test_only_what_is_published_is_listed(browser, many):
    seen = browser.get("/challenges")
    assert len(titles(seen)) == 8
    assert not {"Camden draft", "Camden submitted", "Camden returned"} & set(titles(seen))
    assert seen.select_one(".app-results__summary").text == "8 challenges"


def test_even_the_authority_finds_its_drafts_elsewhere(browser, make, camden, many):
    seen = browser.as_(make.author(camden)).get("/challenges")
    assert len(titles(seen)) == 8
    assert seen.select_one(".app-results__summary").text == "8 challenges"


def test_filters_narrow_the_list_and_say_what_each_would_leave(browser, many):
    seen = browser.get("/challenges?stage=open&stage=closed&authority=camden")
    assert set(titles(seen)) == {"Camden open", "Camden closed"}
    assert offered(seen, "authority") == {"camden": "(2)", "hackney": "(1)"}
    assert offered(seen, "stage")["piloted"] == "(1)"
    assert {box["value"] for box in seen.select("input:checked, input[checked]")} == {
        "open",
        "closed",
        "camden",
    }
    without = seen.select_one("a.moj-filter__tag[href*='stage=closed']")
    assert without["href"] == "/challenges?stage=closed&authority=camden"


def test_a_filter_that_leaves_nothing_says_so(browser, many):
    seen = browser.get("/challenges?area=libraries")
    assert "No challenge meets all these filters." in seen.text
    assert seen.select_one(".app-empty a")["href"] == "/challenges"


def test_with_htmx_only_the_listing_comes_back_with_the_count_aloud(browser, many):
    seen = browser.get("/challenges?area=housing-repairs", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("[hx-target='#announcement']").text == "1 challenge"
    assert titles(seen) == ["Hackney repairs"]


@pytest.mark.parametrize("query", ["area=moon", "stage=ajar", "after=x", f"after={'0' * 32}"])
def test_what_cannot_be_is_not_found(browser, many, query):
    browser.get(f"/challenges?{query}")
    assert browser.status == 404


def test_an_unknown_authority_is_only_an_empty_list(browser, many):
    seen = browser.get("/challenges?authority=%3Cscript%3E")
    assert browser.status == 200
    assert "No challenge meets" in seen.text


def test_the_list_goes_on_by_key_and_loses_none(browser, make, camden):
    at = now() - timedelta(days=2)
    made = [
        make.challenge(camden, title=f"Number {n}", published_at=at + timedelta(hours=n // 3))
        for n in range(2 * queries.SIZE + 3)
    ]
    seen, found, pages = browser.get("/challenges?stage=open"), [], 1
    found += titles(seen)
    while older := seen.select_one("a[rel=next]"):
        assert "stage=open" in older["href"]
        seen, pages = browser.get(older["href"]), pages + 1
        found += titles(seen)
    assert pages == 3
    assert len(found) == len(set(found)) == len(made)
    assert seen.select_one("a[rel=prev]")["href"] == "/challenges?stage=open"
    assert found[0] == f"Number {max(range(len(made)), key=lambda n: (n // 3, made[n].id.hex))}"


def test_what_the_clock_has_closed_is_listed_as_closed(browser, make, camden):
    yesterday = (now() - timedelta(days=1)).date() - timedelta(days=1)
    make.challenge(camden, title="Over", closes_on=yesterday)
    assert titles(browser.get("/challenges?stage=closed")) == ["Over"]
    assert not titles(browser.get("/challenges?stage=open"))


def test_while_the_index_is_away_the_list_works_without_counts(
    browser, many, marketplace, monkeypatch
):
    def away(question):
        raise Unavailable("down")

    monkeypatch.setattr(marketplace.index, "find", away)
    seen = browser.get("/challenges?area=waste")
    assert len(titles(seen)) == 7
    assert not seen.select(".app-results__summary, .app-count")


def test_each_says_how_many_have_the_need_too(browser, make, camden):
    challenge = make.challenge(camden)
    assert "Nobody else has joined yet" in browser.get("/challenges").text
    make.commitment(challenge, make.authority("Hackney"))
    make.commitment(challenge, make.authority("Southwark"))
    assert "2 other authorities have this need too" in browser.get("/challenges").text


def test_fifty_rows_cost_no_more_queries_than_five(browser, make, camden):
    counts = []
    for size in (5, 20):
        for _ in range(size):
            make.commitment(make.challenge(camden), make.authority("Hackney"))
        browser.get("/challenges")
        counts.append(len(browser.queries))
    assert counts[0] == counts[1]
