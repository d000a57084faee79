"""The sample pages in a real browser, under the content policy of the product."""

import re

import pytest
from playwright.sync_api import expect

from tests.windows import Window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("url", ["/", "/front", "/reading", "/list", "/error"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(window: Window, url: str) -> None:
    window.page.goto(url)
    assert window.violations() == []
    wide, room = window.page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert wide <= room


def test_no_page_breaks_the_content_policy_or_asks_for_what_is_not_there(window: Window) -> None:
    for url in ("/", "/front", "/reading", "/list"):
        window.page.goto(url)
        window.page.wait_for_load_state("networkidle")
    assert window.complaints == []


def test_the_summary_of_errors_takes_the_focus(window: Window) -> None:
    window.page.goto("/")
    window.page.get_by_label("Title").fill("")
    window.page.get_by_role("button", name="Send to LOTI").click()
    expect(window.page.locator(".govuk-error-summary")).to_be_focused()
    expect(window.page.get_by_label("The need")).to_have_value("Rounds are planned by hand.")
    assert window.violations() == []


def test_what_is_typed_is_kept_by_itself_and_stays_on_the_page(window: Window) -> None:
    window.page.goto("/")
    window.page.get_by_label("Title").fill("Waste rounds")
    window.page.get_by_label("The need").focus()
    expect(window.page.locator("#saved")).to_have_text(
        "Saved automatically at 2:31pm. Not sent yet."
    )
    expect(window.page.get_by_label("Title")).to_have_value("Waste rounds")


def test_a_refused_autosave_keeps_the_text_and_says_so(window: Window) -> None:
    window.page.goto("/")
    window.page.get_by_label("Title").fill("Refuse this")
    window.page.get_by_label("The need").focus()
    expect(window.page.locator("#saved")).to_contain_text("Not saved at")
    expect(window.page.locator("#announcement")).to_contain_text("Your text is still here")
    expect(window.page.get_by_label("Title")).to_have_value("Refuse this")


def test_typing_in_a_filter_keeps_the_text_and_the_focus(window: Window) -> None:
    window.page.goto("/list")
    box = window.page.get_by_label("What do you need?")
    box.press_sequentially("waste")
    expect(window.page.locator(".app-results__summary")).to_contain_text("waste")
    expect(box).to_be_focused()
    expect(box).to_have_value("waste")
    assert window.page.url.endswith("/list?q=waste&sort=best")


def test_ticking_a_filter_keeps_the_tick_and_a_folded_panel_as_it_was(window: Window) -> None:
    window.page.goto("/list")
    panel = window.page.locator("#filter-panel")
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    tick = window.page.get_by_label("Housing repairs")
    tick.check()
    expect(window.page.get_by_role("link", name="Remove this filter")).to_be_visible()
    expect(tick).to_be_checked()
    expect(tick).to_be_focused()
    assert window.violations() == []


def test_a_fragment_that_fails_leaves_the_page_and_gives_a_reference(window: Window) -> None:
    window.page.goto("/list")
    window.page.locator("#break").click()
    expect(window.page.locator("#trouble")).to_contain_text("quote the reference")
    expect(window.page.get_by_role("link", name="BinWise")).to_be_visible()
    assert window.page.get_by_text("Nobody should see this").count() == 0
    assert window.violations() == []


def test_a_link_within_a_page_still_opens_in_a_new_tab_when_asked(window: Window) -> None:
    window.page.goto("/list")
    with window.page.context.expect_page() as opened:
        window.page.get_by_role("link", name="Newest first").click(modifiers=["Control"])
    expect(opened.value).to_have_url(re.compile(r"/list\?sort=new$"))
    assert window.page.url.endswith("/list")


def test_go_to_opens_with_control_k_and_closes_with_escape(window: Window) -> None:
    window.page.goto("/reading")
    window.page.keyboard.press("Control+k")
    expect(window.page.get_by_role("dialog", name="Go to")).to_be_visible()
    assert window.violations() == []
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("dialog", name="Go to")).to_be_hidden()


def test_control_enter_sends_the_form(window: Window) -> None:
    window.page.goto("/")
    window.page.get_by_label("Title").fill("")
    window.page.get_by_label("The need").press("Control+Enter")
    expect(window.page.locator(".govuk-error-summary")).to_be_visible()


def test_the_map_shows_who_takes_part_whatever_the_width(window: Window) -> None:
    window.page.goto("/reading")
    expect(window.page.get_by_role("link", name="Camden Posted this")).to_be_visible()
    not_yet = window.page.get_by_text("Enfield")
    assert not_yet.is_visible() == (window.page.viewport_size["width"] > 1000)  # type: ignore[index]  # it has a size
