"""The pages that say what answers what, and why."""

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Deployment, Stage, UseStage
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from search.port import Unavailable


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


@pytest.fixture
def product(make):
    return make.product(make.supplier("Roundwise Ltd"))


@pytest.fixture
def challenge(make, product, fill):
    made = make.challenge(make.authority())
    fill()
    return made


@pytest.fixture
def matches(challenge):
    return f"/challenges/{challenge.id}/matches"


def out(_):
    raise Unavailable("The engine does not answer.")


def test_everybody_who_sees_the_challenge_sees_what_answers_it(browser, make, matches):
    for actor in (
        VISITOR,
        make.author(make.authority("Hackney")),
        make.manager(make.supplier("Another")),
        make.curator(),
    ):
        seen = browser.as_(actor).get(matches)
        assert browser.status == 200
        assert names(seen) == ["Roundwise"]


def test_a_card_says_how_well_why_and_what_is_not_known(browser, make, product, matches):
    product.deployment = None
    make(product)
    card = browser.get(matches).select_one(".app-list__item")
    assert card.select_one(".app-fit").text == "Strong fit"
    because = [reason.get_text(" ", strip=True) for reason in card.select(".app-reasons li")]
    assert any(line.startswith("Its listing speaks of") for line in because)
    assert "Made for Waste and street cleansing" in because
    assert "Its price fits the budget: £25,000 to £100,000 a year" in because
    assert card.select(".app-reasons mark")
    assert "does not say whether any authority uses it, where it runs" in card.text
    assert len(card.select(".app-square")) == 7
    for square in card.select(".app-square"):
        assert square["title"] == square.select_one(".govuk-visually-hidden").text


def test_what_stands_against_it_is_said_too(browser, make, product, matches):
    product.band, product.areas = Band.OVER_1M, [Area.PARKING]
    make(product)
    text = browser.get(matches).select_one(".app-list__item").text
    assert "Dearer than the budget" in text
    assert "Listed for Parking and permits, not Waste and street cleansing" in text


def test_a_use_that_the_authority_confirms_is_said_so_and_one_it_denies_is_not_told(
    browser, make, product, matches
):
    sure = make.use(product, make.authority("Hackney"))
    make.use(product, make.authority("Brent"))
    denied = make.use(product, make.authority("Barnet"))
    for use, stage in ((sure, UseStage.CONFIRMED), (denied, UseStage.DENIED)):
        use.stage = stage
        make(use)
    card = browser.get(matches).select_one(".app-list__item").text
    assert "Used by Brent and Hackney, confirmed by Hackney" in card
    assert "Barnet" not in card


def test_what_the_authority_confirms_to_run_counts_for_what_works_with_it(
    browser, make, product, challenge, matches
):
    product.integrations = ["Lampwick Ledger"]
    make(product)
    runs = make.product(make.supplier("Lampwick Works"), name="Lampwick Ledger")
    use = make.use(runs, challenge.organisation)
    assert "Works with Lampwick Ledger" not in browser.get(matches).select_one("main").text
    use.stage = UseStage.CONFIRMED
    make(use)
    card = browser.get(matches).select_one(".app-list__item").text
    assert f"Works with Lampwick Ledger, which {challenge.organisation.called} runs" in card


def test_the_words_that_carry_the_need_stand_at_the_top(browser, matches):
    top = browser.get(matches).select_one(".app-results__summary")
    assert "crews" in [mark.text.lower() for mark in top.select("mark")]


def test_a_word_can_be_left_out_and_stays_ticked(browser, matches):
    seen = browser.get(f"{matches}?without=crews", target="matches")
    box = seen.select_one("input[name=without][value=crews]")
    assert box.has_attr("checked")
    marks = [mark.text.lower() for mark in seen.select(".app-results__summary mark")]
    assert "crews" not in marks


def test_with_htmx_only_the_matches_come_back_and_are_counted_aloud(browser, matches):
    seen = browser.get(matches, target="matches")
    assert not seen.select("html, h1, #matches")
    assert seen.select_one("form#filters[hx-target='#matches'][hx-swap=innerMorph]")
    assert seen.select_one("hx-partial").text == "1 product"


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        ("deployment=saas", {}),
        ("deployment=open-source&deployment=saas", {}),
        ("sme=true", {}),
        ("within_budget=true", {}),
        ("within_budget=true", {"band": Band.UP_TO_25K}),
        ("deployment=hosted&sme=true", {"deployment": Deployment.HOSTED}),
    ],
)
def test_a_product_that_is_as_wished_stays(browser, make, product, matches, fill, wish, fits):
    for name, value in fits.items():
        setattr(product, name, value)
    make(product)
    fill()
    seen = browser.get(f"{matches}?{wish}")
    assert names(seen) == ["Roundwise"]
    assert not seen.select(".app-empty")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("deployment=on-premises", "It does not run where you asked"),
        ("sme=true", "Its supplier is not a small or medium-sized enterprise"),
        ("within_budget=true", "Its price is above the budget, or not given"),
    ],
)
def test_when_nothing_is_as_wished_the_nearest_say_what_they_lack(
    browser, make, product, matches, fill, wish, says
):
    product.band, product.organisation.is_sme = Band.OVER_1M, False
    make(product)
    for number in range(5):
        make.product(product.organisation, name=f"Roundwise {number}", band=None)
    fill()
    seen = browser.get(f"{matches}?{wish}")
    assert "meets all that you asked for. These come nearest." in seen.select_one(".app-empty").text
    items = seen.select(".app-list__item")
    assert len(items) == 3
    assert all(says in item.text for item in items)


def test_without_any_product_the_page_says_so(browser, session, product, matches, fill):
    session.delete(product)
    session.commit()
    fill()
    seen = browser.get(matches)
    assert "No listed product answers this need yet." in seen.select_one(".app-empty").text
    assert not seen.select(".app-list")


@pytest.mark.parametrize(
    "stage", [ChallengeStage.DRAFT, ChallengeStage.SUBMITTED, ChallengeStage.RETURNED]
)
def test_the_matches_of_what_is_not_published_are_for_its_own_authority(
    browser, make, product, fill, stage
):
    camden = make.authority("Camden")
    url = f"/challenges/{make.challenge(camden, stage).id}/matches"
    fill()
    assert names(browser.as_(make.author(camden)).get(url)) == ["Roundwise"]
    for stranger in (
        VISITOR,
        make.author(make.authority("Hackney")),
        make.manager(product.organisation),
    ):
        browser.as_(stranger).get(url)
        assert browser.status == 404


def test_a_draft_without_a_need_is_asked_for_one(browser, make, product, fill):
    camden = make.authority("Camden")
    draft = make.challenge(camden, ChallengeStage.DRAFT, title="", need="", band=None, area=None)
    fill()
    seen = browser.as_(make.author(camden)).get(f"/challenges/{draft.id}/matches")
    assert "Describe the need first" in seen.select_one("main").text


@pytest.mark.parametrize("query", ["deployment=cloud", "sme=perhaps", "within_budget=x"])
def test_a_wish_that_cannot_be_is_not_there(browser, matches, query):
    browser.get(f"{matches}?{query}")
    assert browser.status == 404


@pytest.mark.parametrize("id", ["00000000-0000-4000-8000-000000000000", "x", "0"])
def test_a_challenge_that_is_not_there_has_no_matches(browser, id):
    browser.get(f"/challenges/{id}/matches")
    assert browser.status == 404


def test_while_search_is_out_the_page_says_so(browser, index, monkeypatch, matches):
    monkeypatch.setattr(index, "match", out)
    seen = browser.get(matches)
    assert browser.status == 200
    assert "Search is not available at the moment" in seen.select_one("main").text
    browser.get(seen.select_one(".app-empty a")["href"])
    assert browser.status == 200


# ---- The supplier's side


def test_a_supplier_reads_which_challenges_its_product_answers(browser, product, challenge, make):
    browser.as_(make.manager(product.organisation))
    seen = browser.get(f"/products/{product.id}/challenges")
    assert names(seen) == [challenge.title]
    assert "Made for Waste and street cleansing" in seen.select_one(".app-reasons").text


@pytest.mark.parametrize("who", ["visitor", "authority", "supplier", "loti"])
def test_nobody_else_has_that_page(browser, make, product, challenge, who):
    stranger = {
        "visitor": lambda: VISITOR,
        "authority": lambda: make.author(make.authority("Hackney")),
        "supplier": lambda: make.manager(make.supplier("Another")),
        "loti": make.curator,
    }[who]()
    browser.as_(stranger).get(f"/products/{product.id}/challenges")
    assert browser.status == 404


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.PAUSED, Stage.RETIRED])
def test_a_product_that_is_not_listed_is_matched_with_nothing(
    browser, make, product, challenge, fill, stage
):
    product.stage = stage
    make(product)
    fill()
    seen = browser.as_(make.manager(product.organisation)).get(f"/products/{product.id}/challenges")
    assert names(seen) == []
    assert "Only a listed product is matched" in seen.select_one(".app-empty").text


def test_when_no_challenge_is_near_the_page_says_what_to_do(browser, make, product, fill):
    fill()
    seen = browser.as_(make.manager(product.organisation)).get(f"/products/{product.id}/challenges")
    assert "No open challenge comes near" in seen.select_one(".app-empty").text


def test_the_suppliers_page_stands_while_search_is_out(
    browser, make, product, challenge, index, monkeypatch
):
    monkeypatch.setattr(index, "match", out)
    seen = browser.as_(make.manager(product.organisation)).get(f"/products/{product.id}/challenges")
    assert browser.status == 200
    assert "Search is not available at the moment" in seen.select_one("main").text
