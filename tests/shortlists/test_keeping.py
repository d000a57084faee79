"""An authority keeps products with notes, and nobody else knows."""

from uuid import uuid4

import pytest
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.core.journal import Event
from marketplace.shortlists.forms import MOST_KEPT
from marketplace.shortlists.models import Shortlist, ShortlistedProduct


def names(seen):
    return [link.get_text(strip=True) for link in seen.select(".app-list__title a")]


def test_an_author_starts_a_list_with_what_was_ticked(browser, author, product):
    seen = browser.as_(author).get(f"/shortlists/choose?id={product.id}")
    assert seen.select_one(f"input[name=id][value='{product.id}']").has_attr("checked")
    seen = browser.post("/shortlists", name="Waste, spring 2027", id=str(product.id))
    assert seen.select_one("h1").text == "Waste, spring 2027"
    assert names(seen) == ["Roundwise"]
    assert "Started" in seen.select_one(".moj-timeline").text
    assert names(browser.get("/shortlists")) == ["Waste, spring 2027"]


def test_a_list_can_be_empty_at_first_and_says_what_to_do(browser, start):
    seen = browser.get(start())
    assert "Nothing is on this list yet" in seen.select_one(".app-empty").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": ""}, "Enter the name of the list"),
        ({"name": "x" * 121}, "The name of the list must be 120 characters or fewer"),
        ({"name": "Waste", "challenge_id": str(uuid4())}, "Select a challenge from the list"),
        ({"name": "Waste", "id": str(uuid4())}, "Select products that are in the catalogue"),
    ],
)
def test_what_is_wrong_with_a_new_list_is_said_at_its_field(
    browser, make, camden, author, session, form, says
):
    make.challenge(camden)
    seen = browser.as_(author).post("/shortlists", **form)
    assert browser.status == 422
    link = seen.select_one(".govuk-error-summary a")
    assert link.text == says
    assert seen.select_one(f"[id='{link['href'][1:]}']")
    assert seen.select_one("#name")["value"] == form["name"]
    assert session.exec(select(Shortlist)).all() == []


def test_what_is_ticked_goes_onto_a_list_that_there_is_once(browser, make, start, product):
    url = start(product)
    other = make.product(product.organisation, name="Binfold")
    seen = browser.get(f"/shortlists/choose?id={product.id}&id={other.id}")
    action = seen.select_one(f"form[action='{url}/products']")
    assert len(action.select("input[name=id]")) == 2
    browser.post(f"{url}/products", id=[str(product.id), str(other.id)])
    assert names(browser.get(url)) == ["Roundwise", "Binfold"]
    seen = browser.post(f"{url}/products", id=[str(other.id)])
    assert "They were on the list already." in seen.text


def test_colleagues_see_the_list_and_write_notes_on_it(browser, make, camden, start, product):
    url = start(product)
    note = f"{url}/products/{product.id}/note"
    seen = browser.as_(make.approver(camden)).post(note, note="Ask for references <b>")
    assert seen.select_one("textarea").text == "Ask for references <b>"
    assert "Note changed" in seen.select_one(".moj-timeline").text


def test_a_note_that_is_too_long_is_refused_and_kept(browser, start, product):
    url = start(product)
    long = "x" * 2001
    seen = browser.post(f"{url}/products/{product.id}/note", note=long)
    assert browser.status == 422
    assert "2000 characters or fewer" in seen.select_one(".govuk-error-message").text
    assert seen.select_one("#note").text == long


def test_a_product_is_taken_off_again(browser, start, product):
    url = start(product)
    seen = browser.post(f"{url}/products/{product.id}/remove")
    assert "Removed: Roundwise" in seen.text
    assert names(seen) == []
    browser.post(f"{url}/products/{product.id}/remove")
    assert browser.status == 404


def test_a_list_is_renamed_and_is_for_a_challenge(browser, make, camden, start, product):
    url = start(product)
    challenge = make.challenge(camden)
    joined = make.challenge(make.authority("Hackney"), title="Joined with Hackney")
    make.commitment(joined, camden)
    strangers = make.challenge(make.authority("Brent"), title="Brent's own")
    seen = browser.get(f"{url}/rename")
    offered = [option["value"] for option in seen.select("#challenge_id option")]
    assert {str(challenge.id), str(joined.id)} <= set(offered)
    assert str(strangers.id) not in offered
    seen = browser.post(f"{url}/rename", name="Waste 2", challenge_id=str(challenge.id))
    assert seen.select_one("h1").text == "Waste 2"
    assert challenge.title in seen.select_one(".app-facts").text
    browser.post(f"{url}/rename", name="Waste 2", challenge_id=str(strangers.id))
    assert browser.status == 422


def test_a_list_outlives_the_draft_that_it_was_for(browser, make, camden, start, product):
    draft = make.challenge(camden, ChallengeStage.DRAFT)
    url = start(product, challenge_id=str(draft.id))
    browser.post(f"/challenges/{draft.id}/discard")
    seen = browser.get(url)
    assert browser.status == 200
    assert "None" in seen.select_one(".app-facts").text


def test_a_list_is_deleted_after_a_page_that_asks(browser, session, start, product):
    url = start(product)
    assert "You cannot take this back" in browser.get(f"{url}/discard").text
    browser.post(f"{url}/discard")
    browser.get(url)
    assert browser.status == 404
    assert session.exec(select(ShortlistedProduct)).all() == []


def test_a_list_has_room_for_a_hundred_products(browser, make, start, product):
    many = [make.product(product.organisation, name=f"Binfold {n}") for n in range(MOST_KEPT)]
    url = start(*many)
    browser.post(f"{url}/products", id=[str(product.id)])
    assert browser.status == 409
    assert len(names(browser.get(url))) == MOST_KEPT


@pytest.mark.parametrize("stage", [Listing.DRAFT, Listing.PAUSED, Listing.RETIRED])
def test_only_what_is_listed_can_be_kept(browser, make, start, product, stage):
    url = start(product)
    other = make.product(product.organisation, stage, name="Unlisted")
    browser.post(f"{url}/products", id=[str(other.id)])
    assert browser.status == 404


def test_a_product_that_is_paused_later_stays_on_the_list(browser, make, start, product):
    url = start(product)
    product.stage = Listing.PAUSED
    make(product)
    assert "Paused" in browser.get(url).select_one(".app-list__item").text


def test_nobody_else_has_the_list_or_hears_of_it(browser, make, session, product, start, fill):
    url = start(product, name="Zanzibar list")
    fill()
    strangers = (
        VISITOR,
        make.author(make.authority("Hackney")),
        make.manager(product.organisation),
        make.curator(),
        make.loti_administrator(),
    )
    for stranger in strangers:
        browser.as_(stranger)
        for page in ("", "/rename", "/discard", "/freeze", "/shortlist.csv", "/shortlist.json"):
            browser.get(f"{url}{page}")
            assert browser.status == 404, (stranger.name, page)
        for form in ("/products", "/rename", "/discard", "/freeze"):
            browser.post(f"{url}{form}", name="Theirs", id=str(product.id), because="x")
            assert browser.status == 404, (stranger.name, form)
        assert (
            "Zanzibar" not in browser.get("/search?q=zanzibar").select_one("main").get_text()[60:]
        )
        browser.get("/shortlists")
        assert "Zanzibar" not in browser.text
        browser.get(f"/products/{product.id}/history")
        assert "Zanzibar" not in browser.text
    assert session.exec(select(Event.verb).where(Event.verb == "shortlist.rename")).all() == []


def test_who_may_not_write_reads_and_is_told_so(browser, make, camden, start, product):
    url = start(product)
    browser.as_(make.actor(camden, Role.EVALUATOR))
    seen = browser.get(url)
    assert browser.status == 200
    assert not seen.select("textarea, form[method=post][action*=shortlists]")
    assert "be an author or an approver" in seen.select_one(".app-next").text
    browser.post(f"{url}/products", id=str(product.id))
    assert browser.status == 403


def test_the_list_of_lists_goes_on_by_key(browser, make, author, camden):
    for number in range(30):
        make(Shortlist(name=f"List {number}", organisation_id=camden.id))
    seen = browser.as_(author).get("/shortlists")
    assert len(names(seen)) == 25
    older = seen.select_one(".govuk-pagination__next a")["href"]
    assert len(names(browser.get(older))) == 5


def test_products_are_kept_from_the_matches_with_the_search(browser, make, camden, author, fill):
    make.product(make.supplier())
    challenge = make.challenge(camden)
    fill()
    seen = browser.as_(author).get(f"/challenges/{challenge.id}/matches?sme=true")
    form = seen.select_one("form#picked")
    found_by = form.select_one("input[name=found_by]")["value"]
    assert found_by == f"/challenges/{challenge.id}/matches?sme=true"
    ids = [box["value"] for box in form.select("input[name=id]")]
    assert form.select_one("#keep")["formaction"] == "/shortlists/choose"
    seen = browser.get("/shortlists/choose", params={"id": ids, "found_by": found_by})
    assert seen.select_one("#challenge_id option[selected]").text == challenge.title
    seen = browser.post("/shortlists", name="From matches", id=ids, found_by=found_by)
    assert seen.select_one(".app-facts a[href*='sme=true']")


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/products", "//x/products", "/admin", "x" * 3000, "\x00"]
)
def test_an_address_that_is_no_search_is_not_kept(browser, session, start, product, address):
    start(product, found_by=address)
    assert session.exec(select(Shortlist.found_by)).one() == ""


def test_what_is_ticked_in_the_catalogue_is_compared_or_kept_with_the_search(
    browser, author, make, product, fill
):
    make.product(make.supplier("Another", is_sme=False), name="Rounds for the large")
    fill()
    seen = browser.as_(author).get("/products?q=rounds&sme=yes")
    form = seen.select_one("form#picked")
    assert not form.find_parent("form")
    assert not form.select("form")
    assert form["action"] == "/products/compare"
    assert form.select_one("#keep")["formaction"] == "/shortlists/choose"
    found_by = form.select_one("input[name=found_by]")["value"]
    assert found_by == "/products?q=rounds&sme=yes"
    ids = [box["value"] for box in form.select("input[type=checkbox][name=id]")]
    assert ids == [str(product.id)]
    browser.post("/shortlists", name="Rounds", id=ids, found_by=found_by)
    assert browser.get(browser.last).select_one(f".app-facts a[href='{found_by}']")


def test_a_visitor_ticks_to_compare_and_has_no_lists(browser, product, fill):
    fill()
    seen = browser.as_(VISITOR).get("/products")
    assert seen.select_one("form#picked #compare")
    assert not seen.select("#keep, main a[href='/shortlists']")


def test_an_author_comes_to_the_lists_from_the_catalogue_and_from_matches(
    browser, make, author, camden, product, fill
):
    challenge = make.challenge(camden)
    fill()
    browser.as_(author)
    for page in ("/products", f"/challenges/{challenge.id}/matches"):
        assert browser.get(page).select("main a[href='/shortlists']"), page
