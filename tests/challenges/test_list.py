"""The list of challenges: by key, with filters and counts that say how many each would leave."""

from datetime import timedelta

import pytest

from marketplace.app import clock
from marketplace.challenges.models import Stage
from marketplace.core.finding import SIZE
from marketplace.core.times import in_london, now
from marketplace.discovery.indexing import reindex
from marketplace.reference.areas import Area
from search.port import Unavailable


@pytest.fixture
def camden(make):
    return make.authority("Camden", slug="camden")


@pytest.fixture
def fill(marketplace):
    """Fills the index with what the test has made so far."""
    return lambda: reindex(marketplace.engine, marketplace.index)


@pytest.fixture
def many(make, camden, fill):
    """Challenges in every stage, two areas and two authorities; the index knows them."""
    hackney = make.authority("Hackney", slug="hackney")
    made = [make.challenge(camden, stage, title=f"Camden {stage.value}") for stage in Stage]
    made += [make.challenge(hackney, title="Hackney repairs", area=Area.HOUSING_REPAIRS)]
    fill()
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
    assert "Nothing meets all that you ask for." in seen.text
    assert seen.select_one(".app-empty a")["href"] == "/challenges"


def test_with_htmx_only_the_listing_comes_back_with_the_count_aloud(browser, many):
    seen = browser.get("/challenges?area=housing-repairs", target="listing")
    assert not seen.select("html, h1")
    assert seen.select_one("[hx-target='#announcement']").text == "1 challenge, for housing repairs"
    assert titles(seen) == ["Hackney repairs"]


@pytest.mark.parametrize(
    "query", ["area=moon", "stage=ajar", "after=x", "sort=price", "cpv=4800", "page=0"]
)
def test_what_cannot_be_is_not_found(browser, many, query):
    browser.get(f"/challenges?{query}")
    assert browser.status == 404


def test_an_unknown_authority_is_only_an_empty_list(browser, many):
    seen = browser.get("/challenges?authority=%3Cscript%3E")
    assert browser.status == 200
    assert "No challenges, of ?" in seen.text


def test_the_list_goes_on_and_loses_none(browser, make, camden, fill):
    at = now() - timedelta(days=2)
    made = [
        make.challenge(camden, title=f"Number {n}", published_at=at + timedelta(hours=n // 3))
        for n in range(2 * SIZE + 3)
    ]
    fill()
    seen, found, pages = browser.get("/challenges?stage=open"), [], 1
    found += titles(seen)
    while older := seen.select_one("a[rel=next]"):
        assert "stage=open" in older["href"]
        seen, pages = browser.get(f"/challenges{older['href']}"), pages + 1
        found += titles(seen)
    assert pages == 3
    assert len(found) == len(set(found)) == len(made)
    browser.get("/challenges?stage=open&page=4")
    assert browser.status == 404


def test_words_days_and_codes_narrow_the_list(browser, make, camden, fill):
    today = in_london(now()).date()
    make.challenge(camden, title="Closes first", closes_on=today + timedelta(days=3))
    make.challenge(camden, title="Closes last", closes_on=today + timedelta(days=9))
    make.challenge(
        camden, title="Wheels", need="Scooters", cpv=["34144000"], closes_on=today + timedelta(6)
    )
    fill()
    assert titles(browser.get("/challenges?sort=closing")) == [
        "Closes first",
        "Wheels",
        "Closes last",
    ]
    by = (today + timedelta(days=5)).isoformat()
    assert titles(browser.get(f"/challenges?closes_by={by}")) == ["Closes first"]
    assert titles(browser.get(f"/challenges?closes_from={by}&sort=closing")) == [
        "Wheels",
        "Closes last",
    ]
    assert titles(browser.get("/challenges?cpv=34000000")) == ["Wheels"]
    assert titles(browser.get("/challenges?q=scooters")) == ["Wheels"]


def test_the_codes_are_a_tree_that_opens_where_one_chooses(browser, make, camden, fill):
    make.challenge(camden, cpv=["48000000"])
    make.challenge(camden, cpv=["48100000", "90511000"])
    fill()
    assert offered(browser.get("/challenges"), "cpv") == {"48000000": "(2)", "90000000": "(1)"}
    opened = offered(browser.get("/challenges?cpv=48000000"), "cpv")
    assert opened == {"48000000": "(2)", "48100000": "(1)", "90000000": "(1)"}
    seen = browser.get("/challenges?cpv=48000000&cpv=48100000")
    assert len(titles(seen)) == 1  # the narrower says more
    tags = [tag.get_text(" ", strip=True) for tag in seen.select(".moj-filter__tag")]
    assert tags == ["Remove this filter: Industry specific software package"]


def test_a_day_that_is_none_is_said_at_its_field_and_kept(browser, many):
    seen = browser.get("/challenges?since=yesterday")
    assert browser.status == 200
    assert "“yesterday” is not a day" in seen.select_one("#since-error").text
    assert seen.select_one("#since")["value"] == "yesterday"
    assert len(titles(seen)) == 8


def test_a_slip_of_the_finger_is_put_right(browser, make, camden, fill):
    make.challenge(camden, title="Allotments have a waiting list")
    fill()
    seen = browser.get("/challenges?q=allotmints&stage=open")
    meant = seen.select_one("#meant a")
    assert (meant.text, meant["href"]) == ("allotments", "/challenges?q=allotments&stage=open")


def test_what_the_clock_has_closed_is_listed_as_closed(browser, make, camden, fill, marketplace):
    make.challenge(camden, title="Over", closes_on=in_london(now()).date() - timedelta(days=1))
    for job in clock(marketplace):
        job()
    fill()
    assert titles(browser.get("/challenges?stage=closed")) == ["Over"]
    assert not titles(browser.get("/challenges?stage=open"))


def test_while_the_index_is_away_the_list_is_plain_and_says_so(
    browser, many, marketplace, monkeypatch
):
    def away(question):
        raise Unavailable("down")

    monkeypatch.setattr(marketplace.index, "find", away)
    seen = browser.get("/challenges?area=waste")
    assert len(titles(seen)) == 7
    assert "Results are simpler than usual" in seen.text
    assert not seen.select(".app-count")


def test_each_says_how_many_have_the_need_too(browser, make, camden, fill):
    challenge = make.challenge(camden)
    fill()
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
