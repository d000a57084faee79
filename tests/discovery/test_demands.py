"""What a need demands decides the order and can leave products out, on both sides."""

import pytest

from marketplace.challenges.models import Stage
from marketplace.claims.models import Stage as ClaimStage
from marketplace.reference.attributes import Attribute
from tests.discovery.standing import WHEN_RESIDENTS, claim, standard


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


@pytest.fixture
def wcag(make):
    return standard(make, "WCAG22-AA", "WCAG 2.2 AA", WHEN_RESIDENTS)


@pytest.fixture
def two(make, wcag):
    """Two products alike, of which the second by name is assessed."""
    supplier = make.supplier()
    plain = make.product(supplier, name="Aardvark rounds")
    assessed = make.product(supplier, name="Zebra rounds")
    claim(make, assessed, wcag)
    return plain, assessed


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def challenge(make, camden, two, fill):
    made = make.challenge(camden, attributes=[Attribute.RESIDENT_FACING])
    fill()
    return made


def test_what_is_assessed_for_what_the_need_demands_comes_first(browser, challenge):
    seen = browser.get(f"/challenges/{challenge.id}/matches")
    assert names(seen) == ["Zebra rounds", "Aardvark rounds"]
    first, second = (item.text for item in seen.select(".app-list__item"))
    assert "Assessed as meeting WCAG 2.2 AA" in first
    assert "does not say whether it meets WCAG 2.2 AA" in second
    assert "mandatory for what it must handle" in seen.select_one("details.govuk-details").text


def test_each_standard_has_a_square_and_those_not_known_have_one_together(
    browser, make, two, challenge
):
    standard(make, "OTHER", "Another standard", WHEN_RESIDENTS)
    seen = browser.get(f"/challenges/{challenge.id}/matches")
    squares = {
        item.select_one("a").text: [
            one["title"]
            for one in item.select(".app-square")
            if "standard" in str(one) or "WCAG" in str(one)
        ]
        for item in seen.select(".app-list__item")
    }
    assert squares == {
        "Zebra rounds": ["Met: WCAG 2.2 AA", "Missing: Another standard"],
        "Aardvark rounds": ["Not known: whether it meets Another standard and WCAG 2.2 AA"],
    }


def test_a_hard_requirement_leaves_out_and_says_how_many(browser, challenge):
    url = f"/challenges/{challenge.id}/matches?must=WCAG22-AA"
    seen = browser.get(url)
    assert names(seen) == ["Zebra rounds"]
    main = seen.select_one("main").text
    assert "1 product that would answer is left out" in main
    assert "It is not assessed as meeting WCAG 2.2 AA (1)" in main
    assert seen.select_one("input[name=must][value=WCAG22-AA]").has_attr("checked")
    assert "1 left out" in browser.get(url, target="matches").select_one("hx-partial").text


def test_only_an_assessment_that_holds_counts_as_met(browser, make, wcag, two, challenge):
    claim(make, two[0], wcag, ClaimStage.DECLARED)
    seen = browser.get(f"/challenges/{challenge.id}/matches?must=WCAG22-AA")
    assert names(seen) == ["Zebra rounds"]


def test_a_requirement_that_is_no_standard_leaves_nothing_out(browser, challenge):
    assert len(names(browser.get(f"/challenges/{challenge.id}/matches?must=nothing"))) == 2


def test_a_part_that_is_turned_off_neither_counts_nor_is_told(browser, challenge):
    seen = browser.get(f"/challenges/{challenge.id}/matches?off=standards")
    assert "Assessed as meeting" not in seen.select_one(".app-list").text
    assert names(seen) == ["Aardvark rounds", "Zebra rounds"]
    browser.get(f"/challenges/{challenge.id}/matches?off=luck")
    assert browser.status == 404


def test_with_every_part_off_the_page_still_stands(browser, challenge):
    parts = [
        "words",
        "area",
        "standards",
        "cpv",
        "budget",
        "use",
        "systems",
        "recency",
        "deployment",
    ]
    seen = browser.get(f"/challenges/{challenge.id}/matches?" + "&".join(f"off={p}" for p in parts))
    assert browser.status == 200
    assert "These come nearest" in seen.select_one(".app-empty").text


def test_whoever_misses_a_product_sees_its_gaps(browser, challenge):
    url = f"/challenges/{challenge.id}/matches"
    missed = browser.get(f"{url}?must=WCAG22-AA&why=aardvark").select_one("#missed").text
    assert "left out by what you ask for" in missed
    assert "It is not assessed as meeting WCAG 2.2 AA" in missed
    assert (
        "It is number 2 of 2"
        in browser.get(f"{url}?why=Aardvark+rounds").select_one("#missed").text
    )
    assert (
        "No listed product is called" in browser.get(f"{url}?why=qqqqqqq").select_one("main").text
    )


def test_a_standard_that_the_challenge_names_is_demanded_too(browser, make, camden, two, fill):
    standard(make, "OPENAPI", "OpenAPI")
    challenge = make.challenge(camden, standards=["OPENAPI"])
    fill()
    seen = browser.get(f"/challenges/{challenge.id}/matches")
    assert "OpenAPI: asked for by Camden" in seen.select_one("details.govuk-details").text
    assert "OpenAPI" in browser.get(f"/challenges/{challenge.id}").select_one(".app-facts").text


def test_a_supplier_reads_what_would_raise_the_match(browser, make, camden, two, challenge, fill):
    make.challenge(
        camden,
        title="Missed bins again",
        attributes=[Attribute.RESIDENT_FACING],
        systems=["Lampwick"],
    )
    fill()
    browser.as_(make.manager(two[0].organisation))
    raises = browser.get(f"/products/{two[0].id}/challenges").select_one("#raises-title").parent
    lines = [line.text for line in raises.select("li")]
    assert lines[0] == "2 challenges ask for WCAG 2.2 AA; you have not claimed it"
    assert "1 challenge asks for Lampwick; your listing does not say that it works with it" in lines
    other = browser.get(f"/products/{two[1].id}/challenges")
    assert "WCAG 2.2 AA; you have not" not in other.text


def test_what_it_must_handle_is_a_task_of_the_draft(browser, make, camden, wcag):
    draft = make.challenge(camden, Stage.DRAFT)
    url = f"/challenges/{draft.id}/edit/handles"
    seen = browser.as_(make.author(camden)).get(url)
    assert seen.select_one("input[name=standards][value=WCAG22-AA]")
    browser.post(
        url, attributes="resident-facing", standards="WCAG22-AA", systems="GOV.UK Notify\nNEC"
    )
    assert browser.status == 200
    seen = browser.get(f"/challenges/{draft.id}/check")
    assert "is used by residents" in seen.text
    seen = browser.post(url, standards="MADE-UP")
    assert browser.status == 422
    assert "Select standards from the list" in seen.select_one(".govuk-error-summary").text


def test_challenges_and_notices_alike_stand_on_a_page_of_their_own(browser, make, challenge, fill):
    hackney = make.authority("Hackney")
    make.challenge(hackney, title="Missed bin collections are hard to trace")
    make.notice(
        title="Missed bin collections", description="Crews report missed collections by phone."
    )
    fill()
    seen = browser.get(f"/challenges/{challenge.id}/similar")
    assert "Hackney" in seen.select_one("#similar").text
    assert "Missed bin collections" in seen.select_one("#similar h3 + ul").text
    part = browser.get(f"/challenges/{challenge.id}/similar", target="similar")
    assert not part.select("h1")
    lazy = browser.get(f"/challenges/{challenge.id}").select_one("#similar")
    assert lazy["hx-get"] == f"/challenges/{challenge.id}/similar"
    assert lazy.select_one("a")["href"] == lazy["hx-get"]
