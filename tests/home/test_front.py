"""The front page, which everybody sees, and what there is to read."""

import re
from datetime import timedelta

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Level, Stage
from marketplace.core.times import in_london, now


def in_days(number: int):
    return in_london(now()).date() + timedelta(days=number)


def links(seen, selector: str) -> list[str]:
    return [link.get_text(" ", strip=True) for link in seen.select(f"{selector} a")]


def test_a_visitor_sees_what_closes_first_and_what_is_newest(browser, make):
    camden = make.authority("Camden")
    for title, closes, published in (("Late", 20, 1), ("Soon", 3, 9), ("Far", 90, 2)):
        make.challenge(
            camden,
            title=title,
            closes_on=in_days(closes),
            published_at=now() - timedelta(days=published),
        )

    seen = browser.get("/")

    assert browser.status == 200
    assert links(seen, "section[aria-labelledby=soon] h3") == ["Soon", "Late"]
    assert links(seen, "section[aria-labelledby=newest] h3") == ["Late", "Far", "Soon"]
    assert "Closes" in seen.text
    assert "in 3 days" in seen.text


def test_the_numbers_lead_to_what_they_count(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    challenge = make.challenge(camden)
    make.commitment(challenge, hackney)
    make.challenge(camden, Stage.CLOSED)
    make.challenge(camden, Stage.DRAFT)
    make.challenge(camden, closes_on=in_days(-1))
    supplier = make.supplier()
    make.product(supplier)
    make.product(supplier, Listing.DRAFT)

    seen = browser.get("/")

    numbers = {a["href"]: a.get_text(" ", strip=True) for a in seen.select(".app-numbers a")}
    assert list(numbers.values()) == [
        "1 open challenge",
        "2 authorities take part",
        "1 product listed",
    ]
    for href in numbers:
        browser.get(href)
        assert browser.status == 200, href


def test_the_map_says_in_words_how_each_authority_takes_part(browser, make):
    camden = make.authority("Camden", gss_code="E09000007")
    hackney = make.authority("Hackney", gss_code="E09000012")
    brent = make.authority("Brent", gss_code="E09000005")
    tfl = make.authority("TfL")
    first, second = make.challenge(camden), make.challenge(camden)
    make.commitment(first, hackney)
    make.commitment(second, hackney, Level.WATCHING)
    make.commitment(second, brent, Level.WATCHING)
    make.commitment(second, tfl, Level.COMMITTED)

    seen = browser.get("/")

    said = {
        tile.a.contents[0]: (tile.a.span.text, tile["class"][1])
        for tile in seen.select(".app-tile:has(a)")
    }
    assert said == {
        "Camden": ("2 posted", "app-tile--posted"),
        "Hackney": ("1 joined, 1 watching", "app-tile--same-need"),
        "Brent": ("1 watching", "app-tile--watching"),
        "TfL": ("1 joined", "app-tile--same-need"),
    }
    assert len(seen.select(".app-tile")) == 34


def test_a_tile_leads_to_the_page_of_its_authority(browser, make):
    camden = make.authority("Camden", gss_code="E09000007")
    make.challenge(camden, title="Lost keys")

    href = browser.get("/").select_one(".app-tile a")["href"]

    assert "Lost keys" in browser.main(href).text


def test_the_front_page_says_something_before_there_is_anything(browser):
    seen = browser.get("/")

    assert "No open challenge closes in the next 30 days." in seen.text
    assert "No challenge is open at the moment." in seen.text
    assert "No authority takes part yet." in seen.text


def test_everybody_sees_the_same_front_page_but_nobody_a_draft(browser, make):
    camden = make.authority("Camden")
    for stage in (Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED):
        make.challenge(camden, stage, title=f"Secret {stage}")
    make.challenge(camden, title="Known to all")

    for actor in (VISITOR, make.author(camden), make.manager(make.supplier()), make.curator()):
        seen = browser.as_(actor).get("/")
        assert "Known to all" in seen.text
        assert "Secret" not in seen.text


def test_what_an_authority_tells_only_others_stands_on_no_public_page(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.commitment(
        make.challenge(camden),
        hackney,
        band="over-1m",
        contract_ends=in_days(20),
        note="Between us authorities",
    )

    for url in ("/", "/authorities"):
        for actor in (VISITOR, make.manager(make.supplier())):
            seen = browser.as_(actor).get(url)
            assert "Hackney" in seen.text or url == "/"
            assert "Between us" not in seen.text
            assert not re.search("1,000,000|contract end", seen.text)


def test_much_data_costs_no_more_queries(browser, make):
    def fill(number: int) -> None:
        for _ in range(number):
            authority = make.authority("Authority")
            challenge = make.challenge(authority, closes_on=in_days(5))
            make.commitment(challenge, make.authority("Another"))

    fill(2)
    browser.get("/")
    few = len(browser.queries)
    fill(25)
    browser.get("/")

    assert len(browser.queries) == few


def test_what_there_is_to_read_is_there_for_everybody(browser, make):
    for actor in (VISITOR, make.author(make.authority())):
        for url in ("/help", "/genuine", "/accessibility", "/privacy"):
            main = browser.as_(actor).main(url)
            assert len(main.text.split()) > 100, url


def test_the_parts_of_the_help_that_are_linked_are_there(browser):
    seen = browser.get("/help")
    linked = [a["href"][1:] for a in seen.select("main a[href^='#']")]

    assert len(linked) > 5
    for part in linked:
        assert seen.select_one(f"h2#{part}"), part
