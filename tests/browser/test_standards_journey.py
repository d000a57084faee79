"""A curator publishes the second version of a standard, and sees which products it touches."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "name"),
    [
        (True, "Web Content Accessibility Guidelines 2.2, level AA"),
        (False, "Unique property and street reference numbers (BS 7666)"),
    ],
    ids=["with JavaScript", "without"],
)
def test_a_second_version_is_published_and_shows_what_it_touches(
    chrome: Browser, address: str, javascript: bool, name: str
) -> None:
    with somebody(chrome, address, javascript=javascript) as curator:
        curator.sign_in("loti-curator")
        curator.go(f"/standards?{urlencode({'q': name})}")
        curator.follow(name)
        standard = curator.page.url
        curator.press("Begin version 2")
        curator.reads(f"Draft of version 2: {name}")
        _describe(curator)
        _bind_otherwise(curator)
        _add_a_requirement(curator)
        curator.follow("Check your answers and publish them")
        curator.press("Go on to publish it")
        touched = _caught(curator)
        curator.press("Publish it")
        curator.reads(name)
        main = curator.page.locator("main")
        expect(main).to_contain_text("Mandatory when the product exposes an API.")
        expect(main).to_contain_text("What changed: It is asked of other products now.")
        curator.follow("Products it applies to")
        for product in touched:
            expect(main).to_contain_text(product)

    with somebody(chrome, address, javascript=javascript, width=375) as visitor:
        visitor.go(f"{standard}/versions/1")
        expect(visitor.page.locator("main")).to_contain_text("This is an earlier version.")
        for url in (standard, f"{standard}/history", "/standards/coverage"):
            visitor.go(url)
        visitor.go("/standards/matrix")
        visitor.page.get_by_label("Kind of standard").select_option("law")
        if javascript:
            expect(visitor.page.locator("#announcement")).to_contain_text("standard")
        else:
            visitor.press("Show")
        expect(visitor.page).to_have_url(re.compile("kind=law"))
        region = visitor.page.get_by_role("region", name=re.compile("standards"))
        region.focus()
        expect(region).to_be_focused()
        visitor.look()


def _describe(who: Somebody) -> None:
    who.follow("Describe this version")
    what_changed = who.page.locator("[name=what_changed]")
    what_changed.fill("It is asked of other products now.")
    if who.javascript:
        expect(who.page.locator("#saved")).to_contain_text("Saved automatically at")
    who.press("Save and continue")


def _bind_otherwise(who: Somebody) -> None:
    """Other products than before: whatever exposes an API."""
    who.follow("Say which products it applies to")
    who.page.get_by_label("Rule 1, condition 1").select_option("must:exposes-api")
    caught = who.page.locator("#caught")
    if who.javascript:
        expect(caught).to_contain_text("Saved automatically at")
        who.look()
    else:
        who.press("Save and see what it catches")
    expect(caught).to_contain_text("Newly caught:")
    who.press("Save and continue")


def _add_a_requirement(who: Somebody) -> None:
    who.follow("List the requirements")
    before = who.page.locator(".app-row").count()
    who.press("Add another requirement")
    expect(who.page.locator(".app-row")).to_have_count(before + 1)
    who.page.locator(f"[name=requirements-{before}-title]").fill("It says how it was tested")
    who.page.locator(f"#up-{before}").click()
    expect(who.page.locator(f"[name=requirements-{before - 1}-title]")).to_have_value(
        "It says how it was tested"
    )
    who.look()
    who.press("Save and continue")


def _caught(who: Somebody) -> list[str]:
    """The first products that the page says are caught now."""
    card = who.page.locator(".app-card").filter(has_text="What the rules catch")
    expect(card).to_contain_text("listed products")
    newly = card.locator("h3:has-text('Newly caught') + ul a")
    return newly.all_inner_texts()[:3]
